//! The machine that measured: what it is, and what else went on on it.

use std::collections::BTreeMap;
use std::{env, fs, thread};

use serde::{Deserialize, Serialize};

/// What a machine is, as far as times depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Eight hexadecimal digits made of the four fields that follow: machines of one kind have the same. No name of a
    /// host is kept.
    pub id: String,
    /// The processor's model.
    pub cpu: String,
    /// Processors that this program may use.
    pub cores: usize,
    /// Memory in GiB, rounded.
    pub memory_gib: u64,
    /// Instruction set.
    pub architecture: String,
    /// Whether a hypervisor says that it is there.
    pub virtual_machine: bool,
    /// The distribution.
    pub system: String,
    /// The kernel's release.
    pub kernel: String,
    /// How the clock rate is chosen; nothing when the kernel has no say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub governor: Option<String>,
    /// When memory comes in huge pages: `always`, `madvise`, `never`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub huge_pages: Option<String>,
    /// Every `JSC_…` variable: they are options of the engine.
    pub jsc_variables: BTreeMap<String, String>,
}

impl Machine {
    /// What it is, for people: `AMD EPYC, 2 cores, 24 GiB, x86_64, virtual machine`.
    pub fn description(&self) -> String {
        let kind = match self.virtual_machine {
            true => ", virtual machine",
            false => "",
        };
        format!(
            "{}, {} cores, {} GiB, {}{kind}",
            self.cpu, self.cores, self.memory_gib, self.architecture
        )
    }

    /// This machine.
    pub fn read() -> Self {
        let cpuinfo = text("/proc/cpuinfo");
        let cpu = field(&cpuinfo, "model name")
            .or_else(|| field(&cpuinfo, "CPU part"))
            .unwrap_or("unknown")
            .to_owned();
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let meminfo = text("/proc/meminfo");
        let memory_kib: u64 = field(&meminfo, "MemTotal")
            .and_then(|total| total.split_whitespace().next()?.parse().ok())
            .unwrap_or(0);
        let memory_gib = (memory_kib + (1 << 19)) >> 20;
        let architecture = env::consts::ARCH.to_owned();
        Self {
            id: id(&cpu, cores, memory_gib, &architecture),
            cpu,
            cores,
            memory_gib,
            architecture,
            virtual_machine: field(&cpuinfo, "flags")
                .is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor")),
            system: text("/etc/os-release")
                .lines()
                .find_map(|line| line.strip_prefix("PRETTY_NAME="))
                .map(|name| name.trim_matches('"').to_owned())
                .unwrap_or_else(|| env::consts::OS.to_owned()),
            kernel: text("/proc/sys/kernel/osrelease").trim().to_owned(),
            governor: some(text(
                "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
            )),
            huge_pages: selected(&text("/sys/kernel/mm/transparent_hugepage/enabled")),
            jsc_variables: env::vars()
                .filter(|(name, _)| name.starts_with("JSC_"))
                .collect(),
        }
    }
}

/// What else went on at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Processes that were running or waiting to: means over 1, 5 and 15 minutes.
    pub load_average: [f64; 3],
    /// Where processes waited, if the kernel says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressure: Option<Pressure>,
}

/// Share of the last minute in which some process waited, in percent (pressure stall information).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pressure {
    /// For a processor.
    pub cpu: f64,
    /// For memory.
    pub memory: f64,
    /// For a disk.
    pub io: f64,
}

impl Moment {
    /// Now.
    pub fn now() -> Self {
        let load = text("/proc/loadavg");
        let mut load = load.split_whitespace().map(|it| it.parse().unwrap_or(0.0));
        let mut next = || load.next().unwrap_or(0.0);
        let pressure = |resource: &str| -> Option<f64> {
            let text = text(&format!("/proc/pressure/{resource}"));
            let some = text.lines().find(|line| line.starts_with("some "))?;
            let average = some
                .split_whitespace()
                .find_map(|part| part.strip_prefix("avg60="))?;
            average.parse().ok()
        };
        Self {
            load_average: [next(), next(), next()],
            pressure: (|| {
                Some(Pressure {
                    cpu: pressure("cpu")?,
                    memory: pressure("memory")?,
                    io: pressure("io")?,
                })
            })(),
        }
    }
}

fn id(cpu: &str, cores: usize, memory_gib: u64, architecture: &str) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("jsc-harness machine 1");
    hasher.update(format!("{cpu}\n{cores}\n{memory_gib}\n{architecture}").as_bytes());
    hasher.finalize().to_hex()[..8].to_owned()
}

/// A file of the kernel's, or nothing where it has none.
fn text(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn some(text: String) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The first value of `name : value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim())
}

/// The word in brackets of `always [madvise] never`.
fn selected(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('[')?;
    Some(rest.split_once(']')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_described() {
        let machine = Machine::read();
        assert_eq!(machine.id.len(), 8);
        assert_ne!(machine.cpu, "unknown");
        assert!(machine.cores > 0 && machine.memory_gib > 0);
        assert!(!machine.kernel.is_empty());
        assert_eq!(machine.id, Machine::read().id);
    }

    #[test]
    fn the_id_is_made_of_what_times_depend_on() {
        assert_eq!(id("a", 2, 24, "x86_64"), id("a", 2, 24, "x86_64"));
        assert_ne!(id("a", 2, 24, "x86_64"), id("a", 4, 24, "x86_64"));
        assert_ne!(id("a", 2, 24, "x86_64"), id("b", 2, 24, "x86_64"));
    }

    #[test]
    fn fields_of_the_kernel() {
        let cpuinfo = "processor\t: 0\nmodel name\t: Some CPU: fast\n";
        assert_eq!(field(cpuinfo, "model name"), Some("Some CPU: fast"));
        assert_eq!(field(cpuinfo, "flags"), None);
        assert_eq!(
            selected("always [madvise] never\n").as_deref(),
            Some("madvise")
        );
        assert_eq!(some("\n".to_owned()), None);
    }
}
