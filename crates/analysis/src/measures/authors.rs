//! Authors: distinct authors of the public's posts.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally};

/// The measure `authors`.
pub(super) const MEASURE: Measure = Measure {
    name: "authors",
    title: "Authors",
    formula: "distinct authors of the public's posts",
    origin: "a count of accounts; one person with two accounts is two",
    subject: Subject::Posts,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    KpiValue::Count(tally.n_authors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::Count(50));
    }
}
