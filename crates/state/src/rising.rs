//! What rises in one query: its terms, its volume, its negative share.
//!
//! Posts are counted as they come; they are looked at, and lists of trends are made, when a tick of the room's time
//! has passed, so that what is shown depends on the events alone and costs the same however often it is shown.

use std::collections::BTreeMap;

use vigie_analysis::{Burst, Said, ShareWatch, Swing, TermWatch, VolumeAlarm, VolumeWatch};
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
    Term(Burst),
    Volume { at: i64, alarm: VolumeAlarm },
    Mood { at: i64, swing: Swing, n_posts: u32 },
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
    /// Whether the mood was high at the last look.
    mood_swung: bool,
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
            minutes: Ring::new(usize::try_from(MOOD_MINUTES + 2).unwrap_or(1)),
            next_minute: None,
            volume: VolumeWatch::new(VOLUME_SILENT_SECS),
            mood: ShareWatch::default(),
            mood_swung: false,
            dirty: true,
        }
    }

    pub(crate) const fn has_terms(&self) -> bool {
        self.terms.is_some()
    }

    /// Counts a post.
    pub(crate) fn add(&mut self, number: PostNo, record: &Record, reading: &Reading) {
        self.count_minute(record, true);
        if let Some(terms) = &mut self.terms
            && !record.own
        {
            let at = record.counted.as_secs();
            let author = record.author.bits();
            terms.add(&Said { at, post: number, author, terms: &reading.terms });
            self.dirty = true;
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
        let mut found = Vec::new();
        let next = self.next_minute.unwrap_or(now);
        for ended in next.max(now.saturating_sub(MAX_EMPTY_MINUTES))..now {
            self.minutes.advance(ended);
            found.extend(self.look_at_minute(ended));
        }
        self.next_minute = Some(next.max(now));
        self.minutes.advance(now);
        self.dirty = true;
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
        let began = swing.filter(|_| !self.mood_swung);
        self.mood_swung = swing.is_some();
        if let Some(pulse) = self.minutes.cell(ended.saturating_sub(MOOD_MINUTES)) {
            self.mood.learn(pulse.n_negative.into(), pulse.n_sure.into());
        }
        let volume = volume.map(|alarm| Found::Volume { at, alarm });
        let mood = began.map(|swing| Found::Mood { at, swing, n_posts: n_sure });
        volume.into_iter().chain(mood).collect()
    }

    /// Looks at the terms of the tick that ended at the second `end`; `now` is the second of this look.
    pub(crate) fn look(&mut self, end: i64, now: i64, posts: &Posts) -> Vec<Found> {
        let Some(terms) = &mut self.terms else { return Vec::new() };
        if !std::mem::take(&mut self.dirty) {
            return Vec::new();
        }
        let bursts = terms.close(end);
        for window_mins in &self.windows {
            let n_minutes = clamp(*window_mins, MAX_TREND_MINS);
            self.trends.insert(*window_mins, trends(terms, posts, now, n_minutes));
        }
        bursts.into_iter().map(Found::Term).collect()
    }

    /// Names or pictures of authors have changed.
    pub(crate) const fn touch(&mut self) {
        self.dirty = true;
    }

    /// When the burst of a term was last seen to go on.
    pub(crate) fn last_seen(&self, key: vigie_analysis::TermKey) -> Option<i64> {
        self.terms.as_ref()?.last_seen(key)
    }
}
