// Every difference between the pinned engines, and nothing else. No other file may ask for the engine's version.

#pragma once

#include "prefix.h"

#include "JSMapInlines.h"

// Given by the build: major * 10000 + minor * 100 + patch.
#ifndef JSB_ENGINE_VERSION
#error "JSB_ENGINE_VERSION is not set: compile the bridge through jsc-provision"
#endif

// 2.52 renamed LChar to Latin1Character and the WTFMove macro to WTF::move.
#if JSB_ENGINE_VERSION >= 25200
#define JSB_MOVE(value) WTF::move(value)
#else
#define JSB_MOVE(value) WTFMove(value)
#endif

namespace Bridge {

#if JSB_ENGINE_VERSION >= 25200
using Latin1 = Latin1Character;
#else
using Latin1 = LChar;
#endif

// 2.52's Options::initialize takes the callback in which options may be set; before, one set them after it.
inline void initializeEngineOptions(void (*customize)())
{
#if JSB_ENGINE_VERSION >= 25200
    JSC::Options::initialize([customize] { customize(); });
#else
    JSC::Options::AllowUnfinalizedAccessScope scope;
    JSC::Options::initialize();
    customize();
#endif
}

// Where the loader's registry has the entry of a module: since 2.52 by key and type, before by key alone.
#if JSB_ENGINE_VERSION >= 25200
inline constexpr bool registryKeepsTypes = true;
#else
inline constexpr bool registryKeepsTypes = false;
#endif

// Undefined when there is none.
inline JSC::JSValue registeredEntry(JSC::JSGlobalObject* globalObject, JSC::JSMap* registry, JSC::JSString* key, JSC::JSString* type)
{
    auto found = registry->get(globalObject, key);
#if JSB_ENGINE_VERSION >= 25200
    auto* byType = JSC::jsDynamicCast<JSC::JSMap*>(found);
    return byType ? byType->get(globalObject, type) : JSC::jsUndefined();
#else
    UNUSED_PARAM(type);
    return found;
#endif
}

// False when there is one already.
inline bool registerEntry(JSC::JSGlobalObject* globalObject, JSC::JSMap* registry, JSC::JSString* key, JSC::JSString* type, JSC::JSObject* entry)
{
    auto found = registry->get(globalObject, key);
#if JSB_ENGINE_VERSION >= 25200
    auto* byType = JSC::jsDynamicCast<JSC::JSMap*>(found);
    if (byType && !byType->get(globalObject, type).isUndefined())
        return false;
    if (!byType) {
        byType = JSC::JSMap::create(globalObject->vm(), globalObject->mapStructure());
        registry->set(globalObject, key, byType);
    }
    byType->set(globalObject, type, entry);
#else
    UNUSED_PARAM(type);
    if (!found.isUndefined())
        return false;
    registry->set(globalObject, key, entry);
#endif
    return true;
}

// Fulfills with an object that is no thenable. Until 2.52 only `resolve`, which looks, could be called.
inline void fulfillPromise(JSC::VM& vm, JSC::JSGlobalObject* globalObject, JSC::JSPromise* promise, JSC::JSObject* value)
{
#if JSB_ENGINE_VERSION >= 25200
    promise->fulfill(vm, globalObject, value);
#else
    UNUSED_PARAM(vm);
    promise->resolve(globalObject, value);
#endif
}

inline void rejectPromise(JSC::VM& vm, JSC::JSGlobalObject* globalObject, JSC::JSPromise* promise, JSC::JSValue reason)
{
#if JSB_ENGINE_VERSION >= 25200
    promise->reject(vm, globalObject, reason);
#else
    UNUSED_PARAM(vm);
    promise->reject(globalObject, reason);
#endif
}

inline JSC::JSPromise::Status promiseStatus(JSC::VM& vm, JSC::JSPromise* promise)
{
#if JSB_ENGINE_VERSION >= 25200
    UNUSED_PARAM(vm);
    return promise->status();
#else
    return promise->status(vm);
#endif
}

inline JSC::JSValue promiseResult(JSC::VM& vm, JSC::JSPromise* promise)
{
#if JSB_ENGINE_VERSION >= 25200
    UNUSED_PARAM(vm);
    return promise->result();
#else
    return promise->result(vm);
#endif
}

// 2.52 calls what is being filled a builder.
#if JSB_ENGINE_VERSION >= 25200
using PropertyNames = JSC::PropertyNameArrayBuilder;
#else
using PropertyNames = JSC::PropertyNameArray;
#endif

// Iterators over the entries of maps and sets, for the engine's own use. Until 2.52 their maker took the global object.
inline JSC::JSMapIterator* createMapIterator(JSC::JSGlobalObject* globalObject, JSC::JSMap* map)
{
    auto* structure = globalObject->mapIteratorStructure();
#if JSB_ENGINE_VERSION >= 25200
    return JSC::JSMapIterator::create(globalObject->vm(), structure, map, JSC::IterationKind::Entries);
#else
    return JSC::JSMapIterator::create(globalObject, structure, map, JSC::IterationKind::Entries);
#endif
}

inline JSC::JSSetIterator* createSetIterator(JSC::JSGlobalObject* globalObject, JSC::JSSet* set)
{
    auto* structure = globalObject->setIteratorStructure();
#if JSB_ENGINE_VERSION >= 25200
    return JSC::JSSetIterator::create(globalObject->vm(), structure, set, JSC::IterationKind::Keys);
#else
    return JSC::JSSetIterator::create(globalObject, structure, set, JSC::IterationKind::Keys);
#endif
}

} // namespace Bridge
