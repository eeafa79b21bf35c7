// The values of a program, walked breadth first from whatever is named.

#pragma once

#include "observe_builtins.h"
#include "observe_bytes.h"

namespace Bridge {

class ObservedValues {
    WTF_MAKE_NONCOPYABLE(ObservedValues);
public:
    ObservedValues(JSC::JSGlobalObject* globalObject, const jsb_observe_limits& limits, const Builtins& builtins, ObservationBytes& out)
        : m_globalObject(globalObject)
        , m_limits(limits)
        , m_builtins(builtins)
        , m_out(out)
    {
    }

    // Writes a value; an object is numbered and will be described.
    void value(JSC::JSValue);
    // Writes a property; what is not there is Tag::Empty.
    void property(JSC::JSObject*, const JSC::Identifier&);
    // Writes the state of a promise and what it came to.
    void promise(JSC::JSPromise*);
    // Describes every numbered object, and those that they name.
    void describe();

private:
    struct Found {
        JSC::JSObject* object;
        unsigned depth;
    };

    String textOf(JSC::JSValue);
    void symbol(SymbolImpl&);
    void key(const JSC::Identifier&);
    void describe(JSC::JSObject*);
    void slot(JSC::JSObject*);
    void function(JSC::JSFunction*);
    template<typename Iterator> void entries(Iterator*, bool hasValues);
    void binding(JSC::JSModuleNamespaceObject*, const JSC::Identifier&);

    JSC::VM& vm() { return m_globalObject->vm(); }

    JSC::JSGlobalObject* m_globalObject;
    const jsb_observe_limits& m_limits;
    const Builtins& m_builtins;
    ObservationBytes& m_out;
    Vector<Found> m_found;
    // Keeps what was found alive: a lazily made object may hang on nothing else.
    JSC::MarkedArgumentBuffer m_alive;
    HashMap<JSC::JSObject*, unsigned> m_numbers;
    HashMap<RefPtr<SymbolImpl>, unsigned> m_symbols;
    unsigned m_depth { 0 };
};

// The names of an object's own properties, its private names included; indices of text and typed arrays, which the slot
// tells, are not. Never of a proxy.
Vector<JSC::Identifier> ownPropertyNames(JSC::JSGlobalObject*, JSC::JSObject*);

// The descriptor of an own property of an object that is no proxy; false when there is none, or when it has no value yet.
bool ownProperty(JSC::JSGlobalObject*, JSC::JSObject*, const JSC::Identifier&, JSC::PropertyDescriptor&);

// The attributes as the stream has them.
uint8_t attributes(const JSC::PropertyDescriptor&);

} // namespace Bridge
