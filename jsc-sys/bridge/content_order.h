// Code that is encoded in an order and with bits that are the same in every process.
//
// JSC orders some tables by address, and leaves some bits as it finds them. Neither means anything to the code, but both
// reach the bytes that it is encoded to.

#pragma once

#include "compat.h"

namespace Bridge {

// The tables of a module's code that JSC orders by address.
class AddressOrdered {
public:
    // The temporal-dead-zone environments around a function.
    void addEnvironmentsOf(const JSC::UnlinkedFunctionExecutable&);
    // The tables of its `switch` statements over strings.
    void addTablesOf(JSC::UnlinkedCodeBlock&);

private:
    friend class ContentOrderScope;

    UncheckedKeyHashSet<JSC::TDZEnvironmentLink*> m_links;
    UncheckedKeyHashSet<JSC::CompactTDZEnvironment*> m_environments;
    Vector<JSC::UnlinkedStringJumpTable*> m_switches;
};

// While one lives, the tables are in the order of their content. Nothing may look anything up in them meanwhile; decoding
// puts them into an order by address anew.
class ContentOrderScope {
    WTF_MAKE_NONCOPYABLE(ContentOrderScope);
public:
    explicit ContentOrderScope(const AddressOrdered&);
    ~ContentOrderScope();

private:
    using SwitchEntry = std::pair<RefPtr<StringImpl>, JSC::UnlinkedStringJumpTable::OffsetLocation>;

    const AddressOrdered& m_tables;
    Vector<Vector<SwitchEntry>> m_switchEntries; // as they stood
};

// Zeroes the bits of a code block that JSC encodes but has never written.
void clearUnusedBits(JSC::UnlinkedCodeBlock&);

} // namespace Bridge
