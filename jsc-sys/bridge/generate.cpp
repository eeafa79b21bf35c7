// Generating what a cache entry holds of a module: its record image and the bytecode of all of its functions.

#include "generate.h"

#include "content_order.h"
#include "module_code.h"
#include "private_access.h"
#include "record_image.h"

using namespace JSC;

namespace Bridge {

namespace {

// What may be generated of a module, and kept of that, for each code unit of its source and beside that. To generate a
// function, JSC parses its text with all that is nested in it; and one that can be called and constructed has two code blocks,
// each with functions of its own in it, so that one nested d deep in such functions would have 2^d pairs. What that would take
// out of all proportion is left out.
constexpr uint64_t unitsPerBlock = 256; // what a code block takes beside parsing, as code units to parse
constexpr uint64_t unitsPerUnit = 8;
constexpr uint64_t unitsBeside = 512 * KB;
constexpr uint64_t bytesPerUnit = 32;
constexpr uint64_t bytesBeside = 64 * KB;
// The code of the module itself cannot be left out of an entry. Where that alone is so large, there is none.
constexpr uint64_t mostBytesPerUnit = 256;
constexpr uint64_t mostBytesBeside = 1 * MB;

// JSC notes where functions that it has parsed end, to skip them the next time, until the garbage collector drops the
// notes. A function that was skipped is not quite encoded as one that was parsed (lines behind and the end column of an arrow
// function with an expression for a body, NoEvalCacheFeature around a tagged template), so nothing may be skipped here.
void forgetParsedFunctions(VM& vm)
{
    vm.clearSourceProviderCaches();
}

// Generates code for the functions of a module and finds what of it JSC would encode in an order of its own.
class FunctionGenerator {
public:
    FunctionGenerator(VM& vm, ParserError& error)
        : m_vm(vm)
        , m_error(error)
    {
    }

    // Outermost functions first, and code that is used more likely before all other: so that what is left out is what is least
    // likely used.
    void generate(UnlinkedCodeBlock* module, const SourceCode& source)
    {
        m_mostUnits = source.length() * unitsPerUnit + unitsBeside;
        Deque<Function> functions;
        addFunctionsOf(module, source, functions);
        while (!functions.isEmpty() && !m_error.isValid()) {
            Deque<Function> both;
            while (!functions.isEmpty() && !m_error.isValid()) {
                auto function = functions.takeFirst();
                generateCode(function, likely(*function.executable), functions);
                if (function.executable->constructAbility() == ConstructAbility::CanConstruct)
                    both.append(function);
            }
            for (auto& function : both)
                generateCode(function, other(likely(*function.executable)), functions);
        }
    }

    // Takes away what was generated last, so that about `share` of it is left. False when there was nothing.
    bool keepOnly(double share)
    {
        if (m_generated.isEmpty())
            return false;
        for (auto left = static_cast<size_t>(m_generated.size() * share); m_generated.size() > left; ++m_leftOut) {
            auto [executable, kind] = m_generated.takeLast();
            (executable->*codeOf(kind)).clear();
        }
        return true;
    }

    unsigned count() const { return m_generated.size(); }
    unsigned leftOut() const { return m_leftOut; }
    uint64_t units() const { return m_units; }
    const AddressOrdered& addressOrdered() const { return m_addressOrdered; }

private:
    struct Function {
        UnlinkedFunctionExecutable* executable;
        SourceCode source;
    };

    // Constructors of classes only throw when they are called.
    static CodeSpecializationKind likely(const UnlinkedFunctionExecutable& executable)
    {
        return executable.isClassConstructorFunction() ? CodeSpecializationKind::CodeForConstruct : CodeSpecializationKind::CodeForCall;
    }

    static CodeSpecializationKind other(CodeSpecializationKind kind)
    {
        return kind == CodeSpecializationKind::CodeForCall ? CodeSpecializationKind::CodeForConstruct : CodeSpecializationKind::CodeForCall;
    }

    static FunctionCode UnlinkedFunctionExecutable::*codeOf(CodeSpecializationKind kind)
    {
        return kind == CodeSpecializationKind::CodeForCall ? reveal(CallCode { }) : reveal(ConstructCode { });
    }

    void generateCode(const Function& function, CodeSpecializationKind kind, Deque<Function>& nested)
    {
        if (m_error.isValid())
            return;
        if (m_units >= m_mostUnits) {
            m_leftOut++;
            return;
        }
        auto* executable = function.executable;
        auto& source = function.source;
        forgetParsedFunctions(m_vm);
        auto* block = executable->unlinkedCodeBlockFor(m_vm, source, kind, { }, m_error, executable->parseMode());
        m_units += source.length() + unitsPerBlock;
        if (!block)
            return;
        m_generated.append({ executable, kind });
        addFunctionsOf(block, source, nested);
    }

    void addFunctionsOf(UnlinkedCodeBlock* block, const SourceCode& parent, Deque<Function>& functions)
    {
        clearUnusedBits(*block);
        m_addressOrdered.addTablesOf(*block);
        auto add = [&](UnlinkedFunctionExecutable* executable) {
            functions.append({ executable, executable->linkedSourceCode(parent) });
            m_addressOrdered.addEnvironmentsOf(*executable);
        };
        for (size_t i = 0; i < block->numberOfFunctionDecls(); ++i)
            add(block->functionDecl(i));
        for (size_t i = 0; i < block->numberOfFunctionExprs(); ++i)
            add(block->functionExpr(i));
    }

    VM& m_vm;
    ParserError& m_error;
    uint64_t m_mostUnits { 0 };
    uint64_t m_units { 0 };
    Vector<std::pair<UnlinkedFunctionExecutable*, CodeSpecializationKind>> m_generated;
    unsigned m_leftOut { 0 };
    AddressOrdered m_addressOrdered;
};

struct Results {
    Vector<uint8_t> image;
    Vector<uint8_t> bytecode;
    CString message;
};

} // namespace

ParsedRecord parseRecord(JSGlobalObject* globalObject, const Identifier& key, const SourceCode& source)
{
    VM& vm = globalObject->vm();
    ParserError error;
    auto node = parseRootNode<ModuleProgramNode>(vm, source, ImplementationVisibility::Public, JSParserBuiltinMode::NotBuiltin,
        StrictModeLexicallyScopedFeature, JSParserScriptMode::Module, SourceParseMode::ModuleAnalyzeMode, error);
    if (!node)
        return { nullptr, error.message() };

    ModuleAnalyzer analyzer(globalObject, key, source, node->varDeclarations(), node->lexicalVariables(), node->features());
    auto record = analyzer.analyze(*node);
    if (!record)
        return { nullptr, std::get<String>(record.error()) };
    return { record.value(), String() };
}

} // namespace Bridge

using namespace Bridge;

// The top-level code of a module. JSC has no function for just that in its API, but makes it for an executable, and keeps
// it in the code cache, from which it is taken again.
static UnlinkedModuleProgramCodeBlock* generateModuleCode(JSGlobalObject* globalObject, const SourceCode& code, ParserError& error)
{
    VM& vm = globalObject->vm();
    auto scope = JSB_CATCH_SCOPE(vm);
    forgetParsedFunctions(vm);
    auto* executable = ModuleProgramExecutable::tryCreate(globalObject, code);
    if (scope.exception()) {
        auto message = scope.exception()->value().toWTFString(globalObject);
        scope.clearException();
        error = ParserError(ParserError::SyntaxError, ParserError::SyntaxErrorIrrecoverable, JSToken(), message, -1);
        return nullptr;
    }
    removeFromCodeCache(vm, sourceCodeKeyForSerializedModule(vm, code));
    return executable->unlinkedCodeBlock();
}

// Encodes the module's code with as many functions as there is space for.
static void encodeWithin(unsigned units, VM& vm, unsigned textHash, UnlinkedModuleProgramCodeBlock* module, FunctionGenerator& functions, Vector<uint8_t>& bytecode)
{
    DeferGC keepWhatIsTakenAway(vm);
    auto most = units * bytesPerUnit + bytesBeside;
    for (;;) {
        {
            ContentOrderScope contentOrder(functions.addressOrdered());
            bytecode = encodeModuleCode(vm, textHash, module);
        }
        if (bytecode.size() <= most || !functions.keepOnly(0.9 * most / bytecode.size()))
            return;
    }
}

static void generateInto(jsb_realm& realm, jsb_bytes keyBytes, jsb_bytes sourceBytes, jsb_generated& generated, Results& results)
{
    VM& vm = *realm.vm;
    auto* globalObject = realm.globalObject.get();
    auto fail = [&](uint32_t status, const String& message) {
        generated.status = status;
        results.message = message.utf8();
    };

    if (!globalObject->defaultCodeGenerationMode().isEmpty())
        return fail(JSB_GENERATE_UNSUPPORTED, "JSC generates code for a profiler or a debugger, which entries do not hold"_s);

    String keyText(latin1(keyBytes));
    auto source = ModuleSource::create(realm, keyText, sourceBytes);
    if (!source)
        return fail(JSB_GENERATE_UNSUPPORTED, "the source is too large"_s);
    auto code = source->code();
    auto text = source->source();
    generated.source = { text.length(), source->hash(), text.is8Bit() };

    auto key = Identifier::fromString(vm, keyText);
    auto parsed = parseRecord(globalObject, key, code);
    if (!parsed.record)
        return fail(JSB_GENERATE_SYNTAX_ERROR, parsed.message);
    EnsureStillAliveScope keepRecord(parsed.record);

    ParserError error;
    auto* module = generateModuleCode(globalObject, code, error);
    if (!module)
        return fail(JSB_GENERATE_SYNTAX_ERROR, error.isValid() ? error.message() : "it does not compile"_s);
    EnsureStillAliveScope keepModule(module);

    FunctionGenerator functions(vm, error);
    functions.generate(module, code);
    // A function that does not compile would throw only when called; an entry cannot hold that.
    if (error.isValid())
        return fail(JSB_GENERATE_UNSUPPORTED, makeString("a function in it does not compile: "_s, error.message()));
    auto image = captureRecord(vm, *parsed.record, module->isAsync());
    if (!image)
        return fail(JSB_GENERATE_UNSUPPORTED, "its record holds a name that an image cannot"_s);
    results.image = JSB_MOVE(*image);

    encodeWithin(text.length(), vm, source->hash(), module, functions, results.bytecode);
    generated.functions = functions.count();
    generated.left_out = functions.leftOut();
    generated.units = functions.units();
    if (results.bytecode.size() > text.length() * mostBytesPerUnit + mostBytesBeside) {
        results = { };
        return fail(JSB_GENERATE_UNSUPPORTED, "its top-level code is too large for its source"_s);
    }
}

void jsb_realm_generate(jsb_realm* realm, jsb_bytes key, jsb_bytes source, jsb_generated* generated)
{
    JSLockHolder lock(*realm->vm);
    *generated = { };
    auto* results = new Results;
    generateInto(*realm, key, source, *generated, *results);

    auto lend = [](auto& bytes) { return jsb_bytes { bytes.span().data(), bytes.size() }; };
    generated->image = lend(results->image);
    generated->bytecode = lend(results->bytecode);
    generated->message = { reinterpret_cast<const uint8_t*>(results->message.data()), results->message.length() };
    generated->owner = results;
}

void jsb_generated_free(jsb_generated* generated)
{
    delete static_cast<Results*>(generated->owner);
    *generated = { };
}
