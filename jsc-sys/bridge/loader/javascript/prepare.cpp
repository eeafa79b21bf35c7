// A closure that was built elsewhere: registered, linked and evaluated.
//
// The loader's registry is left as JSC's own loader (builtins/ModuleLoader.js) would have left it, so that whatever comes
// later, which is dynamic imports, finds what it would have found. Until then, nobody looks. Where the loader's own way differs from ours in what
// a program can see, its way is taken: a graph that waits, or one that does not link.

#include "prepared.h"

#include "loading.h"
#include "module_code.h"
#include "private_access.h"
#include "registry.h"
#include "source.h"

#include "VMEntryScopeInlines.h"

using namespace JSC;

namespace Bridge {

namespace {

bool isJSON(const Closure& closure, size_t i)
{
    return !closure.sources[i];
}

// Whether each module would have an entry of its own.
bool haveEntries(const Registry& registry, const Closure& closure)
{
    HashSet<UniquedStringImpl*> keys;
    HashSet<UniquedStringImpl*> keysOfJSON;
    for (size_t i = 0; i < closure.records.size(); ++i) {
        auto& key = closure.records[i]->moduleKey();
        auto& ofType = registryKeepsTypes && isJSON(closure, i) ? keysOfJSON : keys;
        if (!ofType.add(key.impl()).isNewEntry || (!registry.isEmpty() && registry.find(key.string(), isJSON(closure, i))))
            return false;
    }
    return true;
}

// What requestSatisfyUtil and cacheSatisfy leave in an entry and in a record, as far as linking and evaluating needs it.
void connect(jsb_realm& realm, const Closure& closure, const Vector<Strong<JSObject>>& entries)
{
    VM& vm = *realm.vm;
    auto* globalObject = realm.globalObject.get();
    for (size_t i = 0; i < entries.size(); ++i) {
        auto* record = closure.records[i];
        auto& requested = closure.requested[i];
        auto* map = (record->*reveal(RecordDependencies { })).get();
        for (size_t j = 0; j < requested.size(); ++j)
            map->set(globalObject, jsString(vm, String { record->requestedModules()[j].m_specifier.get() }), entries[requested[j]].get());
        Registry::set(vm, entries[i].get(), Registry::Field::Module, record);
        Registry::set(vm, entries[i].get(), Registry::Field::State, jsNumber(static_cast<unsigned>(JSModuleLoader::Status::Link)));
    }
}

} // namespace

bool JavaScriptLoader::prepare(std::unique_ptr<Closure> closure)
{
    Registry registry(m_realm);
    if (!haveEntries(registry, *closure))
        return false;
    auto prepared = std::make_unique<Prepared>();
    for (size_t i = 0; i < closure->records.size(); ++i)
        prepared->entries.append({ *m_realm.vm, registry.create(closure->records[i]->moduleKey().string(), isJSON(*closure, i)) });
    connect(m_realm, *closure, prepared->entries);
    prepared->closure = JSB_MOVE(closure);
    prepared->link(m_realm);
    m_prepared = JSB_MOVE(prepared);
    return true;
}

// What requestInstantiate, requestSatisfyUtil and cacheSatisfy leave in the registry and its entries.
void JavaScriptLoader::registerPrepared()
{
    using enum Registry::Field;
    if (!m_prepared || m_prepared->isRegistered)
        return;
    m_prepared->isRegistered = true;
    VM& vm = *m_realm.vm;
    DeferGC deferGC(vm);
    auto* globalObject = m_realm.globalObject.get();
    Registry registry(m_realm);
    auto& closure = *m_prepared->closure;
    auto& entries = m_prepared->entries;
    MarkedArgumentBuffer dependencies;
    for (size_t i = 0; i < entries.size(); ++i) {
        auto* entry = entries[i].get();
        registry.add(entry, isJSON(closure, i));
        auto* promise = createLoaderPromise(vm, globalObject);
        fulfillPromise(vm, globalObject, promise, entry);
        for (auto field : { Fetch, Instantiate, Satisfy })
            Registry::set(vm, entry, field, promise);
        Registry::set(vm, entry, IsSatisfied, jsBoolean(true));
        dependencies.clear();
        for (auto requested : closure.requested[i])
            dependencies.append(entries[requested].get());
        Registry::set(vm, entry, Dependencies, constructArray(globalObject, static_cast<ArrayAllocationProfile*>(nullptr), dependencies));
    }
}

// What the loader's link does. A module that does not link is left to it, with all that come after.
void JavaScriptLoader::Prepared::link(jsb_realm& realm)
{
    VM& vm = *realm.vm;
    auto* globalObject = realm.globalObject.get();
    Stopwatch stopwatch(realm.statistics.link_ns);
    auto scope = JSB_CATCH_SCOPE(vm);
    Vector<bool> waits(entries.size(), false);
    for (size_t i = 0; i < entries.size(); ++i) {
        auto* record = closure->records[i];
        auto* source = closure->sources[i];
        auto* decodedCode = source ? source->decodedCode().get() : nullptr;
        CodeCacheScope codeCache(vm, source);
        bool isAsync = record->link(globalObject, jsUndefined()) == Synchronousness::Async;
        if (scope.exception()) {
            scope.clearException();
            // The loader links it again.
            if (decodedCode)
                source->decodedCode().set(vm, decodedCode);
            return;
        }
        noteLinked(realm, record);
        for (auto requested : closure->requested[i])
            isAsync |= waits[requested];
        waits[i] = isAsync;
        Registry::set(vm, entries[i].get(), Registry::Field::IsAsync, jsBoolean(isAsync));
        Registry::set(vm, entries[i].get(), Registry::Field::State, jsNumber(static_cast<unsigned>(JSModuleLoader::Status::Ready)));
    }
    isLinked = true;
    this->isAsync = waits.last();
}

// Evaluates a linked graph in which nothing waits, as the loader's moduleEvaluation does: depth first, requests in order,
// with no job in between. Like there, a module is marked as evaluated before those that it requests are: once one of them
// throws, the loader takes everything on the way to it for evaluated, and runs it no more.
void JavaScriptLoader::evaluateAll()
{
    VM& vm = *m_realm.vm;
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto* globalObject = m_realm.globalObject.get();
    auto* loader = globalObject->moduleLoader();
    auto& closure = *m_prepared->closure;
    // The VM is entered once, as it is when the loader's own JavaScript does this.
    VMEntryScope entered(vm, globalObject);

    struct Frame {
        uint32_t module;
        size_t next;
    };
    Vector<Frame> stack;
    Vector<bool> isMarked(closure.records.size(), false);
    auto enter = [&](uint32_t module) {
        isMarked[module] = true;
        Registry::set(vm, m_prepared->entries[module].get(), Registry::Field::Evaluated, jsBoolean(true));
        stack.append({ module, 0 });
    };
    enter(closure.records.size() - 1);
    while (!stack.isEmpty()) {
        auto& top = stack.last();
        auto& requested = closure.requested[top.module];
        if (top.next < requested.size()) {
            if (uint32_t module = requested[top.next++]; !isMarked[module])
                enter(module);
            continue;
        }
        auto* record = closure.records[top.module];
        stack.removeLast();
        loader->evaluate(globalObject, jsUndefined(), record, jsUndefined(), jsUndefined(), jsNumber(static_cast<int32_t>(JSGenerator::ResumeMode::NormalMode)));
        RETURN_IF_EXCEPTION(scope, void());
    }
}

void JavaScriptLoader::evaluatePrepared()
{
    VM& vm = *m_realm.vm;
    auto scope = JSB_CATCH_SCOPE(vm);
    auto* globalObject = m_realm.globalObject.get();
    auto* promise = createLoaderPromise(vm, globalObject);
    m_promise.set(vm, promise);

    JSValue result = jsUndefined();
    if (m_prepared->isLinked && !m_prepared->isAsync)
        evaluateAll();
    else {
        registerPrepared();
        auto& key = m_prepared->closure->records.last()->moduleKey();
        result = globalObject->moduleLoader()->linkAndEvaluateModule(globalObject, identifierToJSValue(vm, key), jsUndefined());
    }
    if (m_prepared->isRegistered)
        m_prepared = nullptr;
    if (auto* exception = scope.exception()) {
        scope.clearException();
        rejectPromise(vm, globalObject, promise, exception->value());
        return;
    }
    promise->resolve(globalObject, result);
}

} // namespace Bridge
