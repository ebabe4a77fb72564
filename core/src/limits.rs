//! How large a document, its values and its rules may be.

use serde::{Deserialize, Serialize};

/// Bounds on what is untrusted: documents, events and outputs. Each has a default and can be set;
/// what exceeds one is a `limit` diagnostic, or a `limit` run error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    pub(crate) document_bytes: usize,
    pub(crate) actions: usize,
    pub(crate) edges: usize,
    pub(crate) nesting: usize,
    pub(crate) path_segments: usize,
    pub(crate) input_bytes: usize,
    pub(crate) state_bytes: usize,
    pub(crate) rule_depth: usize,
    pub(crate) rule_steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Limits {
            document_bytes: 4 * MIB,
            actions: 10_000,
            edges: 50_000,
            nesting: 64,
            path_segments: 64,
            input_bytes: 8 * MIB,
            state_bytes: 64 * MIB,
            rule_depth: 64,
            rule_steps: 100_000,
        }
    }
}

macro_rules! settable {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty;)*) => {
        impl Limits {$(
            $(#[doc = $doc])+
            #[must_use]
            pub fn $name(mut self, limit: $type) -> Self {
                self.$name = limit;
                self
            }
        )*}
    };
}

settable! {
    /// Bytes of a document's text. 4 MiB unless set.
    document_bytes: usize;
    /// Actions in a document. 10,000 unless set.
    actions: usize;
    /// Edges in a document. 50,000 unless set.
    edges: usize;
    /// Arrays and objects inside each other in a document; at most 127, whatever is set. 64 unless set.
    nesting: usize;
    /// Segments of a ref's path. 64 unless set.
    path_segments: usize;
    /// Bytes of one action's inputs, all refs filled in. 8 MiB unless set.
    input_bytes: usize;
    /// Bytes of a run's state: its event and all outputs. 64 MiB unless set.
    state_bytes: usize;
    /// Operators inside each other in a rule. 64 unless set.
    rule_depth: usize;
    /// Steps that evaluating a rule may take. 100,000 unless set.
    rule_steps: u64;
}
