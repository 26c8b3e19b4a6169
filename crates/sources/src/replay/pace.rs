//! When a record is due: the recording's own pace, faster or slower. Pure arithmetic.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Micros, Timestamp};

/// Slower than life would be for nobody, and faster than this a day passes in two and a half minutes.
const SPEEDS: std::ops::RangeInclusive<u32> = 1..=600;

/// How fast a recording is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Speed {
    /// So many times as fast as it happened, 1 to 600.
    Times(#[schemars(range(min = 1, max = 600))] u32),
    /// As fast as the room can take it.
    Word(SpeedWord),
}

/// The speed that is a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SpeedWord {
    /// As fast as the room can take it.
    Max,
}

impl Speed {
    /// Whether a recording can be played so fast.
    pub(super) fn is_allowed(self) -> bool {
        match self {
            Self::Times(times) => SPEEDS.contains(&times),
            Self::Word(SpeedWord::Max) => true,
        }
    }
}

/// Ties a recording's time to this machine's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    speed: Speed,
    anchor: Option<(Timestamp, Timestamp)>,
}

impl Pace {
    /// A pace that begins with the first record.
    pub(super) const fn new(speed: Speed) -> Self {
        Self { speed, anchor: None }
    }

    /// How long to wait for a record of `time`; not at all for one without a time, and for one that comes too early
    /// in the file.
    pub(super) fn wait(&mut self, time: Option<Timestamp>, now: Timestamp) -> Micros {
        let (Speed::Times(times), Some(time)) = (self.speed, time) else { return 0 };
        let (recorded, started) = *self.anchor.get_or_insert((time, now));
        let due = started.plus(time.since(recorded) / Micros::from(times.max(1)));
        due.since(now).max(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEC: Micros = 1_000_000;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[test]
    fn time_passes_as_it_did_but_faster() {
        let mut pace = Pace::new(Speed::Times(60));
        assert_eq!(pace.wait(Some(at(1_000)), at(5)), 0, "the first record begins it");
        assert_eq!(pace.wait(Some(at(1_060)), at(5)), SEC);
        assert_eq!(pace.wait(Some(at(1_060)), at(6)), 0);
        assert_eq!(pace.wait(Some(at(1_120)), at(8)), 0, "a room that was slow is not made slower");
        assert_eq!(pace.wait(Some(at(900)), at(8)), 0);
        assert_eq!(pace.wait(None, at(8)), 0);
        assert_eq!(Pace::new(Speed::Word(SpeedWord::Max)).wait(Some(at(9)), at(0)), 0);
    }

    #[test]
    fn speeds_are_a_number_or_a_word() {
        let read = |json: &str| serde_json::from_str::<Speed>(json);
        assert_eq!(read("60").unwrap(), Speed::Times(60));
        assert_eq!(read("\"max\"").unwrap(), Speed::Word(SpeedWord::Max));
        assert!(read("\"fast\"").is_err());
        assert!(!Speed::Times(0).is_allowed() && !Speed::Times(601).is_allowed());
    }

    proptest! {
        #[test]
        fn any_times_are_an_answer(times: u32, steps: Vec<(i64, i64)>) {
            let mut pace = Pace::new(Speed::Times(times));
            for (time, now) in steps {
                let wait = pace.wait(Some(Timestamp::from_micros(time)), Timestamp::from_micros(now));
                prop_assert!(wait >= 0);
            }
        }
    }
}
