#include "star_names.h"

#include "private_access.h"

using namespace JSC;

namespace Bridge {

namespace {

using Resolution = AbstractModuleRecord::Resolution;
using ImportType = AbstractModuleRecord::ImportEntryType;
using ExportEntry = AbstractModuleRecord::ExportEntry;

// With fewer, the engine is as fast.
constexpr unsigned severalStars = 2;

class StarNames {
public:
    explicit StarNames(const Closure& closure)
        : m_closure(closure)
        , m_found(closure.records.size())
        , m_room(namesForEachModule * closure.records.size() + namesForAll)
    {
        // A module comes after those that it requests, but for circles.
        for (size_t i = 0; i < closure.records.size(); ++i) {
            if (starsOf(i).size())
                m_found[i] = find(i);
        }
    }

    // Tells the records that are asked for a name what it leads to, but those that are not wanted.
    void tell(const Function<bool(size_t)>& isWanted) const
    {
        for (size_t i = 0; i < m_closure.records.size(); ++i) {
            for (auto& [_, entry] : m_closure.records[i]->importEntries())
                tell(isWanted, targetOf(i, entry.moduleRequest.impl()), entry.type == ImportType::Single ? &entry.importName : nullptr);
            for (auto& [_, entry] : m_closure.records[i]->exportEntries()) {
                if (entry.type != ExportEntry::Type::Local)
                    tell(isWanted, targetOf(i, entry.moduleName.impl()), entry.type == ExportEntry::Type::Indirect ? &entry.importName : nullptr);
            }
        }
    }

private:
    // Without a module, only the engine can tell.
    struct Leaf {
        AbstractModuleRecord* module { nullptr };
        const Identifier* localName { nullptr };

        bool operator==(const Leaf& other) const { return module == other.module && module && *localName == *other.localName; }
    };
    using Names = UncheckedKeyHashMap<RefPtr<UniquedStringImpl>, Leaf, IdentifierRepHash, HashTraits<RefPtr<UniquedStringImpl>>>;

    // Chains of stars in which each module adds a name have a square of names: beyond this, the engine goes its own way.
    static constexpr size_t namesForEachModule = 16;
    static constexpr size_t namesForAll = 65'536;

    const AbstractModuleRecord::OrderedIdentifierSet& starsOf(size_t i) const { return m_closure.records[i]->starExportEntries(); }

    Leaf leaf(size_t i, const ExportEntry& entry) const
    {
        return entry.type == ExportEntry::Type::Local ? Leaf { m_closure.records[i], &entry.localName } : Leaf { };
    }

    // Without a name, all of them are asked for.
    void tell(const Function<bool(size_t)>& isWanted, size_t i, const Identifier* name) const
    {
        if (i >= m_found.size() || !m_found[i] || starsOf(i).size() < severalStars || !isWanted(i))
            return;
        auto& resolutions = m_closure.records[i]->*reveal(RecordResolutions { });
        auto tellOne = [&](auto& found) {
            if (auto& leaf = found.value; leaf.module && leaf.module != m_closure.records[i])
                resolutions.add(found.key, Resolution { Resolution::Type::Resolved, leaf.module, *leaf.localName });
        };
        if (!name)
            std::ranges::for_each(*m_found[i], tellOne);
        else if (auto found = m_found[i]->find(name->impl()); found != m_found[i]->end())
            tellOne(*found);
    }

    // All names of a module that has stars; nothing when they are not all known.
    std::optional<Names> find(size_t i)
    {
        Names names;
        auto& own = m_closure.records[i]->exportEntries();
        for (auto& [name, entry] : own)
            names.add(name, leaf(i, entry));
        // What the module exports itself hides what it has from stars.
        auto add = [&](const RefPtr<UniquedStringImpl>& name, const Leaf& leaf) {
            if (name == m_closure.records[i]->vm().propertyNames->defaultKeyword.impl() || own.contains(name))
                return;
            auto added = names.add(name, leaf);
            if (!added.isNewEntry && !(added.iterator->value == leaf))
                added.iterator->value = { };
        };
        for (auto& specifier : starsOf(i)) {
            auto target = targetOf(i, specifier.get());
            if (target >= i || names.size() > m_room)
                return std::nullopt;
            if (starsOf(target).isEmpty()) {
                for (auto& [name, entry] : m_closure.records[target]->exportEntries())
                    add(name, leaf(target, entry));
                continue;
            }
            if (!m_found[target])
                return std::nullopt;
            for (auto& [name, leaf] : *m_found[target])
                add(name, leaf);
        }
        m_room -= std::min<size_t>(m_room, names.size());
        return names;
    }

    // What a specifier means: the last of several requests, as in the map that JSC looks it up in.
    size_t targetOf(size_t i, const UniquedStringImpl* specifier) const
    {
        auto& requests = m_closure.records[i]->requestedModules();
        for (size_t j = requests.size(); j--;) {
            if (requests[j].m_specifier.get() == specifier)
                return m_closure.requested[i][j];
        }
        return notFound;
    }

    const Closure& m_closure;
    // By module.
    Vector<std::optional<Names>> m_found;
    size_t m_room;
};

} // namespace

void resolveStars(const Closure& closure, const Function<bool(size_t)>& isWanted)
{
    auto hasSeveral = [](auto* record) { return record->starExportEntries().size() >= severalStars; };
    if (std::ranges::any_of(closure.records, hasSeveral))
        StarNames(closure).tell(isWanted);
}

} // namespace Bridge
