//! Reply rate: answered posts over posts.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, share};

/// The measure `reply rate`.
pub(super) const MEASURE: Measure = Measure {
    name: "reply rate",
    title: "Reply rate",
    formula: "answered posts over posts",
    origin: "social customer care practice: response rate, over all posts of the public",
    subject: Subject::Answers,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    share(tally.n_answered, tally.n_posts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Share(6, 70));
    }
}
