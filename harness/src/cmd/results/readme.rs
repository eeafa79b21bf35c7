//! `results readme`: the newest results for people.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cmd::ExitStatus;
use crate::{Error, print};
use record::results_directory;
use results::pictures;
use results::readme::{COMMAND, Readme, readme};

/// The README's name in the folder of results.
const NAME: &str = "README.md";

/// Writes the README of the results and its pictures, and says where it is.
pub fn write_readme() -> Result<PathBuf, Error> {
    let folder = results_directory();
    for (path, text) in made()?.into_iter().rev() {
        write(&folder.join(path), &text)?;
    }
    Ok(folder.join(NAME))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let wrong = |source| Error::Write {
        flag: "results README",
        path: path.to_owned(),
        source,
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(wrong)?;
    record::write_whole(path, true, &mut |out| out.write_all(text.as_bytes())).map_err(wrong)
}

/// Whether they are up to date.
pub fn check() -> Result<ExitStatus, Error> {
    let folder = results_directory();
    for (path, text) in made()? {
        let path = folder.join(path);
        if fs::read_to_string(&path).unwrap_or_default() != text {
            print::line(&format!(
                "{} is out of date; hint: {COMMAND}",
                path.display()
            ));
            return Ok(ExitStatus::Finding);
        }
    }
    Ok(ExitStatus::Success)
}

/// The files, below the folder of results; the README first.
fn made() -> Result<Vec<(PathBuf, String)>, Error> {
    let Readme { text, pictures } = readme(&super::history()?)?;
    let mut files = vec![(PathBuf::from(NAME), text)];
    files.extend(pictures.into_iter().map(|it| {
        let path = Path::new(pictures::FOLDER).join(it.name);
        (path, it.svg)
    }));
    Ok(files)
}
