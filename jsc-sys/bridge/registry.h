// The loader's registry: an entry for each module, as builtins/ModuleLoader.js makes and keeps them.

#pragma once

#include "realm.h"

#include "CachedCall.h"
#include "VMEntryScopeInlines.h"

namespace Bridge {

// While one of these lives, nothing else may be loaded, and the garbage collector must not run: it does not look here.
class Registry {
    WTF_MAKE_NONCOPYABLE(Registry);
    WTF_FORBID_HEAP_ALLOCATION;
public:
    explicit Registry(jsb_realm&);

    // The entry for a module, made if there is none; null when that throws, with no exception pending.
    JSC::JSObject* entry(const String& key, bool isJSON);

private:
    JSC::JSObject* registered(JSC::JSString* key, bool isJSON);
    void learn(JSC::JSObject* entry);
    JSC::JSObject* copyOfFresh(JSC::JSString* key);

    jsb_realm& m_realm;
    JSC::JSMap* m_map;
    // Of the loader's ensureRegistered: entering the VM anew for each module costs as much as the call itself.
    JSC::CachedCall m_ensureRegistered;
    // The first entry as ensureRegistered made it, for others to be copied from: its structure and all that it held. Null if
    // it is of a kind that this cannot copy.
    JSC::Structure* m_structure { nullptr };
    Vector<JSC::JSValue> m_fresh;
    JSC::PropertyOffset m_key { JSC::invalidOffset };
};

// A property that every entry has. Finding its place once is worth it: a graph has hundreds of entries.
class EntryField {
public:
    EntryField(JSC::VM&, ASCIILiteral name);

    void set(JSC::JSObject* entry, JSC::JSValue);

private:
    JSC::VM& m_vm;
    JSC::Identifier m_name;
    JSC::Structure* m_structure { nullptr };
    JSC::PropertyOffset m_offset { JSC::invalidOffset };
};

} // namespace Bridge
