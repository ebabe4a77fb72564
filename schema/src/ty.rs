//! A JSON Schema in structural form.

use crate::{judges::Judges, kind::Kinds, opaque::OpaqueForm, text::StringForm};
use serde_json::{Number, Value};
use std::{
    fmt,
    sync::{Arc, LazyLock},
};

/// Where a schema came from. It decides what an unknown member of an object is when a path goes through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From a Rust type, through schemars, which leaves objects open. No path leads to a member that such an
    /// object does not name, unless it says `additionalProperties`; as to which values are valid it stays open.
    Rust,
    /// Written as a schema: objects are as open as they say.
    Schema,
}

/// A set of JSON values: what a JSON Schema accepts.
///
/// Cheap to clone. Two types are equal when they have the same structure; titles, descriptions and names do not
/// count.
#[derive(Clone)]
pub struct Type {
    pub(crate) document: Arc<Document>,
    pub(crate) id: NodeId,
}

/// The nodes of one schema. A recursive type is a cycle among them.
pub(crate) struct Document {
    pub(crate) nodes: Vec<Node>,
    pub(crate) origin: Origin,
    /// The schema as it was written.
    pub(crate) source: Option<Arc<Source>>,
}

impl Document {
    pub(crate) fn judges(&self) -> Option<&Judges> {
        self.source.as_ref()?.judges.as_ref()
    }
}

/// The schema a document was read from.
pub(crate) struct Source {
    pub(crate) schema: Value,
    pub(crate) draft: jsonschema::Draft,
    /// Who judges its opaque parts, where it has any.
    pub(crate) judges: Option<Judges>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(crate) u32);

pub(crate) struct Node {
    pub(crate) form: Form,
    pub(crate) title: Option<Box<str>>,
    pub(crate) description: Option<Box<str>>,
    /// The name it has under `$defs`.
    pub(crate) name: Option<Box<str>>,
    /// The kinds of its values, once they are known.
    pub(crate) kinds: Option<Kinds>,
}

impl From<Form> for Node {
    fn from(form: Form) -> Self {
        Node { form, title: None, description: None, name: None, kinds: None }
    }
}

/// What a type is, one level deep. Ids mean nodes of the same document; [`View::child`] follows them.
pub(crate) enum Form {
    /// Every value.
    Any,
    /// No value.
    Never,
    /// `null`
    Null,
    /// `true` and `false`
    Boolean,
    /// Numbers.
    Number(NumberForm),
    /// Strings.
    String(StringForm),
    /// Arrays.
    Array(ArrayForm),
    /// Objects.
    Object(ObjectForm),
    /// One of these values.
    Constants(ConstantsForm),
    /// The values of any branch, or of exactly one.
    Union(UnionForm),
    /// The values of an outline that a validator accepts too.
    Opaque(OpaqueForm),
    /// A type of another document. A [`View`] never shows it: it shows that type.
    Foreign(Type),
    /// The same as another node. A [`View`] never shows it: it shows that node.
    Same(NodeId),
}

/// Numbers within bounds.
#[derive(Clone, Default)]
pub(crate) struct NumberForm {
    /// Without a fraction, and within what `i64` or `u64` holds.
    pub(crate) integer: bool,
    pub(crate) min: Option<Limit>,
    pub(crate) max: Option<Limit>,
    /// Multiples of each of these.
    pub(crate) multiples: Vec<Number>,
}

/// A bound of a number. Those of integers are integral and not exclusive.
#[derive(Clone)]
pub(crate) struct Limit {
    pub(crate) value: Number,
    pub(crate) exclusive: bool,
}

/// Arrays: the first elements by position, the others alike.
#[derive(Clone)]
pub(crate) struct ArrayForm {
    pub(crate) prefix: Vec<NodeId>,
    pub(crate) rest: NodeId,
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
    /// No two elements are equal.
    pub(crate) unique: bool,
}

/// Objects.
#[derive(Clone)]
pub(crate) struct ObjectForm {
    /// Sorted by name. What patterns say of such a name is already part of the property's type.
    pub(crate) properties: Vec<Property>,
    /// For names that are no property: every pattern that matches counts.
    pub(crate) patterns: Vec<(crate::text::Pattern, NodeId)>,
    /// For names that are no property and match no pattern; `None` where the schema does not say.
    pub(crate) additional: Option<NodeId>,
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
}

/// A member an object is known to have or to be able to have.
#[derive(Clone)]
pub(crate) struct Property {
    pub(crate) name: Box<str>,
    pub(crate) ty: NodeId,
    pub(crate) required: bool,
}

impl ObjectForm {
    /// The property of this name.
    pub(crate) fn property(&self, name: &str) -> Option<&Property> {
        let position = self.properties.binary_search_by(|property| (*property.name).cmp(name)).ok()?;
        self.properties.get(position)
    }
}

/// Constants.
#[derive(Clone)]
pub(crate) struct ConstantsForm {
    pub(crate) values: Vec<Value>,
    /// While a schema is read: what else each value must be. `None` once they are filtered.
    pub(crate) guard: Option<NodeId>,
}

/// A union.
#[derive(Clone)]
pub(crate) struct UnionForm {
    /// At least two.
    pub(crate) branches: Vec<NodeId>,
    /// A value of two branches is no value of the union. False where no value can be of two.
    pub(crate) exactly_one: bool,
    pub(crate) tag: Option<Tag>,
}

/// The property by whose constant value the object branches of a union are told apart. Every object branch
/// requires it.
#[derive(Clone)]
pub(crate) struct Tag {
    pub(crate) property: Box<str>,
    /// Each text it can be and the position of the branch that requires it.
    pub(crate) cases: Vec<(Box<str>, usize)>,
}

impl Tag {
    /// The position of the branch whose objects have this tag.
    pub(crate) fn branch(&self, text: &str) -> Option<usize> {
        self.cases.iter().find(|(case, _)| **case == *text).map(|(_, branch)| *branch)
    }
}

/// A node with its document: a borrowed [`Type`].
#[derive(Clone, Copy)]
pub(crate) struct View<'t> {
    pub(crate) document: &'t Arc<Document>,
    pub(crate) id: NodeId,
}

impl<'t> View<'t> {
    pub(crate) fn new(document: &'t Arc<Document>, id: NodeId) -> Self {
        let mut view = View { document, id };
        // A foreign type is older than the document that names it, and no node leads to itself in place: this ends.
        loop {
            match &view.node().form {
                Form::Foreign(ty) => view = View { document: &ty.document, id: ty.id },
                Form::Same(id) => view = View { document: view.document, id: *id },
                _ => return view,
            }
        }
    }

    pub(crate) fn node(self) -> &'t Node {
        // INVARIANT: ids are made by the builder of the document, one for each node.
        &self.document.nodes[self.id.0 as usize]
    }

    pub(crate) fn form(self) -> &'t Form {
        &self.node().form
    }

    /// The node that an id in this one's form means.
    pub(crate) fn child(self, id: NodeId) -> View<'t> {
        View::new(self.document, id)
    }

    pub(crate) fn to_type(self) -> Type {
        Type { document: Arc::clone(self.document), id: self.id }
    }

    /// What tells this node from every other one.
    pub(crate) fn key(self) -> (usize, NodeId) {
        (Arc::as_ptr(self.document).addr(), self.id)
    }

    pub(crate) fn is_any(self) -> bool {
        matches!(self.form(), Form::Any)
    }

    pub(crate) fn is_never(self) -> bool {
        matches!(self.form(), Form::Never)
    }
}

/// Up to how many branches a union is kept free of branches that have the same structure.
const MOST_COMPARED: usize = 64;

static ANY: LazyLock<Type> = LazyLock::new(|| Type::of_form(Form::Any));
static NEVER: LazyLock<Type> = LazyLock::new(|| Type::of_form(Form::Never));
static NULL: LazyLock<Type> = LazyLock::new(|| Type::of_form(Form::Null));
static BOOLEAN: LazyLock<Type> = LazyLock::new(|| Type::of_form(Form::Boolean));
static STRING: LazyLock<Type> = LazyLock::new(|| Type::of_form(Form::String(StringForm::default())));
static NUMBER: LazyLock<Type> = LazyLock::new(|| Type::of_form(Form::Number(NumberForm::default())));
static INTEGER: LazyLock<Type> =
    LazyLock::new(|| Type::of_form(Form::Number(NumberForm { integer: true, ..NumberForm::default() })));

impl Type {
    /// Every value.
    pub fn any() -> Type {
        ANY.clone()
    }

    /// No value at all.
    pub fn never() -> Type {
        NEVER.clone()
    }

    /// `null`
    pub fn null() -> Type {
        NULL.clone()
    }

    /// `true` and `false`
    pub fn boolean() -> Type {
        BOOLEAN.clone()
    }

    /// Every string.
    pub fn string() -> Type {
        STRING.clone()
    }

    /// Every number.
    pub fn number() -> Type {
        NUMBER.clone()
    }

    /// Every integer that an `i64` or a `u64` holds, `30.0` included.
    pub fn integer() -> Type {
        INTEGER.clone()
    }

    /// This value alone.
    pub fn constant(value: Value) -> Type {
        Type::constants([value])
    }

    /// These values alone.
    pub fn constants(values: impl IntoIterator<Item = Value>) -> Type {
        let mut distinct: Vec<Value> = Vec::new();
        for value in values {
            if !distinct.iter().any(|known| crate::equal::same_value(known, &value)) {
                distinct.push(value);
            }
        }
        if distinct.is_empty() {
            return Type::never();
        }
        Type::of_form(Form::Constants(ConstantsForm { values: distinct, guard: None }))
    }

    /// Arrays of any length with elements of one type.
    pub fn array(element: Type) -> Type {
        let array = ArrayForm { prefix: Vec::new(), rest: NodeId(1), min: 0, max: None, unique: false };
        Type::of_forms(vec![Form::Array(array), Form::Foreign(element)])
    }

    /// Objects with these members: name, type, and whether it is required. Others are not allowed, unless `open`.
    pub fn object(members: impl IntoIterator<Item = (String, Type, bool)>, open: bool) -> Type {
        let mut members: Vec<(String, Type, bool)> = members.into_iter().collect();
        members.sort_by(|left, right| left.0.cmp(&right.0));
        members.dedup_by(|later, earlier| later.0 == earlier.0);
        let mut forms = vec![Form::Any, if open { Form::Any } else { Form::Never }];
        let mut properties = Vec::with_capacity(members.len());
        for (name, ty, required) in members {
            let id = next_id(forms.len());
            forms.push(Form::Foreign(ty));
            properties.push(Property { name: name.into(), ty: id, required });
        }
        let additional = Some(NodeId(1));
        if let Some(root) = forms.first_mut() {
            *root =
                Form::Object(ObjectForm { properties, patterns: Vec::new(), additional, min: 0, max: None });
        }
        Type::of_forms(forms)
    }

    /// The values of any of these types.
    pub fn union(types: impl IntoIterator<Item = Type>) -> Type {
        let mut branches: Vec<Type> = Vec::new();
        for ty in types {
            ty.add_branches(&mut branches);
        }
        if branches.iter().any(Type::is_any) {
            return Type::any();
        }
        if branches.len() < 2 {
            return branches.pop().unwrap_or_else(Type::never);
        }
        let ids = (1..=branches.len()).map(next_id).collect();
        let union = UnionForm { branches: ids, exactly_one: false, tag: None };
        let forms = std::iter::once(Form::Union(union)).chain(branches.into_iter().map(Form::Foreign));
        crate::settle::tagged(Document::of_forms(forms.collect()))
    }

    /// Adds what this type adds to a union that already has `branches`.
    fn add_branches(&self, branches: &mut Vec<Type>) {
        match self.view().form() {
            Form::Never => {}
            Form::Union(UnionForm { branches: own, exactly_one: false, .. }) => {
                for branch in own {
                    self.view().child(*branch).to_type().add_branches(branches);
                }
            }
            _ => {
                let ty = self.view().to_type();
                let known = branches.iter().any(|branch| branch.view().key() == ty.view().key());
                // Past some number of branches it is not worth to find out which are the same.
                if !known && (branches.len() > MOST_COMPARED || !branches.contains(&ty)) {
                    branches.push(ty);
                }
            }
        }
    }

    /// Whether this is the type of all values.
    pub fn is_any(&self) -> bool {
        self.view().is_any()
    }

    /// Whether this is the type without values, as far as its structure shows.
    pub fn is_never(&self) -> bool {
        self.view().is_never()
    }

    /// Whether a string can be of this type.
    pub fn accepts_string(&self) -> bool {
        crate::kind::of(self.view()).has(Kinds::STRING)
    }

    /// What the schema calls it.
    pub fn title(&self) -> Option<&str> {
        let own = self.document.nodes.get(self.id.0 as usize).and_then(|node| node.title.as_deref());
        own.or(self.view().node().title.as_deref())
    }

    /// What the schema says it is for.
    pub fn description(&self) -> Option<&str> {
        let own = self.document.nodes.get(self.id.0 as usize).and_then(|node| node.description.as_deref());
        own.or(self.view().node().description.as_deref())
    }

    /// The members an object of this type is known to have, or to be able to have; of a union those of its
    /// branches. Sorted.
    pub fn property_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        crate::access::containers(self.view(), &mut |view| {
            if let Form::Object(object) = view.form() {
                let present = object.properties.iter().filter(|property| !view.child(property.ty).is_never());
                names.extend(present.map(|property| property.name.to_string()));
            }
        });
        names.sort();
        names.dedup();
        names
    }

    /// The schema this type was read from; `None` for a type found inside another or put together from others.
    pub fn schema(&self) -> Option<&Value> {
        let source = self.document.source.as_ref()?;
        (self.id == NodeId(0)).then_some(&source.schema)
    }

    pub(crate) fn view(&self) -> View<'_> {
        View::new(&self.document, self.id)
    }

    pub(crate) fn of_form(form: Form) -> Type {
        Type::of_forms(vec![form])
    }

    /// The first of these forms, which the others belong to.
    pub(crate) fn of_forms(forms: Vec<Form>) -> Type {
        crate::settle::tagged(Document::of_forms(forms))
    }
}

impl Document {
    pub(crate) fn of_forms(forms: Vec<Form>) -> Document {
        let nodes = forms.into_iter().map(Node::from).collect();
        Document { nodes, origin: Origin::Schema, source: None }
    }
}

/// The id of the node that comes after `len` others.
pub(crate) fn next_id(len: usize) -> NodeId {
    // INVARIANT: the reader's limit on nodes, and the memory a list of types takes, keep this below 2^32.
    NodeId(u32::try_from(len).unwrap_or(u32::MAX))
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Type({self})")
    }
}
