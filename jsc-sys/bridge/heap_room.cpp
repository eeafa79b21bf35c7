#include "heap_room.h"

#include <sys/mman.h>

using namespace JSC;

namespace Bridge {

namespace {

constexpr uintptr_t smallPage = 4 * KB;
constexpr uintptr_t hugePage = 2 * MB;

// What libpas fills from its beginning to its end (PAS_FAST_MEGAPAGE_SIZE) before it takes another one.
constexpr uintptr_t region = 16 * MB;

// A huge page is worth its price, which is that of 100 to 150 small ones, and the memory that is left over in it, when so
// much of it is going to be used.
constexpr size_t worthAHugePage = hugePage / 8 * 5;

// MADV_COLLAPSE of Linux 6.1, which older headers do not have: one huge page in the place of what is there.
constexpr int collapse = 25;

// About what a load needs, read off the page faults of lodash-es, d3, date-fns, three's sources and bundle, and generated
// graphs. To ask for more wastes little: a heap grows from page to page, and a page that it does not reach is never made.
struct Need {
    size_t perModule;
    double perByte;

    size_t of(size_t modules, size_t bytes) const { return modules * perModule + static_cast<size_t>(static_cast<double>(bytes) * perByte); }
};

constexpr Need objects { 3 * KB, 0.9 };
constexpr Need cells { 1 * KB, 1.2 };

// The first address behind everything that is present in the region of `address`; 0 if the kernel does not tell.
uintptr_t firstUnused(uintptr_t address)
{
    uintptr_t base = address & ~(region - 1);
    std::array<unsigned char, region / smallPage> present;
    if (mincore(reinterpret_cast<void*>(base), region, present.data()))
        return 0;
    auto last = std::ranges::find_if(present.rbegin(), present.rend(), [](auto page) { return page & 1; });
    return base + static_cast<uintptr_t>(present.rend() - last) * smallPage;
}

// Huge pages for `length` bytes behind what is in use around `address`.
void makeRoom(uintptr_t address, size_t length)
{
    if (length < worthAHugePage)
        return;
    uintptr_t begin = firstUnused(address);
    if (!begin)
        return;
    uintptr_t end = std::min(begin + length, (address | (region - 1)) + 1);
    for (uintptr_t page = begin & ~(hugePage - 1); page < end; page += hugePage) {
        if (std::min(page + hugePage, end) - std::max(page, begin) < worthAHugePage)
            continue;
        // Errors are the kernel's way of saying that it has none.
        madvise(reinterpret_cast<void*>(page), hugePage, page < begin ? collapse : MADV_HUGEPAGE);
    }
}

} // namespace

void makeHeapRoom(jsb_realm& realm, size_t modules, size_t bytes)
{
    // Where the heaps grow is where they have grown last.
    auto* object = WTF::fastMalloc(64);
    auto* cell = jsString(*realm.vm, String("a cell of its own"_s));
    makeRoom(reinterpret_cast<uintptr_t>(object), objects.of(modules, bytes));
    makeRoom(reinterpret_cast<uintptr_t>(cell), cells.of(modules, bytes));
    WTF::fastFree(object);
}

} // namespace Bridge
