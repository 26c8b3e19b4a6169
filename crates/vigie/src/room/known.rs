//! Which posts and authors the log holds, as hashes: networks tell of every delete, most of them none of ours.

use std::hash::{Hash, Hasher as _};

use rustc_hash::{FxHashSet, FxHasher};
use vigie_model::{AuthorId, Event, PostId};

/// Beyond so many of a kind everything counts as known, which costs a row in the log and no more: 128 MiB.
const MAX_HASHES: usize = 8_000_000;

/// The posts and authors of a log. A false "known" is possible and harmless; a false "unknown" is not possible.
#[derive(Debug, Default)]
pub(crate) struct Known {
    posts: FxHashSet<u64>,
    authors: FxHashSet<u64>,
}

impl Known {
    /// Notes what `event` brings into the log.
    pub(crate) fn note(&mut self, event: &Event) {
        if let Event::Post { post, .. } = event {
            note(&mut self.posts, &post.id);
            note(&mut self.authors, &post.author.id);
        }
    }

    /// Whether the log may hold this post.
    pub(crate) fn post(&self, id: &PostId) -> bool {
        holds(&self.posts, id)
    }

    /// Whether the log may hold posts of this author.
    pub(crate) fn author(&self, id: &AuthorId) -> bool {
        holds(&self.authors, id)
    }
}

fn note(hashes: &mut FxHashSet<u64>, id: &impl Hash) {
    if hashes.len() < MAX_HASHES {
        hashes.insert(hash(id));
    }
}

fn holds(hashes: &FxHashSet<u64>, id: &impl Hash) -> bool {
    hashes.len() >= MAX_HASHES || hashes.contains(&hash(id))
}

fn hash(id: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    id.hash(&mut hasher);
    hasher.finish()
}
