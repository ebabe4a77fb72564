//! Whether a function returns `T` or `Result<T, E>`: answered by the compiler, by type, never by name.
//!
//! Each pair below is an inherent item and a trait item of one name. The inherent one wins where its `impl` applies, so
//! the trait's is the answer "no". An expansion asks of concrete types only, which is where this works.

use super::error::{ActionFault, ActionResult};
use super::output::{ActionOutput, OutputDefinition};
use std::convert::Infallible;
use std::marker::PhantomData;

/// What a function returned. Without bounds: one that failed would silently pick the other answer.
pub struct Returned<R>(pub R);

impl<T, E> Returned<Result<T, E>> {
    /// A `Result`, under whatever name, is itself.
    #[inline]
    pub fn into_result(self) -> Result<T, E> {
        self.0
    }
}

/// What is not a `Result`.
pub trait ReturnedPlain {
    /// The value itself.
    type Value;
    /// Anything else has succeeded.
    fn into_result(self) -> Result<Self::Value, Infallible>;
}

impl<R> ReturnedPlain for Returned<R> {
    type Value = R;

    #[inline]
    fn into_result(self) -> Result<R, Infallible> {
        Ok(self.0)
    }
}

/// What a function returns, without a value of it.
pub struct Returns<R>(PhantomData<fn() -> R>);

impl<R> Returns<R> {
    /// The only one.
    pub const TYPE: Self = Returns(PhantomData);
}

impl<T, E> Returns<Result<T, E>> {
    /// A `Result` produces what is in its `Ok`.
    pub fn produces(self) -> Produces<T> {
        Produces(PhantomData)
    }
}

/// What is not a `Result`.
pub trait ReturnsPlain {
    /// The type itself.
    type Value;
    /// Anything else produces itself.
    fn produces(self) -> Produces<Self::Value>;
}

impl<R> ReturnsPlain for Returns<R> {
    type Value = R;

    fn produces(self) -> Produces<R> {
        Produces(PhantomData)
    }
}

/// The type of an action's output.
pub struct Produces<T>(PhantomData<fn() -> T>);

impl<T: ActionOutput> Produces<T> {
    /// The output's description.
    #[allow(clippy::unused_self, reason = "a method, so that the trait's can stand in for it")]
    pub fn define(self) -> OutputDefinition {
        OutputDefinition::of::<T>()
    }
}

/// A type that cannot be an output: the call of the function says so, once.
pub trait ProducesNothing: Sized {
    /// Described as anything.
    fn define(self) -> OutputDefinition {
        OutputDefinition::anything()
    }
}

impl<T> ProducesNothing for Produces<T> {}

/// The end of a call: the output as JSON.
#[inline]
pub fn finish<T: ActionOutput, E: ActionFault>(result: Result<T, E>) -> ActionResult {
    match result {
        Ok(output) => super::output::written(&output),
        Err(error) => Err(error.into_action_error()),
    }
}
