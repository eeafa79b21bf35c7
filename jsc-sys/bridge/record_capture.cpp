// Capturing a module record.

#include "record_image.h"

#include "insertion_order.h"
#include "private_access.h"

using namespace JSC;

namespace Bridge {

namespace {

// The strings of an image, each once, in order of first use.
class Names {
public:
    explicit Names(VM& vm)
        : m_starNamespace(vm.propertyNames->starNamespacePrivateName.impl())
        , m_starDefault(vm.propertyNames->starDefaultPrivateName.impl())
    {
    }

    uint32_t add(UniquedStringImpl* name)
    {
        if (!name)
            return JSB_NAME_NONE;
        if (name == m_starNamespace)
            return JSB_NAME_STAR_NAMESPACE;
        if (name == m_starDefault)
            return JSB_NAME_STAR_DEFAULT;
        if (name->isSymbol()) {
            m_foreignSymbol = true;
            return JSB_NAME_NONE;
        }
        auto added = m_indices.add(name, static_cast<uint32_t>(m_strings.size()));
        if (added.isNewEntry)
            append(*name);
        return added.iterator->value;
    }
    uint32_t add(const Identifier& name) { return add(name.impl()); }

    // Whether a private name came that images have no constant for.
    bool foreignSymbol() const { return m_foreignSymbol; }
    const Vector<jsb_image_string>& strings() const { return m_strings; }
    const Vector<uint8_t>& characters() const { return m_characters; }

private:
    void append(const StringImpl& string)
    {
        // Content decides the form, not how this string happens to be held: the image must be a function of the source.
        bool isLatin1 = string.is8Bit() || WTF::charactersAreAllLatin1(string.span16());
        if (isLatin1) {
            m_strings.append({ static_cast<uint32_t>(m_characters.size()), string.length() });
            for (unsigned i = 0; i < string.length(); ++i)
                m_characters.append(static_cast<uint8_t>(string[i]));
            return;
        }
        if (m_characters.size() % 2)
            m_characters.append(0);
        m_strings.append({ static_cast<uint32_t>(m_characters.size()), string.length() | JSB_STRING_16_BIT });
        m_characters.append(asBytes(string.span16()));
    }

    const UniquedStringImpl* m_starNamespace;
    const UniquedStringImpl* m_starDefault;
    bool m_foreignSymbol { false };
    UncheckedKeyHashMap<UniquedStringImpl*, uint32_t> m_indices;
    Vector<jsb_image_string> m_strings;
    Vector<uint8_t> m_characters;
};

// The variables in the table's own order would depend on how the table grew; by name they are the same everywhere.
template<typename Environment>
Vector<jsb_image_variable> variables(Names& names, const Environment& environment)
{
    Vector<std::pair<UniquedStringImpl*, uint32_t>> sorted;
    for (auto& entry : environment)
        sorted.append({ entry.key.get(), entry.value.bits() });
    std::ranges::sort(sorted, [](auto& a, auto& b) {
        return is_lt(codePointCompare(StringView(a.first), StringView(b.first)));
    });
    return sorted.map([&](auto& entry) { return jsb_image_variable { names.add(entry.first), entry.second }; });
}

Vector<jsb_image_variable> privateVariables(Names& names, const VariableEnvironment& environment)
{
    auto* privateNames = environment.privateNameEnvironment();
    return privateNames ? variables(names, *privateNames) : Vector<jsb_image_variable> { };
}

template<typename Item>
void append(Vector<uint8_t>& image, const Vector<Item>& items)
{
    image.append(asBytes(items.span()));
}

} // namespace

std::optional<Vector<uint8_t>> captureRecord(VM& vm, const JSModuleRecord& record, bool isAsync)
{
    Names names(vm);
    bool representable = true;

    auto requests = record.requestedModules().map([&](auto& request) {
        uint32_t attributes = request.m_attributes ? 1 + static_cast<uint32_t>(request.m_attributes->type()) : 0;
        return jsb_image_request { names.add(request.m_specifier.get()), attributes, 0 };
    });

    Vector<jsb_image_import> imports;
    if (auto entries = inInsertionOrder(record.importEntries())) {
        imports = entries->map([&](auto* entry) {
            auto& value = entry->value;
            return jsb_image_import { static_cast<uint32_t>(value.type), names.add(value.moduleRequest), names.add(value.importName), names.add(value.localName) };
        });
    } else
        representable = false;

    Vector<jsb_image_export> exports;
    if (auto entries = inInsertionOrder(record.exportEntries())) {
        exports = entries->map([&](auto* entry) {
            auto& value = entry->value;
            return jsb_image_export { static_cast<uint32_t>(value.type), names.add(value.exportName), names.add(value.moduleName), names.add(value.importName), names.add(value.localName) };
        });
    } else
        representable = false;

    Vector<uint32_t> stars;
    for (auto& star : record.starExportEntries())
        stars.append(names.add(star.get()));

    auto declared = variables(names, record.declaredVariables());
    auto lexical = variables(names, record.lexicalVariables());
    auto declaredPrivate = privateVariables(names, record.declaredVariables());
    auto lexicalPrivate = privateVariables(names, record.lexicalVariables());
    if (names.foreignSymbol() || !representable)
        return std::nullopt;

    jsb_image_header header { };
    header.features = record.*reveal(RecordFeatures { });
    header.flags = (isAsync ? JSB_IMAGE_ASYNC : 0)
        | (record.declaredVariables().isEverythingCaptured() ? JSB_IMAGE_DECLARED_EVERYTHING_CAPTURED : 0)
        | (record.lexicalVariables().isEverythingCaptured() ? JSB_IMAGE_LEXICAL_EVERYTHING_CAPTURED : 0);
    header.strings = names.strings().size();
    header.requests = requests.size();
    header.imports = imports.size();
    header.exports = exports.size();
    header.stars = stars.size();
    header.declared = declared.size();
    header.lexical = lexical.size();
    header.declared_private = declaredPrivate.size();
    header.lexical_private = lexicalPrivate.size();
    header.character_bytes = names.characters().size();

    Vector<uint8_t> image;
    image.append(asByteSpan(header));
    append(image, names.strings());
    append(image, requests);
    append(image, imports);
    append(image, exports);
    append(image, stars);
    append(image, declared);
    append(image, lexical);
    append(image, declaredPrivate);
    append(image, lexicalPrivate);
    append(image, names.characters());
    while (image.size() % 8)
        image.append(0);
    return image;
}

} // namespace Bridge
