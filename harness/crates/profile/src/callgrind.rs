//! The call graph in a file of callgrind's: "Callgrind Format Specification" in Valgrind's manual.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::error::Error;

/// What was counted between two dumps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Why it ended there, in callgrind's words.
    pub trigger: String,
    /// Instructions of it.
    pub total: u64,
    pub graph: CallGraph,
}

/// Functions and the calls between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallGraph {
    /// In the order of their first appearance.
    pub functions: Vec<Function>,
    /// Each pair of functions once.
    pub calls: Vec<Call>,
}

/// A function, with what was inlined into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name, without the number of its clone.
    pub name: String,
    /// The program or library that it is in: a file name.
    pub object: String,
    /// Instructions of its own.
    pub own: u64,
}

/// Calls from one function to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The place of the caller in [`CallGraph::functions`].
    pub from: usize,
    /// The place of what is called.
    pub to: usize,
    /// How often.
    pub count: u64,
    /// Instructions of the called function and of all that it calls; in a recursion the same ones count several times.
    pub inclusive: u64,
}

impl CallGraph {
    /// What was counted in both; functions of one name in one object are one.
    pub fn and(self, other: Self) -> Self {
        let mut both = Builder::default();
        for graph in [self, other] {
            let functions = graph.functions.into_iter();
            let places: Vec<usize> = functions
                .map(|it| {
                    let place = both.function(it.name, it.object);
                    both.functions[place].own += it.own;
                    place
                })
                .collect();
            for call in graph.calls {
                let known = both.calls.entry((places[call.from], places[call.to]));
                let known = known.or_default();
                known.0 += call.count;
                known.1 += call.inclusive;
            }
        }
        both.graph()
    }
}

/// Reads the parts of a file, in the order in which they were dumped.
///
/// # Errors
/// There is no such file, or callgrind did not write it.
pub fn read(path: &Path) -> Result<Vec<Part>, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    parse(&text).map_err(|(line, what)| Error::Format {
        path: path.to_owned(),
        line,
        what,
    })
}

/// Reads a file's text, or says in which line what is wrong.
fn parse(text: &str) -> Result<Vec<Part>, (usize, String)> {
    let mut reader = Reader::default();
    for (number, line) in text.lines().enumerate() {
        reader.line(line).map_err(|what| (number + 1, what))?;
    }
    reader.end_part();
    if reader.parts.is_empty() {
        return Err((1, "it has no part".to_owned()));
    }
    Ok(reader.parts)
}

#[derive(Default)]
struct Reader {
    parts: Vec<Part>,
    part: Option<Builder>,
    /// Names by their numbers: objects and functions have numbers of their own.
    objects: HashMap<String, String>,
    names: HashMap<String, String>,
}

/// A part as far as it was read.
#[derive(Default)]
struct Builder {
    trigger: String,
    total: u64,
    functions: Vec<Function>,
    places: HashMap<(String, String), usize>,
    calls: HashMap<(usize, usize), (u64, u64)>,
    object: String,
    /// The function whose lines follow.
    current: Option<usize>,
    called_object: Option<String>,
    called: Option<usize>,
    /// How often what the next line has the cost of was called.
    pending: Option<u64>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if line.starts_with("part: ") {
            self.end_part();
            self.part = Some(Builder::default());
            return Ok(());
        }
        let Some(part) = &mut self.part else {
            return Ok(());
        };
        if let Some(trigger) = line.strip_prefix("desc: Trigger: ") {
            trigger.clone_into(&mut part.trigger);
        } else if let Some(total) = line.strip_prefix("summary: ") {
            part.total = number(total)?;
        } else if let Some(object) = line.strip_prefix("ob=") {
            part.object = file_name(&named(object, &mut self.objects)?);
        } else if let Some(name) = line.strip_prefix("fn=") {
            let name = named(name, &mut self.names)?;
            part.current = Some(part.function(name, part.object.clone()));
        } else if let Some(object) = line.strip_prefix("cob=") {
            part.called_object = Some(file_name(&named(object, &mut self.objects)?));
        } else if let Some(name) = line.strip_prefix("cfn=") {
            let name = named(name, &mut self.names)?;
            let object = part.called_object.take();
            part.called = Some(part.function(name, object.unwrap_or(part.object.clone())));
        } else if let Some(calls) = line.strip_prefix("calls=") {
            part.pending = Some(number(calls)?);
        } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
            let cost = line.split_whitespace().nth(1).map_or(Ok(0), number)?;
            part.cost(cost)?;
        }
        // All else names files, or has nothing that is counted.
        Ok(())
    }

    fn end_part(&mut self) {
        let Some(part) = self.part.take() else { return };
        self.parts.push(Part {
            trigger: part.trigger.clone(),
            total: part.total,
            graph: part.graph(),
        });
    }
}

impl Builder {
    fn graph(self) -> CallGraph {
        let calls = self.calls.into_iter();
        let mut calls: Vec<Call> = calls
            .map(|((from, to), (count, inclusive))| Call {
                from,
                to,
                count,
                inclusive,
            })
            .collect();
        calls.sort_by_key(|it| (it.from, it.to));
        CallGraph {
            functions: self.functions,
            calls,
        }
    }

    fn function(&mut self, name: String, object: String) -> usize {
        let place = self.places.entry((name, object));
        *place.or_insert_with_key(|(name, object)| {
            self.functions.push(Function {
                name: name.clone(),
                object: object.clone(),
                own: 0,
            });
            self.functions.len() - 1
        })
    }

    fn cost(&mut self, cost: u64) -> Result<(), String> {
        let current = self.current.ok_or("a cost of no function")?;
        match self.pending.take() {
            None => self.functions[current].own += cost,
            Some(count) => {
                let called = self.called.take().ok_or("calls of no function")?;
                let call = self.calls.entry((current, called)).or_default();
                call.0 += count;
                call.1 += cost;
            }
        }
        Ok(())
    }
}

/// The name behind `(12) name`, which defines a number, or behind `(12)`, which repeats one.
fn named(text: &str, known: &mut HashMap<String, String>) -> Result<String, String> {
    let Some((number, name)) = text.strip_prefix('(').and_then(|it| it.split_once(')')) else {
        return Ok(text.to_owned());
    };
    let name = name.trim();
    if !name.is_empty() {
        known.insert(number.to_owned(), without_clone(name).to_owned());
    }
    let name = known.get(number).cloned();
    name.ok_or_else(|| format!("the name ({number}) was never given"))
}

/// A name without what callgrind appends to functions that call themselves: `name'2`.
fn without_clone(name: &str) -> &str {
    match name.rsplit_once('\'') {
        Some((rest, number)) if number.bytes().all(|it| it.is_ascii_digit()) => rest,
        _ => name,
    }
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

fn number(text: &str) -> Result<u64, String> {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.parse().map_err(|_| format!("`{text}` has no number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# callgrind format
version: 1
part: 1
desc: Trigger: --dump-before=load_begins
events: Ir
summary: 130

ob=(1) /lib/a.so
fl=(1) a.c
fn=(1) main
10 5
+2 3
cob=(2) /lib/b.so
cfi=(2) b.c
cfn=(2) work'2
calls=2 7
12 100

ob=(2)
fl=(2)
fn=(2)
7 90
* 10
cfn=(2)
calls=1 7
8 22
totals: 130
part: 2
desc: Trigger: Program termination
summary: 4
fn=(1)
1 4
";

    #[test]
    fn parts_functions_and_calls_are_read() {
        let parts = parse(TEXT).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].trigger, "--dump-before=load_begins");
        assert_eq!((parts[0].total, parts[1].total), (130, 4));
        let graph = &parts[0].graph;
        let functions: Vec<_> = graph
            .functions
            .iter()
            .map(|it| (&*it.name, &*it.object, it.own))
            .collect();
        assert_eq!(functions, [("main", "a.so", 8), ("work", "b.so", 100)]);
        let call = |from, to, count, inclusive| Call {
            from,
            to,
            count,
            inclusive,
        };
        assert_eq!(graph.calls, [call(0, 1, 2, 100), call(1, 1, 1, 22)]);
        assert_eq!(parts[1].graph.functions[0].name, "main");
    }

    #[test]
    fn what_callgrind_does_not_write_is_refused_with_its_line() {
        assert_eq!(parse(""), Err((1, "it has no part".to_owned())));
        let broken = TEXT.replace("7 90", "7 many");
        assert_eq!(parse(&broken), Err((22, "`many` has no number".to_owned())));
        let broken = TEXT.replace("fn=(1) main", "fn=(1)");
        let what = "the name (1) was never given".to_owned();
        assert_eq!(parse(&broken), Err((10, what)));
    }
}
