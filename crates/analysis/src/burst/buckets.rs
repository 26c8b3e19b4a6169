//! Counts over the newest slots of time, in a fixed place.

/// Counts of the newest `N` slots. What is older is gone.
#[derive(Clone, Debug)]
pub(super) struct Buckets<const N: usize> {
    newest: i64,
    cells: [u32; N],
}

impl<const N: usize> Default for Buckets<N> {
    fn default() -> Self {
        Self { newest: i64::MIN / 2, cells: [0; N] }
    }
}

impl<const N: usize> Buckets<N> {
    fn place(slot: i64) -> usize {
        // The remainder lies in 0..N.
        usize::try_from(slot.rem_euclid(Self::len())).unwrap_or(0)
    }

    fn len() -> i64 {
        i64::try_from(N).unwrap_or(i64::MAX)
    }

    const fn holds(&self, slot: i64) -> bool {
        slot <= self.newest && self.newest.saturating_sub(slot) < N as i64
    }

    /// Adds one to `slot`; false where it is too old. A newer slot becomes the newest.
    pub(super) fn add(&mut self, slot: i64, n_more: u32) -> bool {
        if slot > self.newest {
            let n_new = slot.saturating_sub(self.newest);
            if n_new >= Self::len() {
                self.cells = [0; N];
            } else {
                for fresh in self.newest + 1..=slot {
                    if let Some(cell) = self.cells.get_mut(Self::place(fresh)) {
                        *cell = 0;
                    }
                }
            }
            self.newest = slot;
        } else if !self.holds(slot) {
            return false;
        }
        if let Some(cell) = self.cells.get_mut(Self::place(slot)) {
            *cell = cell.saturating_add(n_more);
        }
        true
    }

    /// Takes one from `slot`, where it is still here.
    pub(super) fn take(&mut self, slot: i64) {
        if self.holds(slot)
            && let Some(cell) = self.cells.get_mut(Self::place(slot))
        {
            *cell = cell.saturating_sub(1);
        }
    }

    pub(super) fn get(&self, slot: i64) -> u32 {
        if self.holds(slot) { self.cells.get(Self::place(slot)).copied().unwrap_or(0) } else { 0 }
    }

    /// The sum over `first..=last`.
    pub(super) fn sum(&self, first: i64, last: i64) -> u64 {
        let runs = self.runs(first, last).into_iter();
        runs.map(|run| run.iter().map(|count| u64::from(*count)).sum::<u64>()).sum()
    }

    /// The most in one slot of `first..=last`.
    pub(super) fn max(&self, first: i64, last: i64) -> u32 {
        self.runs(first, last).into_iter().flatten().copied().max().unwrap_or(0)
    }

    /// The cells of `first..=last`: one run of cells, or two where it goes over the end.
    fn runs(&self, first: i64, last: i64) -> [&[u32]; 2] {
        let first = first.max(self.newest.saturating_sub(Self::len() - 1));
        let last = last.min(self.newest);
        if first > last {
            return [&[], &[]];
        }
        let (from, to) = (Self::place(first), Self::place(last));
        let runs = if from <= to {
            [self.cells.get(from..=to), None]
        } else {
            [self.cells.get(from..), self.cells.get(..=to)]
        };
        runs.map(Option::unwrap_or_default)
    }

    /// The first slot with anything in it.
    pub(super) fn first(&self) -> Option<i64> {
        let oldest = self.newest.saturating_sub(Self::len() - 1);
        (oldest..=self.newest).find(|slot| self.get(*slot) > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_newest_slots() {
        let mut buckets: Buckets<4> = Buckets::default();
        assert_eq!((buckets.sum(i64::MIN, i64::MAX), buckets.first()), (0, None));
        assert!(buckets.add(-3, 1) && buckets.add(-1, 2) && buckets.add(-2, 1));
        assert!(!buckets.add(-5, 1));
        assert_eq!(buckets.sum(-3, -1), 4);
        assert_eq!(buckets.first(), Some(-3));
        assert!(buckets.add(2, 1));
        assert_eq!((buckets.get(-1), buckets.get(-2), buckets.sum(-9, 9)), (2, 0, 3));
        buckets.take(2);
        buckets.take(2);
        buckets.take(-9);
        assert_eq!(buckets.sum(-9, 9), 2);
        assert!(buckets.add(1_000, 7));
        assert_eq!(buckets.sum(0, 2_000), 7);
    }
}
