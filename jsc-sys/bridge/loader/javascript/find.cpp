// The static closure of a module that the loader has.

#include "javascript_loader.h"
#include "registry.h"

using namespace JSC;

namespace Bridge {

namespace {

// Walks a graph over its registry entries, depth first, requests in order.
class GraphWalk {
public:
    explicit GraphWalk(VM& vm)
        : m_vm(vm)
        , m_dependencies(Identifier::fromString(vm, "dependencies"_s))
        , m_module(Identifier::fromString(vm, "module"_s))
    {
    }

    // False when something in the graph has not been loaded.
    bool walk(JSObject* entry)
    {
        if (!push(entry))
            return false;
        while (!m_stack.isEmpty()) {
            auto& top = m_stack.last();
            if (top.next == top.dependencies->length()) {
                m_indices.set(top.entry, static_cast<uint32_t>(m_entries.size()));
                m_entries.append(top.entry);
                m_stack.removeLast();
                continue;
            }
            auto* dependency = top.dependencies->getIndexQuickly(top.next++).getObject();
            if (!dependency || (!m_seen.contains(dependency) && !push(dependency)))
                return false;
        }
        return true;
    }

    const Vector<JSObject*>& entries() const { return m_entries; }

    // The modules that were found, each after those it requests.
    Vector<LoadedModule> modules() const
    {
        return m_entries.map([&](auto* entry) {
            LoadedModule module { recordOf(entry), { } };
            auto* dependencies = dependenciesOf(entry);
            for (unsigned i = 0; i < dependencies->length(); ++i)
                module.requested.append(m_indices.get(dependencies->getIndexQuickly(i).getObject()));
            return module;
        });
    }

private:
    struct Frame {
        JSObject* entry;
        JSArray* dependencies;
        unsigned next;
    };

    AbstractModuleRecord* recordOf(JSObject* entry) const { return dynamicCast<AbstractModuleRecord>(entry->getDirect(m_vm, m_module)); }
    JSArray* dependenciesOf(JSObject* entry) const { return dynamicCast<JSArray>(entry->getDirect(m_vm, m_dependencies)); }

    bool push(JSObject* entry)
    {
        m_seen.add(entry);
        auto* dependencies = dependenciesOf(entry);
        if (!recordOf(entry) || !dependencies)
            return false;
        m_stack.append({ entry, dependencies, 0 });
        return true;
    }

    VM& m_vm;
    Identifier m_dependencies;
    Identifier m_module;
    Vector<Frame> m_stack;
    UncheckedKeyHashSet<JSObject*> m_seen;
    UncheckedKeyHashMap<JSObject*, uint32_t> m_indices;
    Vector<JSObject*> m_entries;
};

} // namespace

uint32_t JavaScriptLoader::find(const String& key, Vector<LoadedModule>& found)
{
    registerPrepared();
    Registry registry(m_realm);
    auto* entry = registry.find(key, false);
    GraphWalk walk(*m_realm.vm);
    if (!entry || !walk.walk(entry))
        return JSB_CAPTURE_NOT_LOADED;
    if (!std::ranges::all_of(walk.entries(), [&](auto* entry) { return registry.isFamiliar(entry); }))
        return JSB_CAPTURE_UNFAMILIAR;
    if (!std::ranges::all_of(walk.entries(), [&](auto* entry) { return registry.isSettled(entry); }))
        return JSB_CAPTURE_NOT_LOADED;
    found = walk.modules();
    return JSB_CAPTURE_OK;
}

} // namespace Bridge
