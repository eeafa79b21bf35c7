//! The texts of a pack: the sources that its JavaScript modules were made from, compressed.
//!
//! A function that the pack has no code for is compiled from them, and `toString` shows them, whatever has become of the
//! files since. Few loads need any, so they are cut into frames of some modules each, and only the frame of a module that
//! is asked for is decompressed.
//!
//! ```text
//! u32                number of frames
//! u32, u32           of each frame: its modules, JSON included, in the pack's order; its bytes
//!                    the frames (Zstandard), one behind the other: the modules' sources, likewise; nothing of JSON
//! ```

use std::io;
use std::ops::Range;

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::Miss;
use crate::miss::miss;

/// A frame ends with the module that makes it so long.
const FRAME: usize = 128 << 10;

/// The default of the format: faster than a disk, and half of what the best levels leave.
const LEVEL: i32 = 3;

/// A line of the table of frames.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Line {
    modules: U32,
    length: U32,
}

/// The section that holds these sources: one for each module of the pack in its order, empty for JSON.
///
/// Errors: those of the compressor, which wants memory, and a frame of 4 GiB.
pub fn encode_texts<'a>(sources: impl IntoIterator<Item = &'a [u8]>) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    let mut frames = Vec::new();
    let mut text = Vec::new();
    let mut modules = 0;
    let mut finish = |text: &mut Vec<u8>, modules: &mut u32| {
        let frame = zstd::bulk::compress(text, LEVEL)?;
        let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
        lines.push(Line {
            modules: (*modules).into(),
            length: length.into(),
        });
        frames.extend_from_slice(&frame);
        text.clear();
        *modules = 0;
        io::Result::Ok(())
    };
    for source in sources {
        text.extend_from_slice(source);
        modules += 1;
        if text.len() >= FRAME {
            finish(&mut text, &mut modules)?;
        }
    }
    if modules > 0 {
        finish(&mut text, &mut modules)?;
    }
    let mut section = U32::new(lines.len() as u32).as_bytes().to_vec();
    section.extend_from_slice(lines.as_bytes());
    section.extend_from_slice(&frames);
    Ok(section)
}

/// Checks that the frames of a section are those of so many modules, and fill it.
pub fn check(section: &[u8], modules: usize) -> Result<(), Miss> {
    let (lines, rest) = split(section).ok_or_else(|| {
        miss!(
            Bounds,
            "a table of texts that does not fit into its section"
        )
    })?;
    let sum = |of: fn(&Line) -> U32| lines.iter().map(|it| u64::from(of(it).get())).sum::<u64>();
    let (found, length) = (sum(|it| it.modules), sum(|it| it.length));
    if found != modules as u64 || length != rest.len() as u64 {
        return Err(miss!(
            Bounds,
            "{length} bytes of texts of {found} modules, there are {} of {modules}",
            rest.len()
        ));
    }
    Ok(())
}

/// The frame that holds a module's text: which modules it has, and its bytes. The section must have passed [`check`].
pub fn frame(section: &[u8], module: usize) -> Option<(Range<usize>, &[u8])> {
    let (lines, mut rest) = split(section)?;
    let mut first = 0;
    for line in lines {
        let modules = first..first + line.modules.get() as usize;
        let (frame, others) = rest.split_at_checked(line.length.get() as usize)?;
        if modules.contains(&module) {
            return Some((modules, frame));
        }
        first = modules.end;
        rest = others;
    }
    None
}

/// What a frame holds, if it is as long as it is said to be.
pub fn decompress(frame: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    // A number that no memory has room for must not end the process.
    text.try_reserve_exact(length).ok()?;
    zstd::bulk::Decompressor::new()
        .and_then(|mut it| it.decompress_to_buffer(frame, &mut text))
        .ok()?;
    (text.len() == length).then_some(text)
}

fn split(section: &[u8]) -> Option<(&[Line], &[u8])> {
    let (count, rest) = U32::read_from_prefix(section).ok()?;
    <[Line]>::ref_from_prefix_with_elems(rest, count.get() as usize).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Vec<Vec<u8>> {
        let text = |index: usize| format!("export const v{index} = {index};\n").into_bytes();
        (0..40)
            .map(|it| match it % 5 {
                0 => Vec::new(),
                1 => text(it).repeat(3_000),
                _ => text(it),
            })
            .collect()
    }

    #[test]
    fn every_text_comes_back_from_a_frame_of_some_modules() {
        let sources = sources();
        let section = encode_texts(sources.iter().map(Vec::as_slice)).unwrap();
        check(&section, sources.len()).unwrap();
        for module in 0..sources.len() {
            let (modules, bytes) = frame(&section, module).unwrap();
            assert!(modules.len() < sources.len());
            let text = sources[modules].concat();
            assert_eq!(decompress(bytes, text.len()), Some(text.clone()));
            assert_eq!(decompress(bytes, text.len() + 1), None);
        }
        assert!(frame(&section, sources.len()).is_none());
    }

    #[test]
    fn other_numbers_are_found() {
        let section = encode_texts(sources().iter().map(Vec::as_slice)).unwrap();
        for (modules, section) in [
            (39, section.clone()),
            (40, section[..section.len() - 1].to_vec()),
            (40, [&section[..], b"x"].concat()),
            (40, vec![255, 255, 255, 255]),
            (40, Vec::new()),
        ] {
            assert!(check(&section, modules).is_err());
        }
    }

    #[test]
    fn what_no_memory_can_hold_is_no_text() {
        assert_eq!(decompress(&[], usize::MAX), None);
        assert_eq!(decompress(b"no frame", 8), None);
    }
}
