//! A term's newest posts: who wrote them, and whether they look machine-made.

use std::collections::VecDeque;

/// Posts that are remembered of a usual term: enough to tell five authors from three.
const MAX_USUAL: usize = 48;
/// Posts that are remembered of a term that rises: beyond, the number of authors is a lower bound.
const MAX_RISING: usize = 512;

/// One post with the term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// In seconds since 1970 began.
    pub(super) at: i64,
    /// The post's number, whatever the caller counts in.
    pub(super) post: u32,
    pub(super) author: u32,
    /// The same for posts that say the same.
    pub(super) text: u32,
}

/// What the newest posts of a term tell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Posts that were looked at.
    pub n_posts: u64,
    /// Distinct authors of these.
    pub n_authors: u64,
    /// Share of them that look machine-made, 0 to 1: the same text again, or many from few.
    pub suspicion: f64,
}

/// A term's newest posts, in the order of coming.
#[derive(Clone, Debug, Default)]
pub(super) struct NewestPosts {
    seen: VecDeque<Seen>,
    rising: bool,
}

impl NewestPosts {
    /// How many are remembered.
    pub(super) const fn limit(&self) -> usize {
        if self.rising { MAX_RISING } else { MAX_USUAL }
    }

    pub(super) fn push(&mut self, seen: Seen) {
        if self.seen.len() >= self.limit() {
            self.seen.pop_front();
        }
        self.seen.push_back(seen);
    }

    /// Reads the newest post, near which the next one goes.
    pub(super) fn touch(&self) -> u32 {
        self.seen.back().map_or(0, |seen| seen.post)
    }

    pub(super) fn remove(&mut self, post: u32) {
        self.seen.retain(|seen| seen.post != post);
    }

    /// Remembers more posts from now on.
    pub(super) const fn widen(&mut self) {
        self.rising = true;
    }

    /// Newest first.
    pub(super) fn since(&self, since: i64) -> impl Iterator<Item = &Seen> {
        self.seen.iter().rev().filter(move |seen| seen.at >= since)
    }

    /// What the posts in `since..` tell.
    pub(super) fn evidence(&self, since: i64) -> Evidence {
        let mut authors: Vec<u32> = self.since(since).map(|seen| seen.author).collect();
        let mut texts: Vec<u32> = self.since(since).map(|seen| seen.text).collect();
        let n_posts = authors.len();
        let (n_authors, n_texts) = (n_distinct(&mut authors), n_distinct(&mut texts));
        let share = |n_distinct: usize| {
            let float = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
            if n_posts == 0 { 0.0 } else { 1.0 - float(n_distinct) / float(n_posts) }
        };
        Evidence {
            n_posts: n_posts as u64,
            n_authors: n_authors as u64,
            suspicion: share(n_authors).max(share(n_texts)),
        }
    }
}

/// How many different numbers there are; a few hundred are sorted faster than hashed.
fn n_distinct(numbers: &mut [u32]) -> usize {
    numbers.sort_unstable();
    numbers.chunk_by(PartialEq::eq).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_and_texts_are_told_apart() {
        let mut posts = NewestPosts::default();
        for number in 0..10 {
            let seen = Seen { at: i64::from(number), post: number, author: number % 4, text: 1 };
            posts.push(seen);
        }
        let evidence = posts.evidence(2);
        assert_eq!((evidence.n_posts, evidence.n_authors), (8, 4));
        assert!((evidence.suspicion - 7.0 / 8.0).abs() < 1e-9);
        posts.remove(9);
        assert_eq!(posts.evidence(2).n_posts, 7);
        assert_eq!(posts.evidence(99), Evidence::default());
    }

    #[test]
    fn only_the_newest_are_remembered() {
        let mut posts = NewestPosts::default();
        let push = |posts: &mut NewestPosts, n_posts: u32| {
            (0..n_posts)
                .for_each(|post| posts.push(Seen { at: 0, post, author: post, text: post }));
        };
        push(&mut posts, 1_000);
        assert_eq!(posts.evidence(0).n_authors, MAX_USUAL as u64);
        posts.widen();
        push(&mut posts, 1_000);
        assert_eq!(posts.evidence(0).n_authors, MAX_RISING as u64);
    }
}
