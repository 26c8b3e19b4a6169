//! Pieces of text that are clean at first sight: small letters, eight at a time, and plain signs after them.

use super::lists::Lists;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x80 * ONES;
/// Longer words get a closer look.
pub(super) const MAX_LETTERS: usize = 15;

/// How long the piece without spaces is that `rest` begins with, where a look at its words alone says that it is
/// clean. Nothing says no more than that it is not so simple.
#[inline]
pub(super) fn n_clean_bytes(lists: &Lists, rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let (n_letters, hash) = clean_word(rest.get(at..)?)?;
        if n_letters > 0 && lists.may_be_short_sign(hash) {
            return None;
        }
        let is_first = at == 0 && n_letters > 0;
        at += n_letters;
        match rest.get(at) {
            None | Some(b' ') => return Some(at),
            // What ends a sentence; in the midst of a piece it may join what it parts.
            Some(b'.' | b'!') if is_first => {
                let tail = rest.get(at..)?.iter();
                at += tail
                    .take_while(|byte| matches!(byte, b'.' | b'!' | b'?' | b')' | b'"'))
                    .count();
                return matches!(rest.get(at), None | Some(b' ')).then_some(at);
            }
            // What stands between two words and joins nothing.
            Some(b'\'' | b',' | b'?' | b':' | b';' | b'"' | b')') => at += 1,
            _ => return None,
        }
    }
}

/// The small letters that `rest` begins with: how many, and the hash of the word. Nothing where it has more than
/// [`MAX_LETTERS`], or letters in a row as only drawn-out words have them.
#[inline]
fn clean_word(rest: &[u8]) -> Option<(usize, u64)> {
    let first = eight(rest);
    let n_first = n_small(first);
    let first = first & first_bytes(n_first);
    if n_first < 8 {
        return (!is_drawn_out(first, 0)).then(|| (n_first, hash(first, 0)));
    }
    let second = eight(rest.get(8..)?);
    let n_second = n_small(second);
    let second = second & first_bytes(n_second);
    let is_clean = n_second < 8 && !is_drawn_out(first, 0) && !is_drawn_out(second, first >> 48);
    is_clean.then(|| (8 + n_second, hash(first, second)))
}

/// The hash of a word of up to fifteen small letters.
pub(super) fn short_hash(word: &str) -> u64 {
    hash(eight(word.as_bytes()), eight(word.as_bytes().get(8..).unwrap_or_default()))
}

#[inline]
const fn hash(first: u64, second: u64) -> u64 {
    let mixed = first ^ second.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    (mixed ^ mixed >> 32).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// The next eight bytes, zeros behind the last.
#[inline]
fn eight(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// How many small letters eight bytes begin with.
#[inline]
const fn n_small(word: u64) -> usize {
    // Each byte by itself: no sum of two numbers of seven bits reaches the next.
    let low = word & !HIGH_BITS;
    let from_a = low + ONES * (0x80 - b'a' as u64);
    let past_z = low + ONES * (0x7f - b'z' as u64);
    let is_small = from_a & !past_z & !word & HIGH_BITS;
    ((is_small ^ HIGH_BITS).trailing_zeros() / 8) as usize
}

/// A mask of the first `n_bytes` of eight.
#[inline]
const fn first_bytes(n_bytes: usize) -> u64 {
    if n_bytes >= 8 { u64::MAX } else { (1 << (8 * n_bytes)) - 1 }
}

/// Whether a letter stands in a row three times among these, or twice where no language has it; `before` are the two
/// letters before, the last one higher. Seldom wrong, and then only with yes.
#[inline]
const fn is_drawn_out(letters: u64, before: u64) -> bool {
    let differs = letters ^ (letters << 8 | before >> 8);
    // Small letters have these bits in common; what is behind the last one is zero.
    let is_letter = letters << 1 & HIGH_BITS;
    let mut same = differs.wrapping_sub(ONES) & !differs & is_letter;
    if same == 0 {
        return false;
    }
    let is_third = same & 0x80 != 0 && before & 0xff == before >> 8;
    if same & same << 8 != 0 || is_third {
        return true;
    }
    while same != 0 {
        let letter = (letters >> (same.trailing_zeros() - 7)) as u8;
        if super::quick::is_seldom_double(letter) {
            return true;
        }
        same &= same - 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rest: &str, expected: Option<usize>) {
        assert_eq!(n_clean_bytes(&Lists::new(), rest.as_bytes()), expected, "{rest}");
    }

    #[test]
    fn plain_words_are_clean_at_first_sight() {
        check("horaires tout", Some(8));
        check("horaires, you", Some(9));
        check("l'heure de", Some(7));
        check("well... no", Some(7));
        check("signalisation!?", Some(15));
        check("", Some(0));
        check(" a", Some(0));
    }

    #[test]
    fn the_rest_is_looked_at_closer() {
        check("connard", None);
        check("helllo", None);
        check("abcdefgggi", None);
        check("buut", None);
        check("f.u.c.k", None);
        check("sh1t", None);
        check("anticonstitutionnellement", None);
        check("été", None);
    }

    proptest::proptest! {
        #[test]
        fn letters_are_those_of_the_plain_look(word in "[a-z]{0,15}", after in "[^a-z]{0,9}") {
            let text = format!("{word}{after}");
            let bytes = word.as_bytes();
            let is_drawn_out = bytes.array_windows().any(|[a, b, c]| a == b && b == c)
                || bytes.array_windows().any(|[a, b]| a == b && super::super::quick::is_seldom_double(*a));
            match clean_word(text.as_bytes()) {
                Some(found) => {
                    proptest::prop_assert_eq!(found, (word.len(), short_hash(&word)));
                    proptest::prop_assert!(!is_drawn_out);
                }
                // A letter and the next one after two that are the same may be taken for three.
                None => proptest::prop_assert!(bytes.array_windows().any(|[a, b]| a == b)),
            }
        }
    }
}
