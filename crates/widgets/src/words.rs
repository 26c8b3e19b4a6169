//! Everything the wall says by itself, in French and English, and how it writes numbers and times.

use jiff::tz::TimeZone;
pub use vigie_layout::Locale;
use vigie_model::{KpiValue, Micros, Timestamp};

pub use crate::word::Word;

const SECOND: Micros = 1_000_000;
const MINUTE: Micros = 60 * SECOND;
const HOUR: Micros = 60 * MINUTE;
const DAY: Micros = 24 * HOUR;

/// Longer times are no longer told apart.
const MAX_DAYS: Micros = 9_999;

/// How the wall speaks: in which language, and by which clock.
#[derive(Clone, Debug)]
pub struct Words {
    /// The language.
    pub locale: Locale,
    /// The zone of the clock.
    pub zone: TimeZone,
}

impl Words {
    /// The text of `word`.
    #[must_use]
    pub const fn say(&self, word: Word) -> &'static str {
        word.text(self.locale)
    }

    /// A whole number with its thousands apart: `12 345`, `12,345`; from a million on `1,2 M`, `1.2M`.
    #[must_use]
    pub fn count(&self, number: u64) -> String {
        let (separator, space) = match self.locale {
            Locale::Fr => ('\u{202f}', "\u{202f}"),
            Locale::En => (',', ""),
        };
        let large = [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M")];
        for (unit, sign) in large {
            if number >= unit {
                let tenths = number / (unit / 10);
                let figure = if tenths >= 1_000 {
                    grouped(tenths / 10, separator)
                } else {
                    self.decimal(tenths as f64 / 10.0, 1)
                };
                return format!("{figure}{space}{sign}");
            }
        }
        grouped(number, separator)
    }

    /// A figure in thousandths with its unit behind it: `12 345 €`, `1.5 %`.
    #[must_use]
    pub fn milli(&self, value_milli: i64, unit: &str) -> String {
        let whole = value_milli.unsigned_abs() / 1_000;
        let tenths = value_milli.unsigned_abs() % 1_000 / 100;
        let figure = if whole < 100 && tenths > 0 {
            self.decimal(whole as f64 + tenths as f64 / 10.0, 1)
        } else {
            self.count(whole)
        };
        let sign = if value_milli < 0 { "−" } else { "" };
        let space = if unit.is_empty() { "" } else { "\u{a0}" };
        format!("{sign}{figure}{space}{unit}")
    }

    /// A language by its code, in words where we have them: `français`.
    #[must_use]
    pub fn language(&self, code: &str) -> String {
        let (fr, en) = match code {
            "fr" => ("français", "French"),
            "en" => ("anglais", "English"),
            "es" => ("espagnol", "Spanish"),
            "de" => ("allemand", "German"),
            "it" => ("italien", "Italian"),
            "pt" => ("portugais", "Portuguese"),
            "nl" => ("néerlandais", "Dutch"),
            "ar" => ("arabe", "Arabic"),
            "ja" => ("japonais", "Japanese"),
            "ko" => ("coréen", "Korean"),
            "zh" => ("chinois", "Chinese"),
            "hi" => ("hindi", "Hindi"),
            "ru" => ("russe", "Russian"),
            "tr" => ("turc", "Turkish"),
            other => return other.to_owned(),
        };
        match self.locale {
            Locale::Fr => fr,
            Locale::En => en,
        }
        .to_owned()
    }

    /// A share with its sign, in whole percents: `+25 %`.
    #[must_use]
    pub fn signed_percent(&self, share: f64) -> String {
        let sign = if share > 0.0 { "+" } else { "" };
        format!("{sign}{}", self.percent(share))
    }

    /// A day and a time of it: `23/11 18:00`.
    #[must_use]
    pub fn day_time(&self, at: Timestamp) -> String {
        let zoned = self.zone.to_datetime(at.to_jiff());
        format!("{:02}/{:02} {}", zoned.day(), zoned.month(), self.time(at))
    }

    /// A number of things: `1 author`, `12 authors`.
    #[must_use]
    pub fn count_of(&self, number: u64, one: Word, many: Word) -> String {
        // French counts zero as one thing.
        let single = number == 1 || (number == 0 && self.locale == Locale::Fr);
        let word = if single { one } else { many };
        format!("{}\u{a0}{}", self.count(number), self.say(word))
    }

    /// A number with `n_digits` digits after the point.
    #[must_use]
    pub fn decimal(&self, number: f64, n_digits: usize) -> String {
        let text = format!("{number:.n_digits$}").replace('-', "−");
        match self.locale {
            Locale::Fr => text.replace('.', ","),
            Locale::En => text,
        }
    }

    /// A share as whole percents: `12 %`, `12%`.
    #[must_use]
    pub fn percent(&self, share: f64) -> String {
        let percents = share * 100.0;
        let figure = if percents > 0.0 && percents < 0.5 {
            "<\u{202f}1".to_owned()
        } else {
            self.decimal(percents.round() + 0.0, 0)
        };
        match self.locale {
            Locale::Fr => format!("{figure}\u{202f}%"),
            Locale::En => format!("{figure}%"),
        }
    }

    /// How long ago: changes once a minute at most.
    #[must_use]
    pub fn age(&self, age: Micros) -> String {
        if age < MINUTE { self.say(Word::Now).to_owned() } else { self.span(age) }
    }

    /// How long ago, as words; nothing for what is younger than a minute.
    #[must_use]
    pub fn ago(&self, age: Micros) -> Option<String> {
        (age >= MINUTE).then(|| self.say(Word::Ago).replace("{}", &self.span(age)))
    }

    /// A length of time in its largest unit: `45 s`, `12 min`, `5 h`, `3 d`.
    #[must_use]
    pub fn span(&self, span: Micros) -> String {
        let day = match self.locale {
            Locale::Fr => "j",
            Locale::En => "d",
        };
        match span.max(0) {
            span if span < MINUTE => format!("{}\u{a0}s", span / SECOND),
            span if span < HOUR => format!("{}\u{a0}min", span / MINUTE),
            span if span < 2 * DAY => format!("{}\u{a0}h", span / HOUR),
            span => format!("{}\u{a0}{day}", (span / DAY).min(MAX_DAYS)),
        }
    }

    /// A length of time as a figure: `45 s`, `12 min`, `1 h 05`, `2 d 4 h`.
    #[must_use]
    pub fn duration(&self, span: Micros) -> String {
        let span = span.max(0);
        match span {
            span if (MINUTE..10 * MINUTE).contains(&span) => {
                format!("{}\u{a0}min\u{a0}{:02}", span / MINUTE, span % MINUTE / SECOND)
            }
            span if (HOUR..DAY).contains(&span) => {
                format!("{}\u{a0}h\u{a0}{:02}", span / HOUR, span % HOUR / MINUTE)
            }
            span => self.span(span),
        }
    }

    /// What remains, to the second: `2:05:09`, `3 d 02:05:09`.
    #[must_use]
    pub fn countdown(&self, span: Micros) -> String {
        let secs = span.max(0) / SECOND;
        let (hours, mins, secs) = (secs / 3_600, secs / 60 % 60, secs % 60);
        if hours >= 48 {
            self.span(span)
        } else if hours > 0 {
            format!("{hours}:{mins:02}:{secs:02}")
        } else {
            format!("{mins}:{secs:02}")
        }
    }

    /// The time of day: `14:32`.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        let zoned = self.zone.to_datetime(at.to_jiff());
        format!("{:02}:{:02}", zoned.hour(), zoned.minute())
    }

    /// The time of day with seconds: `14:32:05`.
    #[must_use]
    pub fn time_secs(&self, at: Timestamp) -> String {
        let zoned = self.zone.to_datetime(at.to_jiff());
        format!("{:02}:{:02}:{:02}", zoned.hour(), zoned.minute(), zoned.second())
    }

    /// The day: `lundi 23 novembre`, `Monday 23 November`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        let zoned = self.zone.to_datetime(at.to_jiff());
        let (days, months): (&[&str; 7], &[&str; 12]) = match self.locale {
            Locale::Fr => (&DAYS_FR, &MONTHS_FR),
            Locale::En => (&DAYS_EN, &MONTHS_EN),
        };
        let day = usize::try_from(zoned.weekday().to_monday_zero_offset()).unwrap_or_default();
        let month = usize::try_from(zoned.month() - 1).unwrap_or_default();
        let day = days.get(day).copied().unwrap_or_default();
        let month = months.get(month).copied().unwrap_or_default();
        format!("{day} {} {month}", zoned.day())
    }

    /// A figure in its unit, or nothing where there is nothing to measure.
    #[must_use]
    pub fn figure(&self, value: KpiValue) -> Option<String> {
        match value {
            KpiValue::Nothing | KpiValue::Share(_, 0) | KpiValue::PerThousand(_, 0) => None,
            KpiValue::Count(number) => Some(self.count(number)),
            KpiValue::Share(part, whole) => Some(self.percent(part as f64 / whole as f64)),
            KpiValue::Duration(span) => Some(self.duration(span)),
            KpiValue::PerThousand(part, whole) => {
                let rate = part as f64 / whole as f64 * 1_000.0;
                Some(self.decimal(rate, usize::from(rate < 9.95)))
            }
        }
    }
}

const DAYS_FR: [&str; 7] =
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const DAYS_EN: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The digits of a number in groups of three.
fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(locale: Locale) -> Words {
        Words { locale, zone: TimeZone::UTC }
    }

    #[track_caller]
    fn check(say: impl Fn(&Words) -> String, fr: &str, en: &str) {
        let plain = |locale| say(&words(locale)).replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!((plain(Locale::Fr), plain(Locale::En)), (fr.to_owned(), en.to_owned()));
    }

    #[test]
    fn every_word_has_both_languages() {
        for word in Word::ALL {
            for locale in [Locale::Fr, Locale::En] {
                assert!(!word.text(locale).trim().is_empty(), "{word:?}");
            }
        }
    }

    #[test]
    fn numbers() {
        check(|words| words.count(0), "0", "0");
        check(|words| words.count(12_345), "12 345", "12,345");
        check(|words| words.count(999_999), "999 999", "999,999");
        check(|words| words.count(1_250_000), "1,2 M", "1.2M");
        check(|words| words.count(512_000_000), "512 M", "512M");
        check(|words| words.count(u64::MAX), "18 446 744 T", "18,446,744T");
        check(|words| words.percent(0.124), "12 %", "12%");
        check(|words| words.percent(0.001), "< 1 %", "< 1%");
        check(|words| words.percent(-0.001), "0 %", "0%");
        check(|words| words.decimal(-1.25, 1), "−1,2", "−1.2");
        check(|words| words.count_of(0, Word::Author, Word::Authors), "0 auteur", "0 authors");
        check(|words| words.count_of(2, Word::Author, Word::Authors), "2 auteurs", "2 authors");
    }

    #[test]
    fn times() {
        check(|words| words.age(59 * SECOND), "< 1 min", "now");
        check(|words| words.age(-5 * SECOND), "< 1 min", "now");
        check(|words| words.age(3 * MINUTE), "3 min", "3 min");
        check(|words| words.age(47 * HOUR), "47 h", "47 h");
        check(|words| words.age(3 * DAY), "3 j", "3 d");
        check(|words| words.ago(59 * SECOND).unwrap_or_default(), "", "");
        check(|words| words.ago(2 * MINUTE).unwrap_or_default(), "il y a 2 min", "2 min ago");
        check(|words| words.duration(65 * MINUTE), "1 h 05", "1 h 05");
        check(|words| words.duration(125 * SECOND), "2 min 05", "2 min 05");
        check(|words| words.duration(40 * SECOND), "40 s", "40 s");
        check(|words| words.duration(i64::MAX), "9999 j", "9999 d");
        check(|words| words.countdown(3_909 * SECOND), "1:05:09", "1:05:09");
        check(|words| words.countdown(-1), "0:00", "0:00");
        let at = Timestamp::parse("2026-11-23T14:32:05Z").unwrap();
        check(|words| words.time(at), "14:32", "14:32");
        check(|words| words.time_secs(at), "14:32:05", "14:32:05");
        check(|words| words.date(at), "lundi 23 novembre", "Monday 23 November");
        assert_eq!(words(Locale::En).time(Timestamp::from_micros(i64::MIN)).len(), 5);
    }
}
