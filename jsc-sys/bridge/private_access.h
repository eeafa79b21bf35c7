// JSC's private members that the bridge needs, reached without changing a header of JSC.
//
// The language ignores access in an explicit template instantiation (C++ standard, [temp.spec.general]): instantiating
// `Reveal` with a private member's pointer defines a friend function that hands the pointer out.

#pragma once

#include "compat.h"

namespace Bridge {

template<typename Tag, typename Tag::Type member>
struct Reveal {
    friend typename Tag::Type reveal(Tag) { return member; }
};

// The hooks that a JSGlobalObject has when nobody changes them.
struct BaseMethodTable {
    using Type = const JSC::GlobalObjectMethodTable* (*)();
    friend Type reveal(BaseMethodTable);
};
template struct Reveal<BaseMethodTable, &JSC::JSGlobalObject::baseGlobalObjectMethodTable>;

// Unlinked code by source.
struct CodeCacheEntries {
    using Type = JSC::CodeCacheMap JSC::CodeCache::*;
    friend Type reveal(CodeCacheEntries);
};
template struct Reveal<CodeCacheEntries, &JSC::CodeCache::m_sourceCode>;

struct CodeCacheTable {
    using Type = JSC::CodeCacheMap::MapType JSC::CodeCacheMap::*;
    friend Type reveal(CodeCacheTable);
};
template struct Reveal<CodeCacheTable, &JSC::CodeCacheMap::m_map>;

// The tables of a module record, to give them their size before they are filled, or to fill them in their place.
struct RecordRequests {
    using Type = Vector<JSC::AbstractModuleRecord::ModuleRequest> JSC::AbstractModuleRecord::*;
    friend Type reveal(RecordRequests);
};
template struct Reveal<RecordRequests, &JSC::AbstractModuleRecord::m_requestedModules>;

struct RecordDeclaredVariables {
    using Type = JSC::VariableEnvironment JSC::JSModuleRecord::*;
    friend Type reveal(RecordDeclaredVariables);
};
template struct Reveal<RecordDeclaredVariables, &JSC::JSModuleRecord::m_declaredVariables>;

struct RecordLexicalVariables {
    using Type = JSC::VariableEnvironment JSC::JSModuleRecord::*;
    friend Type reveal(RecordLexicalVariables);
};
template struct Reveal<RecordLexicalVariables, &JSC::JSModuleRecord::m_lexicalVariables>;

struct RecordImports {
    using Type = JSC::AbstractModuleRecord::ImportEntries JSC::AbstractModuleRecord::*;
    friend Type reveal(RecordImports);
};
template struct Reveal<RecordImports, &JSC::AbstractModuleRecord::m_importEntries>;

struct RecordExports {
    using Type = JSC::AbstractModuleRecord::ExportEntries JSC::AbstractModuleRecord::*;
    friend Type reveal(RecordExports);
};
template struct Reveal<RecordExports, &JSC::AbstractModuleRecord::m_exportEntries>;

struct RecordFeatures {
    using Type = JSC::CodeFeatures JSC::JSModuleRecord::*;
    friend Type reveal(RecordFeatures);
};
template struct Reveal<RecordFeatures, &JSC::JSModuleRecord::m_features>;

// Which module a record's requests mean, what its names were found to stand for, and its code.
struct RecordDependencies {
    using Type = JSC::WriteBarrier<JSC::JSMap> JSC::AbstractModuleRecord::*;
    friend Type reveal(RecordDependencies);
};
template struct Reveal<RecordDependencies, &JSC::AbstractModuleRecord::m_dependenciesMap>;

using Resolutions = UncheckedKeyHashMap<RefPtr<UniquedStringImpl>, JSC::AbstractModuleRecord::Resolution, JSC::IdentifierRepHash, HashTraits<RefPtr<UniquedStringImpl>>>;
struct RecordResolutions {
    using Type = Resolutions JSC::AbstractModuleRecord::*;
    friend Type reveal(RecordResolutions);
};
template struct Reveal<RecordResolutions, &JSC::AbstractModuleRecord::m_resolutionCache>;

struct RecordExecutable {
    using Type = JSC::WriteBarrier<JSC::ModuleProgramExecutable> JSC::JSModuleRecord::*;
    friend Type reveal(RecordExecutable);
};
template struct Reveal<RecordExecutable, &JSC::JSModuleRecord::m_moduleProgramExecutable>;

// The variables of a temporal-dead-zone environment, which JSC keeps in address order.
using TDZNames = Vector<PackedRefPtr<UniquedStringImpl>>;
struct TDZVariables {
    using Type = Variant<TDZNames, JSC::TDZEnvironment> JSC::CompactTDZEnvironment::*;
    friend Type reveal(TDZVariables);
};
template struct Reveal<TDZVariables, &JSC::CompactTDZEnvironment::m_variables>;

struct TDZLinkHandle {
    using Type = JSC::CompactTDZEnvironmentMap::Handle JSC::TDZEnvironmentLink::*;
    friend Type reveal(TDZLinkHandle);
};
template struct Reveal<TDZLinkHandle, &JSC::TDZEnvironmentLink::m_handle>;

// The memory of a cached bytecode, to take a payload that is not its own out of it again.
struct BytecodePayload {
    using Type = JSC::CachePayload JSC::CachedBytecode::*;
    friend Type reveal(BytecodePayload);
};
template struct Reveal<BytecodePayload, &JSC::CachedBytecode::m_payload>;

// The parts of a URL, to make one of a text that need not be parsed.
struct URLString {
    using Type = String URL::*;
    friend Type reveal(URLString);
};
template struct Reveal<URLString, &URL::m_string>;

struct URLPathAfterLastSlash {
    using Type = unsigned URL::*;
    friend Type reveal(URLPathAfterLastSlash);
};
template struct Reveal<URLPathAfterLastSlash, &URL::m_pathAfterLastSlash>;

struct URLPathEnd {
    using Type = unsigned URL::*;
    friend Type reveal(URLPathEnd);
};
template struct Reveal<URLPathEnd, &URL::m_pathEnd>;

struct URLQueryEnd {
    using Type = unsigned URL::*;
    friend Type reveal(URLQueryEnd);
};
template struct Reveal<URLQueryEnd, &URL::m_queryEnd>;

} // namespace Bridge
