//! What is declared of each action.

use super::comments;
use super::definitions::Document;
use super::form::{Form, Member, Object};
use super::names::{Names, of_type, quoted};
use super::printing::{commented, declaration, member};
use super::reading::{Reader, empty};
use crate::action::{ActionDefinition, InputDefinition};
use std::fmt::Write as _;

/// An action under the names of its types.
pub(super) struct Declared<'r> {
    definition: &'r ActionDefinition,
    stem: String,
    /// The kind and its aliases, each with the name of its action's type.
    kinds: Vec<(&'r str, String)>,
}

impl<'r> Declared<'r> {
    pub(super) fn new(definition: &'r ActionDefinition, names: &mut Names) -> Self {
        let stem = names.stem(&of_type(definition.kind()), &["Inputs", "WrittenInputs", "Output", "Action"]);
        let mut kinds = vec![(definition.kind(), format!("{stem}Action"))];
        for alias in definition.aliases() {
            kinds.push((alias, names.stem(&of_type(alias), &["Action"]) + "Action"));
        }
        Declared { definition, stem, kinds }
    }

    pub(super) fn inputs_name(&self) -> String {
        format!("{}Inputs", self.stem)
    }

    pub(super) fn output_name(&self) -> String {
        format!("{}Output", self.stem)
    }

    /// The names of the types that its actions have in documents.
    pub(super) fn action_names(&self) -> impl Iterator<Item = String> {
        self.kinds.iter().map(|(_, name)| name.clone())
    }

    /// The schemas of what it takes and of what it gives.
    pub(super) fn documents(&self) -> [Document; 2] {
        let open = self.definition.described_at_run_time();
        let (inputs, output) = (self.definition.inputs_schema(), self.definition.output_schema());
        [
            Document { schema: inputs, name: self.inputs_name(), open, output: false },
            Document { schema: output, name: self.output_name(), open, output: true },
        ]
    }

    /// A type for each of its kinds.
    pub(super) fn kinds(&self, ty: String) -> impl Iterator<Item = Member> {
        let form = Form::Named(ty);
        self.kinds.iter().map(move |(kind, _)| Member::new(kind, false, form.clone(), self.comment(kind)))
    }

    fn comment(&self, kind: &str) -> Vec<String> {
        let own = self.definition.kind();
        let instead = if kind == own {
            self.definition.deprecated().map(str::to_owned)
        } else {
            Some(format!("write `{own}`"))
        };
        comments::said(self.definition.description(), instead.map(|text| format!("@deprecated {text}")))
    }

    /// What it takes, and what documents say of it.
    pub(super) fn inputs(&self, reader: &Reader<'_>, document: &Document) -> String {
        let mut inputs = document.schema.as_object().map(|it| reader.object(it)).unwrap_or_default();
        let all = self.definition.inputs();
        inputs.members.sort_by_key(|member| all.iter().position(|input| input.name() == member.name));
        let has_aliases = all.iter().any(|input| !input.aliases().is_empty());
        let form = if inputs.is_empty() { empty() } else { Form::Object(inputs.clone()) };
        let mut declared = declaration(&document.name, &form, &[]) + "\n";
        let mut written = format!("Written<{}>", document.name);
        if inputs.is_empty() {
            written.clone_from(&document.name);
        } else if has_aliases {
            let name = format!("{}WrittenInputs", self.stem);
            written = format!("Written<{name}>");
            let comment = ["The inputs under the names that documents may use.".to_owned()];
            declared += &(declaration(&name, &by_any_name(inputs, all), &comment) + "\n");
        }
        let optional = !all.iter().any(InputDefinition::required);
        for (kind, name) in &self.kinds {
            let kind_member = Member::new("kind", false, Form::Word(quoted(kind)), Vec::new());
            let inputs_member = Member::new("inputs", optional, Form::Word(written.clone()), Vec::new());
            let _ = write!(
                declared,
                "{}export interface {name} extends WorkflowActionBase {{\n{}{}}}\n\n",
                commented(&self.comment(kind), 0),
                member(&kind_member, 1),
                member(&inputs_member, 1)
            );
        }
        declared
    }
}

/// Inputs of which those with aliases go by one name or another.
fn by_any_name(inputs: Object, definitions: &[InputDefinition]) -> Form {
    let aliases =
        |name: &str| definitions.iter().find(|input| input.name() == name).map_or(&[][..], |it| it.aliases());
    let (plain, renamed): (Vec<Member>, Vec<Member>) =
        inputs.members.into_iter().partition(|member| aliases(&member.name).is_empty());
    let choices = renamed.iter().map(|own| {
        let instead = format!("@deprecated write `{}`", own.name);
        let names: Vec<&str> =
            std::iter::once(&*own.name).chain(aliases(&own.name).iter().map(String::as_str)).collect();
        Form::union(names.iter().map(|chosen| {
            let member = |name: &&str| {
                if name != chosen {
                    return Member::new(name, true, Form::never(), Vec::new());
                }
                let mut comment = own.comment.clone();
                if *name != own.name {
                    let below = Some(String::new()).filter(|_| !comment.is_empty());
                    comment.extend(below.into_iter().chain([instead.clone()]));
                }
                Member { name: (*name).to_owned(), comment, ..own.clone() }
            };
            Form::Object(Object { members: names.iter().map(member).collect(), others: None })
        }))
    });
    let choices: Vec<Form> = choices.collect();
    let plain = Some(plain).filter(|plain| !plain.is_empty());
    let plain = plain.map(|members| Form::Object(Object { members, others: inputs.others }));
    Form::intersection(plain.into_iter().chain(choices))
}
