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
