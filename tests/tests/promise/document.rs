//! Documents over a scene: most of their refs are well typed.

use crate::chance::Chance;
use crate::scene::Scene;
use crate::types::Ty;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// A document while it is written.
pub(crate) struct Writer<'s> {
    scene: &'s Scene,
    /// Only refs to what is certainly there and of the very type.
    strict: bool,
    /// Only refs to what is certainly there.
    careful: bool,
    actions: Vec<Value>,
    edges: Vec<Value>,
    /// Of each action: its output's type, its ancestors, and in which cases it runs.
    outputs: Vec<Ty>,
    ancestors: Vec<u64>,
    runs: Vec<u64>,
    /// The cases in which each test holds: those of one ref exclude their complement.
    tests: HashMap<String, u64>,
    matched: Vec<String>,
    /// What conditions look at, and may know better from there on.
    tested: Vec<String>,
}

/// A ref that can be written, with the type of what is there, and whether something always is.
struct Source {
    path: String,
    ty: Ty,
    always: bool,
}

/// How many tests are told apart; others count as the last one, of which nothing is concluded.
const TESTS: usize = 6;

impl<'s> Writer<'s> {
    pub(crate) fn write(scene: &'s Scene, strict: bool, chance: &mut Chance) -> Value {
        let mut writer = Writer {
            scene,
            strict,
            careful: strict || chance.percent(60),
            actions: Vec::new(),
            edges: Vec::new(),
            outputs: Vec::new(),
            ancestors: Vec::new(),
            runs: Vec::new(),
            tests: HashMap::new(),
            matched: Vec::new(),
            tested: Vec::new(),
        };
        for at in 0..=1 + chance.below(6) {
            writer.action(at, chance);
        }
        json!({ "actions": writer.actions, "edges": writer.edges })
    }

    fn action(&mut self, at: usize, chance: &mut Chance) {
        self.ancestors.push(0);
        self.runs.push(0);
        if !self.strict && chance.percent(35) && self.narrowed(at, chance) {
            return;
        }
        for _ in 0..=chance.below(3) {
            let from = (at > 0 && chance.percent(85)).then(|| chance.below(at));
            if !self.is_joined(from, at) {
                self.edge(from, at, chance);
            }
        }
        let id = id(Some(at));
        if chance.percent(18) {
            let condition = self.rule(at, chance);
            self.actions
                .push(json!({ "id": id, "kind": "builtin:if", "inputs": { "condition": condition } }));
            self.outputs.push(Ty::Object { members: vec![("result", Ty::Boolean, true)], open: false });
            return;
        }
        let kind = chance.pick(&self.scene.kinds);
        let mut inputs = Map::new();
        let sources = self.sources(at);
        for (name, ty, required) in &kind.inputs {
            if *required || chance.percent(60) {
                inputs.insert((*name).to_owned(), self.expression(ty, &sources, 3, chance));
            }
        }
        self.actions.push(json!({ "id": id, "kind": kind.name, "inputs": inputs }));
        self.outputs.push(kind.output.clone());
    }

    /// An action behind one condition, with an input that takes a part of what the condition looks at; whether there
    /// was something to look at.
    fn narrowed(&mut self, at: usize, chance: &mut Chance) -> bool {
        let from = (at > 0 && chance.percent(70)).then(|| chance.below(at));
        let sources = from.map_or_else(|| self.event(), |from| self.sources(from));
        let scene = self.scene;
        let mut candidates = Vec::new();
        for source in sources.iter().filter(|source| source.ty.varies()) {
            for kind in &scene.kinds {
                let inputs = kind.inputs.iter().enumerate();
                let parts = inputs.filter(|(_, (_, ty, _))| source.ty != *ty && source.ty.suits(ty));
                candidates.extend(parts.map(|(input, _)| (source, kind, input)));
            }
        }
        if candidates.is_empty() {
            return false;
        }
        let (source, kind, narrow) = *chance.pick(&candidates);
        let reference = format!("!ref({})", source.path);
        let condition = match chance.below(3) {
            0 => json!({ "type": "if", "ref": reference }),
            1 => json!({ "type": "else", "ref": reference }),
            _ => {
                let value = source.ty.value(chance);
                json!({ "type": "match", "ref": reference, "value": value })
            }
        };
        let edge = json!({ "from": id(from), "to": id(Some(at)), "conditional": condition });
        self.edges.push(edge);
        if let Some(from) = from {
            self.ancestors[at] |= self.ancestors[from] | 1 << from;
        }
        self.runs[at] = from.map_or(u64::MAX, |from| self.runs[from]);
        let sources = self.sources(at);
        let mut inputs = Map::new();
        for (input, (name, ty, required)) in kind.inputs.iter().enumerate() {
            if input == narrow {
                inputs.insert((*name).to_owned(), reference.clone().into());
            } else if *required {
                inputs.insert((*name).to_owned(), self.expression(ty, &sources, 2, chance));
            }
        }
        self.actions.push(json!({ "id": id(Some(at)), "kind": kind.name, "inputs": inputs }));
        self.outputs.push(kind.output.clone());
        true
    }

    fn is_joined(&self, from: Option<usize>, to: usize) -> bool {
        let (from, to) = (id(from), id(Some(to)));
        self.edges.iter().any(|edge| edge["from"] == from.as_str() && edge["to"] == to.as_str())
    }

    fn edge(&mut self, from: Option<usize>, to: usize, chance: &mut Chance) {
        let (source, target) = (id(from), id(Some(to)));
        if let Some(from) = from {
            self.ancestors[to] |= self.ancestors[from] | 1 << from;
        }
        let runs = from.map_or(u64::MAX, |from| self.runs[from]);
        let conditions = if chance.percent(55) { Vec::new() } else { self.conditions(from, chance) };
        if conditions.is_empty() {
            self.edges.push(json!({ "from": source, "to": target }));
            self.runs[to] |= runs;
        }
        for (condition, holds) in conditions {
            self.edges.push(json!({ "from": source, "to": target, "conditional": condition }));
            self.runs[to] |= runs & holds;
        }
    }

    /// One condition, or two of which one always holds.
    fn conditions(&mut self, from: Option<usize>, chance: &mut Chance) -> Vec<(Value, u64)> {
        let sources = match from {
            None => self.event(),
            // An edge's refs lead to what its own action may see, and to its output.
            Some(from) => {
                let mut sources = self.sources(from);
                let mut own = Vec::new();
                paths(&format!("$.state.{}", id(Some(from))), &self.outputs[from], true, 3, &mut own);
                sources.append(&mut own);
                sources
            }
        };
        let varying: Vec<&Source> = sources.iter().filter(|source| source.ty.varies()).collect();
        let Some(source) = (!varying.is_empty()).then(|| chance.pick(&varying)) else { return Vec::new() };
        let reference = format!("!ref({})", source.path);
        self.tested.push(source.path.clone());
        if chance.percent(30) && !self.matched.contains(&source.path) {
            self.matched.push(source.path.clone());
            let value = source.ty.value(chance);
            let holds = self.holds(format!("{} = {value}", source.path));
            return vec![(json!({ "type": "match", "ref": reference, "value": value }), holds)];
        }
        if self.matched.contains(&source.path) {
            return Vec::new();
        }
        let holds = self.holds(source.path.clone());
        let otherwise = if self.tests.contains_key(&source.path) { !holds } else { holds };
        let both = [
            (json!({ "type": "if", "ref": reference }), holds),
            (json!({ "type": "else", "ref": reference }), otherwise),
        ];
        match chance.below(3) {
            0 => both.into(),
            1 => both.into_iter().take(1).collect(),
            _ => both.into_iter().skip(1).collect(),
        }
    }

    /// The cases in which a test holds; none certainly where there are too many tests.
    fn holds(&mut self, test: String) -> u64 {
        const HALVES: [u64; TESTS] = [
            0xAAAA_AAAA_AAAA_AAAA,
            0xCCCC_CCCC_CCCC_CCCC,
            0xF0F0_F0F0_F0F0_F0F0,
            0xFF00_FF00_FF00_FF00,
            0xFFFF_0000_FFFF_0000,
            0xFFFF_FFFF_0000_0000,
        ];
        let next = self.tests.len();
        if let Some(holds) = self.tests.get(&test) {
            return *holds;
        }
        match HALVES.get(next) {
            Some(holds) => *self.tests.entry(test).or_insert(*holds),
            None => 0,
        }
    }

    fn rule(&mut self, at: usize, chance: &mut Chance) -> Value {
        let sources = self.sources(at);
        let mut operand = |chance: &mut Chance| -> Value {
            let source = chance.pick(&sources);
            self.tested.push(source.path.clone());
            format!("!ref({})", source.path).into()
        };
        match chance.below(6) {
            0 => json!({ "!!": [operand(chance)] }),
            1 => json!({ "!": [operand(chance)] }),
            2 => json!({ "===": [operand(chance), "on"] }),
            3 => json!({ "!=": [operand(chance), null] }),
            4 => json!({ "and": [operand(chance), { "!!": [operand(chance)] }] }),
            _ => json!({ "or": [operand(chance), { "==": [operand(chance), 0] }] }),
        }
    }

    fn event(&self) -> Vec<Source> {
        let mut sources = Vec::new();
        paths("$.event", &self.scene.event, true, 4, &mut sources);
        sources
    }

    fn sources(&self, at: usize) -> Vec<Source> {
        let mut sources = self.event();
        for (action, output) in self.outputs.iter().enumerate() {
            if self.ancestors[at] & 1 << action != 0 {
                let always =
                    self.runs[at] != 0 && self.runs[at] & !self.runs[action] == 0 && self.tests.len() < TESTS;
                paths(&format!("$.state.{}", id(Some(action))), output, always, 3, &mut sources);
            }
        }
        if self.careful {
            let is_tested = |source: &Source| !self.strict && self.tested.contains(&source.path);
            sources.retain(|source| source.always || is_tested(source));
        }
        sources
    }

    fn expression(&self, ty: &Ty, sources: &[Source], depth: usize, chance: &mut Chance) -> Value {
        let suits = |source: &&Source| match (self.strict, ty) {
            (_, Ty::Any) => true,
            (true, _) => source.ty == *ty,
            (false, _) => source.ty.suits(ty),
        };
        let suitable: Vec<&Source> = sources.iter().filter(suits).collect();
        let is_tested = |source: &&&Source| self.tested.contains(&source.path);
        let tested: Vec<&Source> = suitable.iter().filter(is_tested).copied().collect();
        if !tested.is_empty() && chance.percent(80) {
            return format!("!ref({})", chance.pick(&tested).path).into();
        }
        if !suitable.is_empty() && chance.percent(75) {
            return format!("!ref({})", chance.pick(&suitable).path).into();
        }
        match ty {
            Ty::Text if chance.percent(60) => {
                let texts: Vec<_> = sources.iter().filter(|source| source.ty.is_textual()).collect();
                if texts.is_empty() {
                    literal("x".into())
                } else {
                    format!("<!ref({})$&>", chance.pick(&texts).path).into()
                }
            }
            Ty::Object { members, .. } if depth > 0 => {
                let mut object = Map::new();
                for (name, ty, required) in members {
                    if *required || chance.percent(50) {
                        object.insert((*name).to_owned(), self.expression(ty, sources, depth - 1, chance));
                    }
                }
                object.into()
            }
            Ty::Pair(first, second) if depth > 0 => json!([
                self.expression(first, sources, depth - 1, chance),
                self.expression(second, sources, depth - 1, chance)
            ]),
            Ty::Array(element, min) if depth > 0 => {
                (0..=*min).map(|_| self.expression(element, sources, depth - 1, chance)).collect()
            }
            _ => literal(ty.value(chance)),
        }
    }
}

/// What an action is called; nothing is the start.
fn id(action: Option<usize>) -> String {
    match action {
        None => "$source".to_owned(),
        Some(3) => "__proto__".to_owned(),
        Some(action) => action.to_string(),
    }
}

/// A value as it is written so that no text in it is read as a ref.
fn literal(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains("!ref(") => format!("!ref({})", Value::String(text)).into(),
        Value::Array(elements) => elements.into_iter().map(literal).collect(),
        Value::Object(members) => members.into_iter().map(|(name, member)| (name, literal(member))).collect(),
        other => other,
    }
}

fn paths(path: &str, ty: &Ty, always: bool, depth: usize, sources: &mut Vec<Source>) {
    sources.push(Source { path: path.to_owned(), ty: ty.clone(), always });
    if depth == 0 {
        return;
    }
    for (step, ty, there) in ty.steps() {
        paths(&format!("{path}{step}"), &ty, always && there, depth - 1, sources);
    }
}

/// Changes a document in one place.
pub(crate) fn mutate(document: &mut Value, scene: &Scene, chance: &mut Chance) {
    let actions = document["actions"].as_array().map_or(0, Vec::len);
    let edges = document["edges"].as_array().map_or(0, Vec::len);
    if actions == 0 || edges == 0 {
        return;
    }
    let (at, edge) = (chance.below(actions), chance.below(edges));
    let any_ref = |document: &Value, chance: &mut Chance| {
        let mut refs = Vec::new();
        find_refs(document, &mut refs);
        refs.push("!ref($.event.data.name)".to_owned());
        refs.push("!ref($.event.data.mode)".to_owned());
        refs.push("!ref($.event.data.nme)".to_owned());
        chance.pick(&refs).clone()
    };
    match chance.below(7) {
        0 | 1 => {
            let new = any_ref(document, chance);
            let mut strings = 0;
            strings_of(&mut document["actions"][at]["inputs"], &mut |_| strings += 1);
            if strings > 0 {
                let mut chosen = chance.below(strings);
                strings_of(&mut document["actions"][at]["inputs"], &mut |text| {
                    if chosen == 0 {
                        text.clone_from(&new);
                    }
                    chosen = chosen.wrapping_sub(1);
                });
            }
        }
        2 => {
            let reference = any_ref(document, chance);
            document["edges"][edge]["conditional"] =
                json!({ "type": chance.pick(&["if", "else"]), "ref": reference });
        }
        3 => {
            if let Some(edge) = document["edges"][edge].as_object_mut() {
                edge.remove("conditional");
            }
        }
        4 => {
            document["edges"].as_array_mut().unwrap().remove(edge);
        }
        5 => document["actions"][at]["kind"] = chance.pick(&scene.kinds).name.clone().into(),
        _ => {
            if let Some(inputs) = document["actions"][at]["inputs"].as_object_mut() {
                let names: Vec<String> = inputs.keys().cloned().collect();
                if let Some(name) = names.first().filter(|name| *name != "condition") {
                    inputs.insert(name.clone(), literal(Ty::Any.value(chance)));
                }
            }
        }
    }
}

fn find_refs(value: &Value, refs: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("!ref($") && text.ends_with(')') => refs.push(text.clone()),
        Value::Array(elements) => elements.iter().for_each(|element| find_refs(element, refs)),
        Value::Object(members) => members.values().for_each(|member| find_refs(member, refs)),
        _ => {}
    }
}

fn strings_of(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(elements) => elements.iter_mut().for_each(|element| strings_of(element, change)),
        Value::Object(members) => members.values_mut().for_each(|member| strings_of(member, change)),
        _ => {}
    }
}
