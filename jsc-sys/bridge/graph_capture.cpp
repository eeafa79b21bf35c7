// Capturing a graph that has been loaded.

#include "called_code.h"
#include "image_names.h"
#include "loader/loader.h"
#include "loading.h"
#include "module_code.h"
#include "private_access.h"
#include "record_image.h"
#include "source.h"

#include "SyntheticModuleRecord.h"

using namespace JSC;

namespace Bridge {

namespace {

// Whether a pack can hold the module: JavaScript or JSON, and no request that asks for anything else.
bool isSupported(AbstractModuleRecord* record)
{
    if (dynamicCast<SyntheticModuleRecord>(record))
        return true;
    if (!dynamicCast<JSModuleRecord>(record))
        return false;
    return std::ranges::all_of(record->requestedModules(), [](auto& request) {
        return !request.m_attributes || request.m_attributes->type() == RequestType::JSON;
    });
}

Vector<jsb_graph_resolution> resolutionsOf(AbstractModuleRecord* record, const UncheckedKeyHashMap<AbstractModuleRecord*, uint32_t>& indices, ImageNames& names)
{
    struct Found {
        UniquedStringImpl* name;
        uint32_t module;
        const Identifier* localName;
    };
    Vector<Found> found;
    for (auto& pair : record->*reveal(RecordResolutions { })) {
        auto module = indices.find(pair.value.moduleRecord);
        if (pair.value.type == AbstractModuleRecord::Resolution::Type::Resolved && module != indices.end())
            found.append({ pair.key.get(), module->value, &pair.value.localName });
    }
    std::ranges::sort(found, [](auto& a, auto& b) { return is_lt(codePointCompare(StringView(a.name), StringView(b.name))); });
    return found.map([&](auto& it) {
        uint32_t name = names.add(it.name);
        return jsb_graph_resolution { name, it.module, names.add(*it.localName) };
    });
}

// Null when it holds a name that an image cannot.
std::optional<Vector<uint8_t>> graphImage(VM& vm, const Vector<LoadedModule>& captured)
{
    UncheckedKeyHashMap<AbstractModuleRecord*, uint32_t> indices;
    for (auto& module : captured)
        indices.set(module.record, static_cast<uint32_t>(indices.size()));

    ImageNames names(vm);
    Vector<jsb_graph_module> modules;
    Vector<uint32_t> edges;
    Vector<jsb_graph_resolution> resolutions;
    for (auto& module : captured) {
        uint32_t key = names.add(module.record->moduleKey());
        bool isJSON = !dynamicCast<JSModuleRecord>(module.record);
        auto own = isJSON ? Vector<jsb_graph_resolution> { } : resolutionsOf(module.record, indices, names);
        modules.append({ key, static_cast<uint32_t>(isJSON ? JSB_GRAPH_JSON : JSB_GRAPH_JAVASCRIPT), static_cast<uint32_t>(module.requested.size()), static_cast<uint32_t>(own.size()) });
        edges.appendVector(module.requested);
        resolutions.appendVector(own);
    }
    if (names.foreignSymbol())
        return std::nullopt;

    jsb_graph_header header { };
    header.strings = names.strings().size();
    header.modules = modules.size();
    header.edges = edges.size();
    header.resolutions = resolutions.size();
    header.character_bytes = names.characters().size();
    Vector<uint8_t> image;
    image.append(asByteSpan(header));
    appendItems(image, names.strings());
    appendItems(image, modules);
    appendItems(image, edges);
    appendItems(image, resolutions);
    appendItems(image, names.characters());
    while (image.size() % 8)
        image.append(0);
    return image;
}

} // namespace

static uint32_t captureGraph(jsb_realm& realm, jsb_bytes key, jsb_take_text takeGraph, jsb_take_module takeModule, void* context)
{
    VM& vm = *realm.vm;
    Vector<LoadedModule> modules;
    if (auto status = realm.loader->find(String(latin1(key)), modules); status != JSB_CAPTURE_OK)
        return status;
    if (!std::ranges::all_of(modules, [](auto& module) { return isSupported(module.record); }))
        return JSB_CAPTURE_UNSUPPORTED;
    auto graph = graphImage(vm, modules);
    if (!graph)
        return JSB_CAPTURE_UNSUPPORTED;

    takeGraph(context, { graph->span().data(), graph->size() });
    for (auto& module : modules) {
        auto* record = dynamicCast<JSModuleRecord>(module.record);
        jsb_captured_module captured { };
        std::optional<Vector<uint8_t>> image;
        Vector<uint8_t> bytecode;
        auto* source = record ? moduleSource(record->sourceCode()) : nullptr;
        auto* code = source ? realm.keptCode.get(record).get() : nullptr;
        // What is cached of a module is where it came from; only what was called of it nobody else knows.
        if (source && source->isCached()) {
            if (code) {
                keepOnlyCalled(vm, *code, *source->decoderOfFunctions());
                bytecode = encodeModuleCode(vm, source->hash(), code);
                captured.bytecode = { bytecode.span().data(), bytecode.size() };
            }
        } else if (source) {
            auto text = source->source();
            captured.source = { text.length(), source->hash(), text.is8Bit() };
            if (code) {
                image = captureRecord(vm, *record, code->isAsync());
                if (!image)
                    return JSB_CAPTURE_UNSUPPORTED;
                bytecode = encodeModuleCode(vm, source->hash(), code);
                captured.image = { image->span().data(), image->size() };
                captured.bytecode = { bytecode.span().data(), bytecode.size() };
            }
        }
        takeModule(context, &captured);
    }
    return JSB_CAPTURE_OK;
}

} // namespace Bridge

void jsb_realm_keep_code(jsb_realm* realm)
{
    realm->keepsCode = true;
}

uint32_t jsb_realm_capture_graph(jsb_realm* realm, jsb_bytes key, jsb_take_text takeGraph, jsb_take_module takeModule, void* context)
{
    JSLockHolder lock(*realm->vm);
    return Bridge::captureGraph(*realm, key, takeGraph, takeModule, context);
}
