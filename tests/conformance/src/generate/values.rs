//! Values of inputs, with refs.

use super::events::NASTY;
use super::{Earlier, Writer};
use serde_json::{Map, Value, json};

/// The path of an action's output.
pub(crate) fn state(id: &str) -> String {
    let is_plain = id.bytes().all(|next| next.is_ascii_alphanumeric())
        && (id.bytes().all(|next| next.is_ascii_digit())
            || !id.starts_with(|first: char| first.is_ascii_digit()));
    if is_plain { format!("$.state.{id}") } else { format!("$.state{}", bracket(id)) }
}

fn bracket(name: &str) -> String {
    format!("['{}']", name.replace('\'', "\\'"))
}

impl Writer<'_> {
    /// Takes note of what refs of this action may lead to.
    pub(super) fn look_around(&mut self, new: &Earlier) {
        self.within.clear();
        self.perhaps.clear();
        let mut event = Vec::new();
        list("$.event".to_owned(), &self.root["event"], &mut event);
        event.retain(|(path, _)| self.is_wild() || !path.contains('[') && path.is_ascii());
        self.within.extend(event);
        for at in &new.surely {
            let id = &self.earlier[*at].id;
            if let Some(output) = self.root["state"].get(id) {
                let mut outputs = Vec::new();
                list(state(id), output, &mut outputs);
                self.within.extend(outputs.iter().cloned());
                // As often as what is in events, which is more.
                self.within.extend(outputs.iter().cloned().cycle().take(20.min(outputs.len() * 6)));
            }
        }
        self.perhaps.push("$.event.data.gone".to_owned());
        self.perhaps.push("$.event.data.user.gone".to_owned());
        if self.is_wild() {
            for path in [
                "$.event.data.toString",
                "$.event.data.texts.length",
                "$.event.data.texts[-1]",
                "$.event.data.numbers['0']",
                "$.event.data.user[2]",
                "$.event.data.numbers[7]",
                "$.event.data['__proto__']",
            ] {
                self.perhaps.push(path.to_owned());
            }
        }
        self.perhaps.extend(new.ancestors.difference(&new.surely).map(|at| state(&self.earlier[*at].id)));
    }

    /// A ref to a value that is so.
    pub(super) fn reference(&mut self, is: impl Fn(&Value) -> bool) -> Option<String> {
        let fit: Vec<&String> =
            self.within.iter().filter(|(_, value)| is(value)).map(|(path, _)| path).collect();
        if fit.is_empty() {
            return None;
        }
        Some(format!("!ref({})", fit[self.chance.below(fit.len())]))
    }

    /// A ref to what may not be there.
    pub(super) fn gone(&mut self) -> Value {
        let path = self.chance.pick(&self.perhaps);
        json!(format!("!ref({path})"))
    }

    pub(super) fn number(&mut self) -> Value {
        if self.runs_wild(3) {
            return self.gone();
        }
        let literals = [json!(0), json!(1), json!(-2), json!(0.25), json!(2.0), json!(1e3)];
        let literal = self.chance.pick(&literals).clone();
        if self.chance.percent(65) {
            self.reference(Value::is_number).map_or(literal, Value::String)
        } else {
            literal
        }
    }

    pub(super) fn age(&mut self) -> Value {
        let is_age = |value: &Value| value.is_u64();
        match self.reference(is_age) {
            Some(reference) if self.chance.percent(60) => json!(reference),
            _ => json!(self.chance.below(90)),
        }
    }

    pub(super) fn text(&mut self) -> Value {
        if self.runs_wild(2) {
            return self.reference(|_| true).map_or(Value::Null, Value::String);
        }
        match self.chance.below(10) {
            0 | 1 => json!(self.word()),
            2..5 => self.reference(Value::is_string).map_or(json!("none"), Value::String),
            _ => json!(self.text_with_refs()),
        }
    }

    pub(super) fn word(&mut self) -> String {
        let words = ["", "Hello ", "a", ", ", "(", ") ", "ä€😀", "{}", "\"", "0", "$.event"];
        if self.runs_wild(10) {
            // What begins a ref is one.
            let nasty: Vec<&str> = NASTY.iter().copied().filter(|text| !text.contains("!ref(")).collect();
            return (*self.chance.pick(&nasty)).to_owned();
        }
        (*self.chance.pick(&words)).to_owned()
    }

    pub(super) fn text_with_refs(&mut self) -> String {
        // Whatever begins with a ref and ends in `)` Workflow Kit takes for one.
        if self.runs_wild(4)
            && let Some(reference) = self.reference(Value::is_string)
        {
            return format!("{reference} (that is all)");
        }
        let mut text = if self.is_wild() { self.word() } else { format!("{}-", self.word()) };
        for _ in 0..=self.chance.below(3) {
            if self.runs_wild(6) {
                text.push_str("!ref(\"!ref($.x) \\\" )\")");
            }
            let unsure = self.runs_wild(4);
            let is_text =
                |value: &Value| unsure || value.is_string() || value.is_number() || value.is_boolean();
            if let Some(reference) = self.reference(is_text) {
                let is_for_text = self.is_wild() || !reference.contains('[');
                if is_for_text {
                    text.push_str(&reference);
                }
            }
            text.push_str(&self.word());
        }
        text
    }

    pub(super) fn parts(&mut self) -> Value {
        let is_texts = |value: &Value| value.as_array().is_some_and(|all| all.iter().all(Value::is_string));
        if self.chance.percent(15)
            && let Some(reference) = self.reference(is_texts)
        {
            return json!(reference);
        }
        (0..self.chance.below(4)).map(|_| self.text()).collect()
    }

    pub(super) fn any(&mut self, depth: usize) -> Value {
        if self.runs_wild(3) {
            return self.gone();
        }
        match self.chance.below(if depth == 0 { 5 } else { 8 }) {
            0 => self
                .chance
                .pick(&[
                    json!(null),
                    json!(true),
                    json!(false),
                    json!(0),
                    json!(-1.5),
                    json!([]),
                    json!({}),
                    json!(""),
                ])
                .clone(),
            1 | 2 => self.reference(|_| true).map_or(Value::Null, Value::String),
            3 => json!(self.text_with_refs()),
            4 => self.text(),
            5 => (0..self.chance.below(4)).map(|_| self.any(depth - 1)).collect(),
            _ => {
                let mut members = Map::new();
                for _ in 0..self.chance.below(4) {
                    let name =
                        *self.chance.pick(&["x", "y", "a b", "!ref($.event)", "__proto__", "toString", "1"]);
                    let value = if self.chance.percent(25) { self.gone() } else { self.any(depth - 1) };
                    members.insert(name.to_owned(), value);
                }
                members.into()
            }
        }
    }
}

/// All that is in a value, by its paths.
fn list(path: String, value: &Value, all: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let is_name = name.chars().all(char::is_alphanumeric)
                    && !name.starts_with(|first: char| first.is_ascii_digit());
                let is_number = name.bytes().all(|next| next.is_ascii_digit());
                let step = if is_name || is_number { format!(".{name}") } else { bracket(name) };
                list(format!("{path}{step}"), member, all);
            }
        }
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                list(format!("{path}.{at}"), element, all);
                all.push((format!("{path}[{at}]"), element.clone()));
                all.push((format!("{path}[-{}]", elements.len() - at), element.clone()));
            }
        }
        _ => {}
    }
    all.push((path, value.clone()));
}
