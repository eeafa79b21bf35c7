//! Made-up packages, and what is imported in them.

use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::Tree;

/// What the documented algorithm has and not every Node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// `import.meta.resolve` says where a file would be (20).
    Locating,
    /// Names like `#/a` (25.4).
    HashSlash,
    /// The condition `module-sync` (20.19, 22.10).
    ModuleSync,
    /// `exports` that is a number or a boolean exports nothing (not since 21).
    ScalarExports,
    /// `main` is a path and not a URL (21).
    MainIsPath,
}

impl Feature {
    pub const ALL: [Self; 5] = [
        Self::Locating,
        Self::HashSlash,
        Self::ModuleSync,
        Self::ScalarExports,
        Self::MainIsPath,
    ];

    /// A specifier and the manifest of the package that it names, which tell.
    pub fn probe(self) -> (&'static str, &'static str) {
        match self {
            Self::Locating => ("./absent.mjs", "{}"),
            Self::HashSlash => ("#/a", "{}"),
            Self::ModuleSync => (
                "sync",
                r#"{"exports": {"module-sync": "./b.mjs", "default": "./index.js"}}"#,
            ),
            Self::ScalarExports => ("scalar", r#"{"exports": false}"#),
            Self::MainIsPath => ("main", r#"{"main": "a%62.mjs"}"#),
        }
    }

    /// How the answer of a Node ends that has it.
    pub fn answer(self) -> &'static str {
        match self {
            Self::Locating => "/absent.mjs",
            Self::HashSlash => "/main.mjs",
            Self::ModuleSync => "/b.mjs",
            Self::ScalarExports => "ERR_PACKAGE_PATH_NOT_EXPORTED",
            Self::MainIsPath => "/index.js",
        }
    }
}

/// A program with some packages.
pub struct Layout {
    /// Importers and specifiers.
    pub questions: Vec<(String, String)>,
    /// The manifests, for a failure's text.
    pub manifests: Vec<String>,
    features: Vec<Feature>,
}

/// The directories that have a manifest.
const PACKAGES: [&str; 4] = [
    "",
    "node_modules/p",
    "node_modules/@s/q",
    "node_modules/p/node_modules/r",
];

/// What is in each of them.
const FILES: [&str; 9] = [
    "a.mjs",
    "b.mjs",
    "index.js",
    "lib.mjs",
    "lib/a.mjs",
    "lib/index.js",
    "lib/s p.mjs",
    "lib/x/b.mjs",
    "lib/private/s.mjs",
];

impl Layout {
    /// Writes the layout that belongs to a seed.
    pub fn plant(tree: &Tree, seed: u64) -> Self {
        let mut maker = Maker {
            random: ChaCha8Rng::seed_from_u64(seed),
            features: Vec::new(),
        };
        let mut layout = Self {
            questions: Vec::new(),
            manifests: Vec::new(),
            features: Vec::new(),
        };
        for package in PACKAGES {
            let directory = format!("layout{seed}/{package}");
            for file in FILES {
                let path = format!("{directory}/{file}");
                if file.ends_with(".mjs") {
                    write_module(tree, &path);
                } else {
                    tree.write(&path, "");
                }
            }
            // A directory without a manifest is a package, too.
            if maker.one_in(8) {
                continue;
            }
            let manifest = maker.manifest();
            let path = format!("{directory}/package.json");
            tree.write(&path, &manifest);
            layout.manifests.push(format!("{path}: {manifest}"));
        }
        for _ in 0..40 {
            let package = maker.of(&PACKAGES);
            let file = maker.of(&["a.mjs", "lib/a.mjs", "lib/x/b.mjs"]);
            let importer = format!("layout{seed}/{package}/{file}");
            layout.questions.push((importer, maker.specifier()));
        }
        layout.features = maker.features;
        layout
    }

    /// What a Node must have for this specifier to lead where it should.
    pub fn needs(&self, specifier: &str) -> impl Iterator<Item = Feature> {
        let slash = specifier.starts_with("#/").then_some(Feature::HashSlash);
        self.features.clone().into_iter().chain(slash)
    }
}

/// Writes a module that answers `ask.mjs`.
pub fn write_module(tree: &Tree, path: &str) {
    tree.write(
        path,
        "export const locate = (it) => import.meta.resolve(it); export const load = (it) => import(it);",
    );
}

struct Maker {
    random: ChaCha8Rng,
    features: Vec<Feature>,
}

impl Maker {
    fn one_in(&mut self, count: u32) -> bool {
        self.random.random_range(0..count) == 0
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices
            .choose(&mut self.random)
            .copied()
            .unwrap_or_default()
    }

    /// The text of a manifest; now and then one that is none.
    fn manifest(&mut self) -> String {
        if self.one_in(40) {
            return self.of(&["", "{", "{\"main\": }", "{} {}"]).to_owned();
        }
        let mut fields = Vec::new();
        for _ in 0..self.random.random_range(1..6) {
            let field = match self.random.random_range(0..8) {
                0 => format!("\"name\": {}", self.of(&["\"p\"", "\"@s/q\"", "\"app\""])),
                1 => format!("\"main\": {}", self.main()),
                2 => "\"other\": {\"exports\": null, \"x\": [1e999, \"\\ud800\"]}".to_owned(),
                3 | 4 => format!("\"imports\": {}", self.map(&IMPORT_KEYS)),
                _ => format!("\"exports\": {}", self.exports()),
            };
            fields.push(field);
        }
        let mark = if self.one_in(10) { "\u{feff}" } else { "" };
        format!("{mark}{{{}}}", fields.join(", "))
    }

    fn main(&mut self) -> &'static str {
        let main = self.of(&[
            "\"a.mjs\"",
            "\"./a.mjs\"",
            "\"./lib\"",
            "\"lib/a\"",
            "\"lib/../b.mjs\"",
            "\"../p/a.mjs\"",
            "\"gone\"",
            "\"\"",
            "\".\"",
            "\"/a.mjs\"",
            "\"a%2e.mjs\"",
            "\"a.mjs?q\"",
        ]);
        if main.contains(['%', '?']) || main.contains("\"/") {
            self.features.push(Feature::MainIsPath);
        }
        main
    }

    fn exports(&mut self) -> String {
        let exports = match self.random.random_range(0..12) {
            0 => self.target(0),
            1 => self.mixed(),
            2 if self.one_in(3) => self.of(&["null", "7", "true", "false"]).to_owned(),
            3 => self.conditions(1),
            _ => self.map(&EXPORT_KEYS),
        };
        if !exports.starts_with(['{', '[', '"']) {
            self.features.push(Feature::ScalarExports);
        }
        exports
    }

    fn mixed(&mut self) -> String {
        let target = self.target(1);
        format!("{{\".\": {target}, \"import\": \"./a.mjs\"}}")
    }

    /// A map of subpaths or names; a key may be there twice.
    fn map(&mut self, keys: &[&str]) -> String {
        let count = self.random.random_range(0..7);
        let entries: Vec<_> = (0..count)
            .map(|_| format!("\"{}\": {}", self.of(keys), self.target(0)))
            .collect();
        format!("{{{}}}", entries.join(", "))
    }

    fn target(&mut self, depth: u32) -> String {
        match self.random.random_range(0..10) {
            0 if depth < 3 => {
                let count = self.random.random_range(0..4);
                let targets: Vec<_> = (0..count).map(|_| self.target(depth + 1)).collect();
                format!("[{}]", targets.join(", "))
            }
            1 | 2 if depth < 3 => self.conditions(depth + 1),
            3 => self
                .of(&["null", "7", "true", "false", "1.5", "null"])
                .to_owned(),
            4 => format!("\"{}\"", self.of(&ODD_TARGETS)),
            _ => format!("\"{}\"", self.of(&TARGETS)),
        }
    }

    fn conditions(&mut self, depth: u32) -> String {
        let count = self.random.random_range(0..4);
        let entries: Vec<_> = (0..count)
            .map(|_| {
                let condition = match self.random.random_range(0..16) {
                    0 => self.of(&["0", "17", "4294967294", "4294967295", "-1", "01"]),
                    1 => {
                        self.features.push(Feature::ModuleSync);
                        "module-sync"
                    }
                    _ => self.of(&["import", "node", "default", "require", "browser", "types"]),
                };
                format!("\"{condition}\": {}", self.target(depth + 1))
            })
            .collect();
        format!("{{{}}}", entries.join(", "))
    }

    fn specifier(&mut self) -> String {
        match self.random.random_range(0..10) {
            0 => self.of(&PLACES).to_owned(),
            1..=3 => self.of(&NAMES).to_owned(),
            _ => {
                let package =
                    self.of(&["p", "p", "@s/q", "app", "r", "absent", "@s/absent", "x y"]);
                format!("{package}{}", self.of(&SUBPATHS))
            }
        }
    }
}

const EXPORT_KEYS: [&str; 18] = [
    ".",
    ".",
    "./a",
    "./a",
    "./b",
    "./*",
    "./*.mjs",
    "./lib/*",
    "./lib/*.mjs",
    "./l*",
    "./*/a.mjs",
    "./lib/private/*",
    "./lib/",
    "./",
    "./x*y*",
    "./a.mjs",
    "./lib/*/",
    ".x",
];

const IMPORT_KEYS: [&str; 13] = [
    "#a",
    "#a",
    "#b",
    "#*",
    "#lib/*",
    "#lib/*.mjs",
    "#l*",
    "#/*",
    "#/a",
    "#lib/",
    "#x*y*",
    "a",
    "#",
];

const TARGETS: [&str; 14] = [
    "./a.mjs",
    "./b.mjs",
    "./lib/a.mjs",
    "./lib/*",
    "./lib/*.mjs",
    "./*",
    "./*.mjs",
    "./lib/s p.mjs",
    "./lib/s%20p.mjs",
    "./gone.mjs",
    "p",
    "p/a.mjs",
    "p/*",
    "@s/q/lib/a.mjs",
];

const ODD_TARGETS: [&str; 34] = [
    "",
    ".",
    "./",
    "./lib",
    "./lib/",
    "/a.mjs",
    "../a.mjs",
    "./lib/../a.mjs",
    "./lib/./a.mjs",
    "./lib/..",
    "./lib/%2e%2E/a.mjs",
    "./lib/.%2e/a.mjs",
    "./node_modules/r/a.mjs",
    "./lib/Node_Modules/a.mjs",
    "./n%6fde_module%73/r/a.mjs",
    "./lib//a.mjs",
    ".//a.mjs",
    "./lib\\\\a.mjs",
    "./lib\\\\..\\\\a.mjs",
    ".\\\\a.mjs",
    "./a.mjs?q",
    "./a.mjs#f",
    "./a.mjs?x/../y",
    "./lib%2Fa.mjs",
    "./lib%5ca.mjs",
    "./a\\tb.mjs",
    "./.\\t./a.mjs",
    "./*/*.mjs",
    "absent",
    "file:///a.mjs",
    "node:fs",
    "#a",
    "@s",
    "a%20b",
];

const NAMES: [&str; 20] = [
    "#a",
    "#b",
    "#c",
    "#lib/a",
    "#lib/a.mjs",
    "#lib/x/b",
    "#lib/private/s",
    "#/a",
    "#/lib/a",
    "#",
    "#/",
    "#lib/",
    "#x1y",
    "#x1y2",
    "#lib/../a.mjs",
    "#*",
    "#lib/%61",
    "#a?q",
    "#lib/s p",
    "##",
];

const SUBPATHS: [&str; 35] = [
    "",
    "",
    "",
    "/a",
    "/a",
    "/b",
    "/a.mjs",
    "/lib/a",
    "/lib/a.mjs",
    "/lib/x/b",
    "/lib/x/b.mjs",
    "/lib",
    "/lib/",
    "/",
    "/lib/../a.mjs",
    "/lib/./a.mjs",
    "/..",
    "/.",
    "/%2e%2e/a.mjs",
    "/lib/%61.mjs",
    "/lib/s p",
    "/lib/s%20p.mjs",
    "/lib/node_modules/z",
    "/lib/private/s",
    "/lib//a",
    "//a.mjs",
    "/lib\\a.mjs",
    "/a.mjs?q",
    "/a.mjs#f",
    "/a?q",
    "/*",
    "/lib/*",
    "/lib%2Fa.mjs",
    "/lib%5Ca.mjs",
    "/x1y2",
];

const PLACES: [&str; 27] = [
    "./a.mjs",
    "./gone.mjs",
    "./gone[1].mjs",
    "./g o\u{e9}ne'.mjs?a'b#`c",
    "./lib/",
    "./lib",
    "../a.mjs",
    "./%61.mjs",
    "./a.mjs?q#f",
    "./a.mjs?",
    "./lib/..",
    ".",
    "..",
    "...",
    ".x",
    "/",
    "//",
    "//host/a.mjs",
    "file://host/a.mjs",
    "file://host/a%2Fb",
    "./lib%2Fa.mjs",
    "./lib\\a.mjs",
    "@",
    "p%20",
    "a:b",
    "https://x/y z",
    "./a.mjs/",
];
