// The bytecode of a module, apart from JSC's own disk cache: encoded under an empty key, decoded where it lies.
//
// JSC's cached bytecode begins with a key that holds a whole copy of the source, which is decoded and compared. Ours is
// encoded under a key over an empty range, so that no source text is copied, hashed or compared. The decoded code is then
// put into the VM's code cache under the module's real key, where linking finds it.

#pragma once

#include "source.h"

namespace Bridge {

// The module's code as bytes: a function of the code, not of where anything lies in memory.
Vector<uint8_t> encodeModuleCode(JSC::VM&, unsigned sourceTextHash, JSC::UnlinkedModuleProgramCodeBlock*);

// Decodes the bytecode of a cached module into its source's decodedCode(). False when this engine does not take it, or it is not
// the code that the source's record image is of.
bool decodeModuleCode(jsb_realm&, ModuleSource&);

// Takes what is under `key` out of the VM's code cache.
void removeFromCodeCache(JSC::VM&, const JSC::SourceCodeKey&);

// The decoded code of `source` stands in the VM's code cache as long as this lives.
class CodeCacheScope {
    WTF_MAKE_NONCOPYABLE(CodeCacheScope);
public:
    CodeCacheScope(JSC::VM&, ModuleSource*);
    ~CodeCacheScope();

private:
    JSC::VM& m_vm;
    std::optional<JSC::SourceCodeKey> m_key;
};

// Takes payloads that are not JSC's to free out of `bytecodes` and releases them. Only when no VM uses them any more.
void releaseBytecodes(Vector<Ref<JSC::CachedBytecode>>&& bytecodes);

} // namespace Bridge
