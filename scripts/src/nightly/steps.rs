//! The steps of a night. Each can be done again when it was interrupted.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::NightlyOptions;
use super::alarms::{Confirmation, Installed, Scan, confirmations, installed};
use super::bisects::{Search, search};
use super::code::Code;
use super::harness::{Called, Harness};
use super::state::State;
use crate::setup;

/// A night that is under way.
pub struct Night<'a> {
    pub options: &'a NightlyOptions,
    /// Where its outputs lie.
    pub folder: PathBuf,
    pub harness: Harness<'a>,
}

/// A step: how it ended, and a sentence about it. An error ends the night, and the step is done again by the next call.
pub type Step = fn(&Night<'_>, &State) -> Result<(Code, String)>;

/// All steps, in order.
pub const STEPS: &[(&str, Step)] = &[
    ("setup", set_up),
    ("verify", verify),
    ("random", random),
    ("measure", measure),
    ("append", append),
    ("control", control),
    ("scan", scan),
    ("confirm", confirm),
    ("bisect", bisect),
    ("report", report),
];

/// What the control measures when nothing is said: one workload that takes neither long nor next to no time.
const CONTROL_WORKLOAD: &str = "^lodash-es$";

/// What the control compares the behaviour of.
const CONTROL_SUITE: &str = "smoke";

fn set_up(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    setup::run(&night.options.setup)?;
    Ok((Code::Fine, String::new()))
}

fn verify(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    let mut arguments = words(&["verify", "--all-engines"]);
    arguments.extend(night.options.what.verified()?);
    let Called { code, stdout } = night.call("verify.txt", &arguments)?;
    Ok((code, last_line(&stdout)))
}

fn random(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    let graphs = night.options.random;
    if graphs == 0 {
        return Ok((Code::Fine, "no graph was asked for".to_owned()));
    }
    let mut arguments = words(&["verify", "--all-engines", "--random", &graphs.to_string()]);
    // The scratch directory goes away with the night.
    let fixtures = night.folder.join("random");
    arguments.extend(["--fixtures".to_owned(), text(&fixtures)?]);
    let Called { code, stdout } = night.call("random.txt", &arguments)?;
    Ok((code, last_line(&stdout)))
}

fn measure(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    let options = night.options;
    let out = night.result();
    // From a call of this night that was killed before it could say how measuring ended.
    if out.exists() {
        fs::remove_file(&out).with_context(|| format!("could not remove {}", out.display()))?;
    }
    let mut arguments = words(&["measure"]);
    arguments.extend(options.what.measured()?);
    arguments.extend(match options.budget {
        Some(budget) => ["--budget".to_owned(), budget.to_string()],
        None => ["--blocks".to_owned(), options.blocks.to_string()],
    });
    arguments.extend(["--out".to_owned(), text(&out)?]);
    let Called { code, .. } = night.call("measure.txt", &arguments)?;
    let note = if code == Code::Inconclusive {
        "fewer valid blocks than asked for"
    } else {
        ""
    };
    Ok((code, note.to_owned()))
}

fn append(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    let result = night.result();
    if !result.exists() {
        return Ok((Code::CouldNotRun, "there is no result".to_owned()));
    }
    let arguments = words(&["results", "add", &text(&result)?]);
    let Called { code, stdout } = night.call("append.txt", &arguments)?;
    let name = Path::new(stdout.trim()).file_name().unwrap_or_default();
    Ok((code, name.to_string_lossy().into_owned()))
}

fn control(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    let options = night.options;
    let engines = night.engines()?;
    let default = engines.iter().find(|it| it.default).or(engines.first());
    let Some(engine) = default else {
        return Ok((Code::CouldNotRun, "there is no engine".to_owned()));
    };
    let name = &engine.name;
    let mut arguments = words(&["gate", "--from", name, "--to", name]);
    arguments.extend(words(&["--suite", CONTROL_SUITE]));
    arguments.extend(options.what.control(CONTROL_WORKLOAD));
    arguments.extend(words(&["--budget", &options.control.to_string()]));
    let code = night.gate("control", &arguments)?;
    Ok(match code {
        Code::Fine => (code, "pass: no difference between the engine and itself".to_owned()),
        // There is nothing to be found, so that nothing is missed when time does not suffice to rule it out.
        Code::Inconclusive => (
            Code::Fine,
            "inconclusive: no difference between the engine and itself was found in this time".to_owned(),
        ),
        Code::Finding => (
            Code::CouldNotRun,
            "regress: the gate finds a difference between the engine and itself; alarms of this night mean nothing"
                .to_owned(),
        ),
        Code::Invalid => (code, "invalid: see control/summary.md".to_owned()),
        Code::CouldNotRun => (code, "the gate could not run, or this machine cannot measure now".to_owned()),
    })
}

fn scan(night: &Night<'_>, state: &State) -> Result<(Code, String)> {
    let mut arguments = words(&["results", "scan", "--format", "json"]);
    let Some(run) = state
        .step("append")
        .and_then(|it| it.note.strip_suffix(".json"))
    else {
        return Ok((Code::CouldNotRun, "this night has no result".to_owned()));
    };
    arguments.extend(words(&["--run", run]));
    let Called { code, stdout } = night.call("scan.json", &arguments)?;
    if !matches!(code, Code::Fine | Code::Finding) {
        return Ok((code, String::new()));
    }
    // An alarm is a finding once it is confirmed.
    Ok((Code::Fine, Scan::read(&stdout)?.sentence()))
}

fn confirm(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    let Some(scan) = night.scanned()? else {
        return Ok((Code::Fine, "nothing was scanned".to_owned()));
    };
    let todo = confirmations(&scan.alarms, &night.engines()?);
    if todo.is_empty() {
        return Ok((Code::Fine, "there is no alarm".to_owned()));
    }
    let mut worst = Code::Fine;
    let mut notes = Vec::new();
    for (number, confirmation) in todo.iter().enumerate() {
        let (code, note) = night.confirmed(number + 1, confirmation)?;
        worst = worst.max(code);
        notes.push(note);
    }
    Ok((worst, notes.join("; ")))
}

/// What confirmed alarms come from. That a revision is found is no other finding than the alarm itself.
fn bisect(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    let Some(scan) = night.scanned()? else {
        return Ok((Code::Fine, "nothing was scanned".to_owned()));
    };
    let engines = night.engines()?;
    let mut worst = Code::Fine;
    let mut notes = Vec::new();
    for (place, confirmation) in confirmations(&scan.alarms, &engines).iter().enumerate() {
        let Confirmation::Gate { old, new, .. } = confirmation else {
            continue;
        };
        let name = format!("confirm-{}", place + 1);
        let gate = fs::read_to_string(night.folder.join(&name).join("gate.json"));
        let find = |name: &String| engines.iter().find(|it| it.name == *name);
        let (Ok(gate), Some(old), Some(new)) = (gate, find(old), find(new)) else {
            continue;
        };
        let Some(search) = search(&gate, old, new)? else {
            continue;
        };
        let (code, note) = match search {
            Ok(search) => night.searched(place + 1, &search)?,
            Err(why) => (Code::Fine, format!("{} to {}: {why}", old.name, new.name)),
        };
        worst = worst.max(code);
        notes.push(note);
    }
    if notes.is_empty() {
        notes.push("no alarm was confirmed".to_owned());
    }
    Ok((worst, notes.join("; ")))
}

fn report(night: &Night<'_>, _: &State) -> Result<(Code, String)> {
    let page = night.call("report.txt", &words(&["report"]))?;
    let readme = night.call("readme.txt", &words(&["results", "readme"]))?;
    Ok((page.code.max(readme.code), String::new()))
}

impl Night<'_> {
    fn result(&self) -> PathBuf {
        self.folder.join("result.json")
    }

    /// What was scanned this night, if anything was.
    fn scanned(&self) -> Result<Option<Scan>> {
        let text = fs::read_to_string(self.folder.join("scan.json")).unwrap_or_default();
        match text.is_empty() {
            true => Ok(None),
            false => Scan::read(&text).map(Some),
        }
    }

    /// The engines that can be run.
    fn engines(&self) -> Result<Vec<Installed>> {
        let list = words(&["engine", "list", "--format", "json"]);
        installed(&self.call("engines.json", &list)?.stdout)
    }

    /// Looks for the revision that an alarm comes from. One that was begun by this night goes on.
    fn searched(&self, number: usize, search: &Search) -> Result<(Code, String)> {
        let [good, bad] = &search.revisions;
        let mut arguments = words(&["bisect", "--git", &search.repository]);
        arguments.extend(words(&["--good", good, "--bad", bad, "--ask", "time"]));
        arguments.extend(words(&["--path", &search.path]));
        for argument in &search.cmake {
            arguments.push(format!("--cmake-arg={argument}"));
        }
        arguments.extend(self.options.what.bisected(&search.workload)?);
        let name = format!("bisect-{number}");
        arguments.extend(["--out".to_owned(), text(&self.folder.join(&name))?]);
        let Called { code, stdout } = self.call(&format!("{name}.txt"), &arguments)?;
        let said = stdout
            .lines()
            .find(|it| it.starts_with("The first bad revision"));
        let said = said.unwrap_or(match code {
            Code::Inconclusive => "the revisions could not be told apart",
            Code::Invalid => "the revisions do not differ alone",
            _ => "the bisect could not run",
        });
        // A night is not worse because somebody's revision does not build.
        let code = code.min(Code::Inconclusive);
        Ok((code, format!("{said} (see {name})")))
    }

    fn call(&self, output: &str, arguments: &[String]) -> Result<Called> {
        self.harness.call(arguments, &self.folder.join(output))
    }

    /// Runs a gate with its files in a folder of this name. One that has its document there already is only judged again.
    fn gate(&self, name: &str, arguments: &[String]) -> Result<Code> {
        let folder = self.folder.join(name);
        let document = folder.join("gate.json");
        let mut arguments = arguments.to_vec();
        if document.exists() {
            arguments = words(&["gate", "--replay", &text(&document)?]);
        } else {
            arguments.extend(["--out".to_owned(), text(&folder)?]);
        }
        Ok(self.call(&format!("{name}.txt"), &arguments)?.code)
    }

    fn confirmed(&self, number: usize, confirmation: &Confirmation) -> Result<(Code, String)> {
        let (old, new, workloads) = match confirmation {
            Confirmation::Impossible(why) => {
                return Ok((
                    Code::Inconclusive,
                    format!("an alarm cannot be confirmed: {why}"),
                ));
            }
            Confirmation::Gate {
                old,
                new,
                workloads,
            } => (old, new, workloads),
        };
        let options = self.options;
        let mut arguments = words(&["gate", "--from", old, "--to", new]);
        arguments.extend(options.what.gated(workloads)?);
        arguments.extend(words(&["--budget", &options.confirm.to_string()]));
        let name = format!("confirm-{number}");
        let code = self.gate(&name, &arguments)?;
        let said = match code {
            Code::Fine => "the gate denies the alarm",
            Code::Finding => "the gate confirms the alarm",
            Code::Inconclusive => "the gate neither confirms nor denies the alarm",
            Code::Invalid => "the gate is invalid",
            Code::CouldNotRun => "the gate could not run",
        };
        Ok((
            code,
            format!("{old} to {new}: {said}, see {name}/summary.md"),
        ))
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn text(path: &Path) -> Result<String> {
    match path.to_str() {
        Some(text) => Ok(text.to_owned()),
        None => bail!("{} is not UTF-8", path.display()),
    }
}

fn last_line(text: &str) -> String {
    let mut lines = text.lines().rev();
    let last = lines.find(|line| !line.trim().is_empty());
    last.unwrap_or_default().trim().to_owned()
}
