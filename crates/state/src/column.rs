//! The posts behind a feed, with copies of one text folded into one.
//!
//! A flood cannot push other posts off the wall: of the copies of a text only the first few take a place, the
//! others are counted. What is shown follows from the posts that are there: a deleted copy counts no more, and where
//! the first copy is deleted the second is shown.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use rustc_hash::{FxHashMap, FxHashSet};
use vigie_model::{Feed, FeedItem, Flag, Seq, Severity};

use crate::feed::{Entry, FEED_RESERVE};

/// From so many copies on, one is shown for all.
pub const MIN_COPIES: u32 = 3;
/// Copies that take a place, so that the next is shown where the first is deleted; the others are counted only.
pub const MAX_COPIES: u32 = 8;
/// Copies that are counted without a place, over all texts of a feed; 16 bytes each.
const MAX_COUNTED: usize = 1 << 14;

/// Posts in their order, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    entries: VecDeque<Entry>,
    /// Texts that stand here, by their likeness.
    groups: FxHashMap<u64, Group>,
    /// Copies that are counted only, and what they are copies of.
    counted: BTreeMap<Seq, u64>,
}

/// The copies of one text.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    n_entries: u32,
    n_counted: u32,
}

impl Group {
    const fn n_copies(self) -> u32 {
        self.n_entries + self.n_counted
    }
}

impl Column {
    pub(crate) fn insert(&mut self, entry: Entry) {
        let likeness = entry.item.reading.likeness;
        // Nearly all come in their order.
        let place = match self.entries.back() {
            Some(last) if last.order >= entry.order => {
                self.entries.partition_point(|known| known.order < entry.order)
            }
            _ => self.entries.len(),
        };
        if place == 0 && self.entries.len() >= FEED_RESERVE {
            return;
        }
        if likeness != 0 {
            let group = self.groups.entry(likeness).or_default();
            if group.n_entries >= MAX_COPIES && place == self.entries.len() {
                if self.counted.len() < MAX_COUNTED {
                    group.n_counted += 1;
                    self.counted.insert(entry.order, likeness);
                }
                return;
            }
            group.n_entries += 1;
        }
        self.entries.insert(place, entry);
        if self.entries.len() > FEED_RESERVE
            && let Some(oldest) = self.entries.pop_front()
        {
            self.leave(&oldest);
        }
    }

    /// Whether the post of this place is in it, as itself or as a copy that is counted.
    pub(crate) fn holds(&self, order: Seq) -> bool {
        // Most posts are older than all that a busy feed shows.
        let is_entry = self.entries.front().is_some_and(|first| first.order <= order)
            && self.entries.binary_search_by_key(&order, |entry| entry.order).is_ok();
        is_entry || self.counted.contains_key(&order)
    }

    pub(crate) fn remove(&mut self, order: Seq) {
        if let Ok(place) = self.entries.binary_search_by_key(&order, |entry| entry.order) {
            if let Some(entry) = self.entries.remove(place) {
                self.leave(&entry);
            }
        } else if let Some(likeness) = self.counted.remove(&order)
            && let Some(group) = self.groups.get_mut(&likeness)
        {
            group.n_counted = group.n_counted.saturating_sub(1);
        }
    }

    /// An entry has gone from its place.
    fn leave(&mut self, entry: &Entry) {
        let likeness = entry.item.reading.likeness;
        let Some(group) = self.groups.get_mut(&likeness) else { return };
        group.n_entries = group.n_entries.saturating_sub(1);
        if group.n_entries > 0 {
            return;
        }
        if group.n_counted > 0 {
            self.counted.retain(|_, known| *known != likeness);
        }
        self.groups.remove(&likeness);
    }

    /// All posts that have a place, oldest first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// All posts that have a place, for a change that leaves their text as it is.
    pub(crate) fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut()
    }

    /// What is shown, newest first: of many copies the first, with their number.
    pub(crate) fn items(&self) -> Vec<Arc<FeedItem>> {
        let mut met = FxHashSet::default();
        let firsts: FxHashSet<Seq> = self
            .entries
            .iter()
            .filter(|entry| met.insert(entry.item.reading.likeness))
            .map(|entry| entry.order)
            .collect();
        let shown = self.entries.iter().rev().filter_map(|entry| {
            let group = self.groups.get(&entry.item.reading.likeness).copied().unwrap_or_default();
            if group.n_copies() < MIN_COPIES {
                return Some(Arc::clone(&entry.item));
            }
            firsts.contains(&entry.order).then(|| folded(&entry.item, group.n_copies()))
        });
        shown.take(Feed::MAX_ITEMS).collect()
    }
}

/// The post that stands for `n_copies`.
fn folded(item: &FeedItem, n_copies: u32) -> Arc<FeedItem> {
    let mut item = item.clone();
    item.n_copies = n_copies;
    Arc::make_mut(&mut item.reading).flags.raise(Flag::Flood, Severity::Mild);
    Arc::new(item)
}
