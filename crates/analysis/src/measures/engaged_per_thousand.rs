//! Engaged per thousand: people who did something about the posts of the brand, of a thousand whom these reached: the outside figures `engaged` and `reached`.

use vigie_model::KpiValue;

use super::{Measure, Subject, Tally};

/// The measure `engaged per thousand`.
pub(super) const MEASURE: Measure = Measure {
    name: "engaged per thousand",
    title: "Engaged per thousand",
    formula: "people who did something about the posts of the brand, of a thousand whom these reached: the outside figures `engaged` and `reached`",
    origin: "rate by reach, as networks state it in their exports; instead of a count of fans, who may never see a post",
    subject: Subject::Figures,
    figure,
};

fn figure(tally: &Tally) -> KpiValue {
    match (tally.n_engaged, tally.n_reached) {
        (Some(n_engaged), Some(n_reached)) if n_reached > 0 => {
            KpiValue::PerThousand(n_engaged, n_reached)
        }
        _ => KpiValue::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::tests::{check, sample};

    #[test]
    fn follows_its_formula() {
        check(&MEASURE, &sample(), KpiValue::PerThousand(1_300, 40_000));
    }
}
