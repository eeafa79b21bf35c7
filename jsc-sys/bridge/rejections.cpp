#include "rejections.h"

#include "realm.h"

using namespace JSC;

namespace Bridge {

void trackPromiseRejection(JSGlobalObject* globalObject, JSPromise* promise, JSPromiseRejectionOperation operation)
{
    // Internal promises carry the loader's own steps; a program never sees them, and their failure reaches it through
    // the promise that it does see.
    if (isLoaderPromise(promise))
        return;

    VM& vm = globalObject->vm();
    auto& pending = jsb_realm::of(vm).unhandledRejections;
    switch (operation) {
    case JSPromiseRejectionOperation::Reject:
        pending.append(Strong<JSPromise>(vm, promise));
        return;
    case JSPromiseRejectionOperation::Handle:
        pending.removeFirstMatching([&](auto& other) { return other.get() == promise; });
        return;
    }
}

} // namespace Bridge
