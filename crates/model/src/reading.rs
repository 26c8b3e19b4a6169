//! What the analysis made of one post.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::Flags;

/// An ISO 639-1 code, or `und` where it cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(SmolStr);

impl Language {
    /// The language that a BCP 47 tag names: `fr-CA` is `fr`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.len() == 2 && primary.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            Self(primary.to_ascii_lowercase().into())
        } else {
            Self::default()
        }
    }

    /// The code, `und` where unknown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Language {
    fn default() -> Self {
        Self(SmolStr::new_static("und"))
    }
}

/// The three classes of sentiment.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Attitude {
    /// Complains, mocks, attacks.
    Negative,
    /// Neither.
    #[default]
    Neutral,
    /// Praises, thanks, enjoys.
    Positive,
}

/// The sentiment of one post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tone {
    /// The class that fits best.
    pub attitude: Attitude,
    /// From -1 (negative) to 1 (positive).
    pub score: f32,
    /// Whether the evidence is too thin to count the post in a class.
    pub unsure: bool,
}

/// What the analysis made of one post. The same post gives the same reading on every machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The language of the text.
    #[serde(default)]
    pub language: Language,
    /// The sentiment of the text.
    #[serde(default)]
    pub tone: Tone,
    /// Whether the text asks something.
    #[serde(default)]
    pub question: bool,
    /// What the post is about: folded terms, hashtags with `#`, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<SmolStr>,
    /// Why the post may have to be kept off a public wall.
    #[serde(default, skip_serializing_if = "Flags::is_empty")]
    pub flags: Flags,
    /// What copies of the text share, whatever links, mentions and digits are put around them; 0 for short texts.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub likeness: u64,
}

/// Whether a number says nothing.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}
