//! The build script of every crate whose tests run on an engine: they find the bridge that they were linked to without any
//! set-up; another engine's library directory goes first through the library path.

fn main() {
    println!("cargo:rerun-if-env-changed=DEP_JSC_BRIDGE_DIRECTORY");
    if let Ok(directory) = std::env::var("DEP_JSC_BRIDGE_DIRECTORY") {
        // RUNPATH, not RPATH: LD_LIBRARY_PATH must win over it.
        println!("cargo:rustc-link-arg=-Wl,--enable-new-dtags,-rpath,{directory}");
    }
}
