//! Who writes: authors with posts in the room, what is known of them, and which of them is the brand.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use vigie_model::{Author, Post};

use crate::{digest::AuthorKey, fifo::Fifo, places::Places};

/// Names that came apart from posts, kept for posts to come; about 300 bytes each.
const MAX_KNOWN: usize = 1 << 16;

/// An author's number, from first post to last; never given twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AuthorNo {
    number: u32,
    /// Where what is kept of the author stands.
    place: u32,
}

impl AuthorNo {
    pub(crate) const fn bits(self) -> u32 {
        self.number
    }
}

/// Somebody who has posts in the room.
#[derive(Clone, Copy, Debug)]
struct Person {
    key: AuthorKey,
    number: u32,
    /// Posts that are still here; 0 where the place is free.
    n_posts: u32,
}

/// Everybody who has posts in the room.
#[derive(Debug)]
pub(crate) struct People {
    persons: Vec<Person>,
    places: Places,
    /// Places that nobody has any more.
    free: Vec<u32>,
    next: u32,
    known: Fifo<AuthorKey, Arc<Author>>,
    /// The brand's accounts, folded.
    accounts: FxHashSet<String>,
}

impl People {
    pub(crate) fn new(accounts: &[SmolStr]) -> Self {
        Self {
            persons: Vec::new(),
            places: Places::default(),
            free: Vec::new(),
            next: 0,
            known: Fifo::new(MAX_KNOWN),
            accounts: accounts.iter().map(|account| account_name(account)).collect(),
        }
    }

    /// Notes that `key` has one more post.
    pub(crate) fn enter(&mut self, key: AuthorKey) -> AuthorNo {
        if let Some(place) = self.place(key)
            && let Some(person) = self.persons.get_mut(place as usize)
        {
            person.n_posts = person.n_posts.saturating_add(1);
            return AuthorNo { number: person.number, place };
        }
        self.next = self.next.wrapping_add(1);
        let person = Person { key, number: self.next, n_posts: 1 };
        let place = self.free.pop().unwrap_or_else(|| {
            self.persons.push(person);
            u32::try_from(self.persons.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(free) = self.persons.get_mut(place as usize) {
            *free = person;
        }
        self.places.insert(key.hash(), place);
        AuthorNo { number: self.next, place }
    }

    /// Notes that `author` has one post less.
    pub(crate) fn leave(&mut self, author: AuthorNo) {
        let Some(person) = self.persons.get_mut(author.place as usize) else { return };
        if person.number != author.number || person.n_posts == 0 {
            return;
        }
        person.n_posts -= 1;
        if person.n_posts == 0 {
            self.places.remove(person.key.hash(), author.place);
            self.free.push(author.place);
        }
    }

    fn place(&self, key: AuthorKey) -> Option<u32> {
        let is =
            |place: u32| self.persons.get(place as usize).is_some_and(|known| known.key == key);
        self.places.get(key.hash(), is)
    }

    /// The number of an author who has posts here.
    pub(crate) fn number(&self, key: AuthorKey) -> Option<AuthorNo> {
        let place = self.place(key)?;
        Some(AuthorNo { number: self.persons.get(place as usize)?.number, place })
    }

    /// The key of an author who has posts here.
    pub(crate) fn key(&self, author: AuthorNo) -> Option<AuthorKey> {
        let person = self.persons.get(author.place as usize)?;
        (person.number == author.number && person.n_posts > 0).then_some(person.key)
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
