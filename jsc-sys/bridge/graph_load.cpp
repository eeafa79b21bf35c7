// Loading a graph: the records of a pack in one pass, then the whole closure, from the pack, from entries and from what was
// analyzed. Every request is resolved beforehand, and the names that the pack knows. The loader gets the closure when it is
// built.

#include "built_pack.h"
#include "image_names.h"
#include "insertion_order.h"
#include "loader/loader.h"
#include "loading.h"
#include "module_code.h"
#include "private_access.h"
#include "source.h"
#include "star_names.h"

#include "SyntheticModuleRecord.h"

using namespace JSC;

namespace Bridge {

namespace {

Vector<Identifier> namesOf(VM& vm, const GraphView& view)
{
    Vector<Identifier> names;
    names.reserveInitialCapacity(view.strings.size());
    for (auto& string : view.strings)
        names.append(identifierOf(vm, view.characters, string));
    return names;
}

JSModuleRecord* buildFromPack(jsb_realm& realm, const Identifier& key, const jsb_cached_module& cached, std::span<const Identifier> names)
{
    auto source = ModuleSource::create(realm, key.string(), cached);
    if (!decodeModuleCode(realm, source))
        return nullptr;
    auto* record = rebuild(realm, key, source, names);
    if (realm.host.compare)
        compareRecords(realm, key, source, record);
    return record;
}

// Null when the engine does not take it.
std::unique_ptr<BuiltPack> buildPack(jsb_realm& realm, jsb_bytes image, const jsb_cached_module* modules)
{
    VM& vm = *realm.vm;
    GraphView view(image);
    auto pack = std::unique_ptr<BuiltPack>(new BuiltPack { view, namesOf(vm, view), { } });
    pack->records.reserveInitialCapacity(view.modules.size());
    for (size_t i = 0; i < view.modules.size(); ++i) {
        if (view.modules[i].kind == JSB_GRAPH_JSON) {
            pack->records.append({ });
            continue;
        }
        auto* record = buildFromPack(realm, pack->names[view.modules[i].key], modules[i], pack->names.span());
        if (!record)
            return nullptr;
        pack->records.append({ vm, record });
    }
    return pack;
}

class ClosureBuilder {
public:
    // Without parts, the graph is the pack's.
    ClosureBuilder(jsb_realm& realm, jsb_bytes image, const jsb_cached_module* modules, const jsb_graph_part* parts)
        : m_realm(realm)
        , m_vm(*realm.vm)
        , m_globalObject(realm.globalObject.get())
        , m_pack(realm.builtPack.get())
        , m_view(image)
        , m_modules(modules)
        , m_parts(parts)
    {
    }

    // Null when the engine does not take it.
    std::unique_ptr<Closure> build()
    {
        Vector<AbstractModuleRecord*> fromPack(m_pack ? m_pack->records.size() : 0, nullptr);
        for (size_t i = 0; i < m_view.modules.size(); ++i) {
            auto& module = m_view.modules[i];
            auto* record = build(module, i);
            if (!record)
                return nullptr;
            m_closure->records.append(record);
            if (auto packed = partOf(i).packed; packed < fromPack.size())
                fromPack[packed] = record;
        }
        connect();
        resolve(fromPack);
        // What else a pack knows, it knows of all names.
        if (m_parts)
            resolveStars(*m_closure, [&](size_t i) { return !(partOf(i).packed < fromPack.size() && partOf(i).keeps_names); });
        return JSB_MOVE(m_closure);
    }

private:
    jsb_graph_part partOf(size_t i) const { return m_parts ? m_parts[i] : jsb_graph_part { static_cast<uint32_t>(i), 1 }; }

    // Null when there is no such module.
    AbstractModuleRecord* build(const jsb_graph_module& module, size_t i)
    {
        if (module.kind == JSB_GRAPH_JAVASCRIPT) {
            auto packed = partOf(i).packed;
            RELEASE_ASSERT(m_pack && packed < m_pack->records.size());
            m_realm.statistics.modules++;
            return withItsSource(m_pack->records[packed].get());
        }
        auto key = m_parts ? identifierOf(m_vm, m_view.characters, m_view.strings[module.key]) : m_pack->names[module.key];
        if (module.kind == JSB_GRAPH_JSON)
            return buildJSON(key);
        m_realm.statistics.modules++;
        if (module.kind == JSB_GRAPH_ANALYZED)
            return withItsSource(m_realm.analyzed.get(key.string()).get());
        // When the engine does not take an entry, its module is parsed.
        auto source = ModuleSource::create(m_realm, key.string(), m_modules[i]);
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

    // What each request leads to.
    void connect()
    {
        auto edges = m_view.edges;
        for (auto& module : m_view.modules) {
            m_closure->requested.append(Vector<uint32_t>(edges.first(module.edges)));
            edges = edges.subspan(module.edges);
        }
    }

    // What each name leads to, as far as the pack knows and it is still true.
    void resolve(const Vector<AbstractModuleRecord*>& fromPack)
    {
        Vector<bool> keepsNames(fromPack.size(), false);
        for (size_t i = 0; i < m_view.modules.size(); ++i) {
            auto part = partOf(i);
            if (part.packed < fromPack.size())
                keepsNames[part.packed] = part.keeps_names;
        }
        auto rest = m_pack ? m_pack->view.resolutions : std::span<const jsb_graph_resolution> { };
        for (size_t packed = 0; packed < fromPack.size(); ++packed) {
            auto own = rest.first(m_pack->view.modules[packed].resolutions);
            rest = rest.subspan(own.size());
            if (!keepsNames[packed])
                continue;
            auto& resolutions = fromPack[packed]->*reveal(RecordResolutions { });
            reserve(resolutions, own.size());
            for (auto& resolution : own) {
                if (auto* target = fromPack[resolution.module]) {
                    resolutions.add(m_pack->names[resolution.name].impl(), AbstractModuleRecord::Resolution {
                        AbstractModuleRecord::Resolution::Type::Resolved, target, localName(resolution.local_name) });
                }
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
            return m_pack->names[index];
        }
    }

    jsb_realm& m_realm;
    VM& m_vm;
    JSGlobalObject* m_globalObject;
    const BuiltPack* m_pack;
    GraphView m_view;
    const jsb_cached_module* m_modules;
    const jsb_graph_part* m_parts;
    std::unique_ptr<Closure> m_closure { std::make_unique<Closure>() };
};

} // namespace

} // namespace Bridge

using namespace Bridge;

uint32_t jsb_realm_build_pack(jsb_realm* realm, jsb_bytes graph, const jsb_cached_module* modules)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    if (!realm->globalObject->defaultCodeGenerationMode().isEmpty())
        return 0;
    DeferGC deferGC(vm);
    realm->builtPack = buildPack(*realm, graph, modules);
    return !!realm->builtPack;
}

uint32_t jsb_realm_prepare_graph(jsb_realm* realm, jsb_bytes graph, const jsb_cached_module* modules, const jsb_graph_part* parts)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    if (!realm->globalObject->defaultCodeGenerationMode().isEmpty())
        return 0;
    // What the loader does not know yet lies in memory that the garbage collector does not look at.
    DeferGC deferGC(vm);
    auto modulesBefore = realm->statistics.modules;
    auto closure = ClosureBuilder(*realm, graph, modules, parts).build();
    realm->builtPack = nullptr;
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
