//! Reply wait, median: the time that half of the answered posts waited here at most, from receipt to the first reply (nearest rank).

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, percentile};

/// The measure `reply wait p50`.
pub(super) const MEASURE: Measure = Measure {
    name: "reply wait p50",
    title: "Reply wait, median",
    formula: "the time that half of the answered posts waited here at most, from receipt to the first reply (nearest rank)",
    origin: "service level practice: the clock of the room starts when it can know",
    subject: Subject::Answers,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    percentile(&tally.reply_waits, 50)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Duration(120_000_000));
    }
}
