// A module's record by parsing, outside the module loader.

#pragma once

#include "compat.h"

namespace Bridge {

struct ParsedRecord {
    JSC::JSModuleRecord* record; // null when the source is no module
    String message; // why
};

// Parses and analyzes a module as JSC's own parseModule does.
ParsedRecord parseRecord(JSC::JSGlobalObject*, const JSC::Identifier& key, const JSC::SourceCode&);

} // namespace Bridge
