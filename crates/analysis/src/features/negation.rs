//! Words that turn the next ones round, in the languages that the models were trained on.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::rows::word_hash;

/// A negation reaches so many words, or to the end of the sentence.
pub(super) const REACH: u8 = 3;

/// Folded, as words are cut. `plus` and `aucun` of French are left to the pairs: they say `more` as often.
const WORDS: &str = "pas jamais rien ni sans not no never without nothing nobody cannot cant dont wont didnt \
    doesnt isnt wasnt arent nunca sin tampoco nada nicht kein keine keinen nie niemals ohne non senza nao sem nem \
    niet geen nooit inte ingen aldrig ikke aldri nie bez niet ne nema nije nisam nisu ni niso nisem nebo neni nejsem \
    nincs sem nuk degil yok tidak bukan jangan не нет ни без никогда нема није нисам няма не لا ليس ما لم لن \
    مش مو नहीं मत";

/// Bits of the small filter that most words fail at.
const N_SIEVE_BITS: usize = 4_096;

/// The hashes of the words, and a small filter before them.
struct Negators {
    sieve: [u64; N_SIEVE_BITS / 64],
    hashes: FxHashSet<u64>,
}

static NEGATORS: LazyLock<Negators> = LazyLock::new(|| {
    let mut sieve = [0; N_SIEVE_BITS / 64];
    let words = WORDS.split_whitespace();
    let hashes: FxHashSet<_> = words.map(|word| word_hash(word.chars())).collect();
    for (cell, bit) in hashes.iter().copied().map(place) {
        if let Some(cell) = sieve.get_mut(cell) {
            *cell |= bit;
        }
    }
    Negators { sieve, hashes }
});

/// Where a hash stands in the filter: a cell and a bit of it.
const fn place(hash: u64) -> (usize, u64) {
    let place = (hash >> 52) as usize;
    (place / 64, 1 << (place % 64))
}

/// Whether the word of this hash turns the next ones round.
#[inline]
pub(super) fn is_negator(hash: u64) -> bool {
    let (cell, bit) = place(hash);
    NEGATORS.sieve.get(cell).is_some_and(|cell| cell & bit != 0) && NEGATORS.hashes.contains(&hash)
}
