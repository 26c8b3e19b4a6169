//! Posts that are out of the room and can come back: rejected ones, and those of blocked authors.

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;
use vigie_model::{Author, FeedItem, Seq};

use crate::{
    digest::{AuthorKey, PostKey},
    feed,
    posts::Record,
};

/// Posts that can come back; about a kilobyte each. Beyond, the oldest stay away.
const MAX_POSTS: usize = 1 << 14;

/// A post that is out of the room.
#[derive(Debug)]
pub(crate) struct Absent {
    pub(crate) record: Record,
    pub(crate) author: AuthorKey,
    /// The post itself; none where it was too old to be kept whole.
    pub(crate) item: Option<Arc<FeedItem>>,
}

/// The posts that are out of the room.
#[derive(Debug, Default)]
pub(crate) struct Limbo {
    absent: FxHashMap<PostKey, Absent>,
    order: BTreeMap<Seq, PostKey>,
}

impl Limbo {
    pub(crate) fn put(&mut self, key: PostKey, absent: Absent) {
        self.take(key);
        self.order.insert(absent.record.order, key);
        self.absent.insert(key, absent);
        if self.order.len() > MAX_POSTS
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.absent.remove(&oldest);
        }
    }

    pub(crate) fn get(&self, key: PostKey) -> Option<&Absent> {
        self.absent.get(&key)
    }

    pub(crate) fn take(&mut self, key: PostKey) -> Option<Absent> {
        let absent = self.absent.remove(&key)?;
        self.order.remove(&absent.record.order);
        Some(absent)
    }

    /// The posts of an author, oldest first.
    pub(crate) fn of_author(&self, author: AuthorKey) -> Vec<PostKey> {
        let is_author =
            |key: &&PostKey| self.absent.get(key).is_some_and(|absent| absent.author == author);
        self.order.values().filter(is_author).copied().collect()
    }

    /// Puts an author's new name under its posts.
    pub(crate) fn rename(&mut self, key: AuthorKey, author: &Arc<Author>) {
        for absent in self.absent.values_mut().filter(|absent| absent.author == key) {
            if let Some(item) = &mut absent.item {
                feed::rename(item, author);
            }
        }
    }
}
