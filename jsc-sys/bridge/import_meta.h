// `import.meta`.

#pragma once

#include "compat.h"

namespace Bridge {

// What the host adds: url, filename, dirname and resolve, as Node has them.
JSC::JSObject* createImportMeta(JSC::JSGlobalObject*, JSC::JSValue key, JSC::JSModuleRecord*);

} // namespace Bridge
