#include "zeroed_memory.h"

#include <wtf/FastMalloc.h>

// Read by every thread without synchronization: to find it set by mistake costs a little time and nothing else.
static bool zeroed;

// `ld --wrap`: calls to WTF::fastMalloc(size_t) come here, the function itself is reached by its __real name.
extern "C" void* __real__ZN3WTF10fastMallocEm(size_t);
extern "C" void* __wrap__ZN3WTF10fastMallocEm(size_t);
extern "C" void* __wrap__ZN3WTF10fastMallocEm(size_t size)
{
    if (zeroed) [[unlikely]]
        return WTF::fastZeroedMalloc(size);
    return __real__ZN3WTF10fastMallocEm(size);
}

namespace Bridge {

ZeroedMemoryScope::ZeroedMemoryScope()
{
    zeroed = true;
}

ZeroedMemoryScope::~ZeroedMemoryScope()
{
    zeroed = false;
}

} // namespace Bridge
