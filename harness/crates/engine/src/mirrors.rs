//! The cache reads the bridge's image structs without knowing the bridge. Here, where both are known, its mirrors
//! of them are compared with the headers, by the compiler: sizes, the places of all fields, and constants.

use std::mem::{offset_of, size_of};

use jsc_module_cache::format::{
    self, ImageExport, ImageHeader, ImageImport, ImageRequest, ImageString, ImageVariable,
};
use jsc_module_cache::pack::layout::{
    GraphHeader, GraphModule, GraphResolution, KIND_ANALYZED, KIND_ENTRY, KIND_JAVASCRIPT,
    KIND_JSON,
};
use jsc_sys::bridge;

/// Fields are named alike, except those whose names after the `=`.
macro_rules! same {
    ($mirror:ident, $header:ident: $($field:ident $(= $theirs:ident)?),+ $(,)?) => {
        const _: () = {
            assert!(size_of::<$mirror>() == size_of::<bridge::$header>());
            $(assert!(
                offset_of!($mirror, $field) == same!(@place $header, $field $(, $theirs)?)
            );)+
        };
    };
    (@place $header:ident, $field:ident) => { offset_of!(bridge::$header, $field) };
    (@place $header:ident, $field:ident, $theirs:ident) => { offset_of!(bridge::$header, $theirs) };
}

same!(ImageHeader, jsb_image_header:
    features, flags, strings, requests, imports, exports, stars, declared, lexical, declared_private, lexical_private,
    character_bytes, reserved);
same!(ImageString, jsb_image_string: offset, length);
same!(ImageRequest, jsb_image_request: specifier, attributes, phase);
same!(ImageImport, jsb_image_import: kind = type_, module_request, import_name, local_name);
same!(ImageExport, jsb_image_export: kind = type_, export_name, module_name, import_name, local_name);
same!(ImageVariable, jsb_image_variable: name, traits);
same!(GraphHeader, jsb_graph_header: strings, modules, edges, resolutions, character_bytes, reserved);
same!(GraphModule, jsb_graph_module: key, kind, edges, resolutions);
same!(GraphResolution, jsb_graph_resolution: name, module, local_name);

const _: () = {
    assert!(format::constants::NAME_NONE == bridge::JSB_NAME_NONE);
    assert!(format::constants::NAME_STAR_NAMESPACE == bridge::JSB_NAME_STAR_NAMESPACE);
    assert!(format::constants::NAME_STAR_DEFAULT == bridge::JSB_NAME_STAR_DEFAULT);
    assert!(format::constants::STRING_16_BIT == bridge::JSB_STRING_16_BIT);
    assert!(format::constants::ASYNC == bridge::JSB_IMAGE_ASYNC);
    assert!(
        format::constants::DECLARED_EVERYTHING_CAPTURED
            == bridge::JSB_IMAGE_DECLARED_EVERYTHING_CAPTURED
    );
    assert!(
        format::constants::LEXICAL_EVERYTHING_CAPTURED
            == bridge::JSB_IMAGE_LEXICAL_EVERYTHING_CAPTURED
    );
    assert!(KIND_JAVASCRIPT == bridge::JSB_GRAPH_JAVASCRIPT);
    assert!(KIND_JSON == bridge::JSB_GRAPH_JSON);
    assert!(KIND_ENTRY == bridge::JSB_GRAPH_ENTRY);
    assert!(KIND_ANALYZED == bridge::JSB_GRAPH_ANALYZED);
};
