// What a program shows beyond its output: noted while it runs, told when it has ended. Nothing here runs any of the
// program's code: no getter, no proxy trap, no `toString`.
//
// jsb_realm_observe makes one stream of bytes, little-endian, without padding:
//
//   modules      u32 count; each: text key, u8 is_source_text, value namespace (EMPTY: it has none), value import.meta
//                (EMPTY: nothing asked for it)
//   evaluations  u32 count; each: u32 module (an index; 0xFFFFFFFF: of a module that is not linked), u8 flags (1: resumed
//                after an await, 2: it threw)
//   imports      u32 count; each `import()`: text referrer, text specifier, u8 type (JSB_TYPE_*),
//                u8 state (0 pending, 1 fulfilled, 2 rejected), value result
//   uncaught     value: what ended the program (EMPTY: nothing did)
//   built-ins    how the global object and everything that it came with have changed;
//                each: u8 1, text path, u8 what (Change), and for ADDED and CHANGED a property; then u8 0
//   objects      every object that a value named, in the order of the first naming; each: u8 1, object; then u8 0
//   undescribed  u32 objects that were named and are not described, because there are too many or they are too deep
//
//   text         u32 length in code units, with bit 31 for 16-bit units; the units
//   value        u8 Tag and what belongs to it
//   property     u8 attributes (1 writable, 2 enumerable, 4 configurable, 8 accessor);
//                accessor: value getter, value setter; otherwise: value
//   object       u8 flags (1 extensible, 2 properties are left out), text class, value prototype, u8 Slot and what
//                belongs to it, u32 count of own properties, each: value key (STRING or SYMBOL), property

#pragma once

#include "realm.h"

#include <wtf/HashMap.h>
#include <wtf/HashSet.h>

namespace Bridge {

enum class Tag : uint8_t {
    Empty,     // nothing; of a binding: it is in its dead zone
    Undefined,
    Null,
    False,
    True,
    Number,    // f64; one NaN
    String,    // text
    BigInt,    // text, decimal
    Symbol,    // u32 index; of the next new one: u8 kind (0 unique, 1 registered, 2 private name), text description
    Object,    // u32 index in `objects`
    Builtin,   // text: the path from the global object, as `Array.prototype.map`
    Unlinked,  // a binding of a module that is not linked
};

enum class Slot : uint8_t {
    None,
    Function,  // text source text, text file (empty: native code), u32 line, u32 column
    Bound,     // value target, value this, u32 count, value arguments ...
    Proxy,     // value target, value handler
    Map,       // u32 count, (value key, value value) ...
    Set,       // u32 count, value ...
    Date,      // f64
    RegExp,    // text pattern, text flags
    Primitive, // value: what a wrapper object wraps
    Bytes,     // u32 length, bytes: of an array buffer or of what a view shows
    Promise,   // u8 state (0 pending, 1 fulfilled, 2 rejected), value result
    Namespace, // text key of the module
};

enum class Change : uint8_t { Added, Changed, Removed, Prototype, Extensible };

// Notes what happens in one realm.
class Observer {
    WTF_MAKE_NONCOPYABLE(Observer);
public:
    Observer() = default;

    struct Evaluation {
        JSC::AbstractModuleRecord* record;
        bool resumed;
        bool threw;
    };
    struct DynamicImport {
        String referrer;
        String specifier;
        uint8_t type;
        JSC::Strong<JSC::JSPromise> promise;
    };

    // The modules, in the order in which they were linked.
    Vector<JSC::Strong<JSC::AbstractModuleRecord>> records;
    Vector<Evaluation> evaluations;
    Vector<DynamicImport> imports;
    HashMap<JSC::AbstractModuleRecord*, JSC::Strong<JSC::JSObject>> metas;
    JSC::Strong<JSC::Unknown> uncaught;

    // Notes an evaluation that begins; returns its index, for when it throws.
    size_t evaluating(JSC::AbstractModuleRecord*);

private:
    HashSet<JSC::AbstractModuleRecord*> m_evaluated;
};

} // namespace Bridge
