//! The room's days: where they begin and end, in its own time zone.

use jiff::{civil, tz::TimeZone};
use vigie_model::{Micros, Timestamp};

/// Where no calendar reaches, a day is this long.
const PLAIN_DAY: Micros = 86_400 * 1_000_000;

/// Cuts time into the room's days.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    time_zone: TimeZone,
    day_starts: civil::Time,
}

/// One day of the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Day {
    /// Its first instant.
    pub(crate) start: Timestamp,
    /// The first instant of the next day.
    pub(crate) end: Timestamp,
}

impl Day {
    pub(crate) fn contains(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }
}

impl Calendar {
    pub(crate) const fn new(time_zone: TimeZone, day_starts: civil::Time) -> Self {
        Self { time_zone, day_starts }
    }

    /// The day that `at` lies in. Where clocks change, it has 23 or 25 hours.
    pub(crate) fn day(&self, at: Timestamp) -> Day {
        self.civil_day(at).unwrap_or_else(|| {
            let start = Timestamp::from_micros(
                at.as_micros().div_euclid(PLAIN_DAY).saturating_mul(PLAIN_DAY),
            );
            Day { start, end: start.plus(PLAIN_DAY) }
        })
    }

    fn civil_day(&self, at: Timestamp) -> Option<Day> {
        let date = self.time_zone.to_datetime(at.to_jiff()).date();
        let start = self.start_of(date)?;
        let (first, next) = if at < start {
            (self.start_of(date.yesterday().ok()?)?, start)
        } else {
            (start, self.start_of(date.tomorrow().ok()?)?)
        };
        let day = Day { start: first, end: next };
        day.contains(at).then_some(day)
    }

    fn start_of(&self, date: civil::Date) -> Option<Timestamp> {
        let start = self.time_zone.to_timestamp(date.to_datetime(self.day_starts)).ok()?;
        Some(Timestamp::from_micros(start.as_microsecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(day_starts: &str, at: &str, start: &str, end: &str) {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let calendar = Calendar::new(zone, day_starts.parse().unwrap());
        let day = calendar.day(Timestamp::parse(at).unwrap());
        assert_eq!((day.start.to_string(), day.end.to_string()), (start.into(), end.into()));
    }

    #[test]
    fn days_begin_where_the_room_stands() {
        check("00:00", "2026-11-23T12:00:00Z", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z");
        check("00:00", "2026-11-22T23:00:00Z", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z");
        check("00:00", "2026-11-22T22:59:59Z", "2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z");
        check("05:00", "2026-11-23T03:59:59Z", "2026-11-22T04:00:00Z", "2026-11-23T04:00:00Z");
    }

    #[test]
    fn days_with_a_change_of_clocks_are_shorter_or_longer() {
        check("00:00", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        check("00:00", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        check("02:30", "2026-03-29T12:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
    }

    #[test]
    fn every_instant_has_a_day() {
        let calendar = Calendar::new(TimeZone::UTC, civil::Time::midnight());
        for at in [i64::MIN, -1, 0, i64::MAX] {
            let day = calendar.day(Timestamp::from_micros(at));
            assert!(day.start <= day.end);
        }
    }
}
