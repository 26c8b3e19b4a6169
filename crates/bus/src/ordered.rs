//! Pure work on many threads, with what comes out in the order of what went in.

use std::{
    io,
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{Builder, JoinHandle},
};

use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;

use vigie_model::Batch;

use crate::{Delivered, Deliveries, QueueCounts, counts::Gauge};

/// Batches that may be done or in work before the sequencer takes them, for each worker.
///
/// Two keep a worker busy while an earlier batch is slow; more only adds delay and memory.
pub const AHEAD_PER_WORKER: usize = 2;

/// The mapped function panicked on this batch. Its events are there, unread.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("analysis of a batch failed: {0}")]
pub struct Panicked(pub String);

/// A batch with what the mapped function made of it.
#[derive(Debug)]
pub struct Mapped<U> {
    /// The batch, untouched.
    pub delivered: Delivered,
    /// What the function made of it.
    pub output: Result<U, Panicked>,
}

/// Starts `n_workers` threads that map batches in parallel, and gives them out in the order of `deliveries`.
///
/// `make` builds one mapper for each thread, so that a mapper may keep buffers of its own.
/// A mapper that panics is counted and built anew; its batch is passed on, so that nothing is lost in silence.
///
/// # Errors
/// Where the system gives no thread. Threads that had been started end by themselves.
pub fn ordered_map<U, F, M>(
    name: &str,
    n_workers: NonZeroUsize,
    deliveries: Deliveries,
    make: M,
) -> io::Result<(MappedBatches<U>, Workers)>
where
    U: Send + 'static,
    F: FnMut(&Batch) -> U,
    M: Fn() -> F + Send + Sync + 'static,
{
    let n_ahead = n_workers.get().saturating_mul(AHEAD_PER_WORKER);
    let (slots_in, slots_out) = bounded(n_ahead);
    let gauge = Arc::new(Gauge::new(n_ahead));
    let n_panics = Arc::new(AtomicU64::new(0));
    let intake =
        Arc::new(Intake { source: Mutex::new((deliveries, slots_in)), gauge: Arc::clone(&gauge) });
    let make = Arc::new(make);
    let mut threads = Vec::new();
    for worker_idx in 0..n_workers.get() {
        let (intake, make) = (Arc::clone(&intake), Arc::clone(&make));
        let n_panics = Arc::clone(&n_panics);
        let thread = Builder::new()
            .name(format!("{name}-{worker_idx}"))
            .spawn(move || work(&intake, &*make, &n_panics))?;
        threads.push(thread);
    }
    Ok((MappedBatches { slots: slots_out, gauge }, Workers { threads, n_panics }))
}

/// What the workers share: taking a batch and its place in the output is one step.
#[derive(Debug)]
struct Intake<U> {
    source: Mutex<(Deliveries, Sender<Slot<U>>)>,
    gauge: Arc<Gauge>,
}

/// The place of one batch in the output: it will hold exactly one message.
pub(crate) type Slot<U> = Receiver<Mapped<U>>;

impl<U> Intake<U> {
    /// The next batch and where its outcome belongs; nothing once there is nothing more to do.
    fn next(&self) -> Option<(Delivered, Sender<Mapped<U>>)> {
        let source = self.source.lock();
        let (deliveries, slots) = &*source;
        let delivered = deliveries.recv()?;
        let (outcome, slot) = bounded(1);
        if slots.is_full() {
            self.gauge.wait();
        }
        self.gauge.put(1);
        slots.send(slot).ok()?; // The sequencer is gone: dropping the batch tells its sender.
        Some((delivered, outcome))
    }
}

fn work<U, F: FnMut(&Batch) -> U>(intake: &Intake<U>, make: &impl Fn() -> F, n_panics: &AtomicU64) {
    let mut mapper = None;
    while let Some((delivered, outcome)) = intake.next() {
        let run = || mapper.get_or_insert_with(make)(&delivered.batch);
        let output = catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
            n_panics.fetch_add(1, Ordering::Relaxed);
            mapper = None; // It may be half-way through a change.
            Panicked(text_of(&*payload))
        });
        if let Err(err) = &output {
            tracing::error!(source = %delivered.batch.source, %err, "batch passed on unread");
        }
        if outcome.send(Mapped { delivered, output }).is_err() {
            return;
        }
    }
}

/// What a panic said, if it said it as text.
fn text_of(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("panic without a text")
        .to_owned()
}

/// The mapped batches in order: one end of [`Lanes`](crate::Lanes).
#[derive(Debug)]
pub struct MappedBatches<U> {
    pub(crate) slots: Receiver<Slot<U>>,
    pub(crate) gauge: Arc<Gauge>,
}

impl<U> MappedBatches<U> {
    /// Takes the next batch, waiting for it; nothing after the last one.
    #[must_use]
    pub fn recv(&self) -> Option<Mapped<U>> {
        loop {
            let slot = self.slots.recv().ok()?;
            let mapped = slot.recv();
            self.gauge.take(1);
            if let Ok(mapped) = mapped {
                return Some(mapped);
            }
            tracing::error!("a worker died with a batch; its sender is told to send it again");
        }
    }

    /// What waits for the sequencer, in batches.
    #[must_use]
    pub fn counts(&self) -> QueueCounts {
        self.gauge.counts()
    }
}

/// The threads of an [`ordered_map`].
#[derive(Debug)]
pub struct Workers {
    threads: Vec<JoinHandle<()>>,
    n_panics: Arc<AtomicU64>,
}

impl Workers {
    /// Batches that were passed on unread because the mapper panicked.
    #[must_use]
    pub fn n_panics(&self) -> u64 {
        self.n_panics.load(Ordering::Relaxed)
    }

    /// Waits until all threads have ended, which they do once the lane is closed and drained.
    pub fn join(self) {
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("an analysis thread ended with a panic");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use vigie_model::{SourceEvent, SourceId, Timestamp};

    use super::*;
    use crate::{Ingest, ingest};

    const N_WORKERS: NonZeroUsize = NonZeroUsize::new(4).unwrap();

    /// A batch that carries a number, as its time.
    fn batch(number: i64) -> Batch {
        Batch {
            source: SourceId::new("s"),
            events: vec![SourceEvent::CaughtUp],
            cursor: None,
            received: Timestamp::from_micros(number),
        }
    }

    fn number(batch: &Batch) -> i64 {
        batch.received.as_micros()
    }

    async fn send_all(ingest: &Ingest, numbers: std::ops::Range<i64>) {
        for number in numbers {
            ingest.send(batch(number)).await.unwrap();
        }
        ingest.close();
    }

    /// Takes a time that differs from batch to batch, so that workers overtake each other.
    fn uneven_work(number: i64) -> i64 {
        let n_rounds = fastrand::Rng::with_seed(number.unsigned_abs()).u32(0..20_000);
        (0..n_rounds).fold(number, |sum, _| std::hint::black_box(sum))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn order_is_kept_whoever_is_faster() {
        let (ingest, deliveries) = ingest();
        let (mapped, workers) = ordered_map("map", N_WORKERS, deliveries, || {
            |batch: &Batch| uneven_work(number(batch))
        })
        .unwrap();
        let reader = Builder::new().name("reader".into()).spawn(move || {
            std::iter::from_fn(|| mapped.recv()).map(|mapped| mapped.output.unwrap()).collect()
        });
        send_all(&ingest, 0..2_000).await;
        let outputs: Vec<i64> = reader.unwrap().join().unwrap();
        assert!(outputs.iter().copied().eq(0..2_000), "{outputs:?}");
        assert_eq!(workers.n_panics(), 0);
        workers.join();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_panic_costs_one_reading_and_no_batch() {
        let (ingest, deliveries) = ingest();
        let (mapped, workers) = ordered_map("map", N_WORKERS, deliveries, || {
            |batch: &Batch| {
                assert!(number(batch) % 10 != 3, "cannot read {}", number(batch));
                number(batch)
            }
        })
        .unwrap();
        let sending = tokio::spawn(async move { send_all(&ingest, 0..100).await });
        for expected in 0..100 {
            let mapped = tokio::task::block_in_place(|| mapped.recv()).unwrap();
            assert_eq!(number(&mapped.delivered.batch), expected);
            match mapped.output {
                Ok(output) => assert_eq!(output, expected),
                Err(Panicked(text)) => assert_eq!(text, format!("cannot read {expected}")),
            }
        }
        sending.await.unwrap();
        assert!(mapped.recv().is_none());
        assert_eq!(workers.n_panics(), 10);
        workers.join();
    }

    #[tokio::test]
    async fn a_mapper_that_cannot_be_built_loses_no_batch() {
        let (ingest, deliveries) = ingest();
        let make = || -> fn(&Batch) -> i64 { panic!("no model") };
        let (mapped, workers) = ordered_map("map", N_WORKERS, deliveries, make).unwrap();
        let mut receipt = ingest.send(batch(1)).await.unwrap();
        ingest.close();
        let first = mapped.recv().unwrap();
        assert_eq!(first.output, Err(Panicked("no model".into())));
        first.delivered.ack.committed();
        assert_eq!((&mut receipt).await, Ok(()));
        workers.join();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn workers_run_ahead_within_the_limit_only() {
        let (ingest, deliveries) = ingest();
        let (mapped, workers) = ordered_map("map", N_WORKERS, deliveries, || number).unwrap();
        send_all(&ingest, 0..200).await;
        let outputs = std::iter::from_fn(|| mapped.recv()).count();
        assert_eq!(outputs, 200);
        let counts = mapped.counts();
        assert_eq!((counts.limit, counts.depth, counts.n_in), (8, 0, 200));
        // One may stand in the door, and one may be in the reader's hand.
        assert!(counts.peak <= counts.limit + 2, "{counts:?}");
        workers.join();
    }

    #[tokio::test]
    async fn without_a_reader_the_sender_learns_that_nothing_is_stored() {
        let (ingest, deliveries) = ingest();
        let (mapped, workers) = ordered_map("map", N_WORKERS, deliveries, || number).unwrap();
        drop(mapped);
        let receipt = ingest.send(batch(1)).await.unwrap();
        assert!(receipt.await.is_err());
        ingest.close();
        workers.join();
    }
}
