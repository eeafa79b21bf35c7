// The record image: everything that a JSModuleRecord holds, as flat, position-independent bytes.
//
// The bridge writes an image when it captures a record and reads one when it rebuilds a record. Between the two it is
// data that Rust stores and validates: the reader below trusts every count and index, so nothing may reach it that
// `harness/src/cache` has not checked against the rules written here.
//
// Layout: a jsb_image_header, then the arrays in the order of its counts, without gaps, then the characters. All integers
// are 32-bit little-endian; the image is 8-byte aligned; its length is a multiple of 8 (zero padding at the end).
//
//   header              jsb_image_header (64 bytes)
//   strings             jsb_image_string   x strings
//   requests            jsb_image_request  x requests        in order of occurrence, no specifier twice
//   imports             jsb_image_import   x imports         in insertion order (see below), no local name twice
//   exports             jsb_image_export   x exports         in insertion order, no export name twice
//   stars               uint32 name        x stars           in order of occurrence, none twice, each a request
//   declared variables  jsb_image_variable x declared        no name twice
//   lexical variables   jsb_image_variable x lexical         no name twice
//   declared private    jsb_image_variable x declared_private
//   lexical private     jsb_image_variable x lexical_private
//   characters          character_bytes bytes, then zeros up to a multiple of 8
//
// A name is an index into `strings`, or one of the JSB_NAME_* constants. A string has `length` code units at
// `offset` from the start of the characters: 1 byte each (Latin-1), or, with JSB_STRING_16_BIT, 2 bytes each at an even
// offset. Strings are unique and in order of first use; a string whose units all fit 8 bits is stored as Latin-1. The
// record of a pack has neither strings nor characters: its names are strings of the graph image (graph_image.h).
//
// Insertion order: JSC keeps import and export entries in hash tables and walks them in bucket order, which decides
// which of several link errors is thrown. The entries stand in an order that, inserted into a table of the size that
// JSC would have grown to, gives the same bucket order.

#pragma once

#include <stdint.h>

enum {
    JSB_NAME_NONE = 0xFFFFFFFF,           // no name (a null Identifier)
    JSB_NAME_STAR_NAMESPACE = 0xFFFFFFFE, // @starNamespace: the binding of `export * as ns`
    JSB_NAME_STAR_DEFAULT = 0xFFFFFFFD,   // @starDefault: the binding of `export default <expression>`
};

enum {
    JSB_STRING_16_BIT = 0x80000000, // in jsb_image_string::length
};

enum {
    JSB_IMAGE_ASYNC = 1 << 0,                        // the module has a top-level await
    JSB_IMAGE_DECLARED_EVERYTHING_CAPTURED = 1 << 1, // VariableEnvironment::isEverythingCaptured of the declared variables
    JSB_IMAGE_LEXICAL_EVERYTHING_CAPTURED = 1 << 2,  // ... and of the lexical ones
};

typedef struct jsb_image_header {
    uint32_t features; // JSC::CodeFeatures, 16 bits
    uint32_t flags;    // JSB_IMAGE_*
    uint32_t strings;
    uint32_t requests;
    uint32_t imports;
    uint32_t exports;
    uint32_t stars;
    uint32_t declared;
    uint32_t lexical;
    uint32_t declared_private;
    uint32_t lexical_private;
    uint32_t character_bytes;
    uint32_t reserved[4]; // zero
} jsb_image_header;

typedef struct jsb_image_string {
    uint32_t offset;
    uint32_t length; // in code units, with JSB_STRING_16_BIT
} jsb_image_string;

// ModuleRequest. `attributes`: 0 for none, else 1 + JSC's ScriptFetchParameters::Type (so 4 is JSON). `phase`: 0,
// evaluation; these engines have no other.
typedef struct jsb_image_request {
    uint32_t specifier;
    uint32_t attributes;
    uint32_t phase;
} jsb_image_request;

// AbstractModuleRecord::ImportEntry; `type`: 0 Single, 1 Namespace. All three names are strings, but for the import
// name of a Namespace entry, which may be any name.
typedef struct jsb_image_import {
    uint32_t type;
    uint32_t module_request; // a specifier in `requests`
    uint32_t import_name;
    uint32_t local_name;
} jsb_image_import;

// AbstractModuleRecord::ExportEntry; `type`: 0 Local (export and local name), 1 Indirect (export, module and import
// name), 2 Namespace (export and module name). Names that the type does not have are JSB_NAME_NONE.
typedef struct jsb_image_export {
    uint32_t type;
    uint32_t export_name;
    uint32_t module_name; // a specifier in `requests`
    uint32_t import_name;
    uint32_t local_name;
} jsb_image_export;

// An entry of a VariableEnvironment: its name and all its trait bits (VariableEnvironmentEntry, 16 bits; for the
// private arrays PrivateNameEntry, 16 bits).
typedef struct jsb_image_variable {
    uint32_t name;
    uint32_t traits;
} jsb_image_variable;
