#include "registry.h"

#include "InterpreterInlines.h"
#include "JSMapInlines.h"

using namespace JSC;

namespace Bridge {

static JSFunction* ensureRegistered(jsb_realm& realm)
{
    VM& vm = *realm.vm;
    auto* loader = realm.globalObject->moduleLoader();
    return jsCast<JSFunction*>(loader->getDirect(vm, vm.propertyNames->builtinNames().ensureRegisteredPublicName()));
}

static JSMap* registryOf(jsb_realm& realm)
{
    VM& vm = *realm.vm;
    return jsCast<JSMap*>(realm.globalObject->moduleLoader()->getDirect(vm, Identifier::fromString(vm, "registry"_s)));
}

Registry::Registry(jsb_realm& realm)
    : m_realm(realm)
    , m_map(registryOf(realm))
    , m_ensureRegistered(realm.globalObject.get(), ensureRegistered(realm), 2)
{
}

JSObject* Registry::entry(const String& key, bool isJSON)
{
    VM& vm = *m_realm.vm;
    auto* keyString = jsString(vm, key);
    auto* globalObject = m_realm.globalObject.get();
    bool isNew = !isJSON && m_map->get(globalObject, keyString).isUndefined();
    if (isNew && m_structure) {
        auto* entry = copyOfFresh(keyString);
        putIntoRegistry(vm, globalObject, m_map, keyString, entry);
        return entry;
    }
    auto* entry = registered(keyString, isJSON);
    if (entry && isNew)
        learn(entry);
    return entry;
}

JSObject* Registry::registered(JSString* key, bool isJSON)
{
    VM& vm = *m_realm.vm;
    auto scope = DECLARE_CATCH_SCOPE(vm);
    m_ensureRegistered.clearArguments();
    m_ensureRegistered.appendArgument(key);
    m_ensureRegistered.appendArgument(entryType(vm, isJSON));
    m_ensureRegistered.setThis(m_realm.globalObject->moduleLoader());
    auto entry = m_ensureRegistered.call();
    if (scope.exception()) {
        scope.clearException();
        return nullptr;
    }
    return entry.getObject();
}

void Registry::learn(JSObject* entry)
{
    VM& vm = *m_realm.vm;
    auto* structure = entry->structure();
    m_key = structure->get(vm, Identifier::fromString(vm, "key"_s));
    if (entry->type() != FinalObjectType || structure->isDictionary() || structure->outOfLineSize() || !isValidOffset(m_key))
        return;
    for (PropertyOffset offset = 0; offset <= structure->maxOffset(); ++offset)
        m_fresh.append(entry->getDirect(offset));
    m_structure = structure;
}

JSObject* Registry::copyOfFresh(JSString* key)
{
    VM& vm = *m_realm.vm;
    auto* entry = JSFinalObject::create(vm, m_structure);
    for (size_t i = 0; i < m_fresh.size(); ++i)
        entry->putDirectOffset(vm, static_cast<PropertyOffset>(i), m_fresh[i]);
    entry->putDirectOffset(vm, m_key, key);
    return entry;
}

EntryField::EntryField(VM& vm, ASCIILiteral name)
    : m_vm(vm)
    , m_name(Identifier::fromString(vm, name))
{
}

void EntryField::set(JSObject* entry, JSValue value)
{
    auto* structure = entry->structure();
    if (structure != m_structure) {
        m_structure = structure;
        m_offset = structure->isDictionary() ? invalidOffset : structure->get(m_vm, m_name);
    }
    if (!isValidOffset(m_offset)) {
        entry->putDirect(m_vm, m_name, value);
        return;
    }
    structure->didReplaceProperty(m_offset);
    entry->putDirectOffset(m_vm, m_offset, value);
}

} // namespace Bridge
