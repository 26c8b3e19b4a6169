//! When the next frame may start, and when a failed screen may try again.

use std::time::{Duration, Instant};

/// The rate where a screen does not say its own.
const DEFAULT_MILLIHERTZ: u32 = 60_000;

/// The limiter runs this much faster than the screen says, so that rounding never makes it the slower one.
/// Where the driver waits for the screen, that sets the pace; where nothing waits, 0.2 % is not seen.
const GUARD: u32 = 500;

/// First and longest wait before a failed screen is started again.
const BACKOFF_FIRST: Duration = Duration::from_millis(100);
const BACKOFF_MAX: Duration = Duration::from_secs(30);

/// A screen that ran this long is well: its next failure is a first one.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);

/// The machine's monotonic time, for pacing frames only.
#[expect(clippy::disallowed_methods, reason = "frames are paced by the machine, not by room time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Keeps a running deadline one tick apart, so that late frames do not shift those after them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pacer {
    tick: Duration,
    next: Instant,
    /// No frame before this, unless somebody cannot wait.
    held_until: Option<Instant>,
}

impl Pacer {
    /// A pacer for a screen of this rate (0: unknown) that allows a frame from `now` on.
    pub(super) fn new(millihertz: u32, now: Instant) -> Self {
        Self { tick: tick_of(millihertz), next: now, held_until: None }
    }

    /// The screen's rate has changed.
    pub(super) fn set_rate(&mut self, millihertz: u32) {
        self.tick = tick_of(millihertz);
    }

    /// The earliest start of the next frame.
    pub(super) fn next(&self) -> Instant {
        self.held_until.map_or(self.next, |until| until.max(self.next))
    }

    /// A frame starts at `now` that was wanted since `wanted`. Gives the number of ticks that went by without it.
    pub(super) fn begin(&mut self, wanted: Instant, now: Instant) -> u64 {
        let due = self.next().max(wanted);
        self.held_until = None;
        let late = now.saturating_duration_since(due);
        let missed = late.as_nanos() / self.tick.as_nanos().max(1);
        // After a pause, or when a whole tick late, the phase starts anew; else the deadline runs on.
        let is_in_phase = now.saturating_duration_since(self.next) < self.tick;
        let base = if is_in_phase { self.next } else { now };
        self.next = base + self.tick - self.tick / GUARD;
        u64::try_from(missed).unwrap_or(u64::MAX)
    }

    /// No frame before `until`.
    pub(super) fn hold(&mut self, until: Instant) {
        self.held_until = self.held_until.max(Some(until));
    }

    /// Somebody cannot wait: the next frame may start with the next tick.
    pub(super) fn release(&mut self) {
        self.held_until = None;
    }
}

fn tick_of(millihertz: u32) -> Duration {
    let millihertz = if millihertz == 0 { DEFAULT_MILLIHERTZ } else { millihertz };
    Duration::from_nanos(1_000_000_000_000 / u64::from(millihertz))
}

/// How long a screen that failed waits: nothing at first, then twice as long each time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backoff {
    n_failures: u32,
    started: Option<Instant>,
}

impl Backoff {
    /// The screen was started.
    pub(super) fn start(&mut self, now: Instant) {
        self.started = Some(now);
    }

    /// The screen failed; gives the time to wait.
    pub(super) fn fail(&mut self, now: Instant) -> Duration {
        if self
            .started
            .is_some_and(|started| now.saturating_duration_since(started) >= HEALTHY_AFTER)
        {
            self.n_failures = 0;
        }
        let n_before = self.n_failures;
        self.n_failures = self.n_failures.saturating_add(1);
        match n_before {
            0 => Duration::ZERO,
            n => BACKOFF_FIRST.saturating_mul(2_u32.saturating_pow(n - 1)).min(BACKOFF_MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(100);

    fn pacer() -> (Pacer, Instant) {
        let start = now();
        (Pacer::new(10_000, start), start)
    }

    /// Frames wanted at once and started as soon as allowed, or `delay` later: what is missed, and the phase after.
    #[track_caller]
    fn check(delays_millis: &[u64], expected_missed: u64, expected_end_millis: u64) {
        let (mut pacer, start) = pacer();
        let mut missed = 0;
        for delay in delays_millis {
            let begin = pacer.next() + Duration::from_millis(*delay);
            missed += pacer.begin(start, begin);
        }
        assert_eq!(missed, expected_missed, "{delays_millis:?}");
        let end = pacer.next().duration_since(start).as_millis();
        // The guard takes 0.2 ms off each tick of 100 ms.
        let guard = delays_millis.len() as u128;
        let expected = u128::from(expected_end_millis);
        assert!((expected.saturating_sub(guard)..=expected).contains(&end), "{end} for {expected}");
    }

    #[test]
    fn the_deadline_runs_on_after_a_late_frame() {
        check(&[0, 0, 0, 0], 0, 400);
        check(&[0, 30, 0, 60, 0], 0, 500);
        check(&[99, 99, 99], 0, 300);
    }

    #[test]
    fn ticks_without_a_frame_are_counted_and_the_phase_starts_anew() {
        check(&[0, 250, 0], 2, 550);
        check(&[1_000], 10, 1_100);
    }

    #[test]
    fn a_held_screen_waits_and_misses_nothing_and_can_be_released() {
        let (mut pacer, start) = pacer();
        pacer.begin(start, start);
        pacer.hold(start + Duration::from_secs(1));
        assert_eq!(pacer.next(), start + Duration::from_secs(1));
        let mut released = pacer;
        released.release();
        assert!(released.next() <= start + TICK);
        assert_eq!(pacer.begin(start, start + Duration::from_secs(1)), 0);
        assert!(pacer.next() <= start + Duration::from_secs(1) + TICK);
    }

    #[test]
    fn an_idle_screen_misses_nothing() {
        let (mut pacer, start) = pacer();
        pacer.begin(start, start);
        let wake = start + Duration::from_secs(3_600);
        assert_eq!(pacer.begin(wake, wake), 0);
        assert!(pacer.next() > wake && pacer.next() <= wake + TICK);
    }

    #[test]
    fn an_unknown_rate_is_sixty() {
        assert_eq!(tick_of(0), tick_of(60_000));
        assert_eq!(tick_of(59_940).as_micros(), 16_683);
    }

    #[test]
    fn failures_wait_longer_each_time_until_a_screen_was_well() {
        let mut backoff = Backoff::default();
        let mut moment = now();
        let mut waits = Vec::new();
        for _ in 0..12 {
            backoff.start(moment);
            moment += Duration::from_secs(1);
            waits.push(backoff.fail(moment).as_millis());
        }
        assert_eq!(waits[..4], [0, 100, 200, 400]);
        assert_eq!(waits[11], BACKOFF_MAX.as_millis());
        backoff.start(moment);
        assert_eq!(backoff.fail(moment + HEALTHY_AFTER), Duration::ZERO);
    }
}
