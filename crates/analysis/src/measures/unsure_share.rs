//! Unsure: posts that the analysis is unsure of over posts.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally, share};

/// The measure `unsure share`.
pub(super) const MEASURE: Measure = Measure {
    name: "unsure share",
    title: "Unsure",
    formula: "posts that the analysis is unsure of over posts",
    origin: "what the model would not class: the honesty of the other two",
    subject: Subject::Posts,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    share(tally.n_unsure, tally.n_posts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Share(10, 70));
    }
}
