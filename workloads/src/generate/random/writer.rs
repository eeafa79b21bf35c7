//! Writing a module statement by statement.

use crate::generate::rng::Rng;

use super::names::quoted;
use super::plan::{Module, Plan};

/// Writes one module; each statement, or what belongs together, in an order that is drawn.
pub struct Writer<'a> {
    pub plan: &'a Plan,
    pub index: usize,
    pub rng: Rng,
    statements: Vec<String>,
    locals: usize,
}

/// What every module that shows something begins with. It is hoisted, so that it can be called in a cycle, too.
const SEE: &str = "function see(what, get) { let it; try { it = get(); it = typeof it === 'object' && it \
                   ? '{' + Reflect.ownKeys(it).map(String) + '}' : typeof it + ' ' + String(it); } \
                   catch (error) { it = 'throws ' + error; } console.log(NAME, what, it); }";

impl<'a> Writer<'a> {
    /// Nothing of module `index` yet.
    pub fn new(plan: &'a Plan, index: usize, rng: Rng) -> Self {
        Self {
            plan,
            index,
            rng,
            statements: Vec::new(),
            locals: 0,
        }
    }

    /// The module that is written.
    pub fn module(&self) -> &'a Module {
        &self.plan.modules[self.index]
    }

    /// What the module calls itself.
    pub fn name(&self) -> String {
        let path = &self.module().path;
        path.rsplit('/').next().unwrap_or(path).replace(".mjs", "")
    }

    /// A name that nothing else in the module has.
    pub fn local(&mut self) -> String {
        self.locals += 1;
        format!("l{}", self.locals)
    }

    /// Whether something that happens once in `of` times happens.
    pub fn once_in(&mut self, of: usize) -> bool {
        self.rng.below(of) == 0
    }

    /// Adds what belongs together.
    pub fn add(&mut self, statement: impl Into<String>) {
        self.statements.push(statement.into());
    }

    /// Adds something at the end, or at the beginning.
    pub fn add_at_an_end(&mut self, statement: impl Into<String>) {
        match self.once_in(2) {
            true => self.statements.insert(0, statement.into()),
            false => self.add(statement),
        }
    }

    /// Adds a line that shows what an expression comes to.
    pub fn see(&mut self, what: &str, expression: &str) {
        let what = quoted(what);
        self.add(format!("see({what}, () => {expression});"));
    }

    /// The specifier of another module, in one of the ways there are.
    pub fn specifier(&mut self, to: usize) -> String {
        let (from, to) = (&self.module().path, &self.plan.modules[to].path);
        let plain = relative(from, to);
        match self.rng.below(30) {
            0 | 1 => plain.replacen("./", "./x/../", 1),
            2 => format!("./{plain}"),
            3 => format!("{plain}?1"),
            4 => format!("{plain}#part"),
            5 => plain.replacen(".mjs", "%2Emjs", 1),
            _ => plain,
        }
    }

    /// Puts the statements into another order, mostly.
    pub fn shuffle(&mut self) {
        if self.once_in(3) {
            return;
        }
        for last in (1..self.statements.len()).rev() {
            let other = self.rng.below(last + 1);
            self.statements.swap(last, other);
        }
    }

    /// The module as it is.
    pub fn text(mut self) -> String {
        let see = SEE.replace("NAME", &quoted(&self.name()));
        let mut lines = vec![see];
        lines.append(&mut self.statements);
        let end = match self.rng.below(24) {
            0 => "\r\n",
            1 => "\u{2028}",
            2 => "\r",
            3 => "\u{2029}\n",
            _ => "\n",
        };
        let beginning = match self.rng.below(24) {
            0 => "#!/usr/bin/env jsc\n",
            1 => "\u{feff}",
            2 => "'use strict';",
            4 => "/* begins\n\n   late */ ",
            _ => "",
        };
        let mut text = format!("{beginning}{}", lines.join("\n").replace('\n', end));
        if !self.once_in(6) {
            text.push_str(end);
        }
        text
    }
}

/// From the folder of one file to another.
fn relative(from: &str, to: &str) -> String {
    let mut here: Vec<&str> = from.split('/').collect();
    here.pop();
    let there: Vec<&str> = to.split('/').collect();
    let folders = there.len() - 1;
    let same = here
        .iter()
        .zip(&there[..folders])
        .take_while(|(a, b)| a == b);
    let same = same.count();
    let up = "../".repeat(here.len() - same);
    let down = there[same..].join("/");
    match up.is_empty() {
        true => format!("./{down}"),
        false => format!("{up}{down}"),
    }
}
