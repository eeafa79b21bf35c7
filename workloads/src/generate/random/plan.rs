//! Which modules a graph has, what each exports, and where that leads.

use crate::generate::graph::ENTRY;
use crate::generate::rng::Rng;

use super::fault::Fault;
use super::names;

/// A graph before it is written.
#[derive(Debug, Clone)]
pub struct Plan {
    pub modules: Vec<Module>,
    /// How many modules, from the first on, belong to the static closure of the entry. The others are imported later.
    pub inside: usize,
}

/// What a module is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Script,
    /// Nothing is in it.
    Empty,
    /// JSON, which may be a script as well.
    Json,
}

/// A module before it is written.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its file.
    pub path: String,
    pub kind: Kind,
    /// The module that has the same text.
    pub twin: Option<usize>,
    /// Names of its own.
    pub local: Vec<String>,
    /// Names that come from elsewhere: the name here, the module, the name there.
    pub handed_on: Vec<(String, usize, String)>,
    /// Names that are a namespace.
    pub namespaces: Vec<(String, usize)>,
    /// Modules whose exports it has, too.
    pub stars: Vec<usize>,
    /// Modules that it imports, some of them twice.
    pub imports: Vec<usize>,
    /// Whether it awaits.
    pub awaits: bool,
    /// What goes wrong in it.
    pub fault: Option<Fault>,
}

impl Plan {
    /// Draws a graph.
    pub fn draw(rng: &mut Rng) -> Self {
        let count = 1 + rng.below(5) + rng.below(5) + rng.below(6);
        let outside = rng.below(count.div_ceil(3) + 1).min(count - 1);
        let mut plan = Self {
            modules: Vec::new(),
            inside: count - outside,
        };
        let awaiting = rng.below(3) == 0;
        for index in 0..count {
            let module = plan.module(rng, index, awaiting);
            plan.modules.push(module);
        }
        for index in 0..count {
            plan.connect(rng, index);
        }
        plan.spoil(rng);
        plan.twins(rng);
        plan
    }

    fn module(&self, rng: &mut Rng, index: usize, awaiting: bool) -> Module {
        let kind = match rng.below(24) {
            _ if index == 0 => Kind::Script,
            0 => Kind::Empty,
            1 | 2 => Kind::Json,
            _ => Kind::Script,
        };
        let folder = match rng.below(6) {
            0 => "sub/",
            1 => "sub/deep/",
            2 => "diff/",
            _ => "",
        };
        let path = match (index, kind) {
            (0, _) => ENTRY.to_owned(),
            (_, Kind::Json) if rng.below(3) > 0 => format!("{folder}d{index}.json"),
            _ => format!("{folder}m{index}.mjs"),
        };
        let mut module = Module {
            path,
            kind,
            twin: None,
            local: Vec::new(),
            handed_on: Vec::new(),
            namespaces: Vec::new(),
            stars: Vec::new(),
            imports: Vec::new(),
            awaits: kind == Kind::Script && awaiting && rng.below(3) == 0,
            fault: None,
        };
        match kind {
            Kind::Script => {
                for _ in 0..rng.below(6) {
                    let name = names::draw(rng);
                    if module.is_free(name) {
                        module.local.push(name.to_owned());
                    }
                }
            }
            Kind::Json => module.local.push("default".to_owned()),
            Kind::Empty => {}
        }
        module
    }

    /// Draws the requests of a module.
    fn connect(&mut self, rng: &mut Rng, index: usize) {
        // Each module of the closure is imported by an earlier one.
        if index > 0 && index < self.inside {
            let scripts = (0..index).filter(|it| self.modules[*it].kind == Kind::Script);
            let scripts: Vec<usize> = scripts.collect();
            let parent = *rng.pick(&scripts);
            self.request(rng, parent, index);
        }
        if self.modules[index].kind != Kind::Script {
            return;
        }
        for _ in 0..rng.below(4) {
            let target = match index < self.inside {
                true => rng.below(self.inside),
                false => rng.below(self.modules.len()),
            };
            self.request(rng, index, target);
        }
    }

    fn request(&mut self, rng: &mut Rng, from: usize, to: usize) {
        let is_script = self.modules[to].kind == Kind::Script;
        let names: Vec<String> = self.modules[to].local.clone();
        let module = &mut self.modules[from];
        match rng.below(12) {
            0..3 if is_script => module.stars.push(to),
            3 | 4 if !names.is_empty() => {
                let name = match rng.below(3) {
                    0 => names::draw(rng),
                    _ => names::common(rng),
                };
                if module.is_free(name) && from != to {
                    let theirs = rng.pick(&names).clone();
                    module.handed_on.push((name.to_owned(), to, theirs));
                } else {
                    module.imports.push(to);
                }
            }
            5 => {
                let name = names::draw(rng);
                if module.is_free(name) {
                    module.namespaces.push((name.to_owned(), to));
                } else {
                    module.imports.push(to);
                }
            }
            6 => module.imports.extend([to, to]),
            _ => module.imports.push(to),
        }
    }

    /// Some graphs fail, and many of the modules that are imported later.
    fn spoil(&mut self, rng: &mut Rng) {
        if rng.below(4) == 0 {
            let index = rng.below(self.inside);
            self.modules[index].fault = Some(Fault::draw(rng));
        }
        for index in self.inside..self.modules.len() {
            if rng.below(3) == 0 {
                self.modules[index].fault = Some(Fault::draw(rng));
            }
        }
        for module in &mut self.modules {
            module.fault = module.fault.filter(|_| module.kind == Kind::Script);
        }
    }

    /// Two modules may have one text.
    fn twins(&mut self, rng: &mut Rng) {
        if rng.below(6) > 0 || self.modules.len() < 3 {
            return;
        }
        let (of, twin) = (
            1 + rng.below(self.modules.len() - 1),
            1 + rng.below(self.modules.len() - 1),
        );
        let original = self.modules[of].clone();
        let folder = |path: &str| path.rsplit_once('/').map(|it| it.0.to_owned());
        let is_like = |it: &Module| {
            folder(&it.path) == folder(&original.path)
                && it.kind == original.kind
                && (it.path.ends_with(".json") == original.path.ends_with(".json"))
        };
        // What belongs to the closure must not import what does not.
        let is_inside = |it: usize| it < self.inside;
        if of == twin || is_inside(of) != is_inside(twin) || !is_like(&self.modules[twin]) {
            return;
        }
        let path = std::mem::take(&mut self.modules[twin].path);
        self.modules[twin] = Module {
            path,
            twin: Some(of),
            ..original
        };
    }
}

impl Module {
    /// Whether nothing is exported by this name yet.
    pub fn is_free(&self, name: &str) -> bool {
        let handed_on = self.handed_on.iter().map(|it| &it.0);
        let namespaces = self.namespaces.iter().map(|it| &it.0);
        let mut all = self.local.iter().chain(handed_on).chain(namespaces);
        !all.any(|it| it == name)
    }

    /// The names that it exports itself.
    pub fn explicit(&self) -> Vec<&str> {
        let handed_on = self.handed_on.iter().map(|it| &it.0);
        let namespaces = self.namespaces.iter().map(|it| &it.0);
        let all = self.local.iter().chain(handed_on).chain(namespaces);
        all.map(String::as_str).collect()
    }
}
