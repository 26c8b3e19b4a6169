//! How a text feels: a linear model over the features of the text, in all languages at once.
//!
//! Three lanes of one [`Table`] compete: negative, neutral, positive. The weights were fitted to labelled posts and
//! to the opinions of a larger model; `assets/models/README.md` says how, and how good they are.
//! A text is unsure where the first class is hardly more likely than the second.

use std::sync::LazyLock;

use vigie_model::{Attitude, Explanation, Reason, Tone};

use crate::{
    features::{Features, Origin, PieceKind},
    filter::toxicity_table,
    table::{MAX_LANES, Table, softmax},
};

/// The weights, as `vigie train sentiment` writes them.
#[expect(clippy::large_include_file, reason = "the program reads moods without a file beside it")]
static WEIGHTS: &[u8] = include_bytes!("../../../assets/models/sentiment.bin");
/// The names of the lanes of a table of weights for sentiment, in the order of the classes.
pub const LANES: [&str; 3] = ["negative", "neutral", "positive"];
const CLASSES: [Attitude; 3] = [Attitude::Negative, Attitude::Neutral, Attitude::Positive];

/// A text is unsure where its two likeliest classes are nearer to each other than this.
///
/// Chosen so that about a fifth of posts are unsure: what is left is clearly more often right.
const MIN_MARGIN: f32 = 0.12;

/// Tells how texts feel.
#[derive(Clone, Debug)]
pub(crate) struct SentimentReader {
    table: &'static Table,
}

impl SentimentReader {
    /// The reader with the built-in weights.
    pub(crate) fn new() -> Self {
        Self { table: table() }
    }

    /// How a text feels whose rows, `n_rows`, have these sums in [`table`].
    pub(crate) fn tone(&self, sums: &[i32; MAX_LANES], n_rows: usize) -> Tone {
        tone(shares(self.table, sums, n_rows))
    }

    /// Why the text feels so; `features` were made with [`Features::trace`].
    pub(crate) fn explain(&self, features: &Features) -> Explanation {
        let rows = features.rows();
        let [negative, _, positive] = scores(self.table, &self.table.sums(rows), rows.len());
        let lean = positive - negative;
        let shares = sentiment_shares(self.table, rows);
        // The score grows with the lean, and each part's share of it is its share of the lean.
        let unit = if lean.abs() > 1e-4 {
            tone(shares).score / lean
        } else {
            f32::midpoint(shares[0], shares[2])
        };
        let mut parts = vec![0.0; features.pieces().len()];
        let mut base = 0.0;
        for (row, origin) in rows.iter().zip(features.origins()) {
            let weight = self.lean(*row, rows.len()) / 2.0;
            let (first, last) = ends(features, origin);
            for end in [first, last] {
                match end.and_then(|place| parts.get_mut(place)) {
                    Some(part) => *part += weight,
                    None => base += weight,
                }
            }
        }
        base += self.bias(2) - self.bias(0);
        let mut reasons: Vec<Reason> = features
            .pieces()
            .iter()
            .zip(parts)
            .filter(|(_, weight)| *weight != 0.0)
            .map(|(piece, weight)| Reason { range: piece.source(), weight: weight * unit })
            .collect();
        reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        Explanation { reasons, base: base * unit }
    }

    /// How far one row of a text moves it from negative to positive.
    fn lean(&self, row: u32, n_rows: usize) -> f32 {
        let part = |lane| self.table.score(lane, self.table.weight(row, lane), n_rows);
        part(2) - self.bias(2) - (part(0) - self.bias(0))
    }

    fn bias(&self, lane: usize) -> f32 {
        self.table.lanes().get(lane).map_or(0.0, |lane| lane.bias)
    }
}

/// The built-in weights: three lanes for sentiment, then one for toxicity.
pub(crate) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        let sentiment = Table::from_bytes(WEIGHTS).expect("the built-in weights are whole");
        sentiment.beside(&toxicity_table()).expect("four lanes are not too many")
    });
    &TABLE
}

/// The probabilities of negative, neutral and positive for a text of these rows.
#[must_use]
pub fn sentiment_shares(table: &Table, rows: &[u32]) -> [f32; 3] {
    shares(table, &table.sums(rows), rows.len())
}

fn shares(table: &Table, sums: &[i32; MAX_LANES], n_rows: usize) -> [f32; 3] {
    let mut shares = scores(table, sums, n_rows);
    softmax(&mut shares);
    shares
}

/// Whether probabilities are too near to each other to count a text in a class.
#[must_use]
pub fn is_unsure(shares: [f32; 3]) -> bool {
    tone(shares).unsure
}

fn scores(table: &Table, sums: &[i32; MAX_LANES], n_rows: usize) -> [f32; 3] {
    let mut scores = [0.0; 3];
    for (lane, (score, sum)) in scores.iter_mut().zip(sums).enumerate() {
        *score = table.score(lane, *sum, n_rows);
    }
    scores
}

/// The places of the pieces that a row stands on; none where it stands on no part of the text.
fn ends(features: &Features, origin: &Origin) -> (Option<usize>, Option<usize>) {
    if features.source(origin).is_empty() {
        return (None, None);
    }
    let (first, last) = origin.pieces;
    (shown(features, first), shown(features, last))
}

/// The piece that is shown for the one at `place`: for a word of a tag the tag.
fn shown(features: &Features, place: u16) -> Option<usize> {
    let pieces = features.pieces();
    let place = usize::from(place);
    let is_part =
        |place: &usize| pieces.get(*place).is_some_and(|piece| piece.kind == PieceKind::TagPart);
    (0..=place)
        .rev()
        .find(|place| !is_part(place))
        .filter(|place| pieces.get(*place).is_some_and(|piece| !piece.source().is_empty()))
}

fn tone(shares: [f32; 3]) -> Tone {
    let [negative, neutral, positive] = shares;
    let (mut best, mut second) = ((0, negative), 0.0_f32);
    for (class, share) in [(1, neutral), (2, positive)] {
        if share > best.1 {
            second = best.1;
            best = (class, share);
        } else {
            second = second.max(share);
        }
    }
    Tone {
        attitude: CLASSES.get(best.0).copied().unwrap_or_default(),
        score: positive - negative,
        unsure: best.1 - second < MIN_MARGIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone_of(text: &str) -> Tone {
        let mut features = Features::new();
        features.read(text, []);
        let sums = table().sums(features.rows());
        SentimentReader::new().tone(&sums, features.rows().len())
    }

    #[track_caller]
    fn check(text: &str, expected: Attitude) {
        let tone = tone_of(text);
        assert_eq!(tone.attitude, expected, "{text}: {tone:?}");
    }

    #[test]
    fn the_table_has_the_three_lanes() {
        let reader = SentimentReader::new();
        let names: Vec<&str> = reader.table.lanes().iter().map(|lane| lane.name.as_str()).collect();
        assert_eq!(names[..3], LANES);
        assert_eq!(names[3..], [crate::TOXICITY_LANE]);
    }

    #[test]
    fn plain_words() {
        use Attitude::{Negative, Neutral, Positive};
        check("Merci, équipe super sympa !", Positive);
        check("Encore un retard, c'est inadmissible", Negative);
        check("À quelle heure part le train de Lyon", Neutral);
        check("Great service, thank you", Positive);
        check("Worst journey ever, two hours late", Negative);
        check("Qué vergüenza, otro retraso", Negative);
        check("Perfekt, sehr freundlich", Positive);
        check("Sempre in ritardo, che vergogna", Negative);
    }

    #[test]
    fn negation_turns() {
        check("Je ne suis pas content du tout", Attitude::Negative);
        check("This is not good at all", Attitude::Negative);
        assert!(tone_of("not good").score < tone_of("good").score);
    }

    #[test]
    fn pictographs_count_in_every_language() {
        check("😡", Attitude::Negative);
        check("😍", Attitude::Positive);
        assert!(tone_of("קטר 😡").score < tone_of("קטר 😍").score);
    }

    #[test]
    fn nothing_is_unsure() {
        assert!(tone_of("").unsure);
    }

    #[test]
    fn reasons_are_the_words_that_count() {
        let text = "The staff were wonderful #SoHappy 😍";
        let mut features = Features::new();
        features.trace(text, []);
        let explanation = SentimentReader::new().explain(&features);
        let words: Vec<&str> = explanation
            .reasons
            .iter()
            .map(|reason| text.get(reason.range.clone()).expect("a part"))
            .collect();
        assert!(words.iter().take(3).any(|word| *word == "wonderful"), "{words:?}");
        assert!(words.contains(&"#SoHappy") && !words.contains(&"Happy"), "{words:?}");
    }

    proptest::proptest! {
        #[test]
        fn parts_and_base_are_the_score(text in "\\PC{0,300}", tag in "[a-zA-Z]{0,9}") {
            let mut features = Features::new();
            features.trace(&text, [tag.as_str()]);
            let reader = SentimentReader::new();
            let explanation = reader.explain(&features);
            let sums = table().sums(features.rows());
            let score = reader.tone(&sums, features.rows().len()).score;
            proptest::prop_assert!((explanation.score() - score).abs() < 1e-4);
            for reason in &explanation.reasons {
                proptest::prop_assert!(text.get(reason.range.clone()).is_some());
            }
            let weights: Vec<f32> =
                explanation.reasons.iter().map(|reason| reason.weight.abs()).collect();
            proptest::prop_assert!(weights.is_sorted_by(|a, b| a >= b));
        }
    }
}
