//! Finds the engine, makes its bridge, and generates the bindings. The work is `jsc-provision`'s; what this script
//! refuses is the long build from source, which belongs to `cargo xtask engine build`, where one can watch it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jsc_provision::{CargoLog, Engine, Error, Log, Settings, env as variables, pins};
use jsc_provision::{find_engine, provide_bridge, provide_engine, sources_digest};

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=bridge");
    println!("cargo:rerun-if-changed=engines.toml");
    for (name, _) in variables::VARIABLES {
        println!("cargo:rerun-if-env-changed={name}");
    }
    match prepare() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without a panic: the message is the whole of what the reader needs.
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn prepare() -> Result<(), Error> {
    let mut settings = Settings::from_env()?;
    settings.no_build = true;
    let mut log = CargoLog::new();
    let sources = Path::new("bridge");

    let engine = provide_engine(pins::default_version(), &settings, &mut log)?;
    let bridge = provide_bridge(&engine, sources, &settings, &mut log)?;
    println!("cargo:rerun-if-changed={}", bridge.library().display());
    println!(
        "cargo:rustc-link-search=native={}",
        bridge.directory.display()
    );
    println!("cargo:rustc-link-lib=dylib=jsc_bridge");
    println!("cargo:directory={}", bridge.directory.display());
    println!(
        "cargo:rustc-env=JSC_SYS_BRIDGE_DIRECTORY={}",
        bridge.directory.display()
    );
    println!(
        "cargo:rustc-env=JSC_SYS_BRIDGE_SOURCES={}",
        sources_digest(sources)?
    );
    generate_bindings(&engine);

    for pin in pins::all()
        .iter()
        .filter(|pin| pin.version != engine.manifest.version)
    {
        let other = find_engine(&pin.version, &settings, &mut log);
        if let Err(error) = other.and_then(|engine| match engine {
            Some(engine) => provide_bridge(&engine, sources, &settings, &mut log).map(drop),
            None => Ok(()),
        }) {
            log.warn(&format!("no bridge for JSC {}: {error}", pin.version));
        }
    }
    Ok(())
}

/// The C API and the bridge's C ABI from the headers that the C++ side is compiled with.
fn generate_bindings(engine: &Engine) {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR for build scripts"));
    let includes: Vec<String> = engine
        .include_directories()
        .iter()
        .map(|it| format!("-I{}", it.display()))
        .collect();
    let builder = || {
        bindgen::Builder::default()
            .header("bridge/bridge.h")
            .clang_args(&includes)
            .use_core()
            .derive_default(true)
            .generate_comments(true)
    };
    let write = |name: &str, builder: bindgen::Builder| {
        let bindings = builder
            .generate()
            .expect("libclang reads the bridge's header");
        bindings
            .write_to_file(out.join(name))
            .expect("OUT_DIR is writable");
    };
    const C_API: &str = "k?JS[A-Z][a-z].*|Opaque.*";
    write(
        "c_api.rs",
        builder().allowlist_item(C_API).ctypes_prefix("ctypes"),
    );
    write(
        "bridge.rs",
        builder()
            .allowlist_item("(jsb|JSB)_.*")
            .blocklist_item(C_API),
    );
}
