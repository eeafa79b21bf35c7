// JSC's private members that the bridge needs, reached without changing a header of JSC.
//
// The language ignores access in an explicit template instantiation (C++ standard, [temp.spec.general]): instantiating
// `Reveal` with a private member's pointer defines a friend function that hands the pointer out.

#pragma once

#include "compat.h"

namespace Bridge {

// What a tag is: a name for a member's pointer, which `reveal(Tag { })` gives.
template<typename Tag, typename Member>
struct PrivateMember {
    using Type = Member;
    friend Member reveal(Tag);
};

template<typename Tag, typename Tag::Type member>
struct Reveal {
    friend typename Tag::Type reveal(Tag) { return member; }
};

// The hooks that a JSGlobalObject has when nobody changes them.
struct BaseMethodTable : PrivateMember<BaseMethodTable, const JSC::GlobalObjectMethodTable* (*)()> { };
template struct Reveal<BaseMethodTable, &JSC::JSGlobalObject::baseGlobalObjectMethodTable>;

// Unlinked code by source.
struct CodeCacheEntries : PrivateMember<CodeCacheEntries, JSC::CodeCacheMap JSC::CodeCache::*> { };
template struct Reveal<CodeCacheEntries, &JSC::CodeCache::m_sourceCode>;

struct CodeCacheTable : PrivateMember<CodeCacheTable, JSC::CodeCacheMap::MapType JSC::CodeCacheMap::*> { };
template struct Reveal<CodeCacheTable, &JSC::CodeCacheMap::m_map>;

// The tables of a module record, to give them their size before they are filled, or to fill them in their place.
struct RecordRequests : PrivateMember<RecordRequests, Vector<JSC::AbstractModuleRecord::ModuleRequest> JSC::AbstractModuleRecord::*> { };
template struct Reveal<RecordRequests, &JSC::AbstractModuleRecord::m_requestedModules>;

struct RecordDeclaredVariables : PrivateMember<RecordDeclaredVariables, JSC::VariableEnvironment JSC::JSModuleRecord::*> { };
template struct Reveal<RecordDeclaredVariables, &JSC::JSModuleRecord::m_declaredVariables>;

struct RecordLexicalVariables : PrivateMember<RecordLexicalVariables, JSC::VariableEnvironment JSC::JSModuleRecord::*> { };
template struct Reveal<RecordLexicalVariables, &JSC::JSModuleRecord::m_lexicalVariables>;

struct RecordImports : PrivateMember<RecordImports, JSC::AbstractModuleRecord::ImportEntries JSC::AbstractModuleRecord::*> { };
template struct Reveal<RecordImports, &JSC::AbstractModuleRecord::m_importEntries>;

struct RecordExports : PrivateMember<RecordExports, JSC::AbstractModuleRecord::ExportEntries JSC::AbstractModuleRecord::*> { };
template struct Reveal<RecordExports, &JSC::AbstractModuleRecord::m_exportEntries>;

struct RecordFeatures : PrivateMember<RecordFeatures, JSC::CodeFeatures JSC::JSModuleRecord::*> { };
template struct Reveal<RecordFeatures, &JSC::JSModuleRecord::m_features>;

// Which module a record's requests mean, what its names were found to stand for, and its code.
struct RecordDependencies : PrivateMember<RecordDependencies, JSC::WriteBarrier<JSC::JSMap> JSC::AbstractModuleRecord::*> { };
template struct Reveal<RecordDependencies, &JSC::AbstractModuleRecord::m_dependenciesMap>;

using Resolutions = UncheckedKeyHashMap<RefPtr<UniquedStringImpl>, JSC::AbstractModuleRecord::Resolution, JSC::IdentifierRepHash, HashTraits<RefPtr<UniquedStringImpl>>>;
struct RecordResolutions : PrivateMember<RecordResolutions, Resolutions JSC::AbstractModuleRecord::*> { };
template struct Reveal<RecordResolutions, &JSC::AbstractModuleRecord::m_resolutionCache>;

struct RecordExecutable : PrivateMember<RecordExecutable, JSC::WriteBarrier<JSC::ModuleProgramExecutable> JSC::JSModuleRecord::*> { };
template struct Reveal<RecordExecutable, &JSC::JSModuleRecord::m_moduleProgramExecutable>;

// The variables of a temporal-dead-zone environment, which JSC keeps in address order.
using TDZNames = Vector<PackedRefPtr<UniquedStringImpl>>;
struct TDZVariables : PrivateMember<TDZVariables, Variant<TDZNames, JSC::TDZEnvironment> JSC::CompactTDZEnvironment::*> { };
template struct Reveal<TDZVariables, &JSC::CompactTDZEnvironment::m_variables>;

struct TDZLinkHandle : PrivateMember<TDZLinkHandle, JSC::CompactTDZEnvironmentMap::Handle JSC::TDZEnvironmentLink::*> { };
template struct Reveal<TDZLinkHandle, &JSC::TDZEnvironmentLink::m_handle>;

// What the parser has noted of the functions of a source, by position.
using Notes = UncheckedKeyHashMap<int, std::unique_ptr<JSC::SourceProviderCacheItem>, WTF::IntHash<int>, WTF::UnsignedWithZeroKeyHashTraits<int>>;
struct NotesOfFunctions : PrivateMember<NotesOfFunctions, Notes JSC::SourceProviderCache::*> { };
template struct Reveal<NotesOfFunctions, &JSC::SourceProviderCache::m_map>;

// The code of a function, to take it away again.
using FunctionCode = JSC::WriteBarrier<JSC::UnlinkedFunctionCodeBlock>;
struct CallCode : PrivateMember<CallCode, FunctionCode JSC::UnlinkedFunctionExecutable::*> { };
template struct Reveal<CallCode, &JSC::UnlinkedFunctionExecutable::m_unlinkedCodeBlockForCall>;

struct ConstructCode : PrivateMember<ConstructCode, FunctionCode JSC::UnlinkedFunctionExecutable::*> { };
template struct Reveal<ConstructCode, &JSC::UnlinkedFunctionExecutable::m_unlinkedCodeBlockForConstruct>;

// Who decodes the code of a function from a cache, until it has; and how that is done.
struct FunctionDecoder : PrivateMember<FunctionDecoder, RefPtr<JSC::Decoder> JSC::UnlinkedFunctionExecutable::*> { };
template struct Reveal<FunctionDecoder, &JSC::UnlinkedFunctionExecutable::m_decoder>;

struct DecodeCode : PrivateMember<DecodeCode, void (JSC::UnlinkedFunctionExecutable::*)(JSC::VM&)> { };
template struct Reveal<DecodeCode, &JSC::UnlinkedFunctionExecutable::decodeCachedCodeBlocks>;

// The memory of a cached bytecode, to take a payload that is not its own out of it again.
struct BytecodePayload : PrivateMember<BytecodePayload, JSC::CachePayload JSC::CachedBytecode::*> { };
template struct Reveal<BytecodePayload, &JSC::CachedBytecode::m_payload>;

// The parts of a URL, to make one of a text that need not be parsed.
struct URLString : PrivateMember<URLString, String URL::*> { };
template struct Reveal<URLString, &URL::m_string>;

struct URLPathAfterLastSlash : PrivateMember<URLPathAfterLastSlash, unsigned URL::*> { };
template struct Reveal<URLPathAfterLastSlash, &URL::m_pathAfterLastSlash>;

struct URLPathEnd : PrivateMember<URLPathEnd, unsigned URL::*> { };
template struct Reveal<URLPathEnd, &URL::m_pathEnd>;

struct URLQueryEnd : PrivateMember<URLQueryEnd, unsigned URL::*> { };
template struct Reveal<URLQueryEnd, &URL::m_queryEnd>;

} // namespace Bridge
