//! Tests of the posts' lane.

use std::{sync::Arc, task::Waker};

use vigie_model::{Author, AuthorId, Cursor, Post, PostId, SourceId, Timestamp};

use super::*;

fn post(text_bytes: usize) -> SourceEvent {
    let author = Author {
        id: AuthorId::new("test", "a"),
        handle: "a".into(),
        name: "A".into(),
        avatar: None,
    };
    SourceEvent::Upsert(Box::new(Post {
        id: PostId::new("test", "p"),
        author: Arc::new(author),
        text: "x".repeat(text_bytes).into(),
        spans: Vec::new(),
        languages: Vec::new(),
        media: Vec::new(),
        labels: Vec::new(),
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: Timestamp::EPOCH,
        received: Timestamp::EPOCH,
        edited: None,
        source: SourceId::new("s"),
    }))
}

fn batch(n_events: usize, cursor: &str) -> Batch {
    Batch {
        source: SourceId::new("s"),
        events: vec![SourceEvent::CaughtUp; n_events],
        cursor: Some(Cursor(cursor.into())),
        received: Timestamp::EPOCH,
    }
}

/// Whether `future` is ready now.
fn poll_now<F: Future>(future: Pin<&mut F>) -> Option<F::Output> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

#[track_caller]
fn check_weight(events: Vec<SourceEvent>, expected: usize) {
    assert_eq!(weight(&Batch { events, ..batch(0, "") }), expected);
}

#[test]
fn a_batch_weighs_what_it_holds() {
    check_weight(vec![], 1);
    check_weight(vec![SourceEvent::CaughtUp; 3], 3);
    check_weight(vec![post(0), post(2_047)], 3);
    check_weight(vec![post(100_000); 512], INGEST_MAX_UNITS);
}

#[test]
fn the_receipt_tells_what_became_of_the_batch() {
    let (delivered, mut receipt) = Delivered::new(batch(1, "1"));
    assert_eq!(poll_now(Pin::new(&mut receipt)), None);
    delivered.ack.committed();
    assert_eq!(poll_now(Pin::new(&mut receipt)), Some(Ok(())));

    let (delivered, mut receipt) = Delivered::new(batch(1, "1"));
    drop(delivered);
    assert_eq!(poll_now(Pin::new(&mut receipt)), Some(Err(NotStored)));
}

#[tokio::test]
async fn a_full_lane_makes_the_sender_wait_and_loses_nothing() {
    let (ingest, deliveries) = ingest();
    let n_batches = INGEST_MAX_UNITS / Batch::MAX_EVENTS;
    for _ in 0..n_batches {
        ingest.send(batch(Batch::MAX_EVENTS, "1")).await.unwrap();
    }
    let mut waiting = Box::pin(ingest.send(batch(1, "last")));
    assert!(poll_now(waiting.as_mut()).is_none());
    let counts = ingest.counts();
    assert_eq!(
        (counts.depth, counts.n_in, counts.n_waited),
        (INGEST_MAX_UNITS, n_batches as u64, 1)
    );

    assert!(deliveries.try_recv().is_some());
    assert!(poll_now(waiting.as_mut()).unwrap().is_ok());
    let last = std::iter::from_fn(|| deliveries.try_recv()).last().unwrap();
    assert_eq!(last.batch.cursor, Some(Cursor("last".into())));
    let counts = ingest.counts();
    assert_eq!((counts.depth, counts.peak), (0, INGEST_MAX_UNITS));
}

#[tokio::test]
async fn the_heaviest_batch_fits_into_an_empty_lane() {
    let (ingest, deliveries) = ingest();
    let events = vec![post(Post::MAX_TEXT_BYTES); Batch::MAX_EVENTS];
    ingest.send(Batch { events, ..batch(0, "1") }).await.unwrap();
    assert!(deliveries.try_recv().is_some());
}

#[tokio::test]
async fn an_overlong_batch_travels_in_parts_with_the_cursor_on_the_last() {
    let (ingest, deliveries) = ingest();
    ingest.send(batch(2 * Batch::MAX_EVENTS + 1, "end")).await.unwrap();
    let parts: Vec<_> = std::iter::from_fn(|| deliveries.try_recv())
        .map(|delivered| (delivered.batch.events.len(), delivered.batch.cursor))
        .collect();
    let whole = (Batch::MAX_EVENTS, None);
    assert_eq!(parts, [whole.clone(), whole, (1, Some(Cursor("end".into())))]);
}

#[tokio::test]
async fn closing_refuses_the_new_and_delivers_the_old() {
    let (ingest, deliveries) = ingest();
    ingest.send(batch(1, "accepted")).await.unwrap();
    ingest.clone().close();
    assert_eq!(ingest.send(batch(1, "late")).await.unwrap_err(), Closed);
    assert!(deliveries.recv().is_some());
    assert!(deliveries.recv().is_none());
}

#[tokio::test]
async fn closing_frees_the_senders_that_wait() {
    let (ingest, deliveries) = ingest();
    for _ in 0..INGEST_MAX_UNITS / Batch::MAX_EVENTS {
        ingest.send(batch(Batch::MAX_EVENTS, "1")).await.unwrap();
    }
    let mut waiting = Box::pin(ingest.send(batch(1, "late")));
    assert!(poll_now(waiting.as_mut()).is_none());
    drop(deliveries);
    assert_eq!(poll_now(waiting.as_mut()).unwrap().unwrap_err(), Closed);
    assert_eq!(ingest.send(batch(1, "later")).await.unwrap_err(), Closed);
}

#[tokio::test]
async fn a_receiver_that_sleeps_is_woken_by_closing() {
    let (ingest, deliveries) = ingest();
    let sleeper = tokio::task::spawn_blocking(move || deliveries.recv().is_none());
    ingest.close();
    assert!(sleeper.await.unwrap());
}
