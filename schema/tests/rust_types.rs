//! Schemas that schemars makes of awkward Rust types: a type accepts what the `jsonschema` crate accepts, and every
//! part of it has a structural form.

#[allow(dead_code, reason = "other suites use more of it")]
mod oracle;

use flowright_schema::{Origin, Path, Presence, Segment, Type};
use oracle::{agree_on, validator};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The schemas of both contracts: what is read, and what is written.
fn schemas<T: JsonSchema>() -> [Value; 2] {
    let settings = SchemaSettings::draft2020_12();
    let made = |settings: SchemaSettings| settings.into_generator().into_root_schema_for::<T>().into();
    [made(settings.clone().for_deserialize()), made(settings.for_serialize())]
}

fn types<T: JsonSchema>() -> [Type; 2] {
    schemas::<T>().map(|schema| Type::parse(&schema, Origin::Rust).unwrap())
}

/// What the type is shown as when read.
fn shown<T: JsonSchema>() -> String {
    let [read, _] = types::<T>();
    read.to_string()
}

/// Values near `value`: each member dropped, null, empty, of another kind, or joined by others; each number at a
/// bound.
fn near(value: &Value) -> Vec<Value> {
    let mut values = vec![
        value.clone(),
        json!(null),
        json!({}),
        json!([]),
        json!(""),
        json!(0),
        json!(-0.0),
        json!(1.0),
        json!(1.5),
        json!(-1),
        json!(true),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(255),
        json!(256),
        json!(4_294_967_296_u64),
        json!("__proto__"),
        json!({ "__proto__": 1 }),
    ];
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let mut without = members.clone();
                without.remove(name);
                values.push(Value::Object(without));
                for other in near(member) {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), other);
                    values.push(Value::Object(changed));
                }
            }
            let mut joined = members.clone();
            joined.insert("another".to_owned(), json!(1));
            values.push(Value::Object(joined));
        }
        Value::Array(elements) => {
            for (position, element) in elements.iter().enumerate() {
                let mut without = elements.clone();
                without.remove(position);
                values.push(Value::Array(without));
                for other in near(element) {
                    let mut changed = elements.clone();
                    changed[position] = other;
                    values.push(Value::Array(changed));
                }
            }
            let repeated = elements.iter().chain(elements.first()).cloned().collect();
            values.push(Value::Array(repeated));
        }
        _ => {}
    }
    values
}

/// Every value near the samples is judged alike, in both contracts.
fn agrees<T: JsonSchema + Serialize>(samples: &[T]) {
    for schema in schemas::<T>() {
        let [mut accepted, mut refused] = [0, 0];
        let ty = Type::parse(&schema, Origin::Rust).unwrap();
        let validator = validator(&schema);
        for sample in samples {
            let sample = serde_json::to_value(sample).unwrap();
            for value in near(&sample) {
                let valid = agree_on(&ty, &validator, &schema, &value)
                    .unwrap_or_else(|difference| panic!("{difference}"));
                accepted += usize::from(valid);
                refused += usize::from(!valid);
            }
        }
        assert!(accepted > 0 && refused > 0, "{accepted} accepted, {refused} refused");
    }
}

fn at<T: JsonSchema>(path: &[&str]) -> (String, Presence) {
    let [read, _] = types::<T>();
    let access = read.at(&path.iter().map(|name| Segment::shorthand(name)).collect::<Path>());
    (access.ty.to_string(), access.presence)
}

/// A user of the shop.
#[derive(Serialize, Deserialize, JsonSchema, Clone)]
struct User {
    /// What to call them.
    name: String,
    age: Option<u8>,
    #[serde(default)]
    tags: Vec<String>,
    address: Option<Address>,
    balance: f32,
    visits: u64,
}

#[derive(Serialize, Deserialize, JsonSchema, Clone)]
#[serde(deny_unknown_fields)]
struct Address {
    street: String,
    zip: Option<i32>,
}

fn user() -> User {
    User {
        name: "Ada".to_owned(),
        age: Some(36),
        tags: vec!["a".to_owned()],
        address: Some(Address { street: "Main".to_owned(), zip: Some(1) }),
        balance: 1.5,
        visits: 3,
    }
}

#[test]
fn a_struct_agrees_and_reads_like_one() {
    agrees(&[user()]);
    assert_eq!(
        shown::<User>(),
        "{ balance: number, name: string, visits: integer ≥ 0, \
         address?: { street: string, zip?: integer (32 bits) | null } | null, \
         age?: integer 0 to 255 | null, tags?: string[] }"
    );
}

#[test]
fn a_struct_is_closed_for_access_and_open_for_values() {
    let [read, _] = types::<User>();
    let mut value = serde_json::to_value(user()).unwrap();
    value["nickname"] = json!("A");
    assert!(read.accepts(&value));
    let access = read.at(&Path::from(vec![Segment::shorthand("nmae")]));
    assert_eq!(access.presence, Presence::Never);
    let lost = access.lost.unwrap();
    assert_eq!(lost.container.property_names(), ["address", "age", "balance", "name", "tags", "visits"]);
    assert_eq!(at::<User>(&["name"]), ("string".to_owned(), Presence::Always));
    assert_eq!(at::<User>(&["address", "street"]), ("string".to_owned(), Presence::Maybe));
    assert_eq!(at::<User>(&["tags", "0"]), ("string".to_owned(), Presence::Maybe));
}

#[test]
fn descriptions_stay_with_their_types() {
    let [read, _] = types::<User>();
    assert_eq!(read.description(), Some("A user of the shop."));
    let name = read.at(&Path::from(vec![Segment::shorthand("name")])).ty;
    assert_eq!(name.description(), Some("What to call them."));
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum External {
    /// Nothing.
    Unit,
    Other,
    Newtype(u32),
    Tuple(u32, String),
    Struct {
        radius: f64,
    },
}

#[test]
fn an_externally_tagged_enum_agrees() {
    agrees(&[
        External::Unit,
        External::Other,
        External::Newtype(1),
        External::Tuple(1, "a".to_owned()),
        External::Struct { radius: 1.0 },
    ]);
    assert_eq!(at::<External>(&["Struct", "radius"]), ("number".to_owned(), Presence::Maybe));
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Internal {
    Empty,
    Circle { radius: f64 },
    Square(Side),
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Side {
    side: u16,
}

#[test]
fn an_internally_tagged_enum_agrees() {
    agrees(&[Internal::Empty, Internal::Circle { radius: 1.0 }, Internal::Square(Side { side: 1 })]);
    assert_eq!(at::<Internal>(&["type"]).1, Presence::Always);
    assert_eq!(at::<Internal>(&["radius"]), ("number".to_owned(), Presence::Maybe));
    let [read, _] = types::<Internal>();
    let faults = read.check(&json!({ "type": "circle", "radius": "1" })).faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].to_string(), "expected `number`, found `\"1\"`");
    let faults = read.check(&json!({ "type": "cirlce" })).faults;
    assert_eq!(
        faults[0].to_string(),
        "expected `\"empty\" | \"circle\" | \"square\"`, found `\"cirlce\"`; did you mean `\"circle\"`?"
    );
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "data")]
enum Adjacent {
    Unit,
    Newtype(Side),
    Tuple(u8, u8),
    Struct { a: bool },
}

#[test]
fn an_adjacently_tagged_enum_agrees() {
    agrees(&[
        Adjacent::Unit,
        Adjacent::Newtype(Side { side: 1 }),
        Adjacent::Tuple(1, 2),
        Adjacent::Struct { a: true },
    ]);
    assert_eq!(at::<Adjacent>(&["data", "side"]), ("integer 0 to 65535".to_owned(), Presence::Maybe));
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    Text(String),
    List(Vec<Untagged>),
    Object(Side),
}

#[test]
fn an_untagged_enum_agrees() {
    agrees(&[
        Untagged::Number(1),
        Untagged::Text("a".to_owned()),
        Untagged::List(vec![Untagged::Number(2)]),
        Untagged::Object(Side { side: 2 }),
    ]);
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Tree {
    value: i32,
    left: Option<Box<Tree>>,
    #[serde(default)]
    children: Vec<Tree>,
}

fn tree(depth: usize) -> Tree {
    let left = (depth > 0).then(|| Box::new(tree(depth - 1)));
    Tree { value: 1, left, children: (0..depth).map(|_| tree(0)).collect() }
}

#[test]
fn a_recursive_type_agrees_at_every_depth() {
    agrees(&[tree(2)]);
    assert_eq!(at::<Tree>(&["left", "left", "value"]).1, Presence::Maybe);
    assert_eq!(at::<Tree>(&["left", "nowhere"]).1, Presence::Never);
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Maps {
    by_name: BTreeMap<String, u32>,
    by_number: HashMap<u32, String>,
    set: BTreeSet<i16>,
    pair: (String, u8),
    array: [bool; 3],
    anything: Value,
    unit: (),
    letter: char,
}

#[test]
fn maps_sets_and_tuples_agree() {
    agrees(&[Maps {
        by_name: [("a".to_owned(), 1)].into(),
        by_number: [(7, "b".to_owned())].into(),
        set: [1, 2].into(),
        pair: ("a".to_owned(), 1),
        array: [true, false, true],
        anything: json!({ "x": [1] }),
        unit: (),
        letter: 'é',
    }]);
    assert_eq!(at::<Maps>(&["by_name", "x"]), ("integer ≥ 0 (32 bits)".to_owned(), Presence::Maybe));
    assert_eq!(at::<Maps>(&["by_number", "7"]), ("string".to_owned(), Presence::Maybe));
    assert_eq!(at::<Maps>(&["by_number", "x"]).1, Presence::Never);
    assert_eq!(at::<Maps>(&["pair", "1"]), ("integer 0 to 255".to_owned(), Presence::Always));
    assert_eq!(at::<Maps>(&["array", "3"]).1, Presence::Never);
    assert_eq!(at::<Maps>(&["anything", "x", "0"]), ("any".to_owned(), Presence::Maybe));
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Flat {
    id: u32,
    #[serde(flatten)]
    side: Side,
    #[serde(flatten)]
    shape: Internal,
    #[serde(flatten)]
    rest: BTreeMap<String, bool>,
}

#[test]
fn flattened_structs_enums_and_maps_agree() {
    agrees(&[Flat {
        id: 1,
        side: Side { side: 2 },
        shape: Internal::Circle { radius: 1.0 },
        rest: [("x".to_owned(), true)].into(),
    }]);
    assert_eq!(at::<Flat>(&["side"]), ("integer 0 to 65535".to_owned(), Presence::Always));
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Strict {
    id: u32,
    #[serde(flatten)]
    shape: Internal,
}

#[test]
fn a_flattened_enum_without_unknown_fields_agrees() {
    agrees(&[
        Strict { id: 1, shape: Internal::Circle { radius: 1.0 } },
        Strict { id: 1, shape: Internal::Square(Side { side: 1 }) },
    ]);
    assert_eq!(at::<Strict>(&["radius"]), ("number".to_owned(), Presence::Maybe));
    assert_eq!(at::<Strict>(&["raduis"]).1, Presence::Never);
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Awkward {
    #[serde(rename = "type")]
    kind: Flag,
    #[serde(skip_serializing_if = "Option::is_none")]
    // Awkward on purpose: null and absent are both `None` here, and both are in the schema.
    #[allow(clippy::option_option)]
    maybe: Option<Option<u8>>,
    result: Result<u8, String>,
    #[serde(default = "five")]
    with_default: usize,
    #[schemars(length(min = 1, max = 3), regex(pattern = "^[a-z]+$"))]
    short: String,
    #[schemars(email)]
    mail: String,
    #[schemars(range(min = 1, max = 10))]
    ranged: i64,
    ip: std::net::IpAddr,
    nested: Vec<Option<Flag>>,
}

fn five() -> usize {
    5
}

#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy)]
enum Flag {
    On,
    Off,
}

#[test]
fn constrained_and_renamed_fields_agree() {
    agrees(&[Awkward {
        kind: Flag::On,
        maybe: Some(Some(1)),
        result: Ok(1),
        with_default: 3,
        short: "abc".to_owned(),
        mail: "a@b.co".to_owned(),
        ranged: 3,
        ip: [127, 0, 0, 1].into(),
        nested: vec![Some(Flag::Off), None],
    }]);
    assert_eq!(at::<Awkward>(&["type"]), ("\"On\" | \"Off\"".to_owned(), Presence::Always));
    assert_eq!(at::<Awkward>(&["withDefault"]).1, Presence::Maybe);
    assert_eq!(at::<Awkward>(&["ranged"]).0, "integer 1 to 10");
    assert_eq!(at::<Awkward>(&["mail"]).0, "string (email)");
    assert_eq!(at::<Awkward>(&["nested", "0"]).0, "\"On\" | \"Off\" | null");
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Mutual {
    other: Option<Box<OtherHalf>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct OtherHalf {
    back: Vec<Mutual>,
}

#[test]
fn types_that_refer_to_each_other_agree() {
    agrees(&[Mutual { other: Some(Box::new(OtherHalf { back: vec![Mutual { other: None }] })) }]);
    assert_eq!(types::<Mutual>()[0], types::<Mutual>()[0]);
    assert_ne!(types::<Mutual>()[0], types::<OtherHalf>()[0]);
}
