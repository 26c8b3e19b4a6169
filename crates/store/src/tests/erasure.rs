//! Deleted is gone: from replays, from the file, from the write-ahead log, and it stays gone.

use std::sync::Arc;

use vigie_model::{Command, Issued, Network, PurgeCause};

use super::*;
use crate::Retention;

/// The texts that are still on the disk, of those with these numbers.
fn left(path: &Path, numbers: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let on_disk = texts_on_disk(path);
    numbers.into_iter().filter(|number| on_disk.contains(number)).collect()
}

fn erase(seq: u64, by: u64) -> Logged {
    let command = Command::Erase(author_id(by));
    logged(seq, Event::Command(Issued { by: "console".into(), command }))
}

/// 200 posts of ten authors.
fn with_posts(path: &Path) -> Writer {
    let writer = start(path);
    for seq in 1..=200 {
        writer.append(group(vec![posted(seq, seq, seq % 10, &text(seq))])).unwrap();
    }
    writer.flush().unwrap();
    writer
}

#[test]
fn a_deleted_post_leaves_the_disk_in_all_its_versions() {
    let (_folder, path) = folder();
    let writer = with_posts(&path);
    // Post 7 is edited, then deleted; so is one of several pages.
    let events = vec![
        posted(201, 7, 7, &text(901)),
        logged(202, Event::Deleted(post_id(7))),
        logged(203, Event::Deleted(post_id(102))),
    ];
    assert_eq!(left(&path, [7, 901, 102]), [7, 102]);
    writer.append(group(events)).unwrap();
    writer.flush().unwrap();
    assert_eq!(left(&path, [7, 901, 102, 8, 96]), [8, 96]);
    assert_eq!(writer.health().n_erased, 3);
    let places = places(&path);
    assert_eq!(places.len(), 200);
    assert!([7, 102, 201].iter().all(|gone| !places.contains(gone)));
}

#[test]
fn an_author_leaves_the_disk_with_name_and_posts() {
    let (_folder, path) = folder();
    let writer = with_posts(&path);
    let named = logged(201, Event::Author(author(3)));
    let purge = logged(202, Event::AuthorPurged(author_id(3), PurgeCause::Deleted));
    writer.append(group(vec![named, purge, erase(203, 4)])).unwrap();
    writer.flush().unwrap();
    assert_eq!(writer.erase_author(&author_id(5), time(203)), Ok(20));
    let expected = (1..=200).filter(|number| !matches!(number % 10, 3..=5));
    assert_eq!(left(&path, 1..=200), expected.collect::<Vec<_>>());
    let disk = disk_text(&path);
    assert!(!disk.contains("author3.test") && disk.contains("author2.test"));
    assert_eq!(writer.health().n_erased, 61);
}

/// What comes after the deletions below, by place.
#[track_caller]
fn check_return(path: &Path, event: Logged, is_back: bool) {
    let writer = start(path);
    let seq = event.seq;
    assert_eq!(writer.tombstones().admits(&event.event, event.at), is_back);
    writer.append(group(vec![event])).unwrap();
    writer.close().unwrap();
    assert_eq!(places(path).contains(&seq.0), is_back);
}

#[test]
fn nothing_comes_back_after_a_restart_but_what_may() {
    let (_folder, path) = folder();
    let writer = with_posts(&path);
    let forget = Command::Forget(post_id(20));
    let events = vec![
        logged(201, Event::Deleted(post_id(7))),
        logged(202, Event::Deleted(post_id(777))),
        logged(203, Event::AuthorPurged(author_id(3), PurgeCause::Deactivated)),
        logged(204, Event::Command(Issued { by: "key".into(), command: forget })),
        erase(205, 4),
    ];
    writer.append(group(events)).unwrap();
    writer.close().unwrap();
    assert!(!places(&path).contains(&20));

    check_return(&path, posted(206, 7, 7, "replayed"), false);
    check_return(&path, posted(207, 777, 1, "deleted before it came"), false);
    check_return(&path, posted(208, 20, 0, "forgotten, then edited"), false);
    check_return(&path, posted(209, 500, 4, "new, by one who was erased"), false);
    check_return(&path, logged(210, Event::Author(author(4))), false);
    // One who was switched off and came back: old posts stay away, new ones may come.
    let mut old = posted(211, 501, 3, "old");
    if let Event::Post { post, .. } = &mut old.event {
        Arc::make_mut(post).published = time(203);
    }
    check_return(&path, old, false);
    check_return(&path, posted(212, 502, 3, "new"), true);
    check_return(&path, posted(213, 503, 1, "of no concern"), true);
    assert!(!disk_text(&path).contains("replayed"));
}

#[test]
fn a_delete_and_its_post_in_one_group_are_taken_in_their_order() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let events = vec![
        posted(1, 1, 1, "before"),
        logged(2, Event::Deleted(post_id(1))),
        posted(3, 1, 1, "after"),
        posted(4, 2, 2, "before"),
        logged(5, Event::AuthorPurged(author_id(2), PurgeCause::Suspended)),
        posted(6, 3, 2, "after"),
    ];
    writer.append(group(events)).unwrap();
    writer.flush().unwrap();
    assert_eq!(places(&path), [2, 5, 6]);
    let health = writer.health();
    assert_eq!((health.n_rows, health.n_erased, health.n_blocked), (6, 2, 1));
}

#[test]
fn a_purge_empties_the_past_and_keeps_the_numbers() {
    let (_folder, path) = folder();
    let writer = with_posts(&path);
    assert_eq!(writer.purge(time(150)), Ok(149));
    assert_eq!(places(&path), (150..=200).collect::<Vec<_>>());
    assert_eq!(left(&path, 140..=160), (150..=160).collect::<Vec<_>>());
    assert_eq!(writer.purge(time(1_000)), Ok(51));
    assert_eq!(left(&path, 1..=200), []);
    writer.close().unwrap();
    let writer = start(&path);
    assert_eq!(writer.health().committed, Seq(200));
    assert_eq!(writer.purge(time(1_000)), Ok(0));
    writer.append(group(vec![posted(201, 7, 7, "next")])).unwrap();
    writer.close().unwrap();
    assert_eq!(places(&path), [201]);
}

#[test]
fn a_sweep_takes_each_networks_content_at_its_own_age() {
    let (_folder, path) = folder();
    let second = 1_000_000;
    let by_network = vec![(Network::new("linkedin"), 50 * second)];
    let retention = Retention { all: 100 * second, by_network };
    let writer = Writer::start(&path, Options { retention, ..Options::default() }).unwrap();
    for seq in 1..=200 {
        let mut event = posted(seq, seq, seq % 10, &text(seq));
        if let (Event::Post { post, .. }, true) = (&mut event.event, seq.is_multiple_of(2)) {
            let post = Arc::make_mut(post);
            Arc::make_mut(&mut post.author).id.network = Network::new("linkedin");
        }
        writer.append(group(vec![event])).unwrap();
    }
    writer.flush().unwrap();
    assert_eq!(writer.sweep(time(200)), Ok(99 + 25));
    let kept = |number| number >= 150 || (number >= 100 && number % 2 == 1);
    let expected: Vec<u64> = (1..=200).filter(|seq| kept(*seq)).collect();
    assert_eq!(places(&path), expected);
    assert_eq!(left(&path, 1..=200), expected);
    // The next one goes on where this one ended.
    assert_eq!(writer.sweep(time(210)), Ok(10 + 5));
}

#[test]
fn tombstones_are_forgotten_by_their_kind() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let events = vec![
        posted(1, 1, 1, "here"),
        logged(2, Event::Deleted(post_id(1))),
        logged(3, Event::Deleted(post_id(2))),
        erase(4, 4),
    ];
    writer.append(group(events)).unwrap();
    let n_after = |days: i64| {
        writer.sweep(time(4).plus(days * 86_400 * 1_000_000)).unwrap();
        writer.tombstones().len()
    };
    assert_eq!([n_after(2), n_after(4), n_after(399), n_after(401)], [3, 2, 2, 1]);
    assert!(writer.tombstones().blocks_event(&posted(5, 9, 4, "").event));
}

/// Takes the index away as a kill between two of its segments would, or an older program never made it.
#[track_caller]
fn check_found_without(statements: &str) {
    let (_folder, path) = folder();
    let _hold = crate::file::hold(&path).unwrap();
    let mut log = crate::log::Log::open(&path, None).unwrap();
    for segment in 0..4 {
        let seqs = segment * 50 + 1..=segment * 50 + 50;
        let events = seqs.map(|seq| posted(seq, seq, seq % 10, &text(seq))).collect();
        log.commit(&[group(events)]).unwrap();
        log.tail.write_segment(&mut log.connection, log.last).unwrap();
    }
    log.connection.execute_batch(statements).unwrap();
    drop(log);
    let mut log = crate::log::Log::open(&path, None).unwrap();
    let deleted = logged(201, Event::Deleted(post_id(77)));
    assert_eq!(log.commit(&[group(vec![deleted])]).unwrap().n_erased, 1);
    assert_eq!(log.erase_author(&author_id(3), time(201)).unwrap(), 20);
    assert_eq!(log.erase_author(&author_id(3), time(201)).unwrap(), 0, "nothing is left");
}

#[test]
fn rows_are_found_however_much_of_the_index_is_there() {
    check_found_without("");
    check_found_without("DELETE FROM bucket; DELETE FROM segment;");
    check_found_without(
        "DELETE FROM bucket WHERE id >= 150 * 512; DELETE FROM segment WHERE last_seq >= 150;",
    );
    // A file of the first format.
    check_found_without(
        "DROP TABLE bucket; DELETE FROM segment; PRAGMA user_version = 1;
         CREATE TABLE mark (segment INTEGER, short INTEGER, seq INTEGER,
             PRIMARY KEY (segment, short, seq)) STRICT, WITHOUT ROWID;
         INSERT INTO segment VALUES (100); INSERT INTO mark VALUES (100, 1, 1);",
    );
}
