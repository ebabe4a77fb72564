//! Whether the write-ahead log beside a journal is whole.
//!
//! SQLite reads its log up to the first frame that does not check out, and takes it for one that was being written at a
//! crash: whatever was committed behind it is gone, without a word. But a commit is on the disk before the next one is
//! written behind it. So a frame that does not check out is damage where two commits stand behind it in one chain of
//! checksums, or one behind it where it is a commit itself; of a crash, no more than one is left.

use crate::error::JournalError;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// How often is looked whether another process only changes the log.
const LOOKS: usize = 16;

/// What the header of a log begins with, but for the last bit: whether checksums are of words in big endian.
const MAGIC: u32 = 0x377f_0682;

const PAGES: [usize; 8] = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536];

type HeaderBytes = [u8; 32];
type Salts = [u8; 8];

/// Refuses a log of which SQLite would lose what was committed.
///
/// Other processes may write to the log meanwhile, so that a frame is seen half written. What was found counts where it is
/// found again, and the header was the same all the while. The log has then not begun anew, which changes the salts of its
/// header before anything else; and a frame that commits stand behind is not written again before it does.
pub(crate) fn check(journal: &Path) -> Result<(), JournalError> {
    let journal = fs::canonicalize(journal).unwrap_or_else(|_| journal.to_owned());
    let mut log = journal.clone().into_os_string();
    log.push("-wal");
    let log = PathBuf::from(log);
    let mut before = None;
    for _ in 0..LOOKS {
        // What cannot be read is SQLite's to complain of.
        match look(&journal, &log) {
            Err(_) | Ok(Seen::Whole) => return Ok(()),
            Ok(Seen::Changed) => before = None,
            Ok(Seen::Fault(fault)) if before.as_ref() == Some(&fault) => return Err(fault.of(&log)),
            Ok(Seen::Fault(fault)) => before = Some(fault),
        }
    }
    Ok(())
}

enum Seen {
    Whole,
    /// Another process began it anew.
    Changed,
    Fault(Fault),
}

#[derive(PartialEq)]
struct Fault {
    header: HeaderBytes,
    place: Place,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Header,
    /// The first is 1.
    Frame(u64),
    /// The log is whole, and the file that it belongs to is not there.
    Beside,
}

impl Fault {
    fn of(&self, log: &Path) -> JournalError {
        let log = log.display();
        JournalError::DamagedLog(match self.place {
            Place::Header => format!(
                "the header of the write-ahead log `{log}` is damaged, and what was committed in the log would be lost"
            ),
            Place::Frame(number) => format!(
                "the write-ahead log `{log}` is damaged at frame {number}, and what was committed after it would be lost"
            ),
            Place::Beside => format!(
                "the file beside the write-ahead log `{log}` is missing or empty, and what was committed in the log would \
                 be lost"
            ),
        })
    }
}

fn look(journal: &Path, log: &Path) -> io::Result<Seen> {
    let mut file = File::open(log)?;
    let mut header = [0; 32];
    if !fill(&mut file, &mut header)? {
        return Ok(Seen::Whole);
    }
    let place = match Header::read(&header) {
        Some(sound) => match lost(&mut file, sound.layout, Some(&sound))? {
            Some(number) => Some(Place::Frame(number)),
            None => is_alone(journal, &file, sound.layout)?.then_some(Place::Beside),
        },
        None => is_behind(&mut file)?.then_some(Place::Header),
    };
    let Some(place) = place else { return Ok(Seen::Whole) };
    let mut after = [0; 32];
    file.rewind()?;
    let is_same = fill(&mut file, &mut after)? && after == header;
    Ok(if is_same { Seen::Fault(Fault { header, place }) } else { Seen::Changed })
}

/// Whether the log has a frame, and the file that it belongs to has nothing. A log is begun after its file, so this is
/// asked of the log first.
fn is_alone(journal: &Path, log: &File, layout: Layout) -> io::Result<bool> {
    let frame = u64::try_from(32 + 24 + layout.page).unwrap_or(u64::MAX);
    Ok(log.metadata()?.len() >= frame && fs::metadata(journal).map_or(0, |journal| journal.len()) == 0)
}

/// Whether commits stand behind a header that does not check out, which may be wrong about how the frames are laid out.
fn is_behind(file: &mut File) -> io::Result<bool> {
    for page in PAGES {
        for is_big in [false, true] {
            if lost(file, Layout { page, is_big }, None)?.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

#[derive(Clone, Copy)]
struct Layout {
    page: usize,
    is_big: bool,
}

struct Header {
    layout: Layout,
    salts: Salts,
    sum: Sum,
}

impl Header {
    /// A header that checks out.
    fn read(bytes: &HeaderBytes) -> Option<Self> {
        let magic = word(bytes, 0);
        let is_big = magic & 1 == 1;
        let page = PAGES.into_iter().find(|&page| u32::try_from(page) == Ok(word(bytes, 8)))?;
        let sum = Sum::default().over(bytes.get(..24)?, is_big);
        let is_sound = magic & !1 == MAGIC && sum == Sum(word(bytes, 24), word(bytes, 28));
        is_sound.then(|| Header { layout: Layout { page, is_big }, salts: salts(bytes, 16), sum })
    }
}

/// The checksum of all that stands before.
#[derive(Clone, Copy, Default, PartialEq)]
struct Sum(u32, u32);

impl Sum {
    fn over(self, bytes: &[u8], is_big: bool) -> Self {
        bytes.chunks_exact(8).fold(self, |Sum(one, two), words| {
            let at = |at| if is_big { word(words, at) } else { word(words, at).swap_bytes() };
            let one = one.wrapping_add(at(0)).wrapping_add(two);
            Sum(one, two.wrapping_add(at(4)).wrapping_add(one))
        })
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |word| u32::from_be_bytes(*word))
}

fn salts(bytes: &[u8], at: usize) -> Salts {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).copied().unwrap_or_default()
}

struct Frame {
    header: [u8; 24],
    page: Vec<u8>,
}

impl Frame {
    fn salts(&self) -> Salts {
        salts(&self.header, 8)
    }

    fn commits(&self) -> usize {
        usize::from(word(&self.header, 4) != 0)
    }

    fn stored(&self) -> Sum {
        Sum(word(&self.header, 16), word(&self.header, 20))
    }

    /// What its checksum is behind this one.
    fn behind(&self, sum: Sum, is_big: bool) -> Sum {
        sum.over(self.header.first_chunk::<8>().map_or(&[], |bytes| bytes), is_big).over(&self.page, is_big)
    }
}

/// Frames that go on from each other.
struct Chain {
    /// What the next one may go on from: of a frame that does not check out, what it has for its checksum can be wrong, or
    /// the rest of it.
    ends: [Sum; 2],
    commits: usize,
}

impl Chain {
    /// The checksums that a frame behind may have.
    fn sums(&self, frame: &Frame, is_big: bool) -> [Sum; 2] {
        let [stored, proper] = self.ends;
        let sum = frame.behind(stored, is_big);
        [sum, if proper == stored { sum } else { frame.behind(proper, is_big) }]
    }
}

/// The frame at which SQLite would stop reading, where commits would be lost by it. Behind a header that is not sound,
/// that is number 0.
fn lost(file: &mut File, layout: Layout, header: Option<&Header>) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(32))?;
    let mut file = BufReader::new(file);
    let mut frame = Frame { header: [0; 24], page: vec![0; layout.page] };
    let mut chain = header.map(|header| Chain { ends: [header.sum; 2], commits: 0 });
    let mut stopped = header.is_none().then_some(0);
    for number in 1.. {
        if !fill(&mut file, &mut frame.header)? || !fill(&mut file, &mut frame.page)? {
            break;
        }
        let stored = frame.stored();
        let is_own = header.is_none_or(|header| header.salts == frame.salts());
        let sums = chain.as_ref().map(|chain| chain.sums(&frame, layout.is_big));
        let before = chain.filter(|_| sums.is_some_and(|sums| sums.contains(&stored)));
        if stopped.is_none() && is_own && before.is_some() && word(&frame.header, 0) != 0 {
            chain = Some(Chain { ends: [stored; 2], commits: 0 });
            continue;
        }
        let stopped = *stopped.get_or_insert(number);
        let is_in_chain = is_own || before.is_some();
        let commits = before.map_or(0, |before| before.commits) + frame.commits();
        if is_in_chain && commits >= 2 {
            return Ok(Some(stopped));
        }
        let proper = sums.map_or(stored, |[proper, _]| proper);
        chain = is_in_chain.then_some(Chain { ends: [stored, proper], commits });
    }
    Ok(None)
}

/// Fills the buffer; `false` where there is not as much any more.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    #[test]
    fn a_log_of_a_machine_with_big_endian_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let connection = Connection::open(file("little.db")).unwrap();
        connection
            .execute_batch(
                "pragma page_size = 1024; pragma journal_mode = wal; create table t (x);
                 insert into t values (1); insert into t values (2)",
            )
            .unwrap();
        let mut log = fs::read(file("little.db-wal")).unwrap();
        let store = |to: &mut [u8], sum: Sum| {
            to[..4].copy_from_slice(&sum.0.to_be_bytes());
            to[4..8].copy_from_slice(&sum.1.to_be_bytes());
        };
        let (header, frames) = log.split_at_mut(32);
        header[3] |= 1;
        let mut sum = Sum::default().over(&header[..24], true);
        store(&mut header[24..], sum);
        for frame in frames.chunks_exact_mut(24 + 1_024) {
            sum = sum.over(&frame[..8], true).over(&frame[24..], true);
            store(&mut frame[16..], sum);
        }
        fs::copy(file("little.db"), file("big.db")).unwrap();
        let mut damaged = log.clone();
        damaged[32] ^= 1;
        for (log, is_whole) in [(damaged, false), (log, true)] {
            fs::write(file("big.db-wal"), log).unwrap();
            assert_eq!(check(&file("big.db")).is_ok(), is_whole);
        }
        let read = Connection::open(file("big.db")).unwrap();
        let rows: u32 = read.query_row("select count(*) from t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 2);
    }

    #[test]
    fn a_log_that_is_written_and_begun_anew_meanwhile_is_not_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("runs.db");
        let connection = Connection::open(&file).unwrap();
        connection
            .execute_batch("pragma journal_mode = wal; pragma synchronous = off; create table t (x)")
            .unwrap();
        let ended = &AtomicBool::new(false);
        let commits = thread::scope(|scope| {
            let writer = scope.spawn(move || {
                let mut commits = 0_u32;
                while !ended.load(Ordering::Relaxed) {
                    connection.execute("insert into t values (randomblob(3000))", []).unwrap();
                    connection
                        .execute("update t set x = randomblob(2000) where rowid % 7 = ?1", [commits % 7])
                        .unwrap();
                    commits += 2;
                    if commits.is_multiple_of(256) {
                        connection
                            .execute_batch(
                                "delete from t where rowid % 2 = 0; pragma wal_checkpoint(restart)",
                            )
                            .unwrap();
                    }
                    if commits.is_multiple_of(8_192) {
                        connection.execute_batch("pragma wal_checkpoint(truncate)").unwrap();
                    }
                }
                commits
            });
            let begun = Instant::now();
            let mut checks = 0;
            while begun.elapsed() < Duration::from_secs(3) {
                let checked = check(&file);
                if checked.is_err() {
                    ended.store(true, Ordering::Relaxed);
                }
                assert!(checked.is_ok(), "check {checks}: {checked:?}");
                checks += 1;
            }
            ended.store(true, Ordering::Relaxed);
            writer.join().unwrap()
        });
        assert!(commits > 100, "{commits}");
    }
}
