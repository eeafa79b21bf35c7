// Which engine this library is, and setting it up.

#include "bridge.h"
#include "compat.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <mutex>

using namespace JSC;

namespace {

struct Image {
    const void* address; // anywhere inside it
    jsb_bytes buildID;
};

// dl_iterate_phdr callback: finds the image that holds `address` and reads its NT_GNU_BUILD_ID note.
int findBuildID(dl_phdr_info* info, size_t, void* context)
{
    auto& image = *static_cast<Image*>(context);
    auto headers = std::span { info->dlpi_phdr, info->dlpi_phnum };
    auto start = [&](const ElfW(Phdr)& header) { return info->dlpi_addr + header.p_vaddr; };
    auto address = reinterpret_cast<ElfW(Addr)>(image.address);
    bool found = std::ranges::any_of(headers, [&](auto& header) {
        return header.p_type == PT_LOAD && address >= start(header) && address - start(header) < header.p_memsz;
    });
    if (!found)
        return 0;

    auto aligned = [](size_t size) { return (size + 3) & ~size_t { 3 }; };
    for (auto& header : headers) {
        if (header.p_type != PT_NOTE)
            continue;
        auto* note = reinterpret_cast<const uint8_t*>(start(header));
        auto* end = note + header.p_memsz;
        while (static_cast<size_t>(end - note) >= sizeof(ElfW(Nhdr))) {
            auto* head = reinterpret_cast<const ElfW(Nhdr)*>(note);
            auto* name = note + sizeof(ElfW(Nhdr));
            auto* description = name + aligned(head->n_namesz);
            if (head->n_type == NT_GNU_BUILD_ID && head->n_namesz == 4 && !memcmp(name, "GNU", 4)) {
                image.buildID = { description, head->n_descsz };
                return 1;
            }
            note = description + aligned(head->n_descsz);
        }
    }
    return 1;
}

} // namespace

uint32_t jsb_abi_version(void)
{
    return JSB_ABI_VERSION;
}

const char* jsb_engine_release(void)
{
    return JSB_ENGINE_RELEASE;
}

jsb_bytes jsb_build_id(void)
{
    Image image { reinterpret_cast<const void*>(&jsb_build_id), { nullptr, 0 } };
    dl_iterate_phdr(findBuildID, &image);
    return image.buildID;
}

const char* jsb_library_path(void)
{
    Dl_info info;
    if (!dladdr(reinterpret_cast<const void*>(&jsb_library_path), &info))
        return nullptr;
    return info.dli_fname;
}

void jsb_initialize(void)
{
    static std::once_flag once;
    std::call_once(once, [] {
        WTF::initializeMainThread();
        Bridge::initializeEngineOptions([] {
            // The engine-wide count behind `parses.total_engine`.
            Options::countParseTimes() = true;
        });
        JSC::initialize();
    });
}

void jsb_options(jsb_take_text take, void* context)
{
    StringBuilder all;
    Options::dumpAllOptionsInALine(all);
    auto text = all.toString();
    if (text.containsOnlyASCII() && text.is8Bit()) {
        take(context, { text.span8().data(), text.length() });
        return;
    }
    auto utf8 = text.utf8();
    take(context, { reinterpret_cast<const uint8_t*>(utf8.data()), utf8.length() });
}
