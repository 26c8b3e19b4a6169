//! The small words of languages: they are no topics.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::fold::fold;

/// The list of small words, one language a line.
const STOPWORDS: &str = include_str!("../../data/stopwords.txt");

static BUILT_IN: LazyLock<StopWords> = LazyLock::new(|| {
    let lines = STOPWORDS.lines().filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(|line| line.split_whitespace().skip(1));
    StopWords(Arc::new(words.map(|word| SmolStr::from(fold(word))).collect()))
});

/// The small words of all languages of the list, folded.
#[derive(Clone, Debug)]
pub(super) struct StopWords(Arc<FxHashSet<SmolStr>>);

impl StopWords {
    pub(super) fn new() -> Self {
        BUILT_IN.clone()
    }

    /// Whether `word` is one of the small words of any language.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}
