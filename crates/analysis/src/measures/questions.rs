//! Questions: posts of the public that ask something.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally};

/// The measure `questions`.
pub(super) const MEASURE: Measure = Measure {
    name: "questions",
    title: "Questions",
    formula: "posts of the public that ask something",
    origin: "a count; rules for French and English, corrected by people",
    subject: Subject::Posts,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    KpiValue::Count(tally.n_questions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Count(20));
    }
}
