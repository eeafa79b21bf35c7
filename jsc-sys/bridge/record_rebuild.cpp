// Rebuilding a module record.

#include "record_image.h"

#include "image_names.h"
#include "insertion_order.h"
#include "private_access.h"

using namespace JSC;

namespace Bridge {

static_assert(sizeof(VariableEnvironmentEntry) == sizeof(uint16_t) && std::is_trivially_copyable_v<VariableEnvironmentEntry>);
static_assert(static_cast<uint32_t>(AbstractModuleRecord::ImportEntryType::Single) == 0);
static_assert(static_cast<uint32_t>(AbstractModuleRecord::ImportEntryType::Namespace) == 1);
static_assert(static_cast<uint32_t>(AbstractModuleRecord::ExportEntry::Type::Local) == 0);
static_assert(static_cast<uint32_t>(AbstractModuleRecord::ExportEntry::Type::Indirect) == 1);
static_assert(static_cast<uint32_t>(AbstractModuleRecord::ExportEntry::Type::Namespace) == 2);
static_assert(static_cast<uint32_t>(RequestType::JSON) == JSB_TYPE_JSON);

namespace {

// Walks an image's arrays in their order; each string becomes an identifier once.
class ImageReader {
public:
    ImageReader(VM& vm, jsb_bytes image, std::span<const Identifier> sharedNames)
        : m_vm(vm)
        , m_header(*reinterpret_cast<const jsb_image_header*>(image.data))
        , m_position(image.data + sizeof(jsb_image_header))
    {
        auto strings = take<jsb_image_string>(m_header.strings);
        size_t entries = m_header.requests * sizeof(jsb_image_request) + m_header.imports * sizeof(jsb_image_import)
            + m_header.exports * sizeof(jsb_image_export) + m_header.stars * sizeof(uint32_t)
            + (size_t { m_header.declared } + m_header.lexical + m_header.declared_private + m_header.lexical_private) * sizeof(jsb_image_variable);
        auto* characters = m_position + entries;
        m_ownNames.reserveInitialCapacity(strings.size());
        for (auto& string : strings)
            m_ownNames.append(identifierOf(vm, characters, string));
        m_names = strings.empty() ? sharedNames : m_ownNames.span();
    }

    const jsb_image_header& header() const { return m_header; }

    template<typename Item>
    std::span<const Item> take(uint32_t count)
    {
        std::span items { reinterpret_cast<const Item*>(m_position), count };
        m_position += items.size_bytes();
        return items;
    }

    const Identifier& name(uint32_t index) const
    {
        switch (index) {
        case JSB_NAME_NONE:
            return m_none;
        case JSB_NAME_STAR_NAMESPACE:
            return m_vm.propertyNames->starNamespacePrivateName;
        case JSB_NAME_STAR_DEFAULT:
            return m_vm.propertyNames->starDefaultPrivateName;
        default:
            return m_names[index];
        }
    }

private:
    VM& m_vm;
    const jsb_image_header& m_header;
    const uint8_t* m_position;
    Vector<Identifier, 64> m_ownNames;
    std::span<const Identifier> m_names;
    Identifier m_none;
};

void readVariables(ImageReader& reader, uint32_t count, bool everythingCaptured, VariableEnvironment& environment)
{
    if (everythingCaptured)
        environment.markAllVariablesAsCaptured();
    for (auto& variable : reader.take<jsb_image_variable>(count)) {
        auto added = environment.add(reader.name(variable.name));
        added.iterator->value = std::bit_cast<VariableEnvironmentEntry>(static_cast<uint16_t>(variable.traits));
    }
}

void readPrivateVariables(ImageReader& reader, uint32_t count, VariableEnvironment& environment)
{
    PrivateNameEnvironment names;
    for (auto& variable : reader.take<jsb_image_variable>(count))
        names.add(reader.name(variable.name).impl(), PrivateNameEntry(static_cast<uint16_t>(variable.traits)));
    if (count)
        environment.addPrivateNamesFrom(&names);
}

} // namespace

JSModuleRecord* rebuildRecord(JSGlobalObject* globalObject, const Identifier& key, const SourceCode& source, jsb_bytes image, std::span<const Identifier> sharedNames)
{
    VM& vm = globalObject->vm();
    ImageReader reader(vm, image, sharedNames);
    auto& header = reader.header();
    auto requests = reader.take<jsb_image_request>(header.requests);
    auto imports = reader.take<jsb_image_import>(header.imports);
    auto exports = reader.take<jsb_image_export>(header.exports);
    auto stars = reader.take<uint32_t>(header.stars);

    // The record copies the variables that it is given: these are better made in their place.
    VariableEnvironment none;
    auto* record = JSModuleRecord::create(globalObject, vm, globalObject->moduleRecordStructure(), key, source, none, none, static_cast<CodeFeatures>(header.features));
    auto& declared = record->*reveal(RecordDeclaredVariables { });
    auto& lexical = record->*reveal(RecordLexicalVariables { });
    readVariables(reader, header.declared, header.flags & JSB_IMAGE_DECLARED_EVERYTHING_CAPTURED, declared);
    readVariables(reader, header.lexical, header.flags & JSB_IMAGE_LEXICAL_EVERYTHING_CAPTURED, lexical);
    readPrivateVariables(reader, header.declared_private, declared);
    readPrivateVariables(reader, header.lexical_private, lexical);

    (record->*reveal(RecordRequests { })).reserveInitialCapacity(requests.size());
    for (auto& request : requests) {
        RefPtr<RequestAttributes> attributes;
        if (request.attributes)
            attributes = RequestAttributes::create(static_cast<RequestType>(request.attributes - 1));
        record->appendRequestedModule(reader.name(request.specifier), JSB_MOVE(attributes));
    }

    reserve(record->*reveal(RecordImports { }), header.imports);
    for (auto& entry : imports) {
        record->addImportEntry({ static_cast<AbstractModuleRecord::ImportEntryType>(entry.type),
            reader.name(entry.module_request), reader.name(entry.import_name), reader.name(entry.local_name) });
    }

    reserve(record->*reveal(RecordExports { }), header.exports);
    for (auto& entry : exports) {
        record->addExportEntry({ static_cast<AbstractModuleRecord::ExportEntry::Type>(entry.type),
            reader.name(entry.export_name), reader.name(entry.module_name), reader.name(entry.import_name), reader.name(entry.local_name) });
    }

    for (uint32_t star : stars)
        record->addStarExportEntry(reader.name(star));
    return record;
}

} // namespace Bridge
