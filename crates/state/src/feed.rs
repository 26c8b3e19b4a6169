//! The newest posts of a query, and the view of them while it is held still.

use std::sync::Arc;

use vigie_model::{Author, Feed, FeedItem, Seq};

use crate::{
    column::Column,
    digest::{AuthorKey, PostKey},
    people::with_author,
};

/// Posts kept behind a feed, so that deleted ones make room for older ones.
pub const FEED_RESERVE: usize = 4 * Feed::MAX_ITEMS;

/// The newest posts of a query.
#[derive(Debug, Default)]
pub(crate) struct FeedState {
    newest: Column,
    held: Option<Held>,
    n_total: u64,
}

/// A feed that is held still.
#[derive(Debug)]
struct Held {
    column: Column,
    /// The last post that it may show.
    last: Seq,
    n_waiting: u64,
}

/// One post of a feed.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) order: Seq,
    pub(crate) post: PostKey,
    pub(crate) author: AuthorKey,
    pub(crate) item: Arc<FeedItem>,
}

impl FeedState {
    /// Adds a post, at its place in the order.
    pub(crate) fn add(&mut self, entry: &Entry) {
        self.n_total += 1;
        if let Some(held) = &mut self.held {
            if entry.order > held.last {
                held.n_waiting += 1;
            } else {
                held.column.insert(entry.clone());
            }
        }
        self.newest.insert(entry.clone());
    }

    /// Takes out the post of this place.
    pub(crate) fn remove(&mut self, order: Seq) {
        self.n_total = self.n_total.saturating_sub(1);
        self.hide(order);
    }

    /// The posts shown that `is` says, for those of which nothing else is known any more.
    pub(crate) fn find(&self, is: impl Fn(&Entry) -> bool) -> Vec<Seq> {
        let held = self.held.as_ref().map(|held| &held.column);
        let columns = std::iter::once(&self.newest).chain(held);
        columns
            .flat_map(Column::entries)
            .filter(|entry| is(entry))
            .map(|entry| entry.order)
            .collect()
    }

    /// The post of this key, where it is among the newest.
    pub(crate) fn item(&self, post: PostKey) -> Option<Arc<FeedItem>> {
        let entry = self.newest.entries().find(|entry| entry.post == post)?;
        Some(Arc::clone(&entry.item))
    }

    /// Whether the post of this place is in it, shown or in reserve.
    pub(crate) fn shows(&self, order: Seq) -> bool {
        let held = self.held.as_ref().map(|held| &held.column);
        std::iter::once(&self.newest).chain(held).any(|column| column.holds(order))
    }

    /// Takes the post of this place off the view, without a change of the total.
    pub(crate) fn hide(&mut self, order: Seq) {
        self.newest.remove(order);
        if let Some(held) = &mut self.held {
            if order > held.last {
                held.n_waiting = held.n_waiting.saturating_sub(1);
            } else {
                held.column.remove(order);
            }
        }
    }

    /// Holds the feed still, or lets it go on; true where that changed anything.
    pub(crate) fn pause(&mut self, paused: bool, last: Seq) -> bool {
        if self.held.is_some() == paused {
            return false;
        }
        self.held = paused.then(|| Held { column: self.newest.clone(), last, n_waiting: 0 });
        true
    }

    /// Puts an author's new name under its posts; true where that changed anything.
    pub(crate) fn rename(&mut self, key: AuthorKey, author: &Arc<Author>) -> bool {
        let held = self.held.as_mut().map(|held| &mut held.column);
        let mut changed = false;
        for column in std::iter::once(&mut self.newest).chain(held) {
            for entry in column.entries_mut().filter(|entry| entry.author == key) {
                changed |= rename(&mut entry.item, author);
            }
        }
        changed
    }

    /// The feed as screens see it; without names where `masked`.
    pub(crate) fn view(&self, masked: bool) -> Feed {
        let column = self.held.as_ref().map_or(&self.newest, |held| &held.column);
        let mask = |item: Arc<FeedItem>| if masked { item.masked().into() } else { item };
        Feed {
            items: column.items().into_iter().map(mask).collect(),
            n_total: self.n_total,
            paused: self.held.is_some(),
            n_waiting: self.held.as_ref().map_or(0, |held| held.n_waiting),
        }
    }
}

/// Puts an author's new name under a post; true where that changed anything.
pub(crate) fn rename(item: &mut Arc<FeedItem>, author: &Arc<Author>) -> bool {
    let changed = item.post.author != *author;
    if changed {
        let post = with_author(&item.post, author);
        *item = Arc::new(FeedItem { post, ..FeedItem::clone(item) });
    }
    changed
}

/// Whether two feeds show the same; equal pointers save the look at the posts.
pub(crate) fn same_feed(one: &Feed, other: &Feed) -> bool {
    (one.n_total, one.paused, one.n_waiting) == (other.n_total, other.paused, other.n_waiting)
        && same_items(&one.items, &other.items)
}

/// Whether two lists of posts are the same; equal pointers save the look at the posts.
pub(crate) fn same_items(one: &[Arc<FeedItem>], other: &[Arc<FeedItem>]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| Arc::ptr_eq(one, other) || one == other)
}
