//! A worker that tests kill: `survivor JOURNAL WITNESS [BOUNDARY]` works on the runs of a journal, tells a server of every
//! execution, and aborts at the given journal boundary: before the first commit is 1, after it 2.

use flowright_sqlite::{Journal, Worker};
use flowright_tests::survivor;
use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, journal, witness, boundary @ ..] = &*arguments else {
        return Err("usage: survivor JOURNAL WITNESS [BOUNDARY]".into());
    };
    let last: u64 = boundary.first().map_or(Ok(u64::MAX), |boundary| boundary.parse())?;
    let passed = AtomicU64::new(0);
    let journal = Journal::open_with_boundaries(journal, move || {
        if passed.fetch_add(1, Ordering::Relaxed) + 1 >= last {
            std::process::abort();
        }
    })?;
    let engine = survivor::engine(witness.parse()?);
    let _worker = Worker::new(&journal, engine).lease(Duration::from_millis(200)).start()?;
    std::future::pending::<()>().await;
    Ok(())
}
