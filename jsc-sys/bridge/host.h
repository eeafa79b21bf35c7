// Asking the host, and its refusals as JavaScript errors.

#pragma once

#include "realm.h"

namespace Bridge {

// The error object that a refused request becomes: Error or TypeError with `message` and, as Node has it, `code`.
JSC::JSObject* errorFromReply(JSC::JSGlobalObject*, const jsb_reply&);

// The key that the host resolves `specifier` to; throws what the host refuses with.
JSC::Identifier resolveSpecifier(JSC::JSGlobalObject*, const String& specifier, const String& referrer);

// The URL that import.meta.resolve gives for `specifier`; throws what the host refuses with.
String locateSpecifier(JSC::JSGlobalObject*, const String& specifier, const String& referrer);

} // namespace Bridge
