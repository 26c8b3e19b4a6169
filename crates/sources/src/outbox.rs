//! Where a source's events collect and from where they leave as batches, with the cursor beside them.

use std::sync::Arc;

use crate::{
    Closed, Ingest, Receipt,
    model::{Batch, Clock, Cursor, SourceEvent, SourceId},
};

/// Collects events into batches for the bus.
///
/// A source pushes, and flushes whenever it has nothing more at hand, so that a quiet day shows a post at once.
#[derive(Debug)]
pub struct Outbox {
    source: SourceId,
    ingest: Ingest,
    clock: Arc<dyn Clock>,
    events: Vec<SourceEvent>,
    cursor: Option<Cursor>,
    sent: Option<Cursor>,
}

impl Outbox {
    /// An empty box of `source`.
    #[must_use]
    pub fn new(source: SourceId, ingest: Ingest, clock: Arc<dyn Clock>) -> Self {
        Self { source, ingest, clock, events: Vec::new(), cursor: None, sent: None }
    }

    /// Adds an event; sends where the batch is full, and waits while the bus is.
    ///
    /// # Errors
    /// Where the bus has been shut down.
    pub async fn push(&mut self, event: SourceEvent) -> Result<(), Closed> {
        self.events.push(event);
        if self.is_full() {
            self.flush().await?;
        }
        Ok(())
    }

    /// Says where to go on once everything pushed so far is stored. It travels with the next flush.
    pub fn set_cursor(&mut self, cursor: Cursor) {
        self.cursor = Some(cursor);
    }

    /// Whether the next push sends.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.events.len() >= Batch::MAX_EVENTS
    }

    /// Whether nothing waits to be sent, apart from a cursor perhaps.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Sends what there is. A cursor without events travels too. The receipt resolves once it is stored; most drop it.
    ///
    /// # Errors
    /// Where the bus has been shut down.
    pub async fn flush(&mut self) -> Result<Option<Receipt>, Closed> {
        if self.events.is_empty() && self.cursor.is_none() {
            return Ok(None);
        }
        let batch = Batch {
            source: self.source.clone(),
            events: std::mem::take(&mut self.events),
            cursor: self.cursor.take(),
            received: self.clock.now(),
        };
        let cursor = batch.cursor.clone();
        let receipt = self.ingest.send(batch).await?;
        if cursor.is_some() {
            self.sent = cursor;
        }
        Ok(Some(receipt))
    }

    /// The way into the bus, for a source whose requests each wait for their own receipt.
    #[must_use]
    pub fn ingest(&self) -> Ingest {
        self.ingest.clone()
    }

    /// The last cursor that went out.
    pub(crate) const fn sent(&self) -> Option<&Cursor> {
        self.sent.as_ref()
    }

    /// Drops what a run that failed left behind; it will be read again.
    pub(crate) fn clear(&mut self) {
        self.events.clear();
        self.cursor = None;
    }
}
