//! Which queries a post belongs to, as bits.

/// A room has at most this many queries: their answers for a post fit one machine word.
pub const MAX_QUERIES: usize = 64;

/// A set of queries, by their place in the room's list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct QuerySet(u64);

impl QuerySet {
    /// No query at all.
    pub const EMPTY: Self = Self(0);

    /// The set with these bits: bit 0 is the first query.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The set as bits: bit 0 is the first query.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether no query is in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many queries are in it.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether the query at `query_idx` is in it.
    #[must_use]
    pub const fn contains(self, query_idx: usize) -> bool {
        query_idx < MAX_QUERIES && self.0 & (1 << query_idx) != 0
    }

    /// Adds the query at `query_idx`; places beyond [`MAX_QUERIES`] do not exist.
    pub const fn insert(&mut self, query_idx: usize) {
        if query_idx < MAX_QUERIES {
            self.0 |= 1 << query_idx;
        }
    }

    /// The queries that are in one of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The places in it, lowest first.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let query_idx = rest.trailing_zeros() as usize;
            (rest != 0).then(|| {
                rest &= rest - 1;
                query_idx
            })
        })
    }
}

impl FromIterator<usize> for QuerySet {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Self {
        let mut set = Self::EMPTY;
        for query_idx in places {
            set.insert(query_idx);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_put_in() {
        let set = QuerySet::from_iter([63, 0, 5, 5, 64, 1_000]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 5, 63]);
        assert_eq!(set.len(), 3);
        assert!(set.contains(63) && !set.contains(1) && !set.contains(64));
        assert!(QuerySet::EMPTY.is_empty() && !set.is_empty());
    }
}
