// The seam: everything that depends on how an engine's module loader works is behind this header, in a folder for each
// kind of loader. `javascript/` drives the one in builtins/ModuleLoader.js (WebKit until 2.52). ../PORTING.md says how the
// one in C++ (2.54) would be driven. Nothing outside the folder names the loader's class, its functions or its registry.
//
// What a loader owes the bridge
// - Modules get their keys from resolveSpecifier, their sources from fetchSource, `import.meta` from createImportMeta.
// - A module with a cache entry gets the record that recordFromCache makes, one that was analyzed before that record
//   (takeAnalyzed). Only when there is none is it analyzed.
// - Each JavaScript module counts once in statistics.modules, each analysis in .analyses; their times, and those of linking
//   and evaluating, go into .analyze_ns, .link_ns and .evaluate_ns.
// - A module links inside a CodeCacheScope of its source, so that JSC finds the decoded code; then noteLinked hears of it.
// - The first failure that a program can see is reported to realm.failed: which module, whether its analysis or its
//   linking failed, and the very error that the load is rejected with.
// - An observer hears of each evaluation before it begins, and of each dynamic import with its promise.
// - Order, errors and what a later import finds are those of the engine's own loader, whatever was cached.

#pragma once

#include "realm.h"

namespace Bridge {

class ModuleSource;

// The modules of a static closure, in order of evaluation, built and not yet known to the loader.
struct Closure {
    Vector<JSC::AbstractModuleRecord*> records;
    // Null for JSON.
    Vector<ModuleSource*> sources;
    // The modules that each requests, in the order of its requests.
    Vector<Vector<uint32_t>> requested;
};

// A module that the loader has, with the places of those it requests among the modules before it.
struct LoadedModule {
    JSC::AbstractModuleRecord* record;
    Vector<uint32_t> requested;
};

class Loader {
    WTF_MAKE_NONCOPYABLE(Loader);
public:
    Loader() = default;
    virtual ~Loader() = default;

    // Starts to load and evaluate the module `key`.
    virtual void load(const String& key) = 0;

    // Links a closure; evaluates nothing. A closure that does not link, or waits, is left to the engine's own way at
    // `evaluatePrepared`. False when the engine does not take it: then nothing of it is left. The garbage collector must be
    // deferred.
    virtual bool prepare(std::unique_ptr<Closure>) = 0;

    // Starts to evaluate what was prepared.
    virtual void evaluatePrepared() = 0;

    // The promise of what was started; null before.
    virtual JSC::JSPromise* promise() const = 0;

    // The static closure of the module `key`, depth first; a JSB_CAPTURE_* status says whether it is whole, and whether
    // `prepare` could make it what it is now.
    virtual uint32_t find(const String& key, Vector<LoadedModule>&) = 0;
};

// The hooks of a global object whose modules this loader loads.
const JSC::GlobalObjectMethodTable& loaderMethodTable();

// Takes over the loader of a realm whose global object has these hooks.
std::unique_ptr<Loader> takeOverLoader(jsb_realm&);

} // namespace Bridge
