// The parts of a URL (URL Standard, 4.1) without its parser.

#include "source_url.h"

#include "bridge.h"
#include "private_access.h"
#include "text.h"

namespace Bridge {

namespace {

constexpr auto prefix = "file:///"_s;

// Whether the parser would leave `key` as it is, and find nothing in it but a path. It may say no where it would.
bool isPlainFileURL(const String& key)
{
    if (!key.startsWith(prefix) || !key.is8Bit())
        return false;
    auto path = key.span8().subspan(prefix.length() - 1);
    for (size_t i = 0; i < path.size(); ++i) {
        auto character = path[i];
        bool isPlain = isASCIIAlphanumeric(character) || character == '-' || character == '_' || character == '.' || character == '/'
            || character == '@' || character == '+' || character == '~';
        if (!isPlain)
            return false;
        // `/.` may begin a segment that is taken out, and `//` a host.
        if (i && path[i - 1] == '/' && (character == '.' || character == '/'))
            return false;
    }
    return true;
}

} // namespace

URL sourceURL(const URL& root, const String& key)
{
    if (!isPlainFileURL(key))
        return URL { key };
    URL url { root };
    url.*reveal(URLString { }) = key;
    url.*reveal(URLPathAfterLastSlash { }) = static_cast<unsigned>(key.reverseFind('/')) + 1;
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
