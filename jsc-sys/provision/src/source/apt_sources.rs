//! The machine's own package sources, rewritten to offer the source packages of another Debian release.

use std::fs;
use std::path::Path;

use crate::Error;

/// One block of fields in the deb822 format, in the order of the file; continuation lines are part of a value.
type Stanza = Vec<(String, String)>;

/// Reads all source lists below a folder (`/etc/apt`) and rewrites those of the machine's release (`own`) for source
/// packages of the release `wanted`. The result is the text of one deb822 file, empty when nothing fits.
pub(super) fn rewrite_all(folder: &Path, own: &str, wanted: &str) -> Result<String, Error> {
    let mut stanzas = Vec::new();
    let mut files = vec![folder.join("sources.list")];
    if let Ok(entries) = fs::read_dir(folder.join("sources.list.d")) {
        let mut more: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        more.sort();
        files.append(&mut more);
    }
    for path in files.iter().filter(|path| path.is_file()) {
        let text = fs::read_to_string(path).map_err(Error::io("read", path))?;
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("sources") => stanzas.extend(parse_deb822(&text)),
            Some("list") => stanzas.extend(text.lines().filter_map(parse_line)),
            _ => {}
        }
    }
    let mut blocks: Vec<String> = Vec::new();
    for block in stanzas
        .into_iter()
        .filter_map(|stanza| rewrite(stanza, own, wanted))
        .map(|stanza| to_text(&stanza))
    {
        // `deb` and `deb-src` of one archive become the same block.
        if !blocks.contains(&block) {
            blocks.push(block);
        }
    }
    Ok(blocks.join("\n"))
}

/// Keeps a stanza whose suites belong to the machine's release, with the suites of the wanted one.
fn rewrite(stanza: Stanza, own: &str, wanted: &str) -> Option<Stanza> {
    let value = |name: &str| {
        stanza
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    if value("Enabled").is_some_and(|enabled| ["no", "false", "off", "0"].contains(&enabled)) {
        return None;
    }
    let suites: Vec<String> = value("Suites")?
        .split_whitespace()
        .filter_map(|suite| other_suite(suite, own, wanted))
        .collect();
    if suites.is_empty() {
        return None;
    }
    let mut result = vec![
        ("Types".to_string(), "deb-src".to_string()),
        ("URIs".to_string(), value("URIs")?.to_string()),
        ("Suites".to_string(), suites.join(" ")),
        ("Components".to_string(), value("Components")?.to_string()),
    ];
    // Who may have signed the archive stays exactly as the machine's owner decided.
    for name in ["Signed-By", "Trusted", "Check-Valid-Until"] {
        if let Some((_, value)) = stanza
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
        {
            result.push((name.to_string(), value.clone()));
        }
    }
    Some(result)
}

/// `bookworm-security` is `trixie-security` of the other release; backports carry other versions and are left out.
fn other_suite(suite: &str, own: &str, wanted: &str) -> Option<String> {
    let rest = suite.strip_prefix(own)?;
    ["", "-updates", "-security"]
        .contains(&rest)
        .then(|| format!("{wanted}{rest}"))
}

fn parse_deb822(text: &str) -> Vec<Stanza> {
    let mut stanzas = vec![Stanza::new()];
    for line in text.lines() {
        if line.starts_with('#') {
            continue;
        }
        let Some(stanza) = stanzas.last_mut() else {
            break;
        };
        if line.trim().is_empty() {
            if !stanza.is_empty() {
                stanzas.push(Stanza::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = stanza.last_mut() {
                value.push('\n');
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            stanza.push((name.trim().to_string(), value.trim().to_string()));
        }
    }
    stanzas.retain(|stanza| !stanza.is_empty());
    stanzas
}

/// Parses `deb [options] URI suite component…`.
fn parse_line(line: &str) -> Option<Stanza> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let rest = line
        .strip_prefix("deb-src")
        .or_else(|| line.strip_prefix("deb"))?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace();
    let mut stanza = vec![
        ("URIs".to_string(), words.next()?.to_string()),
        ("Suites".to_string(), words.next()?.to_string()),
        (
            "Components".to_string(),
            words.collect::<Vec<_>>().join(" "),
        ),
    ];
    for (name, value) in options
        .split_whitespace()
        .filter_map(|option| option.split_once('='))
    {
        stanza.push((name.to_string(), value.replace(',', " ")));
    }
    Some(stanza)
}

fn to_text(stanza: &Stanza) -> String {
    stanza
        .iter()
        .map(|(name, value)| match value.starts_with('\n') {
            true => format!("{name}:{value}\n"),
            false => format!("{name}: {value}\n"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sources.list.d")).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        rewrite_all(folder.path(), "bookworm", "trixie").unwrap()
    }

    #[test]
    fn deb822_keeps_address_and_key() {
        let text = "Types: deb\n# a comment\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates \
                    bookworm-backports\nComponents: main contrib\nSigned-By: /usr/share/keyrings/k.gpg\n\n\
                    Types: deb\nURIs: http://other.example\nSuites: nodistro\nComponents: main\n";
        assert_eq!(
            rewritten(&[("sources.list.d/debian.sources", text)]),
            "Types: deb-src\nURIs: http://mirror.example/debian\nSuites: trixie trixie-updates\n\
             Components: main contrib\nSigned-By: /usr/share/keyrings/k.gpg\n"
        );
    }

    #[test]
    fn deb822_keeps_a_key_of_several_lines_and_leaves_disabled_blocks() {
        let text = "Types: deb deb-src\nURIs: u\nSuites: bookworm-security\nComponents: main\n\
                    Signed-By:\n -----BEGIN\n .\n -----END\n\n\
                    Enabled: no\nTypes: deb\nURIs: off\nSuites: bookworm\nComponents: main\n";
        assert_eq!(
            rewritten(&[("sources.list.d/a.sources", text)]),
            "Types: deb-src\nURIs: u\nSuites: trixie-security\nComponents: main\n\
             Signed-By:\n -----BEGIN\n .\n -----END\n"
        );
    }

    #[test]
    fn one_line_entries_become_blocks() {
        let list = "# deb http://commented.example bookworm main\n\
                    deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # why\n\
                    deb-src [signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib\n\
                    deb http://mirror.example/security bookworm-security main\n\
                    deb http://vendor.example stable main\n\
                    debugging is not deb\n";
        assert_eq!(
            rewritten(&[("sources.list", list)]),
            "Types: deb-src\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main contrib\n\
             Signed-By: /k.gpg\n\n\
             Types: deb-src\nURIs: http://mirror.example/security\nSuites: trixie-security\nComponents: main\n"
        );
    }

    #[test]
    fn without_a_fitting_entry_nothing_is_offered() {
        assert_eq!(
            rewritten(&[
                ("sources.list", "deb http://u noble main\n"),
                ("sources.list.d/x.save", "deb u bookworm main")
            ]),
            ""
        );
    }
}
