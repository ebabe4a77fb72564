//! Why a cluster does not do what is asked of it.

use crate::vault::Locked;
use std::fmt;
use std::sync::Arc;

/// Why a cluster does not do what is asked of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// The address of the cluster is none, or nothing answers there as it should.
    Address(String),
    /// The cluster cannot be reached, or answers otherwise than it should.
    Cluster(Arc<restate_sdk::ingress::ClientError>),
    /// There is no run of this id.
    NoRun(String),
    /// There is a run of this id already, of another document or another event.
    OtherRun(String),
    /// The run has ended, and takes no more events.
    Ended(String),
    /// The event is refused: the registry does not know it, or its data is of another type.
    Event(String),
    /// The run's id cannot be one.
    Id(String),
    /// The run handles secrets, and the client has no key, or not the one that they were sealed by.
    Key(String),
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::Address(message) => write!(f, "the cluster cannot be reached: {message}"),
            ClientError::Cluster(error) => write!(f, "the cluster cannot be used: {error}"),
            ClientError::NoRun(id) => write!(f, "there is no run `{id}`"),
            ClientError::OtherRun(id) => {
                write!(
                    f,
                    "there is a run `{id}` already, of another document or event: give this one another id"
                )
            }
            ClientError::Ended(id) => write!(f, "the run `{id}` has ended, and takes no more events"),
            ClientError::Event(message) | ClientError::Key(message) => f.write_str(message),
            ClientError::Id(id) => write!(
                f,
                "`{}` cannot be the id of a run: write 1 to 128 characters, none of them `/` or a control character",
                id.escape_debug()
            ),
        }
    }
}

impl std::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ClientError::Cluster(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Locked> for ClientError {
    fn from(locked: Locked) -> Self {
        ClientError::Key(locked.to_string())
    }
}

impl From<restate_sdk::ingress::ClientError> for ClientError {
    fn from(error: restate_sdk::ingress::ClientError) -> Self {
        ClientError::Cluster(Arc::new(error))
    }
}
