// Loading a graph from a pack: every record built, every request and name resolved beforehand, nothing parsed. The loader gets
// the closure when it is built.

#include "image_names.h"
#include "insertion_order.h"
#include "loader/loader.h"
#include "loading.h"
#include "module_code.h"
#include "private_access.h"
#include "source.h"

#include "SyntheticModuleRecord.h"

using namespace JSC;

namespace Bridge {

namespace {

// The arrays of a graph image.
struct GraphView {
    explicit GraphView(jsb_bytes image)
    {
        auto& header = *reinterpret_cast<const jsb_graph_header*>(image.data);
        auto* position = image.data + sizeof(jsb_graph_header);
        auto take = [&]<typename Item>(std::span<const Item>& items, uint32_t count) {
            items = { reinterpret_cast<const Item*>(position), count };
            position += items.size_bytes();
        };
        take(strings, header.strings);
        take(modules, header.modules);
        take(edges, header.edges);
        take(resolutions, header.resolutions);
        characters = position;
    }

    std::span<const jsb_image_string> strings;
    std::span<const jsb_graph_module> modules;
    std::span<const uint32_t> edges;
    std::span<const jsb_graph_resolution> resolutions;
    const uint8_t* characters;
};

class ClosureBuilder {
public:
    ClosureBuilder(jsb_realm& realm, jsb_bytes image, const jsb_cached_module* modules)
        : m_realm(realm)
        , m_vm(*realm.vm)
        , m_globalObject(realm.globalObject.get())
        , m_view(image)
        , m_modules(modules)
    {
    }

    // Null when the engine does not take it.
    std::unique_ptr<Closure> build()
    {
        m_names.reserveInitialCapacity(m_view.strings.size());
        for (auto& string : m_view.strings)
            m_names.append(identifierOf(m_vm, m_view.characters, string));
        for (size_t i = 0; i < m_view.modules.size(); ++i) {
            auto& key = m_names[m_view.modules[i].key];
            auto* record = build(key, m_view.modules[i].kind, m_modules[i]);
            if (!record)
                return nullptr;
            m_closure->records.append(record);
        }
        resolve();
        return JSB_MOVE(m_closure);
    }

private:
    // Null when there is no such module.
    AbstractModuleRecord* build(const Identifier& key, uint32_t kind, const jsb_cached_module& cached)
    {
        if (kind == JSB_GRAPH_JSON)
            return buildJSON(key);
        m_realm.statistics.modules++;
        switch (kind) {
        case JSB_GRAPH_ENTRY:
            return buildFromEntry(key, cached);
        case JSB_GRAPH_ANALYZED:
            return withItsSource(m_realm.analyzed.get(key.string()).get());
        default:
            return buildFromPack(key, cached);
        }
    }

    AbstractModuleRecord* buildFromPack(const Identifier& key, const jsb_cached_module& cached)
    {
        auto source = ModuleSource::create(m_realm, key.string(), cached);
        m_closure->sources.append(source.ptr());
        if (!decodeModuleCode(m_realm, source))
            return nullptr;
        auto* record = rebuild(m_realm, key, source, m_names.span());
        if (m_realm.host.compare)
            compareRecords(m_realm, key, source, record);
        return record;
    }

    // When the engine does not take an entry, its module is parsed.
    AbstractModuleRecord* buildFromEntry(const Identifier& key, const jsb_cached_module& cached)
    {
        auto source = ModuleSource::create(m_realm, key.string(), cached);
        auto* record = recordFromCache(m_realm, key, source);
        return withItsSource(record ? record : analyze(m_realm, key, source));
    }

    AbstractModuleRecord* withItsSource(JSModuleRecord* record)
    {
        m_closure->sources.append(record ? moduleSource(record->sourceCode()) : nullptr);
        return record;
    }

    AbstractModuleRecord* buildJSON(const Identifier& key)
    {
        auto scope = JSB_CATCH_SCOPE(m_vm);
        m_closure->sources.append(nullptr);
        auto* source = fetchSource(m_globalObject, key.string(), RequestType::JSON);
        AbstractModuleRecord* record = nullptr;
        if (!scope.exception())
            record = SyntheticModuleRecord::parseJSONModule(m_globalObject, key, SourceCode { source->sourceCode() });
        if (scope.exception()) {
            scope.clearException();
            return nullptr;
        }
        return record;
    }

    // What each request and each name leads to.
    void resolve()
    {
        auto edge = m_view.edges.begin();
        auto resolution = m_view.resolutions.begin();
        for (size_t i = 0; i < m_view.modules.size(); ++i) {
            auto& module = m_view.modules[i];
            m_closure->requested.append(Vector<uint32_t>(m_view.edges.subspan(edge - m_view.edges.begin(), module.edges)));
            edge += module.edges;
            auto& resolutions = m_closure->records[i]->*reveal(RecordResolutions { });
            reserve(resolutions, module.resolutions);
            for (uint32_t j = 0; j < module.resolutions; ++j, ++resolution) {
                resolutions.add(m_names[resolution->name].impl(), AbstractModuleRecord::Resolution {
                    AbstractModuleRecord::Resolution::Type::Resolved, m_closure->records[resolution->module], localName(resolution->local_name) });
            }
        }
    }

    const Identifier& localName(uint32_t index) const
    {
        switch (index) {
        case JSB_NAME_STAR_NAMESPACE:
            return m_vm.propertyNames->starNamespacePrivateName;
        case JSB_NAME_STAR_DEFAULT:
            return m_vm.propertyNames->starDefaultPrivateName;
        default:
            return m_names[index];
        }
    }

    jsb_realm& m_realm;
    VM& m_vm;
    JSGlobalObject* m_globalObject;
    GraphView m_view;
    const jsb_cached_module* m_modules;
    std::unique_ptr<Closure> m_closure { std::make_unique<Closure>() };
    Vector<Identifier> m_names;
};

} // namespace

} // namespace Bridge

using namespace Bridge;

uint32_t jsb_realm_prepare_graph(jsb_realm* realm, jsb_bytes graph, const jsb_cached_module* modules)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    if (!realm->globalObject->defaultCodeGenerationMode().isEmpty())
        return 0;
    // What the loader does not know yet lies in memory that the garbage collector does not look at.
    DeferGC deferGC(vm);
    auto modulesBefore = realm->statistics.modules;
    auto closure = ClosureBuilder(*realm, graph, modules).build();
    if (!closure || !realm->loader->prepare(JSB_MOVE(closure))) {
        realm->statistics.modules = modulesBefore;
        return 0;
    }
    realm->analyzed.clear();
    return 1;
}

void jsb_realm_evaluate_graph(jsb_realm* realm)
{
    JSLockHolder lock(*realm->vm);
    realm->loader->evaluatePrepared();
}
