#![allow(missing_docs)]
use flowright::prelude::*;
use serde_json::json;

struct Mailer;

/// Send an email.
///
/// Delivers one
/// message.
#[engine_action(kind = "send_email", name = "Send email", icon = "✉", edges(allow_add = false, edge("True", if = "$.output"), edge("B", match = ("$.output", -1))))]
async fn send_email(
    mailer: &Mailer,
    context: &ActionContext,
    /// Recipient address.
    #[input(title = "To", format = "email")]
    to: String,
    #[input(field_type = "textarea", default = String::new())] body: String,
    #[input(default = "x", max = 18446744073709551615)] mut subject: String,
    cc: Option<String>,
) -> Result<String, std::io::Error> {
    let _ = (mailer, context, &body, cc, &mut subject);
    Ok(to)
}

#[engine_action]
fn plain(#[input(min = 1)] a: u32) -> u32 {
    a
}
#[engine_action]
fn result() {}

#[test]
fn x() {
    let d = send_email {}.definition();
    println!("{:#?}\n{:#}\n{:#}", d, d.inputs_schema(), d.output_schema());
    let l = actions![send_email, plain, result];
    assert_eq!(plain {}.definition().inputs_schema()["properties"]["a"]["minimum"], json!(1));
    assert_eq!(l.len(), 3);
}
