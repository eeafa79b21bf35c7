// What a module goes through on its way in, whatever loader drives it: fetched from the host, rebuilt from the cache, noted
// when it is linked.

#pragma once

#include "realm.h"

namespace Bridge {

class ModuleSource;

// The fetched source as JSC wants it; null with an exception thrown when it cannot be had.
JSC::JSSourceCode* fetchSource(JSC::JSGlobalObject*, const String& key, RequestType);

// The source of one of the program's JavaScript modules; null for JSON and WebAssembly.
ModuleSource* moduleSource(const JSC::SourceCode&);

// The record of a module with a cache entry; null when it has to be parsed.
JSC::JSModuleRecord* recordFromCache(jsb_realm&, const JSC::Identifier& key, ModuleSource&);

// Parses and analyzes a module, outside the loader; null when it is none.
JSC::JSModuleRecord* analyze(jsb_realm&, const JSC::Identifier& key, ModuleSource&);

// The record that jsb_realm_analyze has kept of a module; null if there is none.
JSC::JSModuleRecord* takeAnalyzed(jsb_realm&, const String& key);

// Rebuilds the record of a cached module whose code is decoded, and counts it.
JSC::JSModuleRecord* rebuild(jsb_realm&, const JSC::Identifier& key, ModuleSource&, std::span<const JSC::Identifier> sharedNames = { });

// Validate mode: gives the host the record that the parser makes of a cached module whose code is decoded, and the one that
// was rebuilt, if one was, to compare.
void compareRecords(jsb_realm&, const JSC::Identifier& key, ModuleSource&, const JSC::JSModuleRecord* rebuilt);

// Notes that a module has been linked, for whoever observes the program or makes a pack of it.
void noteLinked(jsb_realm&, JSC::AbstractModuleRecord*);

} // namespace Bridge
