// The loader whose steps are JavaScript (builtins/ModuleLoader.js): driven through functions of its loader object, and through
// the entries of its registry.

#pragma once

#include "loader/loader.h"

namespace Bridge {

class JavaScriptLoader final : public Loader {
public:
    explicit JavaScriptLoader(jsb_realm&);
    ~JavaScriptLoader() final;

    static JavaScriptLoader& of(jsb_realm& realm) { return *static_cast<JavaScriptLoader*>(realm.loader.get()); }

    void load(const String& key) final;
    bool prepare(std::unique_ptr<Closure>) final;
    void evaluatePrepared() final;
    JSC::JSPromise* promise() const final { return m_promise.get(); }
    uint32_t find(const String& key, Vector<LoadedModule>&) final;

    // Leaves the registry as the loader would have left it. What a program does without dynamic imports does not depend on
    // the registry, so a prepared closure gets there only now.
    void registerPrepared();

    // The engine's own functions, which our counting ones call.
    JSC::Strong<JSC::JSObject> engineParseModule;
    JSC::Strong<JSC::JSObject> engineModuleDeclarationInstantiation;

private:
    struct Prepared;

    void replaceFunctions();
    void evaluateAll();

    jsb_realm& m_realm;
    JSC::Strong<LoaderPromise> m_promise;
    std::unique_ptr<Prepared> m_prepared;
};

} // namespace Bridge
