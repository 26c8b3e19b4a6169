//! Lengths, times and sizes with their units, as people write them: `6 m`, `55 in`, `15 min`.

use std::time::Duration;

use serde::{Deserialize as _, Deserializer, de::Error as _};

use crate::vocabulary::nearest;

/// What is wrong with a quantity, in lower case without a full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnitError(String);

/// A unit's words, and how much of the base unit it is.
type Unit = (&'static [&'static str], f64);

const TIMES: &[Unit] = &[
    (&["ms"], 0.001),
    (&["s", "sec", "second", "seconds"], 1.0),
    (&["min", "minute", "minutes"], 60.0),
    (&["h", "hour", "hours"], 3_600.0),
    (&["d", "day", "days"], 86_400.0),
    (&["week", "weeks"], 604_800.0),
];

const LENGTHS: &[Unit] = &[
    (&["mm"], 1.0),
    (&["cm"], 10.0),
    (&["m"], 1_000.0),
    (&["in", "inch", "inches", "\""], 25.4),
    (&["ft", "feet"], 304.8),
];

const SIZES: &[Unit] = &[
    (&["B", "bytes"], 1.0),
    (&["kB"], 1e3),
    (&["MB"], 1e6),
    (&["GB"], 1e9),
    (&["KiB"], 1024.0),
    (&["MiB"], 1_048_576.0),
    (&["GiB"], 1_073_741_824.0),
];

/// No time in a room is longer than a century.
const MAX_SECS: f64 = 100.0 * 366.0 * 86_400.0;
/// No length in a room is longer than a kilometer.
const MAX_MM: f64 = 1e6;
/// No limit in a room is higher than a tebibyte.
const MAX_BYTES: f64 = 1_099_511_627_776.0;

/// Reads a length of time, such as `15 min`.
///
/// # Errors
/// Where it is no number with a unit of time, or longer than a century.
pub fn duration(text: &str) -> Result<Duration, UnitError> {
    let secs = quantity(text, TIMES, MAX_SECS, "15 min")?;
    Ok(Duration::try_from_secs_f64(secs).unwrap_or_default())
}

/// Reads a length in millimeters, such as `6 m`.
///
/// # Errors
/// Where it is no number with a unit of length, or longer than a kilometer.
pub fn millimeters(text: &str) -> Result<f64, UnitError> {
    quantity(text, LENGTHS, MAX_MM, "6 m")
}

/// Reads a number of bytes, such as `64 MB`.
///
/// # Errors
/// Where it is no number with a unit of size, or more than a tebibyte.
pub fn bytes(text: &str) -> Result<u64, UnitError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and a tebibyte"
    )]
    quantity(text, SIZES, MAX_BYTES, "64 MB").map(|n_bytes| n_bytes.round() as u64)
}

/// Reads two numbers with `x` between them, and the text after them: `1920 x 1080`, `1218 x 685 mm`.
#[must_use]
pub fn pair(text: &str) -> Option<(f64, f64, &str)> {
    let (first, rest) = number(text.trim())?;
    let rest = rest.trim_start().strip_prefix(['x', 'X', '×', '*'])?;
    let (second, rest) = number(rest.trim_start())?;
    Some((first, second, rest.trim()))
}

/// Reads the width and height of a rectangle in millimeters: `1218 x 685 mm`.
///
/// None where `text` is no such pair at all, so that the caller can try another form.
pub fn rectangle_mm(text: &str) -> Option<Result<(f64, f64), UnitError>> {
    let (width, height, unit) = pair(text)?;
    Some(factor(unit, LENGTHS, "1218 x 685 mm").and_then(|factor| {
        let (width, height) = (width * factor, height * factor);
        if width.max(height) <= MAX_MM {
            Ok((width, height))
        } else {
            Err(UnitError(format!("`{text}` is too large")))
        }
    }))
}

/// For `#[serde(deserialize_with)]` in the options of widgets: a string such as `15 min`.
///
/// # Errors
/// Where it is no string, or [`duration`] cannot read it.
pub fn deserialize_duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    duration(&text).map_err(D::Error::custom)
}

/// For `#[serde(deserialize_with)]` in the options of widgets: a string such as `15 min`, whole minutes, at least one.
///
/// # Errors
/// Where it is no string, [`duration`] cannot read it, or it is no whole number of minutes.
pub fn deserialize_minutes<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let secs = deserialize_duration(from)?.as_secs_f64();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the minutes of a century"
    )]
    let mins = (secs / 60.0) as u32;
    if mins == 0 || (f64::from(mins) * 60.0 - secs).abs() > f64::EPSILON {
        return Err(D::Error::custom("a window is a whole number of minutes, such as `15 min`"));
    }
    Ok(mins)
}

fn quantity(text: &str, units: &[Unit], max: f64, example: &str) -> Result<f64, UnitError> {
    let trimmed = text.trim();
    let Some((number, unit)) = number(trimmed) else {
        return Err(UnitError(format!(
            "`{trimmed}` does not begin with a number: write `{example}`"
        )));
    };
    let value = number * factor(unit.trim(), units, example)?;
    if value <= max { Ok(value) } else { Err(UnitError(format!("`{trimmed}` is too large"))) }
}

/// How many base units one `unit` is.
fn factor(unit: &str, units: &[Unit], example: &str) -> Result<f64, UnitError> {
    let words =
        || units.iter().flat_map(|(words, factor)| words.iter().map(|word| (*word, *factor)));
    // `MB` is not `mb`, but nobody means millibytes.
    let found = words()
        .find(|(word, _)| *word == unit)
        .or_else(|| words().find(|(word, _)| word.eq_ignore_ascii_case(unit)));
    if let Some((_, factor)) = found {
        return Ok(factor);
    }
    let allowed: Vec<&str> = units.iter().filter_map(|(words, _)| words.first().copied()).collect();
    if unit.is_empty() {
        return Err(UnitError(format!(
            "the unit is missing: write `{example}`; units are {}",
            allowed.join(", ")
        )));
    }
    let hint = nearest(unit, words().map(|(word, _)| word))
        .map_or_else(String::new, |word| format!(", did you mean `{word}`?"));
    Err(UnitError(format!("unknown unit `{unit}`; units are {}{hint}", allowed.join(", "))))
}

/// The number that `text` begins with, and what follows. No sign, no exponent; a comma is a point.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',')
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let value = digits.replace(',', ".").parse::<f64>().ok()?;
    value.is_finite().then_some((value, rest))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[track_caller]
    fn check<T: std::fmt::Debug>(answer: Result<T, UnitError>, expected: &str) {
        let answer = match answer {
            Ok(value) => format!("{value:?}"),
            Err(err) => err.to_string(),
        };
        assert_eq!(answer, expected);
    }

    #[test]
    fn reads_what_people_write() {
        check(duration("15 min"), "900s");
        check(duration("90s"), "90s");
        check(duration(" 1,5 h "), "5400s");
        check(duration("31 days"), "2678400s");
        check(millimeters("6 m"), "6000.0");
        check(millimeters("55 in"), "1397.0");
        check(millimeters("55\""), "1397.0");
        check(bytes("64 MB"), "64000000");
        check(bytes("64 mib"), "67108864");
        check(rectangle_mm("1218 x 685 mm").unwrap(), "(1218.0, 685.0)");
        check(rectangle_mm("1.2×0.7 m").unwrap(), "(1200.0, 700.0)");
        assert_eq!(pair("1920x1080"), Some((1920.0, 1080.0, "")));
    }

    #[test]
    fn says_what_is_wrong() {
        check(duration("soon"), "`soon` does not begin with a number: write `15 min`");
        check(
            duration("15"),
            "the unit is missing: write `15 min`; units are ms, s, min, h, d, week",
        );
        check(
            duration("15 mins"),
            "unknown unit `mins`; units are ms, s, min, h, d, week, did you mean `min`?",
        );
        check(duration("1000 weeks"), "604800000s");
        check(duration("100000 weeks"), "`100000 weeks` is too large");
        check(millimeters("-6 m"), "`-6 m` does not begin with a number: write `6 m`");
        check(millimeters("1.2.3 m"), "`1.2.3 m` does not begin with a number: write `6 m`");
        check(millimeters("9999999 m"), "`9999999 m` is too large");
        assert_eq!(rectangle_mm("55 in"), None);
    }

    #[test]
    fn minutes_are_whole() {
        #[derive(Deserialize)]
        struct Options {
            #[serde(deserialize_with = "deserialize_minutes")]
            window: u32,
        }
        let read = |text: &str| {
            toml::from_str::<Options>(&format!("window = '{text}'")).map(|options| options.window)
        };
        assert_eq!(read("2 h").unwrap(), 120);
        assert!(read("90 s").unwrap_err().message().contains("whole number of minutes"));
        assert!(read("0 min").is_err());
    }
}
