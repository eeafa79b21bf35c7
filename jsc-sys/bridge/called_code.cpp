#include "called_code.h"

#include "private_access.h"

using namespace JSC;

namespace Bridge {

namespace {

template<typename Visitor>
void forEachFunction(UnlinkedCodeBlock& block, const Visitor& visit)
{
    for (size_t i = 0; i < block.numberOfFunctionDecls(); ++i)
        visit(*block.functionDecl(i));
    for (size_t i = 0; i < block.numberOfFunctionExprs(); ++i)
        visit(*block.functionExpr(i));
}

// As long as a function is not decoded, its decoder lies where its code for calls will.
const Decoder* decoderOf(const UnlinkedFunctionExecutable& function)
{
    return (function.*reveal(FunctionDecoder { })).get();
}

} // namespace

const Decoder* decoderOfFunctions(UnlinkedModuleProgramCodeBlock& module)
{
    const Decoder* decoder = nullptr;
    forEachFunction(module, [&](auto& function) {
        if (!decoder)
            decoder = decoderOf(function);
    });
    return decoder;
}

void keepOnlyCalled(VM& vm, UnlinkedModuleProgramCodeBlock& module, const Decoder& decoder)
{
    DeferGC keepBlocks(vm);
    Vector<UnlinkedCodeBlock*> blocks { &module };
    while (!blocks.isEmpty()) {
        forEachFunction(*blocks.takeLast(), [&](auto& function) {
            auto& call = function.*reveal(CallCode { });
            auto& construct = function.*reveal(ConstructCode { });
            if (decoderOf(function) == &decoder) {
                // Only JSC itself knows how to part a function from its decoder.
                (function.*reveal(DecodeCode { }))(vm);
                call.clear();
                construct.clear();
                return;
            }
            for (auto* code : { call.get(), construct.get() }) {
                if (code)
                    blocks.append(code);
            }
        });
    }
}

} // namespace Bridge
