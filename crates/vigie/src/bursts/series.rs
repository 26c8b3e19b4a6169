//! A series of counts in a CSV file: `timestamp,value`, as the Numenta Anomaly Benchmark has them.

use vigie_analysis::{VolumeAlarm, VolumeWatch};
use vigie_model::Timestamp;

/// After an alarm a series is silent for a day: what goes on is the same event.
const SILENT_SECS: i64 = 86_400;

/// One line of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample<'a> {
    /// The time as it stands in the file.
    pub(crate) stamp: &'a str,
    /// The same in seconds since 1970 began.
    pub(crate) at: i64,
    pub(crate) count: f64,
}

/// Reads `2015-02-26 21:42:53,104`; the time may be an instant of ISO 8601 or seconds since 1970 as well.
pub(crate) fn sample(line: &str) -> Option<Sample<'_>> {
    let (stamp, value) = line.split_once([',', ';', '\t'])?;
    let stamp = stamp.trim();
    let value = value.split([',', ';', '\t']).next()?.trim();
    let count = value.parse().ok().filter(|count: &f64| count.is_finite() && *count >= 0.0)?;
    Some(Sample { stamp, at: seconds(stamp.trim_matches('"'))?, count })
}

fn seconds(stamp: &str) -> Option<i64> {
    if let Ok(at) = stamp.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be far within the range")]
        return (at.abs() < 1e15).then_some(at.floor() as i64);
    }
    let instant = stamp.replacen(' ', "T", 1);
    let has_zone = instant.ends_with(['Z', 'z']) || instant.get(11..)?.contains(['+', '-']);
    let instant = if has_zone { instant } else { instant + "Z" };
    Timestamp::parse(&instant).ok().map(Timestamp::as_secs)
}

/// A series as it is read.
#[derive(Debug)]
pub(crate) struct Series(VolumeWatch);

impl Series {
    pub(crate) fn new() -> Self {
        Self(VolumeWatch::new(SILENT_SECS))
    }

    /// Takes in the next count; tells an alarm.
    pub(crate) fn push(&mut self, sample: &Sample<'_>) -> Option<VolumeAlarm> {
        self.0.push(sample.at, sample.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<(i64, f64)>) {
        assert_eq!(sample(line).map(|sample| (sample.at, sample.count)), expected, "{line}");
    }

    #[test]
    fn lines_are_read_in_all_usual_forms() {
        check("2015-02-26 21:42:53,104", Some((1_424_986_973, 104.0)));
        check("2015-02-26T21:42:53Z;104.5", Some((1_424_986_973, 104.5)));
        check("2015-02-26 22:42:53+01:00,1,more", Some((1_424_986_973, 1.0)));
        check("1424986973.5, 3 ", Some((1_424_986_973, 3.0)));
        check("timestamp,value", None);
        check("2015-02-26 21:42:53,-1", None);
        check("2015-02-26 21:42:53,NaN", None);
        check("2015-02-30 21:42:53,1", None);
        check("é,1", None);
        check("", None);
    }
}
