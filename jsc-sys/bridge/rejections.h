// Promise rejections that nothing handles.

#pragma once

#include "compat.h"

namespace Bridge {

// GlobalObjectMethodTable::promiseRejectionTracker; ECMA-262's HostPromiseRejectionTracker.
void trackPromiseRejection(JSC::JSGlobalObject*, JSC::JSPromise*, JSC::JSPromiseRejectionOperation);

} // namespace Bridge
