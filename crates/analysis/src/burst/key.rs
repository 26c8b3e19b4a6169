//! One number for all spellings of a term.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

/// A post's keys fit in so many; more terms than this are not counted.
pub const MAX_KEYS: usize = crate::MAX_TERMS;
/// Shorter words keep their last letter: `bus` is no plural.
const MIN_PLURAL_BYTES: usize = 5;

/// One number for all spellings of a term: `#RailAzur`, `railazur` and `rail azur`; a word and its plural in `s`.
///
/// Two different terms share a number once in four thousand million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        let mut hasher = FxHasher::default();
        for byte in bytes.iter().filter(|byte| !matches!(byte, b'#' | b' ' | b'_' | b'-')) {
            hasher.write_u8(*byte);
        }
        // The upper half is the better mixed one.
        Self((hasher.finish() >> 32) as u32)
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
