//! Which posts and authors the log holds, as hashes: networks tell of every delete, most of them none of ours.
//!
//! A false "known" is possible and costs a row in the log; a false "unknown" is not possible.
//! A quiet room's posts are kept as a plain set; a busy one's as a filter of fixed size, in which each id sets
//! some bits of one cache line. It fills up slowly: beyond a hundred million ids most are taken for known.

use std::hash::Hasher as _;

use rustc_hash::{FxHashSet, FxHasher};
use vigie_model::{AuthorId, Event, Post, PostId};

/// Ids of a kind in the plain set: 2 MB at most.
const MAX_PLAIN: usize = 1 << 17;

/// Blocks of a filter: 32 MiB. At 30 million ids one in a hundred strangers is taken for known.
const N_BLOCKS: usize = 1 << 19;

/// Words of a block: a cache line.
const BLOCK_WORDS: usize = 8;

/// The posts and authors of a log.
#[derive(Debug, Default)]
pub(crate) struct Known {
    posts: Ids,
    authors: Ids,
}

impl Known {
    /// Notes what `event` brings into the log.
    pub(crate) fn note(&mut self, event: &Event) {
        if let Event::Post { post, .. } = event {
            self.note_hashes(Hashes::of(post));
        }
    }

    /// Notes a post of which the hashes are made already.
    pub(crate) fn note_hashes(&mut self, hashes: Hashes) {
        self.posts.insert(hashes.post);
        self.authors.insert(hashes.author);
    }

    /// Reads from where these will be noted, so that the processor has it at hand then.
    pub(crate) fn touch(&self, hashes: Hashes) -> u64 {
        self.posts.touch(hashes.post) ^ self.authors.touch(hashes.author)
    }

    /// Whether the log may hold this post.
    pub(crate) fn post(&self, id: &PostId) -> bool {
        self.posts.contains(hash(id.network.as_str(), &id.native))
    }

    /// Whether the log may hold posts of this author.
    pub(crate) fn author(&self, id: &AuthorId) -> bool {
        self.authors.contains(hash(id.network.as_str(), &id.native))
    }
}

/// The hashes of a post and of its author.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hashes {
    post: u64,
    author: u64,
}

impl Hashes {
    /// Best made where the ids have just been read.
    pub(crate) fn of(post: &Post) -> Self {
        let (id, author) = (&post.id, &post.author.id);
        Self {
            post: hash(id.network.as_str(), &id.native),
            author: hash(author.network.as_str(), &author.native),
        }
    }
}

/// A set of hashes that never forgets and never grows without end.
#[derive(Debug)]
enum Ids {
    Plain(FxHashSet<u64>),
    Filter(Box<[Block]>),
}

/// One cache line of a filter.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Block([u64; BLOCK_WORDS]);

impl Default for Ids {
    fn default() -> Self {
        Self::Plain(FxHashSet::default())
    }
}

impl Ids {
    fn insert(&mut self, hash: u64) {
        match self {
            Self::Plain(hashes) if hashes.len() < MAX_PLAIN => {
                hashes.insert(hash);
            }
            Self::Plain(hashes) => {
                let mut blocks = vec![Block::default(); N_BLOCKS].into_boxed_slice();
                #[expect(clippy::iter_over_hash_type, reason = "bits have no order")]
                for hash in hashes.iter() {
                    set(&mut blocks, *hash);
                }
                set(&mut blocks, hash);
                *self = Self::Filter(blocks);
            }
            Self::Filter(blocks) => set(blocks, hash),
        }
    }

    fn touch(&self, hash: u64) -> u64 {
        match self {
            Self::Plain(_) => 0,
            Self::Filter(blocks) => {
                let first = |block: &Block| block.0.first().copied();
                blocks.get(block_of(hash)).and_then(first).unwrap_or_default()
            }
        }
    }

    fn contains(&self, hash: u64) -> bool {
        match self {
            Self::Plain(hashes) => hashes.contains(&hash),
            Self::Filter(blocks) => blocks
                .get(block_of(hash))
                .is_some_and(|block| bits(hash).zip(block.0).all(|(bit, word)| word & bit != 0)),
        }
    }
}

fn set(blocks: &mut [Block], hash: u64) {
    if let Some(block) = blocks.get_mut(block_of(hash)) {
        for (bit, word) in bits(hash).zip(&mut block.0) {
            *word |= bit;
        }
    }
}

const fn block_of(hash: u64) -> usize {
    (hash >> 45) as usize & (N_BLOCKS - 1)
}

/// One bit in each word of the block, from the bits of the hash that do not choose the block.
fn bits(hash: u64) -> impl Iterator<Item = u64> {
    (0..BLOCK_WORDS).map(move |word_idx| 1 << (hash.rotate_right(6 * word_idx as u32) & 63))
}

/// The hash of an id. Whoever makes two meet makes us store a row that nobody needs.
fn hash(network: &str, native: &str) -> u64 {
    let mut hasher = FxHasher::default();
    // Networks differ in their length nearly always, and where they do not, in the form of their ids.
    hasher.write_usize(network.len());
    hasher.write(native.as_bytes());
    // Spreads what differs in the last bytes only over all bits.
    let hash = hasher.finish();
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(n_ids: u64, max_false: usize) {
        let mut ids = Ids::default();
        let id = |number: u64| hash("bluesky", &format!("at://did:plc:a/post/{number:013}"));
        for number in 0..n_ids {
            ids.insert(id(number));
        }
        assert!((0..n_ids).all(|number| ids.contains(id(number))), "no false unknown");
        let n_false = (n_ids..n_ids + 10_000).filter(|number| ids.contains(id(*number))).count();
        assert!(n_false <= max_false, "{n_false} of 10,000 strangers are taken for known");
    }

    #[test]
    fn what_was_noted_is_known_and_few_others_are() {
        check(0, 0);
        check(1_000, 0);
        check(MAX_PLAIN as u64 + 1, 1);
        check(1_000_000, 2);
    }
}
