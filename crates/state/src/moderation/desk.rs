//! The lanes in which posts lie for moderators, and the posts that are kept whole because people deal with them.

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;
use vigie_model::{Author, FeedItem, Queue, QueueItem, Seq};

use crate::{
    digest::{AuthorKey, PostKey},
    feed,
};

/// The lanes, in the order of [`Lane::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Waiting,
    Stashed,
    Approved,
    Rejected,
    Flagged,
    Pinned,
}

impl Lane {
    pub(crate) const ALL: [Self; 6] =
        [Self::Waiting, Self::Stashed, Self::Approved, Self::Rejected, Self::Flagged, Self::Pinned];

    /// Posts that a lane holds; about a kilobyte each. The oldest go first.
    /// Ten thousand wait on the worst of days; a person never looks back over more than a thousand decisions.
    /// Rejected posts are let go by the log, which forgets their text then.
    const fn limit(self) -> usize {
        match self {
            Self::Waiting => 16_384,
            Self::Rejected => usize::MAX,
            Self::Stashed => 4_096,
            Self::Approved | Self::Flagged => 1_024,
            Self::Pinned => 64,
        }
    }

    /// Whether the newest of a lane is looked at first.
    const fn is_newest_first(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected)
    }
}

/// Where a post lies in each lane, if it does.
pub(crate) type Places = [Option<Seq>; Lane::ALL.len()];

/// A post kept whole.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) author: AuthorKey,
    pub(crate) item: Arc<FeedItem>,
    pub(crate) view: Arc<QueueItem>,
    pub(crate) places: Places,
    /// Whether the show needs it, whatever lane it lies in.
    pub(crate) on_air: bool,
}

/// All lanes.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    kept: FxHashMap<PostKey, Kept>,
    lanes: [BTreeMap<Seq, PostKey>; Lane::ALL.len()],
    /// Whether a lane may look different.
    pub(crate) is_stale: bool,
}

impl Desk {
    pub(crate) fn get(&self, key: PostKey) -> Option<&Kept> {
        self.kept.get(&key)
    }

    /// Puts a post where it lies now; a full lane lets its oldest post go.
    pub(crate) fn put(&mut self, key: PostKey, kept: Kept) {
        self.take(key);
        let mut let_go = Vec::new();
        for (lane, (posts, place)) in
            Lane::ALL.into_iter().zip(self.lanes.iter_mut().zip(kept.places))
        {
            let Some(place) = place else { continue };
            posts.insert(place, key);
            if posts.len() > lane.limit() {
                let_go.extend(posts.pop_first().map(|(_, oldest)| (lane, oldest)));
            }
        }
        self.kept.insert(key, kept);
        for (lane, oldest) in let_go {
            self.leave(lane, oldest);
        }
        self.is_stale = true;
    }

    /// Takes a post out of all lanes.
    pub(crate) fn take(&mut self, key: PostKey) -> Option<Kept> {
        let kept = self.kept.remove(&key)?;
        for (posts, place) in self.lanes.iter_mut().zip(kept.places) {
            if let Some(place) = place {
                posts.remove(&place);
            }
        }
        self.is_stale = true;
        Some(kept)
    }

    /// Notes that a lane has let a post go.
    fn leave(&mut self, lane: Lane, key: PostKey) {
        let Some(kept) = self.kept.get_mut(&key) else { return };
        if let Some(place) = kept.places.get_mut(lane as usize) {
            *place = None;
        }
        if !kept.on_air && kept.places.iter().all(Option::is_none) {
            self.kept.remove(&key);
        }
    }

    /// How many posts lie in a lane.
    pub(crate) fn len(&self, lane: Lane) -> usize {
        self.lanes.get(lane as usize).map_or(0, BTreeMap::len)
    }

    /// The posts of a lane, the oldest place first.
    pub(crate) fn keys(&self, lane: Lane) -> impl Iterator<Item = PostKey> {
        self.lanes.get(lane as usize).into_iter().flat_map(BTreeMap::values).copied()
    }

    pub(crate) fn view(&self, lane: Lane) -> Queue {
        let Some(posts) = self.lanes.get(lane as usize) else { return Queue::default() };
        let item = |key: &PostKey| Some(Arc::clone(&self.kept.get(key)?.view));
        let items = if lane.is_newest_first() {
            posts.values().rev().filter_map(item).take(Queue::MAX_ITEMS).collect()
        } else {
            posts.values().filter_map(item).take(Queue::MAX_ITEMS).collect()
        };
        Queue { items, n_total: posts.len() as u64 }
    }

    /// Puts an author's new name under its posts.
    pub(crate) fn rename(&mut self, key: AuthorKey, author: &Arc<Author>) -> bool {
        let mut is_changed = false;
        for kept in self.kept.values_mut().filter(|kept| kept.author == key) {
            if feed::rename(&mut kept.item, author) {
                let view = QueueItem { item: Arc::clone(&kept.item), ..(*kept.view).clone() };
                kept.view = Arc::new(view);
                is_changed = true;
            }
        }
        self.is_stale |= is_changed;
        is_changed
    }
}
