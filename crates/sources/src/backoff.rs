//! How long to wait before trying again: exponential, with full jitter.

use std::time::Duration;

/// The first failure waits at most this long.
const FIRST: Duration = Duration::from_millis(500);

/// No failure waits longer than this.
const LONGEST: Duration = Duration::from_secs(300);

/// Jitter may not make a wait shorter than this, so that nothing is ever hammered.
const SHORTEST: Duration = Duration::from_millis(100);

/// A stream that lasted this long was healthy: its end counts as a first failure.
const HEALTHY: Duration = Duration::from_secs(60);

/// Limits of what a network may tell us to wait.
const TOLD: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3_600));

/// Counts failures in a row.
///
/// A connection that is accepted and closed at once is a failure too: only a stream that lasted resets the count.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    n_failures: u32,
}

impl Backoff {
    /// How long to wait after a run that streamed for `streamed`. `roll` is random, from 0 to 1.
    pub(crate) fn after_failure(&mut self, streamed: Duration, roll: f64) -> Duration {
        if streamed >= HEALTHY {
            self.n_failures = 0;
        }
        let ceiling =
            FIRST.saturating_mul(2_u32.saturating_pow(self.n_failures.min(31))).min(LONGEST);
        self.n_failures = self.n_failures.saturating_add(1);
        ceiling.mul_f64(roll.clamp(0.0, 1.0)).max(SHORTEST)
    }

    /// How long to wait where the network said `told`: never less, and not all at the same moment.
    pub(crate) fn after_limit(&mut self, told: Duration, roll: f64) -> Duration {
        told.clamp(TOLD.0, TOLD.1) + self.after_failure(Duration::ZERO, roll)
    }

    /// Things went well.
    pub(crate) const fn reset(&mut self) {
        self.n_failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn doubles_up_to_five_minutes() {
        let mut backoff = Backoff::default();
        let waits = [(); 12].map(|()| backoff.after_failure(Duration::ZERO, 1.0).as_millis());
        assert_eq!(
            waits,
            [
                500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000,
                300_000
            ]
        );
    }

    #[test]
    fn only_a_lasting_stream_resets() {
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.after_failure(Duration::from_secs(59), 1.0);
        }
        assert_eq!(backoff.after_failure(Duration::from_secs(59), 1.0), Duration::from_secs(16));
        assert_eq!(backoff.after_failure(Duration::from_secs(60), 1.0), FIRST);
    }

    #[test]
    fn a_network_cannot_stop_us_for_a_year() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.after_limit(Duration::ZERO, 0.0), Duration::from_millis(1_100));
        assert!(backoff.after_limit(Duration::MAX, 0.0) < Duration::from_secs(3_700));
    }

    proptest! {
        #[test]
        fn every_wait_is_within_limits(rolls in prop::collection::vec(-1.0..2.0_f64, 1..80)) {
            let mut backoff = Backoff::default();
            for roll in rolls {
                let wait = backoff.after_failure(Duration::ZERO, roll);
                prop_assert!((SHORTEST..=LONGEST).contains(&wait));
            }
        }
    }
}
