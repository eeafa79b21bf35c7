#include "content_order.h"

#include "private_access.h"

using namespace JSC;

namespace Bridge {

static bool contentLess(const StringImpl* a, const StringImpl* b)
{
    return is_lt(codePointCompare(StringView(a), StringView(b)));
}

// A temporal-dead-zone environment is a vector in address order or, once something has been looked up in it, a hash set.
static void sortEnvironment(CompactTDZEnvironment& environment, bool (*less)(const StringImpl*, const StringImpl*))
{
    auto& variables = environment.*reveal(TDZVariables { });
    if (auto* inflated = std::get_if<TDZEnvironment>(&variables)) {
        TDZNames names;
        for (auto& name : *inflated)
            names.append(name.get());
        variables = JSB_MOVE(names);
    }
    std::ranges::sort(std::get<TDZNames>(variables), [&](auto& a, auto& b) { return less(a.get(), b.get()); });
}

void AddressOrdered::addEnvironmentsOf(const UnlinkedFunctionExecutable& executable)
{
    auto link = executable.parentScopeTDZVariables();
    // Those around one that is known are known.
    for (auto* environment = link.get(); environment && m_links.add(environment).isNewEntry; environment = environment->parent())
        m_environments.add(&const_cast<CompactTDZEnvironment&>((environment->*reveal(TDZLinkHandle { })).environment()));
}

void AddressOrdered::addTablesOf(UnlinkedCodeBlock& block)
{
    for (size_t i = 0; i < block.numberOfUnlinkedStringSwitchJumpTables(); ++i)
        m_switches.append(&const_cast<UnlinkedStringJumpTable&>(block.unlinkedStringSwitchJumpTable(i)));
}

ContentOrderScope::ContentOrderScope(const AddressOrdered& tables)
    : m_tables(tables)
{
    for (auto* environment : tables.m_environments)
        sortEnvironment(*environment, contentLess);

    // A table's own order depends on where it lies in memory. Its occupied slots stay; their contents trade places.
    for (auto* table : tables.m_switches) {
        Vector<SwitchEntry> entries;
        for (auto& entry : table->m_offsetTable)
            entries.append({ entry.key, entry.value });
        m_switchEntries.append(entries);
        std::ranges::sort(entries, [](auto& a, auto& b) { return contentLess(a.first.get(), b.first.get()); });
        size_t i = 0;
        for (auto& entry : table->m_offsetTable)
            std::tie(entry.key, entry.value) = entries[i++];
    }
}

ContentOrderScope::~ContentOrderScope()
{
    for (auto* environment : m_tables.m_environments)
        sortEnvironment(*environment, [](auto* a, auto* b) { return a < b; });

    for (size_t table = 0; table < m_tables.m_switches.size(); ++table) {
        size_t i = 0;
        for (auto& entry : m_tables.m_switches[table]->m_offsetTable)
            std::tie(entry.key, entry.value) = m_switchEntries[table][i++];
    }
}

void clearUnusedBits(UnlinkedCodeBlock& block)
{
    // Of the word that holds an exception handler's type, two bits are.
    for (size_t i = 0; i < block.numberOfExceptionHandlers(); ++i) {
        auto& handler = block.exceptionHandler(i);
        auto copy = handler;
        zeroBytes(handler);
        handler.start = copy.start;
        handler.end = copy.end;
        handler.target = copy.target;
        handler.setType(copy.type());
    }
}

} // namespace Bridge
