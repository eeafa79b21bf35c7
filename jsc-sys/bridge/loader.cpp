#include "loader.h"

#include "host.h"
#include "import_meta.h"
#include "private_access.h"
#include "rejections.h"
#include "source.h"
#include "text.h"

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

// The fetched bytes as JSC wants them; null with an exception thrown when they cannot be had.
static JSSourceCode* fetchSource(JSGlobalObject* globalObject, const String& key, ScriptFetchParameters::Type type)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto& realm = jsb_realm::of(vm);

    jsb_reply reply { };
    realm.host.fetch(realm.host.context, view(key), type, &reply);
    if (reply.status != JSB_REPLY_OK) {
        throwException(globalObject, scope, errorFromReply(globalObject, reply));
        return nullptr;
    }

    SourceOrigin origin { URL { key } };
    auto url = key;
    if (reply.kind == JSB_SOURCE_WEBASSEMBLY) {
        Vector<uint8_t> bytes(std::span { reply.data.data, reply.data.length });
        return JSSourceCode::create(vm, SourceCode(WebAssemblySourceProvider::create(JSB_MOVE(bytes), origin, JSB_MOVE(url))));
    }

    auto text = fromUTF8(reply.data);
    if (text.isNull()) {
        throwException(globalObject, scope, createOutOfMemoryError(globalObject));
        return nullptr;
    }
    if (reply.kind == JSB_SOURCE_JSON)
        return JSSourceCode::create(vm, SourceCode(StringSourceProvider::create(text, origin, JSB_MOVE(url), SourceTaintedOrigin::Untainted, TextPosition(), SourceProviderSourceType::JSON)));
    return JSSourceCode::create(vm, SourceCode(ModuleSource::create(realm, text, origin, JSB_MOVE(url))));
}

static JSInternalPromise* fetch(JSGlobalObject* globalObject, JSModuleLoader*, JSValue keyValue, JSValue parameters, JSValue)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto* promise = JSInternalPromise::create(vm, globalObject->internalPromiseStructure());

    auto key = keyValue.toWTFString(globalObject);
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));

    auto type = ScriptFetchParameters::Type::None;
    if (auto* fetchParameters = jsDynamicCast<JSScriptFetchParameters*>(parameters))
        type = fetchParameters->parameters().type();

    auto* source = fetchSource(globalObject, key, type);
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));
    scope.release();
    promise->resolve(globalObject, source);
    return promise;
}

// ECMA-262 HostLoadImportedModule for `import()`: attributes are read here, everything else is the loader's.
static JSInternalPromise* importModule(JSGlobalObject* globalObject, JSModuleLoader*, JSString* specifierValue, JSValue options, const SourceOrigin& origin)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto* promise = JSInternalPromise::create(vm, globalObject->internalPromiseStructure());

    auto specifier = specifierValue->value(globalObject);
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));

    auto attributes = retrieveImportAttributesFromDynamicImportOptions(globalObject, options, { vm.propertyNames->type.impl() });
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));
    auto type = retrieveTypeImportAttribute(globalObject, attributes);
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));

    JSValue parameters = jsUndefined();
    if (type)
        parameters = JSScriptFetchParameters::create(vm, ScriptFetchParameters::create(type.value()));
    auto* result = JSC::importModule(globalObject, Identifier::fromString(vm, specifier), jsString(vm, origin.url().string()), parameters, jsUndefined());
    RETURN_IF_EXCEPTION(scope, promise->rejectWithCaughtException(globalObject, scope));
    return result;
}

static JSValue evaluate(JSGlobalObject* globalObject, JSModuleLoader* loader, JSValue key, JSValue record, JSValue fetcher, JSValue awaitedValue, JSValue resumeMode)
{
    Stopwatch stopwatch(jsb_realm::of(globalObject->vm()).statistics.evaluate_ns);
    return loader->evaluateNonVirtual(globalObject, key, record, fetcher, awaitedValue, resumeMode);
}

const GlobalObjectMethodTable& moduleLoaderMethodTable()
{
    static const GlobalObjectMethodTable table = [] {
        // Start from the engine's own table: a hook that is null in one engine may be called unchecked in the next.
        auto table = *reveal(BaseMethodTable { })();
        table.moduleLoaderImportModule = importModule;
        table.moduleLoaderResolve = resolve;
        table.moduleLoaderFetch = fetch;
        table.moduleLoaderCreateImportMetaProperties = createImportMeta;
        table.moduleLoaderEvaluate = evaluate;
        table.promiseRejectionTracker = trackPromiseRejection;
        return table;
    }();
    return table;
}

static JSValue callEngine(JSGlobalObject* globalObject, CallFrame* callFrame, JSObject* function)
{
    auto callData = JSC::getCallData(function);
    return call(globalObject, function, callData, callFrame->thisValue(), ArgList(callFrame));
}

static JSC_DECLARE_HOST_FUNCTION(parseModule);
static JSC_DECLARE_HOST_FUNCTION(moduleDeclarationInstantiation);

// parseModule(key, source): a promise of the module record.
JSC_DEFINE_HOST_FUNCTION(parseModule, (JSGlobalObject * globalObject, CallFrame* callFrame))
{
    auto& realm = jsb_realm::of(globalObject->vm());
    auto* source = jsDynamicCast<JSSourceCode*>(callFrame->argument(1));
    if (!source || source->sourceCode().provider()->sourceType() != SourceProviderSourceType::Module)
        return JSValue::encode(callEngine(globalObject, callFrame, realm.engineParseModule.get()));

    realm.statistics.modules++;
    realm.statistics.analyses++;
    Stopwatch stopwatch(realm.statistics.analyze_ns);
    return JSValue::encode(callEngine(globalObject, callFrame, realm.engineParseModule.get()));
}

// moduleDeclarationInstantiation(record, fetcher): links one module; true when it is asynchronous.
JSC_DEFINE_HOST_FUNCTION(moduleDeclarationInstantiation, (JSGlobalObject * globalObject, CallFrame* callFrame))
{
    auto& realm = jsb_realm::of(globalObject->vm());
    Stopwatch stopwatch(realm.statistics.link_ns);
    return JSValue::encode(callEngine(globalObject, callFrame, realm.engineModuleDeclarationInstantiation.get()));
}

void takeOverModuleLoader(jsb_realm& realm)
{
    VM& vm = *realm.vm;
    auto* globalObject = realm.globalObject.get();
    auto* loader = globalObject->moduleLoader();
    auto replace = [&](ASCIILiteral name, unsigned length, NativeFunction function, Strong<JSObject>& original) {
        auto identifier = Identifier::fromString(vm, name);
        original.set(vm, asObject(loader->getDirect(vm, identifier)));
        auto* replacement = JSFunction::create(vm, globalObject, length, identifier.string(), function, ImplementationVisibility::Private);
        loader->putDirect(vm, identifier, replacement, static_cast<unsigned>(PropertyAttribute::DontEnum));
    };
    replace("parseModule"_s, 2, parseModule, realm.engineParseModule);
    replace("moduleDeclarationInstantiation"_s, 2, moduleDeclarationInstantiation, realm.engineModuleDeclarationInstantiation);
}

} // namespace Bridge
