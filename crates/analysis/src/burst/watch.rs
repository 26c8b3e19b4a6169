//! Watches all terms of a stream for bursts, in bounded memory.
//!
//! As long as there is room, every term is tracked exactly.
//! When the room is used up, the rarest go to a sketch that still counts them, and come back once they are seen
//! again within three minutes; how often again, follows the number of terms.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{
    key::{MAX_KEYS, TermKey},
    pending::{Pending, Run},
    posts::{Evidence, Seen},
    rise::{Past, Rise, rise},
    sketch::Sketch,
    topics::{Topics, raise},
    tracked::{Counts, FINE_SECS, TermView, Tracked},
};

/// Terms that are tracked exactly; 500 bytes each, and 600 more where they live for over ten minutes.
pub const MAX_TRACKED: usize = 1 << 14;
/// The watch looks at what was touched this often, in the posts' own time.
pub const STEP_SECS: i64 = 2;

/// Fewer authors than this are a conversation, not a burst.
const MIN_AUTHORS: u64 = 5;
/// Windows that are held against the past, in fine slots, and the minutes of the past that each is compared with.
const WINDOWS: [(i64, i64); 3] = [(2, 2), (6, 2), (18, 4)];
/// Chance must not explain it: this surprise comes by chance less than once in 10^7 looks.
const MIN_SURPRISE: f64 = 17.25;
/// A burst must be that much above the busiest time of the last hour.
const OVER_PEAK: f64 = 1.5;
/// How far chance lifts a count above a peak, in roots of the peak.
const PEAK_CHANCE: f64 = 3.0;
/// Smaller rises are no burst even where they are certain.
const MIN_RATIO: f64 = 2.5;
/// A burst that goes on is worth half the surprise.
const GOES_ON: f64 = 0.4;
/// The newest minutes are no past: a slow rise would become its own.
const RECENT_MINUTES: i64 = 4;
/// Minutes of past that count in full.
const PAST_MINUTES: i64 = 60;
/// What lies further back, up to a day, counts so much less.
const OLD_WEIGHT: f64 = 0.1;
/// Nothing is told before so much of the stream was heard.
const LEARN_SECS: i64 = 660;
/// After a burst its term is silent for so long.
const SILENT_SECS: i64 = 600;
/// What comes that often within minutes is tracked, however many terms there are.
const MAX_BAR: u16 = 16;
/// Terms that rise most in a window, of which a list of trends is made.
const MAX_CANDIDATES: usize = 96;
/// Fewer posts are no trend.
const MIN_TREND_POSTS: u64 = 4;
/// Terms whose memory is fetched at once: more than the processor can wait for side by side.
const RUNS_NEAR: usize = 32;
/// Numbers of posts in a view: enough for samples and spellings.
const MAX_VIEW_POSTS: usize = 16;

/// A post, as far as the watch must know it.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// When it was said, in seconds since 1970 began.
    pub at: i64,
    /// A number that the caller can find the post by.
    pub post: u32,
    /// The author's number.
    pub author: u32,
    /// Its folded terms.
    pub terms: &'a [SmolStr],
    /// The key of each term, where the caller has them; else they are made.
    pub keys: &'a [TermKey],
}

/// A term that bursts.
#[derive(Clone, Debug, PartialEq)]
pub struct Burst {
    /// Its number.
    pub key: TermKey,
    /// When that was clear: the end of the step that it was seen in.
    pub at: i64,
    /// The term, folded.
    pub term: SmolStr,
    /// Its spellings, commonest first.
    pub names: Vec<SmolStr>,
    /// Other terms of the same posts, the strongest first.
    pub joined: Vec<SmolStr>,
    /// Posts in the seconds or minutes that showed it best.
    pub n_posts: u64,
    /// How far that is above the past.
    pub rise: Rise,
    /// What its posts tell.
    pub evidence: Evidence,
    /// Numbers of its newest posts, newest first.
    pub posts: Vec<u32>,
}

/// Watches all terms of a stream for bursts.
#[derive(Clone, Debug, Default)]
pub struct TermWatch {
    places: FxHashMap<u32, u32>,
    pub(super) tracked: Vec<Tracked>,
    totals: Counts,
    sketch: Sketch,
    topics: Topics,
    /// Tracked terms that posts brought since the last look.
    touched: Vec<u32>,
    /// A term that is not tracked must come so often within minutes to become so.
    bar: u16,
    /// The first second that was heard of.
    first: Option<i64>,
    /// For each window in minutes, the keys that rise most in it.
    candidates: Vec<(i64, Vec<u32>)>,
    /// Posts whose terms are not in `tracked` and `sketch` yet.
    pending: Pending,
}

impl TermWatch {
    /// A watch that keeps lists of trends for these windows, in minutes.
    #[must_use]
    pub fn new(windows: &[i64]) -> Self {
        let candidates = windows.iter().map(|mins| (*mins, Vec::new())).collect();
        Self { candidates, bar: 1, ..Self::default() }
    }

    /// Counts a post. Posts may come in any order.
    pub fn add(&mut self, said: &Said<'_>) {
        self.first = Some(self.first.map_or(said.at, |first| first.min(said.at)));
        self.totals.add(said.at);
        let post = (said.at, said.post, said.author);
        let terms = said.terms.iter().map(SmolStr::as_str).take(MAX_KEYS);
        if said.keys.len() == said.terms.len() {
            self.pending.add(post, said.keys.iter().copied().zip(terms));
        } else {
            self.pending.add(post, terms.map(|term| (TermKey::of(term), term)));
        }
        if self.pending.is_full() {
            self.count_pending();
        }
    }

    /// Counts the terms that wait, in the order of their keys.
    fn count_pending(&mut self) {
        let Some(last_at) = self.pending.last_at() else { return };
        let mut pending = std::mem::take(&mut self.pending);
        pending.sort();
        self.count_runs(&pending);
        pending.clear();
        self.pending = pending;
        if self.tracked.len() > MAX_TRACKED {
            self.prune(last_at);
        }
    }

    fn count_runs(&mut self, pending: &Pending) {
        let mut near = Vec::with_capacity(RUNS_NEAR);
        let mut runs = pending.runs().peekable();
        while runs.peek().is_some() {
            near.clear();
            near.extend(runs.by_ref().take(RUNS_NEAR).map(|run| (run, None)));
            self.find(&mut near);
            for (run, place) in &near {
                self.count(pending, *run, *place);
            }
        }
    }

    /// Finds the places of terms. All are looked at before the first is counted: the processor waits for the
    /// memory of all of them at once then, and not for one after the other.
    fn find(&self, runs: &mut [(Run<'_>, Option<u32>)]) {
        for (run, place) in &mut *runs {
            *place = self.places.get(&run.key()).copied();
        }
        let touched = runs.iter().fold(0, |touched, (run, place)| {
            touched
                ^ match place {
                    Some(place) => self.tracked.get(*place as usize).map_or(0, Tracked::touch),
                    None => self.sketch.touch(run.key()),
                }
        });
        std::hint::black_box(touched);
    }

    /// Counts the posts with one term, which is tracked at `place` if it is.
    fn count(&mut self, pending: &Pending, run: Run<'_>, mut place: Option<u32>) {
        for (term, n_later) in run.occurrences().zip((0..run.len()).rev()) {
            let seen = pending.seen(term);
            let Some(place) = place.or_else(|| {
                place = self.track(run.key(), seen, pending.text(term));
                place
            }) else {
                continue;
            };
            let Some(tracked) = self.tracked.get_mut(place as usize) else { continue };
            tracked.add(seen, n_later);
            tracked.spell(term.spelling, || pending.text(term));
            if !tracked.touched {
                tracked.touched = true;
                self.touched.push(place);
            }
        }
    }

    /// Tracks a term from now on, unless it is too rare.
    fn track(&mut self, key: u32, seen: Seen, name: &str) -> Option<u32> {
        let mut fresh = Tracked::new(key);
        if self.bar > 1 {
            let known = self.sketch.count(key, seen, self.bar, name.contains(' '))?;
            fresh.set_prior(known.past, seen.at);
            if let Some(before) = known.before {
                fresh.add(before, 0);
            }
        }
        let place = u32::try_from(self.tracked.len()).ok()?;
        self.tracked.push(fresh);
        self.places.insert(key, place);
        Some(place)
    }

    /// Takes a post out that was counted at that second with these keys, each once.
    /// Where a term is only sketched by now, its sketch stays as it is.
    pub fn take(&mut self, at: i64, post: u32, keys: &[TermKey]) {
        self.count_pending();
        self.totals.take(at);
        for key in keys {
            if let Some(place) = self.places.get(&key.bits())
                && let Some(tracked) = self.tracked.get_mut(*place as usize)
            {
                tracked.take(at, post);
            }
        }
    }

    /// Looks at all terms that posts brought since the last look; `end` is the end of that step, in seconds.
    /// Tells the bursts that began in it, the strongest first.
    pub fn close(&mut self, end: i64) -> Vec<Burst> {
        self.count_pending();
        let touched = std::mem::take(&mut self.touched);
        let now = end - 1;
        let can_tell = self.first.is_some_and(|first| end - first >= LEARN_SECS);
        let mut bursts = Vec::new();
        for place in &touched {
            let Some(tracked) = self.tracked.get_mut(*place as usize) else { continue };
            tracked.touched = false;
            tracked.settle();
            let Some(tracked) = self.tracked.get(*place as usize) else { continue };
            // Without a past, everything would be a burst.
            if can_tell && let Some(found) = judge(tracked, &self.totals, now) {
                bursts.push((*place, found));
            }
            for (window_mins, candidates) in &mut self.candidates {
                if !candidates.contains(&tracked.key)
                    && in_window(tracked, &self.totals, now, *window_mins).is_some()
                {
                    candidates.push(tracked.key);
                }
            }
        }
        for window_idx in 0..self.candidates.len() {
            self.rank_candidates(window_idx, now);
        }
        self.touched = touched;
        self.touched.clear();
        for (place, _) in &bursts {
            if let Some(tracked) = self.tracked.get_mut(*place as usize) {
                tracked.posts.widen();
            }
        }
        if !can_tell {
            return Vec::new();
        }
        self.topics.forget(now);
        raise(&mut self.tracked, &self.places, &mut self.topics, bursts, now)
    }

    /// When the burst of `key` was last seen to go on; none where it is over.
    #[must_use]
    pub fn last_seen(&self, key: TermKey) -> Option<i64> {
        self.topics.last_seen(key)
    }

    /// Keeps those that rise most.
    fn rank_candidates(&mut self, window_idx: usize, now: i64) {
        let Some((window_mins, keys)) = self.candidates.get_mut(window_idx) else { return };
        let window_mins = *window_mins;
        let keys = std::mem::take(keys);
        let mut ranked: Vec<_> = keys
            .into_iter()
            .filter_map(|key| {
                let tracked = self.tracked.get(*self.places.get(&key)? as usize)?;
                let (_, rise) = in_window(tracked, &self.totals, now, window_mins)?;
                Some((rise.surprise, key))
            })
            .collect();
        ranked.sort_unstable_by(|one, other| {
            other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1))
        });
        ranked.truncate(MAX_CANDIDATES);
        if let Some((_, keys)) = self.candidates.get_mut(window_idx) {
            *keys = ranked.into_iter().map(|(_, key)| key).collect();
        }
    }

    /// All posts in the last `window_mins` minutes at the second `now`.
    #[must_use]
    pub fn n_posts(&self, now: i64, window_mins: i64) -> u64 {
        let minute = now.div_euclid(60);
        self.totals.between(minute - window_mins + 1, minute, minute)
    }

    /// The terms that rise most in the last `window_mins` minutes at the second `now`, strongest first,
    /// with their posts in each of the runs of minutes `parts`.
    #[must_use]
    pub fn rising(&mut self, now: i64, window_mins: i64, parts: &[(i64, i64)]) -> Vec<TermView> {
        self.count_pending();
        self.settle();
        let Some((_, keys)) = self.candidates.iter().find(|(mins, _)| *mins == window_mins) else {
            return Vec::new();
        };
        let mut views: Vec<_> = keys
            .iter()
            .filter_map(|key| {
                let tracked = self.tracked.get(*self.places.get(key)? as usize)?;
                self.view(tracked, now, window_mins, parts)
            })
            .collect();
        views.sort_by(|one, other| {
            other
                .rise
                .surprise
                .total_cmp(&one.rise.surprise)
                .then_with(|| one.name.cmp(&other.name))
        });
        views
    }

    fn view(
        &self,
        tracked: &Tracked,
        now: i64,
        window_mins: i64,
        parts: &[(i64, i64)],
    ) -> Option<TermView> {
        let (n_posts, _) = in_window(tracked, &self.totals, now, window_mins)?;
        let minute = now.div_euclid(60);
        let since = (minute - window_mins + 1) * 60;
        let evidence = tracked.posts.evidence(since);
        if evidence.n_authors < 3 {
            return None;
        }
        let (n_all, past) = window_past(tracked, &self.totals, minute, window_mins);
        let n_heard = n_posts.min(heard(n_posts, &evidence).saturating_mul(2));
        let felt = rise(float(n_heard), float(n_all), past);
        let plain = rise(float(n_posts), float(n_all), past);
        Some(TermView {
            name: tracked.name(),
            names: tracked.names(),
            n_posts,
            rise: Rise { surprise: felt.surprise, ..plain },
            evidence,
            posts: tracked.posts.since(since).take(MAX_VIEW_POSTS).map(|seen| seen.post).collect(),
            parts: parts
                .iter()
                .map(|(first, last)| tracked.counts.between(*first, *last, minute))
                .collect(),
            first_minute: tracked.counts.first_minute().unwrap_or(minute),
        })
    }

    /// Brings all counts up to date.
    fn settle(&mut self) {
        for place in &self.touched {
            if let Some(tracked) = self.tracked.get_mut(*place as usize) {
                tracked.settle();
            }
        }
    }

    /// Sends the rarest to the sketch until half of the room is free.
    fn prune(&mut self, now: i64) {
        self.settle();
        let worths: Vec<_> = self.tracked.iter().map(|term| term.worth(now)).collect();
        let mut ranked = worths.clone();
        let (_, least, _) = ranked.select_nth_unstable(MAX_TRACKED / 2);
        let least = *least;
        // Who is not worth keeping need not come in.
        let bar = u16::try_from(least / 2 + 1).unwrap_or(u16::MAX);
        self.bar = bar.clamp(2, MAX_BAR);
        let (sketch, topics) = (&mut self.sketch, &self.topics);
        let mut worths = worths.into_iter();
        self.tracked.retain(|term| {
            let stays = worths.next().is_some_and(|worth| worth > least) || topics.holds(term.key);
            if !stays {
                sketch.remember(term.key, term.past(now), now);
            }
            stays
        });
        self.places = (0_u32..).zip(&self.tracked).map(|(place, term)| (term.key, place)).collect();
        self.touched = (0_u32..)
            .zip(&self.tracked)
            .filter(|(_, term)| term.touched)
            .map(|(at, _)| at)
            .collect();
    }
}

/// Posts of a window as if each author had written one: what floods do not move.
fn heard(n_posts: u64, evidence: &Evidence) -> u64 {
    let is_crowd = evidence.n_authors * 10 >= evidence.n_posts * 6;
    if evidence.n_posts >= n_posts || evidence.n_posts == 0 || !is_crowd {
        return evidence.n_authors.min(n_posts);
    }
    // Only the newest posts were looked at; the others are taken to be like them.
    n_posts.saturating_mul(evidence.n_authors) / evidence.n_posts
}

/// A term's count in a window and its rise, where it may be a trend.
fn in_window(
    tracked: &Tracked,
    totals: &Counts,
    now: i64,
    window_mins: i64,
) -> Option<(u64, Rise)> {
    let minute = now.div_euclid(60);
    let n_posts = tracked.counts.between(minute - window_mins + 1, minute, minute);
    if n_posts < MIN_TREND_POSTS {
        return None;
    }
    let (n_all, past) = window_past(tracked, totals, minute, window_mins);
    let rise = rise(float(n_posts), float(n_all), past);
    (rise.surprise >= MIN_TREND_SURPRISE).then_some((n_posts, rise))
}

/// Weaker rises are noise.
const MIN_TREND_SURPRISE: f64 = 1.5;
/// The past that a window is held against, in windows.
const PAST_WINDOWS: i64 = 8;

fn window_past(tracked: &Tracked, totals: &Counts, minute: i64, window_mins: i64) -> (u64, Past) {
    let first = minute - window_mins + 1;
    let back = first - window_mins * PAST_WINDOWS;
    let past = |counts: &Counts| float(counts.between(back, first - 1, minute));
    let n_all = totals.between(first, minute, minute);
    (
        n_all,
        Past { n_posts: past(&tracked.counts) + tracked.prior(minute * 60), n_all: past(totals) },
    )
}

/// What was found of a term that may burst.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) rise: Rise,
    pub(super) n_posts: u64,
    pub(super) evidence: Evidence,
    /// Whether it is a burst by itself, or only what is left of one.
    pub(super) begins: bool,
}

/// Holds the newest seconds and minutes of a term against its past.
fn judge(tracked: &Tracked, totals: &Counts, now: i64) -> Option<Found> {
    let (slot, minute) = (now.div_euclid(FINE_SECS), now.div_euclid(60));
    if tracked.counts.fine(slot - 17, slot) < MIN_AUTHORS {
        return None;
    }
    let past = past_of(tracked, totals, minute);
    let mut best: Option<Found> = None;
    for (n_slots, past_minutes) in WINDOWS {
        let first = slot - n_slots + 1;
        let n_posts = tracked.counts.fine(first, slot);
        let n_all = totals.fine(first, slot);
        let bound = rise(float(n_posts), float(n_all), past);
        if n_posts < MIN_AUTHORS || bound.surprise < MIN_SURPRISE * GOES_ON {
            continue;
        }
        let evidence = tracked.posts.evidence(first * FINE_SECS);
        if evidence.n_authors < MIN_AUTHORS {
            continue;
        }
        let n_heard = float(heard(n_posts, &evidence));
        let felt = rise(n_heard, float(n_all), past);
        let begins = felt.surprise >= MIN_SURPRISE
            && felt.ratio >= MIN_RATIO
            && n_heard
                >= over_peak(peak(
                    tracked,
                    totals,
                    minute,
                    past_minutes,
                    n_all * 6 / n_slots.unsigned_abs(),
                ));
        if felt.surprise < MIN_SURPRISE * GOES_ON {
            continue;
        }
        let found = Found { rise: felt, n_posts, evidence, begins };
        let better = best.as_ref().is_none_or(|best| {
            (found.begins, found.rise.surprise) > (best.begins, best.rise.surprise)
        });
        if better {
            best = Some(found);
        }
    }
    best
}

/// A count that is above a peak by more than the chance that is in the peak itself.
fn over_peak(peak: f64) -> f64 {
    (OVER_PEAK * peak).max(peak + PEAK_CHANCE * peak.sqrt())
}

/// The last hour but for its newest minutes, and a little of the last day.
fn past_of(tracked: &Tracked, totals: &Counts, minute: i64) -> Past {
    let sums = |counts: &Counts| {
        let hour = counts.between(minute - PAST_MINUTES, minute - RECENT_MINUTES, minute);
        let ten = (minute - PAST_MINUTES).div_euclid(10);
        float(hour) + OLD_WEIGHT * float(counts.tens(ten - 138, ten - 1))
    };
    Past { n_posts: sums(&tracked.counts) + tracked.prior(minute * 60), n_all: sums(totals) }
}

/// Posts in the busiest `n_minutes` of the last hour, and of this time yesterday, had the stream been as fast as
/// now, when it has `n_per_min` posts a minute. A stream that is slow, or cut, makes no peak smaller.
fn peak(tracked: &Tracked, totals: &Counts, minute: i64, n_minutes: i64, n_per_min: u64) -> f64 {
    let past = totals.between(minute - PAST_MINUTES, minute - RECENT_MINUTES, minute);
    let usual = past / totals.n_minutes(minute - PAST_MINUTES, minute - RECENT_MINUTES).max(1);
    let n_all = n_per_min.max(usual).saturating_mul(n_minutes.unsigned_abs());
    let (mut sum, mut all, mut busiest) = (0_u64, 0_u64, 0.0_f64);
    // A quiet time must not make a peak out of two posts.
    let floor = float(n_all) / 2.0;
    for newest in minute - PAST_MINUTES..=minute - RECENT_MINUTES {
        sum += u64::from(tracked.counts.minute(newest));
        all += u64::from(totals.minute(newest));
        let oldest = newest - n_minutes;
        sum = sum.saturating_sub(u64::from(tracked.counts.minute(oldest)));
        all = all.saturating_sub(u64::from(totals.minute(oldest)));
        busiest = busiest.max(float(sum) / float(all).max(floor).max(1.0));
    }
    let yesterday = minute.div_euclid(10) - 144;
    for ten in yesterday - 1..=yesterday + 1 {
        let share = float(tracked.counts.tens(ten, ten)) / float(totals.tens(ten, ten)).max(floor);
        busiest = busiest.max(if share.is_finite() { share } else { 0.0 });
    }
    busiest * float(n_all)
}

pub(super) const fn silent_from(now: i64) -> i64 {
    now.saturating_add(SILENT_SECS)
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}
