//! The newest value of something, for readers that never wait and never make anybody wait.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

/// Called after each publication, on the publisher's thread.
type Waker = Arc<dyn Fn() + Send + Sync>;

/// A value of which only the newest counts: one publishes, many read.
///
/// Copies are handles to the same value.
pub struct Latest<T> {
    value: Arc<ArcSwap<T>>,
    wakers: Arc<Wakers>,
}

impl<T> Latest<T> {
    /// Starts with `value`.
    #[must_use]
    pub fn new(value: Arc<T>) -> Self {
        Self { value: Arc::new(ArcSwap::new(value)), wakers: Arc::default() }
    }

    /// Replaces the value, then wakes all subscribers.
    pub fn publish(&self, value: Arc<T>) {
        self.value.store(value);
        self.wakers.n_published.fetch_add(1, Ordering::Release);
        self.wakers.wake_all();
    }

    /// The newest value. Never waits.
    #[must_use]
    pub fn read(&self) -> Arc<T> {
        self.value.load_full()
    }

    /// How often a value was published.
    #[must_use]
    pub fn n_published(&self) -> u64 {
        self.wakers.n_published.load(Ordering::Acquire)
    }

    /// Calls `waker` after each publication until the subscription is dropped.
    ///
    /// It runs on the publisher's thread and so must only wake: post a message, unpark a thread.
    /// One that panics is reported and called again next time; the others are not concerned.
    #[must_use = "dropping it ends the subscription"]
    pub fn subscribe(&self, waker: Box<dyn Fn() + Send + Sync>) -> Subscription {
        let id = self.wakers.next_id.fetch_add(1, Ordering::Relaxed);
        self.wakers.list.lock().push((id, Arc::from(waker)));
        Subscription { wakers: Arc::downgrade(&self.wakers), id }
    }
}

impl<T> Clone for Latest<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), wakers: Arc::clone(&self.wakers) }
    }
}

impl<T: Default> Default for Latest<T> {
    fn default() -> Self {
        Self::new(Arc::new(T::default()))
    }
}

impl<T> fmt::Debug for Latest<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Latest").field("wakers", &self.wakers).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Wakers {
    list: Mutex<Vec<(u64, Waker)>>,
    next_id: AtomicU64,
    n_published: AtomicU64,
}

impl Wakers {
    /// Calls outside the lock, so that a waker may end its own subscription.
    fn wake_all(&self) {
        let wakers: Vec<Waker> =
            self.list.lock().iter().map(|(_, waker)| Arc::clone(waker)).collect();
        for waker in wakers {
            if catch_unwind(AssertUnwindSafe(|| waker())).is_err() {
                tracing::error!("a subscriber panicked while it was woken");
            }
        }
    }
}

impl fmt::Debug for Wakers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Wakers")
            .field("n_wakers", &self.list.lock().len())
            .field("n_published", &self.n_published)
            .finish_non_exhaustive()
    }
}

/// Keeps a subscription to a [`Latest`] alive. A call that has already begun may still end after the drop.
#[derive(Debug)]
pub struct Subscription {
    wakers: Weak<Wakers>,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(wakers) = self.wakers.upgrade() {
            wakers.list.lock().retain(|(id, _)| *id != self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::atomic::AtomicUsize, thread::Builder};

    use super::*;

    /// A subscription that counts its calls.
    fn count(latest: &Latest<u64>) -> (Subscription, Arc<AtomicUsize>) {
        let n_calls = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&n_calls);
        let waker = move || {
            counter.fetch_add(1, Ordering::Relaxed);
        };
        (latest.subscribe(Box::new(waker)), n_calls)
    }

    #[test]
    fn the_newest_wins_and_wakes_who_still_listens() {
        let latest = Latest::new(Arc::new(0));
        let (first, n_first) = count(&latest);
        let (_second, n_second) = count(&latest);
        latest.publish(Arc::new(1));
        drop(first);
        latest.publish(Arc::new(2));
        assert_eq!((*latest.read(), latest.n_published()), (2, 2));
        assert_eq!((n_first.load(Ordering::Relaxed), n_second.load(Ordering::Relaxed)), (1, 2));
    }

    #[test]
    fn a_waker_sees_the_value_that_woke_it() {
        let latest = Latest::new(Arc::new(0));
        let seen = Arc::new(AtomicU64::new(0));
        let waker = {
            let (latest, seen) = (latest.clone(), Arc::clone(&seen));
            move || seen.store(*latest.read(), Ordering::Relaxed)
        };
        let _subscription = latest.subscribe(Box::new(waker));
        latest.publish(Arc::new(7));
        assert_eq!(seen.load(Ordering::Relaxed), 7);
    }

    #[test]
    fn one_that_panics_does_not_concern_the_others() {
        let latest = Latest::new(Arc::new(0));
        let _broken = latest.subscribe(Box::new(|| panic!("a window is gone")));
        let (_sound, n_sound) = count(&latest);
        latest.publish(Arc::new(1));
        latest.publish(Arc::new(2));
        assert_eq!(n_sound.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_reader_never_sees_an_older_value_again() {
        let latest = Latest::new(Arc::new(0));
        let writer = {
            let latest = latest.clone();
            Builder::new().name("writer".into()).spawn(move || {
                (1..=100_000).for_each(|number| latest.publish(Arc::new(number)));
            })
        };
        let mut last = 0;
        while last < 100_000 {
            let now = *latest.read();
            assert!(now >= last);
            last = now;
        }
        writer.unwrap().join().unwrap();
    }

    #[test]
    fn a_subscription_may_outlive_what_it_listens_to() {
        let latest = Latest::new(Arc::new(0));
        let (subscription, _) = count(&latest);
        drop(latest);
        drop(subscription);
    }
}
