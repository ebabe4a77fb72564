//! Keeps what is traced.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, LazyLock, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Metadata, Subscriber};

type Fields = BTreeMap<&'static str, String>;

/// What was traced, in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Traced {
    Span { name: &'static str, within: Option<&'static str>, fields: Fields },
    Event { within: Option<(&'static str, Fields)>, fields: Fields },
}

/// Keeps everything.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Tape>>);

#[derive(Default)]
struct Tape {
    spans: Vec<(&'static str, Fields)>,
    entered: Vec<usize>,
    traced: Vec<Traced>,
}

struct Reader<'f>(&'f mut Fields);

impl Visit for Reader<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Recorder {
    fn tape(&self) -> std::sync::MutexGuard<'_, Tape> {
        self.0.lock().expect("nothing panics while it records")
    }
}

fn index(id: &Id) -> usize {
    usize::try_from(id.into_u64()).expect("few spans") - 1
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("flowright")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::new();
        span.record(&mut Reader(&mut fields));
        let mut tape = self.tape();
        let within = tape.entered.last().map(|&span| tape.spans[span].0);
        let name = span.metadata().name();
        tape.spans.push((name, fields.clone()));
        tape.traced.push(Traced::Span { name, within, fields });
        Id::from_u64(tape.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(&mut Reader(&mut self.tape().spans[index(span)].1));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        let mut tape = self.tape();
        let within = tape.entered.last().map(|&span| tape.spans[span].clone());
        tape.traced.push(Traced::Event { within, fields });
    }

    fn enter(&self, span: &Id) {
        self.tape().entered.push(index(span));
    }

    fn exit(&self, _: &Id) {
        self.tape().entered.pop();
    }
}

/// What `act` came to, and what was traced meanwhile.
pub(crate) fn recorded<T>(act: impl FnOnce() -> T) -> (T, Vec<Traced>) {
    // Where there is only one subscriber, the thread that comes to a span first decides whether that is enabled for all.
    static ANOTHER: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Recorder::default()));
    LazyLock::force(&ANOTHER);
    let recorder = Recorder::default();
    let result = tracing::subscriber::with_default(recorder.clone(), act);
    let traced = std::mem::take(&mut recorder.tape().traced);
    (result, traced)
}
