//! Reply wait, nine of ten: the time that nine of ten answered posts waited here at most, from receipt to the first reply (nearest rank).

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, percentile};

/// The measure `reply wait p90`.
pub(super) const MEASURE: Measure = Measure {
    name: "reply wait p90",
    title: "Reply wait, nine of ten",
    formula: "the time that nine of ten answered posts waited here at most, from receipt to the first reply (nearest rank)",
    origin: "service level practice: the clock of the room starts when it can know",
    subject: Subject::Answers,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    percentile(&tally.reply_waits, 90)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Duration(840_000_000));
    }
}
