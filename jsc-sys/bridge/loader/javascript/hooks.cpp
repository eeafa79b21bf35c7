// The hooks that JSC takes through GlobalObjectMethodTable: resolving, fetching, dynamic import, evaluating.

#include "host.h"
#include "import_meta.h"
#include "javascript_loader.h"
#include "loading.h"
#include "observe.h"
#include "private_access.h"
#include "rejections.h"

using namespace JSC;

namespace Bridge {

static Identifier resolve(JSGlobalObject* globalObject, JSModuleLoader*, JSValue specifier, JSValue referrer, JSValue)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);

    // The entry comes without a referrer, and as a key already.
    if (referrer.isUndefined())
        RELEASE_AND_RETURN(scope, specifier.toPropertyKey(globalObject));

    auto specifierText = specifier.toWTFString(globalObject);
    RETURN_IF_EXCEPTION(scope, { });
    auto referrerText = referrer.toWTFString(globalObject);
    RETURN_IF_EXCEPTION(scope, { });
    RELEASE_AND_RETURN(scope, resolveSpecifier(globalObject, specifierText, referrerText));
}

static LoaderPromise* fetch(JSGlobalObject* globalObject, JSModuleLoader*, JSValue keyValue, JSValue parameters, JSValue)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto* promise = createLoaderPromise(vm, globalObject);

    auto key = keyValue.toWTFString(globalObject);
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));

    auto* source = fetchSource(globalObject, key, typeOfFetchParameters(parameters));
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));
    scope.release();
    promise->resolve(globalObject, source);
    return promise;
}

// ECMA-262 HostLoadImportedModule for `import()`: attributes are read here, everything else is the loader's.
static LoaderPromise* importModule(JSGlobalObject* globalObject, JSModuleLoader*, JSString* specifierValue, JSValue options, const SourceOrigin& origin)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto* promise = createLoaderPromise(vm, globalObject);

    auto specifier = specifierValue->value(globalObject);
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));

    auto attributes = retrieveImportAttributesFromDynamicImportOptions(globalObject, options, { vm.propertyNames->type.impl() });
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));
    auto type = retrieveTypeImportAttribute(globalObject, attributes);
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));

    JavaScriptLoader::of(jsb_realm::of(vm)).registerPrepared();
    auto* result = JSC::importModule(globalObject, Identifier::fromString(vm, specifier), jsString(vm, origin.url().string()), toFetchParameters(vm, type), jsUndefined());
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));
    if (auto& observer = jsb_realm::of(vm).observer)
        observer->imports.append({ origin.url().string(), specifier, static_cast<uint8_t>(type.value_or(RequestType::None)), { vm, result } });
    return result;
}

static JSValue evaluate(JSGlobalObject* globalObject, JSModuleLoader* loader, JSValue key, JSValue record, JSValue fetcher, JSValue awaitedValue, JSValue resumeMode)
{
    VM& vm = globalObject->vm();
    auto& realm = jsb_realm::of(vm);
    std::optional<size_t> observed;
    if (auto* moduleRecord = realm.observer ? dynamicCast<AbstractModuleRecord>(record) : nullptr)
        observed = realm.observer->evaluating(moduleRecord);
    auto scope = DECLARE_THROW_SCOPE(vm);
    Stopwatch stopwatch(realm.statistics.evaluate_ns);
    auto result = loader->evaluateNonVirtual(globalObject, key, record, fetcher, awaitedValue, resumeMode);
    if (scope.exception() && observed)
        realm.observer->evaluations[*observed].threw = true;
    RELEASE_AND_RETURN(scope, result);
}

static JSObject* createMeta(JSGlobalObject* globalObject, JSModuleLoader*, JSValue key, JSModuleRecord* record, JSValue)
{
    return createImportMeta(globalObject, key, record);
}

const GlobalObjectMethodTable& loaderMethodTable()
{
    static const GlobalObjectMethodTable table = [] {
        // Start from the engine's own table: a hook that is null in one engine may be called unchecked in the next.
        auto table = *reveal(BaseMethodTable { })();
        table.moduleLoaderImportModule = importModule;
        table.moduleLoaderResolve = resolve;
        table.moduleLoaderFetch = fetch;
        table.moduleLoaderCreateImportMetaProperties = createMeta;
        table.moduleLoaderEvaluate = evaluate;
        table.promiseRejectionTracker = trackPromiseRejection;
        return table;
    }();
    return table;
}

} // namespace Bridge
