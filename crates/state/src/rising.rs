//! What rises in one query: its terms, its volume, its negative share.
//!
//! Posts are counted as they come; they are looked at, and lists of trends are made, when a tick of the room's time
//! has passed, so that what is shown depends on the events alone and costs the same however often it is shown.

use std::collections::BTreeMap;

use vigie_analysis::{
    Burst, STEP_SECS, Said, ShareWatch, Swing, TermKey, TermWatch, VolumeAlarm, VolumeWatch,
};
use vigie_model::{FeedItem, Reading, Trends};

use crate::{
    needs::{MAX_TREND_MINS, clamp},
    posts::{Class, PostNo, Posts, Record},
    ring::Ring,
    trends::trends,
};

/// A volume is told of again after so long.
const VOLUME_SILENT_SECS: i64 = 1_800;
/// The last minutes of a volume are taken together: one alone is too few posts, more take too long.
const VOLUME_MINUTES: i64 = 2;
/// The last minutes of a mood are taken together.
const MOOD_MINUTES: i64 = 10;
/// Minutes that passed without an event are looked at one by one, up to so many.
const MAX_EMPTY_MINUTES: i64 = 180;

/// What is counted of one minute.
#[derive(Clone, Copy, Debug, Default)]
struct Pulse {
    n_posts: u32,
    n_negative: u32,
    n_sure: u32,
}

/// What was found to rise.
#[derive(Debug)]
pub(crate) enum Found {
    /// A term's burst, and the second that it was last seen to go on.
    Term {
        burst: Burst,
        last: i64,
    },
    Volume {
        at: i64,
        alarm: VolumeAlarm,
    },
    Mood {
        at: i64,
        swing: Swing,
        n_posts: u32,
    },
}

impl Found {
    const fn term(burst: Burst) -> Self {
        Self::Term { last: burst.at, burst }
    }

    /// Notes when the burst of its term was last seen to go on.
    fn go_on(&mut self, last_seen: impl Fn(TermKey) -> Option<i64>) {
        if let Self::Term { burst, last } = self {
            *last = last_seen(burst.key).map_or(*last, |seen| seen.max(*last));
        }
    }

    /// When that was clear, in seconds.
    pub(crate) const fn at(&self) -> i64 {
        match self {
            Self::Term { burst, .. } => burst.at,
            Self::Volume { at, .. } | Self::Mood { at, .. } => *at,
        }
    }
}

/// How far a query has come in what was said before the room listened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Past {
    /// Nothing was counted and no minute has ended yet.
    Unknown,
    /// Posts of the past come in their order; the step that the newest of them lies in.
    Told(i64),
    /// The room listens: what comes late is counted, and looked at no more.
    Over,
}

/// What rises in one query.
#[derive(Debug)]
pub(crate) struct Rising {
    /// Where a widget shows trends.
    terms: Option<TermWatch>,
    windows: Vec<u32>,
    /// The lists of trends as of the last tick.
    pub(crate) trends: BTreeMap<u32, Trends>,
    minutes: Ring<Pulse>,
    /// The first minute that was not looked at yet.
    next_minute: Option<i64>,
    volume: VolumeWatch,
    mood: ShareWatch,
    past: Past,
    /// What was found in the past and not told yet.
    found: Vec<Found>,
    dirty: bool,
}

impl Rising {
    /// Keeps up lists of trends for these windows, in minutes.
    pub(crate) fn new(windows: impl Iterator<Item = u32>) -> Self {
        let windows: Vec<u32> = windows.collect();
        let mins = |window: &u32| i64::try_from(clamp(*window, MAX_TREND_MINS)).unwrap_or(1);
        let lengths: Vec<i64> = windows.iter().map(mins).collect();
        Self {
            terms: (!windows.is_empty()).then(|| TermWatch::new(&lengths)),
            windows,
            trends: BTreeMap::new(),
            minutes: pulses(),
            next_minute: None,
            volume: VolumeWatch::new(VOLUME_SILENT_SECS),
            mood: ShareWatch::default(),
            past: Past::Unknown,
            found: Vec::new(),
            dirty: true,
        }
    }

    pub(crate) const fn has_terms(&self) -> bool {
        self.terms.is_some()
    }

    /// Counts a post.
    pub(crate) fn add(&mut self, number: PostNo, record: &Record, reading: &Reading) {
        self.look_back(record);
        self.count_minute(record, true);
        if let Some(terms) = &mut self.terms
            && !record.own
        {
            let at = record.counted.as_secs();
            let author = record.author.bits();
            let (terms_read, keys) = (&reading.terms, &record.terms);
            terms.add(&Said { at, post: number, author, terms: terms_read, keys });
            self.dirty = true;
        }
    }

    /// Lets time pass up to a post of the past, as if the room had listened: what a source brings at its start comes
    /// at once, and in order.
    fn look_back(&mut self, record: &Record) {
        let minute = record.minute();
        let step = record.counted.as_secs().div_euclid(STEP_SECS);
        match self.past {
            Past::Unknown if self.next_minute.is_some_and(|next| minute < next) => {
                self.minutes = pulses();
                self.minutes.advance(minute);
                self.next_minute = Some(minute);
                self.past = Past::Told(step);
            }
            Past::Unknown => self.past = Past::Over,
            Past::Told(newest) if step > newest => {
                let found = self.end_minutes(minute);
                self.found.extend(found);
                if let Some(terms) = &mut self.terms {
                    let end = newest.saturating_add(1).saturating_mul(STEP_SECS);
                    self.found.extend(terms.close(end).into_iter().map(Found::term));
                    for found in &mut self.found {
                        found.go_on(|key| terms.last_seen(key));
                    }
                }
                self.past = Past::Told(step);
            }
            Past::Told(_) | Past::Over => {}
        }
    }

    /// Takes a post out of the samples that stays counted.
    pub(crate) fn hide(&mut self, is: impl Fn(&FeedItem) -> bool) {
        for trend in self.trends.values_mut().flat_map(|trends| &mut trends.terms) {
            trend.samples.retain(|item| !is(item));
        }
        self.dirty |= self.terms.is_some();
    }

    /// Takes a post out that was counted; `is` tells it among samples.
    pub(crate) fn take(&mut self, number: PostNo, record: &Record, is: impl Fn(&FeedItem) -> bool) {
        self.count_minute(record, false);
        if let Some(terms) = &mut self.terms
            && !record.own
        {
            terms.take(record.counted.as_secs(), number, &record.terms);
            self.dirty = true;
        }
        for trends in self.trends.values_mut() {
            for trend in &mut trends.terms {
                trend.samples.retain(|item| !is(item));
            }
        }
    }

    fn count_minute(&mut self, record: &Record, added: bool) {
        let Some(pulse) = self.minutes.cell(record.minute()) else { return };
        let step = |count: &mut u32| {
            *count = if added { count.saturating_add(1) } else { count.saturating_sub(1) };
        };
        step(&mut pulse.n_posts);
        if !record.own && record.class != Class::Unsure {
            step(&mut pulse.n_sure);
            if record.class == Class::Negative {
                step(&mut pulse.n_negative);
            }
        }
    }

    /// Moves on to the minute `now`, and tells what was found in the minutes that ended.
    pub(crate) fn advance(&mut self, now: i64) -> Vec<Found> {
        if self.next_minute.is_some() {
            self.past = Past::Over;
        }
        let mut found = std::mem::take(&mut self.found);
        found.extend(self.end_minutes(now));
        self.dirty = true;
        found
    }

    /// Looks at the minutes that end where `now` begins.
    fn end_minutes(&mut self, now: i64) -> Vec<Found> {
        let mut found = Vec::new();
        let next = self.next_minute.unwrap_or(now);
        for ended in next.max(now.saturating_sub(MAX_EMPTY_MINUTES))..now {
            self.minutes.advance(ended);
            found.extend(self.look_at_minute(ended));
        }
        self.next_minute = Some(next.max(now));
        self.minutes.advance(now);
        found
    }

    fn look_at_minute(&mut self, ended: i64) -> Vec<Found> {
        let sum = |minutes: i64, count: fn(&Pulse) -> u32| -> u32 {
            let first = ended.saturating_sub(minutes - 1);
            self.minutes.cells(first..=ended).map(count).sum()
        };
        let at = ended.saturating_add(1).saturating_mul(60);
        let volume = self.volume.push(at, sum(VOLUME_MINUTES, |pulse| pulse.n_posts).into());
        let n_negative = sum(MOOD_MINUTES, |pulse| pulse.n_negative);
        let n_sure = sum(MOOD_MINUTES, |pulse| pulse.n_sure);
        let swing = self.mood.swing(n_negative.into(), n_sure.into());
        if let Some(pulse) = self.minutes.cell(ended.saturating_sub(MOOD_MINUTES)) {
            self.mood.learn(pulse.n_negative.into(), pulse.n_sure.into());
        }
        let volume = volume.map(|alarm| Found::Volume { at, alarm });
        // Told each minute: it goes on until it is no more.
        let mood = swing.map(|swing| Found::Mood { at, swing, n_posts: n_sure });
        volume.into_iter().chain(mood).collect()
    }

    /// Looks at the terms of the tick that ended at the second `end`; `now` is the second of this look.
    pub(crate) fn look(&mut self, end: i64, now: i64, posts: &Posts) -> Vec<Found> {
        let mut found = std::mem::take(&mut self.found);
        let Some(terms) = &mut self.terms else { return found };
        if !std::mem::take(&mut self.dirty) {
            return found;
        }
        let bursts = terms.close(end);
        for window_mins in &self.windows {
            let n_minutes = clamp(*window_mins, MAX_TREND_MINS);
            self.trends.insert(*window_mins, trends(terms, posts, now, n_minutes));
        }
        found.extend(bursts.into_iter().map(Found::term));
        found
    }

    /// Names or pictures of authors have changed.
    pub(crate) const fn touch(&mut self) {
        self.dirty = true;
    }

    /// When the burst of a term was last seen to go on.
    pub(crate) fn last_seen(&self, key: TermKey) -> Option<i64> {
        self.terms.as_ref()?.last_seen(key)
    }
}

/// Empty counts of the minutes that a look reaches back.
fn pulses() -> Ring<Pulse> {
    Ring::new(usize::try_from(MOOD_MINUTES + 2).unwrap_or(1))
}
