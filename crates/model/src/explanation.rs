//! Why a post was read as it was: the words and marks that moved its sentiment, each with its part.

use std::{fmt, ops::Range};

use crate::Post;

/// A part of a text that moved the score.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The bytes of the post's text; on characters' borders.
    pub range: Range<usize>,
    /// What it adds to the score: below 0 it speaks for negative, above for positive.
    pub weight: f32,
}

/// The score of a post, taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// The parts of the text, the weightiest first; of equal ones the first of the text.
    pub reasons: Vec<Reason>,
    /// What belongs to no part of the text: where a score begins, and how the text is written as a whole.
    pub base: f32,
}

impl Explanation {
    /// The score: all parts and the base together.
    #[must_use]
    pub fn score(&self) -> f32 {
        self.reasons.iter().map(|reason| reason.weight).sum::<f32>() + self.base
    }
}

/// Tells why posts were read as they were, for those who look at one of them.
pub trait Explainer: Send + Sync + fmt::Debug {
    /// The words and marks of `post` that moved its score.
    fn explain(&self, post: &Post) -> Explanation;
}

/// How good the built-in sentiment model is, for those who ask why they should believe it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SentimentFigures {
    /// Macro-F1 in percent, the mean over the eight languages of the set.
    pub mean: f32,
    /// Macro-F1 in percent on French posts.
    pub french: f32,
    /// Macro-F1 in percent on English posts.
    pub english: f32,
    /// As `mean`, of the posts that the model is sure of.
    pub mean_of_sure: f32,
    /// The share of posts that it is not sure of, in percent.
    pub unsure: f32,
    /// Which posts it was measured on.
    pub on: &'static str,
}

/// The figures of the built-in model; `assets/models/README.md` has all of them.
pub const SENTIMENT_FIGURES: SentimentFigures = SentimentFigures {
    mean: 61.0,
    french: 66.1,
    english: 69.8,
    mean_of_sure: 66.1,
    unsure: 22.6,
    on: "the validation part of UMSAB: 2,586 posts in Arabic, English, French, German, Hindi, Italian, Portuguese \
         and Spanish that it was not trained on, November 2026",
};
