// Text across the C ABI: WTF strings out as views, UTF-8 replies in as WTF strings.

#pragma once

#include "bridge.h"
#include "compat.h"

namespace Bridge {

inline jsb_string view(const WTF::StringView& text)
{
    if (text.is8Bit())
        return { text.span8().data(), text.length(), 1 };
    return { text.span16().data(), text.length(), 0 };
}

inline std::span<const Latin1> latin1(jsb_bytes bytes)
{
    return { reinterpret_cast<const Latin1*>(bytes.data), bytes.length };
}

// Null when the bytes are not UTF-8. ASCII, which nearly all source is, stays 8-bit and is copied as it is.
inline WTF::String fromUTF8(jsb_bytes bytes)
{
    if (!bytes.length)
        return WTF::emptyString();
    return WTF::String::fromUTF8(std::span { reinterpret_cast<const char8_t*>(bytes.data), bytes.length });
}

} // namespace Bridge
