// Lines that do not depend on what the parser has parsed before.

#pragma once

#include "compat.h"

namespace Bridge {

// Drops what JSC's parser has noted of the arrow functions of a source with an expression for a body. SourceProviderCacheItem
// (parser/SourceProviderCacheItem.h) holds the line on which the last token of a function begins, and Parser goes on counting
// from there when it skips the function. That is the line on which it ends, but for a token of several lines: then all that
// follows has too small a line. A function with a block for a body ends in a brace.
void dropNotesOfArrowFunctions(JSC::VM&, const JSC::SourceProvider&);

} // namespace Bridge
