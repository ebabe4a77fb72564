//! One document, checked and run on many events.

use crate::chance::Chance;
use crate::scene::Scene;
use flowright::{Cause, CheckedWorkflow, Code, Engine, Mode, Registry, Report};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// An event, and what each action gives back.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) event: Value,
    pub(crate) outputs: HashMap<String, Value>,
}

impl World {
    pub(crate) fn random(scene: &Scene, document: &Value, chance: &mut Chance) -> World {
        let actions = document["actions"].as_array().into_iter().flatten();
        let outputs = actions.filter_map(|action| {
            let (id, kind) = (action["id"].as_str()?, scene.kind(action["kind"].as_str()?)?);
            // Every third value is made by others, who know nothing of this type.
            let foreign = chance.percent(30).then(|| {
                let mut random = StdRng::seed_from_u64(chance.below(usize::MAX) as u64);
                noson::generate(&kind.output.schema(), &mut random).ok()
            });
            Some((id.to_owned(), foreign.flatten().unwrap_or_else(|| kind.output.value(chance))))
        });
        let outputs = outputs.collect();
        World { event: scene.event.value(chance), outputs }
    }
}

/// What a run came to.
#[derive(Default)]
pub(crate) struct Trial {
    pub(crate) called: HashSet<String>,
    pub(crate) stopped: Option<Stopped>,
    /// What breaks the promise.
    pub(crate) broken: Option<String>,
}

/// How a run that failed did so.
pub(crate) struct Stopped {
    pub(crate) pointer: Option<String>,
    pub(crate) message: String,
}

/// A registry with its engine and the way to run on it.
pub(crate) struct Bench<'s> {
    scene: &'s Scene,
    registry: Registry,
    engine: Engine,
    runtime: tokio::runtime::Runtime,
}

impl<'s> Bench<'s> {
    pub(crate) fn new(scene: &'s Scene, mode: Mode, lowered: &[Code]) -> Bench<'s> {
        let registry = scene.registry(mode, lowered);
        let engine = Engine::builder(registry.clone()).build().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Bench { scene, registry, engine, runtime }
    }

    pub(crate) fn check(&self, document: &Value) -> Result<CheckedWorkflow, Report> {
        self.registry.check(document.to_string())
    }

    pub(crate) fn run(&self, workflow: &CheckedWorkflow, world: &World) -> Trial {
        self.scene.set(world.outputs.clone());
        let outcome = self.runtime.block_on(self.engine.run(workflow, world.event.clone()));
        let stage = self.scene.take();
        let mut trial = Trial { called: stage.called, ..Trial::default() };
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                trial.broken = Some(format!("not begun: {error}"));
                return trial;
            }
        };
        for (id, kind, inputs) in &stage.calls {
            let wrong = self.scene.kind(kind).and_then(|kind| kind.refuse(inputs));
            if let Some(wrong) = wrong {
                trial.broken = Some(format!("called wrongly: action {id}: {wrong}; all inputs {inputs}"));
                return trial;
            }
        }
        let Some(failure) = outcome.failure() else { return trial };
        let pointer = match failure.cause() {
            Cause::Input(fault) => Some(fault.pointer().to_string()),
            _ => None,
        };
        trial.broken = if trial.called.contains(failure.action_id()) {
            Some(format!("failed after it was called: {failure}"))
        } else if pointer.is_none() {
            Some(format!("failed otherwise: {failure}"))
        } else {
            None
        };
        trial.stopped = Some(Stopped { pointer, message: failure.to_string() });
        trial
    }

    /// What breaks the promise for a document, and the world that shows it.
    pub(crate) fn violation(&self, document: &Value, worlds: &[World]) -> Option<(String, World)> {
        let workflow = self.check(document).ok()?;
        let left: Vec<String> =
            workflow.report().left_to_run_time().iter().map(ToString::to_string).collect();
        for world in worlds {
            let Trial { stopped, broken, .. } = self.run(&workflow, world);
            if let Some(broken) = broken {
                return Some((broken, world.clone()));
            }
            let Some(stopped) = stopped else { continue };
            let pointer = stopped.pointer.unwrap_or_default();
            // A member that is absent is missed by the object around it.
            let is_left = |left: &String| is_inside(&pointer, left) || parent(left) == pointer;
            if !left.iter().any(is_left) {
                let broken = format!(
                    "stopped at {pointer}, which is not left to run time ({left:?}): {}",
                    stopped.message
                );
                return Some((broken, world.clone()));
            }
        }
        None
    }

    /// The smallest document found that still breaks the promise in the same way.
    pub(crate) fn shrink(&self, document: &Value, world: &World, broken: &str) -> Value {
        let kind = |broken: &str| {
            broken.split(':').next().unwrap_or_default().split(" at ").next().map(str::to_owned)
        };
        let mut smallest = document.clone();
        for _ in 0..60 {
            let smaller = smaller(&smallest).into_iter().find(|smaller| {
                let found = self.violation(smaller, std::slice::from_ref(world));
                found.is_some_and(|(found, _)| kind(&found) == kind(broken))
            });
            match smaller {
                Some(smaller) => smallest = smaller,
                None => break,
            }
        }
        smallest
    }
}

/// Whether a pointer is the same as another or leads into what is there.
pub(crate) fn is_inside(pointer: &str, of: &str) -> bool {
    pointer.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The document without one action, one edge, one condition or one input.
fn smaller(document: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let count = |list: &str| document[list].as_array().map_or(0, Vec::len);
    for at in 0..count("actions") {
        let mut without = document.clone();
        let removed = without["actions"].as_array_mut().unwrap().remove(at);
        let edges = without["edges"].as_array_mut().unwrap();
        edges.retain(|edge| edge["from"] != removed["id"] && edge["to"] != removed["id"]);
        all.push(without);
        for name in document["actions"][at]["inputs"].as_object().into_iter().flat_map(|inputs| inputs.keys())
        {
            let mut without = document.clone();
            without["actions"][at]["inputs"].as_object_mut().unwrap().remove(name);
            all.push(without);
        }
    }
    for at in 0..count("edges") {
        let mut without = document.clone();
        without["edges"].as_array_mut().unwrap().remove(at);
        all.push(without);
        let mut without = document.clone();
        if without["edges"][at].as_object_mut().unwrap().remove("conditional").is_some() {
            all.push(without);
        }
    }
    all
}
