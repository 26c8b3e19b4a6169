//! A term whose every post is counted.

use smol_str::SmolStr;

use super::{
    buckets::Buckets,
    posts::{Evidence, NewestPosts, Seen},
    rise::Rise,
    sketch::fade,
};

/// Length of the finest slots.
pub(super) const FINE_SECS: i64 = 10;
/// Finest slots that are kept: a little more than three minutes.
const N_FINE: usize = 20;
/// Minutes that are kept: a little more than an hour.
const N_MINUTES: usize = 64;
/// Slots of ten minutes that are kept: a little more than a day, for the same hour yesterday.
const N_TENS: usize = 150;
/// Minutes that are counted one by one; what lies further back, by tens.
const MINUTES_BACK: i64 = 60;
/// Spellings of one term that are told apart.
const MAX_NAMES: usize = 6;

/// Counts in slots of ten seconds, one minute and ten minutes.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    fine: Buckets<N_FINE>,
    minutes: Buckets<N_MINUTES>,
    /// None while all posts lie within one slot of ten minutes, as those of most terms do.
    tens: Option<Box<Buckets<N_TENS>>>,
    /// That slot, and the posts in it.
    only_ten: Option<(i64, u32)>,
}

impl Counts {
    /// Counts a post at that second.
    pub(super) fn add(&mut self, at: i64) {
        self.add_many(at, 1);
    }

    /// Counts so many posts at that second.
    fn add_many(&mut self, at: i64, n_more: u32) {
        let (minute, ten) = (at.div_euclid(60), at.div_euclid(600));
        if self.tens.is_none() {
            match &mut self.only_ten {
                Some((known, n_posts)) if *known == ten => {
                    *n_posts = n_posts.saturating_add(n_more)
                }
                Some((_, 0)) | None => self.only_ten = Some((ten, n_more)),
                Some((known, n_posts)) => {
                    let mut tens = Box::<Buckets<N_TENS>>::default();
                    tens.add(*known, *n_posts);
                    self.tens = Some(tens);
                }
            }
        }
        if let Some(tens) = &mut self.tens {
            tens.add(ten, n_more);
        }
        self.minutes.add(minute, n_more);
        self.fine.add(at.div_euclid(FINE_SECS), n_more);
    }

    /// Takes out a post that was counted at that second.
    pub(super) fn take(&mut self, at: i64) {
        let ten = at.div_euclid(600);
        match (&mut self.tens, &mut self.only_ten) {
            (Some(tens), _) => tens.take(ten),
            (None, Some((known, n_posts))) if *known == ten => {
                *n_posts = n_posts.saturating_sub(1);
            }
            _ => {}
        }
        self.minutes.take(at.div_euclid(60));
        self.fine.take(at.div_euclid(FINE_SECS));
    }

    /// Posts in the fine slots `first..=last`.
    pub(super) fn fine(&self, first: i64, last: i64) -> u64 {
        self.fine.sum(first, last)
    }

    pub(super) fn minute(&self, minute: i64) -> u32 {
        self.minutes.get(minute)
    }

    /// The most posts in one of these minutes.
    fn busiest(&self, first: i64, last: i64) -> u32 {
        self.minutes.max(first, last)
    }

    /// How many of these minutes have posts at all.
    pub(super) fn n_minutes(&self, first: i64, last: i64) -> u64 {
        (first..=last).map(|minute| u64::from(self.minutes.get(minute) > 0)).sum()
    }

    /// Posts in slots of ten minutes.
    pub(super) fn tens(&self, first: i64, last: i64) -> u64 {
        match &self.tens {
            Some(tens) => tens.sum(first, last),
            None => match self.only_ten {
                Some((known, n_posts)) if (first..=last).contains(&known) => n_posts.into(),
                _ => 0,
            },
        }
    }

    /// Posts in the minutes `first..=last`, at the minute `now`; what lies over an hour back, by tens of minutes.
    pub(super) fn between(&self, first: i64, last: i64, now: i64) -> u64 {
        let border = now.saturating_sub(MINUTES_BACK).div_euclid(10).saturating_add(1) * 10;
        if first >= border {
            return self.minutes.sum(first, last);
        }
        let last_ten = last.min(border - 1).div_euclid(10);
        let old = self.tens(first.div_euclid(10), last_ten);
        if last < border { old } else { old + self.minutes.sum(border, last) }
    }

    /// The first minute with a post, or the first of the ten minutes that it lies in.
    pub(super) fn first_minute(&self) -> Option<i64> {
        let minute = self.minutes.first();
        let ten = self.tens.as_ref().and_then(|tens| tens.first());
        match (minute, ten) {
            (Some(minute), Some(ten)) if ten < minute.div_euclid(10) => Some(ten * 10),
            (None, Some(ten)) => Some(ten * 10),
            (minute, _) => minute,
        }
    }
}

/// A spelling of a term.
#[derive(Clone, Debug)]
struct Name {
    spelling: u32,
    /// Not kept up for the first one.
    n_times: u32,
    text: SmolStr,
}

/// A term whose every post is counted.
///
/// What every post changes lies in the first two cache lines; the counts behind them are written once a fine slot.
#[derive(Clone, Debug, Default)]
#[repr(C, align(64))]
pub(super) struct Tracked {
    pub(super) key: u32,
    /// Posts of the newest slot that are not in `counts` yet, and that slot.
    n_pending: u32,
    pending_slot: i64,
    pub(super) last: i64,
    /// The spelling that came first and how often it came after that: most terms have no other.
    first_spelling: u32,
    n_first: u32,
    /// Its spellings and how often each came.
    names: Vec<Name>,
    pub(super) posts: NewestPosts,
    /// Whether a post came since the last look.
    pub(super) touched: bool,
    /// Posts with it before it was tracked, as far as the sketch remembered them, and when that was.
    prior: (f32, i64),
    /// It was reported, or belongs to what was: it is silent until then.
    pub(super) silent_until: i64,
    /// True once [`Tracked::settle`] was called after the last post.
    pub(super) counts: Counts,
}

impl Tracked {
    pub(super) fn new(key: u32) -> Self {
        Self { key, silent_until: i64::MIN, last: i64::MIN, ..Self::default() }
    }

    /// Counts a post, and remembers it where it is one of the last few: `n_later` follow it at once.
    pub(super) fn add(&mut self, seen: Seen, n_later: usize) {
        let slot = seen.at.div_euclid(FINE_SECS);
        if self.pending_slot != slot {
            self.settle();
            self.pending_slot = slot;
        }
        self.n_pending = self.n_pending.saturating_add(1);
        if n_later < self.posts.limit() {
            self.posts.push(seen);
        }
        self.last = self.last.max(seen.at);
    }

    /// Counts a spelling.
    pub(super) fn spell<'a>(&mut self, spelling: u32, text: impl FnOnce() -> &'a str) {
        if self.n_first > 0 && self.first_spelling == spelling {
            self.n_first = self.n_first.saturating_add(1);
            return;
        }
        if self.names.is_empty() {
            (self.first_spelling, self.n_first) = (spelling, 1);
        }
        if let Some(name) = self.names.iter_mut().find(|name| name.spelling == spelling) {
            name.n_times = name.n_times.saturating_add(1);
        } else if self.names.len() < MAX_NAMES {
            self.names.push(Name { spelling, n_times: 1, text: text().into() });
        }
    }

    /// Reads from what the next post changes, so that the processor has it at hand then.
    pub(super) fn touch(&self) -> u32 {
        self.key ^ u32::from(self.touched) ^ self.posts.touch()
    }

    /// Puts what came last into the counts.
    pub(super) fn settle(&mut self) {
        let n_pending = std::mem::take(&mut self.n_pending);
        if n_pending > 0 {
            self.counts.add_many(self.pending_slot.saturating_mul(FINE_SECS), n_pending);
        }
    }

    pub(super) fn take(&mut self, at: i64, post: u32) {
        self.settle();
        self.counts.take(at);
        self.posts.remove(post);
    }

    /// How often a spelling came.
    const fn n_times(&self, name: &Name) -> u32 {
        if name.spelling == self.first_spelling { self.n_first } else { name.n_times }
    }

    /// The commonest spelling; of equals, a hashtag, then the one with most words.
    pub(super) fn name(&self) -> SmolStr {
        let rank = |name: &SmolStr| (name.starts_with('#'), name.split(' ').count());
        let best = self.names.iter().max_by(|one, other| {
            let by_rank = rank(&one.text).cmp(&rank(&other.text));
            self.n_times(one)
                .cmp(&self.n_times(other))
                .then(by_rank)
                .then(other.text.cmp(&one.text))
        });
        best.map(|name| name.text.clone()).unwrap_or_default()
    }

    /// All spellings, commonest first.
    pub(super) fn names(&self) -> Vec<SmolStr> {
        let mut names: Vec<&Name> = self.names.iter().collect();
        names.sort_by(|one, other| {
            self.n_times(other).cmp(&self.n_times(one)).then_with(|| one.text.cmp(&other.text))
        });
        names.into_iter().map(|name| name.text.clone()).collect()
    }

    /// Remembers what the sketch knew of it at that second.
    pub(super) const fn set_prior(&mut self, past: f32, at: i64) {
        self.prior = (past, at);
    }

    /// What is left at that second of the posts before it was tracked.
    pub(super) fn prior(&self, now: i64) -> f64 {
        let (past, at) = self.prior;
        if past > 0.0 { f64::from(fade(past, now.saturating_sub(at))) } else { 0.0 }
    }

    /// What it would cost to forget it: its posts of late, and the busiest minute of its last hour.
    pub(super) fn worth(&self, now: i64) -> u64 {
        let (slot, minute) = (now.div_euclid(FINE_SECS), now.div_euclid(60));
        let busiest = self.counts.busiest(minute - MINUTES_BACK, minute);
        self.counts.fine(slot - 18, slot) + u64::from(busiest)
    }

    /// Its past as the sketch remembers it.
    pub(super) fn past(&self, now: i64) -> f32 {
        let ten = now.div_euclid(600);
        let (hour, day) = (self.counts.tens(ten - 6, ten), self.counts.tens(ten - 150, ten - 7));
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "rare terms"
        )]
        let past = (hour as f64 + day as f64 / 10.0 + self.prior(now)) as f32;
        past
    }
}

/// A term as a list of trends shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct TermView {
    /// The commonest spelling, folded.
    pub name: SmolStr,
    /// All spellings that were counted together, commonest first.
    pub names: Vec<SmolStr>,
    /// Posts in the window.
    pub n_posts: u64,
    /// How far that is above the past.
    pub rise: Rise,
    /// What its newest posts tell.
    pub evidence: Evidence,
    /// Numbers of its newest posts in the window, newest first.
    pub posts: Vec<u32>,
    /// Posts in each run of minutes that was asked for.
    pub parts: Vec<u64>,
    /// The first minute in which it was seen, as far back as is known.
    pub first_minute: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TermKey;

    #[test]
    fn what_is_long_ago_is_counted_by_tens() {
        let mut counts = Counts::default();
        let minute = |minute: i64| minute * 60;
        for at in [minute(5), minute(55), minute(118), minute(119)] {
            counts.add(at);
        }
        assert_eq!(counts.between(0, 119, 119), 4);
        assert_eq!(counts.between(60, 119, 119), 2);
        assert_eq!(counts.between(50, 59, 119), 1);
        assert_eq!(counts.first_minute(), Some(0));
        counts.take(minute(5));
        assert_eq!((counts.between(0, 119, 119), counts.first_minute()), (3, Some(50)));
        assert_eq!(counts.fine(117 * 6, 119 * 6), 2);
    }

    #[test]
    fn the_commonest_spelling_is_the_name() {
        let mut tracked = Tracked::new(1);
        let seen = Seen { at: 0, post: 0, author: 0, text: 0 };
        for name in ["rail azur", "#railazur", "railazur", "rail azur", "#railazur"] {
            tracked.add(seen, 0);
            tracked.spell(TermKey::spelling(name), || name);
        }
        assert_eq!(tracked.name(), "#railazur");
        assert_eq!(tracked.names(), ["#railazur", "rail azur", "railazur"]);
    }
}
