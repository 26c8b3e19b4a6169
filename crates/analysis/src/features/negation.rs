//! Words that turn the next ones round, in the languages that the models were trained on.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::word_hash;
use crate::sieve::SmallSieve;

/// A negation reaches so many words, or to the end of the sentence.
pub(super) const REACH: u8 = 3;

/// Folded, as words are cut. `plus` and `aucun` of French are left to the pairs: they say `more` as often.
const WORDS: &str = "pas jamais rien ni sans not no never without nothing nobody cannot cant dont wont didnt \
    doesnt isnt wasnt arent nunca sin tampoco nada nicht kein keine keinen nie niemals ohne non senza nao sem nem \
    niet geen nooit inte ingen aldrig ikke aldri nie bez niet ne nema nije nisam nisu ni niso nisem nebo neni nejsem \
    nincs sem nuk degil yok tidak bukan jangan не нет ни без никогда нема није нисам няма не لا ليس ما لم لن \
    مش مو नहीं मत";

/// The hashes of the words, and a small filter before them.
static NEGATORS: LazyLock<(SmallSieve, FxHashSet<u64>)> = LazyLock::new(|| {
    let hashes = WORDS.split_whitespace().map(word_hash);
    (hashes.clone().collect(), hashes.collect())
});

/// Whether the word of this hash turns the next ones round.
#[inline]
pub(super) fn is_negator(hash: u64) -> bool {
    let (sieve, hashes) = &*NEGATORS;
    sieve.may_have(hash) && hashes.contains(&hash)
}
