// Writing the stream of observe.h.

#pragma once

#include "observe.h"

namespace Bridge {

class ObservationBytes {
public:
    void u8(uint8_t value) { m_bytes.append(value); }
    void u32(uint32_t value) { append(value); }
    void number(double value) { append(JSC::purifyNaN(value)); }
    void tag(Tag tag) { u8(static_cast<uint8_t>(tag)); }
    void slot(Slot slot) { u8(static_cast<uint8_t>(slot)); }

    void text(StringView text)
    {
        u32(text.length() | (text.is8Bit() ? 0 : 0x80000000));
        if (text.is8Bit())
            m_bytes.append(text.span8());
        else
            m_bytes.append(asBytes(text.span16()));
    }

    void bytes(std::span<const uint8_t> bytes)
    {
        u32(bytes.size());
        m_bytes.append(bytes);
    }

    // A count that is known only when what it counts has been written.
    size_t placeholder()
    {
        u32(0);
        return m_bytes.size() - sizeof(uint32_t);
    }
    void fill(size_t at, uint32_t value) { memcpySpan(m_bytes.mutableSpan().subspan(at, sizeof value), asByteSpan(value)); }

    std::span<const uint8_t> span() const { return m_bytes.span(); }

private:
    static std::span<const uint8_t> asBytes(std::span<const char16_t> units) { return { reinterpret_cast<const uint8_t*>(units.data()), units.size_bytes() }; }

    template<typename Value> void append(Value value)
    {
        static_assert(std::is_trivially_copyable_v<Value>);
        auto bytes = std::bit_cast<std::array<uint8_t, sizeof(Value)>>(value);
        m_bytes.append(std::span<const uint8_t> { bytes });
    }

    Vector<uint8_t> m_bytes;
};

} // namespace Bridge
