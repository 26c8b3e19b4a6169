//! Dates as feeds write them: RFC 3339, RFC 822 with its odd zones, and what people make of both.
//!
//! Words are told by their form and not by their place, so that a wrong weekday, a long month's name, `MDY` order or
//! a missing zone do no harm.

use jiff::{civil, tz::Offset};

use crate::model::Timestamp;

/// Longer texts are no dates.
const MAX_DATE_BYTES: usize = 80;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Zones by the names that feeds use, in minutes east of Greenwich.
const ZONES: [(&str, i32); 30] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("bst", 60),
    ("ist", 330),
    ("west", 60),
    ("cet", 60),
    ("met", 60),
    ("cest", 120),
    ("mest", 120),
    ("eet", 120),
    ("sast", 120),
    ("eest", 180),
    ("msk", 180),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
];

/// The instant that `text` names. Where it names no zone, Greenwich is meant; where no time, midnight.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > MAX_DATE_BYTES {
        return None;
    }
    if let Ok(timestamp) = Timestamp::parse(text) {
        return Some(timestamp);
    }
    let mut parts = Parts::default();
    for word in text.split(|letter: char| letter.is_whitespace() || letter == ',') {
        parts.read(&word.to_ascii_lowercase());
    }
    parts.finish()
}

#[derive(Default)]
struct Parts {
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    time: Option<civil::Time>,
    offset_mins: Option<i32>,
}

impl Parts {
    fn read(&mut self, word: &str) {
        let (date, time) = word.split_once('t').unwrap_or((word, ""));
        if let Ok(date) = date.parse::<civil::Date>() {
            (self.year, self.month, self.day) =
                (Some(date.year()), Some(date.month()), Some(date.day()));
            self.read_time(time);
        } else if self.time.is_some()
            && let Some(offset_mins) = zone(word)
        {
            self.offset_mins = Some(offset_mins);
        } else if word == "pm"
            && let Some(time) = self.time.filter(|time| time.hour() < 12)
        {
            self.time = time.with().hour(time.hour() + 12).build().ok();
        } else if word.contains(':') {
            self.read_time(word);
        } else if let Ok(number) = word.parse::<i16>() {
            self.read_number(number);
        } else if let Some(month) = month(word) {
            self.month = self.month.or(Some(month));
        }
    }

    fn read_number(&mut self, number: i16) {
        if number > 31 || self.day.is_some() {
            let year = match number {
                0..=68 => 2_000 + number,
                69..=99 => 1_900 + number,
                year => year,
            };
            self.year = self.year.or(Some(year));
        } else {
            self.day = i8::try_from(number).ok();
        }
    }

    /// Hours, minutes and perhaps seconds, with a zone right behind them perhaps.
    fn read_time(&mut self, word: &str) {
        let end = word.find(['+', '-', 'z']).unwrap_or(word.len());
        let (time, rest) = word.split_at(end);
        let mut numbers = time.split(':').map(|part| part.split('.').next()?.parse::<i8>().ok());
        let hour = numbers.next().flatten().map(|hour| if hour == 24 { 0 } else { hour });
        let minute = numbers.next().flatten();
        let second = numbers.next().unwrap_or(Some(0)).map(|second| second.min(59));
        if let (Some(hour), Some(minute), Some(second)) = (hour, minute, second) {
            // A time that is none leaves the day as it is.
            self.time = civil::Time::new(hour, minute, second, 0).ok();
            self.offset_mins = zone(rest).or(self.offset_mins);
        }
    }

    fn finish(self) -> Option<Timestamp> {
        let date = civil::Date::new(self.year?, self.month?, self.day?).ok()?;
        let offset = Offset::from_seconds(self.offset_mins.unwrap_or(0) * 60).ok()?;
        let instant = offset.to_timestamp(date.to_datetime(self.time.unwrap_or_default())).ok()?;
        Some(Timestamp::from_micros(instant.as_microsecond()))
    }
}

fn month(word: &str) -> Option<i8> {
    let start = word.get(..3)?;
    let idx = MONTHS.iter().position(|month| *month == start)?;
    i8::try_from(idx + 1).ok()
}

/// Minutes east of Greenwich, by name or as `+hhmm`, `+hh:mm`, `+hh`.
fn zone(word: &str) -> Option<i32> {
    if let Some((_, mins)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Some(*mins);
    }
    let (sign, digits) = match word.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(digits.len(), 2 | 4) {
        return None;
    }
    let (hours, mins) = digits.split_at(2);
    let mins = mins.parse().unwrap_or(0);
    Some(sign * (hours.parse::<i32>().ok()? * 60 + mins))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let answer =
            parse(text).map_or_else(|| "none".to_owned(), |timestamp| timestamp.to_string());
        assert_eq!(answer, expected, "{text}");
    }

    #[test]
    fn reads_what_feeds_write() {
        check("Sun, 22 Nov 2026 10:00:00 GMT", "2026-11-22T10:00:00Z");
        check("Sun, 22 Nov 2026 10:00:00 +0130", "2026-11-22T08:30:00Z");
        check("Wed, 22 November 26 9:05 UTC", "2026-11-22T09:05:00Z");
        check("22 Nov 1998 24:00:00 EST", "1998-11-22T05:00:00Z");
        check("November 22, 2026 10:00:00 PM", "2026-11-22T22:00:00Z");
        check("Sun, 22 Nov 2026 10:00:00 CEST", "2026-11-22T08:00:00Z");
        check("Sun, 22 Nov 2026 10:00:00 JST", "2026-11-22T01:00:00Z");
        check("Sun, 22 Nov 2026 10:00:60 Z", "2026-11-22T10:00:59Z");
        check("Sun, 22 Nov 2026", "2026-11-22T00:00:00Z");
        check("2026-11-22T10:00:00.5+02:00", "2026-11-22T08:00:00.5Z");
        check("2026-11-22T10:00:00", "2026-11-22T10:00:00Z");
        check("2026-11-22 10:00:00 +0200", "2026-11-22T08:00:00Z");
        check("2026-11-22T10:00:00+0200", "2026-11-22T08:00:00Z");
        check("2026-11-22", "2026-11-22T00:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "yesterday", "31 Feb 2026", "10:00:00", "22 Nov", "1795435230", "+0100"] {
            check(text, "none");
        }
        check(&"1 ".repeat(1_000), "none");
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer(text in "([0-9]{1,5}|Nov|:|\\+|-| |T|Z|,|é|CEST){0,20}") {
            parse(&text);
        }
    }
}
