// What the names of modules with many stars (`export * from`) lead to, found in one pass over a closure.
//
// JSC asks every star anew for every name (AbstractModuleRecord::resolveExportImpl), so a module that exports n names by n
// stars costs n² steps to link. What is found here is what it would find (ECMA-262, 16.2.1.7.2, ResolveExport), and only
// what is certain is told: a name that one local export stands for. What goes in a circle, or through a name that is
// exported from elsewhere, is left to the engine.

#pragma once

#include "loader/loader.h"

namespace Bridge {

// Tells the records with several stars what the names lead to that other modules ask them for statically, if `isWanted` of
// their place in the closure.
void resolveStars(const Closure&, const Function<bool(size_t)>& isWanted);

} // namespace Bridge
