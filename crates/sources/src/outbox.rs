//! Where a source's events collect and from where they leave as batches, with the cursor beside them.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use tokio::time::Instant;
use vigie_bus::{Ingest, NotStored, Receipt};

use crate::{
    SourceError,
    model::{Batch, Clock, Cursor, SourceEvent, SourceId},
};

/// More batches than this are never on their way at once: the bus itself holds fewer.
const MAX_OPEN: usize = 16_384;

/// A cursor without events is worth a transaction at most this often.
const CURSOR_PERIOD: Duration = Duration::from_secs(1);

/// Collects events into batches for the bus.
///
/// A source pushes, and flushes whenever it has nothing more at hand, so that a quiet day shows a post at once.
/// The box remembers which batches are stored: where one was not, the source reads again from the last that was.
#[derive(Debug)]
pub struct Outbox {
    source: SourceId,
    ingest: Ingest,
    clock: Arc<dyn Clock>,
    events: Vec<SourceEvent>,
    cursor: Option<Cursor>,
    cursor_sent_at: Option<Instant>,
    open: VecDeque<(Receipt, Option<Cursor>)>,
    sent: Option<Cursor>,
    stored: Option<Cursor>,
    /// A batch was not stored: nothing leaves, no cursor above all, until the next run.
    is_broken: bool,
}

impl Outbox {
    /// An empty box of `source`, which goes on after the cursor `stored`.
    #[must_use]
    pub fn new(
        source: SourceId,
        ingest: Ingest,
        clock: Arc<dyn Clock>,
        stored: Option<Cursor>,
    ) -> Self {
        Self {
            source,
            ingest,
            clock,
            events: Vec::new(),
            cursor: None,
            cursor_sent_at: None,
            open: VecDeque::new(),
            sent: stored.clone(),
            stored,
            is_broken: false,
        }
    }

    /// Adds an event; sends where the batch is full, and waits while the bus is.
    ///
    /// # Errors
    /// Where the bus has been shut down, or an earlier batch could not be stored.
    pub async fn push(&mut self, event: SourceEvent) -> Result<(), SourceError> {
        self.events.push(event);
        if self.is_full() { self.finish().await } else { Ok(()) }
    }

    /// Says where to go on once everything pushed so far is stored. It travels with the next batch.
    pub fn set_cursor(&mut self, cursor: Cursor) {
        self.cursor = Some(cursor);
    }

    /// Whether the next push sends.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.events.len() >= Batch::MAX_EVENTS
    }

    /// Sends the events that wait. A cursor without events waits up to a second for some.
    ///
    /// # Errors
    /// Where the bus has been shut down, or an earlier batch could not be stored.
    pub async fn flush(&mut self) -> Result<(), SourceError> {
        let cursor_is_due = self.cursor.is_some()
            && self.cursor_sent_at.is_none_or(|sent_at| sent_at.elapsed() >= CURSOR_PERIOD);
        if !self.events.is_empty() || cursor_is_due { self.finish().await } else { self.settle() }
    }

    /// Sends everything that waits, a lone cursor too.
    ///
    /// # Errors
    /// Where the bus has been shut down, or an earlier batch could not be stored.
    pub async fn finish(&mut self) -> Result<(), SourceError> {
        self.settle()?;
        if self.events.is_empty() && self.cursor.is_none() {
            return Ok(());
        }
        let cursor = self.cursor.take();
        let events = std::mem::take(&mut self.events);
        let receipt = self.ingest.send(self.batch(events, cursor.clone())).await?;
        if self.open.len() >= MAX_OPEN
            && let Some((receipt, cursor)) = self.open.pop_front()
        {
            let outcome = receipt.await;
            self.settled(outcome, cursor)?;
        }
        self.open.push_back((receipt, cursor.clone()));
        if cursor.is_some() {
            self.sent = cursor;
            self.cursor_sent_at = Some(Instant::now());
        }
        Ok(())
    }

    /// A batch of this source, for one that sends by [`Outbox::ingest`].
    #[must_use]
    pub fn batch(&self, events: Vec<SourceEvent>, cursor: Option<Cursor>) -> Batch {
        Batch { source: self.source.clone(), events, cursor, received: self.clock.now() }
    }

    /// The way into the bus, for a source whose requests each wait for their own receipt.
    #[must_use]
    pub fn ingest(&self) -> Ingest {
        self.ingest.clone()
    }

    /// Drops what a run left behind and says from where to read it again.
    pub(crate) fn restart(&mut self) -> Option<Cursor> {
        self.events.clear();
        self.cursor = None;
        self.is_broken = false;
        self.sent.clone()
    }

    /// The next run goes on from here, whatever went out before.
    pub(crate) fn jump(&mut self, cursor: Option<Cursor>) {
        self.sent = cursor;
    }

    fn settle(&mut self) -> Result<(), SourceError> {
        if self.is_broken {
            return Err(SourceError::NotStored);
        }
        while let Some((receipt, _)) = self.open.front_mut() {
            let Some(outcome) = receipt.now_or_never() else { break };
            let cursor = self.open.pop_front().and_then(|(_, cursor)| cursor);
            self.settled(outcome, cursor)?;
        }
        Ok(())
    }

    fn settled(
        &mut self,
        outcome: Result<(), NotStored>,
        cursor: Option<Cursor>,
    ) -> Result<(), SourceError> {
        match outcome {
            Ok(()) => {
                self.stored = cursor.or_else(|| self.stored.take());
                Ok(())
            }
            Err(NotStored) => {
                self.open.clear();
                self.is_broken = true;
                self.sent = self.stored.clone();
                Err(SourceError::NotStored)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use vigie_bus::{Deliveries, ingest};

    use super::*;
    use crate::model::{ManualClock, PostId};

    fn outbox() -> (Outbox, Deliveries) {
        let (ingest, deliveries) = ingest();
        let clock = Arc::new(ManualClock::default());
        (Outbox::new("s".into(), ingest, clock, Some(cursor("0"))), deliveries)
    }

    fn cursor(text: &str) -> Cursor {
        Cursor(text.into())
    }

    fn event() -> SourceEvent {
        SourceEvent::Delete(PostId::new("test", "1"))
    }

    #[tokio::test]
    async fn a_full_batch_leaves_by_itself() {
        let (mut outbox, deliveries) = outbox();
        for _ in 0..=Batch::MAX_EVENTS {
            outbox.push(event()).await.unwrap();
        }
        let full = deliveries.try_recv().unwrap();
        assert_eq!(full.batch.events.len(), Batch::MAX_EVENTS);
        full.ack.committed();
        assert!(deliveries.try_recv().is_none());
        outbox.flush().await.unwrap();
        assert_eq!(deliveries.try_recv().unwrap().batch.events.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lone_cursor_travels_once_a_second() {
        let (mut outbox, deliveries) = outbox();
        let mut n_batches = 0;
        for step in 0..30 {
            outbox.set_cursor(cursor(&step.to_string()));
            outbox.flush().await.unwrap();
            tokio::time::advance(Duration::from_millis(100)).await;
            if let Some(delivered) = deliveries.try_recv() {
                delivered.ack.committed();
                n_batches += 1;
            }
        }
        assert_eq!(n_batches, 3);
    }

    #[tokio::test]
    async fn what_was_not_stored_is_read_again() {
        let (mut outbox, deliveries) = outbox();
        for name in ["1", "2", "3"] {
            outbox.push(event()).await.unwrap();
            outbox.set_cursor(cursor(name));
            outbox.flush().await.unwrap();
        }
        assert_eq!(outbox.restart(), Some(cursor("3")), "all three are on their way");
        deliveries.try_recv().unwrap().ack.committed();
        drop(deliveries.try_recv());
        assert_eq!(outbox.flush().await, Err(SourceError::NotStored));
        outbox.set_cursor(cursor("4"));
        assert_eq!(outbox.finish().await, Err(SourceError::NotStored));
        assert_eq!(deliveries.try_recv().unwrap().batch.cursor, Some(cursor("3")));
        assert!(deliveries.try_recv().is_none(), "nothing after it");
        assert_eq!(outbox.restart(), Some(cursor("1")));
        outbox.push(event()).await.unwrap();
        assert_eq!(outbox.flush().await, Ok(()));
    }

    #[tokio::test]
    async fn a_closed_bus_ends_the_run() {
        let (mut outbox, deliveries) = outbox();
        drop(deliveries);
        outbox.push(event()).await.unwrap();
        assert_eq!(outbox.flush().await, Err(SourceError::BusClosed));
    }
}
