//! A window over numbered slots of time that moves forward only.

use std::{collections::VecDeque, ops::RangeInclusive};

/// Cells for the newest slots of time. What is older is gone; what is newer than the window does not exist yet.
#[derive(Clone, Debug)]
pub(crate) struct Ring<T> {
    n_slots: usize,
    /// The slot of the last cell; nothing was heard of before the first [`Ring::advance`].
    newest: Option<i64>,
    cells: VecDeque<T>,
}

impl<T: Default> Ring<T> {
    pub(crate) fn new(n_slots: usize) -> Self {
        Self { n_slots, newest: None, cells: VecDeque::new() }
    }

    /// Makes `slot` the newest; true where that changed anything.
    pub(crate) fn advance(&mut self, slot: i64) -> bool {
        let n_new = match self.newest {
            Some(newest) if slot <= newest => return false,
            Some(newest) => usize::try_from(slot.saturating_sub(newest)).unwrap_or(usize::MAX),
            None => self.n_slots,
        };
        self.newest = Some(slot);
        if n_new >= self.n_slots {
            self.cells.clear();
            self.cells.resize_with(self.n_slots, T::default);
        } else {
            self.cells.drain(..n_new);
            self.cells.resize_with(self.n_slots, T::default);
        }
        true
    }

    /// The cell of `slot`, where the window holds it.
    pub(crate) fn cell(&mut self, slot: i64) -> Option<&mut T> {
        let cell_idx = self.place(slot)?;
        self.cells.get_mut(cell_idx)
    }

    /// The cells of `slots`, oldest first; those outside the window are left out.
    pub(crate) fn cells(&self, slots: RangeInclusive<i64>) -> impl Iterator<Item = &T> {
        let n_slots = i64::try_from(self.n_slots).unwrap_or(i64::MAX);
        let newest = self.newest.unwrap_or(i64::MIN);
        let oldest = newest.saturating_sub(n_slots.saturating_sub(1));
        let places = (*slots.start()).max(oldest)..=(*slots.end()).min(newest);
        let n_skipped = self.place(*places.start()).unwrap_or(self.cells.len());
        let n_taken =
            usize::try_from(places.end().saturating_sub(*places.start()) + 1).unwrap_or(0);
        self.cells.iter().skip(n_skipped).take(n_taken)
    }

    fn place(&self, slot: i64) -> Option<usize> {
        let age = usize::try_from(self.newest?.checked_sub(slot)?).ok()?;
        self.cells.len().checked_sub(age.checked_add(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ring: &Ring<u32>, slots: RangeInclusive<i64>, expected: &[u32]) {
        assert_eq!(ring.cells(slots).copied().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn holds_the_newest_slots() {
        let mut ring = Ring::new(3);
        assert!(ring.cell(5).is_none());
        check(&ring, 0..=9, &[]);
        assert!(ring.advance(5));
        *ring.cell(5).unwrap() = 50;
        *ring.cell(3).unwrap() = 30;
        assert!(ring.cell(2).is_none() && ring.cell(6).is_none());
        check(&ring, 3..=5, &[30, 0, 50]);
        assert!(ring.advance(6) && !ring.advance(6) && !ring.advance(1));
        check(&ring, 0..=9, &[0, 50, 0]);
        check(&ring, 5..=5, &[50]);
        check(&ring, 7..=9, &[]);
        assert!(ring.advance(1_000));
        check(&ring, 0..=1_000, &[0, 0, 0]);
    }

    #[test]
    fn the_ends_of_time_are_fine() {
        let mut ring: Ring<u32> = Ring::new(3);
        assert!(ring.advance(i64::MAX));
        assert!(ring.cell(i64::MIN).is_none());
        check(&ring, i64::MIN..=i64::MAX, &[0, 0, 0]);
        let mut early: Ring<u32> = Ring::new(3);
        assert!(early.advance(i64::MIN) && early.advance(i64::MAX));
    }
}
