//! What the supervisor does after each kind of end, under a paused clock.

use serde::Deserialize;
use tokio::time::Instant;
use vigie_bus::{Deliveries, ingest};

use super::*;
use crate::{
    Descriptor, Ended, SecretFolder, SourceError, SourceRun,
    model::{ManualClock, PostId, SourceEvent, SourceState, Timestamp, read_options},
};

/// A source that does one word of its script a run.
#[derive(Debug, Deserialize)]
struct Scripted {
    script: Vec<String>,
    #[serde(default)]
    resumes: bool,
}

const CONNECTORS: &[ConnectorEntry] = &[ConnectorEntry {
    name: "scripted",
    title: "What a test says",
    check: |options| read_options::<Scripted>(options).map(drop),
    build: |spec| Ok(Box::new(read_options::<Scripted>(&spec.options)?)),
    schema: || serde_json::Value::Null,
}];

impl Source for Scripted {
    fn descriptor(&self) -> Descriptor {
        Descriptor { deadline_secs: 30, resumes: self.resumes, deletes: true, edits: true }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        Box::pin(async move {
            let word =
                if self.script.is_empty() { "stay".to_owned() } else { self.script.remove(0) };
            let (verb, rest) = word.split_once(' ').unwrap_or((&word, ""));
            let number = || Duration::from_secs(rest.parse().unwrap());
            match verb {
                "closed" => Ok(Ended::Closed),
                "finished" => Ok(Ended::Finished),
                "later" => Ok(Ended::Later(number())),
                "live" => {
                    context.health.live();
                    tokio::time::sleep(number()).await;
                    Ok(Ended::Closed)
                }
                "post" => {
                    let cursor = context.cursor.as_ref().map_or("none", |cursor| &cursor.0);
                    let id = PostId::new("test", format!("{rest} after {cursor}"));
                    context.out.push(SourceEvent::Delete(id)).await?;
                    context.out.set_cursor(Cursor(rest.into()));
                    context.out.flush().await?;
                    Ok(Ended::Later(Duration::from_secs(1)))
                }
                "limited" => {
                    let why = "too many requests".to_owned();
                    Err(SourceError::RateLimited { wait: number(), why })
                }
                "old" => {
                    let floor = (!rest.is_empty()).then(|| Cursor(rest.into()));
                    Err(SourceError::CursorTooOld { floor, why: "too old".to_owned() })
                }
                "revoked" => Err(SourceError::AuthRevoked("log in again".to_owned())),
                "panic" => panic!("as told"),
                "stubborn" => std::future::pending().await,
                "stay" => {
                    context.health.live();
                    context.shutdown.cancelled().await;
                    Ok(Ended::Closed)
                }
                other => panic!("unknown word {other}"),
            }
        })
    }
}

struct Room {
    supervisor: Supervisor,
    deliveries: Deliveries,
    clock: Arc<ManualClock>,
}

fn spec(script: &[&str]) -> SourceSpec {
    let mut options = toml::Table::new();
    options.insert("script".to_owned(), script.to_vec().into());
    SourceSpec { id: "s".into(), connector: "scripted".into(), options }
}

fn room(specs: &[SourceSpec]) -> Room {
    let (ingest, deliveries) = ingest();
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_000_000)));
    let environment = Environment {
        ingest,
        checkpoints: Arc::new(|_| Some(Cursor("stored".into()))),
        secrets: Arc::new(SecretFolder::new("/nonexistent")),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        runtime: Handle::current(),
    };
    let mut supervisor = Supervisor::new(CONNECTORS, environment).unwrap();
    supervisor.apply(specs).unwrap();
    Room { supervisor, deliveries, clock }
}

impl Room {
    /// Lets time pass and says what came out, reports by their states.
    async fn pass(&self, secs: u64) -> Vec<String> {
        let mut words = Vec::new();
        for _ in 0..secs * 10 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            self.clock.advance(100_000);
            while let Some(delivered) = self.deliveries.try_recv() {
                words.extend(delivered.batch.events.iter().map(word));
                delivered.ack.committed();
            }
        }
        words
    }
}

fn word(event: &SourceEvent) -> String {
    match event {
        SourceEvent::Report(report) => match &report.state {
            SourceState::Starting => "starting".to_owned(),
            SourceState::CatchingUp => "catching up".to_owned(),
            SourceState::Live => "live".to_owned(),
            SourceState::Waiting { why, .. } => format!("waiting: {why}"),
            SourceState::Stopped { why } => format!("stopped: {why}"),
            SourceState::Finished => "finished".to_owned(),
        },
        SourceEvent::Gap(cause, _) => format!("gap {cause:?}"),
        SourceEvent::Delete(id) => id.native.to_string(),
        other => format!("{other:?}"),
    }
}

#[track_caller]
fn check(words: &[String], expected: &[&str]) {
    assert_eq!(words, expected);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_taken_and_closed_is_not_hammered() {
    let room = room(&[spec(&["closed"; 1_000])]);
    let words = room.pass(600).await;
    let n_waits = words.iter().filter(|word| word.starts_with("waiting")).count();
    assert!((1..=25).contains(&n_waits), "{n_waits} waits in ten minutes");
    assert!(!words.iter().any(|word| word.starts_with("gap")), "it was never connected");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_cannot_be_repeated_leaves_a_gap() {
    let room = room(&[spec(&["live 1"])]);
    let words = room.pass(5).await;
    check(
        &words,
        &["starting", "live", "gap NoReplay", "waiting: the connection was closed", "live"],
    );
}

#[tokio::test(start_paused = true)]
async fn the_network_says_when() {
    let room = room(&[spec(&["limited 120"])]);
    check(&room.pass(119).await, &["starting", "waiting: too many requests"]);
    check(&room.pass(3).await, &["live"]);
}

#[tokio::test(start_paused = true)]
async fn what_only_a_person_can_mend_stops_one_source() {
    let mut other = spec(&[]);
    other.id = "t".into();
    let room = room(&[spec(&["revoked"]), other]);
    check(&room.pass(3).await, &["starting", "starting", "stopped: log in again", "live"]);
    let state = |id: &str| room.supervisor.report(&id.into()).unwrap().state;
    assert_eq!(state("s"), SourceState::Stopped { why: "log in again".into() });
    assert_eq!(state("t"), SourceState::Live);
    assert_eq!(room.supervisor.report(&"u".into()), None);
}

#[tokio::test(start_paused = true)]
async fn each_run_goes_on_after_the_last() {
    let room = room(&[spec(&["post 1", "post 2", "old 7", "post 8", "old", "post 9", "finished"])]);
    let words = room.pass(10).await;
    let posts: Vec<_> = words.iter().filter(|word| word.contains("after")).collect();
    assert_eq!(posts, ["1 after stored", "2 after 1", "8 after 7", "9 after none"]);
    assert_eq!(words.iter().filter(|word| *word == "gap CursorTooOld").count(), 2);
    assert_eq!(words.last().unwrap(), "finished");
}

#[tokio::test(start_paused = true)]
async fn asking_again_later_is_no_failure() {
    let room = room(&[spec(&["later 5", "later 5", "post 1", "finished"])]);
    check(&room.pass(9).await, &["starting"]);
    check(&room.pass(3).await, &["1 after stored", "finished"]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_costs_one_run() {
    let room = room(&[spec(&["panic"])]);
    let words = room.pass(2).await;
    check(&words[..2], &["starting", "waiting: the connector failed"]);
}

#[tokio::test(start_paused = true)]
async fn everything_stops_within_a_second() {
    let mut stubborn = spec(&["stubborn"]);
    stubborn.id = "t".into();
    let mut waiting = spec(&["limited 900"]);
    waiting.id = "u".into();
    let room = room(&[spec(&[]), stubborn, waiting]);
    room.pass(1).await;
    let before = Instant::now();
    room.supervisor.stop().await;
    assert!(before.elapsed() < Duration::from_secs(1), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_full_bus_does_not_hold_up_the_end() {
    let script: Vec<String> = (0..40_000).map(|idx| format!("post {idx}")).collect();
    let script: Vec<&str> = script.iter().map(String::as_str).collect();
    let room = room(&[spec(&script)]);
    tokio::time::sleep(Duration::from_secs(20_000)).await;
    assert!(room.deliveries.try_recv().is_some());
    let before = Instant::now();
    room.supervisor.stop().await;
    assert!(before.elapsed() < Duration::from_secs(1), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_changed_room_file_restarts_only_what_changed() {
    let mut kept = spec(&[]);
    kept.id = "kept".into();
    let mut gone = spec(&[]);
    gone.id = "gone".into();
    let mut room = room(&[spec(&[]), kept.clone(), gone]);
    room.pass(1).await;
    let changed = spec(&["later 1"]);
    room.supervisor.apply(&[changed, kept]).unwrap();
    let words = room.pass(2).await;
    check(&words, &["starting", "live"]);
    assert_eq!(room.supervisor.report(&"gone".into()), None);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_room_file_changes_nothing() {
    let mut room = room(&[spec(&[])]);
    room.pass(1).await;
    let mut unknown = spec(&[]);
    unknown.connector = "telepathy".into();
    let err = room.supervisor.apply(&[unknown]).unwrap_err();
    let expected = "source `s`: connector: there is no connector `telepathy`, only scripted";
    assert_eq!(err.to_string(), expected);
    let mut wrong = spec(&[]);
    wrong.options.insert("script".to_owned(), 7.into());
    assert!(room.supervisor.apply(&[wrong]).is_err());
    assert_eq!(room.supervisor.report(&"s".into()).unwrap().state, SourceState::Live);
    check(&room.pass(1).await, &[]);
}
