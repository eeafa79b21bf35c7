// Memory that WTF hands out zeroed, for the time of one encoding.

#pragma once

#include "compat.h"

namespace Bridge {

// While one lives, WTF::fastMalloc returns zeroed memory. The bridge is linked with --wrap for that function.
class ZeroedMemoryScope {
    WTF_MAKE_NONCOPYABLE(ZeroedMemoryScope);
public:
    ZeroedMemoryScope();
    ~ZeroedMemoryScope();
};

} // namespace Bridge
