//! The seconds in which something came, so that the newest is known also after deletions.

use std::collections::VecDeque;

use vigie_model::Timestamp;

/// Seconds that are remembered; 16 bytes each.
const MAX_SECS: usize = 1 << 10;

/// The seconds in which something came.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// Seconds with how many events came in each, oldest first.
    secs: VecDeque<(i64, u32)>,
}

impl Heard {
    pub(crate) fn add(&mut self, at: Timestamp) {
        let at = at.as_secs();
        // Nearly everything comes in the last second or in the next one.
        let place = match self.secs.back_mut() {
            Some((last, n_events)) if *last == at => {
                *n_events = n_events.saturating_add(1);
                return;
            }
            Some((last, _)) if *last > at => self.secs.partition_point(|(secs, _)| *secs < at),
            _ => self.secs.len(),
        };
        let is_too_old = place == 0 && self.secs.len() >= MAX_SECS;
        match self.secs.get_mut(place) {
            Some((secs, n_events)) if *secs == at => *n_events = n_events.saturating_add(1),
            _ if is_too_old => {}
            _ => self.secs.insert(place, (at, 1)),
        }
        if self.secs.len() > MAX_SECS {
            self.secs.pop_front();
        }
    }

    pub(crate) fn subtract(&mut self, at: Timestamp) {
        let at = at.as_secs();
        let Ok(place) = self.secs.binary_search_by_key(&at, |(secs, _)| *secs) else { return };
        if let Some((_, n_events)) = self.secs.get_mut(place) {
            *n_events = n_events.saturating_sub(1);
            if *n_events == 0 {
                self.secs.remove(place);
            }
        }
    }

    pub(crate) fn last(&self) -> Option<Timestamp> {
        self.secs.back().map(|(secs, _)| Timestamp::from_secs(*secs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_that_is_left_is_known() {
        let mut heard = Heard::default();
        let at = Timestamp::from_secs;
        for secs in [5, 9, 5, 7, 9] {
            heard.add(at(secs));
        }
        assert_eq!(heard.last(), Some(at(9)));
        for (secs, left) in [(9, Some(9)), (9, Some(7)), (3, Some(7)), (7, Some(5)), (5, Some(5))] {
            heard.subtract(at(secs));
            assert_eq!(heard.last(), left.map(at));
        }
        heard.subtract(at(5));
        assert_eq!(heard.last(), None);
        for secs in 0..5_000 {
            heard.add(at(secs));
        }
        assert_eq!((heard.secs.len(), heard.last()), (MAX_SECS, Some(at(4_999))));
    }
}
