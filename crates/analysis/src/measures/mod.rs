//! The figures that tiles can show, one file each; `state` keeps the counters, a measure does the sum.
//!
//! To add one: write its file, its `mod` line and its line in [`MEASURES`].

mod answered;
mod authors;
mod engaged_per_thousand;
mod negative_share;
mod own_posts;
mod people_answered;
mod positive_share;
mod posts;
mod question_reply_rate;
mod questions;
mod reply_rate;
mod reply_time_p50;
mod reply_time_p90;
mod reply_wait_p50;
mod reply_wait_p90;
mod spark_to_live;
mod unsure_share;

use vigie_model::{KpiValue, Micros};

/// Every measure, in the order in which a list shows them.
pub const MEASURES: &[Measure] = &[
    posts::MEASURE,
    authors::MEASURE,
    questions::MEASURE,
    answered::MEASURE,
    people_answered::MEASURE,
    reply_rate::MEASURE,
    question_reply_rate::MEASURE,
    reply_time_p50::MEASURE,
    reply_time_p90::MEASURE,
    reply_wait_p50::MEASURE,
    reply_wait_p90::MEASURE,
    negative_share::MEASURE,
    positive_share::MEASURE,
    unsure_share::MEASURE,
    own_posts::MEASURE,
    spark_to_live::MEASURE,
    engaged_per_thousand::MEASURE,
];

/// A figure of a query over a period.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// How a room file names it.
    pub name: &'static str,
    /// What a tile calls it.
    pub title: &'static str,
    /// What it is made of, in words.
    pub formula: &'static str,
    /// Whose definition it is.
    pub origin: &'static str,
    /// Whose coming it waits for.
    pub subject: Subject,
    /// The figure, from the counters alone.
    pub figure: fn(&Tally) -> KpiValue,
}

/// What a measure counts, and therefore which event is the last that counts in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Posts: it is as old as the last post.
    Posts,
    /// Replies of the brand: it is as old as the last of these.
    Answers,
    /// Posts of the brand that take up one of the public's.
    Sparks,
    /// Figures from outside: it is as old as the older of them.
    Figures,
}

/// What is counted of a query over a period. The public is everybody but the brand's own accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Posts of the public.
    pub n_posts: u64,
    /// Distinct authors of these.
    pub n_authors: u64,
    /// Posts of the public that ask something.
    pub n_questions: u64,
    /// Posts of the public that complain, mock, attack.
    pub n_negative: u64,
    /// Posts of the public that do neither.
    pub n_neutral: u64,
    /// Posts of the public that praise, thank, enjoy.
    pub n_positive: u64,
    /// Posts of the public without a class.
    pub n_unsure: u64,
    /// Posts of the public with at least one reply of the brand.
    pub n_answered: u64,
    /// Distinct authors of these.
    pub n_people_answered: u64,
    /// Posts of the public that ask something and have at least one reply of the brand.
    pub n_questions_answered: u64,
    /// Posts of the brand's own accounts.
    pub n_own: u64,
    /// From publication to the brand's first reply, one for each answered post; shortest first.
    pub reply_times: Vec<Micros>,
    /// From receipt here to the brand's first reply, one for each answered post; shortest first.
    pub reply_waits: Vec<Micros>,
    /// From the publication of a post of the public to that of the brand's first post that quotes it, one for each
    /// such post; shortest first.
    pub spark_times: Vec<Micros>,
    /// What the outside figure `reached` says: how many people saw the brand's posts.
    pub n_reached: Option<u64>,
    /// What the outside figure `engaged` says: how many of them did something about it.
    pub n_engaged: Option<u64>,
}

impl Tally {
    /// Posts of the public that have a class.
    #[must_use]
    pub const fn n_sure(&self) -> u64 {
        self.n_negative + self.n_neutral + self.n_positive
    }
}

/// The measure with this name.
#[must_use]
pub fn measure(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}

/// A part of a whole, or nothing where there is no whole.
const fn share(part: u64, whole: u64) -> KpiValue {
    if whole == 0 { KpiValue::Nothing } else { KpiValue::Share(part, whole) }
}

/// The smallest of `ascending` that at least `percent` in a hundred do not exceed.
fn percentile(ascending: &[Micros], percent: usize) -> KpiValue {
    let rank = (ascending.len() * percent).div_ceil(100).max(1);
    ascending.get(rank - 1).map_or(KpiValue::Nothing, |micros| KpiValue::Duration(*micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seventy posts of fifty people, six of them answered after 1, 2, 3, 5, 10 and 15 minutes.
    pub(super) fn sample() -> Tally {
        Tally {
            n_posts: 70,
            n_authors: 50,
            n_questions: 20,
            n_negative: 12,
            n_neutral: 30,
            n_positive: 18,
            n_unsure: 10,
            n_answered: 6,
            n_people_answered: 5,
            n_questions_answered: 4,
            n_own: 9,
            reply_times: [1, 2, 3, 5, 10, 15].map(|mins: i64| mins * 60_000_000).to_vec(),
            reply_waits: [0, 1, 2, 4, 9, 14].map(|mins: i64| mins * 60_000_000).to_vec(),
            spark_times: [20, 30, 50].map(|mins: i64| mins * 60_000_000).to_vec(),
            n_reached: Some(40_000),
            n_engaged: Some(1_300),
        }
    }

    #[track_caller]
    pub(super) fn check(measure: &Measure, tally: &Tally, expected: KpiValue) {
        assert_eq!((measure.figure)(tally), expected, "{}", measure.name);
    }

    #[test]
    fn every_measure_is_there_once_and_bears_an_empty_period() {
        for (measure_idx, entry) in MEASURES.iter().enumerate() {
            assert_eq!(
                MEASURES.iter().position(|other| other.name == entry.name),
                Some(measure_idx)
            );
            assert!(!entry.title.is_empty() && !entry.formula.is_empty());
            assert!(!entry.origin.is_empty(), "{}: a figure without a source", entry.name);
            let empty = (entry.figure)(&Tally::default());
            assert!(matches!(empty, KpiValue::Nothing | KpiValue::Count(0)), "{}", entry.name);
        }
        assert!(measure("reply rate").is_some() && measure("followers").is_none());
    }

    #[test]
    fn percentiles_take_the_nearest_rank() {
        #[track_caller]
        fn check(ascending: &[Micros], percent: usize, expected: Option<Micros>) {
            let expected = expected.map_or(KpiValue::Nothing, KpiValue::Duration);
            assert_eq!(percentile(ascending, percent), expected);
        }
        check(&[], 50, None);
        check(&[7], 50, Some(7));
        check(&[7], 90, Some(7));
        check(&[1, 2], 50, Some(1));
        check(&[1, 2, 3], 50, Some(2));
        check(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, Some(9));
        check(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 90, Some(10));
    }
}
