//! One thread writes, and commits together what came together.

use crate::error::JournalError;
use crate::work::caught;
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use tokio::sync::oneshot;

/// How many writes one commit makes durable at most.
const TOGETHER: usize = 1_024;

/// One write: it does its work in the transaction that is open, where there is one, says why it could not, and is told
/// afterwards whether that was committed.
type Write = Box<dyn FnOnce(Result<&Connection, JournalError>) -> (Reply, Option<JournalError>) + Send>;
type Reply = Box<dyn FnOnce(Result<(), JournalError>) + Send>;

/// Hands writes to the thread. Writes are made durable in the order in which they were handed over.
#[derive(Clone, Debug)]
pub(crate) struct Writer(Sender<Write>);

impl Writer {
    /// A thread that writes by this connection, and calls `boundary` before and after each commit. It ends when the last
    /// writer is gone.
    pub(crate) fn spawn(
        connection: Connection,
        boundary: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = channel();
        thread::Builder::new()
            .name("flowright-journal".to_owned())
            .spawn(move || serve(&connection, &receiver, &boundary))?;
        Ok(Writer(sender))
    }

    /// Writes, and comes back when it is durable.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.begin(write).await.map_err(|_| JournalError::Closed)?
    }

    /// Hands a write over; it comes before whatever is handed over later.
    pub(crate) fn begin<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, JournalError>> {
        let (answer, answered) = oneshot::channel();
        let write: Write = Box::new(move |connection| {
            let done = connection.and_then(|connection| alone(connection, write));
            let failed = done.as_ref().err().cloned();
            // Nobody may wait any more.
            (Box::new(move |committed| drop(answer.send(committed.and(done)))), failed)
        });
        drop(self.0.send(write));
        answered
    }
}

fn serve(connection: &Connection, writes: &Receiver<Write>, boundary: &dyn Fn()) {
    while let Ok(first) = writes.recv() {
        let together: Vec<Write> =
            std::iter::once(first).chain(writes.try_iter().take(TOGETHER - 1)).collect();
        boundary();
        let (replies, committed) = commit(connection, together);
        boundary();
        for reply in replies {
            reply(committed.clone());
        }
    }
}

fn commit(connection: &Connection, writes: Vec<Write>) -> (Vec<Reply>, Result<(), JournalError>) {
    let mut open = connection.execute_batch("begin immediate").map_err(JournalError::from);
    let mut replies = Vec::with_capacity(writes.len());
    for write in writes {
        let (reply, failed) = write(open.clone().map(|()| connection));
        replies.push(reply);
        if open.is_ok() && connection.is_autocommit() {
            // Some errors, such as a full disk, undo the whole transaction: what came before is undone as well, and
            // what comes after must not be committed on its own.
            open = Err(failed.unwrap_or(JournalError::Closed));
        }
    }
    let committed = open.and_then(|()| connection.execute_batch("commit").map_err(JournalError::from));
    if !connection.is_autocommit() {
        // It was not committed; what cannot be rolled back either was rolled back already.
        drop(connection.execute_batch("rollback"));
    }
    (replies, committed)
}

/// All of one write or, where it fails, nothing of it.
fn alone<T>(
    connection: &Connection,
    write: impl FnOnce(&Connection) -> Result<T, JournalError>,
) -> Result<T, JournalError> {
    connection.prepare_cached("savepoint one")?.execute([])?;
    // The thread writes for others as well.
    let done = caught::at_once(|| write(connection));
    if connection.is_autocommit() {
        return done;
    }
    let ends: &[&str] = if done.is_err() { &["rollback to one", "release one"] } else { &["release one"] };
    let end = |sql: &&str| connection.prepare_cached(sql)?.execute([]);
    if let Err(error) = ends.iter().try_for_each(|sql| end(sql).map(drop)) {
        // What was written by it alone cannot be told apart any more.
        drop(connection.execute_batch("rollback"));
        return Err(done.err().unwrap_or_else(|| error.into()));
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of three writes in one transaction of which the second does this, and what is there afterwards.
    async fn beside_others(second: fn(&Connection)) -> (Vec<Result<(), String>>, Option<String>) {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("some.db")).unwrap();
        connection.execute_batch("create table some (number)").unwrap();
        let writer = Writer::spawn(connection, || {}).unwrap();
        let insert = |number: i64, then: fn(&Connection)| {
            writer.begin(move |connection| {
                connection.execute("insert into some values (?1)", [number])?;
                then(connection);
                Ok(())
            })
        };
        // The others wait for the first, and are committed together.
        let (all_there, are_all_there) = channel();
        let slow = writer.begin(move |_| {
            let () = are_all_there.recv().unwrap();
            Ok(())
        });
        let written = [insert(1, |_| {}), insert(2, second), insert(3, |_| {})];
        all_there.send(()).unwrap();
        drop(slow.await.unwrap());
        let mut came = Vec::new();
        for written in written {
            came.push(written.await.unwrap().map_err(|error| error.to_string()));
        }
        let select = "select group_concat(number) from some";
        let there = writer.write(|connection| Ok(connection.query_row(select, [], |row| row.get(0))?));
        (came, there.await.unwrap())
    }

    #[tokio::test]
    async fn a_write_that_panics_is_undone_and_the_others_are_made() {
        let (came, there) = beside_others(|_| panic!("it is broken")).await;
        assert_eq!(came, [Ok(()), Err("something panicked: it is broken".to_owned()), Ok(())]);
        assert_eq!(there.as_deref(), Some("1,3"));
    }

    #[tokio::test]
    async fn where_a_write_cannot_be_undone_alone_all_are_undone() {
        let release = |connection: &Connection| connection.execute_batch("release one").unwrap();
        for second in [release, |connection: &Connection| {
            connection.execute_batch("release one").unwrap();
            panic!("it is broken")
        }] {
            let (came, there) = beside_others(second).await;
            assert!(came.iter().all(Result::is_err), "{came:?}");
            assert_eq!(there, None);
        }
    }
}
