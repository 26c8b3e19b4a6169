//! How much a source may spend a day, in whatever its network counts.

use crate::{
    SourceError,
    model::{Micros, Timestamp},
};

const MICROS_PER_DAY: Micros = 86_400_000_000;

/// Units (requests, cents, quota points) for one day in UTC.
///
/// It lives as long as the source: a restart of the program begins the day anew, so set it below the network's limit.
#[derive(Debug)]
pub struct Budget {
    unit: &'static str,
    per_day: u64,
    day: i64,
    spent: u64,
}

impl Budget {
    /// A budget of `per_day` units; `unit` is their name for people.
    #[must_use]
    pub const fn new(unit: &'static str, per_day: u64) -> Self {
        Self { unit, per_day, day: i64::MIN, spent: 0 }
    }

    /// Takes `units`, or nothing.
    ///
    /// # Errors
    /// Where fewer are left today.
    pub fn spend(&mut self, units: u64, now: Timestamp) -> Result<(), SourceError> {
        let day = now.as_micros().div_euclid(MICROS_PER_DAY);
        if day != self.day {
            self.day = day;
            self.spent = 0;
        }
        let spent = self.spent.saturating_add(units);
        if spent > self.per_day {
            let Self { unit, per_day, .. } = self;
            return Err(SourceError::Budget(format!(
                "the day's {per_day} {unit} are spent: raise the limit, or wait for midnight UTC"
            )));
        }
        self.spent = spent;
        Ok(())
    }

    /// Units left today, as of the last spending.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.per_day.saturating_sub(self.spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_units_and_no_more() {
        let mut budget = Budget::new("requests", 3);
        let noon = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        assert_eq!(budget.spend(2, noon), Ok(()));
        let err = budget.spend(2, noon).unwrap_err();
        assert_eq!(
            err.to_string(),
            "the day's 3 requests are spent: raise the limit, or wait for midnight UTC"
        );
        assert!(!err.is_passing());
        assert_eq!(budget.left(), 1);
        assert_eq!(budget.spend(1, noon), Ok(()));
        assert_eq!(budget.spend(3, noon.plus(MICROS_PER_DAY / 2)), Ok(()));
    }
}
