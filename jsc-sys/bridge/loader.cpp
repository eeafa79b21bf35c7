#include "loader.h"

#include "generate.h"
#include "host.h"
#include "import_meta.h"
#include "module_code.h"
#include "observe.h"
#include "private_access.h"
#include "record_image.h"
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

JSSourceCode* fetchSource(JSGlobalObject* globalObject, const String& key, ScriptFetchParameters::Type type)
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

    if (reply.kind == JSB_SOURCE_WEBASSEMBLY) {
        Vector<uint8_t> bytes(std::span { reply.data.data, reply.data.length });
        return JSSourceCode::create(vm, SourceCode(WebAssemblySourceProvider::create(JSB_MOVE(bytes), SourceOrigin { URL { key } }, String { key })));
    }

    auto tooLarge = [&]() -> JSSourceCode* {
        throwException(globalObject, scope, createOutOfMemoryError(globalObject));
        return nullptr;
    };
    if (reply.kind == JSB_SOURCE_JSON) {
        auto text = fromUTF8(reply.data);
        if (text.isNull())
            return tooLarge();
        return JSSourceCode::create(vm, SourceCode(StringSourceProvider::create(text, SourceOrigin { URL { key } }, String { key }, SourceTaintedOrigin::Untainted, TextPosition(), SourceProviderSourceType::JSON)));
    }
    if (reply.cached)
        return JSSourceCode::create(vm, ModuleSource::create(realm, key, reply.data, *reply.cached)->code());
    auto source = ModuleSource::create(realm, key, reply.data);
    return source ? JSSourceCode::create(vm, source->code()) : tooLarge();
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
    if (auto& observer = jsb_realm::of(vm).observer)
        observer->imports.append({ origin.url().string(), specifier, static_cast<uint8_t>(type.value_or(ScriptFetchParameters::Type::None)), { vm, result } });
    return result;
}

static JSValue evaluate(JSGlobalObject* globalObject, JSModuleLoader* loader, JSValue key, JSValue record, JSValue fetcher, JSValue awaitedValue, JSValue resumeMode)
{
    VM& vm = globalObject->vm();
    auto& realm = jsb_realm::of(vm);
    std::optional<size_t> observed;
    if (auto* moduleRecord = realm.observer ? jsDynamicCast<AbstractModuleRecord*>(record) : nullptr)
        observed = realm.observer->evaluating(moduleRecord);
    auto scope = DECLARE_THROW_SCOPE(vm);
    Stopwatch stopwatch(realm.statistics.evaluate_ns);
    auto result = loader->evaluateNonVirtual(globalObject, key, record, fetcher, awaitedValue, resumeMode);
    if (scope.exception() && observed)
        realm.observer->evaluations[*observed].threw = true;
    RELEASE_AND_RETURN(scope, result);
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

// JSC's own parseModule, and a note of the module when its promise is rejected.
static EncodedJSValue analyzeByEngine(JSGlobalObject* globalObject, CallFrame* callFrame)
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto& realm = jsb_realm::of(vm);
    auto result = callEngine(globalObject, callFrame, realm.engineParseModule.get());
    RETURN_IF_EXCEPTION(scope, { });
    auto* promise = jsDynamicCast<JSPromise*>(result);
    if (promise && promiseStatus(vm, promise) == JSPromise::Status::Rejected) {
        auto key = callFrame->argument(0).toWTFString(globalObject);
        RETURN_IF_EXCEPTION(scope, { });
        realm.failed(JSB_FAILED_ANALYSIS, key, promiseResult(vm, promise));
    }
    RELEASE_AND_RETURN(scope, JSValue::encode(result));
}

static JSC_DECLARE_HOST_FUNCTION(parseModule);
static JSC_DECLARE_HOST_FUNCTION(moduleDeclarationInstantiation);

// The source of one of the program's JavaScript modules; null for JSON and WebAssembly.
static ModuleSource* moduleSource(const SourceCode& code)
{
    auto* provider = code.provider();
    return provider && provider->sourceType() == SourceProviderSourceType::Module ? static_cast<ModuleSource*>(provider) : nullptr;
}

static JSModuleRecord* rebuild(jsb_realm& realm, const Identifier& key, ModuleSource& source)
{
    Stopwatch stopwatch(realm.statistics.rebuild_ns);
    realm.statistics.rebuilt++;
    return rebuildRecord(realm.globalObject.get(), key, source.code(), source.image());
}

void compareRecords(jsb_realm& realm, const Identifier& key, ModuleSource& source, const JSModuleRecord* rebuilt)
{
    VM& vm = *realm.vm;
    std::optional<Vector<uint8_t>> parsedImage;
    std::optional<Vector<uint8_t>> rebuiltImage;
    // Whether a module awaits is known of its code, not of its record; decodeModuleCode has compared it.
    bool isAsync = source.decodedCode()->isAsync();
    // A text of another length would be read beyond its end.
    if (source.hasItsText()) {
        auto parsed = parseRecord(realm.globalObject.get(), key, source.code());
        if (parsed.record)
            parsedImage = captureRecord(vm, *parsed.record, isAsync);
        // What the parser has noted of this text is not for the program, which may compile functions of it later.
        vm.clearSourceProviderCaches();
    }
    if (rebuilt)
        rebuiltImage = captureRecord(vm, *rebuilt, isAsync);
    auto lend = [](auto& image) { return image ? jsb_bytes { image->span().data(), image->size() } : jsb_bytes { }; };
    realm.host.compare(realm.host.context, view(key.string()), lend(parsedImage), lend(rebuiltImage));
}

// The record of a module with a cache entry; null when it has to be parsed.
static JSModuleRecord* recordFromCache(jsb_realm& realm, const Identifier& key, ModuleSource& source)
{
    auto reject = [&](uint32_t why) -> JSModuleRecord* {
        source.dropCached();
        source.decodedCode().clear();
        realm.host.rejected(realm.host.context, view(key.string()), why);
        return nullptr;
    };
    if (!realm.globalObject->defaultCodeGenerationMode().isEmpty())
        return reject(JSB_REJECTED_FOR_OPTIONS);
    if (!decodeModuleCode(realm, source))
        return reject(JSB_REJECTED_BY_ENGINE);
    auto* record = source.image().length ? rebuild(realm, key, source) : nullptr;
    if (realm.host.compare)
        compareRecords(realm, key, source, record);
    return record;
}

// parseModule(key, source): a promise of the module record.
JSC_DEFINE_HOST_FUNCTION(parseModule, (JSGlobalObject * globalObject, CallFrame* callFrame))
{
    VM& vm = globalObject->vm();
    auto& realm = jsb_realm::of(vm);
    auto* sourceCode = jsDynamicCast<JSSourceCode*>(callFrame->argument(1));
    auto* source = sourceCode ? moduleSource(sourceCode->sourceCode()) : nullptr;
    if (!source)
        return analyzeByEngine(globalObject, callFrame);

    realm.statistics.modules++;
    if (source->isCached()) {
        auto scope = DECLARE_THROW_SCOPE(vm);
        auto key = callFrame->argument(0).toPropertyKey(globalObject);
        RETURN_IF_EXCEPTION(scope, { });
        if (auto* record = recordFromCache(realm, key, *source)) {
            auto* promise = JSInternalPromise::create(vm, globalObject->internalPromiseStructure());
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

void noteLinked(jsb_realm& realm, AbstractModuleRecord* linked)
{
    VM& vm = *realm.vm;
    if (realm.observer)
        realm.observer->records.append({ vm, linked });
    if (auto* record = realm.keepsCode ? jsDynamicCast<JSModuleRecord*>(linked) : nullptr)
        realm.keptCode.set(record, Strong<UnlinkedModuleProgramCodeBlock> { vm, (record->*reveal(RecordExecutable { }))->unlinkedCodeBlock() });
}

// moduleDeclarationInstantiation(record, fetcher): links one module; true when it is asynchronous.
JSC_DEFINE_HOST_FUNCTION(moduleDeclarationInstantiation, (JSGlobalObject * globalObject, CallFrame* callFrame))
{
    VM& vm = globalObject->vm();
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto& realm = jsb_realm::of(vm);
    Stopwatch stopwatch(realm.statistics.link_ns);
    auto* record = jsDynamicCast<JSModuleRecord*>(callFrame->argument(0));
    CodeCacheScope codeCache(vm, record ? moduleSource(record->sourceCode()) : nullptr);
    auto isAsync = callEngine(globalObject, callFrame, realm.engineModuleDeclarationInstantiation.get());
    auto* linked = jsDynamicCast<AbstractModuleRecord*>(callFrame->argument(0));
    if (auto* exception = scope.exception()) {
        if (record)
            realm.failed(JSB_FAILED_LINK, record->moduleKey().string(), exception->value());
    } else if (linked)
        noteLinked(realm, linked);
    RELEASE_AND_RETURN(scope, JSValue::encode(isAsync));
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
