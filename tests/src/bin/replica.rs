//! A service that tests kill: `replica ADDRESS WITNESS` runs workflows for a Restate server that calls it at this address, and
//! tells a server of every execution.

use flowright_restate::Service;
use flowright_tests::survivor;
use std::error::Error;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, address, witness] = &*arguments else {
        return Err("usage: replica ADDRESS WITNESS".into());
    };
    let service = Service::new(survivor::engine(witness.parse()?));
    service.serve(TcpListener::bind(address).await?).await;
    Ok(())
}
