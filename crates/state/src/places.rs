//! Finds things by a hash of their key, where the key stands with the thing.
//!
//! A usual map holds the keys once more, 32 bytes for each here, and so lies in slow memory once there are half a
//! million. This one has 8 bytes for each: half of the hash and the thing's number.

/// Cells of a map that holds something; always a power of two.
const MIN_CELLS: usize = 16;

/// One place of the table: a mark made of the hash in the upper half, which is never 0, and the number below.
type Cell = u64;

const EMPTY: Cell = 0;

/// Numbers by the hashes of their keys.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Half of it at least is empty.
    cells: Vec<Cell>,
    n_numbers: usize,
}

/// The upper bits tell keys apart, the lower ones of them say where to look.
const fn mark(hash: u64) -> u64 {
    (hash >> 32) | 1 << 31
}

impl Places {
    /// The number with this hash that `is` the one.
    pub(crate) fn get(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        self.find(hash, is).map(|(_, number)| number)
    }

    /// Adds a number that is not there.
    pub(crate) fn insert(&mut self, hash: u64, number: u32) {
        if (self.n_numbers + 1) * 2 > self.cells.len() {
            self.grow();
        }
        self.n_numbers += 1;
        self.put(mark(hash) << 32 | u64::from(number));
    }

    /// Takes a number out; whether it was there.
    pub(crate) fn remove(&mut self, hash: u64, number: u32) -> bool {
        let Some((mut hole, _)) = self.find(hash, |known| known == number) else { return false };
        self.n_numbers -= 1;
        // Those behind move up, unless they are at home where they are, so that no search ends too early.
        let mut at = hole;
        loop {
            at = self.next(at);
            let cell = self.cell(at);
            if cell == EMPTY {
                break;
            }
            let from_home = at.wrapping_sub(self.home(cell)) & self.mask();
            if from_home >= (at.wrapping_sub(hole) & self.mask()) {
                self.set(hole, cell);
                hole = at;
            }
        }
        self.set(hole, EMPTY);
        true
    }

    fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<(usize, u32)> {
        if self.cells.is_empty() {
            return None;
        }
        let mark = mark(hash);
        let mut at = self.home(mark << 32);
        loop {
            let cell = self.cell(at);
            if cell == EMPTY {
                return None;
            }
            let number = (cell & u64::from(u32::MAX)) as u32;
            if cell >> 32 == mark && is(number) {
                return Some((at, number));
            }
            at = self.next(at);
        }
    }

    fn put(&mut self, cell: Cell) {
        let mut at = self.home(cell);
        while self.cell(at) != EMPTY {
            at = self.next(at);
        }
        self.set(at, cell);
    }

    fn grow(&mut self) {
        let n_cells = (self.cells.len() * 2).max(MIN_CELLS);
        let before = std::mem::replace(&mut self.cells, vec![EMPTY; n_cells]);
        for cell in before.into_iter().filter(|cell| *cell != EMPTY) {
            self.put(cell);
        }
    }

    /// Where a cell's search begins.
    const fn home(&self, cell: Cell) -> usize {
        (cell >> 32) as usize & self.mask()
    }

    const fn next(&self, at: usize) -> usize {
        (at + 1) & self.mask()
    }

    const fn mask(&self) -> usize {
        self.cells.len().wrapping_sub(1)
    }

    fn cell(&self, at: usize) -> Cell {
        self.cells.get(at).copied().unwrap_or(EMPTY)
    }

    fn set(&mut self, at: usize, cell: Cell) {
        if let Some(place) = self.cells.get_mut(at) {
            *place = cell;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Few different hashes, so that most share their place.
        #[test]
        fn finds_what_a_map_finds(ops in prop::collection::vec((0_u64..40, any::<bool>()), 0..400)) {
            let hash = |key: u64| (key % 7) << 32 | key << 61;
            let (mut places, mut map) = (Places::default(), BTreeMap::new());
            for (step, (key, adds)) in (0_u32..).zip(ops) {
                let known = map.get(&key).copied();
                let found = places.get(hash(key), |number| Some(number) == known);
                prop_assert_eq!(found, known);
                match (adds, known) {
                    (true, None) => {
                        places.insert(hash(key), step);
                        map.insert(key, step);
                    }
                    (false, Some(number)) => {
                        prop_assert!(places.remove(hash(key), number));
                        map.remove(&key);
                    }
                    _ => prop_assert!(!places.remove(hash(key), u32::MAX)),
                }
                prop_assert_eq!(places.n_numbers, map.len());
            }
            for (key, number) in map {
                prop_assert_eq!(places.get(hash(key), |known| known == number), Some(number));
            }
        }
    }
}
