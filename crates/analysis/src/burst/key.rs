//! One number for all spellings of a term.

/// A post's keys fit in so many; more terms than this are not counted.
pub const MAX_KEYS: usize = crate::MAX_TERMS;
/// Shorter words keep their last letter: `bus` is no plural.
const MIN_PLURAL_BYTES: usize = 5;

/// An odd number without a pattern.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(hash: u64, word: u64) -> u64 {
    let product = ((hash ^ word ^ MULTIPLIER) as u128).wrapping_mul(MULTIPLIER as u128);
    (product >> 64) as u64 ^ product as u64
}

/// One number for all spellings of a term: `#RailAzur`, `railazur` and `rail azur`; a word and its plural in `s`.
///
/// Two different terms share a number once in four thousand million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermKey(u32);

impl TermKey {
    /// The key of a folded term.
    #[must_use]
    pub fn of(term: &str) -> Self {
        let bytes = term.as_bytes();
        let bytes = match bytes {
            [head @ .., b's'] if bytes.len() >= MIN_PLURAL_BYTES && !head.ends_with(b"s") => head,
            _ => bytes,
        };
        let (mut hash, mut word, mut n_bits) = (0, 0, 0);
        for byte in bytes {
            if matches!(byte, b'#' | b' ' | b'_' | b'-') {
                continue;
            }
            word |= u64::from(*byte) << n_bits;
            n_bits += u8::BITS;
            if n_bits == u64::BITS {
                hash = mix(hash, word);
                (word, n_bits) = (0, 0);
            }
        }
        let hash = mix(mix(hash, word), n_bits.into());
        // The upper half is the better mixed one.
        Self((hash >> 32) as u32)
    }

    /// A number for the term as it is written.
    pub(super) fn spelling(term: &str) -> u32 {
        let (words, rest) = term.as_bytes().as_chunks();
        let hash = words.iter().fold(0, |hash, word| mix(hash, u64::from_le_bytes(*word)));
        let rest = rest.iter().rev().fold(0, |word, byte| word << u8::BITS | u64::from(*byte));
        (mix(mix(hash, rest), term.len() as u64) >> 32) as u32
    }

    pub(super) const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub(super) const fn bits(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, same: bool) {
        assert_eq!(TermKey::of(one) == TermKey::of(other), same, "{one} and {other}");
    }

    #[test]
    fn spellings_share_a_key() {
        check("#railazur", "rail azur", true);
        check("#railazur", "railazur", true);
        check("trains", "train", true);
        check("#rail_azur", "rail azur", true);
        check("stress", "stres", false);
        check("bus", "bu", false);
        check("panne", "pannes", true);
        check("panne", "greve", false);
        check("", "#", true);
    }
}
