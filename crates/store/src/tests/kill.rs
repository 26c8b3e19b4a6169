//! Kill -9 at any moment: what was acknowledged is there, whole, without holes.
//!
//! The test starts this very program again as a child that appends as fast as it can and says what was acknowledged.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

use vigie_model::PurgeCause;

use super::*;
use crate::Reader;

const PATH_VARIABLE: &str = "VIGIE_STORE_TEST_CHILD";

/// What happens at a place of the log: the same in child and parent.
fn event(seq: u64) -> Logged {
    match seq % 23 {
        0 => logged(seq, Event::Deleted(post_id(seq - 4))),
        1 if seq > 1 => {
            logged(seq, Event::AuthorPurged(author_id((seq / 23) % 50), PurgeCause::Deleted))
        }
        _ => posted(seq, seq, seq % 50, &format!("text {seq} ").repeat(fill(seq))),
    }
}

/// Most texts are short, some cover several pages.
fn fill(seq: u64) -> usize {
    if seq.is_multiple_of(97) { 900 } else { 10 }
}

/// Whether the event at `seq` has lost its content by the time of `last`.
fn is_erased(seq: u64, last: u64) -> bool {
    let Event::Post { .. } = event(seq).event else { return false };
    let is_deleted = (seq + 4).is_multiple_of(23) && seq + 4 <= last;
    // The first purge after it, then the first of those that is its author's.
    let (next, by) = (seq.div_ceil(23), seq % 50);
    let number = next + (by + 50 - next % 50) % 50;
    let is_purged = number * 23 < last;
    is_deleted || is_purged
}

/// The child: appends until it is killed. Does nothing when the tests are run.
#[test]
fn child() {
    if let Some(path) = std::env::var_os(PATH_VARIABLE) {
        append_for_ever(Path::new(&path));
    }
}

fn append_for_ever(path: &Path) -> ! {
    let writer = start(path);
    let mut seq = writer.health().committed.0;
    let mut rng = fastrand::Rng::with_seed(seq);
    loop {
        let n_events = rng.u64(1..=120);
        let events = (seq + 1..=seq + n_events).map(event).collect();
        seq += n_events;
        let mut group = group(events);
        let last = seq;
        group.acks.push(Box::new(move || say(last)));
        // Half of the time the writer gets to do single groups, else it is behind.
        if rng.bool() {
            writer.flush().unwrap();
        }
        while !writer.wait_for_room(group.events.len(), std::time::Duration::from_secs(1)) {}
        writer.append(group).unwrap();
    }
}

/// Tells the parent, at once.
fn say(last: u64) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "\nacked {last}").and_then(|()| out.flush()).is_err() {
        // The parent is gone: nobody is left to end this.
        std::process::abort();
    }
}

fn spawn(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::kill::child", "--nocapture", "--test-threads=1"])
        .env(PATH_VARIABLE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a child run until its `n_acks`th acknowledgment, kills it, and gives the last one that it said.
fn run_and_kill(path: &Path, n_acks: usize) -> u64 {
    let mut child = spawn(path);
    let acked = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("acked ")?.parse::<u64>().ok());
    let mut last = 0;
    for (idx, seq) in acked.enumerate() {
        last = seq;
        if idx == n_acks {
            child.kill().unwrap(); // What it said before that is still read.
        }
    }
    child.wait().unwrap();
    last
}

#[test]
fn what_was_acknowledged_survives_every_kill() {
    let (n_kills, seed) = if std::env::var_os("RUN_SLOW_TESTS").is_some() {
        (150, fastrand::u64(..))
    } else {
        (20, 23)
    };
    eprintln!("seed {seed}");
    let mut rng = fastrand::Rng::with_seed(seed);
    let (_folder, path) = folder();
    let mut n_before = 0;
    for round in 0..n_kills {
        let acked = run_and_kill(&path, rng.usize(0..60));
        // Every other time the child's successor finds the files as they lie, else a reader came between.
        if round % 2 == 0 {
            continue;
        }
        let reader = Reader::open(&path).unwrap();
        let last = reader.last_seq().unwrap().0;
        assert!(last >= acked && last > n_before, "{acked} acknowledged, {last} there");
        n_before = last;
        assert_eq!(reader.cursors().unwrap().get(&SourceId::new("live")), Some(&cursor(Seq(last))));
        drop(reader);
        check_rows(&path, last);
    }
    let writer = start(&path);
    assert!(writer.health().set_aside.is_empty());
    let whole = rusqlite::Connection::open(&path).unwrap();
    let verdict: String = whole.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

/// No hole, nothing torn, nothing deleted that should not be, nothing there that was deleted.
#[track_caller]
fn check_rows(path: &Path, last: u64) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let n_rows: u64 = connection
        .query_row("SELECT count(*) FROM event WHERE seq >= 1", [], |row| row.get::<_, i64>(0))
        .unwrap()
        .cast_unsigned();
    assert_eq!(n_rows, last, "rows without holes");
    let mut rows = replay(path).into_iter().peekable();
    for seq in 1..=last {
        let row = rows.next_if(|row| row.seq == Seq(seq));
        assert_eq!(row.is_none(), is_erased(seq, last), "event {seq} of {last}");
        assert!(row.is_none_or(|row| row == event(seq)), "event {seq} of {last} is another");
    }
    assert!(rows.next().is_none());
}
