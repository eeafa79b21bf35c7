// Loading a graph from a pack: every record built, every request and name resolved beforehand, nothing parsed.
//
// The loader's registry is left as JSC's own loader (builtins/ModuleLoader.js) would have left it, so that whatever comes
// later, dynamic imports above all, finds what it would have found. Where the loader's own way differs from ours in what
// a program can see, its way is taken: a graph that waits, or one that does not link.

#include "image_names.h"
#include "insertion_order.h"
#include "loader.h"
#include "module_code.h"
#include "private_access.h"
#include "record_image.h"
#include "registry.h"

#include "SyntheticModuleRecord.h"
#include "VMEntryScopeInlines.h"

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

class GraphLoader {
public:
    GraphLoader(jsb_realm& realm, jsb_bytes image, const jsb_cached_module* modules)
        : m_realm(realm)
        , m_vm(*realm.vm)
        , m_globalObject(realm.globalObject.get())
        , m_view(image)
        , m_modules(modules)
        , m_registry(realm)
        , m_graph(std::make_unique<PreparedGraph>())
    {
    }

    // Null when the engine does not take it.
    std::unique_ptr<PreparedGraph> load()
    {
        // What is not in the registry yet lies in memory that the garbage collector does not look at.
        DeferGC deferGC(m_vm);
        m_names.reserveInitialCapacity(m_view.strings.size());
        for (auto& string : m_view.strings)
            m_names.append(identifierOf(m_vm, m_view.characters, string));
        if (!build())
            return nullptr;
        connect();
        link();
        return JSB_MOVE(m_graph);
    }

private:
    bool build()
    {
        for (size_t i = 0; i < m_view.modules.size(); ++i) {
            auto& key = m_names[m_view.modules[i].key];
            bool isJSON = m_view.modules[i].kind == JSB_GRAPH_JSON;
            auto* entry = m_registry.add(key.string(), isJSON);
            auto* record = isJSON ? buildJSON(key) : buildJavaScript(key, m_modules[i]);
            if (!entry || !record)
                return false;
            m_graph->records.append(record);
            m_graph->entries.append(entry);
        }
        return true;
    }

    AbstractModuleRecord* buildJavaScript(const Identifier& key, const jsb_cached_module& cached)
    {
        auto source = ModuleSource::create(m_realm, key.string(), cached);
        m_sources.append(source.ptr());
        if (!decodeModuleCode(m_realm, source))
            return nullptr;
        Stopwatch stopwatch(m_realm.statistics.rebuild_ns);
        m_realm.statistics.modules++;
        m_realm.statistics.rebuilt++;
        return rebuildRecord(m_globalObject, key, source->code(), cached.image, m_names.span());
    }

    AbstractModuleRecord* buildJSON(const Identifier& key)
    {
        auto scope = DECLARE_CATCH_SCOPE(m_vm);
        m_sources.append(nullptr);
        auto* source = fetchSource(m_globalObject, key.string(), ScriptFetchParameters::Type::JSON);
        AbstractModuleRecord* record = nullptr;
        if (!scope.exception())
            record = SyntheticModuleRecord::parseJSONModule(m_globalObject, key, SourceCode { source->sourceCode() });
        if (scope.exception()) {
            scope.clearException();
            return nullptr;
        }
        return record;
    }

    // What requestInstantiate, requestSatisfyUtil and cacheSatisfy leave in an entry, and what resolving leaves in a record.
    void connect()
    {
        using enum Registry::Field;
        Vector<JSValue> targets;
        auto edge = m_view.edges.begin();
        auto resolution = m_view.resolutions.begin();
        for (size_t i = 0; i < m_view.modules.size(); ++i) {
            auto* record = m_graph->records[i];
            auto* entry = m_graph->entries[i];
            uint32_t edges = m_view.modules[i].edges;
            auto* map = (record->*reveal(RecordDependencies { })).get();
            targets.shrink(0);
            m_graph->requested.append(Vector<uint32_t>(m_view.edges.subspan(edge - m_view.edges.begin(), edges)));
            for (uint32_t j = 0; j < edges; ++j, ++edge) {
                auto* target = m_graph->entries[*edge];
                targets.append(target);
                map->set(m_globalObject, jsString(m_vm, String { record->requestedModules()[j].m_specifier.get() }), target);
            }
            auto& resolutions = record->*reveal(RecordResolutions { });
            reserve(resolutions, m_view.modules[i].resolutions);
            for (uint32_t j = 0; j < m_view.modules[i].resolutions; ++j, ++resolution) {
                resolutions.add(m_names[resolution->name].impl(), AbstractModuleRecord::Resolution {
                    AbstractModuleRecord::Resolution::Type::Resolved, m_graph->records[resolution->module], localName(resolution->local_name) });
            }

            auto* promise = JSInternalPromise::create(m_vm, m_globalObject->internalPromiseStructure());
            fulfillPromise(m_vm, m_globalObject, promise, entry);
            for (auto field : { Fetch, Instantiate, Satisfy })
                Registry::set(m_vm, entry, field, promise);
            Registry::set(m_vm, entry, IsSatisfied, jsBoolean(true));
            Registry::set(m_vm, entry, Dependencies, constructArray(m_globalObject, static_cast<ArrayAllocationProfile*>(nullptr), targets.begin(), targets.size()));
            Registry::set(m_vm, entry, Module, record);
            Registry::set(m_vm, entry, State, jsNumber(static_cast<unsigned>(JSModuleLoader::Status::Link)));
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

    // What the loader's link does. A module that does not link is left to it, with all that come after.
    void link()
    {
        Stopwatch stopwatch(m_realm.statistics.link_ns);
        auto scope = DECLARE_CATCH_SCOPE(m_vm);
        Vector<bool> isAsync(m_view.modules.size(), false);
        auto edge = m_view.edges.begin();
        for (size_t i = 0; i < m_view.modules.size(); ++i) {
            CodeCacheScope codeCache(m_vm, m_sources[i]);
            bool waits = m_graph->records[i]->link(m_globalObject, jsUndefined()) == Synchronousness::Async;
            if (scope.exception()) {
                scope.clearException();
                return;
            }
            noteLinked(m_realm, m_graph->records[i]);
            for (uint32_t j = 0; j < m_view.modules[i].edges; ++j, ++edge)
                waits |= isAsync[*edge];
            isAsync[i] = waits;
            Registry::set(m_vm, m_graph->entries[i], Registry::Field::IsAsync, jsBoolean(waits));
            Registry::set(m_vm, m_graph->entries[i], Registry::Field::State, jsNumber(static_cast<unsigned>(JSModuleLoader::Status::Ready)));
        }
        m_graph->isLinked = true;
        m_graph->isAsync = isAsync.last();
    }

    jsb_realm& m_realm;
    VM& m_vm;
    JSGlobalObject* m_globalObject;
    GraphView m_view;
    const jsb_cached_module* m_modules;
    Registry m_registry;
    std::unique_ptr<PreparedGraph> m_graph;
    Vector<Identifier> m_names;
    Vector<ModuleSource*> m_sources;
};

// Evaluates a linked graph in which nothing waits, as the loader's moduleEvaluation does: depth first, requests in order,
// with no job in between. Like there, a module is marked as evaluated before those that it requests are: once one of them
// throws, the loader takes everything on the way to it for evaluated, and runs it no more.
void evaluateAll(jsb_realm& realm, PreparedGraph& graph)
{
    VM& vm = *realm.vm;
    auto scope = DECLARE_THROW_SCOPE(vm);
    auto* globalObject = realm.globalObject.get();
    auto* loader = globalObject->moduleLoader();
    // The VM is entered once, as it is when the loader's own JavaScript does this.
    VMEntryScope entered(vm, globalObject);

    struct Frame {
        uint32_t module;
        size_t next;
    };
    Vector<Frame> stack;
    Vector<bool> isMarked(graph.records.size(), false);
    auto enter = [&](uint32_t module) {
        isMarked[module] = true;
        Registry::set(vm, graph.entries[module], Registry::Field::Evaluated, jsBoolean(true));
        stack.append({ module, 0 });
    };
    enter(graph.records.size() - 1);
    while (!stack.isEmpty()) {
        auto& top = stack.last();
        auto& requested = graph.requested[top.module];
        if (top.next < requested.size()) {
            if (uint32_t module = requested[top.next++]; !isMarked[module])
                enter(module);
            continue;
        }
        auto* record = graph.records[top.module];
        stack.removeLast();
        loader->evaluate(globalObject, jsUndefined(), record, jsUndefined(), jsUndefined(), jsNumber(static_cast<int32_t>(JSGenerator::ResumeMode::NormalMode)));
        RETURN_IF_EXCEPTION(scope, void());
    }
}

} // namespace

} // namespace Bridge

using namespace Bridge;

uint32_t jsb_realm_prepare_graph(jsb_realm* realm, jsb_bytes graph, const jsb_cached_module* modules)
{
    JSLockHolder lock(*realm->vm);
    if (!realm->globalObject->defaultCodeGenerationMode().isEmpty())
        return 0;
    realm->graph = GraphLoader(*realm, graph, modules).load();
    return !!realm->graph;
}

void jsb_realm_evaluate_graph(jsb_realm* realm)
{
    VM& vm = *realm->vm;
    JSLockHolder lock(vm);
    auto scope = DECLARE_CATCH_SCOPE(vm);
    auto* globalObject = realm->globalObject.get();
    auto graph = std::exchange(realm->graph, nullptr);
    auto* promise = JSInternalPromise::create(vm, globalObject->internalPromiseStructure());
    realm->load.set(vm, promise);

    JSValue result = jsUndefined();
    if (graph->isLinked && !graph->isAsync)
        evaluateAll(*realm, *graph);
    else
        result = globalObject->moduleLoader()->linkAndEvaluateModule(globalObject, identifierToJSValue(vm, graph->records.last()->moduleKey()), jsUndefined());
    if (auto* exception = scope.exception()) {
        scope.clearException();
        rejectPromise(vm, globalObject, promise, exception->value());
        return;
    }
    promise->resolve(globalObject, result);
}
