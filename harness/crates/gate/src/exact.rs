//! What a gate compares without statistics: behaviour, and what becomes of caches.

use serde::{Deserialize, Serialize};

use sample::LoadPath;

/// What was compared exactly, and what differed. Lists hold differences only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exact {
    /// The suite whose workloads were observed.
    pub suite: String,
    /// How many there are.
    pub workloads: usize,
    /// The paths by which the new engine loaded each of them, to compare them with parsing.
    pub paths: Vec<LoadPath>,
    /// Where a path showed something else than parsing, on the new engine.
    pub paths_differ: Vec<PathDifference>,
    /// Where parsing showed something else on the new engine than on the old one.
    pub behaviour: Vec<BehaviourChange>,
    /// What the new engine did with each workload's cache that the old one had written. Empty when they are the same.
    pub foreign_caches: Vec<ForeignCache>,
    /// Where other functions tiered up on the new engine when they came from a cache, than when they were parsed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tier_ups: Vec<PathDifference>,
    /// Module records that differ between the engines.
    pub records_differ: Vec<RecordDifference>,
}

/// A path that showed something else than parsing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathDifference {
    pub workload: String,
    /// How it was loaded.
    pub path: String,
    /// The first differences, in words.
    pub what: Vec<String>,
}

/// A workload that shows something else on the new engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BehaviourChange {
    pub workload: String,
    /// The first differences, in words.
    pub what: Vec<String>,
    /// Why that is known and expected: from the workload's definition. Nothing when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// What an engine did with a cache that another engine had written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignCache {
    pub workload: String,
    /// Modules that it took from there. Must be 0.
    pub hits: u64,
    /// Modules that it rejected, because of the engine. Must be all that the old one has an entry for.
    pub rejected: u64,
    /// Modules that it rejected for another reason, and which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<String>,
    /// Modules that the old engine has an entry for.
    pub entries: u64,
    /// What became of the old engine's pack, when the graph path is gated and there is one: why it was rejected, or
    /// `used`. Must be `engine`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
}

impl ForeignCache {
    /// What is wrong with it, if anything is.
    pub fn wrong(&self) -> Option<String> {
        if self.hits > 0 {
            return Some(format!(
                "the new engine used {} of {} entries that the old one had written",
                self.hits, self.entries
            ));
        }
        if self.rejected < self.entries || !self.otherwise.is_empty() {
            let mut what = format!(
                "the new engine rejected {} of {} entries of the old one because of the engine",
                self.rejected, self.entries
            );
            if !self.otherwise.is_empty() {
                what += &format!(", others because of {}", self.otherwise.join(", "));
            }
            return Some(what);
        }
        match self.pack.as_deref() {
            None | Some("engine") => None,
            Some("used") => {
                Some("the new engine used the pack that the old one had written".to_owned())
            }
            Some(reason) => Some(format!(
                "the new engine rejected the pack of the old one because of {reason}, not of the engine"
            )),
        }
    }
}

/// A workload with module records that differ between the engines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDifference {
    pub workload: String,
    /// Modules of which both engines have a record.
    pub modules: usize,
    /// Those whose records differ.
    pub differ: usize,
    /// The first differences: the module's file, field, both values.
    pub what: Vec<String>,
}

/// Behaviour changes that are known and allowed, each with its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowList {
    /// The changes.
    #[serde(default)]
    pub allow: Vec<Allowance>,
}

/// A behaviour change that is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// The workload that shows it.
    pub workload: String,
    /// Text that one of the change's differences must contain; any change when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// Why it is allowed.
    pub why: String,
}

impl AllowList {
    /// Why a change is allowed, if it is: because the workload's definition expects it, or somebody wrote it down.
    pub fn reason<'a>(&'a self, change: &'a BehaviourChange) -> Option<&'a str> {
        let listed = || {
            let mut entries = self.allow.iter();
            entries.find(|it| it.covers(change)).map(|it| &*it.why)
        };
        change.expected.as_deref().or_else(listed)
    }

    /// Entries that no change needed: the list should lose them.
    pub fn unused<'a>(
        &'a self,
        changes: &'a [BehaviourChange],
    ) -> impl Iterator<Item = &'a Allowance> {
        self.allow
            .iter()
            .filter(|entry| !changes.iter().any(|change| entry.covers(change)))
    }
}

impl Allowance {
    fn covers(&self, change: &BehaviourChange) -> bool {
        self.workload == change.workload
            && self.contains.as_ref().is_none_or(|text| {
                change
                    .what
                    .iter()
                    .any(|difference| difference.contains(text))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_allowed_by_name_and_text() {
        let list: AllowList = toml::from_str(
            "[[allow]]\nworkload = \"a\"\nwhy = \"known\"\n\
             [[allow]]\nworkload = \"b\"\ncontains = \"line 3\"\nwhy = \"better text\"\n",
        )
        .unwrap();
        let change = |workload: &str, what: &str| BehaviourChange {
            workload: workload.to_owned(),
            what: vec![what.to_owned()],
            expected: None,
        };
        assert_eq!(list.reason(&change("a", "anything")), Some("known"));
        assert_eq!(list.reason(&change("b", "in line 3")), Some("better text"));
        assert_eq!(list.reason(&change("b", "in line 4")), None);
        assert_eq!(list.reason(&change("c", "anything")), None);
        let changes = [change("b", "in line 4")];
        let unused: Vec<_> = list.unused(&changes).map(|it| &*it.workload).collect();
        assert_eq!(unused, ["a", "b"]);
    }

    #[test]
    fn an_entry_without_a_reason_is_refused() {
        let error = toml::from_str::<AllowList>("[[allow]]\nworkload = \"a\"\n").unwrap_err();
        assert!(error.to_string().contains("missing field `why`"), "{error}");
    }

    #[test]
    fn a_foreign_cache_must_be_rejected_whole_and_for_the_right_reason() {
        let cache = |hits, rejected, otherwise: &[&str]| ForeignCache {
            workload: "w".to_owned(),
            hits,
            rejected,
            otherwise: otherwise.iter().map(|&it| it.to_owned()).collect(),
            entries: 3,
            pack: None,
        };
        assert_eq!(cache(0, 3, &[]).wrong(), None);
        let pack = |pack: &str| ForeignCache {
            pack: Some(pack.to_owned()),
            ..cache(0, 3, &[])
        };
        assert_eq!(pack("engine").wrong(), None);
        assert_eq!(
            pack("used").wrong().unwrap(),
            "the new engine used the pack that the old one had written"
        );
        assert_eq!(
            pack("absent").wrong().unwrap(),
            "the new engine rejected the pack of the old one because of absent, not of the engine"
        );
        assert_eq!(
            cache(1, 2, &[]).wrong().unwrap(),
            "the new engine used 1 of 3 entries that the old one had written"
        );
        assert_eq!(
            cache(0, 2, &["absent"]).wrong().unwrap(),
            "the new engine rejected 2 of 3 entries of the old one because of the engine, others because of absent"
        );
    }
}
