#include "encoder_memory.h"

#include <wtf/FastMalloc.h>
#include <wtf/PageBlock.h>

// A page of this size is made, and in part zeroed, for each module, however small.
static constexpr size_t encoderPageSize = 256 * KB;

static thread_local bool encodes;

// `ld --wrap`: calls to WTF::fastMalloc(size_t) come here, the function itself is reached by its __real name.
extern "C" void* __real__ZN3WTF10fastMallocEm(size_t);
extern "C" void* __wrap__ZN3WTF10fastMallocEm(size_t);
extern "C" void* __wrap__ZN3WTF10fastMallocEm(size_t size)
{
    if (encodes) [[unlikely]]
        return WTF::fastZeroedMalloc(size);
    return __real__ZN3WTF10fastMallocEm(size);
}

extern "C" size_t __real__ZN3WTF8pageSizeEv();
extern "C" size_t __wrap__ZN3WTF8pageSizeEv();
extern "C" size_t __wrap__ZN3WTF8pageSizeEv()
{
    return encodes ? encoderPageSize : __real__ZN3WTF8pageSizeEv();
}

namespace Bridge {

EncoderMemoryScope::EncoderMemoryScope()
{
    encodes = true;
}

EncoderMemoryScope::~EncoderMemoryScope()
{
    encodes = false;
}

} // namespace Bridge
