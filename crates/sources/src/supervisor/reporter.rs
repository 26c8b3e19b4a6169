//! Tells the room how one source is doing: at each change, and from time to time as a sign of life.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use vigie_bus::Ingest;

use crate::{
    Health,
    model::{Batch, Clock, SourceEvent, SourceId},
};

/// Signs of life are not more frequent than this, whatever the deadline.
const SHORTEST_PERIOD: Duration = Duration::from_secs(1);

pub(super) struct Reporter {
    pub(super) source: SourceId,
    pub(super) ingest: Ingest,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) health: Health,
    pub(super) shutdown: CancellationToken,
}

impl Reporter {
    /// Reports until the source is told to stop or the bus closes.
    pub(super) async fn keep(self) {
        let deadline = Duration::from_secs(self.health.report().deadline_secs.into());
        let period = (deadline / 3).max(SHORTEST_PERIOD);
        let mut ticks = tokio::time::interval_at(Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut said = None;
        loop {
            let report = self.health.report();
            if said.as_ref() != Some(&report) {
                let batch = Batch {
                    source: self.source.clone(),
                    events: vec![SourceEvent::Report(report.clone())],
                    cursor: None,
                    received: self.clock.now(),
                };
                match self.shutdown.run_until_cancelled(self.ingest.send(batch)).await {
                    // Nobody waits for the receipt of a report.
                    Some(Ok(_receipt)) => said = Some(report),
                    Some(Err(_)) | None => return,
                }
            }
            tokio::select! {
                () = self.shutdown.cancelled() => return,
                () = self.health.changed() => {}
                _ = ticks.tick() => {}
            }
        }
    }
}
