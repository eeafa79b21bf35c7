//! Everything that one gate decides on.

use serde::{Deserialize, Serialize};

use sample::LoadPath;

/// One thing that may get worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Of what.
    pub scope: Scope,
    /// What of it.
    pub quantity: Quantity,
}

/// What a cell is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All workloads together: their geometric mean, each as heavy as the others.
    All,
    /// One workload, by its place.
    Workload(usize),
}

/// What a cell compares between the engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "quantity", content = "path")]
pub enum Quantity {
    /// The load time on a path.
    Time(LoadPath),
    /// The time from the end of a load on a path to the end of the program.
    Rest(LoadPath),
    /// The instructions of a process that loads on a path.
    Instructions(LoadPath),
    /// How many times as long the parse path takes as this one. It shrinks when this path gets slower, and also when
    /// the parse path alone gets faster: what the cache is worth got less, though nothing got slower.
    Gain(LoadPath),
}

impl Quantity {
    /// The paths whose times go into it.
    pub fn paths(self) -> impl Iterator<Item = LoadPath> {
        let (path, other) = match self {
            Self::Time(path) | Self::Rest(path) | Self::Instructions(path) => (path, None),
            Self::Gain(path) => (path, Some(LoadPath::Parse)),
        };
        [Some(path), other].into_iter().flatten()
    }
}

/// All cells of a gate: the family over which the probability of a false alarm is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    workloads: usize,
    paths: Vec<LoadPath>,
    cells: Vec<Cell>,
}

impl Family {
    /// The family of so many workloads, each loaded by these paths. Gains need the parse path among them. With one
    /// workload, all together would be that one again, and has no cell.
    pub fn new(workloads: usize, paths: &[LoadPath], gains: bool) -> Self {
        Self::of_times(workloads, paths, gains, Quantity::Time)
    }

    /// The family of a gate on the time behind the load.
    pub fn rest(workloads: usize, paths: &[LoadPath]) -> Self {
        Self::of_times(workloads, paths, false, Quantity::Rest)
    }

    fn of_times(
        workloads: usize,
        paths: &[LoadPath],
        gains: bool,
        time: fn(LoadPath) -> Quantity,
    ) -> Self {
        let times = paths.iter().map(|path| time(*path));
        let with_gains = gains && paths.contains(&LoadPath::Parse);
        let gains = paths
            .iter()
            .filter(|path| with_gains && **path != LoadPath::Parse)
            .map(|path| Quantity::Gain(*path));
        let quantities: Vec<Quantity> = times.chain(gains).collect();
        let all = (workloads > 1).then_some(Scope::All);
        let cells = all
            .into_iter()
            .chain((0..workloads).map(Scope::Workload))
            .flat_map(|scope| {
                quantities
                    .iter()
                    .map(move |&quantity| Cell { scope, quantity })
            })
            .collect();
        Self {
            workloads,
            paths: paths.to_vec(),
            cells,
        }
    }

    /// The family of a gate that counts: the instructions of so many workloads on these paths. Counts of all together would
    /// hide what a count of one shows.
    pub fn counted(workloads: usize, paths: &[LoadPath]) -> Self {
        let cell = |workload, path: &LoadPath| Cell {
            scope: Scope::Workload(workload),
            quantity: Quantity::Instructions(*path),
        };
        let cells =
            (0..workloads).flat_map(|workload| paths.iter().map(move |it| cell(workload, it)));
        Self {
            workloads,
            paths: paths.to_vec(),
            cells: cells.collect(),
        }
    }

    /// The cells, those of all workloads together first.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// How many workloads there are.
    pub fn workloads(&self) -> usize {
        self.workloads
    }

    /// The paths by which they are loaded.
    pub fn paths(&self) -> &[LoadPath] {
        &self.paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use LoadPath::{Bytecode, Full, Parse};

    #[test]
    fn eight_workloads_by_three_paths() {
        let family = Family::new(8, &[Parse, Bytecode, Full], true);
        // 3 times and 2 gains, of each workload and of all.
        assert_eq!(family.cells().len(), 9 * 5);
        assert_eq!(
            Family::new(8, &[Parse, Bytecode, Full], false)
                .cells()
                .len(),
            9 * 3
        );
    }

    #[test]
    fn one_workload_has_no_cell_of_all() {
        let family = Family::new(1, &[Parse, Full], true);
        let cell = |quantity| Cell {
            scope: Scope::Workload(0),
            quantity,
        };
        assert_eq!(
            family.cells(),
            [
                cell(Quantity::Time(Parse)),
                cell(Quantity::Time(Full)),
                cell(Quantity::Gain(Full))
            ]
        );
    }

    #[test]
    fn without_the_parse_path_there_is_no_gain() {
        let family = Family::new(1, &[Full], true);
        assert_eq!(family.cells().len(), 1);
    }
}
