//! Counts of terms by minute, for one query.

use std::{
    collections::{HashMap, VecDeque},
    hash::RandomState,
};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::{
    posts::{PostNo, Posts, Record},
    ring::Ring,
    windows::Minutes,
};

/// Terms that are counted, over all queries; 100 bytes each and as much again for each query with trends.
pub const MAX_TERMS: usize = 1 << 17;
/// The past that a window is measured against, in windows: long enough that what has been rising for
/// half an hour is not yet its own past.
pub(crate) const PAST_WINDOWS: usize = 8;

/// A term's number; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TermNo(u32);

/// The terms' texts. Texts come from outside, so their hash has a key of its own.
#[derive(Debug, Default)]
pub(crate) struct TermNames {
    numbers: HashMap<SmolStr, TermNo, RandomState>,
    texts: FxHashMap<TermNo, Named>,
    next: u32,
}

#[derive(Debug)]
struct Named {
    text: SmolStr,
    /// The minute in which a post brought it last.
    last_minute: i64,
}

impl TermNames {
    /// The numbers of `terms`, which a post brought in the minute `now`.
    pub(crate) fn intern(&mut self, terms: &[SmolStr], now: i64) -> Box<[TermNo]> {
        terms.iter().map(|term| self.number(term, now)).collect()
    }

    fn number(&mut self, term: &SmolStr, now: i64) -> TermNo {
        if let Some(number) = self.numbers.get(term) {
            if let Some(named) = self.texts.get_mut(number) {
                named.last_minute = now;
            }
            return *number;
        }
        self.next = self.next.wrapping_add(1);
        let number = TermNo(self.next);
        self.numbers.insert(term.clone(), number);
        self.texts.insert(number, Named { text: term.clone(), last_minute: now });
        number
    }

    pub(crate) fn text(&self, number: TermNo) -> Option<&SmolStr> {
        Some(&self.texts.get(&number)?.text)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.texts.len() > MAX_TERMS
    }

    /// Forgets what nothing counts any more and no post of the last minute brought.
    pub(crate) fn retain(&mut self, now: i64, counted: impl Fn(TermNo) -> bool) {
        self.texts.retain(|number, named| named.last_minute + 1 >= now || counted(*number));
        self.numbers.retain(|_, number| self.texts.contains_key(number));
    }

    /// Forgets the rarest until half of the room is free.
    pub(crate) fn prune(&mut self, n_posts: impl Fn(TermNo) -> u64) {
        let mut bar = 1;
        while self.texts.len() > MAX_TERMS / 2 && bar < u64::MAX / 2 {
            self.texts.retain(|number, _| n_posts(*number) > bar);
            bar *= 2;
        }
        self.numbers.retain(|_, number| self.texts.contains_key(number));
    }
}

/// Counts of terms by minute, for one query.
#[derive(Debug)]
pub(crate) struct TermTable {
    /// Posts of each minute, with terms or without.
    totals: Ring<u32>,
    terms: FxHashMap<TermNo, TermCount>,
    n_window: usize,
}

/// What is counted of one term.
#[derive(Debug, Default)]
pub(crate) struct TermCount {
    /// Posts in all minutes: most terms are rare, and this tells so at a glance.
    n_posts: u64,
    /// Minutes with posts, oldest first.
    minutes: VecDeque<(i64, u32)>,
    /// Posts with the term in the order of coming; some may be gone.
    posts: VecDeque<PostNo>,
}

impl TermTable {
    /// A table for windows of up to `n_minutes`.
    pub(crate) fn new(n_minutes: usize) -> Self {
        Self {
            totals: Ring::new(n_minutes * (1 + PAST_WINDOWS)),
            terms: FxHashMap::default(),
            n_window: n_minutes,
        }
    }

    /// Moves on to the minute `now`; what is too old by then is gone.
    pub(crate) fn advance(&mut self, now: i64, posts: &Posts) {
        if !self.totals.advance(now) {
            return;
        }
        let n_kept = i64::try_from(self.n_window * (1 + PAST_WINDOWS)).unwrap_or(i64::MAX);
        let oldest = now.saturating_sub(n_kept - 1);
        let window = crate::windows::minutes(now, self.n_window);
        self.terms.retain(|_, count| {
            count.drop_before(oldest, window.first, posts);
            !count.minutes.is_empty()
        });
    }

    /// Counts a post.
    pub(crate) fn add(&mut self, number: PostNo, record: &Record, names: &TermNames) {
        let minute = record.minute();
        let Some(total) = self.totals.cell(minute) else { return };
        *total += 1;
        for term in record.terms.iter().filter(|term| names.text(**term).is_some()) {
            let count = self.terms.entry(*term).or_default();
            count.bump(minute);
            count.posts.push_back(number);
        }
    }

    /// Takes out a post that was counted.
    pub(crate) fn subtract(&mut self, record: &Record) {
        let minute = record.minute();
        let Some(total) = self.totals.cell(minute) else { return };
        *total = total.saturating_sub(1);
        for term in &record.terms {
            if let Some(count) = self.terms.get_mut(term) {
                count.take(minute);
                if count.minutes.is_empty() {
                    self.terms.remove(term);
                }
            }
        }
    }

    /// Forgets the terms that have no name any more.
    pub(crate) fn retain(&mut self, names: &TermNames) {
        self.terms.retain(|number, _| names.text(*number).is_some());
    }

    /// Posts with a term, as far back as is known.
    pub(crate) fn n_posts(&self, number: TermNo) -> u64 {
        self.terms.get(&number).map_or(0, |count| count.n_posts)
    }

    pub(crate) fn counts(&self, number: TermNo) -> bool {
        self.terms.contains_key(&number)
    }

    /// All posts in a run of minutes.
    pub(crate) fn total(&self, minutes: &Minutes) -> u64 {
        self.totals.cells(minutes.first..=minutes.last).map(|total| u64::from(*total)).sum()
    }

    /// All terms with so many posts or more, in no order.
    pub(crate) fn terms(&self, min_posts: u64) -> impl Iterator<Item = (TermNo, &TermCount)> {
        let common = self.terms.iter().filter(move |(_, count)| count.n_posts >= min_posts);
        common.map(|(number, count)| (*number, count))
    }
}

impl TermCount {
    fn bump(&mut self, minute: i64) {
        self.n_posts += 1;
        let place = self.minutes.partition_point(|(known, _)| *known < minute);
        match self.minutes.get_mut(place) {
            Some((known, n_posts)) if *known == minute => *n_posts += 1,
            _ => self.minutes.insert(place, (minute, 1)),
        }
    }

    fn take(&mut self, minute: i64) {
        let Ok(place) = self.minutes.binary_search_by_key(&minute, |(known, _)| *known) else {
            return;
        };
        if let Some((_, n_posts)) = self.minutes.get_mut(place) {
            *n_posts -= 1;
            self.n_posts -= 1;
            if *n_posts == 0 {
                self.minutes.remove(place);
            }
        }
    }

    fn drop_before(&mut self, oldest: i64, window_first: i64, posts: &Posts) {
        while let Some((minute, n_posts)) = self.minutes.front().copied()
            && minute < oldest
        {
            self.minutes.pop_front();
            self.n_posts -= u64::from(n_posts);
        }
        let is_past = |number: &PostNo| {
            posts.get(*number).is_none_or(|record| record.minute() < window_first)
        };
        while self.posts.front().is_some_and(is_past) {
            self.posts.pop_front();
        }
    }

    /// Posts with the term in a run of minutes.
    pub(crate) fn n_posts(&self, minutes: &Minutes) -> u64 {
        let inside = self.minutes.iter().filter(|(minute, _)| minutes.contains(*minute));
        inside.map(|(_, n_posts)| u64::from(*n_posts)).sum()
    }

    /// The first minute with the term, as far back as is known.
    pub(crate) fn first_minute(&self) -> i64 {
        self.minutes.front().map_or(0, |(minute, _)| *minute)
    }

    /// Posts with the term that came last, newest first, as far as they are still here.
    pub(crate) fn newest<'a>(&'a self, posts: &'a Posts) -> impl Iterator<Item = &'a Record> {
        self.posts.iter().rev().filter_map(|number| posts.get(*number))
    }
}
