//! Reply time, median: the time that half of the answered posts waited at most, from publication to the first reply (nearest rank).

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, percentile};

/// The measure `reply time p50`.
pub(super) const MEASURE: Measure = Measure {
    name: "reply time p50",
    title: "Reply time, median",
    formula: "the time that half of the answered posts waited at most, from publication to the first reply (nearest rank)",
    origin: "contact centre practice: a median, since means hide the tail",
    subject: Subject::Answers,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    percentile(&tally.reply_times, 50)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Duration(180_000_000));
    }
}
