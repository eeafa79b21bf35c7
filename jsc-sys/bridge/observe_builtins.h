// The global object and everything that it came with: what each is called, and how the program has changed it.
//
// A second, pristine global object of the same VM says what there should be. The two are walked side by side, from the
// global object along own properties and prototypes; what is the same built-in in both gets the path to it as its name.

#pragma once

#include "observe_bytes.h"

namespace Bridge {

class Builtins {
    WTF_MAKE_NONCOPYABLE(Builtins);
public:
    struct Changed {
        String path;
        Change what;
        JSC::JSObject* owner; // for Added and Changed
        JSC::Identifier name;
    };

    explicit Builtins(JSC::JSGlobalObject*);

    // The path of a built-in object; null for an object of the program.
    String name(JSC::JSObject* object) const { return m_names.get(object); }
    // The path of a well-known symbol; null for another one.
    String name(SymbolImpl& symbol) const { return m_symbols.get(&symbol); }

    const Vector<Changed>& changes() const { return m_changes; }

private:
    struct Pair {
        JSC::JSObject* object;
        JSC::JSObject* pristine;
        String path;
    };

    String pathTo(const Pair&, const JSC::Identifier& name) const;
    void walk();
    void compareProperties(const Pair&);
    void comparePrototypes(const Pair&);
    void compareProperty(const Pair&, const JSC::Identifier&);
    bool compareValues(JSC::JSValue, JSC::JSValue pristine, const String& path);
    void add(JSC::JSObject*, JSC::JSObject* pristine, const String& path);

    JSC::JSGlobalObject* m_globalObject;
    JSC::Strong<JSC::JSGlobalObject> m_pristine;
    HashMap<JSC::JSObject*, String> m_names;
    HashMap<SymbolImpl*, String> m_symbols;
    Vector<Pair> m_pairs;
    // How many of them were compared by their properties, and by their prototypes.
    size_t m_walked { 0 };
    size_t m_climbed { 0 };
    // Some are made when they are asked for, and nothing else holds them.
    JSC::MarkedArgumentBuffer m_alive;
    Vector<Changed> m_changes;
};

} // namespace Bridge
