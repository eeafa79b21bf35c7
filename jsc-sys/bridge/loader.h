// The module loader's hooks: resolving, fetching, dynamic import, import.meta, and counting what the engine does.

#pragma once

#include "realm.h"

#include "CachedCall.h"
#include "VMEntryScopeInlines.h"

namespace Bridge {

// The hooks that JSC takes through GlobalObjectMethodTable.
const JSC::GlobalObjectMethodTable& moduleLoaderMethodTable();

// The hooks that it does not: replaces `parseModule` and `moduleDeclarationInstantiation` of the realm's loader object
// by functions that count, time and call the engine's own.
void takeOverModuleLoader(jsb_realm&);

// Notes that a module has been linked, for whoever observes the program or makes a pack of it.
void noteLinked(jsb_realm&, JSC::AbstractModuleRecord*);

// The loader's registry. While one of these lives, nothing else may be loaded.
class Registry {
    WTF_MAKE_NONCOPYABLE(Registry);
    WTF_FORBID_HEAP_ALLOCATION;
public:
    explicit Registry(jsb_realm&);

    // The entry for a module, made if there is none; null when that throws, with no exception pending.
    JSC::JSObject* entry(const String& key, bool isJSON);

private:
    jsb_realm& m_realm;
    // Of the loader's ensureRegistered: entering the VM anew for each module costs as much as the call itself.
    JSC::CachedCall m_ensureRegistered;
};

// The fetched source as JSC wants it; null with an exception thrown when it cannot be had.
JSC::JSSourceCode* fetchSource(JSC::JSGlobalObject*, const String& key, JSC::ScriptFetchParameters::Type);

} // namespace Bridge
