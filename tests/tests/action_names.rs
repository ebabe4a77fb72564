//! Names and scopes that an expansion must not trip over.
#![allow(
    clippy::non_minimal_cfg,
    clippy::unnecessary_wraps,
    clippy::unused_async,
    reason = "functions that are there for their signatures"
)]

use flowright::prelude::*;
use flowright::{ActionDefinition, InputDefinition};

fn kind(action: &dyn Action) -> String {
    let definition = action.definition();
    assert_eq!(definition.faults(), [] as [&str; 0]);
    definition.kind().to_owned()
}

mod innocent {
    use flowright::prelude::*;

    #[engine_action]
    pub(crate) fn result(result: Option<String>) -> Result<String, ActionError> {
        Ok(result.unwrap_or_default())
    }
    #[engine_action]
    pub(crate) async fn option(call: u8, inputs: u8, host: u8, scope: u8) -> Option<u8> {
        Some(call + inputs + host + scope)
    }
    #[engine_action]
    pub(crate) fn type_name() {}
    #[engine_action]
    pub(crate) fn some() -> Vec<u8> {
        vec![1]
    }
    #[engine_action]
    pub(crate) fn drop() {}
    #[engine_action]
    pub(crate) fn vec() {}
    #[engine_action]
    pub(crate) fn ok() {}
    #[engine_action]
    pub(crate) fn action(definition: u8) -> u8 {
        definition
    }
    #[engine_action]
    pub(crate) fn r#type(r#match: u8) -> u8 {
        r#match
    }
    #[engine_action(kind = "f64")]
    pub(crate) fn as_f64(value: u8) -> f64 {
        f64::from(value)
    }
}

#[test]
fn functions_may_be_named_like_what_everyone_uses() {
    use innocent::{action, as_f64, drop, ok, option, result, some, r#type, type_name, vec};
    let kinds = actions![result, option, type_name, some, drop, vec, ok, action, r#type, as_f64].map(kind);
    assert_eq!(
        kinds,
        ["result", "option", "type_name", "some", "drop", "vec", "ok", "action", "type", "f64"]
    );
    assert_eq!(r#type {}.definition().inputs()[0].name(), "match");
    // One `use` brought both.
    assert_eq!(result(Some("x".to_owned())).unwrap(), "x");
}

mod no_prelude {
    #![no_implicit_prelude]

    #[::flowright::engine_action(edges(edge("E", match = ("$.output", "x"))))]
    pub(crate) async fn bare(
        context: &::flowright::ActionContext,
        /// Text.
        #[input(default = "x", min_length = 1, examples("y"))]
        text: ::std::string::String,
        #[input(default)] count: u8,
    ) -> ::std::result::Result<::std::string::String, ::flowright::ActionError> {
        let _ = (context, count);
        ::std::result::Result::Ok(text)
    }

    #[::flowright::engine_action]
    pub(crate) fn bare_sync(text: ::std::option::Option<u8>) -> ::std::option::Option<u8> {
        text
    }

    pub(crate) const ALL: [&dyn ::flowright::Action; 2] = ::flowright::actions![bare, bare_sync];
}

#[test]
fn an_expansion_needs_no_prelude() {
    assert_eq!(no_prelude::ALL.map(kind), ["bare", "bare_sync"]);
}

mod shadowed {
    #![allow(dead_code, reason = "they shadow")]
    pub(crate) struct Option;
    pub(crate) struct Returns;
    pub(crate) struct Handler;
    pub(crate) struct InputDefinition;
    pub(crate) mod flowright {}
    pub(crate) mod std {}
    pub(crate) mod core {}

    #[::flowright::engine_action]
    pub(crate) fn surrounded(text: String) -> Result<String, ::flowright::ActionError> {
        Ok(text)
    }
}

#[test]
fn an_expansion_sees_no_shadows() {
    assert_eq!(kind(&shadowed::surrounded {}), "surrounded");
}

const LIMIT: u8 = 3;

fn call() -> u8 {
    7
}

#[engine_action]
fn scoped(
    #[input(default = LIMIT + 1)] a: u8,
    #[input(default = call())] b: u8,
    #[input(default = [1, 2].iter().map(|x: &u8| x + 1).collect::<Vec<u8>>())] c: Vec<u8>,
    #[input(default = None::<u8>)] d: Option<u8>,
) -> u8 {
    let _ = (c, d);
    a + b
}

#[test]
fn a_default_is_an_expression_of_its_authors_scope() {
    let definition = scoped {}.definition();
    let defaults: Vec<_> =
        definition.inputs().iter().map(|input| input.default().map(ToString::to_string)).collect();
    assert_eq!(defaults, ["4", "7", "[2,3]", "null"].map(|text| Some(text.to_owned())));
    assert!(!definition.inputs().iter().any(InputDefinition::required));
}

#[engine_action]
#[cfg(any())]
fn absent(broken: Nowhere) {}

/// Present,
#[engine_action]
/// whatever
#[cfg(all())]
/** stands between. */
#[doc(alias = "here")]
#[must_use]
fn present() -> u8 {
    1
}

#[test]
fn other_attributes_stay_with_the_function() {
    let definition = present {}.definition();
    assert_eq!(definition.description(), Some("Present, whatever stands between."));
    assert_eq!(present(), 1);
}

#[engine_action]
/// From a file:
#[doc = concat!("one ", "two")]
fn documented() {}

#[test]
fn a_doc_may_be_an_expression() {
    assert_eq!(documented {}.definition().description(), Some("From a file:\none two"));
}

macro_rules! stamped {
    ($name:ident, $kind:literal, $type:ty, $borrowed:ty) => {
        #[engine_action(kind = $kind)]
        fn $name(borrowed: $borrowed, value: $type) -> $type {
            let _ = borrowed;
            value
        }
    };
}
stamped!(from_macro, "stamped", Vec<u8>, &ActionContext);

#[test]
fn a_macro_may_write_the_function() {
    assert_eq!(kind(&from_macro {}), "stamped");
    assert_eq!(from_macro {}.definition().inputs().len(), 1);
}

#[test]
fn a_function_inside_a_function_is_an_action() {
    #[engine_action]
    fn inner(a: u8) -> u8 {
        a
    }
    assert_eq!(kind(&inner {}), "inner");
    assert_eq!(inner(1), 1);
}

#[engine_action]
fn lent(context: &ActionContext) -> std::borrow::Cow<'_, str> {
    context.kind().into()
}

#[engine_action]
async fn lent_later(context: &ActionContext) -> Result<std::borrow::Cow<'_, str>, std::fmt::Error> {
    Ok(context.kind().into())
}

#[test]
fn an_output_may_borrow_what_the_engine_lends() {
    assert_eq!(actions![lent, lent_later].map(kind), ["lent", "lent_later"]);
}

type Pair = (u8, String);

#[engine_action]
#[allow(clippy::type_complexity, unused_parens, reason = "what is tested is the type")]
async fn many_types(
    elided: std::borrow::Cow<'_, str>,
    forever: std::borrow::Cow<'static, str>,
    pair: Pair,
    array: [u8; 1 + 2],
    boxed: Box<str>,
    nested: std::collections::BTreeMap<String, Vec<Option<(f32, char)>>>,
    parenthesised: (&ActionContext),
) -> std::io::Result<Option<u8>> {
    let _ = (elided, forever, pair, boxed, nested, parenthesised);
    Ok(array.first().copied())
}

#[test]
fn an_input_may_be_of_any_owned_type() {
    let definition = many_types {}.definition();
    let names: Vec<_> = definition.inputs().iter().map(InputDefinition::name).collect();
    assert_eq!(names, ["elided", "forever", "pair", "array", "boxed", "nested"]);
    assert!(definition.needs().is_empty());
}

struct ByHand;

impl Action for ByHand {
    fn definition(&self) -> ActionDefinition {
        ActionDefinition::builder("by_hand").handler(|call| call.inputs()).build()
    }
}

const NESTED: [&dyn Action; 2] = actions![present, innocent::ok];
static ALL: [&dyn Action; 6] = actions![ByHand, ..NESTED, crate::scoped, ..no_prelude::ALL];
const SPREAD_ALONE: [&dyn Action; 2] = actions![..self::NESTED];
const SLICE: &[&dyn Action] = &NESTED;
const OF_SLICE: [&dyn Action; 3] = actions![ByHand, ..SLICE];
const NONE: [&dyn Action; 0] = actions![];

#[test]
fn lists_nest_and_are_constants() {
    assert_eq!(ALL.map(kind), ["by_hand", "present", "ok", "scoped", "bare", "bare_sync"]);
    assert_eq!(SPREAD_ALONE.map(kind), ["present", "ok"]);
    assert_eq!(OF_SLICE.map(kind), ["by_hand", "present", "ok"]);
    assert!(NONE.is_empty());
    let here = actions![flowright_tests_renamed::handed_on,];
    assert_eq!(here.map(kind), ["handed_on"]);
}

#[test]
fn a_list_holds_definitions_in_waiting() {
    fn kinds<I: IntoIterator<Item: Into<ActionDefinition>>>(actions: I) -> Vec<String> {
        actions.into_iter().map(|action| action.into().kind().to_owned()).collect()
    }
    assert_eq!(kinds(actions![present, scoped]), ["present", "scoped"]);
    assert_eq!(kinds([ByHand.definition()]), ["by_hand"]);
}
