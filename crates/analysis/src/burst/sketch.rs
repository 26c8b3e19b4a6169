//! Where rare terms are remembered once there are too many to track: a few bytes each, and the rarest give way.

use super::posts::Seen;

/// Cells that share a place: where all are taken, the one with the least past gives way.
const N_WAYS: usize = 4;
/// Places; 2^17 times four cells of 32 bytes are 16 MB.
const N_SETS: usize = 1 << 17;
/// A past is halved after this long.
const HALF_LIFE_SECS: f32 = 3_600.0;
/// What came longer ago than this is past.
const FRESH_SECS: i64 = 180;

/// What is remembered of a rare term.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    key: u32,
    /// Posts with it that lie some time back, fading.
    past: f32,
    at: i64,
    post: u32,
    author: u32,
    text: u32,
    /// Posts since the term was last quiet.
    n_fresh: u16,
    /// Whether it is made of several words: most of these come once and never again, and must not crowd out words.
    is_pair: bool,
}

/// The cells of one place: two whole cache lines.
#[derive(Clone, Debug, Default)]
#[repr(align(128))]
struct Set([Cell; N_WAYS]);

/// What the sketch knows of a term that is now to be tracked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Remembered {
    pub(super) past: f32,
    /// The post before this one, where it was not long ago.
    pub(super) before: Option<Seen>,
}

/// Counts of rare terms. It takes no room before the first one.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    sets: Vec<Set>,
}

impl Sketch {
    /// Reads from the place of a term, so that the processor has it at hand when it is needed.
    pub(super) fn touch(&self, key: u32) -> u32 {
        self.sets
            .get(key as usize % N_SETS)
            .and_then(|Set(set)| Some(set.first()?.key ^ set.last()?.key))
            .unwrap_or_default()
    }

    /// Counts a post with the term; tells what is known of it once it has come `bar` times in a short while.
    pub(super) fn count(
        &mut self,
        key: u32,
        seen: Seen,
        bar: u16,
        is_pair: bool,
    ) -> Option<Remembered> {
        let cell = self.cell(key)?;
        cell.is_pair = is_pair;
        if seen.at.saturating_sub(cell.at) > FRESH_SECS {
            let n_fresh = f32::from(cell.n_fresh);
            cell.past = fade(cell.past + n_fresh, seen.at.saturating_sub(cell.at));
            cell.n_fresh = 0;
        }
        let before = (cell.n_fresh > 0).then_some(Seen {
            at: cell.at,
            post: cell.post,
            author: cell.author,
            text: cell.text,
        });
        cell.n_fresh = cell.n_fresh.saturating_add(1);
        (cell.at, cell.post, cell.author, cell.text) =
            (cell.at.max(seen.at), seen.post, seen.author, seen.text);
        if cell.n_fresh < bar {
            return None;
        }
        let remembered = Remembered { past: cell.past, before };
        *cell = Cell::default();
        Some(remembered)
    }

    /// Remembers the past of a term that is no longer tracked.
    pub(super) fn remember(&mut self, key: u32, past: f32, at: i64) {
        if let Some(cell) = self.cell(key) {
            *cell = Cell { key, past: cell.past + past, at, ..Cell::default() };
        }
    }

    /// The cell of a term: its own, or the least of those that share its place.
    fn cell(&mut self, key: u32) -> Option<&mut Cell> {
        if self.sets.is_empty() {
            self.sets.resize(N_SETS, Set::default());
        }
        let Set(set) = self.sets.get_mut(key as usize % N_SETS)?;
        let own = set.iter().position(|cell| cell.key == key);
        let place = own.unwrap_or_else(|| {
            let newest = set.iter().map(|cell| cell.at).max().unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "what is so long ago is worth nothing")]
            let worth = |cell: &Cell| {
                let age = newest.saturating_sub(cell.at).clamp(0, 1 << 20) as f32;
                let past = (cell.past + f32::from(cell.n_fresh)) / (HALF_LIFE_SECS + age);
                if cell.is_pair { past / 2.0 } else { past }
            };
            let least = set.iter().enumerate().min_by(|(_, one), (_, other)| {
                worth(one).total_cmp(&worth(other)).then(one.at.cmp(&other.at))
            });
            least.map_or(0, |(place, _)| place)
        });
        let cell = set.get_mut(place)?;
        if own.is_none() {
            *cell = Cell { key, ..Cell::default() };
        }
        Some(cell)
    }
}

/// What is left of a past after so long.
pub(super) fn fade(past: f32, secs: i64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "what is so long ago has faded to nothing")]
    let secs = secs.clamp(0, 1 << 20) as f32;
    past * (-secs / HALF_LIFE_SECS).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(at: i64) -> Seen {
        Seen { at, post: 7, author: 8, text: 9 }
    }

    #[test]
    fn a_term_that_comes_again_is_to_be_tracked() {
        let mut sketch = Sketch::default();
        assert_eq!(sketch.count(1, seen(0), 2, false), None);
        let remembered = sketch.count(1, seen(100), 2, false).unwrap();
        assert_eq!(remembered, Remembered { past: 0.0, before: Some(seen(0)) });
        assert_eq!(sketch.count(1, seen(100), 2, false), None, "it starts anew");
    }

    #[test]
    fn the_past_fades() {
        let mut sketch = Sketch::default();
        sketch.remember(1, 8.0, 0);
        assert_eq!(sketch.count(1, seen(3_600), 2, false), None);
        let remembered = sketch.count(1, seen(3_610), 2, false).unwrap();
        assert!((remembered.past - 4.0).abs() < 1e-3);
    }

    #[test]
    fn common_terms_outlast_a_flood_of_rare_ones() {
        let mut sketch = Sketch::default();
        let n_sets = u32::try_from(N_SETS).unwrap();
        sketch.remember(5, 100.0, 0);
        for round in 1..100 {
            assert_eq!(sketch.count(5 + round * n_sets, seen(i64::from(round)), 2, true), None);
        }
        assert_eq!(sketch.sets.len(), N_SETS);
        assert_eq!(sketch.count(5, seen(100), 2, false), None);
        assert!(sketch.count(5, seen(101), 2, false).unwrap().past > 90.0);
    }
}
