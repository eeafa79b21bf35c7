#include "arrow_notes.h"

#include "private_access.h"

using namespace JSC;

namespace Bridge {

// Of all other functions the note is right. To parse them anew each time would take quadratic time where they are nested.
static bool isMisleading(const SourceProviderCacheItem& note, StringView text)
{
    if (!note.isBodyArrowExpression || note.lastTokenEndOffset > text.length() || note.lastTokenStartOffset > note.lastTokenEndOffset)
        return false;
    auto token = text.substring(note.lastTokenStartOffset, note.lastTokenEndOffset - note.lastTokenStartOffset);
    return token.find([](char16_t unit) { return unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029; }) != notFound;
}

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

    auto text = source.source();
    items.removeIf([&](auto& item) {
        if (!isMisleading(*item.value, text))
            return false;
        m_arrows.append(item.key);
        return true;
    });
    std::ranges::sort(m_arrows);
    m_notes = JSB_MOVE(notes);
    m_size = items.size();
}

} // namespace Bridge
