//! Expansions as they are.

use proc_macro2::TokenStream;
use quote::quote;

/// The source of a test is beside it: no need to have it in the snapshot too.
macro_rules! assert_expansion {
    ($expansion:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($expansion) })
    };
}

fn expansion(attribute: TokenStream, item: TokenStream) -> String {
    printed(&crate::action(attribute, item))
}

fn printed(expansion: &TokenStream) -> String {
    match syn::parse2(expansion.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => panic!("{error} in {expansion}"),
    }
}

#[test]
fn an_asynchronous_function() {
    assert_expansion!(expansion(
        quote!(
            kind = "send_email",
            name = "Send email",
            icon = "✉",
            aliases("mail", "email"),
            deprecated = "use `post`",
            edges(
                allow_add = false,
                edge("Sent", if = "$.output.sent"),
                edge("Kept", else = "$.output.sent"),
                edge("Bounced", match = ("$.output.status", "bounced")),
                edge("Late", match = ("$.output.days", -3)),
                edge("Always"),
            )
        ),
        quote! {
            /// Send an email.
            ///
            /// Delivers one message
            /// through the relay.
            #[allow(clippy::too_many_arguments)]
            #[must_use]
            /// More.
            pub(crate) async fn send_email(
                mailer: &Mailer,
                /// Recipient address.
                #[input(title = "To", format = "email", examples("ada@example.com"))]
                to: String,
                #[input(field_type = "textarea", default = String::new())]
                mut body: String,
                #[input(default = "hello", min_length = 1, max_length = 80, pattern = "^h")] subject: String,
                #[allow(unused)] cc: Option<String>,
                #[input(flatten)] address: Address,
                context: &ActionContext,
                #[input(secret, deprecated, aliases("token"), rename = "key")] r#type: Key,
            ) -> Result<EmailSent, MailError> {
                mailer.send(to).await
            }
        }
    ));
}

#[test]
fn a_synchronous_function() {
    assert_expansion!(expansion(
        quote!(),
        quote! {
            pub fn add(
                #[input(min = -1, max = 3_000_000_000, multiple_of = 0.5)] a: f64,
                clock: &(dyn Clock + 'static),
                #[input(default)] r#type: f64,
            ) -> f64 {
                a + r#type
            }
        }
    ));
}

#[test]
fn a_function_of_nothing() {
    assert_expansion!(expansion(
        quote!(crate = crate::engine::flowright),
        quote! {
            /// Tick.
            #[doc = include_str!("tick.md")]
            #[cfg(feature = "tick")]
            fn tick() {}
        }
    ));
}

#[test]
fn an_asynchronous_function_of_nothing() {
    assert_expansion!(expansion(
        quote!(),
        quote!(
            async fn tick() {}
        )
    ));
}

#[test]
fn a_function_with_mistakes_is_still_a_function_and_a_type() {
    assert_expansion!(expansion(
        quote!(nam = "Add", kind = "plus"),
        quote! {
            /// Adds.
            pub fn add(
                /// First.
                #[input(mni = 1)]
                a: f64,
                #[allow(unused)] b: &mut f64,
            ) -> f64 {
                a + *b
            }
        }
    ));
}

#[test]
fn a_body_that_is_half_typed_does_not_matter() {
    let expansion = crate::action(quote!(), quote!(fn half(a: u32) -> u32 { let b = ; a. }));
    let text = expansion.to_string();
    assert!(text.contains("let b = ; a ."), "{text}");
    assert!(text.contains("struct half { }") && !text.contains("compile_error"), "{text}");
}

#[test]
fn an_item_that_cannot_be_read_loses_only_what_is_ours() {
    let item = quote!(fn half(#[input(title = "x")] /** Doc. */ #[allow(unused)] a: , b: u32) {});
    let text = crate::action(quote!(), item).to_string();
    assert!(text.contains("fn half (# [allow (unused)] a : , b : u32) { }"), "{text}");
    assert_eq!(text.matches("compile_error").count(), 1, "{text}");
}

#[test]
fn every_mistake_is_reported() {
    let text = crate::action(
        quote!(kind = 1, name = ""),
        quote!(
            const fn f<T>(#[input(min = "x")] a: u32, b: &mut u32) -> &str {}
        ),
    );
    assert_eq!(text.to_string().matches("compile_error").count(), 7);
}

#[test]
fn a_test_for_each_file() {
    let call = quote!(my_app::registry(), "src/[de]*o*.rs", event = "order.placed", module = r#mod);
    assert_expansion!(printed(&crate::workflows::tests(call)));
}
