// Memory for a graph that is about to be loaded.

#pragma once

#include "realm.h"

namespace Bridge {

// Asks the kernel for huge pages where JSC's heaps are going to grow when `modules` modules are loaded from a pack of
// `bytes` bytes. Making a small page present costs the kernel as much as filling it costs JSC, and a graph needs
// hundreds. A parser cannot know how much memory it will need: a pack can. Where there are no huge pages, nothing happens.
void makeHeapRoom(jsb_realm&, size_t modules, size_t bytes);

} // namespace Bridge
