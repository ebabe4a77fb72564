//! Types as flowright writes them: `{ name: string, age?: integer }`.

use crate::{
    fault::{quoted, shorten},
    numeral,
    text::StringForm,
    ty::{ArrayForm, Form, Limit, NumberForm, ObjectForm, Origin, Type, UnionForm, View},
};
use serde_json::{Number, Value};
use std::{
    cmp::Ordering,
    fmt::{self, Write as _},
};

/// How many objects and arrays may be written inside one another.
const DEEPEST: usize = 4;

/// After how many characters members and branches are left out; a precision (`{ty:.40}`) says otherwise.
const LONGEST: usize = 200;

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let longest = f.precision().unwrap_or(LONGEST);
        let mut writer = Writer { text: String::new(), open: Vec::new(), longest };
        writer.ty(self.view(), false);
        f.write_str(&writer.text)
    }
}

/// A type being written.
struct Writer<'t> {
    text: String,
    /// The types around the one being written.
    open: Vec<View<'t>>,
    longest: usize,
}

impl<'t> Writer<'t> {
    fn is_long(&self) -> bool {
        self.text.len() > self.longest
    }

    /// Writes a type; in brackets, where it is a choice that something follows.
    fn ty(&mut self, view: View<'t>, bracketed: bool) {
        if self.open.iter().any(|open| open.key() == view.key()) || self.open.len() > 2 * DEEPEST {
            self.text.push_str(view.node().name.as_deref().unwrap_or("…"));
            return;
        }
        self.open.push(view);
        match view.form() {
            Form::Any => self.text.push_str("any"),
            Form::Never | Form::Foreign(_) | Form::Same(_) => self.text.push_str("never"),
            Form::Null => self.text.push_str("null"),
            Form::Boolean => self.text.push_str("boolean"),
            Form::Number(form) => {
                let refined = is_refined(&without_width(form).0);
                self.bracket(bracketed && refined, |writer| writer.number(form));
            }
            Form::String(form) => self.bracket(bracketed && !form.is_plain(), |writer| writer.string(form)),
            Form::Array(form) => self.array(view, form),
            Form::Object(form) => self.object(view, form),
            Form::Constants(form) => self.bracket(bracketed && form.values.len() > 1, |writer| {
                writer.list(form.values.iter(), " | ", |writer, value| writer.text.push_str(&shown(value)));
            }),
            Form::Union(form) => self.bracket(bracketed, |writer| writer.union(view, form)),
            Form::Opaque(form) => {
                self.open.pop();
                self.ty(view.child(form.outline), bracketed);
                self.open.push(view);
            }
        }
        self.open.pop();
    }

    fn bracket(&mut self, bracketed: bool, inner: impl FnOnce(&mut Self)) {
        if bracketed {
            self.text.push('(');
        }
        inner(self);
        if bracketed {
            self.text.push(')');
        }
    }

    /// Writes items until the text is long enough.
    fn list<I>(
        &mut self,
        items: impl Iterator<Item = I>,
        between: &str,
        mut write: impl FnMut(&mut Self, I),
    ) {
        for (position, item) in items.enumerate() {
            if position > 0 {
                self.text.push_str(between);
                if self.is_long() {
                    self.text.push('…');
                    return;
                }
            }
            write(self, item);
        }
    }

    fn union(&mut self, view: View<'t>, form: &UnionForm) {
        // `null` is what one looks for last.
        let branches = form.branches.iter().map(|branch| view.child(*branch));
        let (nulls, mut others): (Vec<_>, Vec<_>) =
            branches.partition(|branch| matches!(branch.form(), Form::Null));
        others.extend(nulls);
        self.list(others.into_iter(), " | ", |writer, branch| writer.ty(branch, false));
    }

    fn number(&mut self, form: &NumberForm) {
        self.text.push_str(if form.integer { "integer" } else { "number" });
        let (form, bits) = without_width(form);
        if let Some(limits) = limits(&form) {
            self.text.push(' ');
            self.text.push_str(&limits);
        }
        self.text.push_str(bits);
        for factor in &form.multiples {
            let _ = write!(self.text, " × {factor}");
        }
    }

    fn string(&mut self, form: &StringForm) {
        self.text.push_str("string");
        let mut refinements: Vec<String> = form.formats.iter().map(ToString::to_string).collect();
        refinements
            .extend(form.patterns.iter().map(|pattern| format!("/{}/", shorten(&pattern.to_string()))));
        refinements.extend(sizes(form.min, form.max).map(|sizes| format!("{sizes} characters")));
        if !refinements.is_empty() {
            let _ = write!(self.text, " ({})", refinements.join(", "));
        }
    }

    fn array(&mut self, view: View<'t>, form: &'t ArrayForm) {
        if self.open.len() > DEEPEST {
            self.text.push_str("[…]");
            return;
        }
        let rest = view.child(form.rest);
        if form.prefix.is_empty() {
            self.ty(rest, true);
            self.text.push_str("[]");
            if let Some(sizes) = sizes(form.min, form.max) {
                let _ = write!(self.text, " ({sizes})");
            }
            return;
        }
        self.text.push('[');
        let positions = (0_u64..).zip(&form.prefix);
        self.list(positions, ", ", |writer, (position, ty)| {
            writer.ty(view.child(*ty), true);
            if position >= form.min {
                writer.text.push('?');
            }
        });
        if form.max.is_none_or(|max| max > form.prefix.len() as u64) {
            self.text.push_str(", ...");
            self.ty(rest, true);
            self.text.push_str("[]");
        }
        self.text.push(']');
    }

    fn object(&mut self, view: View<'t>, form: &'t ObjectForm) {
        if self.open.len() > DEEPEST {
            self.text.push_str("{…}");
            return;
        }
        let shown = |property: &&crate::ty::Property| !view.child(property.ty).is_never();
        let required = form.properties.iter().filter(|property| property.required);
        let optional = form.properties.iter().filter(|property| !property.required).filter(shown);
        let mut entries: Vec<(String, View<'t>)> = required
            .map(|property| (name(&property.name), view.child(property.ty)))
            .chain(optional.map(|property| (format!("{}?", name(&property.name)), view.child(property.ty))))
            .collect();
        entries.extend(form.patterns.iter().map(|(pattern, ty)| (format!("[/{pattern}/]"), view.child(*ty))));
        let additional = form.additional.map(|id| view.child(id)).filter(|additional| !additional.is_never());
        entries.extend(additional.map(|additional| ("[key]".to_owned(), additional)));
        if entries.is_empty() {
            let open = form.additional.is_none() && view.document.origin == Origin::Schema;
            self.text.push_str(if open { "object" } else { "{}" });
            return;
        }
        self.text.push_str("{ ");
        self.list(entries.into_iter(), ", ", |writer, (name, ty)| {
            let _ = write!(writer.text, "{name}: ");
            writer.ty(ty, false);
        });
        self.text.push_str(" }");
    }
}

fn is_refined(form: &NumberForm) -> bool {
    form.min.is_some() || form.max.is_some() || !form.multiples.is_empty()
}

/// The same without the bounds that only say how wide an integer is in memory, and what to write for them.
fn without_width(form: &NumberForm) -> (NumberForm, &'static str) {
    let mut form = form.clone();
    let bound = |limit: &Option<Limit>| {
        limit.as_ref().filter(|_| form.integer).and_then(|limit| numeral::integral(&limit.value))
    };
    let (min, max) = (bound(&form.min), bound(&form.max));
    if max == Some(i64::MAX.into()) {
        form.max = None;
    } else if max == Some(u32::MAX.into()) && min == Some(0) {
        form.max = None;
        return (form, " (32 bits)");
    } else if max == Some(i32::MAX.into()) && min == Some(i32::MIN.into()) {
        (form.min, form.max) = (None, None);
        return (form, " (32 bits)");
    }
    (form, "")
}

/// The bounds of a number, where it has some: `≥ 0`, `1 to 9`, `> 0 and < 1`.
fn limits(form: &NumberForm) -> Option<String> {
    let bound = |limit: &Limit, loose: &str, strict: &str| {
        format!("{} {}", if limit.exclusive { strict } else { loose }, limit.value)
    };
    match (&form.min, &form.max) {
        (None, None) => None,
        (Some(min), None) => Some(bound(min, "≥", ">")),
        (None, Some(max)) => Some(bound(max, "≤", "<")),
        (Some(min), Some(max)) if !min.exclusive && !max.exclusive => {
            Some(format!("{} to {}", min.value, max.value))
        }
        (Some(min), Some(max)) => Some(format!("{} and {}", bound(min, "≥", ">"), bound(max, "≤", "<"))),
    }
}

/// The bounds of `form`, where `number` is not within them or, being an integer, beyond what one can be.
pub(crate) fn limits_missed(form: &NumberForm, number: &Number) -> Option<String> {
    let order = |limit: &Limit| numeral::compare(number, &limit.value);
    let low = form.min.as_ref().is_some_and(|min| match order(min) {
        Ordering::Less => true,
        Ordering::Equal => min.exclusive,
        Ordering::Greater => false,
    });
    let high = form.max.as_ref().is_some_and(|max| match order(max) {
        Ordering::Greater => true,
        Ordering::Equal => max.exclusive,
        Ordering::Less => false,
    });
    if low || high {
        return limits(form);
    }
    let (least, greatest) = numeral::INTEGERS;
    let holds = numeral::integral(number).is_some_and(|value| value >= least && value <= greatest);
    (form.integer && !holds).then(|| format!("{least} to {greatest}"))
}

/// `2 to 5`, `≥ 2`, `≤ 5` or `5`, where there is a bound.
fn sizes(min: u64, max: Option<u64>) -> Option<String> {
    match (min, max) {
        (0, None) => None,
        (min, None) => Some(format!("≥ {min}")),
        (0, Some(max)) => Some(format!("≤ {max}")),
        (min, Some(max)) if min == max => Some(format!("{min}")),
        (min, Some(max)) => Some(format!("{min} to {max}")),
    }
}

/// A member's name, quoted where it would not read as one.
fn name(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$');
    if !name.is_empty() && name.chars().all(plain) { name.to_owned() } else { quoted(&shorten(name)) }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(&shorten(text)),
        value => shorten(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Origin, Type};
    use serde_json::{Value, json};

    fn shown(schema: &Value) -> String {
        Type::parse(schema, Origin::Schema).unwrap().to_string()
    }

    #[test]
    fn types_are_written_the_way_people_write_them() {
        for (schema, expected) in [
            (json!(true), "any"),
            (json!(false), "never"),
            (json!({ "type": ["string", "null"] }), "string | null"),
            (json!({ "enum": ["a", "b"] }), r#""a" | "b""#),
            (json!({ "enum": ["a", 1, null, [2]] }), r#""a" | 1 | null | [2]"#),
            (json!({ "type": "integer", "minimum": 0 }), "integer ≥ 0"),
            (json!({ "type": "integer", "format": "int64" }), "integer"),
            (json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }), "number > 0 and ≤ 1"),
            (json!({ "type": "number", "multipleOf": 0.01 }), "number × 0.01"),
            (json!({ "type": "string", "format": "email" }), "string (email)"),
            (json!({ "type": "string", "minLength": 1, "maxLength": 9 }), "string (1 to 9 characters)"),
            (json!({ "type": "array", "items": { "type": "string" } }), "string[]"),
            (json!({ "type": "array", "items": { "type": ["string", "null"] } }), "(string | null)[]"),
            (json!({ "type": "array", "items": { "type": "integer", "minimum": 1 } }), "(integer ≥ 1)[]"),
            (json!({ "type": "array", "items": true, "minItems": 1 }), "any[] (≥ 1)"),
            (
                json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "null" }], "minItems": 1 }),
                "[string, null?, ...any[]]",
            ),
            (json!({ "type": "object" }), "object"),
            (json!({ "type": "object", "additionalProperties": false }), "{}"),
            (
                json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
                "{ [key]: integer }",
            ),
            (
                json!({ "type": "object", "required": ["name"], "properties": {
                    "age": { "type": "integer" }, "name": { "type": "string" }, "a b": true
                } }),
                r#"{ name: string, "a b"?: any, age?: integer }"#,
            ),
        ] {
            assert_eq!(shown(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn a_recursive_type_is_named_where_it_recurs() {
        let tree = json!({
            "$ref": "#/$defs/Tree",
            "$defs": { "Tree": {
                "type": "object", "properties": { "children": { "type": "array", "items": { "$ref": "#/$defs/Tree" } } }
            } }
        });
        assert_eq!(shown(&tree), "{ children?: Tree[] }");
        assert_eq!(shown(&json!({ "type": "array", "items": { "$ref": "#" } })), "…[]");
    }

    #[test]
    fn a_large_type_is_cut_short() {
        let wide: serde_json::Map<String, Value> =
            (0..500).map(|n| (format!("member{n}"), json!({ "type": "string" }))).collect();
        let text = shown(&json!({ "type": "object", "properties": wide }));
        assert!(text.len() < 300 && text.ends_with(", … }"), "{text}");
        let deep =
            (0..50).fold(json!({}), |inner, _| json!({ "type": "object", "properties": { "a": inner } }));
        assert!(shown(&deep).len() < 100);
        let many: Vec<String> = (0..500).map(|n| format!("value{n}")).collect();
        assert!(shown(&json!({ "enum": many })).ends_with(" | …"));
        let ty = Type::parse(&json!({ "enum": ["one", "two", "three"] }), Origin::Schema).unwrap();
        assert_eq!(format!("{ty:.8}"), r#""one" | "two" | …"#);
    }
}
