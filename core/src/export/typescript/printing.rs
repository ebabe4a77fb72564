//! Types as text.

use super::form::{Element, Form, Member, Object};
use super::names::of_member;
use std::fmt::Write as _;

/// How long a line should be at most.
const WIDTH: usize = 100;

/// A type that stands behind `indent` levels.
fn text(form: &Form, indent: usize) -> String {
    let mut line = Line { text: String::new(), left: WIDTH.saturating_sub(2 * indent) };
    if line.form(form, Tightness::Loose).is_some() {
        return line.text;
    }
    broken(form, indent)
}

/// The declaration of a type under a name.
pub(super) fn declaration(name: &str, form: &Form, comment: &[String]) -> String {
    let comment = commented(comment, 0);
    match form {
        Form::Object(object) if !object.members.is_empty() => {
            format!("{comment}export interface {name} {}\n", members(object, 0))
        }
        form => format!("{comment}export type {name} ={};\n", following(form, 0)),
    }
}

/// A comment of these lines.
pub(super) fn commented(lines: &[String], indent: usize) -> String {
    let margin = "  ".repeat(indent);
    match lines {
        [] => String::new(),
        [line] => format!("{margin}/** {line} */\n"),
        lines => {
            let lines = lines.iter().map(|line| format!("{margin} * {line}").trim_end().to_owned() + "\n");
            format!("{margin}/**\n{}{margin} */\n", lines.collect::<String>())
        }
    }
}

/// A member of an interface, as a line of its own.
pub(super) fn member(member: &Member, indent: usize) -> String {
    let margin = "  ".repeat(indent);
    let sign = if member.optional { "?" } else { "" };
    let comment = commented(&member.comment, indent);
    format!("{comment}{margin}{}{sign}:{};\n", of_member(&member.name), following(&member.form, indent))
}

fn members(object: &Object, indent: usize) -> String {
    let mut text = "{\n".to_owned();
    for own in &object.members {
        text.push_str(&member(own, indent + 1));
    }
    if let Some(others) = &object.others {
        let others = self::text(others, indent + 1);
        let _ = writeln!(text, "{}[key: string]: {others};", "  ".repeat(indent + 1));
    }
    text + &"  ".repeat(indent) + "}"
}

/// A type behind a sign, on the same line or below it.
fn following(form: &Form, indent: usize) -> String {
    let text = text(form, indent);
    if text.starts_with('\n') { text } else { format!(" {text}") }
}

/// A type over several lines.
fn broken(form: &Form, indent: usize) -> String {
    let branches = |forms: &[Form], sign: &str| {
        let margin = format!("\n{}{sign} ", "  ".repeat(indent + 1));
        forms.iter().map(|form| margin.clone() + &bracketed(form, indent + 2)).collect::<String>()
    };
    match form {
        Form::Word(text) | Form::Named(text) => text.clone(),
        Form::List(element) => bracketed(element, indent) + "[]",
        Form::Tuple { elements, rest } => {
            let margin = format!("\n{}", "  ".repeat(indent + 1));
            let mut text = "[".to_owned();
            for Element { form, optional } in elements {
                let sign = if *optional { "?" } else { "" };
                let _ = write!(text, "{margin}{}{sign},", bracketed(form, indent + 1));
            }
            if let Some(rest) = rest {
                let _ = write!(text, "{margin}...{}[],", bracketed(rest, indent + 1));
            }
            format!("{text}\n{}]", "  ".repeat(indent))
        }
        Form::Object(object) => members(object, indent),
        Form::Union(forms) => branches(forms, "|"),
        Form::Intersection(forms) => branches(forms, "&"),
    }
}

/// The same, in brackets where it is made of several.
fn bracketed(form: &Form, indent: usize) -> String {
    let text = text(form, indent);
    if matches!(form, Form::Union(_) | Form::Intersection(_)) { format!("({text})") } else { text }
}

/// How tightly what stands around a type binds.
#[derive(Clone, Copy, PartialEq)]
enum Tightness {
    Loose,
    Tight,
}

/// A line that ends where it would be too long, or would need a comment.
struct Line {
    text: String,
    left: usize,
}

impl Line {
    fn push(&mut self, text: &str) -> Option<()> {
        self.left = self.left.checked_sub(text.chars().count())?;
        self.text.push_str(text);
        Some(())
    }

    fn form(&mut self, form: &Form, around: Tightness) -> Option<()> {
        match form {
            // What cannot be broken is as long as it is.
            Form::Word(text) | Form::Named(text) if self.text.is_empty() => {
                self.text.push_str(text);
                Some(())
            }
            Form::Word(text) | Form::Named(text) => self.push(text),
            Form::List(element) => {
                self.form(element, Tightness::Tight)?;
                self.push("[]")
            }
            Form::Tuple { elements, rest } => {
                self.push("[")?;
                for (position, Element { form, optional }) in elements.iter().enumerate() {
                    self.push(if position == 0 { "" } else { ", " })?;
                    self.form(form, if *optional { Tightness::Tight } else { Tightness::Loose })?;
                    self.push(if *optional { "?" } else { "" })?;
                }
                if let Some(rest) = rest {
                    self.push(if elements.is_empty() { "..." } else { ", ..." })?;
                    self.form(rest, Tightness::Tight)?;
                    self.push("[]")?;
                }
                self.push("]")
            }
            Form::Object(object) => self.object(object),
            Form::Union(forms) => self.joined(forms, " | ", around),
            Form::Intersection(forms) => self.joined(forms, " & ", around),
        }
    }

    fn joined(&mut self, forms: &[Form], sign: &str, around: Tightness) -> Option<()> {
        let tight = around == Tightness::Tight;
        self.push(if tight { "(" } else { "" })?;
        for (position, form) in forms.iter().enumerate() {
            self.push(if position == 0 { "" } else { sign })?;
            self.form(form, Tightness::Tight)?;
        }
        self.push(if tight { ")" } else { "" })
    }

    fn object(&mut self, object: &Object) -> Option<()> {
        self.push("{ ")?;
        let mut between = "";
        for Member { name, optional, form, comment } in &object.members {
            if !comment.is_empty() {
                return None;
            }
            self.push(between)?;
            self.push(&of_member(name))?;
            self.push(if *optional { "?: " } else { ": " })?;
            self.form(form, Tightness::Loose)?;
            between = "; ";
        }
        if let Some(others) = &object.others {
            self.push(between)?;
            self.push("[key: string]: ")?;
            self.form(others, Tightness::Loose)?;
        }
        self.push(" }")
    }
}
