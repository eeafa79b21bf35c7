// `import.meta`.

#pragma once

#include "compat.h"

namespace Bridge {

// GlobalObjectMethodTable::moduleLoaderCreateImportMetaProperties: url, filename, dirname and resolve, as Node has them.
JSC::JSObject* createImportMeta(JSC::JSGlobalObject*, JSC::JSModuleLoader*, JSC::JSValue key, JSC::JSModuleRecord*, JSC::JSValue fetcher);

} // namespace Bridge
