// Creating, driving and destroying a realm.

#include "realm.h"

#include "built_pack.h"
#include "loader/loader.h"
#include "module_code.h"
#include "observe.h"
#include "rejections.h"
#include "text.h"

using namespace JSC;

jsb_realm::jsb_realm(const jsb_host& host)
    : host(host)
{
}

jsb_realm::~jsb_realm() = default;

jsb_realm* jsb_realm_create(const jsb_host* host)
{
    VM& vm = VM::create(HeapType::Large).leakRef();
    JSLockHolder lock(vm);
    auto* realm = new jsb_realm(*host);
    realm->vm = &vm;
    vm.clientData = realm; // The VM owns it from here on.

    auto* structure = JSGlobalObject::createStructure(vm, jsNull());
    auto* globalObject = JSGlobalObject::createWithCustomMethodTable(vm, structure, &Bridge::loaderMethodTable());
    realm->globalObject.set(vm, globalObject);
    realm->loader = Bridge::takeOverLoader(*realm);
    return realm;
}

// Destroys the VM, and the realm with it; returns what the VM was decoding from.
static Vector<Ref<CachedBytecode>> destroyVM(jsb_realm* realm)
{
    Vector<Ref<CachedBytecode>> bytecodes;
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    realm->observer = nullptr;
    realm->unhandledRejections.clear();
    realm->keptCode.clear();
    realm->builtPack = nullptr;
    realm->analyzed.clear();
    realm->loader = nullptr;
    realm->failure.clear();
    realm->globalObject.clear();
    bytecodes = std::exchange(realm->bytecodes, { });
    vm.derefSuppressingSaferCPPChecking();
    return bytecodes;
    // The lock holds the last reference: the VM is gone when it is.
}

void jsb_realm_destroy(jsb_realm* realm)
{
    Bridge::releaseBytecodes(destroyVM(realm));
}

JSGlobalContextRef jsb_realm_context(jsb_realm* realm)
{
    return toGlobalRef(realm->globalObject.get());
}

void jsb_realm_load(jsb_realm* realm, jsb_bytes key)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    realm->loader->load(WTF::String(Bridge::latin1(key)));
}

uint32_t jsb_realm_load_state(jsb_realm* realm, JSValueRef* error)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    auto* promise = realm->loader->promise();
    if (!promise)
        return JSB_LOAD_PENDING;
    switch (Bridge::promiseStatus(vm, promise)) {
    case JSPromise::Status::Pending:
        return JSB_LOAD_PENDING;
    case JSPromise::Status::Fulfilled:
        return JSB_LOAD_FULFILLED;
    case JSPromise::Status::Rejected:
        if (realm->observer)
            realm->observer->uncaught.set(vm, Bridge::promiseResult(vm, promise));
        if (error)
            *error = toRef(realm->globalObject.get(), Bridge::promiseResult(vm, promise));
        return JSB_LOAD_REJECTED;
    }
    RELEASE_ASSERT_NOT_REACHED();
}

uint32_t jsb_realm_failed_module(jsb_realm* realm, JSValueRef error, jsb_string* key)
{
    JSLockHolder lock(*realm->vm);
    if (!realm->failure || realm->failure.get() != toJS(realm->globalObject.get(), error))
        return JSB_FAILED_NOT;
    *key = Bridge::view(realm->failedModule);
    return realm->failedAt;
}

void jsb_realm_unlinkable_modules(jsb_realm* realm, jsb_take_text take, void* context)
{
    for (auto& module : realm->unlinkableModules) {
        auto key = module.utf8();
        take(context, { reinterpret_cast<const uint8_t*>(key.data()), key.length() });
    }
}

void jsb_realm_count_code(jsb_realm* realm, uint32_t counts)
{
    realm->countsCode = counts;
}

void jsb_realm_keep_true_lines(jsb_realm* realm)
{
    realm->keepsTrueLines = true;
}

void jsb_realm_drain_microtasks(jsb_realm* realm)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    vm.drainMicrotasks();
}

uint32_t jsb_realm_run_deferred_work(jsb_realm* realm)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    if (!vm.deferredWorkTimer->hasAnyPendingWork())
        return 0;
    {
        // Another thread may need the lock to hand in its work.
        JSLock::DropAllLocks unlocked(vm);
        RunLoop::cycle();
    }
    vm.drainMicrotasks();
    return vm.deferredWorkTimer->hasAnyPendingWork();
}

uint32_t jsb_realm_take_unhandled_rejection(jsb_realm* realm, JSValueRef* reason)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    if (realm->unhandledRejections.isEmpty())
        return 0;
    auto* promise = realm->unhandledRejections.first().get();
    *reason = toRef(realm->globalObject.get(), Bridge::promiseResult(vm, promise));
    if (realm->observer)
        realm->observer->uncaught.set(vm, Bridge::promiseResult(vm, promise));
    realm->unhandledRejections.removeAt(0);
    return 1;
}

void jsb_realm_statistics(jsb_realm* realm, jsb_statistics* statistics)
{
    *statistics = realm->statistics;
    // Top-level code is generated while linking; the two are told apart here.
    statistics->link_ns -= std::min(statistics->link_ns, statistics->codegen_ns);
    statistics->engine_parses = globalParseCount.load();
}
