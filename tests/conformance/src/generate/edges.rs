//! Edges and their conditions.

use super::{Earlier, Writer};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Writer<'_> {
    /// Writes edges that lead to a new action.
    pub(super) fn lead_to(&mut self, id: &str, edges: &mut Vec<Value>) -> Earlier {
        let parents = self.parents();
        let mut surely: Option<BTreeSet<usize>> = None;
        let mut new = Earlier {
            id: id.to_owned(),
            kind: "",
            surely: BTreeSet::new(),
            ancestors: BTreeSet::new(),
            may_be_skipped: true,
            depth: 1,
        };
        for parent in &parents {
            let from = parent.map_or("$source", |at| &self.earlier[at].id).to_owned();
            let mut edge = json!({ "from": from, "to": id });
            let mut is_conditional = self.has_condition();
            if is_conditional {
                edge["conditional"] = self.edge_condition(*parent);
            }
            edges.push(edge.clone());
            if self.runs_wild(6) {
                edge["conditional"] = self.edge_condition(*parent);
                if edges.last() != Some(&edge) {
                    edges.push(edge);
                }
            }
            is_conditional |= parent.is_some_and(|at| self.earlier[at].may_be_skipped);
            new.may_be_skipped &= is_conditional;
            let mut with = BTreeSet::new();
            if let Some(at) = *parent {
                with.clone_from(&self.earlier[at].surely);
                with.insert(at);
                new.ancestors.extend(&self.earlier[at].ancestors);
                new.ancestors.insert(at);
                new.depth = new.depth.max(self.earlier[at].depth + 1);
            }
            surely = Some(match surely {
                None => with,
                Some(surely) => &surely & &with,
            });
        }
        new.surely = surely.unwrap_or_default();
        let never_skipped = new.ancestors.iter().filter(|at| !self.earlier[**at].may_be_skipped);
        new.surely.extend(never_skipped);
        new
    }

    /// The positions of the parents; `None` is the start.
    fn parents(&mut self) -> Vec<Option<usize>> {
        let mut parents: Vec<Option<usize>> = (0..self.earlier.len()).map(Some).collect();
        if !self.is_wild() {
            // Below what may be skipped, Workflow Kit goes on.
            parents
                .retain(|at| at.is_none_or(|at| !self.earlier[at].may_be_skipped) || self.chance.percent(4));
        }
        parents.push(None);
        self.chance.shuffle(&mut parents);
        let many = if self.chance.percent(if self.is_wild() { 35 } else { 25 }) {
            2 + self.chance.below(2)
        } else {
            1
        };
        if !self.is_wild() && many > 1 {
            // Ways of different lengths, as well.
            let depth = |at: &Option<usize>| at.map_or(0, |at| self.earlier[at].depth);
            let wanted = depth(&parents[0]);
            parents.retain(|at| depth(at) == wanted);
        }
        parents.truncate(many);
        parents
    }

    fn has_condition(&mut self) -> bool {
        self.chance.percent(if self.is_wild() { 45 } else { 30 })
    }

    fn edge_condition(&mut self, parent: Option<usize>) -> Value {
        let (reference, found) = self.tested(parent);
        match self.chance.below(3) {
            0 => json!({ "type": "if", "ref": reference }),
            1 => json!({ "type": "else", "ref": reference }),
            _ => {
                let same = found.filter(|found| !found.is_object() || self.is_wild());
                let value = match same {
                    Some(found) if self.chance.percent(60) => found,
                    _ => self
                        .chance
                        .pick(&[json!("a"), json!(1), json!(1.0), json!(null), json!([]), json!(true)])
                        .clone(),
                };
                json!({ "type": "match", "ref": reference, "value": value })
            }
        }
    }

    /// A ref that an edge may test, and what is there.
    fn tested(&mut self, parent: Option<usize>) -> (String, Option<Value>) {
        let Some(at) = parent.filter(|_| self.chance.percent(75)) else {
            let paths = [
                "$.event.data.paid",
                "$.event.data.name",
                "$.event.data.total",
                "$.event.data.texts",
                "$.event.data.none",
                "$.event.data.nothing",
                "$.event.data.gone",
            ];
            let path = *self.chance.pick(&paths);
            return (format!("!ref({path})"), self.root.pointer(&path[1..].replace('.', "/")).cloned());
        };
        let ancestors: Vec<usize> = self.earlier[at].surely.iter().copied().chain([at, at]).collect();
        let at_or_before = *self.chance.pick(&ancestors);
        let earlier = &self.earlier[at_or_before];
        let own = at_or_before == at && self.chance.percent(60);
        let mut path = if own { "$.output".to_owned() } else { super::values::state(&earlier.id) };
        let mut found = self.root["state"].get(&earlier.id).cloned();
        let member = match earlier.kind {
            "builtin:if" if self.chance.percent(90) => Some("result"),
            "make_user" if !self.is_wild() || self.chance.percent(40) => {
                Some(*self.chance.pick(&["name", "age", "email"]))
            }
            _ => None,
        };
        if let Some(member) = member {
            path.push('.');
            path.push_str(member);
            found = found.and_then(|found| found.get(member).cloned());
        }
        (format!("!ref({path})"), found)
    }
}
