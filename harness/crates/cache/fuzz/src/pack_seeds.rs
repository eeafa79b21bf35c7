//! Packs to start from.

use jsc_module_cache::pack::{FileStatus, PackModule, PackParts, Payload, encode_texts, write};
use jsc_module_cache::record::{
    Attributes, Environment, Export, ExportTarget, Import, ImportKind, Name, Record, Request,
    Traits, Variable,
};
use jsc_module_cache::{Digest, Identity, SourceHash, Target};

/// The key of the entry of each of them.
pub const ENTRY_KEY: &str = "file:///main.mjs";

const JAVASCRIPT: u32 = 0;
const JSON: u32 = 1;
const STAR_DEFAULT: u32 = 0xFFFF_FFFD;
const STAR_NAMESPACE: u32 = 0xFFFF_FFFE;

/// The engine that made them.
pub fn identity() -> Identity {
    Identity {
        engine: Digest::of(b"engine"),
        options: Digest::of(b"options"),
        target: Target::host(),
    }
}

/// A graph of one empty module, and one with everything that a graph can have.
pub fn packs() -> Vec<Vec<u8>> {
    let main = module(&Record::default(), b"bytecode");
    let lone = Graph::default().module(ENTRY_KEY, JAVASCRIPT, &[], &[]);
    [
        pack(Payload::All, &lone.image(), &[main]),
        pack(Payload::Executed, &everything().image(), &modules()),
    ]
    .into()
}

fn pack(payload: Payload, graph: &[u8], modules: &[PackModule]) -> Vec<u8> {
    let sources = modules.iter().map(|it| match it.image.is_empty() {
        true => &b""[..],
        false => b"source",
    });
    let parts = PackParts {
        identity: &identity(),
        payload,
        entry_key: ENTRY_KEY,
        root: None,
        graph,
        modules,
        packages: b"{}",
        texts: &encode_texts(sources).expect("texts"),
    };
    write(&parts).expect("a valid pack").as_bytes().to_vec()
}

fn module(record: &Record, bytecode: &[u8]) -> PackModule {
    PackModule {
        image: record.encode().expect("a valid record"),
        bytecode: bytecode.to_vec(),
        ..json()
    }
}

fn json() -> PackModule {
    PackModule {
        source_hash: SourceHash::of(b"source"),
        source_length: 6,
        status: FileStatus {
            modified: 1,
            changed: 2,
            inode: 3,
            device: 4,
        },
        source_units: 6,
        source_text_hash: 1,
        source_is_8bit: true,
        image: Vec::new(),
        bytecode: Vec::new(),
    }
}

/// The modules of [`everything`]: JSON, a part, the entry that imports both.
fn modules() -> Vec<PackModule> {
    let local = |export_name: &str, local_name: Name| Export {
        export_name: export_name.into(),
        target: ExportTarget::Local { local_name },
    };
    let variable = |name: Name, traits| Variable {
        name,
        traits: Traits(traits),
    };
    let part = Record {
        exports: vec![
            local("default", Name::StarDefault),
            local("v", Name::Text("v".into())),
            local("日", Name::Text("日".into())),
        ],
        lexical: Environment {
            variables: vec![
                variable(Name::StarDefault, 2),
                variable(Name::Text("v".into()), 0x22),
                variable(Name::Text("日".into()), 0x62),
            ],
            ..Environment::default()
        },
        ..Record::default()
    };
    let request = |specifier: &str, attributes| Request {
        specifier: specifier.into(),
        attributes,
        phase: 0,
    };
    let main = Record {
        requests: vec![
            request("./data.json", Attributes::Json),
            request("./part.mjs", Attributes::None),
        ],
        imports: vec![Import {
            kind: ImportKind::Single,
            module_request: "./part.mjs".into(),
            import_name: Name::Text("v".into()),
            local_name: "v".into(),
        }],
        stars: vec!["./part.mjs".into()],
        ..Record::default()
    };
    vec![json(), module(&part, b"code"), module(&main, &[7; 40])]
}

fn everything() -> Graph {
    Graph::default()
        .module("file:///data.json", JSON, &[], &[])
        .module(
            "file:///part.mjs",
            JAVASCRIPT,
            &[],
            &[("default", 1, None), ("v", 1, Some("v"))],
        )
        .resolution_to("all", 1, STAR_NAMESPACE)
        .module(
            ENTRY_KEY,
            JAVASCRIPT,
            &[0, 1],
            &[("data", 0, Some("default")), ("日", 1, Some("日"))],
        )
}

/// A graph image in the making: `jsc-sys/bridge/graph_image.h`.
#[derive(Default)]
struct Graph {
    strings: Vec<(u32, u32)>,
    texts: Vec<String>,
    characters: Vec<u8>,
    modules: Vec<u32>,
    edges: Vec<u32>,
    resolutions: Vec<u32>,
}

impl Graph {
    /// Adds a module; a resolution without a local name leads to the default export.
    fn module(
        mut self,
        key: &str,
        kind: u32,
        edges: &[u32],
        resolutions: &[(&str, u32, Option<&str>)],
    ) -> Self {
        let key = self.string(key);
        let counts = [edges.len() as u32, resolutions.len() as u32];
        self.modules.extend([key, kind, counts[0], counts[1]]);
        self.edges.extend(edges);
        for (name, module, local) in resolutions {
            let name = self.string(name);
            let local = local.map_or(STAR_DEFAULT, |it| self.string(it));
            self.resolutions.extend([name, *module, local]);
        }
        self
    }

    /// Adds a resolution to the module that was added last.
    fn resolution_to(mut self, name: &str, module: u32, local: u32) -> Self {
        let name = self.string(name);
        self.resolutions.extend([name, module, local]);
        if let Some(count) = self.modules.last_mut() {
            *count += 1;
        }
        self
    }

    fn string(&mut self, text: &str) -> u32 {
        if let Some(index) = self.texts.iter().position(|it| it == text) {
            return index as u32;
        }
        let units: Vec<u16> = text.encode_utf16().collect();
        let is_16_bit = units.iter().any(|it| *it > 0xFF);
        if is_16_bit && !self.characters.len().is_multiple_of(2) {
            self.characters.push(0);
        }
        let offset = self.characters.len() as u32;
        for unit in &units {
            let bytes = unit.to_le_bytes();
            self.characters
                .extend(&bytes[..if is_16_bit { 2 } else { 1 }]);
        }
        let length = units.len() as u32 | u32::from(is_16_bit) << 31;
        self.strings.push((offset, length));
        self.texts.push(text.to_owned());
        self.texts.len() as u32 - 1
    }

    fn image(&self) -> Vec<u8> {
        let counts = [
            self.strings.len(),
            self.modules.len() / 4,
            self.edges.len(),
            self.resolutions.len() / 3,
            self.characters.len(),
            0,
            0,
            0,
        ];
        let words = counts.iter().map(|it| *it as u32);
        let strings = self.strings.iter().flat_map(|it| [it.0, it.1]);
        let rest = [&self.modules, &self.edges, &self.resolutions];
        let words = words
            .chain(strings)
            .chain(rest.into_iter().flatten().copied());
        let mut image: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        image.extend(&self.characters);
        image.resize(image.len().next_multiple_of(8), 0);
        image
    }
}
