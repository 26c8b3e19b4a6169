//! Questions answered: answered questions over questions.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, share};

/// The measure `question reply rate`.
pub(super) const MEASURE: Measure = Measure {
    name: "question reply rate",
    title: "Questions answered",
    formula: "answered questions over questions",
    origin: "social customer care practice: response rate, over those who asked",
    subject: Subject::Answers,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    share(tally.n_questions_answered, tally.n_questions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Share(4, 20));
    }
}
