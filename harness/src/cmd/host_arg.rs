//! What the host of a program gives it, on the command line.

use std::path::PathBuf;

use clap::Args;
use sample::HostOptions;

use crate::Error;

/// What these options stand under: each of them, because a heading of them all would hold for what comes after them, too.
const HEADING: &str = "Host";

/// How specifiers are resolved, and what runs first.
#[derive(Debug, Clone, Default, Args)]
pub struct HostArgs {
    /// Conditions that hold in "exports" and "imports", in the place of `node`; import, module-sync and default always hold
    #[arg(short = 'C', long, value_name = "NAME", value_delimiter = ',', help_heading = HEADING)]
    conditions: Option<Vec<String>>,
    /// Fields of a package.json without "exports" that may name its entry, the first one first [default: main]
    #[arg(long, value_name = "FIELD", value_delimiter = ',', help_heading = HEADING)]
    main_fields: Option<Vec<String>>,
    /// What to append to a path where no file is, as bundlers do (.ts,.js): also to /index of a directory [default: nothing]
    #[arg(long, value_name = "EXT", value_delimiter = ',', value_parser = extension, help_heading = HEADING)]
    extensions: Option<Vec<String>>,
    /// An import map (JSON, as in the HTML standard), which is asked before anything else
    #[arg(long, value_name = "FILE", help_heading = HEADING)]
    import_map: Option<PathBuf>,
    /// A module that runs first, in the same realm; it is always parsed, and not timed
    #[arg(long, value_name = "FILE", help_heading = HEADING)]
    prelude: Option<PathBuf>,
}

impl HostArgs {
    /// As the loads take it.
    pub fn options(&self) -> HostOptions {
        HostOptions {
            conditions: self.conditions.clone(),
            main_fields: self.main_fields.clone(),
            extensions: self.extensions.clone(),
            import_map: self.import_map.clone(),
            prelude: self.prelude.clone(),
        }
    }

    /// The same, of files that a load can use: what loads in many processes asks for it once, before the first of them.
    ///
    /// # Errors
    /// There is no such import map or prelude, or the map is none.
    pub fn checked(&self) -> Result<HostOptions, Error> {
        let options = self.options();
        options.rules().map_err(|error| Error::Host {
            flag: "--import-map",
            why: error.to_string(),
        })?;
        match &options.prelude {
            Some(prelude) if !prelude.is_file() => Err(Error::Host {
                flag: "--prelude",
                why: format!("there is no file {}", prelude.display()),
            }),
            _ => Ok(options),
        }
    }

    /// Refuses these arguments where there are no entries: defined workloads say themselves what their hosts give.
    ///
    /// # Errors
    /// Usage: there are no entries for it to have an effect on.
    pub fn check(&self, has_entries: bool) -> Result<(), Error> {
        match self.words().first() {
            Some(option) if !has_entries => Err(Error::Usage(format!(
                "{option} has no effect without an ENTRY: defined workloads say themselves what their hosts give; name an \
                 entry, or leave it out"
            ))),
            _ => Ok(()),
        }
    }

    /// These arguments in words.
    pub fn words(&self) -> Vec<String> {
        let options = self.options();
        let lists = options.lists().map(|(word, list)| (word, list.join(",")));
        let files = options
            .files()
            .map(|(word, file)| (word, file.display().to_string()));
        let given = lists.chain(files);
        given
            .flat_map(|(word, value)| [format!("--{word}"), value])
            .collect()
    }
}

fn extension(text: &str) -> Result<String, String> {
    match text.starts_with('.') && !text.contains('/') {
        true => Ok(text.to_owned()),
        false => Err("an extension begins with a dot, as in .js".to_owned()),
    }
}
