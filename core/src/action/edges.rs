//! The edges that an editor offers below an action.

use serde_json::Value;

/// Which edges may leave an action in an editor.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgesDefinition {
    pub(super) allow_add: bool,
    pub(super) predefined: Vec<EdgeDefinition>,
}

impl Default for EdgesDefinition {
    fn default() -> Self {
        EdgesDefinition { allow_add: true, predefined: Vec::new() }
    }
}

impl EdgesDefinition {
    /// Whether a user may draw further edges than the predefined ones. They may unless the action says otherwise.
    pub fn allow_add(&self) -> bool {
        self.allow_add
    }

    /// The edges that an editor offers, in order.
    pub fn predefined(&self) -> &[EdgeDefinition] {
        &self.predefined
    }
}

/// An edge that an editor offers.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeDefinition {
    pub(super) name: String,
    pub(super) condition: Option<EdgeCondition>,
}

impl EdgeDefinition {
    /// An edge that is always taken.
    pub fn new(name: impl Into<String>) -> Self {
        EdgeDefinition { name: name.into(), condition: None }
    }

    /// An edge that is taken when the value at `path` (`$.output.result`) is true-like.
    pub fn when(name: impl Into<String>, path: &str) -> Self {
        Self::conditional(name, EdgeTest::If, path)
    }

    /// An edge that is taken when the value at `path` is not true-like.
    pub fn otherwise(name: impl Into<String>, path: &str) -> Self {
        Self::conditional(name, EdgeTest::Else, path)
    }

    /// An edge that is taken when the value at `path` equals `value`.
    pub fn matching(name: impl Into<String>, path: &str, value: impl Into<Value>) -> Self {
        Self::conditional(name, EdgeTest::Match(value.into()), path)
    }

    fn conditional(name: impl Into<String>, test: EdgeTest, path: &str) -> Self {
        let condition = EdgeCondition { test, reference: format!("!ref({path})") };
        EdgeDefinition { name: name.into(), condition: Some(condition) }
    }

    /// The name that the editor shows.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When the edge is taken; `None` for always.
    pub fn condition(&self) -> Option<&EdgeCondition> {
        self.condition.as_ref()
    }
}

/// When an edge is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeCondition {
    pub(super) test: EdgeTest,
    pub(super) reference: String,
}

impl EdgeCondition {
    /// What is asked of the value.
    pub fn test(&self) -> &EdgeTest {
        &self.test
    }

    /// The value that is asked, as a document writes it: `!ref($.output.result)`.
    pub fn reference(&self) -> &str {
        &self.reference
    }
}

/// What a condition asks of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum EdgeTest {
    /// Is it true-like?
    If,
    /// Is it not?
    Else,
    /// Does it equal this value?
    Match(Value),
}
