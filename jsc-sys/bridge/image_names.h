// The strings of an image while it is written: each once, in order of first use.

#pragma once

#include "compat.h"
#include "image.h"

namespace Bridge {

class ImageNames {
public:
    explicit ImageNames(JSC::VM& vm)
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
    uint32_t add(const JSC::Identifier& name) { return add(name.impl()); }

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

// Writes `items` behind what is in `image`.
template<typename Item>
void appendItems(Vector<uint8_t>& image, const Vector<Item>& items)
{
    image.append(asBytes(items.span()));
}

// The identifier that a string of an image stands for.
inline JSC::Identifier identifierOf(JSC::VM& vm, const uint8_t* characters, jsb_image_string string)
{
    auto* start = characters + string.offset;
    if (string.length & JSB_STRING_16_BIT)
        return JSC::Identifier::fromString(vm, std::span { reinterpret_cast<const char16_t*>(start), string.length & ~JSB_STRING_16_BIT });
    return JSC::Identifier::fromString(vm, std::span { reinterpret_cast<const Latin1*>(start), string.length });
}

} // namespace Bridge
