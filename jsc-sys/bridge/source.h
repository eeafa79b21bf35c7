// The source of one of the program's modules, which also counts what JSC generates from it.

#pragma once

#include "realm.h"

namespace Bridge {

class ModuleSource final : public JSC::StringSourceProvider {
public:
    static Ref<ModuleSource> create(jsb_realm& realm, const String& text, const JSC::SourceOrigin& origin, String&& url)
    {
        return adoptRef(*new ModuleSource(realm, text, origin, JSB_MOVE(url)));
    }

    // CodeCacheMap::fetchFromDisk asks for bytecode right before JSC would generate it ...
    RefPtr<JSC::CachedBytecode> cachedBytecode() const final
    {
        m_askedAt = MonotonicTime::now();
        return nullptr;
    }

    // ... CodeCache::getUnlinkedGlobalCodeBlock offers the code it has just parsed and generated for the module ...
    void cacheBytecode(const JSC::BytecodeCacheGenerator&) const final
    {
        m_realm.statistics.module_code++;
        m_realm.statistics.codegen_ns += static_cast<uint64_t>((MonotonicTime::now() - m_askedAt).nanoseconds());
    }

    // ... and generateUnlinkedFunctionCodeBlock does so for a function in it.
    void updateCache(const JSC::UnlinkedFunctionExecutable*, const JSC::SourceCode&, JSC::CodeSpecializationKind, const JSC::UnlinkedFunctionCodeBlock*) const final
    {
        m_realm.statistics.function_code++;
    }

private:
    ModuleSource(jsb_realm& realm, const String& text, const JSC::SourceOrigin& origin, String&& url)
        : StringSourceProvider(text, origin, JSC::SourceTaintedOrigin::Untainted, JSB_MOVE(url), TextPosition(), JSC::SourceProviderSourceType::Module)
        , m_realm(realm)
    {
    }

    jsb_realm& m_realm;
    mutable MonotonicTime m_askedAt;
};

} // namespace Bridge
