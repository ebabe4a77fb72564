//! flowright's macros: the attribute `#[engine_action]`, and `test_workflows!`.
//!
//! Tokens become a model, the model becomes an expansion. Every mistake on the way goes into one
//! sink, so that all of them are reported at once, and the function survives them.
#![deny(missing_docs)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod attribute;
mod doc;
mod edges;
mod errors;
mod expand;
mod header;
mod model;
mod parameter;
mod paths;
mod policy;
mod recover;
mod signature;
#[cfg(test)]
mod tests;
mod workflows;

use errors::Errors;
use proc_macro2::TokenStream;

/// Makes an action of a function.
///
/// Owned parameters are the action's inputs; borrowed ones the engine provides, by type. The function stays as it is
/// written, and beside it stands a type of its name that implements `flowright::Action`.
///
/// Sync or async; it returns `T` or `Result<T, E>`. An input's type is `serde::Deserialize` and `schemars::JsonSchema`,
/// the output's `serde::Serialize` and `schemars::JsonSchema`, and an error is whatever `ActionError` can be made from.
///
/// On the function: `kind`, `name`, `icon`, `aliases("old_kind")`, `deprecated = "use …"`, `edges(…)`, `crate = path`.
/// On a parameter, in `#[input(…)]`: `title`, `format`, `min`, `max`, `min_length`, `max_length`, `pattern`,
/// `multiple_of`, `examples(…)`, `field_type`, `rename`, `default`, `flatten`, `secret`, `aliases("old_name")`,
/// `deprecated`.
#[proc_macro_attribute]
pub fn engine_action(
    attribute: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    action(attribute.into(), item.into()).into()
}

/// Makes a test of every workflow that a pattern matches, named after its file.
///
/// `test_workflows!(registry(), "workflows/**/*.json")` stands in a module of tests, or in a file below `tests/`. The
/// first argument makes the `flowright::Registry`, the second says which files are meant, from the folder of the
/// crate's `Cargo.toml` on: `*` for any part of a name, `**` for any folders, `?` and `[ab]` for a character. A test
/// fails with the drawn report of its file, as a build script with `flowright::build::check` does.
///
/// One more test compares the files with those that were there when the tests were compiled, so that none that was
/// added later goes untested. A pattern that matches nothing is a compile error.
///
/// The tests stand in a module that is named after the folder, here `workflows`, so `cargo test workflows::` runs
/// them. Further arguments are `event = "order.placed"`, which checks for this event type; `module = orders`, which
/// names the module, and which a second call for the same folder needs; and `crate = path`, where flowright has
/// another name.
///
/// ```text
/// flowright::test_workflows!(my_app::registry(), "workflows/**/*.json");
/// flowright::test_workflows!(my_app::registry(), "orders/*.json", event = "order.placed", module = on_order);
/// ```
#[proc_macro]
pub fn test_workflows(call: proc_macro::TokenStream) -> proc_macro::TokenStream {
    workflows::tests(call.into()).into()
}

fn action(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let header = header::Header::parse(attribute, &mut errors);
    let function = match signature::Function::parse(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            errors.push(error);
            return recover::unparsed(item, &errors);
        }
    };
    let model = model::Model::of(header, &function, &mut errors);
    if errors.is_empty() {
        expand::expand(&function, &model)
    } else {
        recover::recover(&function, &model, &errors)
    }
}
