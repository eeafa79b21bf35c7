#include "observe.h"

#include "observe_values.h"
#include "text.h"

#include "JSModuleNamespaceObject.h"

using namespace JSC;

namespace Bridge {

size_t Observer::evaluating(AbstractModuleRecord* record)
{
    bool isNew = m_evaluated.add(record).isNewEntry;
    evaluations.append({ record, !isNew, false });
    return evaluations.size() - 1;
}

// One observation of one realm.
class Observation {
public:
    Observation(jsb_realm& realm, const jsb_observe_limits& limits)
        : m_realm(realm)
        , m_globalObject(realm.globalObject.get())
        , m_builtins(m_globalObject)
        , m_values(m_globalObject, limits, m_builtins, m_out)
    {
    }

    std::span<const uint8_t> make(std::span<const uint32_t> order)
    {
        modules(order);
        evaluations();
        imports();
        m_values.value(m_realm.observer->uncaught.get());
        builtins();
        m_values.describe();
        return m_out.span();
    }

private:
    void modules(std::span<const uint32_t> order)
    {
        VM& vm = *m_realm.vm;
        m_out.u32(order.size());
        for (uint32_t index : order) {
            auto* record = m_realm.observer->records[index].get();
            m_indices.set(record, m_indices.size());
            m_out.text(record->moduleKey().string());
            m_out.u8(record->inherits<JSModuleRecord>());
            auto* moduleNamespace = record->getModuleNamespace(m_globalObject);
            auto scope = JSB_CATCH_SCOPE(vm);
            scope.clearException();
            m_values.value(moduleNamespace ? JSValue(moduleNamespace) : JSValue());
            auto meta = m_realm.observer->metas.find(record);
            m_values.value(meta == m_realm.observer->metas.end() ? JSValue() : JSValue(meta->value.get()));
        }
    }

    void evaluations()
    {
        auto& evaluations = m_realm.observer->evaluations;
        m_out.u32(evaluations.size());
        for (auto& evaluation : evaluations) {
            auto found = m_indices.find(evaluation.record);
            m_out.u32(found == m_indices.end() ? 0xFFFFFFFF : found->value);
            m_out.u8((evaluation.resumed ? 1 : 0) | (evaluation.threw ? 2 : 0));
        }
    }

    void imports()
    {
        auto& imports = m_realm.observer->imports;
        m_out.u32(imports.size());
        for (auto& import : imports) {
            m_out.text(import.referrer);
            m_out.text(import.specifier);
            m_out.u8(import.type);
            m_values.promise(import.promise.get());
        }
    }

    void builtins()
    {
        for (auto& change : m_builtins.changes()) {
            m_out.u8(1);
            m_out.text(change.path);
            m_out.u8(static_cast<uint8_t>(change.what));
            if (change.owner)
                m_values.property(change.owner, change.name);
        }
        m_out.u8(0);
    }

    jsb_realm& m_realm;
    JSGlobalObject* m_globalObject;
    ObservationBytes m_out;
    Builtins m_builtins;
    ObservedValues m_values;
    HashMap<AbstractModuleRecord*, uint32_t> m_indices;
};

} // namespace Bridge

void jsb_realm_start_observing(jsb_realm* realm, uint32_t seed)
{
    JSLockHolder lock(*realm->vm);
    realm->observer = std::make_unique<Bridge::Observer>();
    realm->globalObject->weakRandom().setSeed(seed);
}

void jsb_realm_linked_modules(jsb_realm* realm, jsb_take_text take, void* context)
{
    for (auto& record : realm->observer->records) {
        auto key = record->moduleKey().utf8();
        take(context, { reinterpret_cast<const uint8_t*>(key.data()), key.length() });
    }
}

void jsb_realm_observe(jsb_realm* realm, const uint32_t* order, size_t count, const jsb_observe_limits* limits, jsb_take_text take, void* context)
{
    JSLockHolder lock(*realm->vm);
    Bridge::Observation observation(*realm, *limits);
    auto bytes = observation.make({ order, count });
    take(context, { bytes.data(), bytes.size() });
}
