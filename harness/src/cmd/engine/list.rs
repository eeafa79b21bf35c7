//! `engine list` and `engine show`.

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use jsc_provision::named::{Definition, Definitions, State, state};
use jsc_provision::{Bridge, Provenance, Settings, pins};
use serde::Serialize;

use crate::cmd::{ExitStatus, Format};
use crate::{Error, print};
use results::render::trimmed;
use workers::InstalledEngine;

/// An engine that is installed, defined, or both.
#[derive(Debug, Serialize)]
struct Listed {
    #[serde(flatten)]
    engine: Known,
    /// `pinned`, or how its definition says where it comes from.
    kind: String,
    /// `ready`, `not-built`, `changed` or `broken`.
    state: &'static str,
    /// Why it is in that state, if that needs a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// What is known of an engine.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Known {
    Installed(Box<InstalledEngine>),
    Defined { name: String, location: String },
}

/// Prints every engine: installed, defined, or pinned and missing.
pub fn list(definitions: &Definitions, format: Format) -> Result<ExitStatus, Error> {
    let listed = listed(definitions, &workers::bridges()?, None)?;
    match format {
        Format::Json => print::json(&listed),
        Format::Table => print::line(&table(&listed)),
    }
    Ok(ExitStatus::Success)
}

/// Prints one engine: the default, or the one with this name or version.
pub fn show(
    wanted: Option<&str>,
    definitions: &Definitions,
    format: Format,
) -> Result<ExitStatus, Error> {
    let wanted = wanted.unwrap_or(pins::default_version());
    let bridges = workers::bridges()?;
    let found = listed(definitions, &bridges, Some(wanted))?;
    let named = found.iter().find(|it| it.name() == wanted);
    let Some(engine) = named.or(found.first()) else {
        return Err(workers::Error::NoSuchEngine {
            wanted: wanted.to_owned(),
            installed: bridges.into_iter().map(|it| it.engine.name).collect(),
        }
        .into());
    };
    match format {
        Format::Json => print::json(&[engine]),
        Format::Table => print::line(&details(engine)),
    }
    Ok(ExitStatus::Success)
}

/// The installed engines, the newest first, then what is defined and not built, then the pinned ones that are missing; with
/// a name or a version, only those. Each installed one is started to say who it is.
fn listed(
    definitions: &Definitions,
    bridges: &[Bridge],
    wanted: Option<&str>,
) -> Result<Vec<Listed>, Error> {
    let is_wanted = |name: &str, pinned_version: Option<&str>| {
        wanted.is_none_or(|wanted| wanted == name || pinned_version == Some(wanted))
    };
    let is_listed =
        |listed: &[Listed], name: &str| listed.iter().any(|it: &Listed| it.name() == name);
    let mut listed = Vec::new();
    for bridge in bridges {
        let engine = &bridge.engine;
        let version = engine.provenance.is_none().then_some(&*engine.version);
        if is_wanted(&engine.name, version) {
            listed.push(Listed::installed(bridge, definitions));
        }
    }
    for definition in definitions.all() {
        if is_wanted(&definition.name, None) && !is_listed(&listed, &definition.name) {
            listed.push(Listed::defined(definition));
        }
    }
    let machine = Settings::from_env()?.machine()?;
    for pin in pins::all() {
        let name = machine.engine_name(&pin.version);
        if is_wanted(&name, Some(&pin.version)) && !is_listed(&listed, &name) {
            listed.push(Listed {
                engine: Known::Defined {
                    name,
                    location: pin.debian.tarball.clone(),
                },
                kind: PINNED.to_owned(),
                state: "not-built",
                reason: build_hint(&pin.version),
            });
        }
    }
    Ok(listed)
}

const PINNED: &str = "pinned";

impl Listed {
    fn installed(bridge: &Bridge, definitions: &Definitions) -> Self {
        let engine = workers::ask(bridge);
        let name = &bridge.engine.name;
        let definition = definitions.all().iter().find(|it| it.name == *name);
        let (state, reason) = match (&engine, definition) {
            (Err(error), _) => ("broken", Some(error.to_string())),
            (Ok(_), Some(definition)) => word(state(definition, Some(bridge)), definition),
            (Ok(_), None) if bridge.engine.provenance.is_some() => {
                let file = definitions.file().display();
                (
                    "ready",
                    Some(format!("{file} does not define it (any more)")),
                )
            }
            (Ok(_), None) => ("ready", None),
        };
        let provenance = bridge.engine.provenance.as_ref();
        Self {
            kind: provenance.map_or(PINNED, |it| &it.kind).to_owned(),
            engine: match engine {
                Ok(engine) => Known::Installed(Box::new(engine)),
                Err(_) => Known::Defined {
                    name: name.clone(),
                    location: provenance.map_or(String::new(), |it| it.location.clone()),
                },
            },
            state,
            reason,
        }
    }

    fn defined(definition: &Definition) -> Self {
        let (state, reason) = word(state(definition, None), definition);
        Self {
            engine: Known::Defined {
                name: definition.name.clone(),
                location: definition.origin.location().display().to_string(),
            },
            kind: definition.origin.kind().to_owned(),
            state,
            reason,
        }
    }

    fn name(&self) -> &str {
        match &self.engine {
            Known::Installed(engine) => &engine.name,
            Known::Defined { name, .. } => name,
        }
    }

    fn version(&self) -> &str {
        self.build().map_or("", |engine| &engine.version)
    }

    fn build(&self) -> Option<&InstalledEngine> {
        match &self.engine {
            Known::Installed(engine) => Some(engine),
            Known::Defined { .. } => None,
        }
    }

    fn provenance(&self) -> Option<&Provenance> {
        self.build()?.provenance.as_ref()
    }
}

fn word(state: State, definition: &Definition) -> (&'static str, Option<String>) {
    match state {
        State::Ready => ("ready", None),
        State::NotBuilt => ("not-built", build_hint(&definition.name)),
        State::Changed => ("changed", build_hint(&definition.name)),
        State::Broken(why) => ("broken", Some(why)),
    }
}

fn build_hint(name: &str) -> Option<String> {
    Some(format!("hint: jsc-harness engine build {name}"))
}

fn table(listed: &[Listed]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header([
        "name",
        "version",
        "kind",
        "revision",
        "fingerprint",
        "build-id",
        "state",
        "default",
    ]);
    for it in listed {
        let build = it.build();
        let revision = it.provenance().map(|it| it.short_revision());
        let is_default = build.is_some_and(|it| it.default);
        table.add_row([
            it.name(),
            it.version(),
            &it.kind,
            &revision.unwrap_or_default(),
            build.map_or("", |it| &it.fingerprint),
            build.map_or("", |it| &it.build_id),
            it.state,
            if is_default { "yes" } else { "" },
        ]);
    }
    trimmed(&table)
}

fn details(it: &Listed) -> String {
    let mut lines = vec![("name", it.name().to_owned())];
    if let Some(engine) = it.build() {
        lines.extend([
            ("version", engine.version.clone()),
            ("fingerprint", engine.fingerprint.clone()),
            ("build-id", engine.build_id.clone()),
            ("directory", engine.directory.display().to_string()),
            (
                "default",
                if engine.default { "yes" } else { "no" }.to_owned(),
            ),
            ("features", engine.features.join(" ")),
            ("capabilities", engine.capabilities.join(" ")),
            ("compiler", engine.compiler.clone()),
            ("cmake", engine.cmake_args.join(" ")),
        ]);
    }
    lines.push(("kind", it.kind.clone()));
    match (&it.engine, it.provenance()) {
        (_, Some(provenance)) => {
            lines.push(("from", provenance.location.clone()));
            let parts = [
                ("revision", &provenance.revision),
                ("difference", &provenance.difference),
                ("sha256", &provenance.sha256),
                ("libraries", &provenance.libraries),
            ];
            lines.extend(
                parts
                    .into_iter()
                    .filter_map(|(name, it)| Some((name, it.clone()?))),
            );
        }
        (Known::Defined { location, .. }, None) => lines.push(("from", location.clone())),
        (Known::Installed(_), None) => {}
    }
    lines.push(("state", it.state.to_owned()));
    lines.extend(it.reason.iter().map(|reason| ("", reason.clone())));
    let line = |(name, value): &(&str, String)| format!("{name:<12} {value}");
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
