//! ccache: what two builds share is compiled once. WebKit's CMake files use it when it is installed.

use std::ffi::OsString;

use crate::store::Store;

/// Variables for a build, without those that somebody has set already.
///
/// Objects are kept in the store. Paths below its builds are taken as relative ones, so that builds of two sources share
/// what is the same in both.
pub(super) fn environment(
    store: &Store,
    is_set: impl Fn(&str) -> Option<OsString>,
) -> Vec<(&'static str, OsString)> {
    let wanted = [
        ("CCACHE_DIR", store.ccache().into_os_string()),
        ("CCACHE_BASEDIR", store.builds().into_os_string()),
        // The folder of a build is in its debug information alone, and a release build has none.
        ("CCACHE_NOHASHDIR", "1".into()),
        ("CCACHE_MAXSIZE", "5G".into()),
        // JSC prints the time at which a file was compiled nowhere that matters.
        ("CCACHE_SLOPPINESS", "time_macros".into()),
    ];
    wanted
        .into_iter()
        .filter(|(name, _)| is_set(name).is_none())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Bench;

    #[test]
    fn what_somebody_has_set_stays() {
        let bench = Bench::new();
        let store = Store::new(&bench.settings());
        let set = |name: &str| (name == "CCACHE_DIR").then(|| "mine".into());
        let names: Vec<_> = environment(&store, set)
            .into_iter()
            .map(|(name, value)| format!("{name}={}", bench.redact(value.display())))
            .collect();
        assert_eq!(
            names,
            [
                "CCACHE_BASEDIR=BENCH/store/build",
                "CCACHE_NOHASHDIR=1",
                "CCACHE_MAXSIZE=5G",
                "CCACHE_SLOPPINESS=time_macros"
            ]
        );
    }
}
