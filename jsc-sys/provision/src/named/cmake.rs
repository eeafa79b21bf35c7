//! CMake arguments of the user's own.

use super::Origin;

/// What only this program sets: an engine that is built otherwise has no bridge, or says something untrue of itself.
const OURS: &[&str] = &[
    "PORT",
    "ENABLE_STATIC_JSC",
    "USE_THIN_ARCHIVES",
    "CMAKE_POSITION_INDEPENDENT_CODE",
    "CMAKE_C_COMPILER",
    "CMAKE_CXX_COMPILER",
    "CMAKE_PROJECT_INCLUDE",
];

/// Checks arguments for the engine of an origin; the error says what is wrong with them.
pub fn check_cmake(arguments: &[String], origin: &Origin) -> Result<(), String> {
    let Some(first) = arguments.first() else {
        return Ok(());
    };
    if !origin.is_built() {
        return Err(format!(
            "{first} has no effect, because nothing of a {} is built here",
            origin.kind()
        ));
    }
    for argument in arguments {
        let definition = argument
            .strip_prefix("-D")
            .and_then(|it| it.split_once('='));
        let Some((name, _)) = definition.filter(|(name, _)| !name.is_empty()) else {
            return Err(format!(
                "{argument} is not a definition for CMake, -DNAME=VALUE"
            ));
        };
        let name = name.split(':').next().unwrap_or(name);
        if OURS.contains(&name) {
            return Err(format!("{argument}: {name} is what this program sets"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_named() {
        let tree = Origin::Tree("/t".into());
        let said = |argument: &str, origin: &Origin| check_cmake(&[argument.to_string()], origin);
        assert_eq!(said("-DENABLE_WEBASSEMBLY=OFF", &tree), Ok(()));
        assert_eq!(said("-DCMAKE_BUILD_TYPE:STRING=Debug", &tree), Ok(()));
        assert_eq!(check_cmake(&[], &Origin::Dir("/d".into())), Ok(()));
        for (argument, origin, problem) in [
            (
                "-GNinja",
                &tree,
                "-GNinja is not a definition for CMake, -DNAME=VALUE",
            ),
            (
                "-DX",
                &tree,
                "-DX is not a definition for CMake, -DNAME=VALUE",
            ),
            (
                "-D=X",
                &tree,
                "-D=X is not a definition for CMake, -DNAME=VALUE",
            ),
            (
                "-DPORT:STRING=GTK",
                &tree,
                "-DPORT:STRING=GTK: PORT is what this program sets",
            ),
            (
                "-DX=Y",
                &Origin::Build("/b".into()),
                "-DX=Y has no effect, because nothing of a build is built here",
            ),
        ] {
            assert_eq!(said(argument, origin), Err(problem.to_string()));
        }
    }
}
