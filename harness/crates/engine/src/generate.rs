//! What a cache entry holds of one module, fresh from the engine.

use jsc_sys::bridge::{self, jsb_generated};

use super::host::SourceFacts;
use super::text;

/// A module's record image and bytecode: a function of its source, the engine and the engine's options alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Facts about the source.
    pub source: SourceFacts,
    /// The record image (`jsc-sys/bridge/image.h`).
    pub image: Vec<u8>,
    /// JSC's encoding of the module's unlinked code.
    pub bytecode: Vec<u8>,
    /// Function code blocks in the bytecode; a function's call and construct code count apart.
    pub functions: u32,
    /// Function code blocks that were left out because they are out of proportion (`jsc-sys/bridge/generate.cpp`); those
    /// nested in them are not counted.
    pub left_out: u32,
    /// What generating took, as code units of source to parse.
    pub units: u64,
}

/// Why there is nothing to cache of a module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// The source is not a module.
    #[error("SyntaxError: {0}")]
    Syntax(String),
    /// It is one, but not one that an entry can hold.
    #[error("{0}")]
    Unsupported(String),
}

/// Copies what the bridge generated.
///
/// # Safety
/// `raw` must have been filled by `jsb_realm_generate` and not be freed yet.
pub unsafe fn take(raw: &jsb_generated) -> Result<Generated, GenerateError> {
    // SAFETY: promised by the caller.
    let (image, bytecode, message) = unsafe {
        (
            text::bytes(raw.image),
            text::bytes(raw.bytecode),
            text::bytes(raw.message),
        )
    };
    let message = || String::from_utf8_lossy(message).into_owned();
    match raw.status {
        bridge::JSB_GENERATE_OK => Ok(Generated {
            source: SourceFacts {
                units: raw.source.units,
                text_hash: raw.source.text_hash,
                is_latin1: raw.source.is_latin1 != 0,
            },
            image: image.to_vec(),
            bytecode: bytecode.to_vec(),
            functions: raw.functions,
            left_out: raw.left_out,
            units: raw.units,
        }),
        bridge::JSB_GENERATE_SYNTAX_ERROR => Err(GenerateError::Syntax(message())),
        _ => Err(GenerateError::Unsupported(message())),
    }
}
