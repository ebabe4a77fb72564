//! Actions whose functions are replaced.

use crate::action::handler::{Call, Handler};
use crate::action::{ActionCall, ActionError, ActionResult};
use crate::engine::EngineBuilder;
use crate::registry::{Registered, RegistryFault};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Actions whose functions are replaced in a test: their types stay. Clones are the same mocks.
///
/// A mocked action needs no resources. Its inputs are those that its function would get, and its output is held
/// against the type of its function's. Where a kind is mocked twice, the later mock is the one that is called.
///
/// ```
/// use flowright::prelude::*;
/// use flowright::testing::MockActions;
/// use serde_json::json;
///
/// struct Bank;
///
/// /// Charge a card.
/// #[engine_action]
/// fn charge(bank: &Bank, cents: u32, #[input(default = "EUR")] currency: String) -> String {
///     unreachable!("tests move no money")
/// }
///
/// let registry = Registry::builder().actions(actions![charge]).build()?;
/// let mocks = MockActions::new().handler("charge", |call| match call.input("cents")? {
///     0 => Err(ActionError::fatal("nothing to charge")),
///     cents => Ok(json!(format!("receipt for {cents}"))),
/// });
/// let engine = mocks.apply_to(Engine::builder(registry.clone()))?.build()?;
///
/// # futures_util::future::FutureExt::now_or_never(async {
/// let workflow = registry.check(r#"{
///     "actions": [{ "id": "1", "kind": "charge", "inputs": { "cents": 250 } }],
///     "edges": [{ "from": "$source", "to": "1" }]
/// }"#)?;
/// let outcome = engine.run(&workflow, json!({})).await?;
/// assert_eq!(outcome.value("1"), Some(&json!("receipt for 250")));
/// assert_eq!(mocks.calls("charge"), [json!({ "cents": 250, "currency": "EUR" })]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).ok_or("pending")??;
///
/// let error = MockActions::new().returns("charge", 1).apply_to(Engine::builder(registry)).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "actions cannot be mocked:\n\
///      - action `charge`: what its mock returns does not fit its output: expected `string`, found `1`"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct MockActions {
    mocks: BTreeMap<String, Mock>,
    calls: Arc<Mutex<BTreeMap<String, Vec<Value>>>>,
}

#[derive(Clone)]
enum Mock {
    Returns(Value),
    Handler(Arc<dyn Fn(ActionCall<'_, '_>) -> ActionResult + Send + Sync>),
}

impl MockActions {
    /// None yet.
    pub fn new() -> Self {
        MockActions::default()
    }

    /// The action of this kind has this output, whatever its inputs are.
    pub fn returns(self, kind: impl Into<String>, output: impl Into<Value>) -> Self {
        self.with(kind.into(), Mock::Returns(output.into()))
    }

    /// The action of this kind fails, with the error's message, and retryable as it is.
    pub fn fails(self, kind: impl Into<String>, error: ActionError) -> Self {
        let again = move |_: ActionCall<'_, '_>| {
            let make = if error.is_retryable() { ActionError::retryable } else { ActionError::fatal };
            Err(make(&error))
        };
        self.handler(kind, again)
    }

    /// The action of this kind does what this function does.
    pub fn handler<F>(self, kind: impl Into<String>, handler: F) -> Self
    where
        F: Fn(ActionCall<'_, '_>) -> ActionResult + Send + Sync + 'static,
    {
        self.with(kind.into(), Mock::Handler(Arc::new(handler)))
    }

    fn with(mut self, kind: String, mock: Mock) -> Self {
        self.mocks.insert(kind, mock);
        self
    }

    /// Lets an engine call these in place of its registry's own functions.
    ///
    /// Fails where the registry has no action of a mocked kind, and where what a mock returns does not fit the
    /// action's output.
    pub fn apply_to(&self, mut builder: EngineBuilder) -> Result<EngineBuilder, MockError> {
        let mut faults = Vec::new();
        for (kind, mock) in &self.mocks {
            let registry = builder.registry();
            let Some(position) = registry.position(kind) else {
                faults.push(RegistryFault::unknown_kind(kind, registry.kinds()));
                continue;
            };
            match mock.refused(registry.registered(position)) {
                None => builder.call_in_place(position, self.recording(kind, mock)),
                Some(message) => faults.push(RegistryFault::of_action(kind, message)),
            }
        }
        if faults.is_empty() { Ok(builder) } else { Err(MockError(faults)) }
    }

    /// The inputs of every call of the action so far, each as one object, in their order.
    ///
    /// # Panics
    ///
    /// Where the action is not mocked.
    #[track_caller]
    #[expect(clippy::panic, reason = "that is how a test fails")]
    pub fn calls(&self, kind: &str) -> Vec<Value> {
        if !self.mocks.contains_key(kind) {
            let mocked: Vec<String> = self.mocks.keys().map(|kind| format!("`{kind}`")).collect();
            panic!("`{kind}` is not mocked; these are: {}", mocked.join(", "));
        }
        locked(&self.calls).get(kind).cloned().unwrap_or_default()
    }

    fn recording(&self, kind: &str, mock: &Mock) -> Handler {
        let (kind, mock, calls) = (kind.to_owned(), mock.clone(), Arc::clone(&self.calls));
        Handler::Dynamic(Arc::new(move |call| {
            let called = call.inputs().and_then(|inputs| {
                locked(&calls).entry(kind.clone()).or_default().push(inputs);
                match &mock {
                    Mock::Returns(output) => Ok(output.clone()),
                    Mock::Handler(handler) => handler(call),
                }
            });
            Call::Ready(called)
        }))
    }
}

impl Mock {
    fn refused(&self, action: &Registered) -> Option<String> {
        if action.builtin.is_some() {
            return Some("it is part of the engine, and is not mocked".to_owned());
        }
        let Mock::Returns(output) = self else { return None };
        let found = action.output.check(output).faults.into_iter().next()?;
        Some(format!("what its mock returns does not fit its output: {found}"))
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mock::Returns(output) => f.debug_tuple("Returns").field(output).finish(),
            Mock::Handler(_) => f.write_str("Handler"),
        }
    }
}

fn locked(calls: &Mutex<BTreeMap<String, Vec<Value>>>) -> MutexGuard<'_, BTreeMap<String, Vec<Value>>> {
    calls.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Mocks of what the registry does not have, or not of this type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockError(Vec<RegistryFault>);

impl MockError {
    /// Each fault, in the order of the kinds.
    pub fn faults(&self) -> &[RegistryFault] {
        &self.0
    }
}

impl fmt::Display for MockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("actions cannot be mocked:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}

impl std::error::Error for MockError {}
