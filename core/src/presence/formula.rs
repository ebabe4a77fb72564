//! What a condition says, as a formula over tests of single values.

use crate::rule;
use crate::run::{is_equal, is_truthy};
use crate::template::Place;
use flowright_schema::Cell;
use serde_json::Value;

/// When a condition holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Formula {
    Constant(bool),
    /// The value at a place passes a test. What is absent is a value of its own.
    Test(Place, ValueTest),
    /// Something else, that is the same whenever this key is the same.
    Opaque(String),
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

/// A test of one value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ValueTest {
    /// JavaScript's truthiness: of an edge's `if` and `else`.
    Truthy,
    /// `JsonLogic`'s truthiness, in which `[]` is false.
    RuleTruthy,
    /// Deep JSON equality: of an edge's `match`. What is absent equals nothing.
    Equals(Value),
    /// `===` of a rule with a scalar; what is absent counts as null.
    RuleStrictlyEquals(Value),
    /// `==` of a rule with a scalar; what is absent counts as null.
    RuleLooselyEquals(Value),
}

/// From here on, one of JavaScript's numbers stands for several integers of JSON.
const TWO_TO_53: f64 = 9_007_199_254_740_992.0;

/// What is known of the values of a cell that has many.
#[derive(Clone, Copy)]
enum Many {
    Numbers,
    Strings,
    Arrays,
    Objects,
}

impl ValueTest {
    /// The value that it compares with. A partition in which this test shows its worth tells it apart.
    pub(crate) fn constant(&self) -> Option<&Value> {
        match self {
            ValueTest::Truthy | ValueTest::RuleTruthy => None,
            ValueTest::Equals(value)
            | ValueTest::RuleStrictlyEquals(value)
            | ValueTest::RuleLooselyEquals(value) => Some(value),
        }
    }

    /// Whether the values of a cell pass; `None` where some do and some do not.
    ///
    /// The cell is one of a partition that tells this test's [`constant`](Self::constant) apart: that value is in
    /// none of the cells that have many values.
    pub(crate) fn of(&self, cell: &Cell) -> Option<bool> {
        match cell {
            Cell::Absent => Some(self.passes_absent()),
            Cell::Null => self.passes(&Value::Null),
            Cell::False => self.passes(&Value::Bool(false)),
            Cell::True => self.passes(&Value::Bool(true)),
            Cell::Zero => self.passes(&Value::from(0)),
            Cell::EmptyString => self.passes(&Value::from("")),
            Cell::EmptyArray => self.passes(&Value::Array(Vec::new())),
            Cell::Constant(value) => self.passes(value),
            Cell::Number => self.passes_many(Many::Numbers),
            Cell::String => self.passes_many(Many::Strings),
            Cell::Array => self.passes_many(Many::Arrays),
            Cell::Object => self.passes_many(Many::Objects),
        }
    }

    fn passes_absent(&self) -> bool {
        match self {
            ValueTest::Truthy | ValueTest::RuleTruthy | ValueTest::Equals(_) => false,
            ValueTest::RuleStrictlyEquals(constant) | ValueTest::RuleLooselyEquals(constant) => {
                constant.is_null()
            }
        }
    }

    /// `None` where that is too much work to find out.
    fn passes(&self, value: &Value) -> Option<bool> {
        match self {
            ValueTest::Truthy => Some(is_truthy(value)),
            ValueTest::RuleTruthy => Some(rule::truthy(value)),
            ValueTest::Equals(constant) => Some(is_equal(value, constant)),
            ValueTest::RuleStrictlyEquals(constant) => rule::strictly_equal(value, constant),
            ValueTest::RuleLooselyEquals(constant) => rule::loosely_equal(value, constant),
        }
    }

    /// Of all the numbers but 0, strings but `""`, arrays but `[]`, or objects; but without the constant.
    fn passes_many(&self, many: Many) -> Option<bool> {
        match self {
            ValueTest::Truthy | ValueTest::RuleTruthy => Some(true),
            ValueTest::Equals(_) => Some(false),
            ValueTest::RuleStrictlyEquals(constant) => strictly_equal_many(constant, many),
            ValueTest::RuleLooselyEquals(constant) => loosely_equal_many(constant, many),
        }
    }
}

/// `===` compares arrays and objects by where they stand, and numbers as JavaScript holds them.
fn strictly_equal_many(constant: &Value, many: Many) -> Option<bool> {
    match (constant, many) {
        (Value::Number(number), Many::Numbers) => {
            let exact = number.as_f64().is_some_and(|number| number.abs() < TWO_TO_53);
            exact.then_some(false)
        }
        _ => Some(false),
    }
}

/// `==` makes numbers of texts and texts of arrays and objects.
fn loosely_equal_many(constant: &Value, many: Many) -> Option<bool> {
    match (constant, many) {
        (Value::Null | Value::Array(_) | Value::Object(_), _) => constant.is_null().then_some(false),
        (Value::String(text), Many::Objects) => Some(text == rule::ANY_OBJECT),
        // Some of them equal it and others do not: of arrays `[constant]`, of texts those that spell it.
        (_, Many::Arrays)
        | (Value::Bool(true), Many::Numbers)
        | (Value::Bool(_) | Value::Number(_), Many::Strings) => None,
        (_, Many::Objects) | (Value::String(_), Many::Strings) | (Value::Bool(false), Many::Numbers) => {
            Some(false)
        }
        (Value::String(text), Many::Numbers) => {
            let number = rule::to_number(text);
            (!number.is_finite() || number == 0.0).then_some(false)
        }
        (Value::Number(_), Many::Numbers) => strictly_equal_many(constant, many),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use flowright_schema::Type;
    use proptest::prelude::*;
    use serde_json::json;

    /// What runs decide, on one value or none.
    pub(crate) fn holds(test: &ValueTest, value: Option<&Value>) -> bool {
        let null = Value::Null;
        match test {
            ValueTest::Truthy => value.is_some_and(is_truthy),
            ValueTest::RuleTruthy => value.is_some_and(rule::truthy),
            ValueTest::Equals(constant) => value.is_some_and(|value| is_equal(value, constant)),
            ValueTest::RuleStrictlyEquals(constant) => {
                rule::strictly_equal(value.unwrap_or(&null), constant).unwrap()
            }
            ValueTest::RuleLooselyEquals(constant) => {
                rule::loosely_equal(value.unwrap_or(&null), constant).unwrap()
            }
        }
    }

    fn scalars() -> Vec<Value> {
        vec![
            json!(null),
            json!(false),
            json!(true),
            json!(0),
            json!(-0.0),
            json!(1),
            json!(1.0),
            json!(-1.5),
            json!(9_007_199_254_740_992_i64),
            json!(9_007_199_254_740_993_i64),
            json!(u64::MAX),
            json!(1e300),
            json!(""),
            json!(" "),
            json!("0"),
            json!("1"),
            json!("a"),
            json!("1e300"),
            json!("Infinity"),
            json!("null"),
            json!("9007199254740992"),
            json!("[object Object]"),
        ]
    }

    fn values() -> Vec<Value> {
        let others = [
            json!([]),
            json!([0]),
            json!([1]),
            json!(["a"]),
            json!([null]),
            json!([[]]),
            json!(["a", 1]),
            json!(["[object Object]"]),
            json!({}),
            json!({ "a": 1 }),
            json!([{}]),
        ];
        scalars().into_iter().chain(others).collect()
    }

    fn tests() -> Vec<ValueTest> {
        let mut tests = vec![ValueTest::Truthy, ValueTest::RuleTruthy];
        tests.extend(values().into_iter().map(ValueTest::Equals));
        tests.extend(scalars().into_iter().map(ValueTest::RuleStrictlyEquals));
        tests.extend(scalars().into_iter().map(ValueTest::RuleLooselyEquals));
        tests
    }

    fn cell_of(value: &Value, constants: &[Value]) -> Cell {
        match value {
            Value::Null => return Cell::Null,
            Value::Bool(false) => return Cell::False,
            Value::Bool(true) => return Cell::True,
            Value::Number(number) if number.as_f64() == Some(0.0) => return Cell::Zero,
            Value::String(text) if text.is_empty() => return Cell::EmptyString,
            Value::Array(elements) if elements.is_empty() => return Cell::EmptyArray,
            _ => {}
        }
        if let Some(constant) = constants.iter().find(|constant| is_equal(constant, value)) {
            return Cell::Constant(constant.clone());
        }
        match value {
            Value::Number(_) => Cell::Number,
            Value::String(_) => Cell::String,
            Value::Array(_) => Cell::Array,
            _ => Cell::Object,
        }
    }

    #[test]
    fn what_is_said_of_a_cell_holds_for_its_values() {
        for test in tests() {
            let constants: Vec<Value> = test.constant().cloned().into_iter().collect();
            for value in values() {
                let cell = cell_of(&value, &constants);
                if let Some(passes) = test.of(&cell) {
                    assert_eq!(holds(&test, Some(&value)), passes, "{test:?} of {value} in {cell:?}");
                }
            }
            assert_eq!(Some(holds(&test, None)), test.of(&Cell::Absent), "{test:?} of nothing");
        }
    }

    /// Where nothing is said, there is a value that passes and one that does not.
    #[test]
    fn nothing_is_left_open_without_need() {
        for test in tests() {
            let constants: Vec<Value> = test.constant().cloned().into_iter().collect();
            for cell in Type::any().cells(&constants) {
                if test.of(&cell).is_some() {
                    continue;
                }
                let mut candidates = values();
                if let Some(Value::String(text)) = test.constant() {
                    candidates.push(json!([text]));
                    candidates
                        .extend(rule::to_number(text).is_finite().then(|| json!(rule::to_number(text))));
                }
                if let Some(Value::Number(number)) = test.constant() {
                    let float = number.as_f64().unwrap();
                    candidates.extend([json!(format!(" {float}")), json!([float]), json!(float)]);
                }
                let of_cell = candidates.iter().filter(|value| cell_of(value, &constants) == cell);
                let results: Vec<bool> = of_cell.map(|value| holds(&test, Some(value))).collect();
                let open = results.contains(&true) && results.contains(&false);
                let huge = test.constant().and_then(Value::as_f64).is_some_and(|number| number >= TWO_TO_53);
                assert!(open || huge, "{test:?} of {cell:?} is not decided: {results:?}");
            }
        }
    }

    fn number() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("no number of JSON", |float| {
                serde_json::Number::from_f64(float).map(Value::Number)
            }),
            (-4_i64..4).prop_map(|near| Value::from(9_007_199_254_740_992 + near)),
            (-4_i64..4).prop_map(Value::from),
        ]
    }

    fn scalar() -> impl Strategy<Value = Value> {
        prop_oneof![
            number(),
            number().prop_map(|number| Value::from(number.to_string())),
            "[ 0-9a-fx.,e-]{0,4}".prop_map(Value::from),
            prop::sample::select(scalars()),
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        scalar().prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[ab]", inner, 0..2)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_cell_is_judged_as_runs_judge_its_values(constant in scalar(), value in value()) {
            let constants = [constant.clone()];
            let cell = cell_of(&value, &constants);
            for test in [
                ValueTest::Truthy,
                ValueTest::RuleTruthy,
                ValueTest::Equals(constant.clone()),
                ValueTest::RuleStrictlyEquals(constant.clone()),
                ValueTest::RuleLooselyEquals(constant.clone()),
            ] {
                if let Some(passes) = test.of(&cell) {
                    prop_assert_eq!(holds(&test, Some(&value)), passes, "{:?} of {} in {:?}", test, value, cell);
                }
            }
        }
    }
}
