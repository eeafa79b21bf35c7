// The bridge's C ABI: the only door between Rust and JavaScriptCore's C++.
//
// Rules of the door
// - Plain pointers, lengths and integers only. No C++ object, C++ exception or JavaScript exception crosses it: errors
//   are values, JavaScript values travel as the public C API's JSValueRef.
// - One thread. A realm is created, driven and destroyed on the thread that called jsb_initialize.
// - Order: jsb_initialize, then any number of { jsb_realm_create, jsb_realm_load, a loop of the draining and polling
//   calls, jsb_realm_destroy }.
// - Memory that a function hands out stays the owner's: text that the bridge passes to a host callback lives until the
//   callback returns, and what a host callback puts into a reply must live until the next host callback. Only what
//   belongs to a cached module (its source, image and bytecode) must live as long as the realm.

#pragma once

#include "graph_image.h"
#include "image.h"

#include <JavaScriptCore/JSObjectRefPrivate.h>
#include <JavaScriptCore/JavaScript.h>
#include <stddef.h>
#include <stdint.h>

#define JSB_ABI_VERSION 6

#define JSB_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

// ---- Text and bytes ----------------------------------------------------------------------------------------------

// A JavaScript string as the engine holds it: Latin-1 or UTF-16 code units, lone surrogates included.
typedef struct jsb_string {
    const void* characters;
    size_t length; // in code units
    uint8_t is_latin1;
} jsb_string;

typedef struct jsb_bytes {
    const uint8_t* data;
    size_t length;
} jsb_bytes;

// ---- Process and identity ----------------------------------------------------------------------------------------

// The ABI that this library speaks; a caller built for another JSB_ABI_VERSION must not call anything else.
JSB_EXPORT uint32_t jsb_abi_version(void);

// The release that the engine's build files state, NUL-terminated. For people: nothing depends on it.
JSB_EXPORT const char* jsb_engine_release(void);

// What distinguishes this engine's interfaces from other engines', found out when the bridge was compiled: words, each with a
// newline behind it (capabilities.cpp).
JSB_EXPORT jsb_bytes jsb_capabilities(void);

// The GNU build-id of the image that JSC is linked into; empty when the linker was not asked for one.
JSB_EXPORT jsb_bytes jsb_build_id(void);

// The file that this library was loaded from, NUL-terminated; NULL when the loader cannot say.
JSB_EXPORT const char* jsb_library_path(void);

// Sets up WTF and JSC for this process. Idempotent.
JSB_EXPORT void jsb_initialize(void);

// Calls `take` once with every JSC option and its value in force, as "name=value name=value ...", in the engine's order.
typedef void (*jsb_take_text)(void* context, jsb_bytes text);
JSB_EXPORT void jsb_options(jsb_take_text take, void* context);

// ---- The host: what a realm asks of Rust ---------------------------------------------------------------------------

// The import attribute `type` of a module request, as JSC's ScriptFetchParameters::Type numbers it.
enum {
    JSB_TYPE_NONE = 0,
    JSB_TYPE_JAVASCRIPT = 1,
    JSB_TYPE_WEBASSEMBLY = 2,
    JSB_TYPE_JSON = 3,
};

enum {
    JSB_REPLY_OK = 0,
    JSB_REPLY_ERROR = 1,      // becomes a JavaScript Error
    JSB_REPLY_TYPE_ERROR = 2, // becomes a JavaScript TypeError
};

// What is known of a JavaScript source without decoding it.
typedef struct jsb_source_facts {
    uint32_t units;     // length of the decoded text in code units
    uint32_t text_hash; // StringImpl::hash() of the decoded text
    uint32_t is_latin1; // whether the decoded text is held as Latin-1
} jsb_source_facts;

// A cache entry that Rust has validated completely.
typedef struct jsb_cached_module {
    jsb_source_facts source;
    jsb_bytes image;    // the record image (image.h); empty: the record is to be parsed
    jsb_bytes bytecode; // a payload of jsb_realm_generate by this very engine, 16-byte aligned
} jsb_cached_module;

// What a host callback answers. For an error, `data` is its message (UTF-8) and `code` becomes the error object's
// `code` property (UTF-8, may be empty).
typedef struct jsb_reply {
    uint32_t status;
    uint32_t kind; // of a fetched source: one of JSB_SOURCE_*
    jsb_bytes data;
    jsb_bytes code;
    const jsb_cached_module* cached; // for a fetched JavaScript source, or NULL
} jsb_reply;

enum {
    JSB_SOURCE_JAVASCRIPT = 0,
    JSB_SOURCE_JSON = 1,
    JSB_SOURCE_WEBASSEMBLY = 2,
};

enum {
    JSB_REJECTED_BY_ENGINE = 0,   // the engine does not take its bytecode
    JSB_REJECTED_FOR_OPTIONS = 1, // the engine generates code for a profiler or a debugger, which entries do not hold
};

typedef struct jsb_host {
    void* context;
    // The module key (ASCII URL) of `specifier` as imported from `referrer` (empty for code of no module).
    void (*resolve)(void* context, jsb_string specifier, jsb_string referrer, jsb_reply* reply);
    // The URL (ASCII) that import.meta.resolve gives for `specifier` in the module `referrer`, whether it can be imported or
    // not.
    void (*locate)(void* context, jsb_string specifier, jsb_string referrer, jsb_reply* reply);
    // The source bytes (valid UTF-8, or WebAssembly) of the module `key`, requested with import attribute `type`.
    void (*fetch)(void* context, jsb_string key, uint32_t type, jsb_reply* reply);
    // Gives `take` the bytes (valid UTF-8) of the JavaScript module `key` that its part of the prepared pack was made from, and
    // no others: for whoever wants to see the text, and to compile a function that the pack has no code for. Without them,
    // `take` is not called. The one question that another thread than the realm's may ask: JSC's compiler threads do when they
    // say what they compile. So it has a context of its own.
    void* text_context;
    void (*text)(void* text_context, jsb_string key, jsb_take_text take, void* taker);
    // `filename` and `dirname` of import.meta for `key`: two absolute paths.
    void (*file_name)(void* context, jsb_string key, jsb_reply* filename, jsb_reply* dirname);
    // The entry of the cached module `key` is not used after all, for JSB_REJECTED_*; the module is parsed instead.
    void (*rejected)(void* context, jsb_string key, uint32_t why);
    // Validate mode: the image of the record parsed from the source of the cached module `key` (empty: the source is another
    // one now, or has no record that an image can hold), and that of the record rebuilt from what is cached (empty: none was,
    // or it cannot be captured). May be NULL: then no record is built twice.
    void (*compare)(void* context, jsb_string key, jsb_bytes parsed, jsb_bytes rebuilt);
} jsb_host;

// ---- Realms: one VM with one global object -------------------------------------------------------------------------

typedef struct jsb_realm jsb_realm;

// A fresh VM and global object whose module loader asks `host`, which is copied.
JSB_EXPORT jsb_realm* jsb_realm_create(const jsb_host* host);
// Destroys the VM. No value of the realm may be used afterwards.
JSB_EXPORT void jsb_realm_destroy(jsb_realm*);

JSB_EXPORT JSGlobalContextRef jsb_realm_context(jsb_realm*);

// Every function has the line on which it stands: notes of JSC's parser that lead to wrong lines are dropped at once
// (arrow_notes.h). Before jsb_realm_load.
JSB_EXPORT void jsb_realm_keep_true_lines(jsb_realm*);

// Whether code that is generated from now on counts in the statistics: that of modules which are fetched while it does not
// never does. At first it does.
JSB_EXPORT void jsb_realm_count_code(jsb_realm*, uint32_t counts);

// Starts to load and evaluate the module `key` (ASCII): once a realm, and once before for a prelude, when that has ended.
JSB_EXPORT void jsb_realm_load(jsb_realm*, jsb_bytes key);

enum {
    JSB_LOAD_PENDING = 0,
    JSB_LOAD_FULFILLED = 1,
    JSB_LOAD_REJECTED = 2,
};
// The state of the load; `error` (may be NULL) receives the rejection's value.
JSB_EXPORT uint32_t jsb_realm_load_state(jsb_realm*, JSValueRef* error);

enum {
    JSB_FAILED_NOT = 0,
    JSB_FAILED_ANALYSIS = 1, // parsing or analyzing it
    JSB_FAILED_LINK = 2,
};
// What `error` came of, if it came of analyzing or linking a module: JSC's own errors often do not name the module.
// `key` lives until the next one fails.
JSB_EXPORT uint32_t jsb_realm_failed_module(jsb_realm*, JSValueRef error, jsb_string* key);

// Calls `take` with the key of each module whose linking threw.
JSB_EXPORT void jsb_realm_unlinkable_modules(jsb_realm*, jsb_take_text take, void* context);

// Runs microtasks until none is left.
JSB_EXPORT void jsb_realm_drain_microtasks(jsb_realm*);

// Runs what the engine's own background work (asynchronous WebAssembly, Atomics.waitAsync, finalization) has ready.
// Returns 1 while some is outstanding.
JSB_EXPORT uint32_t jsb_realm_run_deferred_work(jsb_realm*);

// Takes the oldest promise rejection that nothing has handled; 0 when there is none.
JSB_EXPORT uint32_t jsb_realm_take_unhandled_rejection(jsb_realm*, JSValueRef* reason);

// ---- Generating ----------------------------------------------------------------------------------------------------

enum {
    JSB_GENERATE_OK = 0,
    JSB_GENERATE_SYNTAX_ERROR = 1, // the source is not a module, or one whose attributes JSC refuses
    JSB_GENERATE_UNSUPPORTED = 2,  // the record holds something that an image cannot
};

typedef struct jsb_generated {
    uint32_t status;
    jsb_source_facts source;
    jsb_bytes image;
    jsb_bytes bytecode;
    uint32_t functions;       // function code blocks in the payload, call and construct counted apart
    uint32_t left_out;        // code blocks that were left out (see generate.cpp), those nested in them not counted
    uint64_t units;           // what generating them took, as code units to parse
    jsb_bytes message;        // why it is not JSB_GENERATE_OK (UTF-8)
    void* owner;              // for jsb_generated_free
} jsb_generated;

// Parses and analyzes the module, captures its record, generates the bytecode of its functions ahead of time, as many as
// are in proportion to the source, and encodes it. Runs none of it. `source` is valid UTF-8. The result is a function of
// the source, the engine and its options alone.
JSB_EXPORT void jsb_realm_generate(jsb_realm*, jsb_bytes key, jsb_bytes source, jsb_generated* generated);
JSB_EXPORT void jsb_generated_free(jsb_generated*);

// ---- Observing -----------------------------------------------------------------------------------------------------

// How much is told of a program's values.
typedef struct jsb_observe_limits {
    uint32_t objects;    // objects described
    uint32_t depth;      // steps from a module's namespace to an object
    uint32_t properties; // properties of an object, entries of a map or a set
    uint32_t texts;      // whether functions' source text is told, which reads the sources
} jsb_observe_limits;

// From here on what the program does is noted, and Math.random gives the numbers of this seed. Before jsb_realm_load.
JSB_EXPORT void jsb_realm_start_observing(jsb_realm*, uint32_t seed);

// Calls `take` with the key of each linked module, in the order in which they were linked.
JSB_EXPORT void jsb_realm_linked_modules(jsb_realm*, jsb_take_text take, void* context);

// Calls `take` once with all that was noted and with the values of all linked modules, as bytes (observe.h has the
// layout). `order` is a permutation of the linked modules: the order in which they are told. Runs none of the program's
// code. The program must have ended: objects that are made when they are first looked at are made here.
JSB_EXPORT void jsb_realm_observe(jsb_realm*, const uint32_t* order, size_t count, const jsb_observe_limits*, jsb_take_text take, void* context);

// ---- Graphs ---------------------------------------------------------------------------------------------------------

// Keeps the code of every module that is linked from here on, for jsb_realm_capture_graph. Before jsb_realm_load.
JSB_EXPORT void jsb_realm_keep_code(jsb_realm*);

enum {
    JSB_CAPTURE_OK = 0,
    JSB_CAPTURE_NOT_LOADED = 1,  // the graph has not been loaded to its end
    JSB_CAPTURE_UNSUPPORTED = 2, // it holds what a pack cannot: WebAssembly, an unknown attribute
    JSB_CAPTURE_UNFAMILIAR = 3,  // the engine's loader keeps its modules in another way than jsb_realm_prepare_graph
};

// A module of a captured graph.
typedef struct jsb_captured_module {
    jsb_source_facts source;
    jsb_bytes image;    // the record image; empty for JSON, and of a module that came from a cache
    jsb_bytes bytecode; // the functions that have run, and no others; empty when its code was not kept
} jsb_captured_module;

// Captures the static closure of the module `key` (ASCII), which has been loaded: calls `take_graph` once with its graph
// image (graph_image.h), then `take_module` with each of its modules in that order. What they are given lives for the
// call.
typedef void (*jsb_take_module)(void* context, const jsb_captured_module* module);
JSB_EXPORT uint32_t jsb_realm_capture_graph(jsb_realm*, jsb_bytes key, jsb_take_text take_graph, jsb_take_module take_module, void* context);

// Parses and analyzes the module `key` (ASCII), whose source is valid UTF-8, and keeps its record for jsb_realm_prepare_graph,
// or for the loader if the graph is loaded by that after all. Calls `take` with each of its requests: specifier, and import
// attribute (JSB_TYPE_*). Before jsb_realm_load. Returns 0, and calls nothing, when it is no module: the loader says then why.
typedef void (*jsb_take_request)(void* context, jsb_string specifier, uint32_t type);
JSB_EXPORT uint32_t jsb_realm_analyze(jsb_realm*, jsb_bytes key, jsb_bytes source, jsb_take_request take, void* context);

// Builds the record of every JavaScript module of a pack that Rust has validated completely. `modules` are those of its graph
// image, in its order; those of JSON are not looked at. The records wait for jsb_realm_prepare_graph, which is called next. The
// pack must live as long as the realm. Returns 0 when the engine does not take it; nothing of it is left then.
JSB_EXPORT uint32_t jsb_realm_build_pack(jsb_realm*, jsb_bytes graph, const jsb_cached_module* modules);

// What a module of a graph has to do with the pack that was built.
typedef struct jsb_graph_part {
    uint32_t packed;      // its place in the pack, or JSB_NOT_PACKED
    uint32_t keeps_names; // whether the pack's resolutions of its names are still true
} jsb_graph_part;
#define JSB_NOT_PACKED 0xffffffffu

// Links every module of a graph, whose records are built if they are not yet; runs nothing of it. `modules` and `parts` are in
// the order of the graph image. A module is JSB_GRAPH_JAVASCRIPT (built with its pack), JSB_GRAPH_ENTRY (then Rust has validated
// it completely; of no other kind `modules` is looked at), JSB_GRAPH_ANALYZED, or JSB_GRAPH_JSON, whose source is fetched.
// Without modules and parts (NULL), the graph is the one of the pack that was built. Instead of jsb_realm_load. When it returns
// 0, the engine does not take the graph; nothing of it is left in the realm then, and jsb_realm_load may be called.
JSB_EXPORT uint32_t jsb_realm_prepare_graph(jsb_realm*, jsb_bytes graph, const jsb_cached_module* modules, const jsb_graph_part* parts);

// Evaluates the prepared graph: the load is under way from here on.
JSB_EXPORT void jsb_realm_evaluate_graph(jsb_realm*);

// Whether the URL that is made for the source of the module `key` is the one that JSC's parser would have made of it, in
// all its parts. For tests: nothing else looks at most of them.
JSB_EXPORT uint32_t jsb_source_url_is_parsed(jsb_bytes key);

// ---- Counts and times ----------------------------------------------------------------------------------------------

// Exact counts of the engine's work on the program's own modules since the realm was created, and monotonic time.
typedef struct jsb_statistics {
    uint64_t modules;       // JavaScript module records made
    uint64_t analyses;      // JavaScript modules parsed and analyzed into a record
    uint64_t module_code;   // times a module's top-level code was parsed and generated
    uint64_t function_code; // times a function's code was parsed and generated
    uint64_t engine_parses; // every parse, JSC's own built-ins included (process-wide)
    uint64_t rebuilt;       // JavaScript module records rebuilt from an image
    uint64_t decoded;       // modules whose bytecode was taken from a cache entry
    uint64_t sources_decoded; // cached modules whose source text something asked for
    uint64_t analyze_ns;
    uint64_t rebuild_ns;
    uint64_t decode_ns;  // bytecode of cached modules; functions decode when they are first called
    uint64_t codegen_ns; // parsing and generating top-level module code
    uint64_t link_ns;    // module declaration instantiation, without codegen_ns
    uint64_t evaluate_ns;
} jsb_statistics;
JSB_EXPORT void jsb_realm_statistics(jsb_realm*, jsb_statistics*);

#ifdef __cplusplus
}
#endif
