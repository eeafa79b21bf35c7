// What a program has called of a module whose code came from a cache.

#pragma once

#include "source.h"

namespace Bridge {

// Who decodes the functions of a module that was just decoded, each when it is first called; null when it has none. Only to be
// compared: it may be gone when all functions are decoded.
const JSC::Decoder* decoderOfFunctions(JSC::UnlinkedModuleProgramCodeBlock&);

// Takes away the code of every function that this decoder has not decoded, because nobody has called it. When such a function
// is called after all, its code is generated.
void keepOnlyCalled(JSC::VM&, JSC::UnlinkedModuleProgramCodeBlock&, const JSC::Decoder&);

} // namespace Bridge
