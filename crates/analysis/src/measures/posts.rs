//! Posts: posts of the public in the period.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally};

/// The measure `posts`.
pub(super) const MEASURE: Measure = Measure {
    name: "posts",
    title: "Posts",
    formula: "posts of the public in the period",
    origin: "a count; brand accounts are left out, so that a campaign does not praise itself",
    subject: Subject::Posts,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    KpiValue::Count(tally.n_posts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Count(70));
    }
}
