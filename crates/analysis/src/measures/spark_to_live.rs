//! Spark to live: the median time from a post of the public to the first post of the brand that quotes it (nearest rank).

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, percentile};

/// The measure `spark to live`.
pub(super) const MEASURE: Measure = Measure {
    name: "spark to live",
    title: "Spark to live",
    formula: "the median time from a post of the public to the first post of the brand that quotes it (nearest rank)",
    origin: "newsroom practice: how fast an idea that the public gives goes live",
    subject: Subject::Sparks,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    percentile(&tally.spark_times, 50)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Duration(1_800_000_000));
    }
}
