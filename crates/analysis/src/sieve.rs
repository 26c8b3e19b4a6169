//! A small filter before a set of hashes: it says no at once to most of what is not in the set.

/// Hashes that may be in a set. Seldom wrong, and then only with yes.
///
/// It has `N_WORDS` times 64 bits, some twenty for each hash: all that is looked at for every word must stay close to
/// the processor.
#[derive(Clone, Debug)]
pub(crate) struct Sieve<const N_WORDS: usize>(Box<[u64; N_WORDS]>);

/// For a few hundred hashes.
pub(crate) type SmallSieve = Sieve<128>;
/// For a few thousand.
pub(crate) type LargeSieve = Sieve<1_024>;

impl<const N_WORDS: usize> Sieve<N_WORDS> {
    /// Where a hash stands: a cell and a bit of it. The high bits of our hashes are the good ones.
    #[inline]
    const fn place(hash: u64) -> (usize, u64) {
        let place = (hash >> (64 - (64 * N_WORDS).ilog2())) as usize;
        (place / 64, 1 << (place % 64))
    }

    /// Whether this hash may be among those that went in.
    #[inline]
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let (cell, bit) = Self::place(hash);
        self.0.get(cell).is_some_and(|cell| cell & bit != 0)
    }
}

impl<const N_WORDS: usize> Default for Sieve<N_WORDS> {
    fn default() -> Self {
        Self(Box::new([0; N_WORDS]))
    }
}

impl<const N_WORDS: usize> FromIterator<u64> for Sieve<N_WORDS> {
    fn from_iter<I: IntoIterator<Item = u64>>(hashes: I) -> Self {
        let mut sieve = Self::default();
        for (cell, bit) in hashes.into_iter().map(Self::place) {
            if let Some(cell) = sieve.0.get_mut(cell) {
                *cell |= bit;
            }
        }
        sieve
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_in_is_found_and_little_else() {
        let hash = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let sieve: LargeSieve = (0..1_000).map(hash).collect();
        assert!((0..1_000).all(|n| sieve.may_have(hash(n))));
        let n_wrong = (1_000..101_000).filter(|n| sieve.may_have(hash(*n))).count();
        assert!(n_wrong < 2_000, "{n_wrong}");
    }
}
