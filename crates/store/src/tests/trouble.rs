//! What the log does when the disk, the file or another program is in the way.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::Connection;

use super::*;
use crate::{Health, OpenError, Reader, SCHEMA_VERSION, Trouble, file::beside};

/// Waits until the log is in the state that `is_so` describes.
fn wait_until(writer: &Writer, is_so: impl Fn(&Health) -> bool) -> Health {
    loop {
        let health = writer.health();
        if is_so(&health) {
            return health;
        }
        std::thread::yield_now();
    }
}

fn with_posts(path: &Path, n_posts: u64) {
    let writer = start(path);
    for seq in 1..=n_posts {
        writer.append(group(vec![posted(seq, seq, 1, &format!("text {seq}"))])).unwrap();
        if seq.is_multiple_of(7) {
            writer.flush().unwrap();
        }
    }
    writer.close().unwrap();
}

#[test]
fn a_locked_file_is_told_and_waited_for() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let acked = Arc::new(AtomicU64::new(0));
    let mut group = group(vec![posted(1, 1, 1, "patient")]);
    group.acks.push(Box::new({
        let acked = Arc::clone(&acked);
        move || acked.store(1, Ordering::Release)
    }));
    writer.append(group).unwrap();
    let health = wait_until(&writer, |health| health.trouble.is_some());
    assert_eq!((health.trouble, health.n_queued), (Some(Trouble::Locked), 1));
    assert_eq!(acked.load(Ordering::Acquire), 0);
    other.execute_batch("ROLLBACK").unwrap();
    writer.flush().unwrap();
    assert_eq!((acked.load(Ordering::Acquire), writer.health().trouble), (1, None));
}

#[test]
fn a_full_disk_keeps_the_queue_and_a_purge_frees_it() {
    let (_folder, path) = folder();
    let options = Options { max_bytes: Some(1 << 20), ..Options::default() };
    let writer = Writer::start(&path, options).unwrap();
    let text = "x".repeat(20_000);
    for seq in 1..=100 {
        writer.append(group(vec![posted(seq, seq, 1, &text)])).unwrap();
    }
    let health = wait_until(&writer, |health| health.trouble.is_some());
    assert_eq!(health.trouble, Some(Trouble::DiskFull));
    assert!(health.n_queued > 0);
    // What was committed can be read meanwhile.
    assert!(places(&path).len() < 100);
    // The queue may hold more than the file can: room is made until all is in.
    while wait_until(&writer, |health| health.trouble.is_some() || health.n_queued == 0).n_queued
        > 0
    {
        writer.purge(time(writer.health().committed.0)).unwrap();
    }
    writer.flush().unwrap();
    let health = writer.health();
    assert_eq!((health.committed, health.trouble, health.n_given_up), (Seq(100), None, 0));
}

#[test]
fn closing_does_not_wait_for_a_disk_that_stays_full() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut group = group(vec![posted(1, 1, 1, "late")]);
    let acked = Arc::new(AtomicU64::new(0));
    let waiting = Arc::clone(&acked);
    group.acks.push(Box::new(move || waiting.store(1, Ordering::Release)));
    writer.append(group).unwrap();
    assert_eq!(writer.close(), Err(Trouble::Locked));
    // The ack was dropped uncalled: who waited knows.
    assert_eq!((acked.load(Ordering::Acquire), Arc::strong_count(&acked)), (0, 1));
}

#[track_caller]
fn check_set_aside(path: &Path, damaged: &[u8]) {
    fs::write(path, damaged).unwrap();
    let writer = start(path);
    let aside = writer.health().set_aside;
    assert_eq!(aside.len(), 1);
    let aside = aside.first().unwrap();
    assert_eq!(fs::read(aside).unwrap(), damaged, "kept as it was");
    writer.append(group(vec![posted(1, 1, 1, "anew")])).unwrap();
    writer.close().unwrap();
    assert_eq!(places(path), [1]);
}

#[test]
fn a_damaged_file_is_set_aside_each_under_its_own_name() {
    let (_folder, path) = folder();
    check_set_aside(&path, b"no database at all, but long enough to be taken for one.........");
    check_set_aside(&path, &[0xA5; 9_000]);
    with_posts(&beside(&path, "2"), 500);
    let mut bytes = fs::read(beside(&path, "2")).unwrap();
    // A whole page, with what says where its rows are.
    let middle = bytes.len() / 2 / 16_384 * 16_384;
    bytes[middle..middle + 16_384].fill(0xFF);
    check_set_aside(&path, &bytes);
    let asides = (1..=3).map(|number| beside(&path, &format!(".damaged-{number}")));
    assert!(asides.into_iter().all(|aside| aside.exists()));
}

#[test]
fn damage_at_work_costs_the_old_rows_but_neither_new_ones_nor_tombstones() {
    let (_folder, path) = folder();
    let writer = start(&path);
    for seq in 1..=300 {
        writer.append(group(vec![posted(seq, seq, 1, "some text that fills pages")])).unwrap();
    }
    writer.append(group(vec![logged(301, Event::Deleted(post_id(3)))])).unwrap();
    writer.flush().unwrap();
    let other = Connection::open(&path).unwrap();
    let damage = "PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'event';
        PRAGMA schema_version = 4711;";
    other.execute_batch(damage).unwrap();
    drop(other);
    writer.append(group(vec![posted(302, 302, 1, "new"), posted(303, 3, 1, "deleted")])).unwrap();
    writer.flush().unwrap();
    let health = writer.health();
    assert_eq!((health.committed, health.set_aside.len()), (Seq(303), 1));
    writer.close().unwrap();
    assert_eq!(places(&path), [302]);
    let writer = start(&path);
    assert!(!writer.tombstones().admits(&posted(304, 3, 1, "again").event, time(304)));
}

/// A copy of the files of a log that still runs, as a crash would leave them.
fn crashed_copy(path: &Path) -> (TempDir, PathBuf) {
    let (folder, copy) = folder();
    for suffix in ["", "-wal"] {
        fs::copy(beside(path, suffix), beside(&copy, suffix)).unwrap();
    }
    (folder, copy)
}

#[test]
fn a_torn_write_ahead_log_opens_at_the_last_whole_commit() {
    let (_folder, path) = folder();
    let writer = start(&path);
    for seq in 1..=40 {
        writer.append(group(vec![posted(seq, seq, 1, &"text ".repeat(200))])).unwrap();
        writer.flush().unwrap();
    }
    let n_bytes = fs::metadata(beside(&path, "-wal")).unwrap().len();
    let mut rng = fastrand::Rng::with_seed(7);
    let mut seen = BTreeSet::new();
    for _ in 0..20 {
        let (_copies, copy) = crashed_copy(&path);
        let wal = beside(&copy, "-wal");
        let cut = rng.u64(0..=n_bytes);
        let mut bytes = fs::read(&wal).unwrap();
        bytes.truncate(usize::try_from(cut).unwrap());
        // What the disk had not written yet may hold anything.
        bytes.extend(std::iter::repeat_with(|| rng.u8(..)).take(5_000));
        fs::write(&wal, bytes).unwrap();
        let writer = start(&copy);
        let last = writer.health().committed.0;
        assert!(writer.health().set_aside.is_empty());
        assert_eq!(places(&copy), (1..=last).collect::<Vec<_>>());
        let cursors = writer.reader().unwrap().cursors().unwrap();
        let expected = (last > 0).then(|| cursor(Seq(last)));
        assert_eq!(cursors.get(&SourceId::new("live")), expected.as_ref());
        seen.insert(last);
    }
    assert!(seen.len() > 5, "cuts at different places: {seen:?}");
}

#[test]
fn a_newer_log_and_a_strange_database_are_left_alone() {
    let (_folder, path) = folder();
    with_posts(&path, 3);
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    drop(newer);
    let bytes = fs::read(&path).unwrap();
    for err in
        [Writer::start(&path, Options::default()).unwrap_err(), Reader::open(&path).unwrap_err()]
    {
        assert!(matches!(err, OpenError::Newer { found, known, .. }
            if (found, known) == (SCHEMA_VERSION + 1, SCHEMA_VERSION)));
    }
    assert_eq!(fs::read(&path).unwrap(), bytes);

    let (_folder, path) = folder();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE mine (x)").unwrap();
    let err = Writer::start(&path, Options::default()).unwrap_err();
    assert!(matches!(err, OpenError::NotOurs(_)), "{err}");
}

#[test]
fn two_programs_cannot_write_one_log() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let err = Writer::start(&path, Options::default()).unwrap_err();
    assert!(matches!(err, OpenError::InUse(_)), "{err}");
    drop(writer);
    drop(start(&path));
}

#[cfg(unix)]
#[test]
fn the_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = folder();
    fs::write(&path, b"").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let writer = start(&path);
    writer.append(group(vec![posted(1, 1, 1, "private")])).unwrap();
    writer.flush().unwrap();
    for suffix in ["", "-wal", "-shm", "-lock"] {
        let mode = fs::metadata(beside(&path, suffix)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{suffix}");
    }
}

#[test]
fn a_missing_folder_is_made_and_an_impossible_one_is_told() {
    let (folder, _) = folder();
    let path = folder.path().join("a/b/room.vigie");
    drop(start(&path));
    let err = Writer::start(&path.join("c"), Options::default()).unwrap_err();
    assert!(matches!(err, OpenError::Io { .. }), "{err}");
    assert!(err.to_string().ends_with("room.vigie/c"), "{err}");
    assert!(Reader::open(&folder.path().join("none")).is_err());
}
