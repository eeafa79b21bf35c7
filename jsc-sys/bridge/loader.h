// The module loader's hooks: resolving, fetching, dynamic import, import.meta, and counting what the engine does.

#pragma once

#include "realm.h"

namespace Bridge {

// The hooks that JSC takes through GlobalObjectMethodTable.
const JSC::GlobalObjectMethodTable& moduleLoaderMethodTable();

// The hooks that it does not: replaces `parseModule` and `moduleDeclarationInstantiation` of the realm's loader object
// by functions that count, time and call the engine's own.
void takeOverModuleLoader(jsb_realm&);

// Notes that a module has been linked, for whoever observes the program or makes a pack of it.
void noteLinked(jsb_realm&, JSC::AbstractModuleRecord*);

// The registry's entry for a module, made if there is none; null when that throws, with no exception pending.
JSC::JSObject* registryEntry(jsb_realm&, const String& key, bool isJSON);

// The fetched source as JSC wants it; null with an exception thrown when it cannot be had.
JSC::JSSourceCode* fetchSource(JSC::JSGlobalObject*, const String& key, JSC::ScriptFetchParameters::Type);

} // namespace Bridge
