//! What a queue counts of itself: nothing waits or grows unseen.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// What a queue counts of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// The most that it holds, in the queue's own unit.
    pub limit: usize,
    /// What it holds now.
    pub depth: usize,
    /// The most that it ever held.
    pub peak: usize,
    /// Things that were put in since the start.
    pub n_in: u64,
    /// Things that had to wait, or were refused, because it was full.
    pub n_waited: u64,
}

/// The live side of [`QueueCounts`].
#[derive(Debug)]
pub(crate) struct Gauge {
    limit: usize,
    depth: AtomicUsize,
    peak: AtomicUsize,
    n_in: AtomicU64,
    n_waited: AtomicU64,
}

impl Gauge {
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            limit,
            depth: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            n_in: AtomicU64::new(0),
            n_waited: AtomicU64::new(0),
        }
    }

    /// One thing of this weight went in. To be called before it can be taken out.
    pub(crate) fn put(&self, weight: usize) {
        let depth = self.depth.fetch_add(weight, Ordering::AcqRel) + weight;
        self.peak.fetch_max(depth, Ordering::Relaxed);
        self.n_in.fetch_add(1, Ordering::Relaxed);
    }

    /// Undoes a `put` whose thing did not go in after all.
    pub(crate) fn unput(&self, weight: usize) {
        self.depth.fetch_sub(weight, Ordering::AcqRel);
        self.n_in.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn take(&self, weight: usize) {
        self.depth.fetch_sub(weight, Ordering::AcqRel);
    }

    pub(crate) fn wait(&self) {
        self.n_waited.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn counts(&self) -> QueueCounts {
        QueueCounts {
            limit: self.limit,
            depth: self.depth.load(Ordering::Acquire),
            peak: self.peak.load(Ordering::Relaxed),
            n_in: self.n_in.load(Ordering::Relaxed),
            n_waited: self.n_waited.load(Ordering::Relaxed),
        }
    }
}
