//! Functions that were written anew.

use crate::{assert_change, with};
use flowright::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! change {
    ($name:ident: { $($old:tt)* } becomes { $($new:tt)* } $($said:expr),* $(,)?) => {
        #[test]
        fn $name() {
            #[allow(unused, reason = "of interest are the signatures")]
            mod old {
                use super::*;
                $($old)*
                pub(super) fn registry() -> Registry { with(&act {}) }
            }
            #[allow(unused, reason = "of interest are the signatures")]
            mod new {
                use super::*;
                $($new)*
                pub(super) fn registry() -> Registry { with(&act {}) }
            }
            assert_change(&old::registry(), &new::registry(), &[$($said),*]);
        }
    };
}

change! { comments_and_titles_and_needs_change_nothing:
    { /** Act. */ #[engine_action] pub(super) fn act(x: u32) -> u32 { x } }
    becomes { /** Act now. */ #[engine_action(name = "Acts")] pub(super) fn act(_: &String, #[input(default = 3)] y: u8, /** X. */ x: u32) -> u32 { x + u32::from(y) } }
    "fine: `act` takes a new input `y`, which is optional",
}

change! { an_input_may_take_more_and_not_less:
    { /** Act. */ #[engine_action] pub(super) fn act(more: u8, less: f64, #[input(max = 9)] fewer: u8, other: String) {} }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(more: u64, less: i64, #[input(max = 5)] fewer: u8, other: bool) {} }
    "fine: the input `more` of `act` is wider: it was `integer 0 to 255` and is `integer ≥ 0`",
    "breaking: the input `less` of `act` is narrower: it was `number` and is `integer`; `0.5` is refused now",
    "breaking: the input `fewer` of `act` is narrower in bounds: it was `integer 0 to 9` and is `integer 0 to 5`; `6` is refused now",
    r#"breaking: the input `other` of `act` is of another type: it was `string` and is `boolean`; `""` is refused now"#,
}

change! { an_output_may_be_less_and_not_more:
    { /** Act. */ #[engine_action] pub(super) fn act() -> Option<String> { None } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act() -> String { String::new() } }
    "fine: the output of `act` is narrower: it was `string | null` and is `string`",
}

change! { an_output_that_may_be_null_now_is_breaking:
    { /** Act. */ #[engine_action] pub(super) fn act() -> String { String::new() } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act() -> Option<String> { None } }
    "breaking: the output of `act` is wider: it was `string` and is `string | null`; `null` is possible now",
}

change! { a_new_input_must_be_optional:
    { /** Act. */ #[engine_action] pub(super) fn act() {} }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(a: String, b: Option<String>, #[input(default = "x")] c: String) {} }
    "breaking: `act` requires a new input `a`; give it a default, or make it optional",
    "fine: `act` takes a new input `b`, which is optional",
    "fine: `act` takes a new input `c`, which is optional",
}

change! { an_input_may_become_optional:
    { /** Act. */ #[engine_action] pub(super) fn act(a: String, b: Option<String>, #[input(default = 1)] c: u8) {} }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(a: Option<String>, b: String, c: u8) {} }
    "fine: the input `a` of `act` is optional now",
    "breaking: the input `b` of `act` is required now, and was optional; give it a default",
    "breaking: the input `c` of `act` is required now, and was optional; give it a default",
}

change! { inputs_keep_their_old_names_as_aliases:
    { /** Act. */ #[engine_action] pub(super) fn act(to: String, from: String, #[input(aliases("re"))] subject: String, body: Option<String>) {} }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(#[input(aliases("to"))] recipient: String, sender: String, subject: String, #[input(deprecated)] body: Option<String>) {} }
    "fine: the input `to` of `act` is called `recipient` now, and its old name still works",
    "breaking: `act` takes the input `from` no more",
    "breaking: the input `subject` of `act` goes by `re` no more; keep that as an alias",
    "fine: the input `body` of `act` is deprecated now",
    "breaking: `act` requires a new input `sender`; give it a default, or make it optional",
}

change! { names_may_not_change_hands:
    { /** Act. */ #[engine_action(aliases("do"))] pub(super) fn act(#[input(aliases("b"))] a: String, c: Option<String>, d: Option<String>) {} }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(a: String, b: Option<String>, #[input(aliases("d"))] c: Option<String>) {} }
    "breaking: `act` goes by `do` no more; keep that as an alias",
    "breaking: the input `a` of `act` goes by `b` no more, which is `b` now",
    "fine: the input `d` of `act` is called `c` now, and its old name still works",
    "breaking: the inputs `c` and `d` of `act` are one now, and no document may give both",
    "fine: `act` takes a new input `b`, which is optional",
}

change! { an_input_may_be_deprecated_and_is_then_removed:
    { /** Act. */ #[engine_action] pub(super) fn act(#[input(deprecated)] a: Option<String>, b: Option<String>) {} }
    becomes { /** Act. */ #[engine_action] pub(super) fn act() {} }
    "breaking: `act` takes the input `a` no more, which was deprecated",
    "breaking: `act` takes the input `b` no more",
}

change! { a_kind_keeps_its_old_name_as_an_alias:
    { /** Act. */ #[engine_action(kind = "mail", aliases("post"))] pub(super) fn act(x: u8) {} }
    becomes { /** Act. */ #[engine_action(kind = "send", aliases("mail", "post"))] pub(super) fn act(x: i8) {} }
    "fine: `mail` is called `send` now, and its old name still works",
    "breaking: the input `x` of `mail` is of another type: it was `integer 0 to 255` and is `integer -128 to 127`; `128` is refused now",
}

change! { a_kind_that_only_an_alias_leads_to_is_still_compared:
    { /** Act. */ #[engine_action(kind = "mail", aliases("post"))] pub(super) fn act(x: u8) {} }
    becomes { /** Act. */ #[engine_action(kind = "post")] pub(super) fn act(x: i8) {} }
    "breaking: `mail` is called `post` now; make its old name an alias",
    "breaking: the input `x` of `mail` is of another type: it was `integer 0 to 255` and is `integer -128 to 127`; `128` is refused now",
}

change! { a_kind_without_an_alias_is_removed:
    { /** Act. */ #[engine_action(kind = "mail")] pub(super) fn act() {} }
    becomes { /** Act. */ #[engine_action(kind = "send")] pub(super) fn act() {} }
    "breaking: `mail` is removed; make it an alias of the action that takes its place",
    "fine: `send` is a new action",
}

change! { a_deprecated_kind_is_removed_as_it_said:
    { /** Act. */ #[engine_action(kind = "mail", deprecated = "use `send`")] pub(super) fn act() {} }
    becomes { /** Act. */ #[engine_action(kind = "send")] pub(super) fn act() {} }
    "breaking: `mail` is removed, as it was deprecated: use `send`",
    "fine: `send` is a new action",
}

change! { a_kind_may_be_deprecated:
    { /** Act. */ #[engine_action] pub(super) fn act() {} }
    becomes { /** Act. */ #[engine_action(deprecated = "use `send`")] pub(super) fn act() {} }
    "fine: `act` is deprecated now: use `send`",
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Two {
    Low,
    High,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Three {
    Low,
    High,
    Urgent,
}

change! { an_input_may_have_another_variant:
    { /** Act. */ #[engine_action] pub(super) fn act(more: Two, less: Three) { } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(more: Three, less: Two) { } }
    r#"fine: the input `more` of `act` is wider: it was `"low" | "high"` and is `"low" | "high" | "urgent"`"#,
    r#"breaking: the input `less` of `act` is narrower: it was `"low" | "high" | "urgent"` and is `"low" | "high"`; `"urgent"` is refused now"#,
}

change! { an_output_may_lack_a_variant:
    { /** Act. */ #[engine_action] pub(super) fn act() -> Three { Three::Urgent } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act() -> Two { Two::Low } }
    r#"fine: the output of `act` is narrower: it was `"low" | "high" | "urgent"` and is `"low" | "high"`"#,
}

change! { an_output_may_not_have_another_variant:
    { /** Act. */ #[engine_action] pub(super) fn act() -> Vec<Two> { vec![Two::High] } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act() -> Vec<Three> { vec![Three::Urgent] } }
    r#"breaking: the output of `act` is wider: it was `("low" | "high")[]` and is `("low" | "high" | "urgent")[]`; `"low" | "high" | "urgent"` at `[0]` does not fit `"low" | "high"`; `["urgent"]` is possible now"#,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "via", rename_all = "lowercase")]
pub(crate) enum Channel {
    Mail { to: String },
    Sms { number: String },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "via", rename_all = "lowercase")]
pub(crate) enum MoreChannels {
    Mail { to: String },
    Sms { number: String },
    Push { device: String },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "via", rename_all = "lowercase")]
pub(crate) enum Sender {
    Mail { to: String, from: String },
    Sms { number: String },
}

change! { an_input_may_have_another_tagged_variant:
    { /** Act. */ #[engine_action] pub(super) fn act(more: Channel, less: MoreChannels, member: Channel) { } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(more: MoreChannels, less: Channel, member: Sender) { } }
    r#"fine: the input `more` of `act` is wider: it was `{ to: string, via: "mail" } | { number: string, via: "sms" }` and is `{ to: string, via: "mail" } | { number: string, via: "sms" } | { device: string, via: "push" }`"#,
    r#"breaking: the input `less` of `act` is narrower: it was `{ to: string, via: "mail" } | { number: string, via: "sms" } | { device: string, via: "push" }` and is `{ to: string, via: "mail" } | { number: string, via: "sms" }`; `"push"` at `via` does not fit `"mail"`; `{"device":"","via":"push"}` is refused now"#,
    r#"breaking: the input `member` of `act` is narrower: it was `{ to: string, via: "mail" } | { number: string, via: "sms" }` and is `{ from: string, to: string, via: "mail" } | { number: string, via: "sms" }`; `string` at `from` is required now; `{"to":"","via":"mail"}` is refused now"#,
}

change! { an_output_may_lack_a_tagged_variant:
    { /** Act. */ #[engine_action] pub(super) fn act() -> MoreChannels { MoreChannels::Push { device: String::new() } } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act() -> Channel { Channel::Sms { number: String::new() } } }
    r#"fine: the output of `act` is narrower: it was `{ to: string, via: "mail" } | { number: string, via: "sms" } | { device: string, via: "push" }` and is `{ to: string, via: "mail" } | { number: string, via: "sms" }`"#,
}

change! { an_output_may_not_have_another_tagged_variant:
    { /** Act. */ #[engine_action] pub(super) fn act() -> Channel { Channel::Sms { number: String::new() } } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act() -> MoreChannels { MoreChannels::Push { device: String::new() } } }
    r#"breaking: the output of `act` is wider: it was `{ to: string, via: "mail" } | { number: string, via: "sms" }` and is `{ to: string, via: "mail" } | { number: string, via: "sms" } | { device: string, via: "push" }`; `"push"` at `via` does not fit `"mail"`; `{"device":"","via":"push"}` is possible now"#,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Address {
    street: String,
    city: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct ShortAddress {
    street: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<u8>,
}

change! { members_of_a_flattened_struct_are_inputs:
    { /** Act. */ #[engine_action] pub(super) fn act(#[input(flatten)] address: Address) { } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(#[input(flatten)] address: ShortAddress, city: String) { } }
    "fine: `act` takes a new input `floor`, which is optional",
}

change! { members_of_an_output_are_there_still:
    { /** Act. */ #[engine_action] pub(super) fn act() -> Address { Address { street: String::new(), city: String::new() } } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act() -> ShortAddress { ShortAddress { street: String::new(), floor: None } } }
    r#"breaking: the output of `act` is of another type: it was `{ city: string, street: string }` and is `{ street: string, floor?: integer 0 to 255 | null }`; `string` at `city` may be absent now; `{"street":""}` is possible now"#,
}

change! { the_value_of_a_secret_is_not_shown:
    { /** Act. */ #[engine_action] pub(super) fn act(#[input(secret)] key: String, pin: Option<u16>) { } }
    becomes { /** Act. */ #[engine_action] pub(super) fn act(#[input(min_length = 20)] key: String, #[input(secret, max = 9)] pin: Option<u16>) { } }
    "breaking: the input `key` of `act` is narrower in bounds: it was `string` and is `string (≥ 20 characters)`",
    "breaking: the input `pin` of `act` is narrower in bounds: it was `integer 0 to 65535 | null` and is `integer 0 to 9 | null`",
}
