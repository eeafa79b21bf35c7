// The module loader's hooks: resolving, fetching, dynamic import, import.meta, and counting what the engine does.

#pragma once

#include "realm.h"

namespace Bridge {

class ModuleSource;

// The hooks that JSC takes through GlobalObjectMethodTable.
const JSC::GlobalObjectMethodTable& moduleLoaderMethodTable();

// The hooks that it does not: replaces `parseModule` and `moduleDeclarationInstantiation` of the realm's loader object
// by functions that count, time and call the engine's own.
void takeOverModuleLoader(jsb_realm&);

// Validate mode: gives the host the record that the parser makes of a cached module whose code is decoded, and the one that
// was rebuilt, if one was, to compare.
void compareRecords(jsb_realm&, const JSC::Identifier& key, ModuleSource&, const JSC::JSModuleRecord* rebuilt);

// Notes that a module has been linked, for whoever observes the program or makes a pack of it.
void noteLinked(jsb_realm&, JSC::AbstractModuleRecord*);

// The fetched source as JSC wants it; null with an exception thrown when it cannot be had.
JSC::JSSourceCode* fetchSource(JSC::JSGlobalObject*, const String& key, JSC::ScriptFetchParameters::Type);

} // namespace Bridge
