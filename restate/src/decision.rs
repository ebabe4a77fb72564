//! What an attempt does next.

use crate::message::{fits, too_large};
use crate::steps::to_record;
use crate::time::counted;
use crate::vault::{About, Envelope, Locked, Vault};
use flowright::ActionError;
use flowright::runtime::Returned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// What an attempt does next: recorded before it goes on, so that whoever resumes it does the same, wherever its action
/// would have been by then.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Decision {
    /// When its time is over, where it has a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) over_at: Option<SystemTime>,
    pub(crate) next: Next,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Next {
    /// Go on with what a sub-step's work came to.
    Did { step: String, record: Value },
    /// Sleep.
    Sleep { step: String, pause: Pause },
    /// Wait for an event.
    Wait { step: String, event: String, pause: Pause },
    /// Be over.
    End(Returned),
}

/// How long an attempt pauses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pause {
    /// How long at most, where that is known.
    pub(crate) at_most: Option<Duration>,
    /// Whether the attempt's time is over after that.
    pub(crate) is_last: bool,
}

impl Pause {
    /// As long as is asked for, or as is left.
    pub(crate) fn of(asked: Option<Duration>, left: Option<Duration>) -> Self {
        let is_last = left.is_some_and(|left| asked.is_none_or(|asked| left < asked));
        Pause { at_most: if is_last { left } else { asked }.map(counted), is_last }
    }
}

impl Decision {
    /// What is recorded of it; where that is too large, it is that that is recorded.
    pub(crate) fn enclose(
        self,
        vault: &Vault,
        is_secret: bool,
        about: &About<'_>,
    ) -> Result<Envelope<Self>, Locked> {
        let (over_at, step) = (self.over_at, self.next.step().map(str::to_owned));
        let enclosed = vault.enclose(is_secret, about, self)?;
        if fits(&enclosed) {
            return Ok(enclosed);
        }
        let next = match step {
            Some(step) => {
                let refused = ActionError::fatal(too_large("what the sub-step came to"));
                Next::Did { step, record: to_record(Err(refused)) }
            }
            None => Next::End(Returned::beyond_limit(too_large("the output"))),
        };
        Ok(Envelope::Open(Decision { over_at, next }))
    }
}

impl Next {
    fn step(&self) -> Option<&str> {
        match self {
            Next::Did { step, .. } | Next::Sleep { step, .. } | Next::Wait { step, .. } => Some(step),
            Next::End(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_with_the_time_of_its_attempt() {
        let seconds = |seconds: u64| Some(Duration::from_secs(seconds));
        let pause = |at_most, is_last| Pause { at_most, is_last };
        assert_eq!(Pause::of(seconds(2), None), pause(seconds(2), false));
        assert_eq!(Pause::of(seconds(2), seconds(2)), pause(seconds(2), false));
        assert_eq!(Pause::of(seconds(2), seconds(1)), pause(seconds(1), true));
        assert_eq!(Pause::of(None, seconds(1)), pause(seconds(1), true));
        assert_eq!(Pause::of(None, None), pause(None, false));
    }
}
