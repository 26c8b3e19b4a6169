//! What is kept up for one query, and what it shows.

use vigie_model::{Network, Part, QueryName, QueryView, Timestamp};

use crate::{
    calendar::Day,
    feed::{Entry, FeedState, same_feed},
    kpis::DayLedger,
    ledger::Fact,
    needs::{MAX_TREND_MINS, MAX_WINDOW_MINS, Wants, clamp},
    posts::{PostNo, Posts, Record, minute},
    ring::Ring,
    terms::{TermNames, TermTable},
    trends::{same_trends, trends},
    windows::{Minute, mood, volume},
};

/// What is kept up for one query.
#[derive(Debug)]
pub(crate) struct QueryState {
    pub(crate) name: QueryName,
    pub(crate) wants: Wants,
    pub(crate) feed: FeedState,
    minutes: Ring<Minute>,
    today: DayLedger,
    pub(crate) previous: DayLedger,
    pub(crate) terms: Option<TermTable>,
    pub(crate) stale: Stale,
    pub(crate) view: QueryView,
}

/// Which parts of the view may have changed since they were made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stale {
    pub(crate) feed: bool,
    pub(crate) windows: bool,
    pub(crate) kpis: bool,
    pub(crate) trends: bool,
}

/// What the parts of a view are made from, besides the query itself.
pub(crate) struct Surroundings<'a> {
    pub(crate) posts: &'a Posts,
    pub(crate) names: &'a TermNames,
    pub(crate) networks: &'a [Network],
    pub(crate) now: Timestamp,
    /// Whether there is a day before to compare with.
    pub(crate) with_previous: bool,
}

/// Counts versions up, over all parts of a room.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Versions(pub(crate) u64);

impl Versions {
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }

    /// Puts `value` into `part`, with a new version, unless it is the same.
    pub(crate) fn renew<T>(
        &mut self,
        part: &mut Part<T>,
        value: T,
        same: impl FnOnce(&T, &T) -> bool,
    ) {
        if !same(part, &value) {
            *part = Part::new(self.next(), value);
        }
    }
}

impl QueryState {
    pub(crate) fn new(name: QueryName, wants: Wants) -> Self {
        let n_trend_minutes = wants.n_trend_minutes();
        Self {
            name,
            feed: FeedState::default(),
            minutes: Ring::new(wants.n_minutes()),
            today: DayLedger::default(),
            previous: DayLedger::default(),
            terms: (n_trend_minutes > 0).then(|| TermTable::new(n_trend_minutes)),
            stale: Stale { feed: true, windows: true, kpis: true, trends: true },
            view: QueryView::default(),
            wants,
        }
    }

    pub(crate) fn wants_kpis(&self) -> bool {
        !self.wants.measures.is_empty()
    }

    /// Moves on to the minute `now`.
    pub(crate) fn advance(&mut self, now: i64, posts: &Posts) {
        if self.wants.n_minutes() > 0 && self.minutes.advance(now) {
            self.stale.windows = true;
        }
        if let Some(terms) = &mut self.terms {
            terms.advance(now, posts);
            self.stale.trends = true;
        }
    }

    /// Counts a post, but for its terms.
    pub(crate) fn add(&mut self, record: &Record, today: &Day, entry: Option<&Entry>) {
        if let Some(entry) = entry
            && self.wants.feed
        {
            self.feed.add(entry);
            self.stale.feed = true;
        }
        self.count_minute(record, true);
        self.count_today(record, today, true);
    }

    /// Takes a post out that was counted.
    pub(crate) fn subtract(&mut self, record: &Record, today: &Day) {
        if !record.hidden && self.wants.feed {
            self.feed.remove(record.order);
            self.stale.feed = true;
        }
        self.count_minute(record, false);
        self.count_today(record, today, false);
        if let Some(terms) = &mut self.terms
            && record.merged
        {
            terms.subtract(record);
            self.stale.trends = true;
        }
    }

    fn count_minute(&mut self, record: &Record, added: bool) {
        if let Some(minute) = self.minutes.cell(record.minute()) {
            minute.count((!record.own).then_some(record.class), added);
            self.stale.windows = true;
        }
    }

    pub(crate) fn count_today(&mut self, record: &Record, today: &Day, added: bool) {
        if !self.wants_kpis() || !today.contains(record.counted) {
            return;
        }
        let fact = Fact::of(record, Timestamp::from_micros(i64::MAX));
        if added {
            self.today.add(record.network, &fact);
        } else {
            self.today.subtract(record.network, &fact);
        }
        self.stale.kpis = true;
    }

    /// Keeps counting a post that is forgotten.
    pub(crate) fn freeze(&mut self, record: &Record, today: &Day) {
        if self.wants_kpis() && today.contains(record.counted) {
            self.today.freeze(record.network, &Fact::of(record, Timestamp::from_micros(i64::MAX)));
        }
    }

    /// Counts the terms of a post.
    pub(crate) fn merge(&mut self, number: PostNo, record: &Record, names: &TermNames) {
        if let Some(terms) = &mut self.terms {
            terms.add(number, record, names);
            self.stale.trends = true;
        }
    }

    /// A new day: what was counted of the last one is gone.
    pub(crate) fn start_day(&mut self) {
        self.today = DayLedger::default();
        self.stale.kpis = true;
    }

    /// Makes the parts anew that may have changed.
    pub(crate) fn refresh(&mut self, around: &Surroundings<'_>, versions: &mut Versions) {
        let stale = std::mem::replace(
            &mut self.stale,
            Stale { feed: false, windows: false, kpis: false, trends: false },
        );
        if stale.feed {
            versions.renew(&mut self.view.feed, self.feed.view(), same_feed);
        }
        if stale.windows {
            self.refresh_windows(minute(around.now), versions);
        }
        if stale.kpis {
            self.refresh_kpis(around, versions);
        }
        if stale.trends
            && let Some(terms) = &self.terms
        {
            for window_mins in &self.wants.trends {
                let n_minutes = clamp(*window_mins, MAX_TREND_MINS);
                let value =
                    trends(terms, around.names, around.posts, minute(around.now), n_minutes);
                let part = self.view.trends.entry(*window_mins).or_default();
                versions.renew(part, value, same_trends);
            }
        }
    }

    fn refresh_windows(&mut self, now: i64, versions: &mut Versions) {
        for window_mins in &self.wants.moods {
            let value = mood(&self.minutes, now, clamp(*window_mins, MAX_WINDOW_MINS));
            let part = self.view.mood.entry(*window_mins).or_default();
            versions.renew(part, value, PartialEq::eq);
        }
        for window_mins in &self.wants.volumes {
            let value = volume(&self.minutes, now, clamp(*window_mins, MAX_WINDOW_MINS));
            let part = self.view.volume.entry(*window_mins).or_default();
            versions.renew(part, value, PartialEq::eq);
        }
    }

    fn refresh_kpis(&mut self, around: &Surroundings<'_>, versions: &mut Versions) {
        let previous = around.with_previous.then_some(&self.previous);
        for measure in &self.wants.measures {
            let value = self.today.kpi(measure, previous, around.networks);
            match self.view.kpis.get_mut(measure.name) {
                Some(part) => versions.renew(part, value, PartialEq::eq),
                None => {
                    let part = Part::new(versions.next(), value);
                    self.view.kpis.insert(measure.name.into(), part);
                }
            }
        }
    }
}
