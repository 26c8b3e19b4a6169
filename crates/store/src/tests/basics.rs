//! What goes in comes out, in order, once it was acknowledged.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use vigie_model::{
    Command, GapCause, Issued, PurgeCause, Reading, SourceReport, SourceState, Tone,
};

use super::*;
use crate::{AppendError, QUEUE_MAX_EVENTS, Reader, Trouble};

/// One event of each kind, with fields that are not at their defaults.
fn every_kind() -> Vec<Logged> {
    let Event::Post { post, .. } = posted(1, 1, 1, "Bonjour 👋🏽 à tous\n\u{200f}مرحبا").event
    else {
        unreachable!()
    };
    let reading = Reading {
        tone: Tone { score: -0.25, unsure: true, ..Tone::default() },
        question: true,
        terms: vec!["#train".into()],
        ..Reading::default()
    };
    let report = SourceReport {
        state: SourceState::Waiting { until: time(9), why: "refused".into() },
        heard: Some(time(2)),
        deadline_secs: 60,
        n_skipped: 3,
        n_bytes: u64::MAX,
    };
    let source = SourceId::new("live");
    let events = [
        Event::Post { post, reading: reading.into() },
        Event::Deleted(post_id(7)),
        Event::AuthorPurged(author_id(7), PurgeCause::Suspended),
        Event::Author(author(3)),
        Event::Unasked { source: source.clone(), n_posts: 12 },
        Event::Gap { source: source.clone(), cause: GapCause::Limit("events".into()), n_events: 5 },
        Event::CaughtUp(source.clone()),
        Event::Source(source, report),
        Event::Command(Issued {
            by: "key".into(),
            command: Command::Pause { query: None, paused: true },
        }),
    ];
    (1..).zip(events).map(|(seq, event)| logged(seq, event)).collect()
}

#[test]
fn every_kind_of_event_comes_back_as_it_was_also_after_a_restart() {
    let (_folder, path) = folder();
    let writer = start(&path);
    writer.append(group(every_kind())).unwrap();
    writer.flush().unwrap();
    assert_eq!(replay(&path), every_kind());
    writer.close().unwrap();
    let writer = start(&path);
    assert_eq!(writer.health().committed, Seq(9));
    assert_eq!(replay(&path), every_kind());
}

/// The first form of a row's content must stay readable for ever.
#[test]
fn the_first_form_of_a_payload_is_still_read() {
    let text = b"\x01\x81\xa7deleted\x82\xa7network\xa7bluesky\xa6native\xa1x";
    let event = crate::codec::decode(Seq(1), text).unwrap();
    assert_eq!(event, Event::Deleted(PostId::new("bluesky", "x")));
    let mut payload = Vec::new();
    crate::codec::encode(&event, &mut payload).unwrap();
    assert_eq!(payload, text);
}

#[track_caller]
fn check_unreadable(payload: &[u8], expected: &str) {
    let err = crate::codec::decode(Seq(4), payload).unwrap_err();
    assert_eq!(err.to_string(), format!("event 4 is unreadable: {expected}"));
}

#[test]
fn unreadable_content_is_told_without_being_quoted() {
    check_unreadable(b"", "it is empty");
    check_unreadable(b"\x02\x81", "its fields do not fit");
    check_unreadable(b"\x03\x81", "a newer program wrote it");
    check_unreadable(b"\x01", "its fields do not fit");
    check_unreadable(b"\x01\x81\xa6secret\xa4text", "its fields do not fit");
    check_unreadable(&vec![1; 5 << 20], "it is too long");
}

#[test]
fn acks_fire_in_order_after_the_commit_and_a_panicking_one_hurts_nobody() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let n_acked = Arc::new(AtomicUsize::new(0));
    for seq in 1..=100 {
        let (n_acked, path) = (Arc::clone(&n_acked), path.clone());
        let ack = move || {
            assert_eq!(n_acked.fetch_add(1, Ordering::Relaxed), usize::try_from(seq - 1).unwrap());
            assert!(Reader::open(&path).unwrap().last_seq().unwrap() >= Seq(seq));
            assert_ne!(seq, 50, "one who waited is broken");
        };
        let mut group = group(vec![posted(seq, seq, 1, "text")]);
        group.acks.push(Box::new(ack));
        writer.append(group).unwrap();
    }
    writer.flush().unwrap();
    assert_eq!(n_acked.load(Ordering::Relaxed), 100);
    let health = writer.health();
    assert_eq!((health.committed, health.n_rows, health.n_queued), (Seq(100), 100, 0));
    assert!(health.n_commits < 50, "groups share transactions: {health:?}");
}

#[test]
fn cursors_stand_where_the_last_commit_put_them() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let (live, feed) = (SourceId::new("live"), SourceId::new("feed"));
    writer.append(group(vec![posted(1, 1, 1, "a")])).unwrap();
    let cursors = vec![
        (feed.clone(), Cursor("a".into())),
        (live.clone(), Cursor("x".into())),
        (feed.clone(), Cursor("b".into())),
    ];
    // A group without events moves cursors too: all its posts were unasked for.
    writer.append(Group { cursors, ..Group::default() }).unwrap();
    writer.flush().unwrap();
    let cursors = writer.reader().unwrap().cursors().unwrap();
    assert_eq!(
        cursors.into_iter().collect::<Vec<_>>(),
        [(feed, Cursor("b".into())), (live, Cursor("x".into()))]
    );
}

#[test]
fn a_range_gives_its_events_and_more_than_one_chunk() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let events = (1..=2_000).map(|seq| posted(seq, seq, 1, "text")).collect();
    writer.append(group(events)).unwrap();
    writer.flush().unwrap();
    let reader = writer.reader().unwrap();
    let count = |replay: crate::Replay<'_>| {
        let places: Vec<u64> = replay.map(|row| row.unwrap().seq.0).collect();
        (places.first().copied(), places.last().copied(), places.len())
    };
    assert_eq!(count(reader.replay(..)), (Some(1), Some(2_000), 2_000));
    assert_eq!(count(reader.replay(Seq(5)..Seq(5))), (None, None, 0));
    assert_eq!(count(reader.replay(..Seq(0))), (None, None, 0));
    assert_eq!(count(reader.replay(Seq(500)..=Seq(1_100))), (Some(500), Some(1_100), 601));
    assert_eq!(count(reader.replay(Seq(1_999)..)), (Some(1_999), Some(2_000), 2));
    assert_eq!(count(reader.replay(Seq(u64::MAX)..)), (None, None, 0));
}

#[test]
fn numbers_follow_on_each_other_across_restarts() {
    let (_folder, path) = folder();
    let writer = start(&path);
    // A new log may begin anywhere, as after a damaged one.
    writer.append(group(vec![posted(41, 1, 1, "a"), posted(42, 2, 1, "b")])).unwrap();
    let refused = writer.append(group(vec![posted(44, 3, 1, "c")]));
    assert!(matches!(refused, Err(AppendError::OutOfOrder { expected: Seq(43), found: Seq(44) })));
    writer.close().unwrap();
    let writer = start(&path);
    let refused = writer.append(group(vec![posted(42, 3, 1, "c")]));
    assert!(matches!(refused, Err(AppendError::OutOfOrder { expected: Seq(43), found: Seq(42) })));
    writer.append(group(vec![posted(43, 3, 1, "c")])).unwrap();
    writer.close().unwrap();
    assert_eq!(places(&path), [41, 42, 43]);
}

#[test]
fn a_full_queue_gives_the_group_back_and_takes_it_later() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let blocker = rusqlite::Connection::open(&path).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    let event = |seq| logged(seq, Event::CaughtUp(SourceId::new("live")));
    let mut due = 1;
    let refused = loop {
        let events = (due..due + 1_000).map(event).collect();
        match writer.append(group(events)) {
            Ok(()) => due += 1_000,
            Err(AppendError::Full(refused)) => break refused,
            Err(err) => panic!("{err}"),
        }
    };
    assert!(!writer.wait_for_room(1_000, std::time::Duration::ZERO));
    let health = writer.health();
    assert!(health.n_queued <= QUEUE_MAX_EVENTS && health.n_queued + 1_000 > QUEUE_MAX_EVENTS);
    blocker.execute_batch("ROLLBACK").unwrap();
    assert!(writer.wait_for_room(1_000, std::time::Duration::from_secs(60)));
    writer.append(*refused).unwrap();
    writer.flush().unwrap();
    assert_eq!(writer.health().committed, Seq(due + 999));
}

#[test]
fn a_closed_log_refuses_and_answers() {
    let (_folder, path) = folder();
    let writer = start(&path);
    let queue = crate::queue::Queue::new(Seq(0));
    queue.close();
    assert!(matches!(queue.append(Group::default()), Err(AppendError::Closed(_))));
    let (reply, answer) = std::sync::mpsc::sync_channel(1);
    queue.add_chore(crate::queue::Chore::Flush(reply));
    assert!(answer.recv().is_err());
    writer.append(group(vec![posted(1, 1, 1, "last words")])).unwrap();
    drop(writer);
    assert_eq!(places(&path), [1]);
    assert_eq!(Trouble::Closed.to_string(), "the log was closed");
}
