//! A clock whose time passes faster than the machine's: for demonstrations and replays.

use std::sync::Arc;

use vigie_model::{Clock, Timestamp};

/// Shows `start` when it is made, and runs `speed` times as fast as the clock under it.
#[derive(Debug)]
pub(crate) struct ScaledClock {
    under: Arc<dyn Clock>,
    made: Timestamp,
    start: Timestamp,
    speed: u32,
}

impl ScaledClock {
    /// A clock that shows `start` now.
    pub(crate) fn new(under: Arc<dyn Clock>, start: Timestamp, speed: u32) -> Self {
        let made = under.now();
        Self { under, made, start, speed }
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> Timestamp {
        let passed = self.under.now().since(self.made);
        self.start.plus(passed.saturating_mul(i64::from(self.speed)))
    }
}

#[cfg(test)]
mod tests {
    use vigie_model::ManualClock;

    use super::*;

    #[test]
    fn a_minute_an_hour_at_sixty() {
        let under = Arc::new(ManualClock::new(Timestamp::from_secs(1_000)));
        let clock = ScaledClock::new(under.clone(), Timestamp::from_secs(50_000), 60);
        assert_eq!(clock.now(), Timestamp::from_secs(50_000));
        under.advance(60_000_000);
        assert_eq!(clock.now(), Timestamp::from_secs(53_600));
    }
}
