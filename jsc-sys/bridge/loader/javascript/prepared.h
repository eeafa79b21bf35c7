// A closure between preparing and evaluating it.

#pragma once

#include "javascript_loader.h"

namespace Bridge {

struct JavaScriptLoader::Prepared {
    void link(jsb_realm&);

    std::unique_ptr<Closure> closure;
    Vector<JSC::Strong<JSC::JSObject>> entries;
    // Whether the loader's registry has the entries: only once somebody could look for them (registerPrepared).
    bool isRegistered { false };
    // Whether everything is linked, and nothing waits: if not, the loader does the rest in its own way.
    bool isLinked { false };
    bool isAsync { false };
};

} // namespace Bridge
