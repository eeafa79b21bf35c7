#include "true_lines.h"

#include "private_access.h"

using namespace JSC;

namespace Bridge {

void dropNotesOfArrowFunctions(VM& vm, const SourceProvider& source)
{
    if (RefPtr notes = vm.sourceProviderCacheMap.get(const_cast<SourceProvider*>(&source)))
        (notes.get()->*reveal(NotesOfFunctions { })).removeIf([](auto& note) { return note.value->isBodyArrowExpression; });
}

} // namespace Bridge
