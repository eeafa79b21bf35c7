// The memory that JSC's encoder writes to.

#pragma once

#include "compat.h"

namespace Bridge {

// While one lives, what this thread asks of WTF differs in two ways; the bridge is linked with --wrap for both functions.
//
// WTF::fastMalloc returns zeroed memory: JSC writes its structs over fresh memory and leaves their padding as it finds it.
//
// WTF::pageSize returns far more than a page. JSC's encoder writes to pages, and to know where an address lies goes through
// all of them, twice for each object: with pages of 4 KiB, encoding takes quadratic time. It asks for the size once a process.
class EncoderMemoryScope {
    WTF_MAKE_NONCOPYABLE(EncoderMemoryScope);
public:
    EncoderMemoryScope();
    ~EncoderMemoryScope();
};

} // namespace Bridge
