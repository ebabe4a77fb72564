//! Changes for programs.

use super::Changes;
use super::change::{Change, Changed, Parting, TypeChange};
use super::words::mode;
use serde_json::{Map, Value, json};

impl Changes {
    /// The changes as JSON. Its shape is stable: members may be added, none is taken away.
    ///
    /// ```json
    /// {
    ///   "breaking": true,
    ///   "changes": [{
    ///     "action": "ring",
    ///     "change": "input-type",
    ///     "breaking": true,
    ///     "message": "the input `times` of `ring` is narrower in bounds: …",
    ///     "input": "times",
    ///     "how": "narrower-in-bounds",
    ///     "from": "integer 0 to 9",
    ///     "to": "integer 0 to 5",
    ///     "parting": { "place": "", "from": "integer 0 to 9", "to": "integer 0 to 5", "example": 6 }
    ///   }]
    /// }
    /// ```
    ///
    /// `change` says what the other members are. `action` or `event` is there where it is about one, by the name that
    /// the old registry has.
    ///
    /// | `change` | further members |
    /// |---|---|
    /// | `action-removed` | `deprecated`: what to use instead, where it was deprecated |
    /// | `action-added` | |
    /// | `action-renamed` | `to`, `kept`: whether the old name still works |
    /// | `action-deprecated` | `advice` |
    /// | `alias-removed` | `alias` |
    /// | `alias-moved` | `alias`, `to`: the other action |
    /// | `input-added` | `input`, `required` |
    /// | `input-removed` | `input`, `deprecated`: whether it was |
    /// | `input-renamed` | `input`, `to`, `kept` |
    /// | `input-alias-removed` | `input`, `alias` |
    /// | `input-alias-moved` | `input`, `alias`, `to`: the other input |
    /// | `inputs-merged` | `input`, `with` |
    /// | `input-deprecated`, `input-required`, `input-optional` | `input` |
    /// | `input-type` | `input`, and those of a type |
    /// | `output-type`, `event-type` | those of a type |
    /// | `event-added`, `event-removed` | |
    /// | `mode-stricter` | `from`, `to`: `strict`, `default` or `lenient` |
    /// | `level-raised` | `code` |
    /// | `limit-lowered` | `limit`, `from`, `to` |
    ///
    /// Those of a type are `how` ([`How::as_str`](super::How::as_str)), `from`, `to` and, where the change is breaking
    /// and decided, `parting`: the place inside the value, the types that are there where there are any, and an example,
    /// where there is a short one and the input is no secret.
    ///
    /// ```
    /// # use flowright::{ActionDefinition, Registry};
    /// # use serde_json::json;
    /// let greet = |max| {
    ///     let name = json!({ "type": "string", "maxLength": max });
    ///     let greet = ActionDefinition::builder("greet").input_schema("name", name, true).handler(|_| Ok(json!(null)));
    ///     Registry::builder().action(greet.build()).build()
    /// };
    /// let changes = greet(2)?.compare(&greet(80)?).to_json();
    /// assert_eq!(changes["breaking"], true);
    /// assert_eq!(changes["changes"][0]["action"], "greet");
    /// assert_eq!(changes["changes"][0]["how"], "narrower-in-bounds");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_json(&self) -> Value {
        json!({ "breaking": self.is_breaking(), "changes": self.iter().map(Change::to_json).collect::<Value>() })
    }
}

impl Change {
    fn to_json(&self) -> Value {
        let mut json = Map::new();
        let mut put = |name: &str, value: Value| json.insert(name.to_owned(), value);
        if let Some(action) = self.action() {
            put("action", action.into());
        }
        if let Some(event) = self.event() {
            put("event", event.into());
        }
        put("change", self.what().slug().into());
        put("breaking", self.is_breaking().into());
        put("message", self.to_string().into());
        self.what().put(put);
        Value::Object(json)
    }
}

impl Changed {
    fn slug(&self) -> &'static str {
        match self {
            Changed::ActionRemoved { .. } => "action-removed",
            Changed::ActionAdded => "action-added",
            Changed::ActionRenamed { .. } => "action-renamed",
            Changed::AliasRemoved { .. } => "alias-removed",
            Changed::AliasMoved { .. } => "alias-moved",
            Changed::ActionDeprecated { .. } => "action-deprecated",
            Changed::InputAdded { .. } => "input-added",
            Changed::InputRemoved { .. } => "input-removed",
            Changed::InputRenamed { .. } => "input-renamed",
            Changed::InputAliasRemoved { .. } => "input-alias-removed",
            Changed::InputAliasMoved { .. } => "input-alias-moved",
            Changed::InputsMerged { .. } => "inputs-merged",
            Changed::InputDeprecated { .. } => "input-deprecated",
            Changed::InputRequired { .. } => "input-required",
            Changed::InputOptional { .. } => "input-optional",
            Changed::InputType { .. } => "input-type",
            Changed::OutputType(_) => "output-type",
            Changed::EventAdded => "event-added",
            Changed::EventRemoved => "event-removed",
            Changed::EventType(_) => "event-type",
            Changed::ModeStricter { .. } => "mode-stricter",
            Changed::LevelRaised { .. } => "level-raised",
            Changed::LimitLowered { .. } => "limit-lowered",
        }
    }

    /// The members that only this change has.
    fn put(&self, mut put: impl FnMut(&str, Value) -> Option<Value>) {
        let mut all = |members: &[(&str, Value)]| {
            for (name, value) in members {
                put(name, value.clone());
            }
        };
        match self {
            Changed::ActionAdded
            | Changed::EventAdded
            | Changed::EventRemoved
            | Changed::ActionRemoved { deprecated: None } => {}
            Changed::ActionRemoved { deprecated: Some(advice) } => {
                all(&[("deprecated", json!(advice))]);
            }
            Changed::ActionRenamed { to, kept } => all(&[("to", json!(to)), ("kept", json!(kept))]),
            Changed::AliasRemoved { alias } => all(&[("alias", json!(alias))]),
            Changed::AliasMoved { alias, to } => all(&[("alias", json!(alias)), ("to", json!(to))]),
            Changed::ActionDeprecated { advice } => all(&[("advice", json!(advice))]),
            Changed::InputAdded { input, required } => {
                all(&[("input", json!(input)), ("required", json!(required))]);
            }
            Changed::InputRemoved { input, deprecated } => {
                all(&[("input", json!(input)), ("deprecated", json!(deprecated))]);
            }
            Changed::InputRenamed { input, to, kept } => {
                all(&[("input", json!(input)), ("to", json!(to)), ("kept", json!(kept))]);
            }
            Changed::InputAliasRemoved { input, alias } => {
                all(&[("input", json!(input)), ("alias", json!(alias))]);
            }
            Changed::InputAliasMoved { input, alias, to } => {
                all(&[("input", json!(input)), ("alias", json!(alias)), ("to", json!(to))]);
            }
            Changed::InputsMerged { input, with } => all(&[("input", json!(input)), ("with", json!(with))]),
            Changed::InputDeprecated { input }
            | Changed::InputRequired { input }
            | Changed::InputOptional { input } => all(&[("input", json!(input))]),
            Changed::InputType { input, ty } => {
                all(&[("input", json!(input))]);
                all(&ty.members());
            }
            Changed::OutputType(ty) | Changed::EventType(ty) => all(&ty.members()),
            Changed::ModeStricter { from, to } => {
                all(&[("from", mode(*from).into()), ("to", mode(*to).into())]);
            }
            Changed::LevelRaised { code } => all(&[("code", code.slug().into())]),
            Changed::LimitLowered { limit, from, to } => {
                all(&[("limit", json!(limit)), ("from", json!(from)), ("to", json!(to))]);
            }
        }
    }
}

impl TypeChange {
    fn members(&self) -> Vec<(&'static str, Value)> {
        let mut members =
            vec![("how", self.how.as_str().into()), ("from", json!(self.from)), ("to", json!(self.to))];
        members.extend(self.parting.as_ref().map(|parting| ("parting", parting.to_json())));
        members
    }
}

impl Parting {
    fn to_json(&self) -> Value {
        let mut json = Map::from_iter([("place".to_owned(), json!(self.place))]);
        let from = self.from.as_ref().map(|from| ("from", json!(from)));
        let to = self.to.as_ref().map(|to| ("to", json!(to)));
        let example = self.example.clone().map(|example| ("example", example));
        for (name, value) in [from, to, example].into_iter().flatten() {
            json.insert(name.to_owned(), value);
        }
        Value::Object(json)
    }
}
