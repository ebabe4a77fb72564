//! A registry's actions, events and documents as types of TypeScript.

mod actions;
mod comments;
mod definitions;
mod form;
mod names;
mod printing;
mod reading;

use crate::registry::Registry;
use actions::Declared;
use definitions::{Definitions, Document};
use form::{Form, Member, Object};
use names::{Names, of_type};
use printing::declaration;
use reading::Reader;

/// What is the same for every registry.
const WORKFLOW: &str = include_str!("workflow.d.ts");

impl Registry {
    /// The declarations of TypeScript (`.d.ts`) for programs that build or handle this registry's workflows.
    ///
    /// ```ts
    /// export interface Workflow { name?: string; actions: WorkflowAction[]; edges: WorkflowEdge[] }
    /// export type WorkflowAction = BuiltinIfAction | SendEmailAction;
    ///
    /// /** Delivers one message. */
    /// export interface SendEmailAction extends WorkflowActionBase {
    ///   kind: "send_email";
    ///   inputs: Written<SendEmailInputs>;
    /// }
    /// export interface SendEmailInputs {
    ///   /** Recipient. */
    ///   to: string;
    /// }
    /// export type SendEmailOutput = Receipt;
    ///
    /// export interface ActionInputs { "builtin:if": BuiltinIfInputs; send_email: SendEmailInputs }
    /// export interface ActionOutputs { "builtin:if": BuiltinIfOutput; send_email: SendEmailOutput }
    /// export interface Events { "order.placed": OrderPlacedEvent }
    /// ```
    ///
    /// `Workflow` is what a document may say: a value may also be a ref, at any depth, and kinds and inputs go by their
    /// old names, too, which are marked `@deprecated`. `ActionInputs`, `ActionOutputs` and `Events` are the values
    /// themselves. Where TypeScript cannot say what a schema does, such as that a number has bounds, the type takes
    /// more and its comment has the rest; [`check`](Registry::check) has the last word. What has no type is `unknown`.
    /// Types of one name and structure are one type, whichever actions use them.
    ///
    /// Objects of Rust types have the members that they name, and no others, as where refs lead into them. The same
    /// registry gives the same text.
    ///
    /// ```
    /// use flowright::prelude::*;
    ///
    /// /// Say hello.
    /// #[engine_action]
    /// fn greet(name: String, times: Option<u8>) -> Vec<String> {
    ///     vec![format!("Hello, {name}!"); times.unwrap_or(1).into()]
    /// }
    ///
    /// let registry = Registry::builder().actions(actions![greet]).build()?;
    /// let declarations = registry.typescript();
    /// assert!(declarations.contains("export type WorkflowAction = BuiltinIfAction | GreetAction;\n"));
    /// assert!(declarations.contains("export interface GreetInputs {\n  name: string;\n"));
    /// assert!(declarations.contains("export type GreetOutput = string[];\n"));
    /// # Ok::<(), flowright::RegistryError>(())
    /// ```
    pub fn typescript(&self) -> String {
        let mut names = Names::new();
        let actions: Vec<Declared<'_>> =
            self.definitions().map(|definition| Declared::new(definition, &mut names)).collect();
        let events: Vec<(&str, Document)> = self
            .event_schemas()
            .map(|(event, schema, open)| {
                let name = names.stem(&of_type(event), &["Event"]) + "Event";
                (event, Document { schema: schema.clone(), name, open, output: false })
            })
            .collect();
        let (event_names, events): (Vec<&str>, Vec<Document>) = events.into_iter().unzip();
        // The inputs and the output of each action, and then the events.
        let documents: Vec<Document> = actions.iter().flat_map(Declared::documents).chain(events).collect();
        let definitions = Definitions::of(&documents, &mut names);

        let mut declared = format!("{WORKFLOW}\n");
        let all = actions.iter().flat_map(Declared::action_names).map(Form::Named);
        let comment = ["An action of a workflow, by its kind.".to_owned()];
        declared += &(declaration("WorkflowAction", &Form::union(all), &comment) + "\n");
        let inputs = actions.iter().flat_map(|action| action.kinds(action.inputs_name()));
        declared += &map("ActionInputs", "What each kind of action takes.", inputs);
        let outputs = actions.iter().flat_map(|action| action.kinds(action.output_name()));
        declared += &map("ActionOutputs", "What each kind of action gives.", outputs);
        let event_types = documents.get(2 * actions.len()..).unwrap_or_default();
        let by_name = event_names.iter().zip(event_types).map(|(event, document)| {
            Member::new(event, false, Form::Named(document.name.clone()), Vec::new())
        });
        declared += &map("Events", "What may start a workflow: `$.event`, by its name.", by_name);
        for (at, document) in documents.iter().enumerate() {
            let target = |reference: &str| definitions.named(&documents, at, reference);
            let reader = Reader { named: &target, open: document.open };
            declared += &match actions.get(at / 2) {
                Some(action) if at % 2 == 0 => action.inputs(&reader, document),
                _ => {
                    declaration(
                        &document.name,
                        &reader.form(&document.schema),
                        &comments::of(&document.schema),
                    ) + "\n"
                }
            };
        }
        declared += &definitions.declarations(&documents);
        declared.truncate(declared.trim_end().len());
        declared + "\n"
    }
}

/// An interface of types by name; where there are none, of any name and type.
fn map(name: &str, comment: &str, members: impl Iterator<Item = Member>) -> String {
    let mut object = Object { members: members.collect(), others: None };
    if object.members.is_empty() {
        object.others = Some(Box::new(Form::unknown()));
    }
    declaration(name, &Form::Object(object), &[comment.to_owned()]) + "\n"
}

#[cfg(test)]
mod tests;
