// Every difference between engines, and every name that some of them lack. What an engine can do is found out from its
// own headers: no file of the bridge asks for a version, which a fork or a snapshot may state wrongly.
//
// A `requires` says something only of what depends on a template's parameter; hence the `auto` parameters.

#pragma once

#include "prefix.h"

#include "JSMapInlines.h"
#include "PropertyNameArray.h"

// Until 2.52 it is the macro WTFMove.
#ifdef WTFMove
#define JSB_MOVE(value) WTFMove(value)
#else
#define JSB_MOVE(value) WTF::move(value)
#endif

// The scope in which an exception may be looked at and cleared.
#ifdef DECLARE_CATCH_SCOPE
#define JSB_CATCH_SCOPE(vm) DECLARE_CATCH_SCOPE(vm)
#else
#define JSB_CATCH_SCOPE(vm) DECLARE_TOP_EXCEPTION_SCOPE(vm)
#endif

// Declared in every engine, so that it can be asked whether an engine defines it.
namespace JSC {
class PropertyNameArrayBuilder;
}

namespace Bridge {

// ---- What an engine can do ---------------------------------------------------------------------------------------

template<typename T> concept Defined = requires { sizeof(T); };

template<typename T> concept Fulfills = requires(T* promise, JSC::VM& vm, JSC::JSGlobalObject* globalObject, JSC::JSObject* value) { promise->fulfill(vm, globalObject, value); };

template<typename T> concept TakesOptionsWhenInitialized = requires { T::initialize([] { }); };

// How many parameters the loader's own functions have: one macro of the engine lists them all.
#define JSB_PARAMETERS(name, code, count) constexpr int code##Parameters = count;
JSC_FOREACH_MODULELOADER_BUILTIN_DATA(JSB_PARAMETERS)
#undef JSB_PARAMETERS

// The loader's registry has its entries by key and type of module, not by key alone.
inline constexpr bool registryKeepsTypes = moduleLoaderEnsureRegisteredParameters == 2;
// A promise can be fulfilled without looking whether the value is a thenable.
inline constexpr bool promisesFulfill = Fulfills<JSC::JSPromise>;
// Options are set in a callback of Options::initialize, not after it.
inline constexpr bool optionsAreCustomized = TakesOptionsWhenInitialized<JSC::Options>;
// A list of property names that is being filled has a type of its own.
inline constexpr bool propertyNamesAreBuilt = Defined<JSC::PropertyNameArrayBuilder>;

// ---- Types -------------------------------------------------------------------------------------------------------

// A code unit of an 8-bit string: LChar, or Latin1Character.
using Latin1 = std::remove_cv_t<decltype(std::declval<const WTF::StringImpl&>().span8())::element_type>;

// What is being filled.
using PropertyNames = std::conditional_t<propertyNamesAreBuilt, JSC::PropertyNameArrayBuilder, JSC::PropertyNameArray>;

// The loader's own promises, which no program sees.
using LoaderPromise = JSC::JSInternalPromise;

// The import attribute `type` of a request.
using RequestType = JSC::ScriptFetchParameters::Type;
using RequestAttributes = JSC::ScriptFetchParameters;

// ---- Casts -------------------------------------------------------------------------------------------------------

template<typename T> T* dynamicCast(auto from)
{
    return JSC::jsDynamicCast<T*>(from);
}

template<typename T> T* checkedCast(auto from)
{
    return JSC::jsCast<T*>(from);
}

// ---- Attributes of requests --------------------------------------------------------------------------------------

// As the loader hands them on from a dynamic import to the fetch hook.
inline JSC::JSValue toFetchParameters(JSC::VM& vm, std::optional<RequestType> type)
{
    return type ? JSC::JSValue(JSC::JSScriptFetchParameters::create(vm, RequestAttributes::create(*type))) : JSC::jsUndefined();
}

inline RequestType typeOfFetchParameters(JSC::JSValue parameters)
{
    auto* given = dynamicCast<JSC::JSScriptFetchParameters>(parameters);
    return given ? given->parameters().type() : RequestType::None;
}

// ---- Options -----------------------------------------------------------------------------------------------------

template<typename Options = JSC::Options> void initializeEngineOptions(void (*customize)())
{
    if constexpr (optionsAreCustomized)
        Options::initialize([customize] { customize(); });
    else {
        typename Options::AllowUnfinalizedAccessScope scope;
        Options::initialize();
        customize();
    }
}

// ---- Promises ----------------------------------------------------------------------------------------------------

inline LoaderPromise* createLoaderPromise(JSC::VM& vm, JSC::JSGlobalObject* globalObject)
{
    return LoaderPromise::create(vm, globalObject->internalPromiseStructure());
}

inline bool isLoaderPromise(JSC::JSPromise* promise)
{
    return dynamicCast<LoaderPromise>(promise);
}

// Fulfills with an object that is not a thenable.
void fulfillPromise(JSC::VM& vm, JSC::JSGlobalObject* globalObject, auto* promise, JSC::JSObject* value)
{
    if constexpr (promisesFulfill)
        promise->fulfill(vm, globalObject, value);
    else
        promise->resolve(globalObject, value);
}

void rejectPromise(JSC::VM& vm, JSC::JSGlobalObject* globalObject, auto* promise, JSC::JSValue reason)
{
    if constexpr (requires { promise->reject(vm, globalObject, reason); })
        promise->reject(vm, globalObject, reason);
    else
        promise->reject(globalObject, reason);
}

JSC::JSPromise::Status promiseStatus(JSC::VM& vm, auto* promise)
{
    if constexpr (requires { promise->status(); })
        return promise->status();
    else
        return promise->status(vm);
}

JSC::JSValue promiseResult(JSC::VM& vm, auto* promise)
{
    if constexpr (requires { promise->result(); })
        return promise->result();
    else
        return promise->result(vm);
}

// ---- Maps and sets -----------------------------------------------------------------------------------------------

// Iterators over the entries of maps and sets, for the engine's own use.
template<typename Iterator> Iterator* createIterator(JSC::JSGlobalObject* globalObject, JSC::Structure* structure, auto* of, JSC::IterationKind kind)
{
    if constexpr (requires { Iterator::create(globalObject->vm(), structure, of, kind); })
        return Iterator::create(globalObject->vm(), structure, of, kind);
    else
        return Iterator::create(globalObject, structure, of, kind);
}

inline JSC::JSMapIterator* createMapIterator(JSC::JSGlobalObject* globalObject, JSC::JSMap* map)
{
    return createIterator<JSC::JSMapIterator>(globalObject, globalObject->mapIteratorStructure(), map, JSC::IterationKind::Entries);
}

inline JSC::JSSetIterator* createSetIterator(JSC::JSGlobalObject* globalObject, JSC::JSSet* set)
{
    return createIterator<JSC::JSSetIterator>(globalObject, globalObject->setIteratorStructure(), set, JSC::IterationKind::Keys);
}

} // namespace Bridge
