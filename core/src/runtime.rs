//! What runs the actions of a run, for those who write another runtime than the one in memory.
//!
//! A run is a state machine that says which actions are ready. One loop drives it: it [starts](Runtime::start) what is
//! ready, in the order of the document, asks for what comes [next](Runtime::next), says what came of an attempt that
//! ended, has that [kept](Runtime::keep), and feeds it back when it is. So no action starts before what it waited for is
//! kept, and a runtime that records in which order things came next can give them back in that order.

pub use crate::run::{
    DurableRun, Ended, Errand, ErrandContext, ErrandRun, HandedOver, Kept, Next, Returned, Runtime, Start,
    Started, UnderWay,
};
pub use crate::step::{StepHost, StepHosts, idempotency_key};
