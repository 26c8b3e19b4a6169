//! Short names for posts and authors: 128 bits instead of long texts.
//!
//! The hash's key is drawn anew for each state, so that nobody outside can make two ids meet;
//! by chance, two of a million posts meet once in 10^26 rooms.

use std::hash::{BuildHasher as _, Hash, Hasher as _, RandomState};

use siphasher::sip128::{Hasher128 as _, SipHasher13};
use vigie_model::{AuthorId, PostId};

/// A post's short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PostKey(u128);

impl PostKey {
    /// Bits to look it up by.
    pub(crate) const fn hash(self) -> u64 {
        self.0 as u64
    }
}

/// An author's short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AuthorKey(u128);

impl AuthorKey {
    /// Bits to look it up by.
    pub(crate) const fn hash(self) -> u64 {
        self.0 as u64
    }
}

/// Makes short names.
#[derive(Clone, Debug)]
pub(crate) struct Digester {
    keyed: SipHasher13,
}

impl Default for Digester {
    fn default() -> Self {
        // The standard library's own way to a random number that is not drawn twice.
        let (one, other) = (RandomState::new().hash_one(0), RandomState::new().hash_one(1));
        Self { keyed: SipHasher13::new_with_keys(one, other) }
    }
}

impl Digester {
    pub(crate) fn post(&self, id: &PostId) -> PostKey {
        PostKey(self.digest(id.network.as_str(), &id.native))
    }

    pub(crate) fn author(&self, id: &AuthorId) -> AuthorKey {
        AuthorKey(self.digest(id.network.as_str(), &id.native))
    }

    /// A number to compare contents by.
    pub(crate) fn content(&self, content: impl Hash) -> u64 {
        let mut hasher = self.keyed;
        content.hash(&mut hasher);
        hasher.finish()
    }

    fn digest(&self, network: &str, native: &str) -> u128 {
        let mut hasher = self.keyed;
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        hasher.write_u64(network.len() as u64);
        hasher.write(network.as_bytes());
        hasher.write(native.as_bytes());
        hasher.finish128().as_u128()
    }
}
