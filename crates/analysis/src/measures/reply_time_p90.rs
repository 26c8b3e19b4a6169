//! Reply time, 9 in 10: the time that nine of ten answered posts waited at most, from publication to the first reply (nearest rank).

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, percentile};

/// The measure `reply time p90`.
pub(super) const MEASURE: Measure = Measure {
    name: "reply time p90",
    title: "Reply time, 9 in 10",
    formula: "the time that nine of ten answered posts waited at most, from publication to the first reply (nearest rank)",
    origin: "contact centre practice: nine of ten within this time",
    subject: Subject::Answers,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    percentile(&tally.reply_times, 90)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Duration(900_000_000));
    }
}
