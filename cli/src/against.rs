//! `check --against`: which workflows a change of the registry breaks.

use crate::check::held;
use crate::host;
use flowright::{Changes, CheckedWorkflow, Diagnostic, Pointer, Registry, Report, Source};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

/// The registry before, and what changed since.
pub(crate) struct Against {
    old: Registry,
    file: String,
    changes: Changes,
}

/// What a change means to one workflow.
pub(crate) struct Held {
    pub(crate) fate: Fate,
    /// What was said of it before.
    before: Report,
}

/// What becomes of a workflow.
pub(crate) enum Fate {
    /// It is no worse than before.
    Kept,
    /// It was right, and is wrong; what of the changes concerns it.
    Broken(Changes),
    /// It is wrong, and was so before.
    WrongBefore,
    /// It is right; these values are checked at run time, and were proven before.
    Left(Vec<Pointer>),
}

impl Against {
    pub(crate) fn new(registry: &Registry, file: &Path, event: Option<&str>) -> Result<Self, String> {
        let old = host::exported(file)?;
        let file = file.display().to_string();
        if let Some(event) = event.filter(|event| !old.has_event(event)) {
            return Err(format!(
                "the registry in `{file}` has no event `{event}`, so no workflow that it starts can be compared"
            ));
        }
        let changes = registry.compare(&old);
        Ok(Against { old, file, changes })
    }

    /// Holds a workflow against both registries: what the new one says, and what that means.
    pub(crate) fn hold(&self, registry: &Registry, event: Option<&str>, source: &Source) -> (Report, Held) {
        let before = held(&self.old, event, source.clone());
        let now = held(registry, event, source.clone());
        let fate = match (&before, &now) {
            (Ok(workflow), Err(_)) => Fate::Broken(self.changes.concerning(workflow)),
            (Err(_), Err(_)) => Fate::WrongBefore,
            (Ok(before), Ok(now)) => {
                let known: HashSet<&Pointer> = before.report().left_to_run_time().iter().collect();
                let left = now.report().left_to_run_time().iter().filter(|left| !known.contains(left));
                match left.cloned().collect::<Vec<_>>() {
                    left if left.is_empty() => Fate::Kept,
                    left => Fate::Left(left),
                }
            }
            (Err(_), Ok(_)) => Fate::Kept,
        };
        let said = |checked: Result<CheckedWorkflow, Report>| {
            checked.map_or_else(|report| report, |workflow| workflow.report().clone())
        };
        (said(now), Held { fate, before: said(before) })
    }

    /// `; against old.json: 1 broken, 2 wrong before as well`.
    pub(crate) fn summary<'h>(&self, held: impl Iterator<Item = &'h Held>) -> String {
        let (mut broken, mut wrong, mut left) = (0, 0, 0);
        for held in held {
            match held.fate {
                Fate::Kept => {}
                Fate::Broken(_) => broken += 1,
                Fate::WrongBefore => wrong += 1,
                Fate::Left(_) => left += 1,
            }
        }
        let mut summary = match broken {
            0 => format!("; against {}: nothing broken", self.file),
            _ => format!("; against {}: {broken} broken", self.file),
        };
        for (count, what) in [(wrong, "wrong before as well"), (left, "newly left to run time")] {
            if count > 0 {
                let _ = write!(summary, ", {count} {what}");
            }
        }
        summary
    }

    pub(crate) fn to_json(&self) -> Value {
        self.changes.to_json()
    }
}

impl Held {
    /// What follows the drawn report.
    pub(crate) fn text(&self, report: &Report) -> String {
        let name = report.source().name().unwrap_or("the workflow");
        match &self.fate {
            Fate::Kept => String::new(),
            Fate::WrongBefore => format!("{name} was wrong before as well\n\n"),
            Fate::Broken(changes) if changes.is_empty() => format!("{name} is broken by the change\n\n"),
            Fate::Broken(changes) => {
                format!("{name} is broken by the change:\n{}\n", indented(changes.to_string().lines()))
            }
            Fate::Left(left) => {
                let left = indented(left.iter().map(Pointer::as_str));
                format!("{name} is right, and these values are checked at run time only now:\n{left}\n")
            }
        }
    }

    /// `{ "fate", "changes", "left" }`, beside what a report says.
    pub(crate) fn to_json(&self) -> Value {
        match &self.fate {
            Fate::Kept => json!({ "fate": "kept" }),
            Fate::WrongBefore => json!({ "fate": "wrong-before" }),
            Fate::Broken(changes) => {
                json!({ "fate": "broken", "changes": changes.to_json()["changes"] })
            }
            Fate::Left(left) => {
                let left: Value = left.iter().map(Pointer::as_str).collect();
                json!({ "fate": "left-to-run-time", "left_to_run_time": left })
            }
        }
    }

    /// What SARIF calls the state of a result: it is like one of before, in the same words or in others, or it is new.
    pub(crate) fn state(&self, found: &Diagnostic) -> &'static str {
        let mut like = self
            .before
            .iter()
            .filter(|before| (before.code(), before.pointer()) == (found.code(), found.pointer()));
        match like.next() {
            None => "new",
            Some(first)
                if std::iter::once(first).chain(like).any(|before| before.message() == found.message()) =>
            {
                "unchanged"
            }
            Some(_) => "updated",
        }
    }
}

fn indented<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    lines.flat_map(|line| ["  ", line, "\n"]).collect()
}
