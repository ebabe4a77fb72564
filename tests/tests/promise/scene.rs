//! A registry of actions made at run time, and what is known of their calls.

use crate::chance::Chance;
use crate::types::Ty;
use flowright::{ActionDefinition, Code, InputDefinition, Level, Mode, Registry};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

/// One kind of action.
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) inputs: Vec<(&'static str, Ty, bool)>,
    /// Of each input, what stands in where it is left out.
    defaults: Vec<Option<Value>>,
    /// What it was called before, and what each of its inputs was.
    former: (Option<String>, Vec<Option<&'static str>>),
    pub(crate) output: Ty,
    validators: Vec<jsonschema::Validator>,
}

/// Kinds and the type of the event.
pub(crate) struct Scene {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) event: Ty,
    stage: Arc<Mutex<Stage>>,
}

/// What actions give back in a run, and how they were called.
#[derive(Default)]
pub(crate) struct Stage {
    pub(crate) outputs: HashMap<String, Value>,
    pub(crate) called: HashSet<String>,
    pub(crate) calls: Vec<(String, String, Value)>,
}

impl Scene {
    pub(crate) fn random(chance: &mut Chance) -> Scene {
        let ty = |chance: &mut Chance| {
            let ty = Ty::random(chance, 2);
            if chance.percent(35) { ty.or_null() } else { ty }
        };
        let pool: Vec<Ty> = (0..6).map(|_| ty(chance)).collect();
        let kinds = (0..5).map(|at| {
            let count = chance.below(3) + usize::from(at == 0);
            let inputs = ["first", "second", "third"]
                .into_iter()
                .take(count)
                .map(|name| {
                    let ty = chance.pick(&pool).clone();
                    (name, if chance.percent(40) { ty.part(chance) } else { ty }, chance.percent(70))
                })
                .collect::<Vec<_>>();
            let output = match chance.below(3) {
                0 => chance.pick(&pool).clone(),
                1 => Ty::Object {
                    members: vec![
                        ("a", chance.pick(&pool).clone(), true),
                        ("name", chance.pick(&pool).clone(), chance.percent(60)),
                    ],
                    open: chance.percent(20),
                },
                _ => Ty::object(chance, 2),
            };
            let validators = inputs.iter().map(|(_, ty, _)| validator(&ty.schema())).collect();
            let defaults = inputs.iter().map(|(_, ty, required)| {
                let has_default = !required && chance.percent(35);
                has_default.then(|| ty.value(chance))
            });
            let defaults = defaults.collect();
            let former = (None, vec![None; inputs.len()]);
            Kind { name: format!("kind{at}"), inputs, defaults, former, output, validators }
        });
        let kinds = kinds.collect();
        let data = Ty::Object {
            members: vec![
                ("a", chance.pick(&pool).clone(), true),
                ("b", chance.pick(&pool).clone(), true),
                ("flag", Ty::Boolean, true),
                ("mode", Ty::OneOf(&["on", "off", "auto"]), true),
                ("name", chance.pick(&pool).clone(), false),
            ],
            open: false,
        };
        let event = Ty::Object {
            members: vec![("name", Ty::OneOf(&["go"]), true), ("data", data, true)],
            open: false,
        };
        Scene { kinds, event, stage: Arc::default() }
    }

    /// The same with another signature in some places; `careful` as one may be changed.
    pub(crate) fn changed(&self, careful: bool, chance: &mut Chance) -> Scene {
        let kinds = self.kinds.iter().map(|kind| kind.changed(careful, chance)).collect();
        let event = if chance.percent(30) { self.event.lesser(careful, chance) } else { self.event.clone() };
        Scene { kinds, event, stage: Arc::default() }
    }

    /// The registry of these kinds; `lowered` are left to run time.
    pub(crate) fn registry(&self, mode: Mode, lowered: &[Code]) -> Registry {
        let mut builder = Registry::builder().mode(mode).event_schema("go", self.event.schema());
        for code in lowered {
            builder = builder.lint(*code, Level::Allow);
        }
        for kind in &self.kinds {
            let mut action = ActionDefinition::builder(kind.name.clone()).output_schema(kind.output.schema());
            if let Some(former) = &kind.former.0 {
                action = action.alias(former.clone());
            }
            for (((name, ty, required), default), former) in
                kind.inputs.iter().zip(&kind.defaults).zip(&kind.former.1)
            {
                let mut input = InputDefinition::from_schema(*name, ty.schema(), *required);
                if let Some(former) = former {
                    input = input.with_alias(*former);
                }
                action = action.input_definition(match default {
                    Some(default) => input.with_default_value(default.clone()),
                    None => input,
                });
            }
            let (stage, name) = (Arc::clone(&self.stage), kind.name.clone());
            builder = builder.action(
                action
                    .handler(move |call| {
                        let mut stage = stage.lock().unwrap();
                        let id = call.context().action_id().to_owned();
                        stage.calls.push((id.clone(), name.clone(), call.inputs()?));
                        stage.called.insert(id.clone());
                        Ok(stage.outputs.get(&id).cloned().unwrap_or_default())
                    })
                    .build(),
            );
        }
        builder.build().unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// Sets what actions will give back.
    pub(crate) fn set(&self, outputs: HashMap<String, Value>) {
        *self.stage.lock().unwrap() = Stage { outputs, ..Stage::default() };
    }

    /// How actions were called since then.
    pub(crate) fn take(&self) -> Stage {
        std::mem::take(&mut *self.stage.lock().unwrap())
    }

    pub(crate) fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == name)
    }
}

impl Kind {
    fn changed(&self, careful: bool, chance: &mut Chance) -> Kind {
        let mut inputs = self.inputs.clone();
        let mut defaults = self.defaults.clone();
        let mut former = self.former.clone();
        for (at, (name, ty, required)) in inputs.iter_mut().enumerate() {
            if chance.percent(15) {
                let before = std::mem::replace(name, ["1st", "2nd", "3rd"][at]);
                former.1[at] = (careful || chance.percent(50)).then_some(before);
            }
            if chance.percent(40) {
                *ty = ty.greater(careful, chance);
            }
            if chance.percent(15) {
                *required = !careful && !*required;
            }
            // A default is a value of the type.
            defaults[at] = defaults[at].take().filter(|_| !*required && chance.percent(50));
            if defaults[at].is_some() {
                defaults[at] = Some(ty.value(chance));
            }
        }
        if !careful && chance.percent(10) {
            inputs.pop();
            defaults.pop();
            former.1.pop();
        }
        if chance.percent(15) {
            inputs.push(("fourth", Ty::Text, !careful));
            defaults.push(None);
            former.1.push(None);
        }
        let output =
            if chance.percent(40) { self.output.lesser(careful, chance) } else { self.output.clone() };
        let validators = inputs.iter().map(|(_, ty, _)| validator(&ty.schema())).collect();
        let mut name = self.name.clone();
        if chance.percent(10) {
            let before = std::mem::replace(&mut name, format!("new-{}", self.name));
            former.0 = (careful || chance.percent(50)).then_some(before);
        }
        Kind { name, inputs, defaults, former, output, validators }
    }

    /// What is wrong with the inputs of a call.
    pub(crate) fn refuse(&self, inputs: &Value) -> Option<String> {
        for (((name, _, required), default), validator) in
            self.inputs.iter().zip(&self.defaults).zip(&self.validators)
        {
            match inputs.get(name) {
                None if *required || default.is_some() => return Some(format!("`{name}` is missing")),
                Some(value) if !validator.is_valid(value) => return Some(format!("`{name}` is {value}")),
                _ => {}
            }
        }
        let known = |name: &String| self.inputs.iter().any(|input| input.0 == name);
        let unknown = inputs.as_object()?.keys().find(|name| !known(name))?;
        Some(format!("`{unknown}` is no input"))
    }
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().offline().should_validate_formats(true).build(schema).unwrap()
}

impl std::fmt::Display for Scene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "event: {}", self.event.schema())?;
        for kind in &self.kinds {
            let inputs: Vec<Value> = kind
                .inputs
                .iter()
                .zip(&kind.defaults)
                .map(|((name, ty, required), default)| {
                    json!({ "name": name, "required": required, "default": default, "schema": ty.schema() })
                })
                .collect();
            writeln!(f, "{}: inputs {}\n       output {}", kind.name, json!(inputs), kind.output.schema())?;
        }
        Ok(())
    }
}
