#include "loading.h"

#include "generate.h"
#include "host.h"
#include "module_code.h"
#include "observe.h"
#include "private_access.h"
#include "record_image.h"
#include "source.h"
#include "text.h"

using namespace JSC;

namespace Bridge {

JSSourceCode* fetchSource(JSGlobalObject* globalObject, const String& key, RequestType type)
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
#if ENABLE(WEBASSEMBLY)
        Vector<uint8_t> bytes(std::span { reply.data.data, reply.data.length });
        return JSSourceCode::create(vm, SourceCode(WebAssemblySourceProvider::create(JSB_MOVE(bytes), SourceOrigin { URL { key } }, String { key })));
#else
        throwException(globalObject, scope, createTypeError(globalObject, makeString(key, " is WebAssembly, which this engine is built without"_s)));
        return nullptr;
#endif
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

ModuleSource* moduleSource(const SourceCode& code)
{
    auto* provider = code.provider();
    return provider && provider->sourceType() == SourceProviderSourceType::Module ? static_cast<ModuleSource*>(provider) : nullptr;
}

JSModuleRecord* rebuild(jsb_realm& realm, const Identifier& key, ModuleSource& source, std::span<const Identifier> sharedNames)
{
    Stopwatch stopwatch(realm.statistics.rebuild_ns);
    realm.statistics.rebuilt++;
    return rebuildRecord(realm.globalObject.get(), key, source.code(), source.image(), sharedNames);
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

JSModuleRecord* recordFromCache(jsb_realm& realm, const Identifier& key, ModuleSource& source)
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

JSModuleRecord* analyze(jsb_realm& realm, const Identifier& key, ModuleSource& source)
{
    auto& statistics = realm.statistics;
    auto before = statistics.analyze_ns;
    auto* record = [&] {
        Stopwatch stopwatch(statistics.analyze_ns);
        return parseRecord(realm.globalObject.get(), key, source.code()).record;
    }();
    source.forgetArrowNotes();
    if (record)
        statistics.analyses++;
    else
        statistics.analyze_ns = before; // The loader does it again, and counts it.
    return record;
}

JSModuleRecord* takeAnalyzed(jsb_realm& realm, const String& key)
{
    auto kept = realm.analyzed.take(key);
    return kept ? kept.get() : nullptr;
}

void noteLinked(jsb_realm& realm, AbstractModuleRecord* linked)
{
    VM& vm = *realm.vm;
    if (realm.observer)
        realm.observer->records.append({ vm, linked });
    auto* record = realm.keepsCode ? dynamicCast<JSModuleRecord>(linked) : nullptr;
    auto* source = record ? moduleSource(record->sourceCode()) : nullptr;
    if (source && (!source->isCached() || source->decoderOfFunctions()))
        realm.keptCode.set(record, Strong<UnlinkedModuleProgramCodeBlock> { vm, (record->*reveal(RecordExecutable { }))->unlinkedCodeBlock() });
}

} // namespace Bridge

using namespace Bridge;

uint32_t jsb_realm_analyze(jsb_realm* realm, jsb_bytes keyBytes, jsb_bytes bytes, jsb_take_request take, void* context)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    String keyText(latin1(keyBytes));
    auto source = ModuleSource::create(*realm, keyText, bytes);
    auto* record = source ? analyze(*realm, Identifier::fromString(vm, keyText), *source) : nullptr;
    if (!record)
        return 0;
    realm->analyzed.set(keyText, Strong<JSModuleRecord> { vm, record });
    for (auto& request : record->requestedModules()) {
        String specifier { request.m_specifier.get() };
        take(context, view(specifier), request.m_attributes ? static_cast<uint32_t>(request.m_attributes->type()) : JSB_TYPE_NONE);
    }
    return 1;
}
