//! Posts whose terms are not counted yet.
//!
//! A post has a dozen terms, and each leads to another place in memory. Many posts are counted at once, term by term:
//! a frequent term is fetched once for all of them, and the places of rare ones are fetched side by side.

use super::{key::TermKey, posts::Seen};

/// Terms that wait at most: those of a thousand posts, which still lie in a fast cache.
pub(super) const MAX_PENDING: usize = 1 << 14;

/// One term of one post.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Occurrence {
    pub(super) key: TermKey,
    /// The same for terms that are written the same.
    pub(super) spelling: u32,
    /// The place of its post among those that wait.
    post_idx: u32,
    /// Where its text stands among all texts.
    text_from: u32,
    text_to: u32,
}

/// Posts whose terms are not counted yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    posts: Vec<Seen>,
    occurrences: Vec<Occurrence>,
    texts: String,
    /// Reused: key and place of each occurrence.
    order: Vec<u64>,
}

impl Pending {
    /// Adds a post with the keys of its terms, of which each counts once.
    pub(super) fn add<'a>(
        &mut self,
        (at, post, author): (i64, u32, u32),
        terms: impl Iterator<Item = (TermKey, &'a str)>,
    ) {
        let post_idx = u32::try_from(self.posts.len()).unwrap_or(u32::MAX);
        let first = self.occurrences.len();
        let mut text = 0;
        for (key, term) in terms {
            let own = self.occurrences.get(first..).unwrap_or_default();
            if own.iter().any(|known| known.key == key) {
                continue;
            }
            text ^= key.bits();
            let text_from = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
            self.texts.push_str(term);
            let text_to = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
            let spelling = TermKey::spelling(term);
            self.occurrences.push(Occurrence { key, spelling, post_idx, text_from, text_to });
        }
        self.posts.push(Seen { at, post, author, text });
    }

    pub(super) const fn is_full(&self) -> bool {
        self.occurrences.len() >= MAX_PENDING || self.posts.len() >= MAX_PENDING
    }

    pub(super) fn clear(&mut self) {
        self.posts.clear();
        self.occurrences.clear();
        self.texts.clear();
    }

    /// When the last post was said.
    pub(super) fn last_at(&self) -> Option<i64> {
        self.posts.last().map(|seen| seen.at)
    }

    /// Puts the occurrences in the order of their keys; those of one key stay in the order of their coming.
    pub(super) fn sort(&mut self) {
        self.order.clear();
        let keys = self.occurrences.iter().zip(0_u64..);
        self.order.extend(keys.map(|(term, place)| u64::from(term.key.bits()) << 32 | place));
        self.order.sort_unstable();
    }

    /// The runs of occurrences of one key, after [`Pending::sort`].
    pub(super) fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        self.order
            .chunk_by(|one, other| one >> 32 == other >> 32)
            .map(|places| Run { pending: self, places })
    }

    /// The post that an occurrence is of.
    pub(super) fn seen(&self, term: &Occurrence) -> Seen {
        self.posts.get(term.post_idx as usize).copied().unwrap_or_default()
    }

    /// What an occurrence reads.
    pub(super) fn text(&self, term: &Occurrence) -> &str {
        self.texts.get(term.text_from as usize..term.text_to as usize).unwrap_or_default()
    }
}

/// The occurrences of one term.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pending: &'a Pending,
    places: &'a [u64],
}

impl<'a> Run<'a> {
    pub(super) fn key(&self) -> u32 {
        self.places.first().map_or(0, |place| (place >> 32) as u32)
    }

    pub(super) fn occurrences(&self) -> impl Iterator<Item = &'a Occurrence> + use<'a> {
        let pending = self.pending;
        let place = |place: &u64| (place & u64::from(u32::MAX)) as usize;
        self.places.iter().filter_map(move |at| pending.occurrences.get(place(at)))
    }

    pub(super) const fn len(&self) -> usize {
        self.places.len()
    }
}
