//! Who asked for which picture, and what became of it: cache, queue, refusals. No I/O and no clock.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use super::{
    MediaCounts,
    address::{self, Target},
    cache::Cache,
};
use crate::model::{Micros, Picture, Timestamp};

/// More pictures than ten screens show at once.
pub(super) const MAX_QUEUED: usize = 256;

/// More refused addresses than this are forgotten, the soonest to be tried again first.
const MAX_REFUSED: usize = 2_048;

/// When a failure is tried again, at first.
const FIRST_PAUSE: Micros = 30 * 1_000_000;

/// And at last; also what can never succeed, in case its server mends it.
pub(super) const LAST_PAUSE: Micros = 3_600 * 1_000_000;

/// A picture that somebody waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// Its address, as it was asked for.
    pub(super) address: Arc<str>,
    /// What that means.
    pub(super) target: Target,
}

#[derive(Debug)]
struct Refusal {
    until: Timestamp,
    pause: Micros,
}

/// The books of the media service.
#[derive(Debug)]
pub(super) struct Desk {
    cache: Cache,
    loopback: bool,
    /// Ordered and not yet here.
    open: BTreeSet<Arc<str>>,
    queue: VecDeque<Order>,
    refused: BTreeMap<Box<str>, Refusal>,
    counts: MediaCounts,
}

impl Desk {
    /// An empty desk whose cache holds at most `max_bytes`.
    pub(super) fn new(max_bytes: usize, loopback: bool) -> Self {
        Self {
            cache: Cache::new(max_bytes),
            loopback,
            open: BTreeSet::new(),
            queue: VecDeque::new(),
            refused: BTreeMap::new(),
            counts: MediaCounts::default(),
        }
    }

    /// The picture if it is there; else it is ordered, unless it is on its way, was refused, or the queue is full.
    pub(super) fn ask(&mut self, address: &str, now: Timestamp) -> Option<Arc<Picture>> {
        if let Some(picture) = self.cache.get(address, now) {
            return Some(picture);
        }
        if self.open.contains(address) || self.is_refused(address, now) {
            return None;
        }
        if self.queue.len() >= MAX_QUEUED {
            // The next frame asks again.
            self.counts.n_dropped += 1;
            return None;
        }
        match address::parse(address, self.loopback) {
            Ok(target) => {
                let address: Arc<str> = address.into();
                self.open.insert(Arc::clone(&address));
                self.queue.push_back(Order { address, target });
            }
            Err(_) => self.refuse(address, false, now),
        }
        None
    }

    /// The next order to carry out.
    pub(super) fn next(&mut self) -> Option<Order> {
        self.queue.pop_front()
    }

    /// A picture has come.
    pub(super) fn arrived(&mut self, address: &str, picture: Picture, now: Timestamp) {
        self.open.remove(address);
        self.refused.remove(address);
        self.counts.n_arrived += 1;
        self.counts.n_evicted += self.cache.put(address, Arc::new(picture), now);
    }

    /// A picture cannot be had; `passing` says that it may be later.
    pub(super) fn failed(&mut self, address: &str, passing: bool, now: Timestamp) {
        self.open.remove(address);
        self.refuse(address, passing, now);
    }

    /// Forgets a picture, as when its author wants it gone.
    pub(super) fn forget(&mut self, address: &str) {
        self.cache.remove(address);
        self.refused.remove(address);
    }

    /// Whether nothing is on its way.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_empty()
    }

    /// What happened so far.
    pub(super) fn counts(&self) -> MediaCounts {
        MediaCounts {
            n_pictures: self.cache.len(),
            n_bytes: self.cache.n_bytes(),
            n_open: self.open.len(),
            ..self.counts
        }
    }

    fn is_refused(&self, address: &str, now: Timestamp) -> bool {
        self.refused.get(address).is_some_and(|refusal| now < refusal.until)
    }

    fn refuse(&mut self, address: &str, passing: bool, now: Timestamp) {
        self.counts.n_refused += 1;
        let before = self.refused.get(address).map(|refusal| refusal.pause.saturating_mul(4));
        let pause =
            if passing { before.unwrap_or(FIRST_PAUSE).min(LAST_PAUSE) } else { LAST_PAUSE };
        if self.refused.len() >= MAX_REFUSED {
            self.make_room(now);
        }
        self.refused.insert(address.into(), Refusal { until: now.plus(pause), pause });
    }

    fn make_room(&mut self, now: Timestamp) {
        self.refused.retain(|_, refusal| now < refusal.until);
        if self.refused.len() >= MAX_REFUSED {
            let soonest = self.refused.iter().min_by_key(|(_, refusal)| refusal.until);
            if let Some(address) = soonest.map(|(address, _)| address.clone()) {
                self.refused.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_secs(43_200);
    const A: &str = "https://example.org/a";

    fn desk() -> Desk {
        Desk::new(1 << 20, false)
    }

    fn picture() -> Picture {
        Picture { width_px: 1, height_px: 1, rgba: [0, 0, 0, 255].into() }
    }

    #[test]
    fn each_picture_is_ordered_once() {
        let mut desk = desk();
        for _ in 0..3 {
            assert!(desk.ask(A, NOON).is_none());
        }
        assert_eq!(&*desk.next().unwrap().address, A);
        assert!(desk.next().is_none());
        assert!(desk.ask(A, NOON).is_none() && desk.next().is_none(), "it is on its way");
        desk.arrived(A, picture(), NOON);
        assert!(desk.ask(A, NOON).is_some());
        assert!(desk.is_idle());
        desk.forget(A);
        assert!(desk.ask(A, NOON).is_none() && desk.next().is_some());
    }

    #[test]
    fn failures_are_tried_again_later_and_later() {
        let mut desk = desk();
        let mut now = NOON;
        for pause_secs in [30, 120, 480, 1_920, 3_600, 3_600] {
            desk.ask(A, now);
            assert!(desk.next().is_some(), "at {now}");
            desk.failed(A, true, now);
            now = now.plus(pause_secs * 1_000_000 - 1);
            desk.ask(A, now);
            assert!(desk.next().is_none(), "at {now}");
            now = now.plus(1);
        }
        desk.ask(A, now);
        desk.next();
        desk.arrived(A, picture(), now);
        assert!(desk.ask(A, now).is_some());
    }

    #[test]
    fn forbidden_addresses_are_refused_without_an_order() {
        let mut desk = desk();
        for address in ["http://example.org/a", "https://10.0.0.1/", "x", "demo:nothing/1"] {
            assert!(desk.ask(address, NOON).is_none());
        }
        assert!(desk.next().is_none());
        assert_eq!(desk.counts().n_refused, 4);
        assert!(desk.is_idle());
    }

    #[test]
    fn a_full_queue_drops_and_counts() {
        let mut desk = desk();
        for idx in 0..MAX_QUEUED + 7 {
            desk.ask(&format!("{A}{idx}"), NOON);
        }
        assert_eq!((desk.counts().n_dropped, desk.counts().n_open), (7, MAX_QUEUED));
        desk.next();
        desk.ask(&format!("{A}{MAX_QUEUED}"), NOON);
        assert_eq!(desk.counts().n_dropped, 7, "asked again, it found room");
    }

    #[test]
    fn refusals_have_a_limit() {
        let mut desk = desk();
        for idx in 0..MAX_REFUSED + 50 {
            desk.ask(&format!("http://example.org/{idx}"), NOON);
        }
        assert_eq!(desk.refused.len(), MAX_REFUSED);
    }
}
