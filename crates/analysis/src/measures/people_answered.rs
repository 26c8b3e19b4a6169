//! People answered: distinct authors whose posts the brand has replied to.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally};

/// The measure `people answered`.
pub(super) const MEASURE: Measure = Measure {
    name: "people answered",
    title: "People answered",
    formula: "distinct authors whose posts the brand has replied to",
    origin: "social room practice: answering one person three times counts one",
    subject: Subject::Answers,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    KpiValue::Count(tally.n_people_answered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Count(5));
    }
}
