//! Keeps what a program prints, and takes the observation when it has ended.

use std::cell::RefCell;

use observation::{
    Content, Frame, Malformed, Object, Observation, Outcome, Printed, Roots, SCHEMA, Stream, Text,
    Told, UncaughtError, Value, cut, read,
};

use engine::{ConsoleSink, ConsoleStream, ObserveLimits, Realm, Thrown};

/// How much is observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    /// Whether the source text of functions is.
    pub texts: bool,
}

impl Default for Detail {
    fn default() -> Self {
        Self { texts: true }
    }
}

/// Objects described: more than the largest workload has, and memory for them is some 100 MB.
const OBJECTS: u32 = 400_000;

/// Steps from a namespace to an object.
const DEPTH: u32 = 64;

/// Properties of one object, or entries of one map or set.
const PROPERTIES: u32 = 50_000;

/// Bytes of console output that are told; what follows is digested.
const CONSOLE_BYTES: usize = 16 << 20;

/// So that two runs have the same `Math.random`.
const SEED: u32 = 0x5eed;

/// Goes with one run.
#[derive(Default)]
pub struct Recorder {
    detail: Detail,
    console: RefCell<Console>,
}

#[derive(Default)]
struct Console {
    printed: Vec<Printed>,
    bytes: usize,
    /// What was printed beyond the limit.
    rest: String,
    rest_bytes: u64,
    rest_digest: blake3::Hasher,
}

impl ConsoleSink for Recorder {
    fn print(&self, stream: ConsoleStream, text: &str) {
        self.console.borrow_mut().print(stream, text);
    }
}

impl Recorder {
    /// A recorder of this much.
    pub fn new(detail: Detail) -> Self {
        Self {
            detail,
            ..Self::default()
        }
    }

    /// Has the realm note what happens. Before the load.
    pub fn start(&self, realm: &mut Realm<'_>) {
        realm.start_observing(SEED);
    }

    /// Takes the observation of a program that has ended so. `keys` are those of all modules that it asked for.
    pub fn finish<'a>(
        &self,
        realm: &mut Realm<'_>,
        outcome: &engine::Outcome,
        keys: impl Iterator<Item = &'a str>,
    ) -> Result<Observation, Malformed> {
        let roots = Roots::new(keys);
        let mut digest = blake3::Hasher::new_derive_key("jsc-harness observation 1");
        let order = order(realm, &roots);
        let limits = ObserveLimits {
            objects: OBJECTS,
            depth: DEPTH,
            properties: PROPERTIES,
            texts: self.detail.texts,
        };
        let told = realm
            .observe(&order, &limits, |bytes| {
                read(Stream::new(bytes, &roots, &mut digest))
            })
            .unwrap_or(Ok(Told::default()))?;
        let uncaught = told.uncaught.unwrap_or(Value::Nothing);
        let class = class(&uncaught, &told.objects);
        let outcome = describe(outcome, class, &roots);
        let console = std::mem::take(&mut *self.console.borrow_mut());
        let console_rest = (console.rest_bytes > 0).then(|| {
            let mut rest = cut(&console.rest);
            rest.length = console.rest_bytes;
            rest.digest = console.rest_digest.finalize().to_hex()[..32].to_owned();
            rest
        });
        let printed: Vec<Printed> = console
            .printed
            .into_iter()
            .map(|it| Printed {
                error: it.error,
                text: roots.relative(it.text).into_owned(),
            })
            .collect();
        // Numbers and texts of our own types: serializing them cannot fail.
        let rest = serde_json::to_vec(&(&outcome, &printed, &console_rest)).unwrap_or_default();
        digest.update(&rest);
        Ok(Observation {
            schema: SCHEMA,
            digest: digest.finalize().to_hex()[..32].to_owned(),
            outcome,
            console: printed,
            console_rest,
            evaluations: told.evaluations,
            imports: told.imports,
            modules: told.modules,
            uncaught,
            builtins: told.builtins,
            objects: told.objects,
            undescribed: told.undescribed,
        })
    }
}

impl Console {
    fn print(&mut self, stream: ConsoleStream, text: &str) {
        self.bytes += text.len();
        if self.bytes <= CONSOLE_BYTES {
            self.printed.push(Printed {
                error: stream == ConsoleStream::Error,
                text: text.to_owned(),
            });
            return;
        }
        if self.rest.is_empty() {
            self.rest = text.chars().take(1_000).collect();
        }
        self.rest_bytes += text.len() as u64;
        self.rest_digest.update(text.as_bytes());
    }
}

/// The modules by name; of one name, in the order in which they were linked.
fn order(realm: &Realm<'_>, roots: &Roots) -> Vec<u32> {
    let mut named: Vec<(String, u32)> = realm
        .linked_modules()
        .iter()
        .zip(0..)
        .map(|(key, index)| (roots.module(key), index))
        .collect();
    named.sort();
    named.into_iter().map(|(_, index)| index).collect()
}

fn describe(outcome: &engine::Outcome, class: Option<String>, roots: &Roots) -> Outcome {
    let (kind, thrown) = match outcome {
        engine::Outcome::Completed => ("completed", None),
        engine::Outcome::Threw(thrown) => ("threw", Some(thrown)),
        engine::Outcome::UnhandledRejection(thrown) => ("unhandled-rejection", Some(thrown)),
        engine::Outcome::Unsettled => ("unsettled", None),
    };
    Outcome {
        kind: kind.to_owned(),
        exit_code: i32::from(kind != "completed"),
        error: thrown.map(|thrown| error(thrown, class, roots)),
    }
}

fn error(thrown: &Thrown, class: Option<String>, roots: &Roots) -> UncaughtError {
    UncaughtError {
        class,
        message: roots.relative(&*thrown.message).into_owned(),
        code: thrown.code.clone(),
        frames: thrown
            .frames
            .iter()
            .map(|frame| position(&frame.function, &frame.position, roots))
            .collect(),
        module: thrown.module.as_ref().map(|it| roots.module(&it.key)),
    }
}

/// A frame from `url:line:column`.
fn position(function: &str, position: &str, roots: &Roots) -> Frame {
    let number = |text: &str| text.parse::<u32>().ok();
    let (module, line, column) = match position.rsplit_once(':') {
        Some((rest, last)) => match (rest.rsplit_once(':'), number(last)) {
            (Some((module, line)), Some(column)) if number(line).is_some() => {
                (module, number(line), Some(column))
            }
            (_, Some(line)) => (rest, Some(line), None),
            _ => (position, None, None),
        },
        None => (position, None, None),
    };
    Frame {
        function: roots.relative(function).into_owned(),
        module: roots.module(module),
        line,
        column,
    }
}

/// The name of the class that a thrown object is an instance of: of a built-in one its path, of one of the program the
/// `name` that its prototype's constructor has.
fn class(uncaught: &Value, objects: &[Object]) -> Option<String> {
    let object = |value: &Value| match value {
        Value::Object(index) => objects.get(*index as usize),
        _ => None,
    };
    let own = |object: &Object, name: &str| {
        object.properties.iter().find_map(|(key, property)| {
            let is_it = matches!(key, Value::String(Text::Whole(key)) if key == name);
            match &property.content {
                Content::Value(value) if is_it => Some(value.clone()),
                _ => None,
            }
        })
    };
    match &object(uncaught)?.prototype {
        Value::Builtin(path) => Some(path.trim_end_matches(".prototype").to_owned()),
        prototype => match own(object(&own(object(prototype)?, "constructor")?)?, "name")? {
            Value::String(Text::Whole(name)) => Some(name),
            _ => None,
        },
    }
}
