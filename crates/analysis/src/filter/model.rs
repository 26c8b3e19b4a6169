//! How offensive a text is as a whole: one lane of weights over the shared features, beside the word lists.

use vigie_model::{Flag, Flags, Severity};

use crate::Table;

/// The weights, as `vigie train toxicity` writes them.
static WEIGHTS: &[u8] = include_bytes!("../../../../assets/models/toxicity.bin");
/// The name of the lane.
pub const TOXICITY_LANE: &str = "offensive";

/// From this score on a text is offensive; what listed words add is counted in. The best border on the training
/// part of OLID, by cross validation.
const OFFENSIVE: f32 = -0.5;
/// From this score on the model holds a text by itself, where no listed word does: at most one clean post in some
/// hundreds has it.
const HOLD: f32 = 1.5;
/// What a mild and a strong listed word add to the score.
const LISTED: (f32, f32) = (1.5, 4.0);

/// The model in the program.
pub(crate) fn toxicity_table() -> Table {
    Table::from_bytes(WEIGHTS).expect("the built-in weights are whole")
}

/// How offensive a text of these rows is, without its listed words; 0 for a table without that lane.
#[must_use]
pub fn toxicity_score(table: &Table, rows: &[u32]) -> f32 {
    let lane = table.lane(TOXICITY_LANE).unwrap_or_default();
    table.score(lane, table.sums(rows).get(lane).copied().unwrap_or_default(), rows.len())
}

/// The flags of a text whose listed words raise `words` and whose score is `score`.
///
/// [`Flag::Offensive`] is the answer to "does this offend?": mild where it is only noted, strong where the post
/// is to be held ([`Flags::holds`]).
#[must_use]
pub fn toxicity_flags(words: Flags, score: f32) -> Flags {
    let listed = match words.severity(Flag::Offensive) {
        None => 0.0,
        Some(Severity::Mild) => LISTED.0,
        Some(Severity::Strong | Severity::Severe) => LISTED.1,
    };
    let mut flags = words;
    if score >= HOLD {
        flags.raise(Flag::Offensive, Severity::Strong);
    } else if score + listed >= OFFENSIVE {
        flags.raise(Flag::Offensive, Severity::Mild);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_score_count_together() {
        let mild = Flags::one(Flag::Offensive, Severity::Mild);
        assert_eq!(toxicity_flags(Flags::NONE, -1.0), Flags::NONE);
        assert_eq!(toxicity_flags(Flags::NONE, 0.0), mild);
        assert!(toxicity_flags(Flags::NONE, 2.0).holds());
        assert!(!toxicity_flags(mild, 0.0).holds());
    }
}
