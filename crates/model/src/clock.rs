//! Time as a value: instants on the calendar, and the one way to ask for the present one.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
};

use serde::{Deserialize, Serialize};

/// A length of time in microseconds.
pub type Micros = i64;

/// An instant on the calendar, in microseconds since 1970-01-01T00:00:00Z.
///
/// Microseconds are what Jetstream counts in; the range covers the years -290000 to 290000.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant of 1970, in UTC.
    pub const EPOCH: Self = Self(0);

    /// The instant that lies this many microseconds after 1970 began.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The instant that lies this many milliseconds after 1970 began; saturates at the ends of the range.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// The instant that lies this many seconds after 1970 began; saturates at the ends of the range.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// Microseconds since 1970 began.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970 began, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant moved by `micros`; saturates at the ends of the range.
    #[must_use]
    pub const fn plus(self, micros: Micros) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this instant; negative where `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Micros {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads an RFC 3339 instant, such as `2026-07-04T14:38:08.999Z`.
    ///
    /// # Errors
    /// Where `text` is no such instant, or names no offset.
    pub fn parse(text: &str) -> Result<Self, jiff::Error> {
        match utc(text.as_bytes()) {
            Some(micros) => Ok(Self(micros)),
            None => Ok(Self(text.trim().parse::<jiff::Timestamp>()?.as_microsecond())),
        }
    }

    /// The same instant as a `jiff` value, clamped to the years that `jiff` knows.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        let clamped = self
            .0
            .clamp(jiff::Timestamp::MIN.as_microsecond(), jiff::Timestamp::MAX.as_microsecond());
        jiff::Timestamp::from_microsecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

/// Microseconds since 1970 of the form that nearly all programs write: `2026-11-24T03:00:00.123Z`.
///
/// Nothing for any other form, and for what is no time: that is for those who know all of them.
fn utc(text: &[u8]) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (time, rest) = rest.split_at_checked(9)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else { return None };
    let &[b'T', h1, h2, b':', n1, n2, b':', s1, s2] = time else { return None };
    let (year, month, day) = (number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?);
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?);
    /// Before, fractions count backwards; after, `jiff` ends.
    const YEARS: std::ops::Range<i64> = 1_970..9_999;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let n_days = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=n_days).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if !YEARS.contains(&year) {
        return None;
    }
    let fraction = match rest {
        b"Z" => &[],
        [b'.', digits @ .., b'Z'] if (1..=9).contains(&digits.len()) => digits,
        _ => return None,
    };
    // Cut off after six digits, as whole microseconds are.
    let digits = fraction.get(..6).unwrap_or(fraction);
    let scale = 10_i64.pow(6 - u32::try_from(digits.len()).ok()?);
    let micros = number(digits)? * scale;
    number(fraction)?;
    // Days since 1970, with years that begin in March so that the day of February 29 is the last of one.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + micros)
}

/// The number that some digits stand for.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
    })
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(formatter)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Where the present instant comes from: the machine's clock, a test, or a replay.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock that others ask")]
    fn now(&self) -> Timestamp {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that shows what it was last set to.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now` until it is set again.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Makes the clock show `now`.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::Release);
    }

    /// Moves the clock by `micros`.
    pub fn advance(&self, micros: Micros) {
        self.0.fetch_add(micros, Ordering::AcqRel);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Acquire))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_the_networks_own_form() {
        let timestamp = Timestamp::parse("2026-07-04T14:38:08.999Z").unwrap();
        assert_eq!(timestamp.as_micros(), 1_783_175_888_999_000);
        assert_eq!(timestamp.to_string(), "2026-07-04T14:38:08.999Z");
        assert!(Timestamp::parse("yesterday").is_err());
    }

    #[test]
    fn seconds_round_down_before_1970_too() {
        assert_eq!(Timestamp::from_micros(-1).as_secs(), -1);
        assert_eq!(Timestamp::from_micros(1_999_999).as_secs(), 1);
    }

    #[test]
    fn the_ends_of_the_range_print() {
        assert!(!Timestamp::from_micros(i64::MAX).to_string().is_empty());
        assert!(!Timestamp::from_micros(i64::MIN).to_string().is_empty());
        assert_eq!(Timestamp::from_secs(i64::MAX).as_micros(), i64::MAX);
    }

    #[test]
    fn times_are_read_as_jiff_reads_them() {
        #[track_caller]
        fn check(text: &str) {
            let expected = text.trim().parse::<jiff::Timestamp>().ok();
            let found = Timestamp::parse(text).ok();
            let expected = expected.map(|time| time.as_microsecond());
            assert_eq!(found.map(Timestamp::as_micros), expected, "{text}");
        }
        for year in
            [1, 4, 100, 400, 1600, 1899, 1900, 1969, 1970, 1999, 2000, 2024, 2026, 2100, 9999]
        {
            for month in 0..=13 {
                for day in [0, 1, 28, 29, 30, 31, 32] {
                    check(&format!("{year:04}-{month:02}-{day:02}T23:59:58.123456Z"));
                }
            }
        }
        for time in [
            "00:00:00Z",
            "24:00:00Z",
            "23:60:00Z",
            "23:59:60Z",
            "12:34:56.7Z",
            "12:34:56.123456789Z",
            "12:34:56.1234567891Z",
            "12:34:56.Z",
            "12:34:56,5Z",
            "12:34:56+02:00",
            "12:34:56",
            "12:34Z",
            "12:34:56.12345x7Z",
            "12:34:56z",
            "1x:34:56Z",
        ] {
            check(&format!("2026-11-24T{time}"));
            check(&format!(" 2026-11-24T{time}\n"));
            check(&format!("2026-11-24 {time}"));
        }
        for text in
            ["", "2026", "-2026-11-24T00:00:00Z", "0000-01-01T00:00:00Z", "２026-11-24T00:00:00Z"]
        {
            check(text);
        }
    }
}
