//! Search over the posts that the snapshot holds: by words of their text, author, network.

use std::{collections::BTreeMap, sync::Arc};

use unicode_normalization::UnicodeNormalization as _;
use vigie_model::{FeedItem, PostId, Snapshot};

use crate::live::Live;

/// More hits than this are no answer.
const MAX_HITS: usize = 500;

/// What was looked for, and what was found.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// What the person wrote.
    pub(crate) text: String,
    /// What the results answer: the words, and the state of the room.
    answered: Option<(String, u64)>,
    results: Vec<Arc<FeedItem>>,
    n_posts: usize,
}

impl Search {
    /// Looks again where the words or the posts have changed.
    pub(crate) fn look(&mut self, snapshot: &Snapshot, live: &Live) {
        let state = snapshot.seq.0;
        let is_answered =
            self.answered.as_ref().is_some_and(|(text, at)| *text == self.text && *at == state);
        if is_answered {
            return;
        }
        self.answered = Some((self.text.clone(), state));
        let posts = all_posts(snapshot, live);
        self.n_posts = posts.len();
        let words: Vec<String> = self.text.split_whitespace().map(folded).collect();
        self.results = posts.into_values().filter(|item| matches(item, &words)).cloned().collect();
        self.results.sort_by(|one, other| {
            other
                .post
                .received
                .cmp(&one.post.received)
                .then_with(|| one.post.id.cmp(&other.post.id))
        });
        self.results.truncate(MAX_HITS);
    }

    /// What was found, the newest first.
    pub(crate) fn results(&self) -> &[Arc<FeedItem>] {
        &self.results
    }

    /// The posts that were looked through.
    pub(crate) const fn n_posts(&self) -> usize {
        self.n_posts
    }
}

/// Every post that the snapshot holds and that is not out of the room.
fn all_posts<'a>(
    snapshot: &'a Snapshot,
    live: &'a Live,
) -> BTreeMap<&'a PostId, &'a Arc<FeedItem>> {
    let queues = &snapshot.moderation;
    let lanes =
        [&queues.waiting, &queues.stashed, &queues.approved, &queues.flagged, &queues.pinned];
    let queued = lanes.into_iter().flat_map(|lane| &lane.items).map(|queued| &queued.item);
    let samples = snapshot.alerts.iter().flat_map(|alert| &alert.samples);
    let all = live.items().iter().chain(queued).chain(samples);
    let mut posts: BTreeMap<_, _> = all.map(|item| (&item.post.id, item)).collect();
    for rejected in &queues.rejected.items {
        posts.remove(&rejected.item.post.id);
    }
    posts
}

/// Whether a post holds all words.
fn matches(item: &FeedItem, words: &[String]) -> bool {
    let post = &item.post;
    let author = &post.author;
    let parts = [&*post.text, &author.name, &author.handle, post.id.network.as_str()];
    let parts = parts.map(folded);
    words.iter().all(|word| parts.iter().any(|part| part.contains(word.as_str())))
}

/// A text without case and accents.
pub(crate) fn folded(text: &str) -> String {
    let is_mark = |letter: &char| unicode_normalization::char::is_combining_mark(*letter);
    text.nfkd().filter(|letter| !is_mark(letter)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(folded("Où est l’Été ?"), "ou est l’ete ?");
        assert_eq!(folded("ＡＢＣ 日本"), "abc 日本");
    }
}
