//! `cargo xtask setup`: what a machine needs before anything else works.

use anyhow::{Context, Result, bail};
use jsc_provision::packages::{self, Installer};
use jsc_provision::pins::{self, Pin};
use jsc_provision::{
    Engine, Log, Settings, StderrLog, find_engine, provide_bridge, provide_engine,
};

use crate::root::BRIDGE;

/// How much to set up.
#[derive(clap::Args)]
pub struct Options {
    /// Build the other pinned engines too, when they are not to be had otherwise
    #[arg(long)]
    pub all_engines: bool,
    /// Install Bun, Node and Deno, too, for `measure --peers`: 400 MB
    #[arg(long)]
    peers: bool,
}

/// Installs system packages, provides engines and bridges, and installs the npm packages. What is there is left alone.
pub fn run(options: &Options) -> Result<()> {
    let settings = Settings::from_env()?;
    let log = &mut StderrLog::new();
    system_packages(&settings, log)?;
    for pin in pins::all() {
        if let Some(engine) = engine(pin, options, &settings, log)? {
            provide_bridge(&engine, BRIDGE.as_ref(), &settings, log)?;
        }
    }
    npm_packages(options, log).context("could not install the npm packages")
}

fn npm_packages(options: &Options, log: &mut dyn Log) -> Result<(), workloads::Error> {
    let mut log = |text: &str| log.step(text);
    workloads::npm::install(&mut log)?;
    workloads::npm::install_project("harness/crates/results/page".as_ref(), &mut log)?;
    workloads::npm::install_project("workloads/capture".as_ref(), &mut log)?;
    let catalog = workloads::Catalog::at(&workloads::root())?;
    workloads::captured::make_all(catalog.workloads(), &mut log)?;
    if options.peers {
        workloads::npm::install_project("workloads/peers".as_ref(), &mut log)?;
    }
    Ok(())
}

fn system_packages(settings: &Settings, log: &mut dyn Log) -> Result<()> {
    let missing = packages::missing();
    if missing.is_empty() {
        log.step("system packages: all there");
        return Ok(());
    }
    log.step(&format!("system packages: missing {}", missing.join(" ")));
    let command = packages::install_command(&missing);
    if settings.offline {
        bail!(
            "system packages are missing, and JSCSYS_OFFLINE forbids to install them\nhint: {command}"
        );
    }
    match Installer::find() {
        Some(installer) => packages::install(&missing, installer, settings, log)
            .with_context(|| format!("could not install system packages\nhint: {command}")),
        None => bail!(
            "system packages are missing, and this user may not install them\nhint: {command}"
        ),
    }
}

/// The default engine comes from wherever it can, a build included. Another one is used when it costs no build.
fn engine(
    pin: &Pin,
    options: &Options,
    settings: &Settings,
    log: &mut dyn Log,
) -> Result<Option<Engine>> {
    let version = pin.version.as_str();
    if version == pins::default_version() || options.all_engines {
        return Ok(Some(provide_engine(version, settings, log)?));
    }
    let found = find_engine(version, settings, log)?;
    if found.is_none() {
        log.step(&format!(
            "engine {version} is left out; to have it, build it: cargo xtask engine build {version}"
        ));
    }
    Ok(found)
}
