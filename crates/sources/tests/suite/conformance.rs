//! What every connector promises, whatever its network: one suite over all rigs.

use std::{io, sync::Arc};

use parking_lot::Mutex;
use vigie_model::SourceState;
use vigie_sources::CONNECTORS;

use crate::{
    rigs::{Fault, RIGS, Rig, WITHOUT_NETWORK, WITHOUT_POSTS},
    room::{Room, SECRET, Stored, TestClock},
};

/// One rig with its server, before anything connects.
struct Bench {
    name: &'static str,
    rig: Box<dyn Rig>,
    clock: TestClock,
}

fn benches() -> Vec<Bench> {
    let set_up = |(name, set_up): &(&'static str, crate::rigs::SetUp)| {
        let clock = TestClock::start();
        Bench { name, rig: set_up(clock), clock }
    };
    RIGS.iter().map(set_up).collect()
}

/// The rigs of connectors that connect to somebody, who can fail them.
fn benches_with_faults() -> Vec<Bench> {
    benches().into_iter().filter(|bench| bench.rig.next(&[])).collect()
}

impl Bench {
    /// Opens a room that goes on where another was.
    fn room(&self, before: Option<Stored>) -> Room {
        let before = before.unwrap_or_default();
        let mut room = Room::open(self.name, self.rig.options(), before.cursor.clone(), self.clock);
        room.stored = before;
        room.stored.reports.clear();
        room
    }

    /// A room that is connected and up to date.
    async fn live(&self) -> Room {
        let mut room = self.room(None);
        room.until("live", Stored::is_live).await;
        room
    }
}

fn numbered(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    let mut texts: Vec<_> = numbers.into_iter().map(|number| format!("post {number}")).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn every_connector_reads_its_options_and_describes_them() {
    for entry in CONNECTORS {
        let schema = (entry.schema)();
        assert_eq!(schema["type"], "object", "{}", entry.name);
        assert_eq!(schema["additionalProperties"], false, "{}", entry.name);
        let unknown = "no_such_option = 1".parse().unwrap();
        let err = (entry.check)(&unknown).unwrap_err().to_string();
        assert!(err.contains("no_such_option"), "{}: {err}", entry.name);
        assert!(!entry.title.is_empty());
        assert!(entry.name.bytes().all(|byte| byte.is_ascii_lowercase()), "{}", entry.name);
    }
    let mut names: Vec<_> = CONNECTORS.iter().map(|entry| entry.name).collect();
    names.dedup();
    assert!(names.is_sorted() && names.len() == CONNECTORS.len());
    for name in names {
        let has_rig = RIGS.iter().any(|(rig, _)| *rig == name);
        let needs_none = WITHOUT_NETWORK.contains(&name) || WITHOUT_POSTS.contains(&name);
        assert!(has_rig != needs_none, "{name} needs a rig in tests/suite/rigs");
    }
}

#[tokio::test(start_paused = true)]
async fn connects_and_shows_a_post_at_once() {
    for bench in benches() {
        let mut room = bench.live().await;
        for number in 1..=3 {
            bench.rig.publish(number);
            let begin = tokio::time::Instant::now();
            room.until("a post", |stored| stored.posts.len() == number as usize).await;
            let at_once = if bench.rig.asks_from_time_to_time() { 2_000 } else { 50 };
            assert!(begin.elapsed().as_millis() < at_once, "{}: {:?}", bench.name, begin.elapsed());
        }
        assert_eq!(room.stored.texts(), numbered(1..=3));
        assert_eq!(room.close().await.gaps, []);
    }
}

#[tokio::test(start_paused = true)]
async fn edits_and_deletions_come_through() {
    for bench in benches() {
        let mut room = bench.live().await;
        (1..=3).for_each(|number| bench.rig.publish(number));
        room.until("posts", |stored| stored.posts.len() == 3).await;
        if bench.rig.edit(1) {
            room.until("the edit", |stored| stored.texts().contains(&"edit 1")).await;
            let edited = room.stored.posts.values().find(|post| &*post.text == "edit 1").unwrap();
            assert!(edited.edited.is_some());
            assert_eq!(room.stored.posts.len(), 3);
        }
        if bench.rig.delete(2) {
            room.until("the deletion", |stored| stored.posts.len() == 2).await;
            assert!(!room.stored.texts().contains(&"post 2"));
        }
        room.close().await;
    }
}

#[tokio::test(start_paused = true)]
async fn goes_on_where_it_was_after_a_restart() {
    for bench in benches() {
        let mut room = bench.live().await;
        (1..=10).for_each(|number| bench.rig.publish(number));
        room.until("posts", |stored| stored.posts.len() == 10).await;
        let stored = room.close().await;
        let last = if bench.rig.asks_from_time_to_time() { 40 } else { 700 };
        (11..=last).for_each(|number| bench.rig.publish(number));
        let mut room = bench.room(Some(stored));
        room.until("the rest", |stored| stored.posts.len() == last as usize).await;
        room.until("live", Stored::is_live).await;
        let stored = room.close().await;
        assert_eq!(stored.texts(), numbered(1..=last), "{}", bench.name);
        assert_eq!(stored.gaps, [], "{}", bench.name);
        let is_stream = !bench.rig.asks_from_time_to_time();
        assert!(!is_stream || stored.n_caught_up <= 1, "{}", bench.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_cut_at_any_byte_loses_nothing_and_tells_nothing_twice() {
    for bench in benches_with_faults() {
        let mut room = bench.live().await;
        bench.rig.publish(1);
        room.until("a post", |stored| stored.posts.len() == 1).await;
        let n_bytes = u32::try_from(bench.rig.n_bytes()).unwrap();
        for cut in 1..n_bytes {
            // The next connection is cut after so many bytes, the one after it is whole.
            bench.rig.next(&[Fault::CutAfter(cut as usize)]);
            bench.rig.cut();
            bench.rig.publish(cut + 1);
            room.until("the post", |stored| stored.posts.len() == cut as usize + 1).await;
        }
        assert!(bench.rig.n_connections() > n_bytes as usize, "{}", bench.name);
        let stored = room.close().await;
        assert_eq!(stored.texts(), numbered(1..=n_bytes), "{}", bench.name);
        assert_eq!(stored.n_upserts, stored.posts.len(), "{}", bench.name);
        assert_eq!(stored.gaps, [], "{}", bench.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stall_is_noticed() {
    for bench in benches_with_faults() {
        assert!(bench.rig.next(&[Fault::Stall]));
        let mut room = bench.room(None);
        room.until("given up", Stored::has_waited).await;
        room.until("live again", Stored::is_live).await;
        assert!(bench.rig.n_connections() >= 2, "{}", bench.name);
        room.close().await;
    }
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_stop_the_source() {
    for bench in benches_with_faults() {
        bench.rig.always(Some(Fault::Status(401, None)));
        let mut room = bench.room(None);
        room.pass(3_600).await;
        let SourceState::Stopped { why } = room.stored.state() else {
            panic!("{}: {:?}", bench.name, room.stored.state())
        };
        assert!(why.contains("401"), "{why}");
        assert_eq!(bench.rig.n_connections(), 1, "{}", bench.name);
        room.close().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_kept_to_the_second() {
    for bench in benches_with_faults() {
        bench.rig.next(&[Fault::Status(429, Some(("Retry-After", "120")))]);
        let mut room = bench.room(None);
        room.pass(119).await;
        assert_eq!(bench.rig.n_connections(), 1, "{}", bench.name);
        room.until("live", Stored::is_live).await;
        room.close().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_and_closes_is_not_hammered() {
    for bench in benches_with_faults() {
        for fault in [Fault::Close, Fault::CutAfter(0), Fault::Status(500, None)] {
            let before = bench.rig.n_connections();
            bench.rig.always(Some(fault.clone()));
            let mut room = bench.room(None);
            room.pass(600).await;
            let n_connections = bench.rig.n_connections() - before;
            assert!((2..=30).contains(&n_connections), "{}: {fault:?} {n_connections}", bench.name);
            bench.rig.always(None);
            room.until("live", Stored::is_live).await;
            room.close().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_unknown_or_broken_does_no_harm() {
    for bench in benches() {
        let mut room = bench.live().await;
        if bench.rig.babble() {
            bench.rig.publish(1);
            room.until("the post after it", |stored| !stored.posts.is_empty()).await;
            let report = room.supervisor.report(&"test".into()).unwrap();
            assert_eq!(report.n_skipped, 2, "{}", bench.name);
            assert!(bench.rig.asks_from_time_to_time() || bench.rig.n_connections() == 1);
        }
        room.close().await;
    }
}

#[tokio::test(start_paused = true)]
async fn stops_within_a_second_whatever_it_does() {
    for bench in benches() {
        bench.live().await.close().await;
        for fault in [Fault::Stall, Fault::Close, Fault::Status(500, None)] {
            bench.rig.always(Some(fault));
            let mut room = bench.room(None);
            room.pass(10).await;
            room.close().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn shows_signs_of_life() {
    for bench in benches_with_faults() {
        let mut room = bench.live().await;
        room.pass(600).await;
        let report = room.stored.reports.last().unwrap();
        let heard = report.heard.unwrap();
        let silent_secs = (vigie_model::Clock::now(&bench.clock).since(heard)) / 1_000_000;
        assert!(silent_secs <= report.deadline_secs.into(), "{}: {silent_secs}", bench.name);
        assert!(bench.rig.asks_from_time_to_time() || bench.rig.n_connections() == 1);
        room.close().await;
    }
}

/// Collects the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn no_secret_and_no_post_is_logged_above_trace() {
    // For the whole program: tracing remembers for each line of code whether anybody listens.
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    for bench in benches() {
        let faults = [Fault::Status(500, None), Fault::Close, Fault::CutAfter(150)];
        bench.rig.next(&faults);
        let mut room = bench.live().await;
        room.pass(60).await;
        bench.rig.publish(4711);
        bench.rig.babble();
        room.until("a post", |stored| !stored.posts.is_empty()).await;
        bench.rig.always(Some(Fault::Status(401, None)));
        let words = room.close().await.words();
        assert!(!words.contains(SECRET) && !words.contains("4711"), "{words}");
    }
    let log = String::from_utf8(log.0.lock().clone()).unwrap();
    assert!(log.contains("source disconnected"), "the log is empty");
    // Under DEBUG other crates speak too: only ours promise anything.
    let ours = log.lines().filter(|line| line.contains("vigie_")).collect::<Vec<_>>().join("\n");
    assert!(!ours.contains("post 4711"), "{ours}");
    assert!(!log.contains(SECRET), "{log}");
}
