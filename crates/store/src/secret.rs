//! Ids as numbers that only this log can make.
//!
//! A tombstone must outlive the post without naming it, so it is a keyed hash (SipHash-2-4, 128 bits) of its id.
//! The key is drawn anew for each log: tombstones of two rooms cannot be compared, and a table of all known ids,
//! made once, tells nothing. Who holds the file holds the key and can still ask whether an id that he knows was deleted.

use rusqlite::Connection;
use siphasher::sip128::SipHasher24;

use vigie_model::{AuthorId, PostId};

/// Nearly all ids fit in so much, with what stands before them.
const USUAL_ID_BYTES: usize = 128;

/// The name of a post or an author in this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Mark(pub(crate) u128);

impl Mark {
    /// What the index keeps: 64 bits find the rows, the row's own content decides.
    pub(crate) const fn short(self) -> i64 {
        (self.0 >> 64) as i64
    }

    pub(crate) const fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

/// The log's own key.
#[derive(Clone)]
pub(crate) struct Secret([u8; 16]);

impl Secret {
    pub(crate) const fn new(key: [u8; 16]) -> Self {
        Self(key)
    }

    /// Writes the key to a file in place of the file's own.
    pub(crate) fn store(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection.execute("UPDATE secret SET key = ?1", [self.0])?;
        Ok(())
    }

    pub(crate) fn post(&self, id: &PostId) -> Mark {
        self.mark(b'p', id.network.as_str(), &id.native)
    }

    pub(crate) fn author(&self, id: &AuthorId) -> Mark {
        self.mark(b'a', id.network.as_str(), &id.native)
    }

    fn mark(&self, kind: u8, network: &str, native: &str) -> Mark {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        let n_network = network.len() as u64;
        let parts = [&[kind][..], &n_network.to_le_bytes(), network.as_bytes(), native.as_bytes()];
        let mut bytes = [0; USUAL_ID_BYTES];
        let mut n_bytes = 0;
        for part in parts {
            if let Some(room) = bytes.get_mut(n_bytes..n_bytes + part.len()) {
                room.copy_from_slice(part);
            }
            n_bytes += part.len();
        }
        // In one piece, which is twice as fast as bit by bit.
        let hash = match bytes.get(..n_bytes) {
            Some(bytes) => SipHasher24::new_with_key(&self.0).hash(bytes),
            None => SipHasher24::new_with_key(&self.0).hash(&parts.concat()),
        };
        Mark(hash.as_u128())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher as _;

    use siphasher::sip128::Hasher128 as _;

    use super::*;

    /// Marks lie in files: however they are made, they must stay the same.
    #[test]
    fn a_mark_is_the_hash_of_its_parts() {
        for native in ["", "at://did:plc:a/app.bsky.feed.post/1", &"long".repeat(100)] {
            let mut hasher = SipHasher24::new_with_key(&[7; 16]);
            hasher.write_u8(b'p');
            hasher.write_u64(7);
            hasher.write(b"bluesky");
            hasher.write(native.as_bytes());
            let mark = Secret::new([7; 16]).post(&PostId::new("bluesky", native));
            assert_eq!(mark, Mark(hasher.finish128().as_u128()));
        }
    }

    #[test]
    fn marks_tell_apart_kinds_borders_and_logs() {
        let (secret, other) = (Secret::new([1; 16]), Secret::new([2; 16]));
        let id = PostId::new("ab", "c");
        let marks = [
            secret.post(&id),
            secret.post(&PostId::new("a", "bc")),
            secret.author(&AuthorId::new("ab", "c")),
            other.post(&id),
        ];
        let distinct: std::collections::HashSet<_> = marks.into_iter().collect();
        assert_eq!(distinct.len(), marks.len());
        assert_eq!(secret.post(&id), Mark::from_bytes(marks[0].bytes()));
    }
}
