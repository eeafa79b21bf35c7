//! Binaries find the bridge that they were linked to without any set-up; another engine's library directory goes first
//! through the library path.

fn main() {
    // A program at a fixed address has no pointers that each start must relocate: a tenth of what an empty load costs.
    println!("cargo:rustc-link-arg-bins=-no-pie");
    println!("cargo:rerun-if-env-changed=DEP_JSC_BRIDGE_DIRECTORY");
    if let Ok(directory) = std::env::var("DEP_JSC_BRIDGE_DIRECTORY") {
        // RUNPATH, not RPATH: LD_LIBRARY_PATH must win over it.
        println!("cargo:rustc-link-arg=-Wl,--enable-new-dtags,-rpath,{directory}");
    }
}
