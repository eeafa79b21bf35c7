// The loader's registry: an entry for each module, as ensureRegistered and newRegistryEntry (builtins/ModuleLoader.js) make
// and keep them.

#pragma once

#include "realm.h"

namespace Bridge {

class Registry {
    WTF_MAKE_NONCOPYABLE(Registry);
    WTF_FORBID_HEAP_ALLOCATION;
public:
    explicit Registry(jsb_realm&);

    // The properties of an entry, in their order. Engines that keep entries by key alone have no type.
    enum class Field : uint8_t { Key, Type, State, Fetch, Instantiate, Satisfy, IsSatisfied, Dependencies, Module, LinkError, LinkSucceeded, Evaluated, Then, IsAsync };

    // The entry of a module; null if there is none.
    JSC::JSObject* find(const String& key, bool isJSON) const;

    // Whether it has no entries at all.
    bool isEmpty() const;

    // A new entry that the registry does not have yet. Its dependencies are left undefined: they are to be set anyway.
    JSC::JSObject* create(const String& key, bool isJSON) const;

    // Takes an entry in; the module must have none.
    void add(JSC::JSObject* entry, bool isJSON);

    // Whether an entry that the loader made has the properties that `add` gives its own, in the same places.
    bool isFamiliar(JSC::JSObject* entry) const;

    // Whether a module with this entry, which must be familiar, has gone through the loader in the way that a pack leads it,
    // if only until it could not be linked.
    bool isSettled(JSC::JSObject* entry) const;

    // The entry must be familiar.
    static void set(JSC::VM&, JSC::JSObject* entry, Field, JSC::JSValue);

private:
    JSC::JSString* type(bool isJSON) const { return isJSON ? m_json : m_javaScript; }

    jsb_realm& m_realm;
    JSC::JSMap* m_map;
    JSC::JSString* m_javaScript;
    JSC::JSString* m_json;
    JSC::Structure* m_structure;
};

} // namespace Bridge
