// Which differences between engines the headers of this one have shown (compat.h), as words.

#include "bridge.h"
#include "compat.h"

#include <array>

namespace {

struct Capability {
    std::string_view name;
    bool isThere;
};

constexpr std::array capabilities {
    Capability { "loader-in-javascript", true },
    // Not a difference between releases: an engine with JSC's assertions measures the assertions.
    Capability { "assertions", ASSERT_ENABLED },
    Capability { "registry-by-type", Bridge::registryKeepsTypes },
    Capability { "promise-fulfill", Bridge::promisesFulfill },
    Capability { "options-callback", Bridge::optionsAreCustomized },
    Capability { "property-name-builder", Bridge::propertyNamesAreBuilt },
};

constexpr size_t size = [] {
    size_t size = 0;
    for (auto& capability : capabilities)
        size += capability.isThere ? capability.name.size() + 1 : 0;
    return size;
}();

// Each word ends with a newline. A section of its own, so that the words can be read without loading the library.
[[gnu::section(".jsb_capabilities"), gnu::used, gnu::retain]] constexpr std::array<char, size> text = [] {
    std::array<char, size> text { };
    auto out = text.begin();
    for (auto& capability : capabilities) {
        if (!capability.isThere)
            continue;
        out = std::copy(capability.name.begin(), capability.name.end(), out);
        *out++ = '\n';
    }
    return text;
}();

} // namespace

jsb_bytes jsb_capabilities(void)
{
    return { reinterpret_cast<const uint8_t*>(text.data()), text.size() };
}
