//! What a screen's thread says of itself: counters that cost nothing to write and are read by anyone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use crate::wall::{miniature::Miniature, pace};

/// Presents that one screen's trace keeps: 18 minutes at 60 Hz.
const MAX_TRACE: usize = 65_536;

/// One screen's counters. They go on over restarts of the screen's thread.
#[derive(Debug)]
pub(crate) struct ScreenStats {
    began: Instant,
    presented: AtomicU64,
    missed_ticks: AtomicU64,
    looks: AtomicU64,
    drawn_px: AtomicU64,
    last_present_micros: AtomicU64,
    longest_draw_micros: AtomicU64,
    /// The compositor has not said yet that it shows the last frame.
    is_unseen: AtomicBool,
    last_look_micros: AtomicU64,
    last_restart_micros: AtomicU64,
    restarts: AtomicU32,
    width_px: AtomicU32,
    height_px: AtomicU32,
    adapter: Mutex<String>,
    last_failure: Mutex<String>,
    trace: Option<Mutex<Vec<Instant>>>,
    miniature: Arc<Miniature>,
}

/// The counters at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Frames handed to the screen.
    pub(crate) presented: u64,
    /// Ticks of the screen that went by while a frame was wanted.
    pub(crate) missed_ticks: u64,
    /// Times that the content was asked what changed.
    pub(crate) looks: u64,
    /// Pixels rasterized.
    pub(crate) drawn_px: u64,
    /// The longest time from look to present.
    pub(crate) longest_draw_millis: f64,
    /// How long ago the last frame was presented; `None` before the first.
    pub(crate) last_present_secs: Option<f64>,
    /// How long ago the content was asked last; `None` before the first time.
    pub(crate) last_look_secs: Option<f64>,
    /// Times that the screen's thread was started again.
    pub(crate) restarts: u32,
    /// How long ago that was, the last time.
    pub(crate) last_restart_secs: Option<f64>,
    /// Why it was, the last time; empty where it was not.
    pub(crate) last_failure: String,
    /// Size of the last frame.
    pub(crate) size_px: (u32, u32),
    /// The GPU that draws it.
    pub(crate) adapter: String,
}

impl ScreenStats {
    /// Counters at zero; `is_traced` keeps the moment of every present, for benches.
    pub(super) fn new(is_traced: bool) -> Self {
        Self {
            began: pace::now(),
            presented: AtomicU64::new(0),
            missed_ticks: AtomicU64::new(0),
            looks: AtomicU64::new(0),
            drawn_px: AtomicU64::new(0),
            last_present_micros: AtomicU64::new(0),
            longest_draw_micros: AtomicU64::new(0),
            is_unseen: AtomicBool::new(false),
            last_look_micros: AtomicU64::new(0),
            last_restart_micros: AtomicU64::new(0),
            restarts: AtomicU32::new(0),
            width_px: AtomicU32::new(0),
            height_px: AtomicU32::new(0),
            adapter: Mutex::default(),
            last_failure: Mutex::default(),
            trace: is_traced.then(Mutex::default),
            miniature: Arc::default(),
        }
    }

    /// The counters now.
    pub(crate) fn counts(&self) -> Counts {
        let presented = self.presented.load(Relaxed);
        let age_secs = |at: &AtomicU64| {
            (self.began.elapsed().as_secs_f64() - at.load(Relaxed) as f64 / 1e6).max(0.0)
        };
        let (looks, restarts) = (self.looks.load(Relaxed), self.restarts.load(Relaxed));
        Counts {
            presented,
            missed_ticks: self.missed_ticks.load(Relaxed),
            looks,
            drawn_px: self.drawn_px.load(Relaxed),
            longest_draw_millis: self.longest_draw_micros.load(Relaxed) as f64 / 1e3,
            last_present_secs: (presented > 0).then(|| age_secs(&self.last_present_micros)),
            last_look_secs: (looks > 0).then(|| age_secs(&self.last_look_micros)),
            restarts,
            last_restart_secs: (restarts > 0).then(|| age_secs(&self.last_restart_micros)),
            last_failure: self.last_failure.lock().clone(),
            size_px: (self.width_px.load(Relaxed), self.height_px.load(Relaxed)),
            adapter: self.adapter.lock().clone(),
        }
    }

    /// What it shows, small.
    pub(crate) fn miniature(&self) -> &Arc<Miniature> {
        &self.miniature
    }

    /// The moments of all presents so far; empty where they are not kept.
    pub(crate) fn trace(&self) -> Vec<Instant> {
        self.trace.as_ref().map_or_else(Vec::new, |trace| trace.lock().clone())
    }

    pub(super) fn count_look(&self) {
        self.last_look_micros.store(micros(self.began, pace::now()), Relaxed);
        self.looks.fetch_add(1, Relaxed);
    }

    pub(super) fn count_draw(&self, drawn_px: u64, missed_ticks: u64) {
        self.drawn_px.fetch_add(drawn_px, Relaxed);
        self.missed_ticks.fetch_add(missed_ticks, Relaxed);
    }

    /// How long the compositor has kept a frame without showing it; `None` where it shows the last one, or does not tell.
    pub(super) fn unseen_for(&self) -> Option<Duration> {
        let presented = Duration::from_micros(self.last_present_micros.load(Relaxed));
        self.is_unseen.load(Relaxed).then(|| self.began.elapsed().saturating_sub(presented))
    }

    /// The compositor shows the last frame.
    pub(super) fn count_seen(&self) {
        self.is_unseen.store(false, Relaxed);
    }

    /// A frame was presented; `is_told` where the compositor will tell when it is shown.
    pub(super) fn count_present(&self, began: Instant, size_px: [u32; 2], is_told: bool) {
        let now = pace::now();
        let [width, height] = size_px;
        self.width_px.store(width, Relaxed);
        self.height_px.store(height, Relaxed);
        self.last_present_micros.store(micros(self.began, now), Relaxed);
        self.is_unseen.store(is_told, Relaxed);
        self.longest_draw_micros.fetch_max(micros(began, now), Relaxed);
        self.presented.fetch_add(1, Relaxed);
        if let Some(trace) = &self.trace {
            let mut trace = trace.lock();
            if trace.len() < MAX_TRACE {
                trace.push(now);
            }
        }
    }

    pub(super) fn count_restart(&self, why: &str) {
        self.last_restart_micros.store(micros(self.began, pace::now()), Relaxed);
        self.restarts.fetch_add(1, Relaxed);
        why.clone_into(&mut self.last_failure.lock());
    }

    pub(super) fn set_adapter(&self, name: &str) {
        name.clone_into(&mut self.adapter.lock());
    }
}

fn micros(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.saturating_duration_since(from).as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_that_never_presented_says_so() {
        let stats = ScreenStats::new(false);
        assert_eq!(stats.counts().last_present_secs, None);
        stats.count_present(pace::now(), [320, 180], false);
        assert_eq!(stats.unseen_for(), None);
        let counts = stats.counts();
        assert_eq!((counts.presented, counts.size_px), (1, (320, 180)));
        assert!(counts.last_present_secs.is_some_and(|secs| secs < 60.0));
        assert!(stats.trace().is_empty());
    }
}
