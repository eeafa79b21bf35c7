// A closure between preparing and evaluating it.

#pragma once

#include "javascript_loader.h"

namespace Bridge {

// The loader's registry keeps the records alive.
struct JavaScriptLoader::Prepared {
    void link(jsb_realm&);

    std::unique_ptr<Closure> closure;
    Vector<JSC::JSObject*> entries;
    // Whether everything is linked, and nothing waits: if not, the loader does the rest in its own way.
    bool isLinked { false };
    bool isAsync { false };
};

} // namespace Bridge
