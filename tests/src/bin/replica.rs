//! A service that tests kill: `replica ADDRESS WITNESS [changed]` runs workflows for a Restate server that calls it at this
//! address, and tells a server of every execution; with an action that has changed meanwhile, where that is said.

use flowright_restate::Service;
use flowright_tests::survivor;
use std::error::Error;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, address, witness, changed @ ..] = &*arguments else {
        return Err("usage: replica ADDRESS WITNESS [changed]".into());
    };
    let witness = witness.parse()?;
    let engine =
        if changed.is_empty() { survivor::engine(witness) } else { survivor::changed_engine(witness) };
    let service = Service::new(engine);
    service.serve(TcpListener::bind(address).await?).await;
    Ok(())
}
