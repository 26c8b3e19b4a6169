//! Recordings from a real file, under a clock that runs as fast as the test.

use std::{fs, sync::Arc};

use tempfile::TempDir;
use tokio::time::Instant;

use super::*;
use crate::{
    model::{Clock, PostId},
    rig::Rig,
};

/// Follows tokio's clock, which a test lets jump from one wait to the next.
#[derive(Debug)]
struct TokioClock(Instant);

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_000_000).plus(self.0.elapsed().as_micros() as Micros)
    }
}

fn line(id: u32, at_secs: i64) -> String {
    format!(r#"{{"type":"delete","id":"{id}","at":"{}"}}"#, Timestamp::from_secs(at_secs))
}

struct Recording {
    folder: TempDir,
    rig: Rig,
    start: Instant,
}

impl Recording {
    fn new(lines: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("r.jsonl"), lines.join("\n")).unwrap();
        let mut rig = Rig::new(&[]);
        rig.context.clock = Arc::new(TokioClock(Instant::now()));
        Self { folder, rig, start: Instant::now() }
    }

    fn source(&self, options: &str) -> ReplaySource {
        let path = self.folder.path().join("r.jsonl");
        ReplaySource::new(&format!("path = {path:?}\n{options}").parse().unwrap()).unwrap()
    }

    async fn run(&mut self, options: &str) -> Result<Ended, SourceError> {
        let mut source = self.source(options);
        self.rig.rerun();
        source.run(&mut self.rig.context).await
    }

    /// What came out: ids, and the last cursor.
    fn take(&self) -> (Vec<String>, String) {
        let (events, cursor) = self.rig.take();
        let ids = events.into_iter().map(|event| match event {
            SourceEvent::Delete(PostId { native, .. }) => native.to_string(),
            other => panic!("{other:?}"),
        });
        (ids.collect(), cursor.map_or_else(String::new, |cursor| cursor.0.to_string()))
    }
}

#[tokio::test(start_paused = true)]
async fn the_recordings_pace_is_kept() {
    let mut recording = Recording::new(&[line(1, 0), line(2, 60), line(3, 600)]);
    assert_eq!(recording.run("speed = 60").await, Ok(Ended::Finished));
    assert_eq!(recording.start.elapsed().as_secs(), 10);
    assert_eq!(recording.take(), (vec!["1".into(), "2".into(), "3".into()], "164 3 0".into()));
}

#[tokio::test(start_paused = true)]
async fn at_full_speed_nothing_waits() {
    let lines: Vec<String> = (0..1_500).map(|id| line(id, i64::from(id) * 3_600)).collect();
    let mut recording = Recording::new(&lines);
    assert_eq!(recording.run("speed = 'max'").await, Ok(Ended::Finished));
    assert_eq!(recording.start.elapsed().as_secs(), 0);
    assert_eq!(recording.take().0.len(), 1_500);
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_where_it_was_stopped() {
    let mut recording = Recording::new(&[line(1, 0), line(2, 60), line(3, 600)]);
    let mut source = recording.source("speed = 1");
    let run = source.run(&mut recording.rig.context);
    tokio::time::timeout(Duration::from_secs(61), run).await.unwrap_err();
    let (ids, cursor) = recording.take();
    assert_eq!((ids, cursor.as_str()), (vec!["1".into(), "2".into()], "110 2 0"));
    assert_eq!(recording.run("speed = 'max'").await, Ok(Ended::Finished));
    assert_eq!(recording.take().0, ["3"]);
    assert_eq!(recording.run("speed = 'max'").await, Ok(Ended::Finished));
    assert_eq!(recording.take().0, [""; 0], "nothing is left");
}

#[tokio::test(start_paused = true)]
async fn it_begins_where_the_room_says() {
    let mut recording = Recording::new(&[line(1, 0), line(2, 60), line(3, 600), line(4, 30)]);
    let options = "speed = 'max'\nfrom = '1970-01-01T00:01:00Z'";
    assert_eq!(recording.run(options).await, Ok(Ended::Finished));
    assert_eq!(recording.take().0, ["2", "3", "4"]);
}

#[tokio::test(start_paused = true)]
async fn bad_lines_are_counted_and_passed_over() {
    let lines = ["".to_owned(), line(1, 0), "{".to_owned(), "x".repeat(1_100_000), line(2, 0)];
    let mut recording = Recording::new(&lines);
    assert_eq!(recording.run("").await, Ok(Ended::Finished));
    assert_eq!(recording.take().0, ["1", "2"]);
    assert_eq!(recording.rig.context.health.report().n_skipped, 2);
}

#[tokio::test(start_paused = true)]
async fn it_begins_again_if_the_room_wants_it() {
    let mut recording = Recording::new(&[line(1, 0), line(2, 1)]);
    let mut source = recording.source("repeat = true");
    let run = source.run(&mut recording.rig.context);
    tokio::time::timeout(Duration::from_millis(2_500), run).await.unwrap_err();
    let (ids, cursor) = recording.take();
    assert!("121212".starts_with(&ids.join("")), "{ids:?}");
    assert!(ids.len() >= 5 && cursor.ends_with(" 2"), "{ids:?} {cursor}");
    let mut empty = Recording::new(&[]);
    assert!(matches!(empty.run("repeat = true").await, Err(SourceError::Config(_))));
}

#[tokio::test(start_paused = true)]
async fn a_shorter_file_begins_again() {
    let mut recording = Recording::new(&[line(1, 0)]);
    recording.rig.context.out.set_cursor(Cursor("9999 99 0".into()));
    recording.rig.context.out.finish().await.unwrap();
    recording.take();
    assert_eq!(recording.run("").await, Ok(Ended::Finished));
    assert_eq!(recording.take().0, ["1"]);
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let mut rig = Rig::new(&[]);
    let mut source = ReplaySource::new(&"path = '/nonexistent/r.jsonl'".parse().unwrap()).unwrap();
    let err = source.run(&mut rig.context).await.unwrap_err();
    assert_eq!(
        err.to_string(),
        "cannot read the recording: entity not found: /nonexistent/r.jsonl"
    );
}

#[track_caller]
fn check_options(options: &str, expected: &str) {
    let answer = match ReplaySource::new(&options.parse().unwrap()) {
        Ok(source) => format!("{:?}", source.options.speed),
        Err(err) => err.to_string(),
    };
    assert!(answer.contains(expected), "{answer}");
}

#[test]
fn options_are_checked() {
    check_options("path = 'r'", "Times(1)");
    check_options("path = 'r'\nspeed = 'max'", "Max");
    check_options("path = 'r'\nspeed = 601", "speed: must be 1 to 600");
    check_options("path = 'r'\nspeed = 'fast'", "speed: ");
    check_options("path = 'r'\nfrom = 'noon'", "from: must be a time");
    check_options("path = 'r'\nformat = 'csv'", "format: ");
    check_options("", "missing field `path`");
}
