//! A room as sources see it: a bus, a store that keeps posts and cursors, a clock that goes with tokio's.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc, time::Duration};

use parking_lot::Mutex;
use secrecy::SecretString;
use tokio::{runtime::Handle, time::Instant};
use vigie_bus::{Deliveries, ingest};
use vigie_model::{
    Author, AuthorId, Batch, Clock, Cursor, ExternalFigure, GapCause, Micros, Post, PostId,
    SourceEvent, SourceReport, SourceSpec, SourceState, Timestamp,
};
use vigie_sources::{CONNECTORS, Environment, SecretError, Secrets, Supervisor};

/// Longer than any wait that a source may be told.
const PATIENCE: Duration = Duration::from_secs(20_000);

/// A clock that goes with tokio's, from a fixed moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestClock(Instant);

impl TestClock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let micros = Micros::try_from(self.0.elapsed().as_micros()).unwrap();
        Timestamp::from_secs(1_800_000_000).plus(micros)
    }
}

/// Secrets that every rig's options may name.
#[derive(Debug)]
struct TestSecrets;

pub(crate) const SECRET: &str = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0";

impl Secrets for TestSecrets {
    fn get(&self, _name: &str) -> Result<SecretString, SecretError> {
        Ok(SecretString::from(SECRET))
    }
}

/// What the room's store holds.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) cursor: Option<Cursor>,
    pub(crate) posts: BTreeMap<PostId, Post>,
    pub(crate) authors: BTreeMap<AuthorId, Arc<Author>>,
    pub(crate) figures: Vec<ExternalFigure>,
    pub(crate) reports: Vec<SourceReport>,
    pub(crate) gaps: Vec<GapCause>,
    pub(crate) n_caught_up: usize,
    pub(crate) n_upserts: usize,
    pub(crate) n_batches: usize,
    pub(crate) purged: Vec<AuthorId>,
}

impl Stored {
    fn take(&mut self, batch: Batch) {
        assert!(batch.events.len() <= Batch::MAX_EVENTS);
        self.n_batches += 1;
        for event in batch.events {
            match event {
                SourceEvent::Upsert(post) => {
                    self.n_upserts += 1;
                    assert!(post.published <= post.received);
                    self.posts.insert(post.id.clone(), *post);
                }
                SourceEvent::Delete(id) => drop(self.posts.remove(&id)),
                SourceEvent::PurgeAuthor(author, _) => {
                    self.posts.retain(|_, post| post.author.id != author);
                    self.purged.push(author);
                }
                SourceEvent::Author(author) => {
                    self.authors.insert(author.id.clone(), author);
                }
                SourceEvent::Figure(figure) => self.figures.push(*figure),
                SourceEvent::Gap(cause, _) => self.gaps.push(cause),
                SourceEvent::CaughtUp => self.n_caught_up += 1,
                SourceEvent::Report(report) => self.reports.push(report),
            }
        }
        self.cursor = batch.cursor.or_else(|| self.cursor.take());
    }

    /// The texts of all posts, sorted.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let mut texts: Vec<_> = self.posts.values().map(|post| &*post.text).collect();
        texts.sort_unstable();
        texts
    }

    pub(crate) fn state(&self) -> SourceState {
        self.reports.last().map(|report| report.state.clone()).unwrap_or_default()
    }

    pub(crate) fn is_live(&self) -> bool {
        self.state() == SourceState::Live
    }

    pub(crate) fn has_waited(&self) -> bool {
        let is_waiting =
            |report: &SourceReport| matches!(report.state, SourceState::Waiting { .. });
        self.reports.iter().any(is_waiting)
    }

    /// Everything that people could read of it.
    pub(crate) fn words(&self) -> String {
        let mut words = String::new();
        write!(words, "{:?} {:?}", self.reports, self.cursor).unwrap();
        words
    }
}

/// A room with one source.
pub(crate) struct Room {
    pub(crate) supervisor: Supervisor,
    pub(crate) stored: Stored,
    pub(crate) clock: TestClock,
    deliveries: Deliveries,
}

impl Room {
    /// Starts the source called `test`, which goes on after `cursor`.
    pub(crate) fn open(
        connector: &str,
        options: toml::Table,
        cursor: Option<Cursor>,
        clock: TestClock,
    ) -> Self {
        let (ingest, deliveries) = ingest();
        let stored = Arc::new(Mutex::new(cursor.clone()));
        let environment = Environment {
            ingest,
            checkpoints: Arc::new(move |_| stored.lock().clone()),
            secrets: Arc::new(TestSecrets),
            clock: Arc::new(clock),
            runtime: Handle::current(),
        };
        let mut supervisor = Supervisor::new(CONNECTORS, environment).unwrap();
        let spec = SourceSpec { id: "test".into(), connector: connector.into(), options };
        supervisor.apply(&[spec]).unwrap();
        let stored = Stored { cursor, ..Stored::default() };
        Self { supervisor, stored, clock, deliveries }
    }

    /// Stores what has come.
    pub(crate) fn store(&mut self) {
        while let Some(delivered) = self.deliveries.try_recv() {
            self.stored.take(delivered.batch);
            delivered.ack.committed();
        }
    }

    /// Lets things happen until `is_done`; says what there was where that never comes.
    pub(crate) async fn until(&mut self, what: &str, is_done: impl Fn(&Stored) -> bool) {
        let begin = Instant::now();
        let mut pause = Duration::from_millis(2);
        loop {
            self.store();
            if is_done(&self.stored) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "never {what}: {:#?}", self.stored.reports.last());
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    /// Lets so much time pass.
    pub(crate) async fn pass(&mut self, secs: u64) {
        let end = Instant::now() + Duration::from_secs(secs);
        while Instant::now() < end {
            self.store();
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        self.store();
    }

    /// Ends the program, within a second; what was stored stays.
    pub(crate) async fn close(mut self) -> Stored {
        let begin = Instant::now();
        self.supervisor.stop().await;
        assert!(begin.elapsed() < Duration::from_secs(1), "took {:?}", begin.elapsed());
        while let Some(delivered) = self.deliveries.try_recv() {
            self.stored.take(delivered.batch);
        }
        self.stored
    }
}
