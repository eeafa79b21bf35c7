// Capturing a module record.

#include "record_image.h"

#include "image_names.h"
#include "insertion_order.h"
#include "private_access.h"

using namespace JSC;

namespace Bridge {

namespace {

// The variables in the table's own order would depend on how the table grew; by name they are the same everywhere.
template<typename Environment>
Vector<jsb_image_variable> variables(ImageNames& names, const Environment& environment)
{
    Vector<std::pair<UniquedStringImpl*, uint32_t>> sorted;
    for (auto& entry : environment)
        sorted.append({ entry.key.get(), entry.value.bits() });
    std::ranges::sort(sorted, [](auto& a, auto& b) {
        return is_lt(codePointCompare(StringView(a.first), StringView(b.first)));
    });
    return sorted.map([&](auto& entry) { return jsb_image_variable { names.add(entry.first), entry.second }; });
}

Vector<jsb_image_variable> privateVariables(ImageNames& names, const VariableEnvironment& environment)
{
    auto* privateNames = environment.privateNameEnvironment();
    return privateNames ? variables(names, *privateNames) : Vector<jsb_image_variable> { };
}

} // namespace

std::optional<Vector<uint8_t>> captureRecord(VM& vm, const JSModuleRecord& record, bool isAsync)
{
    ImageNames names(vm);
    bool representable = true;

    auto requests = record.requestedModules().map([&](auto& request) {
        uint32_t attributes = request.m_attributes ? 1 + static_cast<uint32_t>(request.m_attributes->type()) : 0;
        return jsb_image_request { names.add(request.m_specifier.get()), attributes, 0 };
    });

    Vector<jsb_image_import> imports;
    if (auto entries = inInsertionOrder(record.importEntries())) {
        imports = entries->map([&](auto* entry) {
            auto& value = entry->value;
            return jsb_image_import { static_cast<uint32_t>(value.type), names.add(value.moduleRequest), names.add(value.importName), names.add(value.localName) };
        });
    } else
        representable = false;

    Vector<jsb_image_export> exports;
    if (auto entries = inInsertionOrder(record.exportEntries())) {
        exports = entries->map([&](auto* entry) {
            auto& value = entry->value;
            return jsb_image_export { static_cast<uint32_t>(value.type), names.add(value.exportName), names.add(value.moduleName), names.add(value.importName), names.add(value.localName) };
        });
    } else
        representable = false;

    Vector<uint32_t> stars;
    for (auto& star : record.starExportEntries())
        stars.append(names.add(star.get()));

    auto declared = variables(names, record.declaredVariables());
    auto lexical = variables(names, record.lexicalVariables());
    auto declaredPrivate = privateVariables(names, record.declaredVariables());
    auto lexicalPrivate = privateVariables(names, record.lexicalVariables());
    if (names.foreignSymbol() || !representable)
        return std::nullopt;

    jsb_image_header header { };
    header.features = record.*reveal(RecordFeatures { });
    header.flags = (isAsync ? JSB_IMAGE_ASYNC : 0)
        | (record.declaredVariables().isEverythingCaptured() ? JSB_IMAGE_DECLARED_EVERYTHING_CAPTURED : 0)
        | (record.lexicalVariables().isEverythingCaptured() ? JSB_IMAGE_LEXICAL_EVERYTHING_CAPTURED : 0);
    header.strings = names.strings().size();
    header.requests = requests.size();
    header.imports = imports.size();
    header.exports = exports.size();
    header.stars = stars.size();
    header.declared = declared.size();
    header.lexical = lexical.size();
    header.declared_private = declaredPrivate.size();
    header.lexical_private = lexicalPrivate.size();
    header.character_bytes = names.characters().size();

    Vector<uint8_t> image;
    image.append(asByteSpan(header));
    appendItems(image, names.strings());
    appendItems(image, requests);
    appendItems(image, imports);
    appendItems(image, exports);
    appendItems(image, stars);
    appendItems(image, declared);
    appendItems(image, lexical);
    appendItems(image, declaredPrivate);
    appendItems(image, lexicalPrivate);
    appendItems(image, names.characters());
    while (image.size() % 8)
        image.append(0);
    return image;
}

} // namespace Bridge
