#include "registry.h"

using namespace JSC;

namespace Bridge {

namespace {

using Field = Registry::Field;

constexpr std::array names {
    "key"_s, "type"_s, "state"_s, "fetch"_s, "instantiate"_s, "satisfy"_s, "isSatisfied"_s, "dependencies"_s, "module"_s,
    "linkError"_s, "linkSucceeded"_s, "evaluated"_s, "then"_s, "isAsync"_s,
};

static_assert(names.size() == static_cast<size_t>(Field::IsAsync) + 1);

// A new entry's properties lie in the order in which they were added.
constexpr PropertyOffset offset(Field field)
{
    auto index = static_cast<PropertyOffset>(field);
    return registryKeepsTypes || field < Field::Type ? index : index - 1;
}

JSMap* registryOf(jsb_realm& realm)
{
    VM& vm = *realm.vm;
    return checkedCast<JSMap>(realm.globalObject->moduleLoader()->getDirect(vm, Identifier::fromString(vm, "registry"_s)));
}

// Undefined when there is none.
JSValue registeredEntry(JSGlobalObject* globalObject, JSMap* registry, JSString* key, JSString* type)
{
    auto found = registry->get(globalObject, key);
    if constexpr (!registryKeepsTypes)
        return found;
    auto* byType = dynamicCast<JSMap>(found);
    return byType ? byType->get(globalObject, type) : jsUndefined();
}

// What an object literal with these properties has, but for the room that it leaves for more.
Structure* entryStructure(jsb_realm& realm)
{
    VM& vm = *realm.vm;
    auto* globalObject = realm.globalObject.get();
    auto* structure = globalObject->structureCache().emptyObjectStructureForPrototype(globalObject, globalObject->objectPrototype(), offset(Field::IsAsync) + 1);
    for (size_t i = 0; i < names.size(); ++i) {
        auto field = static_cast<Field>(i);
        if (field == Field::Type && !registryKeepsTypes)
            continue;
        PropertyOffset added;
        structure = Structure::addPropertyTransition(vm, structure, Identifier::fromString(vm, names[i]), 0, added);
        RELEASE_ASSERT(added == offset(field));
    }
    return structure;
}

} // namespace

Registry::Registry(jsb_realm& realm)
    : m_realm(realm)
    , m_map(registryOf(realm))
    , m_javaScript(jsNontrivialString(*realm.vm, "js-wasm"_s))
    , m_json(jsNontrivialString(*realm.vm, "json"_s))
    , m_structure(entryStructure(realm))
{
}

JSObject* Registry::find(const String& key, bool isJSON) const
{
    return registeredEntry(m_realm.globalObject.get(), m_map, jsString(*m_realm.vm, key), type(isJSON)).getObject();
}

bool Registry::isEmpty() const
{
    return !m_map->size();
}

JSObject* Registry::create(const String& key, bool isJSON) const
{
    VM& vm = *m_realm.vm;
    auto* entry = constructEmptyObject(vm, m_structure);
    auto initialize = [&](Field field, JSValue value) { entry->putDirectOffset(vm, offset(field), value); };
    for (auto field : { Field::Fetch, Field::Instantiate, Field::Satisfy, Field::Dependencies, Field::Module, Field::LinkError, Field::Then })
        initialize(field, jsUndefined());
    for (auto field : { Field::IsSatisfied, Field::Evaluated, Field::IsAsync })
        initialize(field, jsBoolean(false));
    initialize(Field::Key, jsString(vm, key));
    if (registryKeepsTypes)
        initialize(Field::Type, type(isJSON));
    initialize(Field::State, jsNumber(static_cast<unsigned>(JSModuleLoader::Status::Fetch)));
    initialize(Field::LinkSucceeded, jsBoolean(true));
    return entry;
}

void Registry::add(JSObject* entry, bool isJSON)
{
    auto* globalObject = m_realm.globalObject.get();
    auto key = entry->getDirect(offset(Field::Key));
    if constexpr (!registryKeepsTypes)
        m_map->set(globalObject, key, entry);
    else {
        auto* byType = dynamicCast<JSMap>(m_map->get(globalObject, key));
        if (!byType) {
            byType = JSMap::create(globalObject->vm(), globalObject->mapStructure());
            m_map->set(globalObject, key, byType);
        }
        byType->set(globalObject, type(isJSON), entry);
    }
}

bool Registry::isFamiliar(JSObject* entry) const
{
    VM& vm = *m_realm.vm;
    auto* structure = entry->structure();
    if (structure == m_structure)
        return true;
    auto properties = [&](Structure* structure) {
        Vector<std::tuple<UniquedStringImpl*, PropertyOffset, unsigned>> properties;
        structure->forEachProperty(vm, [&](const PropertyTableEntry& entry) {
            properties.append({ entry.key(), entry.offset(), entry.attributes() });
            return true;
        });
        return properties;
    };
    return entry->type() == FinalObjectType && !structure->isDictionary() && structure->storedPrototype() == m_structure->storedPrototype()
        && properties(structure) == properties(m_structure);
}

bool Registry::isSettled(JSObject* entry) const
{
    auto value = [&](Field field) { return entry->getDirect(offset(field)); };
    bool isLinked = value(Field::LinkSucceeded).isTrue() && value(Field::LinkError).isUndefined();
    return value(Field::IsSatisfied).isTrue() && value(Field::Then).isUndefined() && (isLinked || value(Field::LinkSucceeded).isFalse());
}

void Registry::set(VM& vm, JSObject* entry, Field field, JSValue value)
{
    entry->structure()->didReplaceProperty(offset(field));
    entry->putDirectOffset(vm, offset(field), value);
}

} // namespace Bridge
