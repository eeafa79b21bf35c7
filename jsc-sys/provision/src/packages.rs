//! The system's packages that a build and the tests need.

pub(crate) fn package_of(command: &str) -> String {
    if command.starts_with("clang") { "clang-19".to_string() } else { command.to_string() }
}
