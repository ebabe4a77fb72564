//! How far the schemas of one document ask each other, and with it which values are too much for a validator.

use serde_json::Value;

/// How many schemas within one another may be open while a value is judged, and while it is found out what there is
/// against it: each takes some of the stack.
const MOST_OPEN: usize = 3_000;
const MOST_OPEN_EXPLAINING: usize = 400;

/// How many schemas may be asked to find out what there is against a value.
const MOST_VISITS: u64 = 300_000;

/// How far schemas ask others.
#[derive(Default)]
pub(crate) struct Reach {
    /// Through how many others one leads that are asked about the same value.
    pub(crate) longest: usize,
    /// How many are asked about one part of a value and all that it is within: by the depth of the value, up to where that
    /// is the same for all that are deeper, or is not known.
    pub(crate) visits: Vec<u64>,
}

impl Reach {
    /// Whether it would take too much of the stack to judge `value`.
    pub(crate) fn is_beyond(&self, value: &Value) -> bool {
        self.open(Extent::of(value)) > MOST_OPEN
    }

    /// Whether it may be found out what there is against `value`.
    pub(crate) fn is_explained(&self, value: &Value) -> bool {
        let extent = Extent::of(value);
        self.open(extent) <= MOST_OPEN_EXPLAINING && self.visits(extent) <= MOST_VISITS
    }

    fn open(&self, extent: Extent) -> usize {
        (self.longest + 1).saturating_mul(extent.depth + 1)
    }

    fn visits(&self, extent: Extent) -> u64 {
        let steady = match self.visits[..] {
            [.., before, last] if before == last => Some(last),
            _ => None,
        };
        let each = self.visits.get(extent.depth).copied().or(steady).unwrap_or(u64::MAX);
        each.saturating_mul(extent.values)
    }
}

/// How deep a value is, and of how many it consists.
#[derive(Clone, Copy)]
struct Extent {
    depth: usize,
    values: u64,
}

impl Extent {
    // What is judged is not deep.
    fn of(value: &Value) -> Extent {
        let around = |extent: Extent, inner: &Value| {
            let inner = Extent::of(inner);
            Extent { depth: extent.depth.max(inner.depth + 1), values: extent.values + inner.values }
        };
        let alone = Extent { depth: 0, values: 1 };
        match value {
            Value::Array(elements) => elements.iter().fold(alone, around),
            Value::Object(members) => members.values().fold(alone, around),
            _ => alone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn deep(depth: usize) -> Value {
        (0..depth).fold(json!(1), |inner, _| json!([inner]))
    }

    #[test]
    fn what_would_be_asked_too_often_is_not_explained() {
        let often = Reach { longest: 0, visits: vec![MOST_VISITS, MOST_VISITS / 4] };
        assert!(often.is_explained(&json!(1)) && often.is_explained(&json!([1, 2, 3])));
        assert!(!often.is_explained(&json!([1, 2, 3, 4])), "five values");
        assert!(!often.is_explained(&deep(2)), "it is not known how often");
        let steady = Reach { longest: 0, visits: vec![2, 2] };
        assert!(steady.is_explained(&deep(99)), "it is the same for all that are deeper");
    }

    #[test]
    fn what_would_be_too_far_and_deep_is_not_explained_and_farther_not_judged() {
        let far = Reach { longest: MOST_OPEN_EXPLAINING / 10 - 1, visits: vec![1, 1] };
        assert!(far.is_explained(&deep(9)) && !far.is_explained(&deep(10)));
        let beyond = Reach { longest: MOST_OPEN / 10 - 1, visits: vec![1, 1] };
        assert!(!beyond.is_beyond(&deep(9)) && beyond.is_beyond(&deep(10)));
        assert!(beyond.is_beyond(&json!({ "a": 1, "b": deep(9), "c": [] })));
    }
}
