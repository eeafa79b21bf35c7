// Generating what a cache entry holds of a module: its record image and the bytecode of all of its functions.

#include "generate.h"

#include "content_order.h"
#include "module_code.h"
#include "record_image.h"

using namespace JSC;

namespace Bridge {

namespace {

// A code block in a payload may be the call or the construct code of its function, and so may each one around it: a
// function nested d deep in constructible ones would have 2^d pairs of code blocks. Call code is always generated;
// construct code while there are no more than this many code blocks for each function.
constexpr unsigned codeBlocksPerFunction = 8;

// JSC notes where functions that it has parsed end, to skip them the next time, until the garbage collector drops the
// notes. A function that was skipped is not quite encoded as one that was parsed (the end column of an arrow function's
// expression), so nothing may be skipped here.
void forgetParsedFunctions(VM& vm)
{
    vm.clearSourceProviderCaches();
}

// Generates code for every function of a module and finds what of it JSC would encode in an order of its own.
class FunctionGenerator {
public:
    FunctionGenerator(VM& vm, ParserError& error)
        : m_vm(vm)
        , m_error(error)
    {
    }

    // Breadth-first by the number of construct blocks on the way, so that what is left out is what is least likely used.
    void generateAll(UnlinkedCodeBlock* module, const SourceCode& source)
    {
        Vector<Pending> level;
        addFunctionsOf(module, source, level);
        unsigned limit = 0;
        while (!level.isEmpty() && !m_error.isValid()) {
            Vector<Pending> next;
            generateCallCode(JSB_MOVE(level), next);
            if (!limit)
                limit = std::max(1024u, m_count * codeBlocksPerFunction);
            level = generateConstructCode(next, limit);
        }
    }

    unsigned count() const { return m_count; }
    unsigned leftOut() const { return m_leftOut; }
    const AddressOrdered& addressOrdered() const { return m_addressOrdered; }

private:
    struct Pending {
        UnlinkedFunctionExecutable* executable;
        SourceCode parent;
    };

    // Call code of all `functions` and all nested in it; `constructible` receives those that can be constructed.
    void generateCallCode(Vector<Pending>&& functions, Vector<Pending>& constructible)
    {
        while (!functions.isEmpty() && !m_error.isValid()) {
            auto function = functions.takeLast();
            if (auto* block = generate(function, CodeSpecializationKind::CodeForCall))
                addFunctionsOf(block, function.executable->linkedSourceCode(function.parent), functions);
            if (function.executable->constructAbility() == ConstructAbility::CanConstruct)
                constructible.append(function);
        }
    }

    // Construct code of `functions`; returns the functions nested in it.
    Vector<Pending> generateConstructCode(Vector<Pending>& functions, unsigned limit)
    {
        Vector<Pending> nested;
        for (auto& function : functions) {
            if (m_error.isValid())
                break;
            if (m_count >= limit) {
                m_leftOut++;
                continue;
            }
            if (auto* block = generate(function, CodeSpecializationKind::CodeForConstruct))
                addFunctionsOf(block, function.executable->linkedSourceCode(function.parent), nested);
        }
        return nested;
    }

    UnlinkedFunctionCodeBlock* generate(const Pending& function, CodeSpecializationKind kind)
    {
        m_count++;
        forgetParsedFunctions(m_vm);
        auto* executable = function.executable;
        return executable->unlinkedCodeBlockFor(m_vm, executable->linkedSourceCode(function.parent), kind, { }, m_error, executable->parseMode());
    }

    void addFunctionsOf(UnlinkedCodeBlock* block, const SourceCode& source, Vector<Pending>& functions)
    {
        clearUnusedBits(*block);
        m_addressOrdered.addTablesOf(*block);
        auto add = [&](UnlinkedFunctionExecutable* executable) {
            functions.append({ executable, source });
            m_addressOrdered.addEnvironmentsOf(*executable);
        };
        for (size_t i = 0; i < block->numberOfFunctionDecls(); ++i)
            add(block->functionDecl(i));
        for (size_t i = 0; i < block->numberOfFunctionExprs(); ++i)
            add(block->functionExpr(i));
    }

    VM& m_vm;
    ParserError& m_error;
    unsigned m_count { 0 };
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
    auto scope = DECLARE_CATCH_SCOPE(vm);
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
    functions.generateAll(module, code);
    // A function that does not compile would throw only when called; an entry cannot hold that.
    if (error.isValid())
        return fail(JSB_GENERATE_UNSUPPORTED, makeString("a function in it does not compile: "_s, error.message()));
    generated.functions = functions.count();
    generated.left_out = functions.leftOut();

    auto image = captureRecord(vm, *parsed.record, module->isAsync());
    if (!image)
        return fail(JSB_GENERATE_UNSUPPORTED, "its record holds a name that an image cannot"_s);
    results.image = JSB_MOVE(*image);

    ContentOrderScope contentOrder(functions.addressOrdered());
    results.bytecode = encodeModuleCode(vm, source->hash(), module);
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
