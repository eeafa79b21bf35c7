// A module record as a record image (image.h), and back.

#pragma once

#include "bridge.h"
#include "compat.h"

namespace Bridge {

// Captures everything that JSC's analysis put into `record`; `isAsync` is whether its code has a top-level await.
// Null when the record holds something that an image cannot.
std::optional<Vector<uint8_t>> captureRecord(JSC::VM&, const JSC::JSModuleRecord& record, bool isAsync);

// Rebuilds the record that `image` was captured from. The image must be valid (image.h). Names in an image without strings
// of its own are indices into `sharedNames`.
JSC::JSModuleRecord* rebuildRecord(JSC::JSGlobalObject*, const JSC::Identifier& key, const JSC::SourceCode&, jsb_bytes image, std::span<const JSC::Identifier> sharedNames = { });

} // namespace Bridge
