//! Short names for posts and authors: 128 bits instead of long texts.
//!
//! The keys of the two hashes are drawn anew for each state, so that nobody outside can make two ids meet;
//! by chance, two of a million posts meet once in 10^26 rooms.

use std::hash::{BuildHasher as _, Hash, RandomState};

use vigie_model::{AuthorId, PostId};

/// A post's short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PostKey(u128);

/// An author's short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AuthorKey(u128);

/// Makes short names.
#[derive(Debug, Default)]
pub(crate) struct Digester {
    high: RandomState,
    low: RandomState,
}

impl Digester {
    pub(crate) fn post(&self, id: &PostId) -> PostKey {
        PostKey(self.digest((&id.network, &id.native)))
    }

    pub(crate) fn author(&self, id: &AuthorId) -> AuthorKey {
        AuthorKey(self.digest((&id.network, &id.native)))
    }

    /// A number to compare contents by.
    pub(crate) fn content(&self, content: impl Hash) -> u64 {
        self.low.hash_one(content)
    }

    fn digest(&self, id: impl Hash) -> u128 {
        u128::from(self.high.hash_one(&id)) << 64 | u128::from(self.low.hash_one(&id))
    }
}
