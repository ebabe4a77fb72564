//! One call of an action: its inputs, and what the engine provides.

use super::context::ActionContext;
use super::definition::ActionDefinition;
use super::error::ActionError;
use super::host::{Host, missing};
use super::input::{ActionInput, InputDefinition};
use super::resources::Resources;
use crate::step::Step;
use crate::template::{Input, State};
use crate::view::View;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess};
use serde_json::{Error, Map, Value};
use serde_path_to_error::Segment;
use std::ops::Range;
use std::sync::Arc;

/// One call of an action, as its handler sees it.
#[derive(Clone, Copy)]
pub struct ActionCall<'call, 'run> {
    definition: &'run ActionDefinition,
    inputs: &'call [Input],
    state: &'call State,
    host: Host<'run>,
}

impl<'call, 'run> ActionCall<'call, 'run> {
    /// `inputs` are in the order of the definition's.
    pub(crate) fn new(
        definition: &'run ActionDefinition,
        inputs: &'call [Input],
        state: &'call State,
        host: Host<'run>,
    ) -> Self {
        ActionCall { definition, inputs, state, host }
    }

    /// The value of the input `name`. An input error where it is not a `T`, a fatal one where there is no such input.
    pub fn input<T: DeserializeOwned>(&self, name: &str) -> Result<T, ActionError> {
        let position = self.definition.inputs().iter().position(|input| input.name() == name);
        let Some(position) = position else { return Err(undeclared(self.definition, name)) };
        self.decode(position)
    }

    /// All inputs that are there, as one object.
    pub fn inputs(&self) -> Result<Value, ActionError> {
        let mut object = Map::new();
        for (position, input) in self.definition.inputs().iter().enumerate() {
            let value = self.view(position).to_value();
            match value.map_err(|error| refused(input, String::new(), &error))? {
                None => {}
                Some(value) => {
                    object.insert(input.name().to_owned(), value);
                }
            }
        }
        Ok(Value::Object(object))
    }

    /// The run that the call is part of.
    pub fn context(&self) -> ActionContext {
        ActionContext::of(self.host)
    }

    /// The engine's value of this type; a fatal error where it has none.
    pub fn resource<T: ?Sized + 'static>(&self) -> Result<&'run T, ActionError> {
        self.host.resources.get::<T>().map(|resource| &**resource).ok_or_else(missing::<T>)
    }

    /// What the engine provides.
    #[doc(hidden)]
    #[inline]
    pub fn host(&self) -> Host<'run> {
        self.host
    }

    /// The value of the function's owned parameter at `parameter`, where each up to it carries one input.
    #[doc(hidden)]
    #[inline]
    pub fn take<T: ActionInput>(&self, parameter: usize) -> Result<T, ActionError> {
        self.decode(parameter)
    }

    /// The same, behind a parameter that carries many inputs.
    #[doc(hidden)]
    pub fn take_behind_flattened<T: ActionInput>(&self, parameter: usize) -> Result<T, ActionError> {
        self.decode(self.definition.inputs_of(parameter).start)
    }

    /// The same, for a parameter that carries many inputs.
    #[doc(hidden)]
    pub fn take_flattened<T: ActionInput>(&self, parameter: usize) -> Result<T, ActionError> {
        let range = self.definition.inputs_of(parameter);
        let members = Members::new(self, range.clone());
        match T::deserialize(MapAccessDeserializer::new(members)) {
            Ok(input) => Ok(input),
            Err(error) => self.flattened_whole(range, &error),
        }
    }

    #[cold]
    fn flattened_whole<T: ActionInput>(&self, range: Range<usize>, error: &Error) -> Result<T, ActionError> {
        let names = self.definition.inputs().get(range.clone()).unwrap_or_default().iter();
        let members = names.zip(range.clone()).filter_map(|(input, position)| {
            Some((input.name().to_owned(), self.view(position).to_value().ok().flatten()?))
        });
        let mut object = Value::Object(members.collect());
        if whole_numbers(&mut object)
            && let Ok(input) = T::deserialize(object)
        {
            return Ok(input);
        }
        Err(self.explain_flattened::<T>(range, error))
    }

    #[inline]
    fn decode<T: DeserializeOwned>(&self, position: usize) -> Result<T, ActionError> {
        match T::deserialize(self.view(position)) {
            Ok(input) => Ok(input),
            Err(error) => self.decode_whole(position, &error),
        }
    }

    /// Reads once more with every number such as `30.0` as the integer it is, which serde does not do.
    #[cold]
    fn decode_whole<T: DeserializeOwned>(&self, position: usize, error: &Error) -> Result<T, ActionError> {
        let value = self.view(position).to_value().ok().flatten();
        let whole = value.and_then(|mut value| whole_numbers(&mut value).then_some(value));
        match whole.map(T::deserialize) {
            Some(Ok(input)) => Ok(input),
            _ => Err(self.explain::<T>(position, error)),
        }
    }

    #[inline]
    fn view(&self, position: usize) -> View<'call> {
        self.inputs.get(position).map_or(View::Missing, |input| View::of_input(input, self.state))
    }

    /// Reads once more, to find the place inside the input that was refused.
    #[cold]
    fn explain<T: DeserializeOwned>(&self, position: usize, error: &Error) -> ActionError {
        let Some(input) = self.definition.inputs().get(position) else {
            return ActionError::fatal(error);
        };
        let view = self.view(position);
        let path = serde_path_to_error::deserialize::<_, T>(view).err();
        refused(input, path.map_or_else(String::new, |error| pointer(error.path().iter(), view)), error)
    }

    #[cold]
    fn explain_flattened<T: DeserializeOwned>(
        &self,
        mut range: std::ops::Range<usize>,
        error: &Error,
    ) -> ActionError {
        let inputs = self.definition.inputs();
        if let Some(input) = range
            .clone()
            .filter(|at| self.view(*at).is_missing())
            .filter_map(|at| inputs.get(at))
            .find(|input| input.required())
        {
            return ActionError::input(
                input.name(),
                String::new(),
                "required, and nothing is there".to_owned(),
            );
        }
        let members = Members::new(self, range.clone());
        let Err(traced) = serde_path_to_error::deserialize::<_, T>(MapAccessDeserializer::new(members))
        else {
            return ActionError::fatal(error);
        };
        let mut segments = traced.path().iter();
        let first = match segments.next() {
            Some(Segment::Map { key }) => key.as_str(),
            _ => return ActionError::fatal(error),
        };
        let found = range
            .find_map(|at| inputs.get(at).filter(|input| input.name() == first).map(|input| (at, input)));
        match found {
            Some((at, input)) => refused(input, pointer(segments, self.view(at)), error),
            None => ActionError::fatal(error),
        }
    }

    pub(super) fn to_owned(self) -> Result<OwnedActionCall, ActionError> {
        Ok(OwnedActionCall {
            definition: self.definition.clone(),
            inputs: self.inputs()?,
            context: self.context(),
            step: self.host.step(),
            resources: self.host.resources.clone(),
        })
    }
}

/// One call of an asynchronous action that was made at run time: it owns what it was given.
#[derive(Debug)]
pub struct OwnedActionCall {
    definition: ActionDefinition,
    inputs: Value,
    context: ActionContext,
    step: Step,
    resources: Resources,
}

impl OwnedActionCall {
    /// The value of the input `name`. An input error where it is not a `T`, a fatal one where there is no such input.
    pub fn input<T: DeserializeOwned>(&self, name: &str) -> Result<T, ActionError> {
        let Some(input) = self.definition.inputs().iter().find(|input| input.name() == name) else {
            return Err(undeclared(&self.definition, name));
        };
        let view = self.inputs.get(name).map_or(View::Missing, View::Value);
        serde_path_to_error::deserialize(view)
            .map_err(|error| refused(input, pointer(error.path().iter(), view), error.inner()))
    }

    /// All inputs that are there, as one object.
    pub fn inputs(&self) -> &Value {
        &self.inputs
    }

    /// The run that the call is part of.
    pub fn context(&self) -> &ActionContext {
        &self.context
    }

    /// Durable sub-steps of the action.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The engine's value of this type; a fatal error where it has none.
    pub fn resource<T: ?Sized + 'static>(&self) -> Result<&Arc<T>, ActionError> {
        self.resources.get::<T>().ok_or_else(missing::<T>)
    }
}

#[cold]
fn undeclared(definition: &ActionDefinition, name: &str) -> ActionError {
    ActionError::fatal(format_args!("`{}` declares no input `{name}`", definition.kind()))
}

#[cold]
fn refused(input: &InputDefinition, pointer: String, error: &Error) -> ActionError {
    let message = if input.secret() { "the value does not fit".to_owned() } else { error.to_string() };
    ActionError::input(input.name(), pointer, message)
}

/// The path as a JSON pointer, as far as it leads to something.
fn pointer<'p>(segments: impl Iterator<Item = &'p Segment>, view: View<'_>) -> String {
    let value = view.to_value().ok().flatten().unwrap_or_default();
    let mut found = Some(&value);
    let mut pointer = String::new();
    for segment in segments {
        let name = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.replace('~', "~0").replace('/', "~1"),
            Segment::Unknown => break,
        };
        let step = format!("/{name}");
        found = found.and_then(|value| value.pointer(&step));
        if found.is_none() {
            break;
        }
        pointer.push_str(&step);
    }
    pointer
}

/// Some inputs of a call, as the members of one object.
struct Members<'m, 'call, 'run> {
    call: &'m ActionCall<'call, 'run>,
    rest: std::ops::Range<usize>,
    value: View<'call>,
}

impl<'m, 'call, 'run> Members<'m, 'call, 'run> {
    fn new(call: &'m ActionCall<'call, 'run>, rest: std::ops::Range<usize>) -> Self {
        Members { call, rest, value: View::Missing }
    }
}

impl<'de> MapAccess<'de> for Members<'_, 'de, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        for position in self.rest.by_ref() {
            self.value = self.call.view(position);
            if let (false, Some(input)) =
                (self.value.is_missing(), self.call.definition.inputs().get(position))
            {
                return seed.deserialize(StrDeserializer::new(input.name())).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.value)
    }
}

/// Makes integers of the numbers that are integral, such as `30.0`; whether there were any.
fn whole_numbers(value: &mut Value) -> bool {
    match value {
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()).and_then(whole_number) {
            Some(whole) => {
                *value = whole;
                true
            }
            None => false,
        },
        Value::Array(elements) => {
            elements.iter_mut().fold(false, |any, element| whole_numbers(element) | any)
        }
        Value::Object(members) => members.values_mut().fold(false, |any, member| whole_numbers(member) | any),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

fn whole_number(float: f64) -> Option<Value> {
    const SIGNED: f64 = 9_223_372_036_854_775_808.0;
    const UNSIGNED: f64 = 18_446_744_073_709_551_616.0;
    if float.fract() != 0.0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "integral, and within its bounds"
    )]
    match float {
        _ if (-SIGNED..SIGNED).contains(&float) => Some(Value::from(float as i64)),
        _ if (0.0..UNSIGNED).contains(&float) => Some(Value::from(float as u64)),
        _ => None,
    }
}
