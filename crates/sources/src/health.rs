//! How a source says how it is doing. Saying so costs a lock and never waits.

use std::{fmt, sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::{sync::Notify, time::Instant};

use crate::model::{Clock, SourceReport, SourceState};

/// A source's own account of itself; clones share it.
#[derive(Clone)]
pub struct Health(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    report: Mutex<SourceReport>,
    connected_at: Mutex<Option<Instant>>,
    changed: Notify,
}

impl Health {
    /// The account of a source that has not been connected yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, deadline_secs: u32) -> Self {
        let report = SourceReport {
            state: SourceState::Starting,
            heard: None,
            deadline_secs,
            n_skipped: 0,
            n_bytes: 0,
        };
        Self(Arc::new(Shared {
            clock,
            report: Mutex::new(report),
            connected_at: Mutex::new(None),
            changed: Notify::new(),
        }))
    }

    /// Bytes came, be they only a sign of life.
    pub fn heard(&self, n_bytes: usize) {
        let now = self.0.clock.now();
        let mut report = self.0.report.lock();
        report.heard = Some(now);
        report.n_bytes = report.n_bytes.saturating_add(n_bytes as u64);
    }

    /// A record could not be read and was left out.
    pub fn skipped(&self) {
        let mut report = self.0.report.lock();
        report.n_skipped = report.n_skipped.saturating_add(1);
    }

    /// The source is connected and reads what it missed.
    pub fn catching_up(&self) {
        self.0.connected_at.lock().get_or_insert_with(Instant::now);
        self.set(SourceState::CatchingUp);
    }

    /// The source is connected and up to date.
    pub fn live(&self) {
        self.0.connected_at.lock().get_or_insert_with(Instant::now);
        self.set(SourceState::Live);
    }

    /// The present account.
    #[must_use]
    pub fn report(&self) -> SourceReport {
        self.0.report.lock().clone()
    }

    /// How long the run that has just ended was connected, if it was at all.
    pub(crate) fn disconnected(&self) -> Option<Duration> {
        self.0.connected_at.lock().take().map(|connected_at| connected_at.elapsed())
    }

    /// The source is in `state` now.
    pub(crate) fn set(&self, state: SourceState) {
        let mut report = self.0.report.lock();
        if report.state != state {
            report.state = state;
            self.0.changed.notify_one();
        }
    }

    /// Waits until the state is another than when this was last awaited.
    pub(crate) async fn changed(&self) {
        self.0.changed.notified().await;
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Health").field(&*self.0.report.lock()).finish()
    }
}
