//! A connection to a service that is lost at the worst moment: what an attempt came to has been said, and that it is over not.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// The length of the head of a frame of HTTP/2: its payload's length, its kind, its flags, its stream.
const FRAME: usize = 9;

/// The kind of a frame that holds a piece of a body.
const DATA: u8 = 0;

/// The length of the head of a message to the cluster: its kind, its flags, its length.
const MESSAGE: usize = 8;

/// The kind of the message that says that an invocation is over.
const END: u16 = 3;

/// Forwards what comes to the port that this gives to a service, and cuts the connection off before the first end of an
/// invocation; the flag says whether it has.
pub(crate) async fn cut_before_the_first_end(service: SocketAddr) -> (u16, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let is_cut = Arc::<AtomicBool>::default();
    let shared = Arc::clone(&is_cut);
    tokio::spawn(async move {
        while let Ok((cluster, _)) = listener.accept().await {
            let (cluster, is_cut) = (cluster.into_split(), Arc::clone(&shared));
            let service = TcpStream::connect(service).await.unwrap().into_split();
            tokio::spawn(async move {
                let (mut from_cluster, to_cluster) = cluster;
                let (from_service, mut to_service) = service;
                tokio::select! {
                    _ = copy(&mut from_cluster, &mut to_service) => {}
                    _ = forward(from_service, to_cluster, &is_cut) => {}
                }
            });
        }
    });
    (port, is_cut)
}

async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    is_cut: &AtomicBool,
) -> std::io::Result<()> {
    loop {
        let mut frame = vec![0; FRAME];
        from.read_exact(&mut frame).await?;
        let length = u32::from_be_bytes([0, frame[0], frame[1], frame[2]]) as usize;
        frame.resize(FRAME + length, 0);
        from.read_exact(&mut frame[FRAME..]).await?;
        let end = (frame[3] == DATA).then(|| end_in(&frame[FRAME..])).flatten();
        if let Some(end) = end
            && !is_cut.swap(true, Ordering::Relaxed)
        {
            frame.truncate(FRAME + end);
            frame[..3].copy_from_slice(&u32::try_from(end).unwrap().to_be_bytes()[1..]);
            // The body goes on.
            frame[4] = 0;
            return to.write_all(&frame).await;
        }
        to.write_all(&frame).await?;
    }
}

/// Where in a piece of a body its end begins.
fn end_in(body: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(head) = body.get(at..at + MESSAGE) {
        if u16::from_be_bytes([head[0], head[1]]) == END {
            return Some(at);
        }
        at += MESSAGE + u32::from_be_bytes([head[4], head[5], head[6], head[7]]) as usize;
    }
    None
}
