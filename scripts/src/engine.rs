//! `cargo xtask engine …`

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jsc_provision::{
    Log, Settings, StderrLog, build, find_engine, installed_bridges, pack, pins, provide_bridge,
    sources_digest, store::Store,
};

use crate::root;
use crate::root::BRIDGE;

#[derive(Subcommand)]
pub enum Task {
    /// Build an engine from source and make its bridge (about 21 minutes on 2 cores); continues an interrupted build
    Build {
        /// A pinned version
        #[arg(default_value = pins::default_version())]
        version: String,
    },
    /// Pack an engine into an archive for JSCSYS_ARCHIVE or JSCSYS_ARCHIVE_DIR
    Pack {
        /// A pinned version
        #[arg(default_value = pins::default_version())]
        version: String,
        /// The folder to write to [default: target/engines in the repository]
        #[arg(long, value_parser = root::absolute)]
        out: Option<PathBuf>,
    },
    /// Show for each pinned engine whether it and its bridge are there
    Status,
}

pub fn run(task: Task) -> Result<()> {
    let settings = Settings::from_env()?;
    match task {
        Task::Build { version } => build_one(&version, &settings),
        Task::Pack { version, out } => {
            pack_one(&version, out.unwrap_or("target/engines".into()), &settings)
        }
        Task::Status => status(&settings),
    }
}

fn build_one(version: &str, settings: &Settings) -> Result<()> {
    let log = &mut StderrLog::new();
    log.step(&format!(
        "building {version} from source: {}",
        build::expected_duration()
    ));
    let engine = build::build_engine(version, settings, log)?;
    let bridge = provide_bridge(&engine, BRIDGE.as_ref(), settings, log)?;
    println!(
        "{}\n{}",
        engine.directory.display(),
        bridge.library().display()
    );
    Ok(())
}

fn pack_one(version: &str, out: PathBuf, settings: &Settings) -> Result<()> {
    let log = &mut StderrLog::new();
    let Some(engine) = find_engine(version, settings, log)? else {
        bail!("there is no engine {version} to pack\nhint: cargo xtask engine build {version}");
    };
    fs::create_dir_all(&out).with_context(|| format!("could not create {}", out.display()))?;
    log.step(&format!("packing {}", engine.directory.display()));
    println!("{}", pack::pack_engine(&engine, &out)?.display());
    Ok(())
}

fn status(settings: &Settings) -> Result<()> {
    let digest = sources_digest(BRIDGE.as_ref())?;
    let bridges = installed_bridges(settings, Some(&digest));
    for pin in pins::all() {
        let name = settings.machine()?.engine_name(&pin.version);
        let engine = Store::new(settings).engine(&name);
        println!("{name}");
        println!(
            "  engine  {}",
            if engine.is_dir() {
                engine.display().to_string()
            } else {
                "not in the store".into()
            }
        );
        match bridges.iter().find(|bridge| bridge.engine.name == name) {
            Some(bridge) => println!(
                "  bridge  {}  build-id {}",
                bridge.directory.display(),
                bridge.build_id
            ),
            None => println!("  bridge  none made of these sources"),
        }
    }
    Ok(())
}
