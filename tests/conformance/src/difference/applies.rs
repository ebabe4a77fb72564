//! Which differences may show in a case.

use super::Difference;
use super::sites::{Site, Stands, sites};
use super::typical::typical;
use super::ways::{Ways, ways};
use crate::case::{Case, text};
use crate::reference::refs::{Piece, Step, find};
use crate::reference::{actions, text as reference_text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What JavaScript finds in an object that has nothing in it.
const OF_EVERY_OBJECT: [&str; 12] = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// What Workflow Kit's paths refuse, whatever is there.
const REFUSED: [&str; 3] = ["__proto__", "constructor", "prototype"];

/// What is asked about a case.
struct Seen<'c> {
    case: &'c Case,
    sites: Vec<Site<'c>>,
    ways: BTreeMap<&'c str, Ways>,
    typical: Value,
}

pub(super) fn of(case: &Case) -> Vec<Difference> {
    let seen = Seen { case, sites: sites(case), ways: ways(case).1, typical: typical(case) };
    Difference::ALL.iter().copied().filter(|difference| seen.applies(*difference)).collect()
}

impl Seen<'_> {
    fn applies(&self, difference: Difference) -> bool {
        match difference {
            Difference::NoActions => self.case.actions().is_empty(),
            Difference::SeveralEdges => self.has_several_edges(),
            Difference::ForeignId => self.case.ids().any(|id| OF_EVERY_OBJECT.contains(&id)),
            Difference::EarlyJoin => self.ways.values().any(|ways| ways.lengths.len() > 1),
            Difference::BelowSkipped => {
                self.case.edges().iter().any(|edge| self.may_be_skipped(text(&edge["from"])))
            }
            Difference::RepeatedJoin => self.ways.values().any(|ways| ways.count > 1),
            Difference::StaleInputs => {
                self.data_has(&["!ref("]) && self.any_site(|site| self.is_read_again(site))
            }
            Difference::RescannedData => {
                self.data_has(&["!ref("]) && self.any_site(|site| site.is_text() && site.refs().count() > 1)
            }
            Difference::DollarPattern => {
                let patterns = ["$$", "$&", "$`", "$'"];
                self.sites.iter().any(Site::is_text)
                    && (self.data_has(&patterns) || self.data_ends_in_dollar())
            }
            Difference::BracketsInText => {
                self.any_site(|site| site.is_text() && site.refs().flatten().any(is_more_than_letters))
            }
            Difference::TextTakenForRef => self.any_site(|site| {
                site.is_text() && site.written.starts_with("!ref($.") && site.written.ends_with(')')
            }),
            Difference::Escape => {
                self.any_site(|site| site.pieces.iter().any(|piece| matches!(piece, Piece::Text(_, true))))
            }
            Difference::RefSyntax => {
                self.any_site(|site| site.refs().flatten().any(is_strange_to_workflow_kit))
            }
            Difference::ForeignMember => {
                self.any_site(|site| site.refs().any(|steps| self.has_foreign_step(steps)))
            }
            Difference::KindOfStep => {
                self.any_site(|site| site.refs().any(|steps| self.has_step_of_other_kind(steps)))
            }
            Difference::UncheckedInput => {
                self.case.actions().iter().any(|action| !self.takes_its_inputs(action))
            }
            Difference::AbsentElement => {
                self.any_site(|site| site.stands == Stands::InArray && self.may_be_absent(site))
            }
            Difference::NoText => self.any_site(|site| {
                site.is_text() && site.refs().any(|steps| !self.is_text_surely(site, steps))
            }),
            Difference::LargeInteger => any_value(&self.case.to_json(), &is_beyond_doubles),
            Difference::MatchOfObjects => self.case.edges().iter().any(|edge| {
                edge.pointer("/conditional/value").is_some_and(|value| any_value(value, &has_two_members))
            }),
            Difference::RuleResult => self.rules().any(|rule| !comes_to_a_boolean(rule)),
            Difference::NoRule => self.conditions().any(|condition| self.may_be_misread(condition)),
            Difference::RuleInData => self.any_operand(|found| {
                any_value(found, &|value| value.as_object().is_some_and(|object| object.len() == 1))
            }),
            Difference::ListForArguments => {
                let lists = |steps: &[Step]| self.find("", steps).is_some_and(Value::is_array);
                self.any_site(|site| site.stands == Stands::AsArguments && site.whole().is_some_and(lists))
            }
            Difference::AbsentInRule => self.any_site(|site| {
                matches!(site.stands, Stands::InRule | Stands::AsArguments) && self.may_be_absent(site)
            }),
            Difference::ChangedDocument => {
                self.any_site(|site| !matches!(site.stands, Stands::AsInput | Stands::OnEdge))
            }
        }
    }

    fn any_site(&self, is: impl Fn(&Site<'_>) -> bool) -> bool {
        self.sites.iter().any(is)
    }

    fn has_several_edges(&self) -> bool {
        let pairs: Vec<_> = self.case.edges().iter().map(|edge| (&edge["from"], &edge["to"])).collect();
        pairs.iter().enumerate().any(|(at, pair)| pairs[..at].contains(pair))
    }

    fn may_be_skipped(&self, id: &str) -> bool {
        self.ways.get(id).is_some_and(|ways| ways.may_be_skipped)
    }

    /// Whether it stands in an object or array of an action that runs more than once.
    fn is_read_again(&self, site: &Site<'_>) -> bool {
        let is_inside = !matches!(site.stands, Stands::AsInput | Stands::OnEdge);
        is_inside && self.ways.get(site.action).is_some_and(|ways| ways.count > 1)
    }

    /// Whether a text that is no ref of the document itself has one of these in it.
    fn data_has(&self, parts: &[&str]) -> bool {
        self.any_data(&|text| parts.iter().any(|part| text.contains(part)))
    }

    fn data_ends_in_dollar(&self) -> bool {
        self.any_data(&|text| text.ends_with('$'))
    }

    fn any_data(&self, is: &dyn Fn(&str) -> bool) -> bool {
        any_value(&self.typical, &|value| value.as_str().is_some_and(is))
    }

    /// What a ref leads to if everything before it ran.
    fn find(&self, from: &str, steps: &[Step]) -> Option<&Value> {
        match steps {
            [Step::Name(output), inside @ ..] if output == "output" => {
                find(inside, self.typical["state"].get(from)?)
            }
            _ => find(steps, &self.typical),
        }
    }

    fn may_be_absent(&self, site: &Site<'_>) -> bool {
        site.whole().is_some_and(|steps| !self.is_there_surely(site, steps))
    }

    fn is_there_surely(&self, site: &Site<'_>, steps: &[Step]) -> bool {
        let is_skipped = match steps {
            [Step::Name(root), Step::Name(id) | Step::Quoted(id), ..] if root == "state" => {
                self.may_be_skipped(id)
            }
            _ => false,
        };
        !is_skipped && self.find(site.action, steps).is_some()
    }

    fn is_text_surely(&self, site: &Site<'_>, steps: &[Step]) -> bool {
        let is_text = |found: &Value| found.is_string() || found.is_number() || found.is_boolean();
        self.is_there_surely(site, steps) && self.find(site.action, steps).is_some_and(is_text)
    }

    /// Whether a step looks for what JavaScript has there and JSON has not.
    fn has_foreign_step(&self, steps: &[Step]) -> bool {
        (0..steps.len()).any(|at| match &steps[at] {
            Step::Name(name) | Step::Quoted(name) => {
                let is_foreign = name == "length" || OF_EVERY_OBJECT.contains(&&**name);
                REFUSED.contains(&&**name) || is_foreign && self.find("", &steps[..=at]).is_none()
            }
            Step::Index(_) => false,
        })
    }

    fn has_step_of_other_kind(&self, steps: &[Step]) -> bool {
        (0..steps.len()).any(|at| match (&steps[at], self.find("", &steps[..at])) {
            (Step::Quoted(name), Some(Value::Array(_))) => name.parse::<usize>().is_ok(),
            (Step::Index(_), Some(Value::Object(_))) => true,
            (Step::Name(name), Some(Value::Array(_))) => name.len() > 1 && name.starts_with('0'),
            _ => false,
        })
    }

    /// Whether an action's inputs are surely there and of their types.
    fn takes_its_inputs(&self, action: &Value) -> bool {
        if action["kind"] == "builtin:if" {
            // Of rules, others say what is not right.
            let is_boolean = |condition: &Value| match condition.as_str() {
                Some(_) => reference_text::fill(condition, &self.typical)
                    .is_ok_and(|found| matches!(found, Some(Value::Bool(_)))),
                None => true,
            };
            return is_boolean(&action["inputs"]["condition"]) && !self.input_may_be_absent(action);
        }
        let inputs = action.get("inputs").and_then(Value::as_object);
        let is_filled = |input: &Value| reference_text::fill(input, &self.typical).is_ok();
        let is_called = actions::call(action, &self.typical).is_some();
        // What is absent in texts and arrays is a difference of its own.
        (is_called || !inputs.into_iter().flatten().all(|(_, input)| is_filled(input)))
            && !self.input_may_be_absent(action)
    }

    /// Whether a required input may be absent: `email` may be.
    fn input_may_be_absent(&self, action: &Value) -> bool {
        let email = action["inputs"].get("email").and_then(Value::as_str);
        self.any_site(|site| {
            site.action == text(&action["id"])
                && site.stands == Stands::AsInput
                && Some(site.written) != email
                && self.may_be_absent(site)
        })
    }

    fn conditions(&self) -> impl Iterator<Item = &Value> {
        let conditions = self.case.actions().iter().filter(|action| action["kind"] == "builtin:if");
        conditions.filter_map(|action| action["inputs"].get("condition"))
    }

    fn rules(&self) -> impl Iterator<Item = &Value> {
        self.conditions().filter(|condition| condition.is_object())
    }

    /// Whether a condition is something else than a rule, or a plain ref to what is true.
    fn may_be_misread(&self, condition: &Value) -> bool {
        match condition {
            Value::Object(_) => false,
            // Of an event it is known what is there; an output may be anything.
            Value::String(written) => {
                let event = json!({ "event": self.case.event });
                let is_true = reference_text::fill(condition, &event) == Ok(Some(Value::Bool(true)));
                let pieces = crate::reference::refs::pieces(written);
                let is_plain = !pieces.iter().any(|piece| match piece {
                    Piece::Ref(steps) => steps.iter().any(is_more_than_letters),
                    Piece::Text(..) => true,
                });
                !(is_true && is_plain)
            }
            _ => true,
        }
    }

    fn any_operand(&self, is: impl Fn(&Value) -> bool) -> bool {
        self.any_site(|site| {
            matches!(site.stands, Stands::InRule | Stands::AsArguments)
                && site.whole().and_then(|steps| self.find("", steps)).is_some_and(&is)
        })
    }
}

/// Whether a value, or one inside it, is so.
fn any_value(value: &Value, is: &dyn Fn(&Value) -> bool) -> bool {
    is(value)
        || match value {
            Value::Array(elements) => elements.iter().any(|element| any_value(element, is)),
            Value::Object(members) => members.values().any(|member| any_value(member, is)),
            _ => false,
        }
}

fn is_beyond_doubles(value: &Value) -> bool {
    const EXACT: u64 = 1 << 53;
    value.as_u64().is_some_and(|number| number > EXACT)
        || value.as_i64().is_some_and(|number| number.unsigned_abs() > EXACT)
}

fn has_two_members(value: &Value) -> bool {
    value.as_object().is_some_and(|members| members.len() > 1)
}

/// Whether Workflow Kit does not read a step where it is part of a text.
fn is_more_than_letters(step: &Step) -> bool {
    match step {
        Step::Name(name) => !name.chars().all(|next| next.is_ascii_alphanumeric() || next == '_'),
        Step::Quoted(_) | Step::Index(_) => true,
    }
}

/// Whether Workflow Kit's paths have no such step, or read it otherwise.
fn is_strange_to_workflow_kit(step: &Step) -> bool {
    match step {
        Step::Index(index) => *index < 0,
        Step::Name(name) => {
            let is_number = name.bytes().all(|next| next.is_ascii_digit());
            let is_zero_led = name.len() > 1 && name.starts_with('0');
            let is_name = name.chars().all(|next| next.is_ascii_alphanumeric() || next == '_')
                && !name.starts_with(|first: char| first.is_ascii_digit());
            !(is_name || is_number && !is_zero_led)
        }
        // Written with escapes, or not: what is written is not seen here.
        Step::Quoted(name) => name.contains(['\'', '"', '\\']) || name.chars().any(char::is_control),
    }
}

/// Whether a rule's result is a boolean whatever its operands are.
fn comes_to_a_boolean(rule: &Value) -> bool {
    const BOOLEAN: [&str; 11] = ["==", "===", "!=", "!==", "<", "<=", ">", ">=", "!", "!!", "in"];
    rule.as_object().is_some_and(|rule| rule.keys().all(|operator| BOOLEAN.contains(&&**operator)))
}
