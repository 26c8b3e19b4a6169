//! The posts that are on the wall now: those of all feeds, the newest first, each once.

use std::{collections::BTreeMap, sync::Arc};

use vigie_model::{FeedItem, PostId, Snapshot};

/// The posts that are on the wall now. Made anew only where a feed has changed.
#[derive(Debug, Default)]
pub(crate) struct Live {
    versions: Vec<u64>,
    items: Vec<Arc<FeedItem>>,
}

impl Live {
    /// Takes note of the newest snapshot.
    pub(crate) fn look(&mut self, snapshot: &Snapshot) {
        let versions = || snapshot.queries.values().map(|query| query.feed.version());
        if versions().eq(self.versions.iter().copied()) {
            return;
        }
        self.versions = versions().collect();
        let feeds = snapshot.queries.values().flat_map(|query| &query.feed.items);
        let each: BTreeMap<&PostId, &Arc<FeedItem>> =
            feeds.map(|item| (&item.post.id, item)).collect();
        self.items = each.into_values().cloned().collect();
        self.items.sort_by(|one, other| {
            let key = |item: &FeedItem| (item.post.received, item.post.published);
            key(other).cmp(&key(one)).then_with(|| one.post.id.cmp(&other.post.id))
        });
    }

    /// The posts, the newest first.
    pub(crate) fn items(&self) -> &[Arc<FeedItem>] {
        &self.items
    }
}
