// The parts of a URL (URL Standard, 4.1) without its parser.

#include "source_url.h"

#include "bridge.h"
#include "private_access.h"
#include "text.h"

namespace Bridge {

namespace {

constexpr auto prefix = "file:///"_s;

enum Character : uint8_t { Odd, Plain, Dot, Slash };

constexpr auto characters = [] {
    std::array<Character, 256> table { };
    for (unsigned i = 0; i < 128; ++i)
        table[i] = isASCIIAlphanumeric(static_cast<char>(i)) ? Plain : Odd;
    for (auto character : { '-', '_', '@', '+', '~' })
        table[static_cast<uint8_t>(character)] = Plain;
    table['.'] = Dot;
    table['/'] = Slash;
    return table;
}();

// Where the last segment of the path in `key` begins, if the parser would leave `key` as it is and find nothing in it but a
// path; else nothing. It may be nothing where the parser would do that, too.
std::optional<size_t> lastSegmentOfPlainFileURL(const String& key)
{
    if (!key.startsWith(prefix) || !key.is8Bit())
        return std::nullopt;
    auto text = key.span8();
    size_t segment = prefix.length();
    for (size_t i = segment; i < text.size(); ++i) {
        auto character = characters[text[i]];
        if (character == Plain)
            continue;
        // `/.` may begin a segment that is taken out, and `//` a host.
        if (character == Odd || i == segment)
            return std::nullopt;
        if (character == Slash)
            segment = i + 1;
    }
    return segment;
}

} // namespace

URL sourceURL(const URL& root, const String& key)
{
    auto lastSegment = lastSegmentOfPlainFileURL(key);
    if (!lastSegment)
        return URL { key };
    URL url { root };
    url.*reveal(URLString { }) = key;
    url.*reveal(URLPathAfterLastSlash { }) = static_cast<unsigned>(*lastSegment);
    url.*reveal(URLPathEnd { }) = key.length();
    url.*reveal(URLQueryEnd { }) = key.length();
    return url;
}

} // namespace Bridge

using namespace Bridge;

uint32_t jsb_source_url_is_parsed(jsb_bytes key)
{
    URL root { prefix };
    auto text = fromUTF8(key);
    URL made = sourceURL(root, text);
    URL parsed { text };
    return made == parsed && made.isValid() == parsed.isValid() && made.protocol() == parsed.protocol() && made.host() == parsed.host()
        && made.path() == parsed.path() && made.lastPathComponent() == parsed.lastPathComponent() && made.query() == parsed.query()
        && made.fragmentIdentifier() == parsed.fragmentIdentifier();
}
