//! What an entry must have been made by to be of use: engine, options and target.

use serde::{Serialize, Serializer};
use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::Digest;

/// The engine that makes or reads entries. The caller asks the loaded engine once a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Identity {
    /// Digest of the engine's code: the full build-id of the loaded library, the bridge's ABI.
    pub engine: Digest,
    /// Digest of the options in force that change bytecode or behaviour.
    pub options: Digest,
    /// What the engine runs on.
    pub target: Target,
}

/// What bytecode depends on besides the engine: it holds native integers and pointers' sizes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct Target {
    /// 1 x86-64, 2 AArch64, 3 RISC-V 64, 4 Arm, 5 LoongArch 64; 0 any other.
    pub arch: u8,
    /// Size of a pointer in bits.
    pub pointer_bits: u8,
    /// 1 little, 2 big.
    pub endianness: u8,
    /// 1 Linux, 2 macOS, 3 FreeBSD; 0 any other.
    pub os: u8,
    /// Zero.
    pub reserved: U32,
}

impl Target {
    /// The target that this program was compiled for.
    pub const fn host() -> Self {
        let arch = if cfg!(target_arch = "x86_64") {
            1
        } else if cfg!(target_arch = "aarch64") {
            2
        } else if cfg!(target_arch = "riscv64") {
            3
        } else if cfg!(target_arch = "arm") {
            4
        } else if cfg!(target_arch = "loongarch64") {
            5
        } else {
            0
        };
        let os = if cfg!(target_os = "linux") {
            1
        } else if cfg!(target_os = "macos") {
            2
        } else if cfg!(target_os = "freebsd") {
            3
        } else {
            0
        };
        Self {
            arch,
            pointer_bits: usize::BITS as u8,
            endianness: if cfg!(target_endian = "big") { 2 } else { 1 },
            os,
            reserved: U32::ZERO,
        }
    }
}

impl std::fmt::Display for Target {
    /// `x86_64-64-little-linux`; numbers that have no name stay numbers.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.arch {
            1 => out.write_str("x86_64")?,
            2 => out.write_str("aarch64")?,
            3 => out.write_str("riscv64")?,
            4 => out.write_str("arm")?,
            5 => out.write_str("loongarch64")?,
            other => write!(out, "arch{other}")?,
        }
        write!(out, "-{}-", self.pointer_bits)?;
        match self.endianness {
            1 => out.write_str("little")?,
            2 => out.write_str("big")?,
            other => write!(out, "endianness{other}")?,
        }
        match self.os {
            1 => out.write_str("-linux"),
            2 => out.write_str("-macos"),
            3 => out.write_str("-freebsd"),
            other => write!(out, "-os{other}"),
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
