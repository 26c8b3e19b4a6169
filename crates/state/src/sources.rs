//! What the wall shows of the sources.

use std::collections::VecDeque;

use vigie_model::{
    Micros, Notice, Seq, SourceId, SourceReport, SourceState, SourceView, Timestamp,
};

use crate::ring::Ring;

/// The lag is the median over this many posts: one late post does not move it.
const LAG_POSTS: usize = 100;
/// Posts kept behind these, so that deleted ones make room for older ones.
const LAG_RESERVE: usize = 2 * LAG_POSTS;
/// A room has fewer sources than this; events of more are counted under no source.
const MAX_SOURCES: usize = 256;
/// The rate is over this long.
const RATE_SECS: usize = 60;

/// All sources of the room, in the room file's order.
#[derive(Debug)]
pub(crate) struct Sources {
    all: Vec<SourceEntry>,
}

#[derive(Debug)]
pub(crate) struct SourceEntry {
    id: SourceId,
    report: SourceReport,
    /// When it got into the state that it is in.
    since: Timestamp,
    n_posts: u64,
    n_unasked: u64,
    n_gaps: u64,
    n_lost: u64,
    rates: Ring<u32>,
    /// From here on in the log, posts are news; what came before is of the hours before the start, and no rate.
    caught_up: Option<Seq>,
    /// Place in the log, receipt and lag of the newest posts, newest last.
    newest: VecDeque<(Seq, Timestamp, Micros)>,
}

impl Sources {
    pub(crate) fn new(ids: &[SourceId]) -> Self {
        Self { all: ids.iter().cloned().map(SourceEntry::new).collect() }
    }

    /// The place of a source; one that the room file does not know is added at the end.
    pub(crate) fn place(&mut self, id: &SourceId) -> u16 {
        let place = self.all.iter().position(|entry| entry.id == *id).unwrap_or_else(|| {
            let place = self.all.len();
            if place < MAX_SOURCES {
                self.all.push(SourceEntry::new(id.clone()));
            }
            place
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    pub(crate) fn get_mut(&mut self, place: u16) -> Option<&mut SourceEntry> {
        self.all.get_mut(usize::from(place))
    }

    /// The name of the source at `place`.
    pub(crate) fn id(&self, place: usize) -> Option<SourceId> {
        Some(self.all.get(place)?.id.clone())
    }

    pub(crate) fn view(&mut self, now: Timestamp) -> Vec<SourceView> {
        self.all.iter_mut().map(|entry| entry.view(now)).collect()
    }

    /// A line for each source that has stopped until a person acts.
    pub(crate) fn notices(&self) -> impl Iterator<Item = Notice> {
        self.all.iter().filter_map(|entry| match &entry.report.state {
            SourceState::Stopped { why } => Some(Notice {
                at: entry.since,
                text: format!("source {} has stopped: {why}", entry.id).into(),
            }),
            _ => None,
        })
    }
}

impl SourceEntry {
    fn new(id: SourceId) -> Self {
        Self {
            id,
            report: SourceReport {
                state: SourceState::Starting,
                heard: None,
                deadline_secs: 0,
                n_skipped: 0,
                n_bytes: 0,
            },
            since: Timestamp::EPOCH,
            n_posts: 0,
            n_unasked: 0,
            n_gaps: 0,
            n_lost: 0,
            rates: Ring::new(RATE_SECS),
            caught_up: None,
            newest: VecDeque::new(),
        }
    }

    pub(crate) fn add_post(&mut self, order: Seq, at: Timestamp, times: (Timestamp, Timestamp)) {
        let (published, received) = times;
        self.n_posts += 1;
        self.rates.advance(at.as_secs());
        let second = self.rated(order, at, published);
        if let Some(n_posts) = self.rates.cell(second) {
            *n_posts = n_posts.saturating_add(1);
        }
        // Nearly all come in their order.
        let place = match self.newest.back() {
            Some((last, _, _)) if *last >= order => {
                self.newest.partition_point(|(known, _, _)| *known < order)
            }
            _ => self.newest.len(),
        };
        self.newest.insert(place, (order, received, received.since(published).max(0)));
        if self.newest.len() > LAG_RESERVE {
            self.newest.pop_front();
        }
    }

    pub(crate) fn remove_post(&mut self, order: Seq, at: Timestamp, published: Timestamp) {
        self.n_posts = self.n_posts.saturating_sub(1);
        let second = self.rated(order, at, published);
        if let Some(n_posts) = self.rates.cell(second) {
            *n_posts = n_posts.saturating_sub(1);
        }
        if let Ok(place) = self.newest.binary_search_by_key(&order, |(known, _, _)| *known) {
            self.newest.remove(place);
        }
    }

    /// The second that a post counts in: that of its receipt, or of its publication where it was history.
    fn rated(&self, order: Seq, at: Timestamp, published: Timestamp) -> i64 {
        let is_news = self.caught_up.is_some_and(|first| order >= first);
        if is_news { at.as_secs() } else { published.min(at).as_secs() }
    }

    /// What comes after `order` is news.
    pub(crate) fn caught_up(&mut self, order: Seq) {
        self.caught_up.get_or_insert(order);
    }

    pub(crate) fn add_unasked(&mut self, at: Timestamp, n_posts: u64) {
        self.n_unasked = self.n_unasked.saturating_add(n_posts);
        self.count(at, u32::try_from(n_posts).unwrap_or(u32::MAX));
    }

    pub(crate) const fn add_gap(&mut self, n_events: u64) {
        self.n_gaps = self.n_gaps.saturating_add(1);
        self.n_lost = self.n_lost.saturating_add(n_events);
    }

    pub(crate) fn report(&mut self, at: Timestamp, report: &SourceReport) {
        if self.report.state != report.state {
            self.since = at;
        }
        self.report = report.clone();
    }

    fn count(&mut self, at: Timestamp, n_posts: u32) {
        self.rates.advance(at.as_secs());
        if let Some(count) = self.rates.cell(at.as_secs()) {
            *count = count.saturating_add(n_posts);
        }
    }

    fn view(&mut self, now: Timestamp) -> SourceView {
        self.rates.advance(now.as_secs());
        let mut lags: Vec<_> =
            self.newest.iter().rev().take(LAG_POSTS).map(|(_, _, lag)| *lag).collect();
        lags.sort_unstable();
        SourceView {
            id: self.id.clone(),
            report: self.report.clone(),
            last_post: self.newest.iter().map(|(_, received, _)| *received).max(),
            n_posts: self.n_posts,
            n_unasked: self.n_unasked,
            n_last_min: self.rates.cells(i64::MIN..=i64::MAX).map(|count| u64::from(*count)).sum(),
            n_gaps: self.n_gaps,
            n_lost: self.n_lost,
            lag: lags.get(lags.len().saturating_sub(1) / 2).copied(),
        }
    }
}
