//! The small words of languages: they are no topics.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::{features::word_hash, fold::fold, sieve::LargeSieve};

/// The list of small words, one language a line.
const STOPWORDS: &str = include_str!("../../data/stopwords.txt");

static BUILT_IN: LazyLock<StopWords> = LazyLock::new(|| {
    let lines = STOPWORDS.lines().filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(|line| line.split_whitespace().skip(1));
    let words: FxHashSet<_> = words.map(|word| SmolStr::from(fold(word))).collect();
    let sieve = words.iter().map(|word| word_hash(word)).collect();
    StopWords(Arc::new((sieve, words)))
});

/// The small words of all languages of the list, folded, and a small filter before them.
#[derive(Clone, Debug)]
pub(super) struct StopWords(Arc<(LargeSieve, FxHashSet<SmolStr>)>);

impl StopWords {
    pub(super) fn new() -> Self {
        BUILT_IN.clone()
    }

    /// Whether `word`, of this hash, is one of the small words of any language.
    #[inline]
    pub(super) fn contains(&self, word: &str, hash: u64) -> bool {
        let (sieve, words) = &*self.0;
        sieve.may_have(hash) && words.contains(word)
    }
}
