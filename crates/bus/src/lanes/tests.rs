//! Tests of the two lanes together, and of the orderly shutdown.

use std::{num::NonZeroUsize, sync::mpsc, thread::Builder};

use vigie_model::{Batch, Command, SourceEvent, SourceId, Timestamp};

use super::*;
use crate::{Ingest, Receipt, ingest, ordered_map};

const NEVER: Duration = Duration::from_secs(3_600);
const AT_ONCE: Duration = Duration::ZERO;

fn command(by: usize) -> Issued {
    Issued { by: by.to_string().into(), command: Command::Identify { shown: true } }
}

fn batch() -> Batch {
    Batch {
        source: SourceId::new("s"),
        events: vec![SourceEvent::CaughtUp],
        cursor: None,
        received: Timestamp::EPOCH,
    }
}

/// Lanes whose one worker does what `mapper` does.
fn start(mapper: fn(&Batch)) -> (Ingest, Commands, Lanes<()>) {
    let (ingest, deliveries) = ingest();
    let (mapped, _) = ordered_map("map", NonZeroUsize::MIN, deliveries, move || mapper).unwrap();
    let (commands, lanes) = lanes(mapped);
    (ingest, commands, lanes)
}

/// What the lanes give out until they are closed, in short.
fn drain(lanes: &mut Lanes<()>) -> String {
    let mut seen = String::new();
    loop {
        match lanes.next(NEVER) {
            Next::Command(_) => seen.push('c'),
            Next::Batch(_) => seen.push('b'),
            Next::Idle => seen.push('-'),
            Next::Closed => return seen,
        }
    }
}

#[tokio::test]
async fn commands_go_first() {
    let (ingest, commands, mut lanes) = start(|_| ());
    for _ in 0..5 {
        ingest.send(batch()).await.unwrap();
    }
    assert!(matches!(lanes.next(NEVER), Next::Batch(_)));
    commands.issue(command(0)).unwrap();
    commands.issue(command(1)).unwrap();
    ingest.close();
    assert_eq!(drain(&mut lanes), "ccbbbb");
}

#[tokio::test]
async fn a_command_does_not_wait_for_a_slow_batch() {
    let (ingest, deliveries) = ingest();
    let (go, may_go) = bounded::<()>(0);
    let make = move || {
        let may_go = may_go.clone();
        move |_: &Batch| assert!(may_go.recv().is_err())
    };
    let (mapped, _) = ordered_map("map", NonZeroUsize::MIN, deliveries, make).unwrap();
    let (commands, mut lanes) = lanes(mapped);
    ingest.send(batch()).await.unwrap();
    // The worker holds the batch until `go` is dropped, and the sequencer knows of it.
    while lanes.slot.is_none() {
        assert!(matches!(lanes.next(Duration::from_millis(1)), Next::Idle));
    }
    commands.issue(command(0)).unwrap();
    assert!(matches!(lanes.next(NEVER), Next::Command(_)));
    drop(go);
    assert!(matches!(lanes.next(NEVER), Next::Batch(_)));
}

#[test]
fn a_full_command_lane_says_so_and_gives_the_command_back() {
    let (_ingest, commands, mut lanes) = start(|_| ());
    for number in 0..COMMANDS_MAX {
        commands.issue(command(number)).unwrap();
    }
    let Err(IssueError::Full(refused)) = commands.issue(command(7)) else {
        panic!("the lane took more than its limit");
    };
    assert_eq!(*refused, command(7));
    let counts = commands.counts();
    assert_eq!(
        (counts.depth, counts.n_in, counts.n_waited),
        (COMMANDS_MAX, COMMANDS_MAX as u64, 1)
    );
    assert!(matches!(lanes.next(AT_ONCE), Next::Command(_)));
    commands.issue(command(7)).unwrap();
    drop(lanes);
    assert!(matches!(commands.issue(command(8)), Err(IssueError::Closed(_))));
}

#[test]
fn nothing_to_do_is_told_in_time_even_when_nobody_holds_the_command_lane() {
    let (_ingest, commands, mut lanes) = start(|_| ());
    drop(commands);
    assert!(matches!(lanes.next(AT_ONCE), Next::Idle));
}

#[tokio::test]
async fn shutdown_runs_from_the_sources_to_the_store() {
    let shutdown = crate::Shutdown::new();
    let (ingest, commands, mut lanes) = start(|_| ());
    // A source that sends until it is told to stop, and keeps its receipts.
    let source = tokio::spawn({
        let (ingest, shutdown) = (ingest.clone(), shutdown.clone());
        async move {
            let mut receipts: Vec<Receipt> = Vec::new();
            while !shutdown.has_begun() {
                receipts.push(ingest.send(batch()).await.unwrap());
                tokio::task::yield_now().await;
            }
            receipts
        }
    });
    // A sequencer that stores all it gets.
    let (stored, log) = mpsc::sync_channel(1);
    let sequencer = Builder::new().name("sequencer".into()).spawn(move || {
        let (mut n_batches, mut n_commands) = (0, 0);
        loop {
            match lanes.next(NEVER) {
                Next::Batch(mapped) => {
                    n_batches += 1;
                    mapped.delivered.ack.committed();
                }
                Next::Command(_) => n_commands += 1,
                Next::Idle => {}
                Next::Closed => break,
            }
        }
        stored.send((n_batches, n_commands)).unwrap();
    });
    while ingest.counts().n_in < 100 {
        tokio::task::yield_now().await;
    }
    shutdown.begin();
    let receipts = source.await.unwrap();
    commands.issue(command(0)).unwrap();
    ingest.close();
    sequencer.unwrap().join().unwrap();
    assert_eq!(log.recv().unwrap(), (receipts.len(), 1));
    for receipt in receipts {
        receipt.await.unwrap();
    }
    assert!(matches!(commands.issue(command(1)), Err(IssueError::Closed(_))));
}
