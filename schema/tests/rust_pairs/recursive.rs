//! Types that hold themselves.

use crate::sample::samples;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
pub(crate) struct Tree {
    value: i32,
    children: Vec<Tree>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Shrub {
    children: Vec<Shrub>,
    value: i32,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct WideTree {
    value: i64,
    children: Vec<WideTree>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct TextTree {
    value: String,
    children: Vec<TextTree>,
}

#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedTree {
    value: i32,
    children: Vec<ClosedTree>,
}

/// A tree whose root has a type of its own.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RootedTree {
    value: i32,
    children: Vec<Tree>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct List {
    head: u8,
    tail: Option<Box<List>>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct WideList {
    head: u16,
    tail: Option<Box<WideList>>,
}

/// Ends at once.
#[derive(Serialize, JsonSchema)]
pub(crate) struct OneList {
    head: u8,
    tail: (),
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Person {
    name: String,
    home: Option<Box<House>>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct House {
    people: Vec<Person>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Cat {
    name: String,
    home: Option<Box<Basket>>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Basket {
    people: Vec<Cat>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Hermit {
    name: String,
    home: Box<Cave>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Cave {
    people: Vec<Hermit>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Sum {
    Number(i64),
    Add(Box<Sum>, Box<Sum>),
}

#[derive(Serialize, JsonSchema)]
pub(crate) enum Term {
    Number(i64),
    Negate(Box<Term>),
    Add(Box<Term>, Box<Term>),
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Nested {
    Leaf(u8),
    Nodes(Vec<Nested>),
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum WideNested {
    Nodes(Vec<WideNested>),
    Leaf(i64),
    Name(String),
}

fn tree(value: i32, children: Vec<Tree>) -> Tree {
    Tree { value, children }
}

fn cell(head: u8, tail: Option<List>) -> List {
    List { head, tail: tail.map(Box::new) }
}

samples! {
    Tree => [tree(1, vec![]), tree(1, vec![tree(-2, vec![]), tree(3, vec![tree(i32::MAX, vec![])])])];
    Shrub => [Shrub { value: 1, children: vec![Shrub { value: 2, children: vec![] }] }];
    WideTree => [WideTree { value: 1, children: vec![WideTree { value: i64::MAX, children: vec![] }] }];
    TextTree => [TextTree { value: String::new(), children: vec![TextTree { value: String::new(), children: vec![] }] }];
    ClosedTree => [ClosedTree { value: 1, children: vec![ClosedTree { value: 2, children: vec![] }] }];
    RootedTree => [RootedTree { value: 1, children: vec![tree(2, vec![tree(3, vec![])])] }];
    List => [cell(1, None), cell(1, Some(cell(2, Some(cell(255, None)))))];
    WideList => [WideList { head: 1, tail: Some(Box::new(WideList { head: 65_535, tail: None })) }];
    OneList => [OneList { head: 1, tail: () }];
    Person => [
        Person { name: "Ada".to_owned(), home: None },
        Person {
            name: "Ada".to_owned(),
            home: Some(Box::new(House { people: vec![Person { name: "Bo".to_owned(), home: None }] })),
        },
    ];
    House => [House { people: vec![] }, House { people: vec![Person { name: "Bo".to_owned(), home: None }] }];
    Cat => [
        Cat { name: "Tom".to_owned(), home: None },
        Cat { name: "Tom".to_owned(), home: Some(Box::new(Basket { people: vec![] })) },
    ];
    Hermit => [Hermit { name: "Al".to_owned(), home: Box::new(Cave { people: vec![] }) }];
    Sum => [Sum::Number(1), Sum::Add(Box::new(Sum::Number(1)), Box::new(Sum::Number(2)))];
    Term => [Term::Number(1), Term::Add(Box::new(Term::Number(1)), Box::new(Term::Number(2))), Term::Negate(Box::new(Term::Number(2)))];
    Nested => [Nested::Leaf(1), Nested::Nodes(vec![Nested::Leaf(2), Nested::Nodes(vec![])])];
    WideNested => [WideNested::Leaf(-1), WideNested::Nodes(vec![WideNested::Name("x".to_owned())])];
}
