// A pack whose records are built, and not yet part of a graph.

#pragma once

#include "graph_image.h"
#include "realm.h"

namespace Bridge {

// The arrays of a graph image.
struct GraphView {
    explicit GraphView(jsb_bytes image)
    {
        auto& header = *reinterpret_cast<const jsb_graph_header*>(image.data);
        auto* position = image.data + sizeof(jsb_graph_header);
        auto take = [&]<typename Item>(std::span<const Item>& items, uint32_t count) {
            items = { reinterpret_cast<const Item*>(position), count };
            position += items.size_bytes();
        };
        take(strings, header.strings);
        take(modules, header.modules);
        take(edges, header.edges);
        take(resolutions, header.resolutions);
        characters = position;
    }

    std::span<const jsb_image_string> strings;
    std::span<const jsb_graph_module> modules;
    std::span<const uint32_t> edges;
    std::span<const jsb_graph_resolution> resolutions;
    const uint8_t* characters;
};

struct BuiltPack {
    GraphView view;
    // Its strings.
    Vector<JSC::Identifier> names;
    // Null for JSON.
    Vector<JSC::Strong<JSC::JSModuleRecord>> records;
};

} // namespace Bridge
