//! The posts' lane: sources send batches, and learn when these are on disk.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use crossbeam_channel::{Receiver, Sender, bounded, select};
use parking_lot::Mutex;
use tokio::sync::{Semaphore, oneshot};

use vigie_model::{Batch, SourceEvent};

use crate::{QueueCounts, counts::Gauge};

/// What may wait in the posts' lane, in units of about one KiB: 16 MiB.
///
/// That is 1.6 s at 10,000 posts a second: a commit on a slow disk fits, an outage does not and makes sources wait.
pub const INGEST_MAX_UNITS: usize = 16_384;

/// Text that one unit stands for, beside the fixed part of a post, which is one unit more.
const UNIT_BYTES: usize = 1_024;

/// The lane is closed: the room shuts down, or its sequencer is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ingest lane is closed")]
pub struct Closed;

/// The batch was not committed and will not be: it must be sent again, later or by the next run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the batch was not stored")]
pub struct NotStored;

/// Makes the lane that all sources send into.
#[must_use]
pub fn ingest() -> (Ingest, Deliveries) {
    // Every batch weighs at least one unit, so the channel itself never is what is full.
    let (queue_in, queue_out) = bounded(INGEST_MAX_UNITS);
    let (closing_in, closing_out) = bounded(0);
    let lane = Arc::new(Lane {
        room: Semaphore::new(INGEST_MAX_UNITS),
        closing: Mutex::new(Some(closing_in)),
        gauge: Gauge::new(INGEST_MAX_UNITS),
    });
    let ingest = Ingest { queue: queue_in, lane: Arc::clone(&lane) };
    (ingest, Deliveries { queue: queue_out, closing: closing_out, lane })
}

#[derive(Debug)]
struct Lane {
    /// One permit a unit. Closed with the lane.
    room: Semaphore,
    /// Dropped to wake receivers when the lane closes.
    closing: Mutex<Option<Sender<()>>>,
    gauge: Gauge,
}

impl Lane {
    fn close(&self) {
        self.room.close();
        self.closing.lock().take();
    }
}

#[derive(Debug)]
struct Queued {
    delivered: Delivered,
    weight: usize,
}

/// The sources' end of the lane.
#[derive(Clone, Debug)]
pub struct Ingest {
    queue: Sender<Queued>,
    lane: Arc<Lane>,
}

impl Ingest {
    /// Puts a batch into the lane, waiting while it is full. Batches of one sender keep their order.
    ///
    /// A batch of more than [`Batch::MAX_EVENTS`] travels in parts; the cursor and the receipt belong to the last one.
    /// If the future is dropped while it waits, the parts that wait are not sent.
    ///
    /// # Errors
    /// [`Closed`] once the room shuts down: what was not accepted will come again from the stored cursor.
    pub async fn send(&self, mut batch: Batch) -> Result<Receipt, Closed> {
        while batch.events.len() > Batch::MAX_EVENTS {
            let rest = batch.events.split_off(Batch::MAX_EVENTS);
            let events = std::mem::replace(&mut batch.events, rest);
            let part = Batch {
                source: batch.source.clone(),
                events,
                cursor: None,
                received: batch.received,
            };
            self.send_part(part).await?;
        }
        self.send_part(batch).await
    }

    async fn send_part(&self, batch: Batch) -> Result<Receipt, Closed> {
        let weight = weight(&batch);
        let n_permits = u32::try_from(weight).unwrap_or(u32::MAX);
        let permit = if let Ok(permit) = self.lane.room.try_acquire_many(n_permits) {
            permit
        } else {
            self.lane.gauge.wait();
            self.lane.room.acquire_many(n_permits).await.map_err(|_closed| Closed)?
        };
        let (delivered, receipt) = Delivered::new(batch);
        self.lane.gauge.put(weight);
        if self.queue.send(Queued { delivered, weight }).is_err() {
            self.lane.gauge.unput(weight);
            return Err(Closed);
        }
        permit.forget();
        Ok(receipt)
    }

    /// Closes the lane for all senders. What was accepted before is still delivered.
    pub fn close(&self) {
        self.lane.close();
    }

    /// What the lane counts; its unit is about one KiB, `n_in` counts batches.
    #[must_use]
    pub fn counts(&self) -> QueueCounts {
        self.lane.gauge.counts()
    }
}

/// What a batch takes of the lane's room. No batch takes more than there is, so each fits in the end.
fn weight(batch: &Batch) -> usize {
    let of_event = |event: &SourceEvent| match event {
        SourceEvent::Upsert(post) => 1 + post.text.len() / UNIT_BYTES,
        _ => 1,
    };
    batch.events.iter().map(of_event).sum::<usize>().clamp(1, INGEST_MAX_UNITS)
}

/// The room's end of the lane.
#[derive(Debug)]
pub struct Deliveries {
    queue: Receiver<Queued>,
    closing: Receiver<()>,
    lane: Arc<Lane>,
}

impl Deliveries {
    /// Takes the next batch, waiting for it; nothing once the lane is closed and empty.
    ///
    /// Blocks its thread: not for async tasks.
    #[must_use]
    pub fn recv(&self) -> Option<Delivered> {
        let queued = select! {
            recv(self.queue) -> queued => queued.ok(),
            recv(self.closing) -> _ => self.queue.try_recv().ok(),
        };
        queued.map(|queued| self.taken(queued))
    }

    /// Takes the next batch if there is one.
    #[must_use]
    pub fn try_recv(&self) -> Option<Delivered> {
        self.queue.try_recv().ok().map(|queued| self.taken(queued))
    }

    fn taken(&self, queued: Queued) -> Delivered {
        self.lane.gauge.take(queued.weight);
        self.lane.room.add_permits(queued.weight);
        queued.delivered
    }
}

impl Drop for Deliveries {
    fn drop(&mut self) {
        self.lane.close();
    }
}

/// A batch that came out of the lane, with what tells its sender that it is stored.
#[derive(Debug)]
pub struct Delivered {
    /// The batch.
    pub batch: Batch,
    /// To be called once the batch is committed.
    pub ack: Ack,
}

impl Delivered {
    /// A batch that came by no lane, with the receipt that its ack resolves.
    #[must_use]
    pub fn new(batch: Batch) -> (Self, Receipt) {
        let (ack, receipt) = oneshot::channel();
        (Self { batch, ack: Ack(ack) }, Receipt(receipt))
    }
}

/// Tells the sender of a batch that it is stored. Dropped instead, it tells that it is not.
#[derive(Debug)]
#[must_use = "dropped, it tells the sender that the batch was not stored"]
pub struct Ack(oneshot::Sender<()>);

impl Ack {
    /// The batch is on disk.
    pub fn committed(self) {
        // Most senders do not wait for their receipt, and so are no longer there.
        self.0.send(()).ok();
    }
}

/// Resolves when the store has committed the batch. Dropping it costs nothing.
#[derive(Debug)]
pub struct Receipt(oneshot::Receiver<()>);

impl Future for Receipt {
    type Output = Result<(), NotStored>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|outcome| outcome.map_err(|_dropped| NotStored))
    }
}

#[cfg(test)]
mod tests;
