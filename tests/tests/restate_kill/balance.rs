//! One address for several services: a connection goes to one that answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// Forwards what comes to the port that this gives, as long as the program lives.
pub(crate) async fn balanced(services: Vec<u16>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (services, next) = (Arc::new(services), Arc::new(AtomicUsize::new(0)));
    tokio::spawn(async move {
        while let Ok((mut incoming, _)) = listener.accept().await {
            let (services, next) = (Arc::clone(&services), Arc::clone(&next));
            tokio::spawn(async move {
                for _ in 0..services.len() {
                    let at = next.fetch_add(1, Ordering::Relaxed) % services.len();
                    let address = SocketAddr::from(([127, 0, 0, 1], services[at]));
                    if let Ok(mut service) = TcpStream::connect(address).await {
                        // Either may be killed.
                        drop(copy_bidirectional(&mut incoming, &mut service).await);
                        return;
                    }
                }
            });
        }
    });
    port
}
