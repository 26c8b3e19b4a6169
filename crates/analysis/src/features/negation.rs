//! Words that turn the next ones round, in the languages that the models were trained on.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::rows::word_hash;

/// A negation reaches so many words, or to the end of the sentence.
pub(super) const REACH: u8 = 3;

/// Folded, as words are cut. `plus` and `aucun` of French are left to the pairs: they say `more` as often.
const NEGATORS: &str = "pas jamais rien ni sans not no never without nothing nobody cannot cant dont wont didnt \
    doesnt isnt wasnt arent nunca sin tampoco nada nicht kein keine keinen nie niemals ohne non senza nao sem nem \
    niet geen nooit inte ingen aldrig ikke aldri nie bez niet ne nema nije nisam nisu ni niso nisem nebo neni nejsem \
    nincs sem nuk degil yok tidak bukan jangan не нет ни без никогда нема није нисам няма не لا ليس ما لم لن \
    مش مو नहीं मत";

static HASHES: LazyLock<FxHashSet<u64>> =
    LazyLock::new(|| NEGATORS.split_whitespace().map(|word| word_hash(word.chars())).collect());

/// Whether the word of this hash turns the next ones round.
pub(super) fn is_negator(hash: u64) -> bool {
    HASHES.contains(&hash)
}
