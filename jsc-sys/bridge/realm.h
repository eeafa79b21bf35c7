// A realm: one VM, one global object, the host it asks, and what was counted on the way.

#pragma once

#include "bridge.h"
#include "compat.h"

namespace Bridge {

struct BuiltPack;
class Loader;
class Observer;

} // namespace Bridge

struct jsb_realm final : public JSC::VM::ClientData {
    explicit jsb_realm(const jsb_host&);
    ~jsb_realm();

    String overrideSourceURL(const JSC::StackFrame&, const String&) const final { return { }; }

    void failed(uint32_t at, const String& module, JSC::JSValue error)
    {
        failedAt = at;
        failedModule = module;
        failure.set(*vm, error);
        if (at == JSB_FAILED_LINK)
            unlinkableModules.append(module);
    }

    static jsb_realm& of(JSC::VM& vm) { return *static_cast<jsb_realm*>(vm.clientData); }

    jsb_host host;
    jsb_statistics statistics { };
    JSC::VM* vm { nullptr };
    JSC::Strong<JSC::JSGlobalObject> globalObject;
    // What loads its modules.
    std::unique_ptr<Bridge::Loader> loader;
    // What the URLs of its sources begin with (source_url.h).
    const URL fileRoot { "file:///"_s };
    // What jsb_realm_build_pack has made, until it is part of a graph.
    std::unique_ptr<Bridge::BuiltPack> builtPack;
    // What jsb_realm_analyze has made, until it is loaded, by key.
    UncheckedKeyHashMap<String, JSC::Strong<JSC::JSModuleRecord>> analyzed;
    // The module that failed last (jsb_realm_failed_module).
    String failedModule;
    uint32_t failedAt { JSB_FAILED_NOT };
    JSC::Strong<JSC::Unknown> failure;
    Vector<String> unlinkableModules;
    Vector<JSC::Strong<JSC::JSPromise>> unhandledRejections;
    // Whether the code of sources that are made now counts, whenever it is generated (jsb_realm_count_code).
    bool countsCode { true };
    // Whether the parser's notes of arrow functions are dropped (jsb_realm_keep_true_lines).
    bool keepsTrueLines { false };
    // Whether the code of each module that is linked is kept for a pack, and what was.
    bool keepsCode { false };
    UncheckedKeyHashMap<JSC::AbstractModuleRecord*, JSC::Strong<JSC::UnlinkedModuleProgramCodeBlock>> keptCode;
    // Of the cached modules: JSC holds on to them, and decodes functions out of them, as long as the VM lives.
    Vector<Ref<JSC::CachedBytecode>> bytecodes;
    // Notes what happens, if that was asked for.
    std::unique_ptr<Bridge::Observer> observer;
};

namespace Bridge {

// Adds the time from its construction to its destruction to a total in nanoseconds.
class Stopwatch {
    WTF_MAKE_NONCOPYABLE(Stopwatch);
public:
    explicit Stopwatch(uint64_t& total)
        : m_total(total)
        , m_start(MonotonicTime::now())
    {
    }
    ~Stopwatch() { m_total += static_cast<uint64_t>((MonotonicTime::now() - m_start).nanoseconds()); }

private:
    uint64_t& m_total;
    MonotonicTime m_start;
};

} // namespace Bridge
