//! The packages that the project needs of the system.

/// A Debian package, and a command that shows that what it is for is there, wherever it came from.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) command: Option<&'static str>,
}

/// Everything that the project needs of the system. A package without a command is looked up by its name.
pub(crate) const NEEDED: &[Package] = &[
    Package {
        name: "clang-19",
        command: Some("clang++-19"),
    },
    Package {
        name: "lld-19",
        command: Some("ld.lld-19"),
    },
    Package {
        name: "llvm-19",
        command: Some("llvm-ar-19"),
    },
    Package {
        name: "libclang1-19",
        command: None,
    },
    Package {
        name: "cmake",
        command: Some("cmake"),
    },
    Package {
        name: "ninja-build",
        command: Some("ninja"),
    },
    Package {
        name: "ccache",
        command: Some("ccache"),
    },
    Package {
        name: "ruby",
        command: Some("ruby"),
    },
    Package {
        name: "perl",
        command: Some("perl"),
    },
    Package {
        name: "python3",
        command: Some("python3"),
    },
    Package {
        name: "libicu-dev",
        command: None,
    },
    Package {
        name: "pkg-config",
        command: Some("pkg-config"),
    },
    Package {
        name: "valgrind",
        command: Some("valgrind"),
    },
    Package {
        name: "curl",
        command: Some("curl"),
    },
    Package {
        name: "git",
        command: Some("git"),
    },
    Package {
        name: "nodejs",
        command: Some("node"),
    },
    Package {
        name: "npm",
        command: Some("npm"),
    },
    Package {
        name: "chromium-headless-shell",
        command: Some("chromium-headless-shell"),
    },
];

/// The package that has a command.
pub(crate) fn package_of(command: &str) -> String {
    if let Some(package) = NEEDED
        .iter()
        .find(|package| package.command == Some(command))
    {
        return package.name.to_string();
    }
    // Somebody may have named a compiler of another version, or with its folder.
    let name = command.rsplit('/').next().unwrap_or(command);
    for (start, package) in [
        ("clang++-", "clang-"),
        ("clang-", "clang-"),
        ("ld.lld-", "lld-"),
    ] {
        let version = name
            .strip_prefix(start)
            .map(|rest| rest.split('-').next().unwrap_or(rest));
        if let Some(version) = version.filter(|version| version.chars().all(|c| c.is_ascii_digit()))
        {
            return format!("{package}{version}");
        }
    }
    match name {
        "apt-get" | "apt-cache" => "apt".to_string(),
        "clang++" | "clang" => "clang".to_string(),
        "ld.lld" => "lld".to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_packages() {
        for (command, package) in [
            ("clang++-19", "clang-19"),
            ("clang-19", "clang-19"),
            ("/opt/bin/clang++-21", "clang-21"),
            ("ld.lld-20", "lld-20"),
            ("ninja", "ninja-build"),
            ("node", "nodejs"),
            ("apt-cache", "apt"),
            ("made-up", "made-up"),
        ] {
            assert_eq!(package_of(command), package);
        }
    }
}
