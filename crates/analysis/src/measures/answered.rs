//! Answered: posts of the public that the brand has replied to, each once.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally};

/// The measure `answered`.
pub(super) const MEASURE: Measure = Measure {
    name: "answered",
    title: "Answered",
    formula: "posts of the public that the brand has replied to, each once",
    origin: "AMEC, Barcelona Principles 3.0: outcomes, not outputs",
    subject: Subject::Answers,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    KpiValue::Count(tally.n_answered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Count(6));
    }
}
