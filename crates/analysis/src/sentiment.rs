//! How a text feels: a list of words with weights, turned round by negation and raised by boosters.
//!
//! A text without any such word is neutral where its language is on the list, since the list had its chance;
//! it is unsure where the language is not, where it is too short to say, and where praise and blame cancel out.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use vigie_model::{Attitude, Language, Tone};

use crate::{
    fold::fold,
    token::{Token, TokenKind},
};

/// The weighted words.
const LEXICON: &str = include_str!("../data/lexicon.txt");
/// Words that turn the next ones round. `plus` is left out: it says `more` as often as `no more`.
const NEGATORS: [&str; 28] = [
    "pas", "jamais", "rien", "aucun", "aucune", "sans", "ni", "not", "no", "never", "without",
    "nothing", "nobody", "cannot", "cant", "dont", "nunca", "sin", "tampoco", "nicht", "kein",
    "keine", "nie", "non", "senza", "mai", "nao", "sem",
];
/// Words that raise the next ones.
const BOOSTERS: [&str; 27] = [
    "tres",
    "trop",
    "vraiment",
    "tellement",
    "totalement",
    "carrement",
    "hyper",
    "ultra",
    "completement",
    "absolument",
    "very",
    "really",
    "so",
    "totally",
    "absolutely",
    "extremely",
    "too",
    "muy",
    "tan",
    "demasiado",
    "sehr",
    "wirklich",
    "molto",
    "troppo",
    "davvero",
    "muito",
    "demais",
];
/// A negation reaches this many words far.
const NEGATION_REACH: usize = 3;
/// What negation makes of praise: "not good" is as bad as "good" is good.
const NEGATED_PRAISE: f32 = -1.0;
/// What negation makes of blame: "not bad" is less good than "bad" is bad.
const NEGATED_BLAME: f32 = -0.6;
/// What a booster makes of a weight.
const BOOSTED: f32 = 1.4;
/// The weight at which a score reaches 0.7: two plain words.
const HALF_WAY: f32 = 4.0;
/// Scores above this, or below its negative, are a class.
const CLASS_BORDER: f32 = 0.24;
/// Less evidence than this is thin.
const MIN_EVIDENCE: f32 = 1.0;
/// Texts with fewer words say too little to be called neutral.
const MIN_NEUTRAL_WORDS: usize = 3;

/// Tells how texts feel.
#[derive(Clone, Debug)]
pub(crate) struct SentimentReader {
    /// Languages of the list, in its order; the last place stands for the signs of all languages.
    languages: Vec<Language>,
    /// Weights by word and by place of the language.
    weights: FxHashMap<SmolStr, Vec<(u8, i8)>>,
}

/// The place of what counts in every language.
const EVERY_LANGUAGE: u8 = u8::MAX;

impl SentimentReader {
    pub(crate) fn new() -> Self {
        let mut reader = Self { languages: Vec::new(), weights: FxHashMap::default() };
        for line in LEXICON.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split_whitespace();
            let (Some(code), Some(Ok(weight))) = (fields.next(), fields.next().map(str::parse))
            else {
                debug_assert!(line.is_empty(), "not a line of the lexicon: {line}");
                continue;
            };
            let place = reader.place(code);
            for word in fields {
                reader.weights.entry(fold(word).into()).or_default().push((place, weight));
            }
        }
        reader
    }

    fn place(&mut self, code: &str) -> u8 {
        if code == "xx" {
            return EVERY_LANGUAGE;
        }
        let language = Language::from_tag(code);
        let place =
            self.languages.iter().position(|known| *known == language).unwrap_or_else(|| {
                self.languages.push(language);
                self.languages.len() - 1
            });
        u8::try_from(place).unwrap_or(EVERY_LANGUAGE)
    }

    /// How the text feels that was cut into `tokens`; `shouted` where it is in capitals.
    pub(crate) fn tone(&self, tokens: &[Token<'_>], language: &Language, shouted: bool) -> Tone {
        let place = self.languages.iter().position(|known| known == language);
        let evidence = self.evidence(tokens, place.and_then(|place| u8::try_from(place).ok()));
        let raise = if shouted { 1.3 } else { 1.0 };
        let sum = (evidence.positive - evidence.negative) * raise;
        let total = evidence.positive + evidence.negative;
        let score = sum / sum.mul_add(sum, HALF_WAY * HALF_WAY).sqrt();
        let attitude = if score >= CLASS_BORDER {
            Attitude::Positive
        } else if score <= -CLASS_BORDER {
            Attitude::Negative
        } else {
            Attitude::Neutral
        };
        let torn = attitude == Attitude::Neutral && total >= 2.0 * MIN_EVIDENCE;
        let unread =
            total < MIN_EVIDENCE && (place.is_none() || evidence.n_words < MIN_NEUTRAL_WORDS);
        Tone { attitude, score, unsure: torn || unread }
    }

    fn evidence(&self, tokens: &[Token<'_>], place: Option<u8>) -> Evidence {
        let mut evidence = Evidence::default();
        // How many more words the last negation reaches, and whether a booster stands before.
        let mut negation = 0_usize;
        let mut boosted = false;
        for token in tokens {
            match token.kind {
                TokenKind::Word => evidence.n_words += 1,
                TokenKind::Emoji => {}
                TokenKind::Exclamation => {
                    evidence.raise_last();
                    continue;
                }
                TokenKind::Stop | TokenKind::Question => {
                    negation = 0;
                    continue;
                }
                _ => continue,
            }
            if token.kind == TokenKind::Word && is_negator(token.text) {
                negation = NEGATION_REACH + 1;
            } else if BOOSTERS.contains(&token.text) {
                boosted = true;
            } else if let Some(weight) = self.weight(token.text, place) {
                let weight = if boosted { weight * BOOSTED } else { weight };
                let turned = negation > 0 && token.kind == TokenKind::Word;
                evidence.add(if turned { negated(weight) } else { weight });
                boosted = false;
            } else {
                boosted = false;
            }
            negation = negation.saturating_sub(1);
        }
        evidence
    }

    /// The weight of a word in the language at `place`; where that is not known, in any that has it.
    fn weight(&self, word: &str, place: Option<u8>) -> Option<f32> {
        let weights = self.weights.get(word)?;
        let fits = |&&(known, _): &&(u8, i8)| {
            known == EVERY_LANGUAGE || place.is_none_or(|place| place == known)
        };
        weights.iter().find(fits).map(|&(_, weight)| f32::from(weight))
    }
}

fn is_negator(word: &str) -> bool {
    NEGATORS.contains(&word) || word.ends_with("n't")
}

fn negated(weight: f32) -> f32 {
    weight * if weight > 0.0 { NEGATED_PRAISE } else { NEGATED_BLAME }
}

/// What a text holds of praise and blame.
#[derive(Debug, Default)]
struct Evidence {
    positive: f32,
    negative: f32,
    n_words: usize,
    /// Raised once by an exclamation mark.
    last: Option<f32>,
}

impl Evidence {
    fn add(&mut self, weight: f32) {
        if weight > 0.0 {
            self.positive += weight;
        } else {
            self.negative -= weight;
        }
        self.last = Some(weight);
    }

    fn raise_last(&mut self) {
        if let Some(weight) = self.last.take() {
            self.add(weight * 0.2);
            self.last = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokens;

    fn tone(text: &str, language: &str) -> Tone {
        let folded = fold(text);
        SentimentReader::new().tone(&tokens(&folded), &Language::from_tag(language), false)
    }

    #[track_caller]
    fn check(text: &str, language: &str, expected: Attitude) {
        let tone = tone(text, language);
        assert_eq!((tone.attitude, tone.unsure), (expected, false), "{text}: {tone:?}");
    }

    #[track_caller]
    fn check_unsure(text: &str, language: &str) {
        let tone = tone(text, language);
        assert!(tone.unsure, "{text}: {tone:?}");
    }

    #[test]
    fn plain_words() {
        use Attitude::{Negative, Neutral, Positive};
        check("Merci, équipe super sympa !", "fr", Positive);
        check("Encore un retard, c'est inadmissible", "fr", Negative);
        check("À quelle heure part le train de Nice", "fr", Neutral);
        check("Great service, thank you", "en", Positive);
        check("Worst journey ever, two hours late", "en", Negative);
        check("Qué vergüenza, otro retraso", "es", Negative);
        check("Perfekt, sehr freundlich", "de", Positive);
        check("Sempre in ritardo, che vergogna", "it", Negative);
    }

    #[test]
    fn negation_turns_and_boosters_raise() {
        check("Je ne suis pas content du tout", "fr", Attitude::Negative);
        check("not good at all", "en", Attitude::Negative);
        check("I don't like it but no problem, it isn't bad", "en", Attitude::Positive);
        check("Jamais de retard sur cette ligne", "fr", Attitude::Positive);
        assert!(tone("vraiment génial", "fr").score > tone("génial", "fr").score);
        assert!(tone("génial !", "fr").score > tone("génial", "fr").score);
        let shouted =
            SentimentReader::new().tone(&tokens("honte"), &Language::from_tag("fr"), true);
        assert!(shouted.score < tone("honte", "fr").score);
    }

    #[test]
    fn pictographs_count_in_every_language() {
        check("קטר 😡", "he", Attitude::Negative);
        check("電車 😍", "ja", Attitude::Positive);
        check("😍", "und", Attitude::Positive);
    }

    #[test]
    fn thin_or_torn_evidence_is_unsure() {
        check_unsure("", "fr");
        check_unsure("ok", "fr");
        check_unsure("電車が遅れています", "ja");
        check_unsure("génial mais quelle honte", "fr");
    }

    #[test]
    fn words_count_in_their_own_language() {
        assert!(tone("no tarde", "fr").score.abs() < 0.01);
        let no_pain = tone("du pain tard le soir", "fr");
        assert_eq!(no_pain.attitude, Attitude::Neutral);
    }

    #[test]
    fn every_line_of_the_list_is_read() {
        let reader = SentimentReader::new();
        assert_eq!(reader.languages.len(), 6);
        assert!(reader.weights.len() > 700, "{}", reader.weights.len());
        assert!(reader.weights.values().flatten().all(|(_, weight)| (-3..=3).contains(weight)));
    }
}
