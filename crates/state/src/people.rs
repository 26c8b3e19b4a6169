//! Who writes: authors with posts in the room, what is known of them, and which of them is the brand.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use vigie_model::{Author, Post};

use crate::{digest::AuthorKey, fifo::Fifo};

/// Names that came apart from posts, kept for posts to come; about 300 bytes each.
const MAX_KNOWN: usize = 1 << 16;

/// An author's number, from first post to last; never given twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AuthorNo(u32);

impl AuthorNo {
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }
}

/// Everybody who has posts in the room.
#[derive(Debug)]
pub(crate) struct People {
    /// Each author's number, and posts that are still here.
    numbers: FxHashMap<AuthorKey, (AuthorNo, u32)>,
    keys: FxHashMap<AuthorNo, AuthorKey>,
    next: u32,
    known: Fifo<AuthorKey, Arc<Author>>,
    /// The brand's accounts, folded.
    accounts: FxHashSet<String>,
}

impl People {
    pub(crate) fn new(accounts: &[SmolStr]) -> Self {
        Self {
            numbers: FxHashMap::default(),
            keys: FxHashMap::default(),
            next: 0,
            known: Fifo::new(MAX_KNOWN),
            accounts: accounts.iter().map(|account| account_name(account)).collect(),
        }
    }

    /// Notes that `key` has one more post.
    pub(crate) fn enter(&mut self, key: AuthorKey) -> AuthorNo {
        let (number, n_posts) = self.numbers.entry(key).or_insert_with(|| {
            self.next = self.next.wrapping_add(1);
            self.keys.insert(AuthorNo(self.next), key);
            (AuthorNo(self.next), 0)
        });
        *n_posts = n_posts.saturating_add(1);
        *number
    }

    /// Notes that `number` has one post less.
    pub(crate) fn leave(&mut self, number: AuthorNo) {
        let Some(key) = self.keys.get(&number) else { return };
        let Some((_, n_posts)) = self.numbers.get_mut(key) else { return };
        *n_posts = n_posts.saturating_sub(1);
        if *n_posts == 0 {
            self.numbers.remove(key);
            self.keys.remove(&number);
        }
    }

    /// The number of an author who has posts here.
    pub(crate) fn number(&self, key: AuthorKey) -> Option<AuthorNo> {
        self.numbers.get(&key).map(|(number, _)| *number)
    }

    /// The key of an author who has posts here.
    pub(crate) fn key(&self, number: AuthorNo) -> Option<AuthorKey> {
        self.keys.get(&number).copied()
    }

    /// Remembers a name that came apart from posts.
    pub(crate) fn learn(&mut self, key: AuthorKey, author: &Arc<Author>) {
        self.known.insert(key, Arc::clone(author));
    }

    pub(crate) fn forget(&mut self, key: AuthorKey) {
        self.known.remove(key);
    }

    /// The post, with its author's name where it came without and the name is known.
    pub(crate) fn introduce(&self, key: AuthorKey, post: &Arc<Post>) -> Arc<Post> {
        let nameless = post.author.handle.is_empty() && post.author.name.is_empty();
        match self.known.get(key) {
            Some(author) if nameless => with_author(post, author),
            _ => Arc::clone(post),
        }
    }

    /// Whether `author` is the brand.
    pub(crate) fn is_own(&self, author: &Author) -> bool {
        !self.accounts.is_empty()
            && [&author.handle, &author.id.native]
                .into_iter()
                .any(|name| !name.is_empty() && self.accounts.contains(&account_name(name)))
    }
}

/// The same post under the name of `author`.
pub(crate) fn with_author(post: &Post, author: &Arc<Author>) -> Arc<Post> {
    Arc::new(Post { author: Arc::clone(author), ..post.clone() })
}

fn account_name(name: &str) -> String {
    vigie_analysis::fold(name.trim().trim_start_matches('@'))
}
