// The graph image: how the modules of a static closure hang together, as flat, position-independent bytes.
//
// The bridge writes one when it captures a graph that has been loaded, and reads one when it loads the graph from a pack.
// As with a record image (image.h), the reader trusts every count and index: nothing may reach it that
// `harness/src/cache` has not checked against the rules written here.
//
// Layout: a jsb_graph_header, then the arrays in the order of its counts, without gaps, then the characters. All integers
// are 32-bit little-endian; the image is 8-byte aligned; its length is a multiple of 8 (zero padding at the end).
//
//   header       jsb_graph_header (32 bytes)
//   strings      jsb_image_string     x strings
//   modules      jsb_graph_module     x modules      the entry last
//   edges        uint32 module        x edges        those of the first module, then those of the second, ...
//   resolutions  jsb_graph_resolution x resolutions  likewise
//   characters   character_bytes bytes, then zeros up to a multiple of 8
//
// Modules stand in the order in which a graph without top-level await is evaluated: a walk from the entry, depth first,
// requests in order, each module after those it requests (ECMA-262, InnerModuleEvaluation). Edges are a module's requests
// in the order of its record. Strings are as in a record image: unique, Latin-1 where they fit.
//
// In a captured graph they are those of the graph alone. In a pack they are also those of its records, whose images have
// none of their own: their names are indices into the graph's strings.
//
// Resolutions are what is known beforehand: the engine finds out itself what the other names of a module lead to.

#pragma once

#include "image.h"

typedef struct jsb_graph_header {
    uint32_t strings;
    uint32_t modules;
    uint32_t edges;
    uint32_t resolutions;
    uint32_t character_bytes;
    uint32_t reserved[3]; // zero
} jsb_graph_header;

enum {
    JSB_GRAPH_JAVASCRIPT = 0, // from a pack
    JSB_GRAPH_JSON = 1,       // without edges and resolutions
    // In no pack, but in a graph that is put together for one load:
    JSB_GRAPH_ENTRY = 2,    // from a cache entry, whose record image has its own strings
    JSB_GRAPH_ANALYZED = 3, // kept by jsb_realm_analyze
};

typedef struct jsb_graph_module {
    uint32_t key; // a string: an ASCII URL
    uint32_t kind; // JSB_GRAPH_*
    uint32_t edges;
    uint32_t resolutions;
} jsb_graph_module;

// What an export name of a module resolves to (ResolveExport): the variable `local_name` of `module`, or its namespace
// when the local name is JSB_NAME_STAR_NAMESPACE. In the order of the names' code units.
typedef struct jsb_graph_resolution {
    uint32_t name; // a string
    uint32_t module;
    uint32_t local_name;
} jsb_graph_resolution;
