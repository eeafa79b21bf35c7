// The functions of the engine's loader object that are replaced: they count, time, and call the engine's own.

#include "javascript_loader.h"

#include "loading.h"
#include "module_code.h"
#include "source.h"

using namespace JSC;

namespace Bridge {

static JSValue callEngine(JSGlobalObject* globalObject, CallFrame* callFrame, JSObject* function)
{
    auto callData = JSC::getCallData(function);
    return call(globalObject, function, callData, callFrame->thisValue(), ArgList(callFrame));
}

// JSC's own parseModule, and a note of the module when its promise is rejected.
static EncodedJSValue analyzeByEngine(JSGlobalObject* globalObject, CallFrame* callFrame)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto& realm = jsb_realm::of(vm);
    auto result = callEngine(globalObject, callFrame, JavaScriptLoader::of(realm).engineParseModule.get());
    RETURN_IF_EXCEPTION(scope, { });
    auto* promise = dynamicCast<JSPromise>(result);
    if (promise && promiseStatus(vm, promise) == JSPromise::Status::Rejected) {
        auto key = callFrame->argument(0).toWTFString(globalObject);
        RETURN_IF_EXCEPTION(scope, { });
        realm.failed(JSB_FAILED_ANALYSIS, key, promiseResult(vm, promise));
    }
    RELEASE_AND_RETURN(scope, JSValue::encode(result));
}

static JSC_DECLARE_HOST_FUNCTION(parseModule);
static JSC_DECLARE_HOST_FUNCTION(moduleDeclarationInstantiation);

// parseModule(key, source): a promise of the module record.
JSC_DEFINE_HOST_FUNCTION(parseModule, (JSGlobalObject * globalObject, CallFrame* callFrame))
{
    VM& vm = globalObject->vm();
    auto& realm = jsb_realm::of(vm);
    auto* sourceCode = dynamicCast<JSSourceCode>(callFrame->argument(1));
    auto* source = sourceCode ? moduleSource(sourceCode->sourceCode()) : nullptr;
    if (!source)
        return analyzeByEngine(globalObject, callFrame);

    realm.statistics.modules++;
    if (source->isCached() || !realm.analyzed.isEmpty()) {
        auto scope = DECLARE_THROW_SCOPE(vm);
        auto key = callFrame->argument(0).toPropertyKey(globalObject);
        RETURN_IF_EXCEPTION(scope, { });
        auto* record = source->isCached() ? recordFromCache(realm, key, *source) : takeAnalyzed(realm, key.string());
        if (record) {
            auto* promise = createLoaderPromise(vm, globalObject);
            scope.release();
            promise->resolve(globalObject, record);
            return JSValue::encode(promise);
        }
        scope.release();
    }

    realm.statistics.analyses++;
    Stopwatch stopwatch(realm.statistics.analyze_ns);
    auto analyzed = analyzeByEngine(globalObject, callFrame);
    source->forgetArrowNotes();
    return analyzed;
}

// moduleDeclarationInstantiation(record, fetcher): links one module; true when it is asynchronous.
JSC_DEFINE_HOST_FUNCTION(moduleDeclarationInstantiation, (JSGlobalObject * globalObject, CallFrame* callFrame))
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto& realm = jsb_realm::of(vm);
    Stopwatch stopwatch(realm.statistics.link_ns);
    auto* record = dynamicCast<JSModuleRecord>(callFrame->argument(0));
    CodeCacheScope codeCache(vm, record ? moduleSource(record->sourceCode()) : nullptr);
    auto isAsync = callEngine(globalObject, callFrame, JavaScriptLoader::of(realm).engineModuleDeclarationInstantiation.get());
    auto* linked = dynamicCast<AbstractModuleRecord>(callFrame->argument(0));
    if (auto* exception = scope.exception()) {
        if (record)
            realm.failed(JSB_FAILED_LINK, record->moduleKey().string(), exception->value());
    } else if (linked)
        noteLinked(realm, linked);
    RELEASE_AND_RETURN(scope, JSValue::encode(isAsync));
}

void JavaScriptLoader::replaceFunctions()
{
    VM& vm = *m_realm.vm;
    auto* globalObject = m_realm.globalObject.get();
    auto* loader = globalObject->moduleLoader();
    auto replace = [&](ASCIILiteral name, unsigned length, NativeFunction function, Strong<JSObject>& original) {
        auto identifier = Identifier::fromString(vm, name);
        original.set(vm, asObject(loader->getDirect(vm, identifier)));
        auto* replacement = JSFunction::create(vm, globalObject, length, identifier.string(), function, ImplementationVisibility::Private);
        loader->putDirect(vm, identifier, replacement, static_cast<unsigned>(PropertyAttribute::DontEnum));
    };
    replace("parseModule"_s, 2, parseModule, engineParseModule);
    replace("moduleDeclarationInstantiation"_s, 2, moduleDeclarationInstantiation, engineModuleDeclarationInstantiation);
}

} // namespace Bridge
