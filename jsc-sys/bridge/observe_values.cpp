#include "observe_values.h"

#include "BigIntObject.h"
#include "BooleanObject.h"
#include "DateInstance.h"
#include "JSArrayBuffer.h"
#include "JSBoundFunction.h"
#include "JSModuleEnvironment.h"
#include "JSModuleNamespaceObject.h"
#include "JSTypedArrays.h"
#include "JSWrapperObject.h"
#include "NumberObject.h"
#include "ProxyObject.h"
#include "RegExpObject.h"
#include "StringObject.h"
#include "SymbolObject.h"
#include "YarrFlags.h"

using namespace JSC;

namespace Bridge {

// Forgets an exception: of a binding in its dead zone, of text that is too long.
static bool caught(VM& vm)
{
    auto scope = JSB_CATCH_SCOPE(vm);
    if (!scope.exception())
        return false;
    scope.clearException();
    return true;
}

static bool isProxy(JSObject* object)
{
    return object->inherits<ProxyObject>();
}

Vector<Identifier> ownPropertyNames(JSGlobalObject* globalObject, JSObject* object)
{
    VM& vm = globalObject->vm();
    PropertyNames names(vm, PropertyNameMode::StringsAndSymbols, PrivateSymbolMode::Include);
    if (isTypedArrayTypeIncludingDataView(object->type()) || object->inherits<StringObject>())
        object->getOwnNonIndexPropertyNames(globalObject, names, DontEnumPropertiesMode::Include);
    else
        object->methodTable()->getOwnPropertyNames(object, globalObject, names, DontEnumPropertiesMode::Include);
    caught(vm);
    Vector<Identifier> kept;
    for (auto& name : names) {
        // Of the private names those of classes (`#x`); the others are the engine's own.
        if (!name.isPrivateName() || StringView(name.impl()).startsWith('#'))
            kept.append(name);
    }
    return kept;
}

bool ownProperty(JSGlobalObject* globalObject, JSObject* object, const Identifier& name, PropertyDescriptor& descriptor)
{
    bool found = object->getOwnPropertyDescriptor(globalObject, name, descriptor);
    return !caught(globalObject->vm()) && found;
}

uint8_t attributes(const PropertyDescriptor& descriptor)
{
    bool isAccessor = descriptor.isAccessorDescriptor();
    return (!isAccessor && descriptor.writable() ? 1 : 0) | (descriptor.enumerable() ? 2 : 0) | (descriptor.configurable() ? 4 : 0) | (isAccessor ? 8 : 0);
}

void ObservedValues::value(JSValue value)
{
    if (!value)
        return m_out.tag(Tag::Empty);
    if (value.isUndefined())
        return m_out.tag(Tag::Undefined);
    if (value.isNull())
        return m_out.tag(Tag::Null);
    if (value.isBoolean())
        return m_out.tag(value.isTrue() ? Tag::True : Tag::False);
    if (value.isNumber()) {
        m_out.tag(Tag::Number);
        return m_out.number(value.asNumber());
    }
    if (value.isString()) {
        m_out.tag(Tag::String);
        return m_out.text(textOf(value));
    }
    if (value.isBigInt()) {
        m_out.tag(Tag::BigInt);
        return m_out.text(textOf(value));
    }
    if (value.isSymbol())
        return symbol(asSymbol(value)->uid());
    if (!value.isObject())
        return m_out.tag(Tag::Empty);

    auto* object = asObject(value);
    if (auto name = m_builtins.name(object); !name.isNull()) {
        m_out.tag(Tag::Builtin);
        return m_out.text(name);
    }
    auto added = m_numbers.add(object, m_found.size());
    if (added.isNewEntry) {
        m_alive.append(object);
        m_found.append({ object, m_depth });
    }
    m_out.tag(Tag::Object);
    m_out.u32(added.iterator->value);
}

// The text of a string or of a big integer.
String ObservedValues::textOf(JSValue value)
{
    String text = value.toWTFString(m_globalObject);
    return caught(vm()) ? String("(text that is too long)"_s) : text;
}

void ObservedValues::symbol(SymbolImpl& symbol)
{
    if (auto name = m_builtins.name(symbol); !name.isNull()) {
        m_out.tag(Tag::Builtin);
        return m_out.text(name);
    }
    m_out.tag(Tag::Symbol);
    auto added = m_symbols.add(&symbol, m_symbols.size());
    m_out.u32(added.iterator->value);
    if (!added.isNewEntry)
        return;
    m_out.u8(symbol.isRegistered() ? 1 : symbol.isPrivate() ? 2 : 0);
    m_out.text(StringView(&symbol));
}

void ObservedValues::key(const Identifier& name)
{
    if (name.isSymbol())
        return symbol(static_cast<SymbolImpl&>(*name.impl()));
    m_out.tag(Tag::String);
    m_out.text(name.string());
}

void ObservedValues::property(JSObject* object, const Identifier& name)
{
    if (auto* moduleNamespace = dynamicCast<JSModuleNamespaceObject>(object); moduleNamespace && !name.isSymbol())
        return binding(moduleNamespace, name);
    PropertyDescriptor descriptor;
    if (!ownProperty(m_globalObject, object, name, descriptor)) {
        m_out.u8(0);
        return m_out.tag(Tag::Empty);
    }
    m_out.u8(attributes(descriptor));
    if (!descriptor.isAccessorDescriptor())
        return value(descriptor.value());
    value(descriptor.getter());
    value(descriptor.setter());
}

// A namespace's property. JSC reads the exporting module's environment, which is not there when linking failed halfway.
void ObservedValues::binding(JSModuleNamespaceObject* moduleNamespace, const Identifier& name)
{
    auto resolution = moduleNamespace->moduleRecord()->resolveExport(m_globalObject, name);
    if (caught(vm()) || resolution.type != AbstractModuleRecord::Resolution::Type::Resolved || !resolution.moduleRecord->moduleEnvironmentMayBeNull()) {
        m_out.u8(0);
        return m_out.tag(Tag::Unlinked);
    }
    PropertyDescriptor descriptor;
    bool found = ownProperty(m_globalObject, moduleNamespace, name, descriptor);
    m_out.u8(found ? attributes(descriptor) : 0);
    value(found ? descriptor.value() : JSValue());
}

void ObservedValues::describe()
{
    for (size_t index = 0; index < m_found.size(); ++index) {
        auto found = m_found[index];
        // Breadth first: none that follows is nearer.
        if (index >= m_limits.objects || found.depth >= m_limits.depth) {
            m_out.u8(0);
            m_out.u32(m_found.size() - index);
            return;
        }
        m_depth = found.depth + 1;
        m_out.u8(1);
        describe(found.object);
    }
    m_out.u8(0);
    m_out.u32(0);
}

void ObservedValues::describe(JSObject* object)
{
    // Everything about a proxy but its target and its handler is asked of the program.
    bool proxy = isProxy(object);
    auto names = proxy ? Vector<Identifier> { } : ownPropertyNames(m_globalObject, object);
    size_t count = std::min<size_t>(names.size(), m_limits.properties);
    m_out.u8((!proxy && object->structure()->isStructureExtensible() ? 1 : 0) | (count < names.size() ? 2 : 0));
    m_out.text(String(object->classInfo()->className));
    value(proxy ? JSValue() : object->getPrototypeDirect());
    slot(object);
    m_out.u32(count);
    for (auto& name : names.span().first(count)) {
        key(name);
        property(object, name);
    }
}

void ObservedValues::slot(JSObject* object)
{
    if (auto* proxy = dynamicCast<ProxyObject>(object)) {
        m_out.slot(Slot::Proxy);
        // A revoked proxy has neither.
        value(proxy->internalField(ProxyObject::Field::Target).get());
        return value(proxy->handler());
    }
    if (auto* bound = dynamicCast<JSBoundFunction>(object)) {
        m_out.slot(Slot::Bound);
        value(bound->targetFunction());
        value(bound->boundThis());
        auto* arguments = bound->boundArgsCopy(m_globalObject);
        uint32_t count = caught(vm()) ? 0 : bound->boundArgsLength();
        m_out.u32(count);
        for (uint32_t index = 0; index < count; ++index)
            value(arguments->getDirectIndex(m_globalObject, index));
        return;
    }
    if (auto* function = dynamicCast<JSFunction>(object))
        return this->function(function);
    if (auto* map = dynamicCast<JSMap>(object)) {
        m_out.slot(Slot::Map);
        return entries(createMapIterator(m_globalObject, map), true);
    }
    if (auto* set = dynamicCast<JSSet>(object)) {
        m_out.slot(Slot::Set);
        return entries(createSetIterator(m_globalObject, set), false);
    }
    if (auto* date = dynamicCast<DateInstance>(object)) {
        m_out.slot(Slot::Date);
        return m_out.number(date->internalNumber());
    }
    if (auto* expression = dynamicCast<RegExpObject>(object)) {
        m_out.slot(Slot::RegExp);
        m_out.text(expression->regExp()->pattern());
        auto flags = Yarr::flagsString(expression->regExp()->flags());
        return m_out.text(String::fromLatin1(flags.data()));
    }
    // Their common class cannot be asked for: it shares its class information with JSObject.
    if (object->inherits<NumberObject>() || object->inherits<BooleanObject>() || object->inherits<StringObject>() || object->inherits<SymbolObject>() || object->inherits<BigIntObject>()) {
        m_out.slot(Slot::Primitive);
        return value(static_cast<JSWrapperObject*>(object)->internalValue());
    }
    if (auto* buffer = dynamicCast<JSArrayBuffer>(object)) {
        m_out.slot(Slot::Bytes);
        return m_out.bytes(buffer->impl()->span());
    }
    if (isTypedArrayTypeIncludingDataView(object->type())) {
        m_out.slot(Slot::Bytes);
        auto* view = checkedCast<JSArrayBufferView>(object);
        return m_out.bytes(view->isDetached() ? std::span<const uint8_t> { } : view->span());
    }
    if (auto* promise = dynamicCast<JSPromise>(object)) {
        m_out.slot(Slot::Promise);
        return this->promise(promise);
    }
    if (auto* moduleNamespace = dynamicCast<JSModuleNamespaceObject>(object)) {
        m_out.slot(Slot::Namespace);
        return m_out.text(moduleNamespace->moduleRecord()->moduleKey().string());
    }
    m_out.slot(Slot::None);
}

template<typename Iterator>
void ObservedValues::entries(Iterator* iterator, bool hasValues)
{
    EnsureStillAliveScope alive(iterator);
    auto count = m_out.placeholder();
    uint32_t entries = 0;
    JSValue key;
    JSValue entry;
    while (entries < m_limits.properties) {
        bool more;
        if constexpr (std::is_same_v<Iterator, JSMapIterator>)
            more = iterator->nextKeyValue(m_globalObject, key, entry);
        else
            more = iterator->next(m_globalObject, key);
        if (!more)
            break;
        value(key);
        if (hasValues)
            value(entry);
        entries++;
    }
    m_out.fill(count, entries);
}

void ObservedValues::promise(JSPromise* promise)
{
    auto status = promiseStatus(vm(), promise);
    m_out.u8(status == JSPromise::Status::Pending ? 0 : status == JSPromise::Status::Fulfilled ? 1 : 2);
    value(status == JSPromise::Status::Pending ? jsUndefined() : promiseResult(vm(), promise));
}

void ObservedValues::function(JSFunction* function)
{
    m_out.slot(Slot::Function);
    if (function->isHostOrBuiltinFunction()) {
        m_out.text(StringView());
        m_out.text(StringView());
        m_out.u32(0);
        return m_out.u32(0);
    }
    auto* executable = function->jsExecutable();
    auto* text = m_limits.texts ? function->toString(m_globalObject) : nullptr;
    if (caught(vm()))
        text = nullptr;
    m_out.text(text ? textOf(text) : String(emptyString()));
    m_out.text(executable->source().provider()->sourceURL());
    m_out.u32(executable->firstLine());
    m_out.u32(executable->startColumn());
}

} // namespace Bridge
