//! The events that are sent to a run: they are kept until they are waited for, and each wait takes one.

use crate::message::{fits, too_large};
use crate::names::RUN;
use crate::vault::Envelope;
use restate_sdk::context::RequestTarget;
use restate_sdk::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where a run's letters are kept in the object.
const LETTERS: &str = "letters";

/// What fails with this has no room any more.
pub(crate) const FULL: u16 = 413;

/// What fails with this comes too late: another run has the id by now.
pub(crate) const OVER: u16 = 410;

/// The events that were sent to a run, and who waits for one.
#[derive(Debug, Serialize, Deserialize)]
struct Letters {
    /// The run as an invocation.
    invocation: String,
    sent: Vec<Letter>,
    waiting: Vec<Waiting>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Letter {
    event: String,
    data: Envelope<Value>,
    /// The wait that has taken it.
    taken_by: Option<String>,
}

/// A wait for an event: `<length of the action's id>/<action id>/<name of the sub-step>`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) wait: String,
    pub(crate) event: String,
    /// What is resolved when it comes.
    pub(crate) awakeable: String,
    /// The run as an invocation.
    pub(crate) invocation: String,
}

/// An event.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) event: String,
    pub(crate) data: Envelope<Value>,
    /// The run as an invocation.
    pub(crate) invocation: String,
}

impl Letters {
    fn of(invocation: &str) -> Self {
        Letters { invocation: invocation.to_owned(), sent: Vec::new(), waiting: Vec::new() }
    }

    /// The data of the event that this wait has taken, or else of the first one that no wait has.
    fn take(&mut self, wait: &str, event: &str) -> Option<Envelope<Value>> {
        let own = self
            .sent
            .iter()
            .position(|letter| letter.event == event && letter.taken_by.as_deref() == Some(wait));
        let free = self.sent.iter().position(|letter| letter.event == event && letter.taken_by.is_none());
        let letter = self.sent.get_mut(own.or(free)?)?;
        letter.taken_by = Some(wait.to_owned());
        Some(letter.data.clone())
    }

    /// Gives back what a wait has taken; what it gave back may be another's.
    fn release(&mut self, wait: &str) -> Option<(Waiting, Envelope<Value>)> {
        self.waiting.retain(|other| other.wait != wait);
        let letter = self.sent.iter_mut().find(|letter| letter.taken_by.as_deref() == Some(wait))?;
        letter.taken_by = None;
        let next = self.waiting.iter().position(|waiting| waiting.event == letter.event)?;
        let next = self.waiting.remove(next);
        letter.taken_by = Some(next.wait.clone());
        Some((next, letter.data.clone()))
    }
}

/// The object.
pub(crate) struct Inbox;

#[restate_sdk::object(name = "FlowrightInbox")]
impl Inbox {
    /// Keeps an event, or hands it to who waits for it.
    #[handler]
    async fn send(&self, ctx: ObjectContext<'_>, Json(sent): Json<Sent>) -> Result<(), HandlerError> {
        let mut letters = match known(&ctx).await? {
            Some(letters) if letters.invocation == sent.invocation => letters,
            Some(_) => return Err(TerminalError::new_with_code(OVER, "the run has ended").into()),
            None => begun(&ctx, &sent.invocation),
        };
        let waiting = letters.waiting.iter().position(|waiting| waiting.event == sent.event);
        let waiting = waiting.map(|at| letters.waiting.remove(at));
        let taken_by = waiting.as_ref().map(|waiting| waiting.wait.clone());
        letters.sent.push(Letter { event: sent.event, data: sent.data.clone(), taken_by });
        if !fits(&letters) {
            return Err(TerminalError::new_with_code(FULL, too_large("all that was sent to the run")).into());
        }
        ctx.set(LETTERS, Json(letters));
        if let Some(waiting) = &waiting {
            ctx.resolve_awakeable(&waiting.awakeable, Json(sent.data));
        }
        Ok(())
    }

    /// The data of an event in a list; an empty one where it has to be waited for.
    #[handler]
    async fn take(
        &self,
        ctx: ObjectContext<'_>,
        Json(waiting): Json<Waiting>,
    ) -> Result<Json<Vec<Envelope<Value>>>, HandlerError> {
        let mut letters = letters(&ctx, &waiting.invocation).await?;
        let data = letters.take(&waiting.wait, &waiting.event);
        letters.waiting.retain(|other| other.wait != waiting.wait);
        if data.is_none() {
            letters.waiting.push(waiting);
        }
        ctx.set(LETTERS, Json(letters));
        Ok(Json(data.into_iter().collect()))
    }

    /// No longer waits: the data of an event that came all the same.
    #[handler]
    async fn leave(
        &self,
        ctx: ObjectContext<'_>,
        Json(waiting): Json<Waiting>,
    ) -> Result<Json<Vec<Envelope<Value>>>, HandlerError> {
        let mut letters = letters(&ctx, &waiting.invocation).await?;
        letters.waiting.retain(|other| other.wait != waiting.wait);
        let own = letters.sent.iter().find(|letter| letter.taken_by.as_ref() == Some(&waiting.wait));
        let data = own.map(|letter| letter.data.clone());
        ctx.set(LETTERS, Json(letters));
        Ok(Json(data.into_iter().collect()))
    }

    /// No longer waits, and gives back an event that came all the same.
    #[handler]
    async fn release(
        &self,
        ctx: ObjectContext<'_>,
        Json(waiting): Json<Waiting>,
    ) -> Result<(), HandlerError> {
        let mut letters = letters(&ctx, &waiting.invocation).await?;
        if let Some((next, data)) = letters.release(&waiting.wait) {
            ctx.resolve_awakeable(&next.awakeable, Json(data));
        }
        ctx.set(LETTERS, Json(letters));
        Ok(())
    }

    /// Forgets all that was sent to a run, as the invocation of this id: it has ended. Another one may have its id by now.
    #[handler]
    async fn forget(
        &self,
        ctx: ObjectContext<'_>,
        Json(invocation): Json<String>,
    ) -> Result<(), HandlerError> {
        if known(&ctx).await?.is_some_and(|letters| letters.invocation == invocation) {
            ctx.clear_all();
        }
        Ok(())
    }
}

async fn known(ctx: &ObjectContext<'_>) -> Result<Option<Letters>, TerminalError> {
    Ok(ctx.get::<Json<Letters>>(LETTERS).await?.map(|Json(letters)| letters))
}

/// The letters of a run that goes on, whoever had its id before.
async fn letters(ctx: &ObjectContext<'_>, invocation: &str) -> Result<Letters, TerminalError> {
    let known = known(ctx).await?.filter(|letters| letters.invocation == invocation);
    Ok(known.unwrap_or_else(|| begun(ctx, invocation)))
}

/// No letters yet. It is seen to that they are forgotten when the run has ended.
fn begun(ctx: &ObjectContext<'_>, invocation: &str) -> Letters {
    let outlast = RequestTarget::workflow(RUN, ctx.key(), "outlast");
    ctx.request::<Json<String>, ()>(outlast, Json(invocation.to_owned())).send();
    Letters::of(invocation)
}
