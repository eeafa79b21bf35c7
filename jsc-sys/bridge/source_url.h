// The URL of a module's source. JSC wants one for each, and parsing it takes a twentieth of loading a graph from a pack.

#pragma once

#include "compat.h"

namespace Bridge {

// What `URL { key }` is. `root` is `file:///`, parsed: a key that is plainly a file's URL is that with a longer path.
URL sourceURL(const URL& root, const String& key);

} // namespace Bridge
