//! `cargo xtask setup`: what a machine needs before anything else works.

use anyhow::{Context, Result, bail};
use jsc_provision::packages::{self, Installer};
use jsc_provision::pins::{self, Pin};
use jsc_provision::{
    Engine, Log, Settings, StderrLog, build, find_engine, provide_bridge, provide_engine,
};

use crate::root::BRIDGE;

/// How much to set up.
#[derive(clap::Args)]
pub struct Options {
    /// Build the other pinned engines too, when they are not to be had otherwise
    #[arg(long)]
    all_engines: bool,
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
    workloads::npm::install(&mut |text| log.step(text))
        .context("could not install the npm packages")
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
    log: &mut StderrLog,
) -> Result<Option<Engine>> {
    let version = pin.version.as_str();
    if let Some(engine) = find_engine(version, settings, log)? {
        return Ok(Some(engine));
    }
    let required = version == pins::default_version();
    if !required && !options.all_engines {
        log.step(&format!(
            "engine {version} is left out; build it with: cargo xtask engine build {version}"
        ));
        return Ok(None);
    }
    if !settings.no_build {
        log.step(&format!(
            "engine {version} has to be built from source: {}",
            build::expected_duration()
        ));
    }
    Ok(Some(provide_engine(version, settings, log)?))
}
