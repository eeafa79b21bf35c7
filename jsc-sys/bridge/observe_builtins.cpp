#include "observe_builtins.h"

#include "loader/loader.h"
#include "observe_values.h"

#include "ArrayIteratorPrototype.h"
#include "AsyncFunctionPrototype.h"
#include "AsyncGeneratorFunctionPrototype.h"
#include "GeneratorFunctionPrototype.h"
#include "MapIteratorPrototype.h"
#include "ProxyObject.h"
#include "SetIteratorPrototype.h"

using namespace JSC;

namespace Bridge {

static JSGlobalObject* pristineGlobalObject(VM& vm)
{
    auto* structure = JSGlobalObject::createStructure(vm, jsNull());
    return JSGlobalObject::createWithCustomMethodTable(vm, structure, &loaderMethodTable());
}

Builtins::Builtins(JSGlobalObject* globalObject)
    : m_globalObject(globalObject)
    , m_pristine(globalObject->vm(), pristineGlobalObject(globalObject->vm()))
{
    auto* pristine = m_pristine.get();
    add(globalObject, pristine, "globalThis"_s);
    m_names.set(globalObject->globalThis(), "globalThis"_s);
    walk();
    // What no property of the global object leads to.
    add(globalObject->generatorFunctionPrototype(), pristine->generatorFunctionPrototype(), "%GeneratorFunction.prototype%"_s);
    add(globalObject->asyncFunctionPrototype(), pristine->asyncFunctionPrototype(), "%AsyncFunction.prototype%"_s);
    add(globalObject->asyncGeneratorFunctionPrototype(), pristine->asyncGeneratorFunctionPrototype(), "%AsyncGeneratorFunction.prototype%"_s);
    add(globalObject->arrayIteratorPrototype(), pristine->arrayIteratorPrototype(), "%ArrayIteratorPrototype%"_s);
    add(globalObject->mapIteratorPrototype(), pristine->mapIteratorPrototype(), "%MapIteratorPrototype%"_s);
    add(globalObject->setIteratorPrototype(), pristine->setIteratorPrototype(), "%SetIteratorPrototype%"_s);
    walk();
}

// A path along properties is the better name, so prototypes are followed when there is no property left to follow.
void Builtins::walk()
{
    while (m_walked < m_pairs.size() || m_climbed < m_pairs.size()) {
        if (m_walked < m_pairs.size())
            compareProperties(Pair { m_pairs[m_walked++] });
        else
            comparePrototypes(Pair { m_pairs[m_climbed++] });
    }
}

void Builtins::add(JSObject* object, JSObject* pristine, const String& path)
{
    if (!m_names.add(object, path).isNewEntry)
        return;
    m_alive.append(object);
    m_alive.append(pristine);
    m_pairs.append({ object, pristine, path });
}

String Builtins::pathTo(const Pair& pair, const Identifier& name) const
{
    if (name.isSymbol())
        return makeString(pair.path, '[', StringView(name.impl()), ']');
    if (pair.object == m_globalObject)
        return name.string();
    return makeString(pair.path, '.', StringView(name.impl()));
}

void Builtins::compareProperties(const Pair& pair)
{
    auto names = ownPropertyNames(m_pristine.get(), pair.pristine);
    HashSet<RefPtr<UniquedStringImpl>> expected;
    for (auto& name : names) {
        expected.add(name.impl());
        compareProperty(pair, name);
    }
    for (auto& name : ownPropertyNames(m_globalObject, pair.object)) {
        if (!expected.contains(name.impl()))
            m_changes.append({ pathTo(pair, name), Change::Added, pair.object, name });
    }
}

void Builtins::comparePrototypes(const Pair& pair)
{
    JSValue prototype = pair.object->getPrototypeDirect();
    JSValue pristinePrototype = pair.pristine->getPrototypeDirect();
    if (!compareValues(prototype, pristinePrototype, makeString(pair.path, ".__proto__"_s)))
        m_changes.append({ pair.path, Change::Prototype, nullptr, { } });
    if (pair.object->structure()->isStructureExtensible() != pair.pristine->structure()->isStructureExtensible())
        m_changes.append({ pair.path, Change::Extensible, nullptr, { } });
}

void Builtins::compareProperty(const Pair& pair, const Identifier& name)
{
    auto path = pathTo(pair, name);
    PropertyDescriptor pristine;
    if (!ownProperty(m_pristine.get(), pair.pristine, name, pristine))
        return;
    PropertyDescriptor current;
    if (!ownProperty(m_globalObject, pair.object, name, current)) {
        m_changes.append({ path, Change::Removed, nullptr, { } });
        return;
    }
    bool same = attributes(current) == attributes(pristine);
    if (same && current.isAccessorDescriptor()) {
        // Both are walked even when the first differs.
        bool getter = compareValues(current.getter(), pristine.getter(), makeString("get "_s, path));
        bool setter = compareValues(current.setter(), pristine.setter(), makeString("set "_s, path));
        same = getter && setter;
    } else if (same)
        same = compareValues(current.value(), pristine.value(), path);
    if (!same)
        m_changes.append({ path, Change::Changed, pair.object, name });
}

static bool isSameNative(NativeExecutable* native, NativeExecutable* pristine)
{
    return native == pristine
        || (native->function() == pristine->function() && native->constructor() == pristine->constructor() && native->name() == pristine->name());
}

// Whether two objects are the same built-in of their global objects.
static bool isSameBuiltin(JSObject* object, JSObject* pristine)
{
    if (object->classInfo() != pristine->classInfo())
        return false;
    auto* function = dynamicCast<JSFunction>(object);
    if (!function)
        return true;
    auto* pristineFunction = checkedCast<JSFunction>(pristine);
    if (function->isHostFunction() != pristineFunction->isHostFunction())
        return false;
    // Those of the engine's own JavaScript share their unlinked half. Without a JIT a VM makes an executable for each use of
    // a native function, with it one for all.
    if (function->isHostFunction())
        return isSameNative(checkedCast<NativeExecutable>(function->executable()), checkedCast<NativeExecutable>(pristineFunction->executable()));
    return function->jsExecutable()->unlinkedExecutable() == pristineFunction->jsExecutable()->unlinkedExecutable();
}

bool Builtins::compareValues(JSValue value, JSValue pristine, const String& path)
{
    if (!value || !pristine)
        return !value == !pristine;
    if (value.isObject() && pristine.isObject()) {
        auto* object = asObject(value);
        auto* pristineObject = asObject(pristine);
        if (object->type() == GlobalProxyType || object->inherits<ProxyObject>())
            return object->type() == pristineObject->type();
        if (!isSameBuiltin(object, pristineObject))
            return false;
        add(object, pristineObject, path);
        return true;
    }
    if (value.isSymbol() && value == pristine) {
        m_symbols.add(&asSymbol(value)->uid(), path);
        return true;
    }
    if (value.isString() && pristine.isString()) {
        String text = asString(value)->value(m_globalObject);
        String pristineText = asString(pristine)->value(m_globalObject);
        return text == pristineText;
    }
    if (value.isNumber() && pristine.isNumber())
        return std::bit_cast<uint64_t>(purifyNaN(value.asNumber())) == std::bit_cast<uint64_t>(purifyNaN(pristine.asNumber()));
    return value == pristine;
}

} // namespace Bridge
