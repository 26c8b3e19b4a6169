//! Brand's posts: posts of the brand's own accounts.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally};

/// The measure `own posts`.
pub(super) const MEASURE: Measure = Measure {
    name: "own posts",
    title: "Brand's posts",
    formula: "posts of the brand's own accounts",
    origin: "a count of what the brand publishes, answers included",
    subject: Subject::Posts,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    KpiValue::Count(tally.n_own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Count(9));
    }
}
