// The source of one of the program's modules: its text, what is cached of it, and what JSC generates from it.

#pragma once

#include "arrow_notes.h"
#include "realm.h"
#include "source_url.h"
#include "text.h"

namespace Bridge {

class ModuleSource final : public JSC::SourceProvider {
public:
    // A source that is to be parsed: decoded now. Null when the text is too large for JSC.
    static RefPtr<ModuleSource> create(jsb_realm& realm, const String& key, jsb_bytes bytes)
    {
        auto text = fromUTF8(bytes);
        if (text.isNull())
            return nullptr;
        auto source = adoptRef(*new ModuleSource(realm, key, bytes));
        source->m_units = text.length();
        source->m_text = JSB_MOVE(text);
        return source;
    }

    // A source with a valid cache entry: not decoded unless something asks for it. Everything it points to outlives the
    // realm's VM.
    static Ref<ModuleSource> create(jsb_realm& realm, const String& key, jsb_bytes bytes, const jsb_cached_module& cached)
    {
        auto source = adoptRef(*new ModuleSource(realm, key, bytes));
        source->m_units = cached.source.units;
        source->m_textHash = cached.source.text_hash;
        source->m_image = cached.image;
        source->m_bytecode = cached.bytecode;
        return source;
    }

    // A source from a pack: the host is asked for its bytes when something asks for its text.
    static Ref<ModuleSource> create(jsb_realm& realm, const String& key, const jsb_cached_module& cached)
    {
        auto source = create(realm, key, jsb_bytes { nullptr, 0 }, cached);
        source->m_isLazy = true;
        return source;
    }

    // The whole module. Unlike SourceCode's one-argument constructor, it does not ask for the text to know its length.
    JSC::SourceCode code() { return JSC::SourceCode(RefPtr<JSC::SourceProvider> { this }, 0, static_cast<int>(m_units), 1, 1); }

    bool isCached() const { return m_bytecode.length; }
    jsb_bytes image() const { return m_image; }
    jsb_bytes bytecode() const { return m_bytecode; }

    // Whether the text is the one that what is cached was made from. That of a pack's module is fetched only now, from a file
    // that may have changed.
    bool hasItsText() const { return text().length() == m_units && text().hash() == hash(); }

    // Forgets the cache entry, so that the module is parsed.
    void dropCached() { m_image = m_bytecode = { nullptr, 0 }; }

    // The decoded top-level code of a cached module, until it is linked.
    JSC::Strong<JSC::UnlinkedModuleProgramCodeBlock>& decodedCode() { return m_decodedCode; }

    // Who decodes its functions, if what the program calls of them is to be known (called_code.h).
    const JSC::Decoder*& decoderOfFunctions() { return m_decoderOfFunctions; }

    // While one of these lives, the text is empty: JSC compares and hashes the range of a key, and ours is empty.
    class EmptyTextScope {
        WTF_MAKE_NONCOPYABLE(EmptyTextScope);
    public:
        explicit EmptyTextScope(ModuleSource& source)
            : m_source(source)
        {
            m_source.m_pretendEmpty = true;
        }
        ~EmptyTextScope() { m_source.m_pretendEmpty = false; }

    private:
        ModuleSource& m_source;
    };

    unsigned hash() const final
    {
        if (!m_textHash)
            m_textHash = text().hash();
        return m_textHash;
    }

    StringView source() const final
    {
        if (m_pretendEmpty)
            return StringView(emptyString());
        return text();
    }

    // CodeCacheMap::fetchFromDisk asks for bytecode right before JSC would generate it. Ours is in the map already.
    RefPtr<JSC::CachedBytecode> cachedBytecode() const final
    {
        m_askedAt = MonotonicTime::now();
        return nullptr;
    }

    // CodeCache::getUnlinkedGlobalCodeBlock offers the code it has just parsed and generated for the module ...
    void cacheBytecode(const JSC::BytecodeCacheGenerator&) const final
    {
        if (m_isCounted)
            m_realm.statistics.module_code++;
        forgetArrowNotes();
        m_realm.statistics.codegen_ns += static_cast<uint64_t>((MonotonicTime::now() - m_askedAt).nanoseconds());
    }

    // ... and generateUnlinkedFunctionCodeBlock does so for a function in it.
    void updateCache(const JSC::UnlinkedFunctionExecutable*, const JSC::SourceCode& source, JSC::CodeSpecializationKind, const JSC::UnlinkedFunctionCodeBlock*) const final
    {
        if (m_isCounted)
            m_realm.statistics.function_code++;
        forgetArrowNotes(source.startOffset(), source.endOffset());
    }

    // After something of it was parsed, all of it or the text from `begin` to `end`, in a realm whose lines are to be true.
    void forgetArrowNotes() const { forgetArrowNotes(0, m_units); }
    void forgetArrowNotes(unsigned begin, unsigned end) const
    {
        if (m_realm.keepsTrueLines)
            m_arrowNotes.forget(*m_realm.vm, const_cast<ModuleSource&>(*this), begin, end);
    }

private:
    ModuleSource(jsb_realm& realm, const String& key, jsb_bytes bytes)
        : SourceProvider(JSC::SourceOrigin { Bridge::sourceURL(realm.fileRoot, key) }, String { key }, String(), JSC::SourceTaintedOrigin::Untainted, TextPosition(), JSC::SourceProviderSourceType::Module)
        , m_realm(realm)
        , m_bytes(bytes)
        , m_isCounted(realm.countsCode)
    {
    }

    // Compiler threads ask, too, when they are to say what they compile (JSC_reportCompileTimes).
    const String& text() const
    {
        Locker locker { m_textLock };
        if (m_text.isNull()) {
            m_text = m_isLazy ? textOfPack() : fromUTF8(m_bytes);
            m_realm.statistics.sources_decoded++;
        }
        return m_text;
    }

    // Never a fetch: what lies under the module's key now may be another text. Should the host not have it, it is empty, as
    // that of JSC's own built-in functions is.
    String textOfPack() const
    {
        auto text = emptyString();
        m_realm.host.text(m_realm.host.text_context, view(sourceURL()), [](void* text, jsb_bytes bytes) { *static_cast<String*>(text) = fromUTF8(bytes); }, &text);
        return text;
    }

    jsb_realm& m_realm;
    jsb_bytes m_bytes;
    jsb_bytes m_image { };
    jsb_bytes m_bytecode { };
    unsigned m_units { 0 };
    // Whether its code counts when it is generated.
    bool m_isCounted;
    bool m_pretendEmpty { false };
    bool m_isLazy { false };
    JSC::Strong<JSC::UnlinkedModuleProgramCodeBlock> m_decodedCode;
    const JSC::Decoder* m_decoderOfFunctions { nullptr };
    mutable Lock m_textLock;
    mutable String m_text;
    mutable unsigned m_textHash { 0 };
    mutable ArrowNotes m_arrowNotes;
    mutable MonotonicTime m_askedAt;
};

} // namespace Bridge
