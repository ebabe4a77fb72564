//! What is wrong with what a document leaves to run time, in words.

use super::{Words, any_of, meant_or_any, quoted};
use crate::diagnostic::LeaveFault;

impl LeaveFault {
    pub(super) fn words(&self) -> Words {
        match self {
            LeaveFault::Shape { what, found, write } => Words::new(format!("{what}, not {found}"))
                .label(format!("this is {found}"))
                .help(format!("write {write}")),
            LeaveFault::UnknownAction { id, nearest } => Words::new(format!(
                "no action has the id {}, so nothing of it is left to run time",
                quoted(id)
            ))
            .label("unknown action")
            .maybe_help(meant_or_any::<&str>(nearest.as_deref(), &[], "")),
            LeaveFault::Nowhere { pointer, known } => {
                let known =
                    if known.is_empty() { String::new() } else { format!(", such as {}", any_of(known)) };
                Words::new(format!("{} leads to no value in the action's inputs", quoted(pointer)))
                    .label("leads nowhere")
                    .help(format!("write a pointer that begins with the input's name{known}"))
            }
            LeaveFault::Needless => Words::new("nothing here needs to be left to run time")
                .label("everything there is proven, or is a literal")
                .help("remove it"),
        }
    }
}
