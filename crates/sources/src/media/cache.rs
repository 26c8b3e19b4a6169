//! What is kept of pictures: the newest asked first, up to a number of bytes, and for a day.

use std::{collections::BTreeMap, sync::Arc};

use crate::model::{Micros, Picture, Timestamp};

/// Networks want media cached for a day at most.
const MAX_AGE: Micros = 24 * 3_600 * 1_000_000;

/// The bookkeeping of one picture, beside its pixels.
const ENTRY_BYTES: usize = 256;

#[derive(Debug)]
struct Slot {
    picture: Arc<Picture>,
    fetched: Timestamp,
    asked: u64,
}

/// Pictures by their address; the longest unasked goes first.
#[derive(Debug)]
pub(super) struct Cache {
    max_bytes: usize,
    n_bytes: usize,
    slots: BTreeMap<Box<str>, Slot>,
    by_asked: BTreeMap<u64, Box<str>>,
    next: u64,
}

impl Cache {
    /// An empty cache that never holds more than `max_bytes`.
    pub(super) const fn new(max_bytes: usize) -> Self {
        Self { max_bytes, n_bytes: 0, slots: BTreeMap::new(), by_asked: BTreeMap::new(), next: 0 }
    }

    /// The picture, which is now the last to go.
    pub(super) fn get(&mut self, address: &str, now: Timestamp) -> Option<Arc<Picture>> {
        let slot = self.slots.get_mut(address)?;
        if now.since(slot.fetched) > MAX_AGE {
            self.remove(address);
            return None;
        }
        if let Some(key) = self.by_asked.remove(&slot.asked) {
            slot.asked = self.next;
            self.by_asked.insert(self.next, key);
            self.next += 1;
        }
        Some(Arc::clone(&slot.picture))
    }

    /// Keeps a picture and says how many others had to go for it.
    pub(super) fn put(&mut self, address: &str, picture: Arc<Picture>, now: Timestamp) -> u64 {
        self.remove(address);
        self.n_bytes += size(address, &picture);
        self.slots.insert(address.into(), Slot { picture, fetched: now, asked: self.next });
        self.by_asked.insert(self.next, address.into());
        self.next += 1;
        let mut n_evicted = 0;
        while self.n_bytes > self.max_bytes
            && let Some((_, oldest)) = self.by_asked.pop_first()
        {
            self.forget_slot(&oldest);
            n_evicted += 1;
        }
        n_evicted
    }

    /// Forgets a picture.
    pub(super) fn remove(&mut self, address: &str) {
        if let Some(asked) = self.forget_slot(address) {
            self.by_asked.remove(&asked);
        }
    }

    /// Bytes held now.
    pub(super) const fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Pictures held now.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    fn forget_slot(&mut self, address: &str) -> Option<u64> {
        let slot = self.slots.remove(address)?;
        self.n_bytes = self.n_bytes.saturating_sub(size(address, &slot.picture));
        Some(slot.asked)
    }
}

fn size(address: &str, picture: &Picture) -> usize {
    picture.rgba.len() + 2 * address.len() + ENTRY_BYTES
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn picture(n_pixels: usize) -> Arc<Picture> {
        let rgba = vec![0; n_pixels * 4].into();
        Arc::new(Picture { width_px: n_pixels as u32, height_px: 1, rgba })
    }

    const NOON: Timestamp = Timestamp::from_secs(43_200);

    #[test]
    fn the_longest_unasked_goes_first() {
        let mut cache = Cache::new(3 * (400 + ENTRY_BYTES + 2));
        for name in ["a", "b", "c"] {
            assert_eq!(cache.put(name, picture(100), NOON), 0);
        }
        assert!(cache.get("a", NOON).is_some());
        assert_eq!(cache.put("d", picture(100), NOON), 1);
        assert!(cache.get("b", NOON).is_none());
        assert!(cache.get("a", NOON).is_some());
        assert_eq!(cache.put("huge", picture(10_000), NOON), 4, "what fits nowhere is not kept");
        assert_eq!((cache.len(), cache.n_bytes()), (0, 0));
    }

    #[test]
    fn after_a_day_it_is_fetched_again() {
        let mut cache = Cache::new(10_000);
        cache.put("a", picture(1), NOON);
        assert!(cache.get("a", NOON.plus(MAX_AGE)).is_some());
        assert!(cache.get("a", NOON.plus(MAX_AGE + 1)).is_none());
        assert_eq!(cache.n_bytes(), 0);
    }

    proptest! {
        #[test]
        fn the_books_are_right(steps in prop::collection::vec((0..3_u8, 0..8_u8, 1..60_usize), 0..100)) {
            let mut cache = Cache::new(1_500);
            for (action, name, n_pixels) in steps {
                let name = name.to_string();
                match action {
                    0 => drop(cache.put(&name, picture(n_pixels), NOON)),
                    1 => drop(cache.get(&name, NOON)),
                    _ => cache.remove(&name),
                }
                let n_bytes: usize =
                    cache.slots.iter().map(|(name, slot)| size(name, &slot.picture)).sum();
                prop_assert_eq!(cache.n_bytes(), n_bytes);
                prop_assert!(n_bytes <= 1_500);
                prop_assert_eq!(cache.by_asked.len(), cache.slots.len());
            }
        }
    }
}
