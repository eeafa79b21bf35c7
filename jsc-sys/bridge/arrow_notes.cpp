#include "arrow_notes.h"

#include "private_access.h"

using namespace JSC;

namespace Bridge {

void ArrowNotes::forget(VM& vm, SourceProvider& source, unsigned begin, unsigned end)
{
    RefPtr notes = vm.sourceProviderCacheMap.get(&source);
    if (!notes)
        return;
    auto& items = notes.get()->*reveal(NotesOfFunctions { });
    // To look through all notes after each function would take quadratic time.
    if (notes == m_notes) {
        for (auto it = std::ranges::lower_bound(m_arrows, begin); it != m_arrows.end() && *it < end; ++it)
            items.remove(*it);
        if (items.size() == m_size)
            return;
    } else
        m_arrows.clear();

    items.removeIf([&](auto& item) {
        if (!item.value->isBodyArrowExpression)
            return false;
        m_arrows.append(item.key);
        return true;
    });
    std::ranges::sort(m_arrows);
    m_notes = JSB_MOVE(notes);
    m_size = items.size();
}

} // namespace Bridge
