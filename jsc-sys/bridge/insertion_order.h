// In which order to insert a hash table's entries to get the same table again.
//
// JSC walks a record's import and export tables in bucket order when it links, so the order decides which of several
// errors a program sees. Bucket order follows from the names alone except where two names want the same bucket: there
// the one inserted first has it. This file finds an insertion order that leads to a given table of known size.

#pragma once

#include "compat.h"

namespace Bridge {

// The capacity to which a WTF hash table grows that `size` entries are added to one by one (HashTableSizePolicy).
inline unsigned grownCapacity(unsigned size)
{
    unsigned capacity = 8;
    auto mustGrow = [&] { return capacity <= 1024 ? size * 4 >= capacity * 3 : size * 2 >= capacity; };
    while (mustGrow())
        capacity *= 2;
    return capacity;
}

// What to pass to reserveInitialCapacity for a table of that capacity: 3/8 of it lies within what
// HashTable::computeBestTableSize rounds up to it, for every capacity.
inline unsigned keyCountForCapacity(unsigned capacity)
{
    return capacity / 8 * 3;
}

// Gives an empty table the size that it would grow to.
template<typename Table>
void reserve(Table& table, uint32_t count)
{
    if (count)
        table.reserveInitialCapacity(keyCountForCapacity(grownCapacity(count)));
}

// The entries of a table whose buckets are known, each after all those that stand in its way.
template<typename Entry>
class InsertionOrder {
public:
    InsertionOrder(const Vector<const Entry*>& entries, unsigned capacity)
        : m_entries(entries)
        , m_capacity(capacity)
    {
    }

    // Null when the buckets are not those of a WTF hash table.
    std::optional<Vector<const Entry*>> find()
    {
        for (unsigned first : bucketsOfFirstEntry()) {
            if (findFrom(first))
                return JSB_MOVE(m_order);
        }
        return std::nullopt;
    }

private:
    enum class State : uint8_t { Waiting, Inserting, Inserted };

    unsigned home(const Entry* entry) const { return entry->key->existingSymbolAwareHash() & (m_capacity - 1); }
    unsigned bucket(const Entry* entry) const { return m_first + static_cast<unsigned>(entry - m_entries[0]); }

    // Where the table begins is not public, but most entries have the bucket that their hash names: they vote. Any
    // bucket of the first entry that allows an order is as good as another, because the entries keep their sequence.
    Vector<unsigned> bucketsOfFirstEntry() const
    {
        Vector<unsigned> votes(m_capacity, 0);
        for (auto* entry : m_entries)
            votes[(home(entry) - static_cast<unsigned>(entry - m_entries[0])) & (m_capacity - 1)]++;
        Vector<unsigned> buckets;
        for (unsigned bucket = 0; bucket < m_capacity; ++bucket) {
            if (votes[bucket])
                buckets.append(bucket);
        }
        std::ranges::stable_sort(buckets, [&](unsigned a, unsigned b) { return votes[a] > votes[b]; });
        return buckets;
    }

    bool findFrom(unsigned first)
    {
        m_first = first;
        m_owners.fill(nullptr, m_capacity);
        m_states.fill(State::Waiting, m_capacity);
        m_order.shrink(0);
        if (bucket(m_entries.last()) >= m_capacity)
            return false;
        for (auto* entry : m_entries)
            m_owners[bucket(entry)] = entry;
        return std::ranges::all_of(m_entries, [&](auto* entry) { return insert(entry); });
    }

    // HashTable::lookup tries bucket h, then h + 1, h + 1 + 2, h + 1 + 2 + 3, ...: all before its own must be taken.
    bool insert(const Entry* entry)
    {
        unsigned own = bucket(entry);
        if (m_states[own] == State::Inserted)
            return true;
        if (m_states[own] == State::Inserting)
            return false;
        m_states[own] = State::Inserting;
        unsigned step = 0;
        for (unsigned at = home(entry); at != own; at = (at + ++step) & (m_capacity - 1)) {
            if (!m_owners[at] || step > m_capacity || !insert(m_owners[at]))
                return false;
        }
        m_states[own] = State::Inserted;
        m_order.append(entry);
        return true;
    }

    const Vector<const Entry*>& m_entries;
    unsigned m_capacity;
    unsigned m_first { 0 };
    Vector<const Entry*> m_owners; // by bucket
    Vector<State> m_states; // by bucket
    Vector<const Entry*> m_order;
};

// The entries of `map` in an order that leads to it; null when the table does not look as expected.
template<typename Map>
std::optional<Vector<const typename Map::KeyValuePairType*>> inInsertionOrder(const Map& map)
{
    using Entry = typename Map::KeyValuePairType;
    Vector<const Entry*> entries;
    for (auto& entry : map)
        entries.append(&entry);
    if (entries.isEmpty())
        return entries;
    return InsertionOrder<Entry>(entries, grownCapacity(entries.size())).find();
}

} // namespace Bridge
