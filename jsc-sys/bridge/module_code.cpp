#include "module_code.h"

#include "called_code.h"
#include "encoder_memory.h"
#include "image.h"
#include "private_access.h"

using namespace JSC;

namespace Bridge {

// The source of the keys that payloads are encoded under: no text, no name, but the module's hash, because it is part of
// what JSC compares.
class EmptySource final : public SourceProvider {
public:
    static Ref<EmptySource> create(unsigned textHash) { return adoptRef(*new EmptySource(textHash)); }

    unsigned hash() const final { return m_textHash; }
    StringView source() const final { return StringView(emptyString()); }

private:
    explicit EmptySource(unsigned textHash)
        : SourceProvider(SourceOrigin(), String(), String(), SourceTaintedOrigin::Untainted, TextPosition(), SourceProviderSourceType::Module)
        , m_textHash(textHash)
    {
    }

    unsigned m_textHash;
};

static SourceCodeKey emptyKey(VM& vm, SourceProvider& provider)
{
    return sourceCodeKeyForSerializedModule(vm, SourceCode(RefPtr<SourceProvider> { &provider }, 0, 0, 1, 1));
}

// What a payload begins with: GenericCacheEntry of CachedTypes.cpp.
struct PayloadHead {
    uint32_t version;
    ptrdiff_t bootSession[2];
    uint32_t kind; // CachedCodeBlockTag
};

// Decoding believes the payload when it says what kind of code it holds, and takes the wrong kind for the right one.
static bool holdsModuleCode(std::span<const uint8_t> payload)
{
    constexpr uint32_t moduleCode = 1; // CachedModuleCodeBlockTag
    return payload.size() > sizeof(PayloadHead) && reinterpret_cast<const PayloadHead*>(payload.data())->kind == moduleCode;
}

Vector<uint8_t> encodeModuleCode(VM& vm, unsigned sourceTextHash, UnlinkedModuleProgramCodeBlock* code)
{
    auto source = EmptySource::create(sourceTextHash);
    EncoderMemoryScope memory;
    RefPtr bytecode = encodeCodeBlock(vm, emptyKey(vm, source.get()), code);
    RELEASE_ASSERT(holdsModuleCode(bytecode->span()));
    return Vector<uint8_t>(bytecode->span());
}

// Whether a module awaits is known of its code, and noted in its record's image, if there is one.
static bool agree(const UnlinkedModuleProgramCodeBlock& code, jsb_bytes image)
{
    if (!image.length)
        return true;
    auto& header = *reinterpret_cast<const jsb_image_header*>(image.data);
    return code.isAsync() == static_cast<bool>(header.flags & JSB_IMAGE_ASYNC);
}

bool decodeModuleCode(jsb_realm& realm, ModuleSource& source)
{
    Stopwatch stopwatch(realm.statistics.decode_ns);
    VM& vm = *realm.vm;
    auto payload = source.bytecode();
    if (!holdsModuleCode({ payload.data, payload.length }))
        return false;
    std::span bytes { const_cast<uint8_t*>(payload.data), payload.length };
    // JSC takes only memory that it owns. This memory is the host's: releaseBytecodes takes it back in time.
    auto bytecode = CachedBytecode::create(adoptMallocSpan<uint8_t, VMMalloc>(bytes), LeafExecutableMap());
    realm.bytecodes.append(bytecode.copyRef());

    ModuleSource::EmptyTextScope emptyText(source);
    auto* code = decodeCodeBlock<UnlinkedModuleProgramCodeBlock>(vm, emptyKey(vm, source), JSB_MOVE(bytecode));
    if (!code || !agree(*code, source.image()))
        return false;
    source.decodedCode().set(vm, code);
    if (realm.keepsCode)
        source.decoderOfFunctions() = decoderOfFunctions(*code);
    realm.statistics.decoded++;
    return true;
}

CodeCacheScope::CodeCacheScope(VM& vm, ModuleSource* source)
    : m_vm(vm)
{
    if (!source || !source->decodedCode())
        return;
    auto& entries = *vm.codeCache().*reveal(CodeCacheEntries { });
    auto key = sourceCodeKeyForSerializedModule(vm, source->code());
    // Another module of the same text may be there: JSC shares code by text, and so do we.
    if (!(entries.*reveal(CodeCacheTable { })).contains(key)) {
        entries.addCache(key, SourceCodeValue(vm, source->decodedCode().get(), entries.age()));
        m_key = key;
    }
    source->decodedCode().clear();
}

CodeCacheScope::~CodeCacheScope()
{
    // Linking has taken the code. Left in, it would only push others out: the code cache evicts beyond 2,000 entries.
    if (m_key)
        removeFromCodeCache(m_vm, *m_key);
}

void removeFromCodeCache(VM& vm, const SourceCodeKey& key)
{
    auto& entries = *vm.codeCache().*reveal(CodeCacheEntries { });
    auto& table = entries.*reveal(CodeCacheTable { });
    auto found = table.find(key);
    if (found != table.end())
        entries.remove(found);
}

void releaseBytecodes(Vector<Ref<CachedBytecode>>&& bytecodes)
{
    for (auto& bytecode : bytecodes) {
        RELEASE_ASSERT(bytecode->hasOneRef());
        // A payload frees its memory when it dies, so it is moved to where nothing destroys it.
        alignas(CachePayload) std::byte immortal[sizeof(CachePayload)];
        new (immortal) CachePayload(JSB_MOVE(bytecode.get().*reveal(BytecodePayload { })));
    }
}

} // namespace Bridge
