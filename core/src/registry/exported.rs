//! A registry as data: all that checking and exporting need, and nothing that runs.

use super::trigger::EventSchema;
use super::{Builtin, Mode, Registry, RegistryError};
use crate::Limits;
use crate::action::ActionRecord;
use crate::diagnostic::{Code, Level};
use flowright_schema::Origin;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// The version of the format. A later one says what this one cannot read.
const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
struct Exported {
    flowright: u64,
    actions: Vec<ActionRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    events: Vec<EventRecord>,
    #[serde(default)]
    builtins: bool,
    #[serde(default)]
    mode: ModeRecord,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    levels: BTreeMap<String, LevelRecord>,
    #[serde(default)]
    limits: Limits,
}

#[derive(Serialize, Deserialize)]
struct EventRecord {
    name: String,
    schema: Value,
    /// Whether the schema was written by hand, and not made of a Rust type.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    described_at_run_time: bool,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ModeRecord {
    Strict,
    #[default]
    Default,
    Lenient,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LevelRecord {
    Allow,
    Hint,
    Warning,
    Error,
}

impl Registry {
    /// The registry as JSON, for programs that check workflows without it: `flowright check --registry registry.json`.
    ///
    /// ```json
    /// {
    ///   "flowright": 1,
    ///   "actions": [{
    ///     "kind": "send_email", "name": "Send email", "description": "…",
    ///     "inputs": [{ "name": "to", "required": true, "schema": { "type": "string", "format": "email", "title": "To" } }],
    ///     "output": { "type": "null" },
    ///     "edges": { "allow_add": true }
    ///   }],
    ///   "events": [{ "name": "order.placed", "schema": { "…": "…" } }],
    ///   "builtins": true,
    ///   "mode": "default",
    ///   "levels": { "may-be-null": "warning" },
    ///   "limits": { "actions": 500, "…": 0 }
    /// }
    /// ```
    ///
    /// [`from_exported`](Registry::from_exported) reads it back.
    ///
    /// ```
    /// # use flowright::{ActionDefinition, Registry};
    /// # use serde_json::json;
    /// let greet = ActionDefinition::builder("greet").input::<String>("name").handler(|_| Ok(json!("hello"))).build();
    /// let registry = Registry::builder().action(greet).build()?;
    ///
    /// let elsewhere = Registry::from_exported(&registry.exported())?;
    /// let report = elsewhere
    ///     .check(r#"{ "actions": [{ "id": "1", "kind": "greet" }], "edges": [{ "from": "$source", "to": "1" }] }"#)
    ///     .unwrap_err();
    /// assert_eq!(report.diagnostics()[0].code().slug(), "missing-input");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn exported(&self) -> Value {
        // INVARIANT: it is made of texts, numbers and JSON.
        serde_json::to_value(self.to_record()).unwrap_or_default()
    }

    /// Tells registries apart: 16 hexadecimal digits, the same for the same [exported](Registry::exported) registry in every
    /// process and on every machine.
    pub fn fingerprint(&self) -> &str {
        self.0.fingerprint.get_or_init(|| {
            let sum = Sha256::digest(self.exported().to_string());
            sum.iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
        })
    }

    fn to_record(&self) -> Exported {
        let is_builtin =
            |kind: &str| self.position(kind).is_some_and(|at| self.registered(at).builtin.is_some());
        let own = self.definitions().filter(|definition| !is_builtin(definition.kind()));
        let level = |level: &Level| match level {
            Level::Allow => LevelRecord::Allow,
            Level::Hint => LevelRecord::Hint,
            Level::Warning => LevelRecord::Warning,
            Level::Error => LevelRecord::Error,
        };
        Exported {
            flowright: VERSION,
            actions: own.map(ActionRecord::of).collect(),
            events: self.0.triggers.schemas().iter().map(EventRecord::of).collect(),
            builtins: self
                .0
                .actions
                .iter()
                .any(|action| action.builtin == Some(Builtin::If) && self.position(action.kind()).is_some()),
            mode: match self.mode() {
                Mode::Strict => ModeRecord::Strict,
                Mode::Default => ModeRecord::Default,
                Mode::Lenient => ModeRecord::Lenient,
            },
            levels: self.levels().iter().map(|(code, own)| (code.slug().to_owned(), level(own))).collect(),
            limits: self.limits().clone(),
        }
    }

    /// The registry that [`exported`](Registry::exported) wrote. It checks and exports as the first one does, and its
    /// actions do not run.
    ///
    /// The error says where the JSON is no registry, that a newer flowright wrote it, or what is wrong with the
    /// registry itself. Members that are not known are passed over.
    pub fn from_exported(exported: &Value) -> Result<Registry, ExportedError> {
        match exported.get("flowright").and_then(Value::as_u64) {
            Some(version) if version > VERSION => return Err(ExportedError::Newer { version }),
            Some(_) => {}
            None => {
                return Err(ExportedError::NoRegistry {
                    place: String::new(),
                    message: no_version(exported),
                });
            }
        }
        let exported: Exported = serde_path_to_error::deserialize(exported).map_err(|error| {
            let place = Some(error.path().to_string()).filter(|place| place != ".").unwrap_or_default();
            ExportedError::NoRegistry { place, message: error.into_inner().to_string() }
        })?;
        let actions = exported.actions.into_iter().map(ActionRecord::into_definition);
        let mut builder = Registry::builder().limits(exported.limits).actions(actions);
        if !exported.builtins {
            builder = builder.without_builtins();
        }
        builder = builder.events(exported.events.into_iter().map(EventRecord::into_schema));
        builder = builder.mode(match exported.mode {
            ModeRecord::Strict => Mode::Strict,
            ModeRecord::Default => Mode::Default,
            ModeRecord::Lenient => Mode::Lenient,
        });
        for (slug, level) in exported.levels {
            // A code of an earlier version changes nothing.
            let Ok(code) = slug.parse::<Code>() else { continue };
            builder = builder.lint(
                code,
                match level {
                    LevelRecord::Allow => Level::Allow,
                    LevelRecord::Hint => Level::Hint,
                    LevelRecord::Warning => Level::Warning,
                    LevelRecord::Error => Level::Error,
                },
            );
        }
        builder.build().map_err(ExportedError::Faulty)
    }
}

impl EventRecord {
    fn of(event: &EventSchema) -> Self {
        EventRecord {
            name: event.name.clone(),
            schema: event.schema.clone(),
            described_at_run_time: event.origin == Origin::Schema,
        }
    }

    fn into_schema(self) -> EventSchema {
        let origin = if self.described_at_run_time { Origin::Schema } else { Origin::Rust };
        EventSchema { name: self.name, schema: self.schema, origin }
    }
}

fn no_version(exported: &Value) -> String {
    let found = match exported {
        Value::Object(members) if members.contains_key("flowright") => "`flowright` is no version number",
        Value::Object(_) => "there is no member `flowright`, which says the version of the format",
        _ => "it is no object",
    };
    format!("{found}; write it with `registry.exported()`, or `export registry` on the command line")
}

/// Why JSON cannot be read as a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportedError {
    /// A newer flowright wrote it.
    Newer {
        /// The version of its format.
        version: u64,
    },
    /// It is something else.
    NoRegistry {
        /// Where that shows: `actions[0].kind`; empty where it is the whole.
        place: String,
        /// What is wrong there.
        message: String,
    },
    /// Something is wrong with the registry that it is.
    Faulty(RegistryError),
}

impl fmt::Display for ExportedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportedError::Newer { version } => write!(
                f,
                "a newer flowright exported the registry: its format is {version}, and this version reads {VERSION}; \
                 update flowright here, or export the registry with the older version"
            ),
            ExportedError::NoRegistry { place, message } if place.is_empty() => {
                write!(f, "this is no exported registry: {message}")
            }
            ExportedError::NoRegistry { place, message } => {
                write!(f, "this is no exported registry: at `{place}`: {message}")
            }
            ExportedError::Faulty(faulty) => faulty.fmt(f),
        }
    }
}

impl std::error::Error for ExportedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ExportedError::Faulty(faulty) => Some(faulty),
            ExportedError::Newer { .. } | ExportedError::NoRegistry { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(exported: &Value) -> String {
        Registry::from_exported(exported).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_registry_says_where() {
        assert!(
            refused(&json!([])).starts_with("this is no exported registry: it is no object; write it with")
        );
        assert!(refused(&json!({})).contains("there is no member `flowright`"));
        assert!(refused(&json!({ "flowright": "1" })).contains("`flowright` is no version number"));
        assert_eq!(
            refused(&json!({ "flowright": 1, "actions": [{ "kind": "a" }] })),
            "this is no exported registry: at `actions[0]`: missing field `output`"
        );
        assert_eq!(
            refused(&json!({ "flowright": 1, "actions": [{ "kind": 7 }] })),
            "this is no exported registry: at `actions[0].kind`: invalid type: integer `7`, expected a string"
        );
        assert_eq!(
            refused(&json!({ "flowright": 2 })),
            "a newer flowright exported the registry: its format is 2, and this version reads 1; update flowright here, \
             or export the registry with the older version"
        );
    }

    #[test]
    fn what_is_wrong_with_the_registry_itself_is_said_as_ever() {
        let action = json!({ "kind": "a b", "output": { "type": "sting" } });
        let faults = refused(&json!({ "flowright": 1, "actions": [action.clone(), action] }));
        assert!(faults.contains("` ` cannot be part of a kind"), "{faults}");
        assert!(faults.contains("the schema of its output cannot be used"), "{faults}");
    }

    #[test]
    fn members_that_are_not_known_are_passed_over() {
        let exported = json!({ "flowright": 1, "actions": [], "later": {}, "levels": { "gone": "error" } });
        assert_eq!(Registry::from_exported(&exported).unwrap().definitions().count(), 0);
    }

    #[test]
    fn it_is_read_back_as_it_was_written() {
        let registry = Registry::builder()
            .event_schema("e", json!({ "type": "object", "properties": { "x": { "type": "null" } } }))
            .event::<Vec<u8>>("f")
            .limits(Limits::default().actions(7))
            .lint(Code::MayBeNull, Level::Warning)
            .mode(Mode::Lenient)
            .build()
            .unwrap();
        let exported = registry.exported();
        assert_eq!(Registry::from_exported(&exported).unwrap().exported(), exported);
        assert_eq!((&exported["limits"]["actions"], &exported["mode"]), (&json!(7), &json!("lenient")));
        let without = Registry::builder().without_builtins().build().unwrap().exported();
        assert_eq!(Registry::from_exported(&without).unwrap().definitions().count(), 0);
    }
}
