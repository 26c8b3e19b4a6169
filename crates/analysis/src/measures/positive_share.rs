//! Positive: positive posts over posts that have a class; posts that the analysis is unsure of stay out.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, share};

/// The measure `positive share`.
pub(super) const MEASURE: Measure = Measure {
    name: "positive share",
    title: "Positive",
    formula: "positive posts over posts that have a class; posts that the analysis is unsure of stay out",
    origin: "over posts with a class; those that are unsure are left out and told beside it",
    subject: Subject::Posts,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    share(tally.n_positive, tally.n_sure())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Share(18, 60));
    }
}
