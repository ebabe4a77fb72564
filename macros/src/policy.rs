//! `retries = 3, timeout = "30s", max_concurrency = 8`: how an action is tried.

use crate::attribute::Entry;
use crate::errors::Errors;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Ident, LitStr};

/// The units of a duration, in milliseconds.
const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

#[derive(Default)]
pub(crate) struct Policy {
    retries: Option<u32>,
    timeout: Option<u64>,
    max_concurrency: Option<u32>,
    /// The keys that only an asynchronous function can keep.
    waits: Vec<Ident>,
}

impl Policy {
    pub(crate) fn read(&mut self, entry: &Entry, errors: &mut Errors) {
        match entry.key.to_string().as_str() {
            "retries" => self.retries = small(entry, errors),
            "timeout" => {
                self.timeout = entry.text(errors).and_then(|text| milliseconds(&text, errors));
                self.waits.push(entry.key.clone());
            }
            _ => {
                self.max_concurrency = small(entry, errors);
                if self.max_concurrency == Some(0) {
                    errors
                        .at(entry, "none of its calls could ever begin: write `max_concurrency = 1` or more");
                }
                self.waits.push(entry.key.clone());
            }
        }
    }

    /// Refuses what a synchronous function cannot keep.
    pub(crate) fn refuse_where_synchronous(&self, errors: &mut Errors) {
        for key in &self.waits {
            errors.at(
                key,
                format_args!("a synchronous function cannot be stopped or put off: write `async fn`, or leave `{key}` out"),
            );
        }
    }
}

/// The policy as an expression; nothing where it says nothing.
impl ToTokens for Policy {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Policy { retries, timeout, max_concurrency, waits: _ } = self;
        if retries.is_none() && timeout.is_none() && max_concurrency.is_none() {
            return;
        }
        let (retries, timeout) = (retries.iter(), timeout.iter());
        let calls = max_concurrency.iter().map(|calls| *calls as usize);
        tokens.extend(quote! {
            .policy(
                __flowright::Policy::new()
                    #(.retries(#retries))*
                    #(.timeout(__flowright::Duration::from_millis(#timeout)))*
                    #(.max_concurrency(#calls))*
            )
        });
    }
}

fn small(entry: &Entry, errors: &mut Errors) -> Option<u32> {
    let count = entry.count(errors)?;
    let small = u32::try_from(count).ok();
    if small.is_none() {
        errors.at(entry, format_args!("{count} is more than {}: write a smaller number", u32::MAX));
    }
    small
}

fn milliseconds(text: &LitStr, errors: &mut Errors) -> Option<u64> {
    let written = text.value();
    let digits = written.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = written.strip_prefix(digits).unwrap_or_default();
    let unit = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, milliseconds)| *milliseconds);
    let found = digits.parse::<u64>().ok().zip(unit).and_then(|(count, unit)| count.checked_mul(unit));
    match found {
        Some(0) => errors.at(text, "no attempt ends in no time: write a longer one"),
        None => errors.at(
            text,
            format_args!("`{written}` is no duration: write a number and a unit, such as `\"500ms\"`, `\"30s\"`, `\"5m\"`, `\"2h\"` or `\"1d\"`"),
        ),
        Some(_) => {}
    }
    found.filter(|milliseconds| *milliseconds > 0)
}
