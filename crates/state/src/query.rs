//! What is kept up for one query, and what it shows.

use std::{collections::BTreeMap, sync::Arc};

use smol_str::SmolStr;
use vigie_analysis::{Measure, Subject};
use vigie_model::{
    FeedItem, Kpi, Language, Network, Part, QueryName, QueryView, Seq, SourceId, Timestamp, Trends,
};

use crate::{
    board::{board, same_board},
    calendar::Day,
    feed::{Entry, FeedState, same_feed},
    heard::Heard,
    kpis::{DayLedger, Hours},
    ledger::{Fact, Outside},
    movers::{self, movers},
    needs::{MAX_TREND_MINS, MAX_WINDOW_MINS, Wants, clamp},
    posts::{Posts, Record, minute},
    ring::Ring,
    rising::{Found, Rising},
    sources::Sources,
    terms::TermNames,
    trends::same_trends,
    windows::{Minute, mood, movement, volume},
};

/// What is kept up for one query.
#[derive(Debug)]
pub(crate) struct QueryState {
    pub(crate) name: QueryName,
    /// Its place among the room's queries.
    place: usize,
    pub(crate) wants: Wants,
    pub(crate) feed: FeedState,
    minutes: Ring<Minute>,
    today: DayLedger,
    pub(crate) previous: DayLedger,
    hours: Hours,
    /// When posts came: all of them, those of the public, those whose terms are counted.
    heard: Heard,
    heard_public: Heard,
    heard_terms: Heard,
    /// Posts by the place of their source.
    n_by_source: Vec<u32>,
    pub(crate) rising: Rising,
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
    pub(crate) sources: bool,
}

/// What the parts of a view are made from, besides the query itself.
pub(crate) struct Surroundings<'a> {
    pub(crate) posts: &'a Posts,
    pub(crate) names: &'a TermNames,
    pub(crate) networks: &'a [Network],
    pub(crate) languages: &'a [Language],
    pub(crate) sources: &'a Sources,
    pub(crate) outside: Outside,
    pub(crate) now: Timestamp,
    /// Whether there is a day before to compare with.
    pub(crate) with_previous: bool,
    /// Whether names are masked.
    pub(crate) masked: bool,
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
    pub(crate) fn new(name: QueryName, place: usize, wants: Wants) -> Self {
        Self {
            name,
            place,
            feed: FeedState::default(),
            minutes: Ring::new(wants.n_minutes()),
            today: DayLedger::default(),
            previous: DayLedger::default(),
            hours: Hours::default(),
            heard: Heard::default(),
            heard_public: Heard::default(),
            heard_terms: Heard::default(),
            n_by_source: Vec::new(),
            rising: Rising::new(wants.trends.iter().copied()),
            stale: Stale { feed: true, windows: true, kpis: true, trends: true, sources: true },
            view: QueryView::default(),
            wants,
        }
    }

    pub(crate) fn wants_kpis(&self) -> bool {
        !self.wants.measures.is_empty()
    }

    /// Whether something is made of its posts' terms.
    pub(crate) fn wants_terms(&self) -> bool {
        self.rising.has_terms() || self.wants_boards()
    }

    /// Whether it shows terms by their numbers in posts.
    pub(crate) fn wants_boards(&self) -> bool {
        !self.wants.boards.is_empty()
    }

    /// Whether posts of past minutes must be found again.
    pub(crate) fn wants_minutes(&self) -> bool {
        self.wants_kpis() || !self.wants.hours.is_empty()
    }

    /// Moves on to the minute `now`.
    pub(crate) fn advance(&mut self, now: i64, posts: &Posts) {
        if self.wants.n_minutes() > 0 && self.minutes.advance(now) {
            self.stale.windows = true;
        }
        self.stale.trends = true;
        if !self.wants.hours.is_empty() {
            let place = self.place;
            self.hours.advance(now, posts, |record| record.queries.contains(place));
            self.stale.kpis = true;
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
        self.count(record, today, true);
    }

    /// Shows a post that was counted and not shown.
    pub(crate) fn show(&mut self, entry: &Entry) {
        if self.wants.feed {
            self.feed.add(entry);
            self.stale.feed = true;
        }
        self.resample();
    }

    /// Shows a post no longer that stays counted.
    pub(crate) fn hide(&mut self, order: Seq) {
        if self.wants.feed {
            self.feed.remove(order);
            self.stale.feed = true;
        }
        self.resample();
    }

    /// What may be a sample has changed.
    pub(crate) fn resample(&mut self) {
        self.stale.trends |= self.wants_terms();
        self.stale.windows |= self.wants.n_minutes() > 0;
    }

    /// Takes a post out that was counted, and that was `shown` or not.
    pub(crate) fn subtract(&mut self, record: &Record, shown: bool, today: &Day) {
        if shown && self.wants.feed {
            self.feed.remove(record.order);
            self.stale.feed = true;
        }
        self.count(record, today, false);
        if record.merged {
            self.heard_terms.subtract(record.received);
        }
        self.stale.trends = true;
    }

    /// Counts a post, or takes it out, in everything but feed and terms.
    fn count(&mut self, record: &Record, today: &Day, added: bool) {
        let place = usize::from(record.source);
        if self.n_by_source.len() <= place {
            self.n_by_source.resize(place + 1, 0);
        }
        let n_posts = self.n_by_source.get_mut(place);
        let publics = (!record.own).then_some(&mut self.heard_public);
        let heards = [Some(&mut self.heard), publics].into_iter().flatten();
        if added {
            heards.for_each(|heard| heard.add(record.received));
        } else {
            heards.for_each(|heard| heard.subtract(record.received));
        }
        if let Some(n_posts) = n_posts {
            let before = *n_posts;
            *n_posts = if added { before.saturating_add(1) } else { before.saturating_sub(1) };
            self.stale.sources |= (before == 0) != (*n_posts == 0);
        }
        // Also where it counts in no minute of the windows: they tell when the last post came.
        self.stale.windows = true;
        self.recount(record, today, added);
    }

    /// Counts a post, or takes it out, where its class and its answers count.
    pub(crate) fn recount(&mut self, record: &Record, today: &Day, added: bool) {
        self.count_minute(record, added);
        self.count_figures(record, today, added);
    }

    /// Counts a post, or takes it out, in the figures of the day and of the hours.
    pub(crate) fn count_figures(&mut self, record: &Record, today: &Day, added: bool) {
        self.count_today(record, today, added);
        if !self.wants.hours.is_empty() {
            self.stale.kpis |= self.hours.count(record, added);
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
        if !self.wants.hours.is_empty() {
            self.hours.forget(record);
        }
    }

    /// Counts the terms of a post.
    pub(crate) fn merge(&mut self, record: &Record) {
        self.heard_terms.add(record.received);
        self.stale.trends = true;
    }

    /// Looks at what rose in the tick that ended at the second `end`.
    pub(crate) fn look(&mut self, end: i64, now: i64, posts: &Posts) -> Vec<Found> {
        self.stale.trends = true;
        self.rising.look(end, now, posts)
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
            Stale { feed: false, windows: false, kpis: false, trends: false, sources: false },
        );
        if stale.feed {
            versions.renew(&mut self.view.feed, self.feed.view(around.masked), same_feed);
        }
        if stale.windows {
            self.refresh_windows(around, versions);
            self.refresh_movers(around, versions);
        }
        if stale.kpis {
            self.refresh_kpis(around, versions);
        }
        if stale.sources {
            let brought = self.n_by_source.iter().enumerate().filter(|(_, n_posts)| **n_posts > 0);
            let ids: Vec<SourceId> =
                brought.filter_map(|(place, _)| around.sources.id(place)).collect();
            versions.renew(&mut self.view.sources, ids, PartialEq::eq);
        }
        if stale.trends {
            for (window_mins, trends) in &self.rising.trends {
                let mut value = Trends { as_of: self.heard_terms.last(), ..trends.clone() };
                if around.masked {
                    mask(value.terms.iter_mut().flat_map(|trend| &mut trend.samples));
                }
                let part = self.view.trends.entry(*window_mins).or_default();
                versions.renew(part, value, same_trends);
            }
        }
        if stale.trends {
            self.refresh_boards(around, versions);
        }
    }

    fn refresh_boards(&mut self, around: &Surroundings<'_>, versions: &mut Versions) {
        let place = self.place;
        for window_mins in &self.wants.boards {
            let window = (minute(around.now), clamp(*window_mins, MAX_TREND_MINS));
            let belongs = |record: &Record| record.queries.contains(place);
            let mut value = board(around.posts, around.names, around.languages, window, belongs);
            if around.masked {
                mask(value.topics.iter_mut().flat_map(|topic| &mut topic.samples));
            }
            let part = self.view.boards.entry(*window_mins).or_default();
            versions.renew(part, value, same_board);
        }
    }

    fn refresh_windows(&mut self, around: &Surroundings<'_>, versions: &mut Versions) {
        let now = minute(around.now);
        let (as_of, as_of_public) = (self.heard.last(), self.heard_public.last());
        for window_mins in &self.wants.moods {
            let n_minutes = clamp(*window_mins, MAX_WINDOW_MINS);
            let value = mood(&self.minutes, now, n_minutes, as_of_public);
            let part = self.view.mood.entry(*window_mins).or_default();
            versions.renew(part, value, PartialEq::eq);
        }
        for window_mins in &self.wants.volumes {
            let n_minutes = clamp(*window_mins, MAX_WINDOW_MINS);
            let value = volume(&self.minutes, now, n_minutes, as_of);
            let part = self.view.volume.entry(*window_mins).or_default();
            versions.renew(part, value, PartialEq::eq);
        }
    }

    /// The posts that moved the moods.
    fn refresh_movers(&mut self, around: &Surroundings<'_>, versions: &mut Versions) {
        let (now, place) = (minute(around.now), self.place);
        for window_mins in &self.wants.movers {
            let n_minutes = clamp(*window_mins, MAX_WINDOW_MINS);
            let movement = movement(&self.minutes, now, n_minutes, movers::SPAN_MINS);
            let belongs = |record: &Record| record.queries.contains(place);
            let mut value = movers(movement, (now, *window_mins), around.posts, belongs);
            if around.masked {
                mask(value.posts.iter_mut().map(|mover| &mut mover.item));
            }
            let part = self.view.movers.entry(*window_mins).or_default();
            versions.renew(part, value, movers::same_movers);
        }
    }

    fn refresh_kpis(&mut self, around: &Surroundings<'_>, versions: &mut Versions) {
        let previous = around.with_previous.then_some(&self.previous);
        let outside = (around.networks, &around.outside);
        for measure in &self.wants.measures {
            let value = self.today.kpi(measure, previous, outside);
            renew_kpi(&mut self.view.kpis, measure, value, versions);
        }
        for measure in &self.wants.hours {
            let value = self.hours.kpi(measure, around.with_previous, outside);
            renew_kpi(&mut self.view.hours, measure, value, versions);
        }
    }

    /// Whether one of its figures is made from what comes from outside.
    pub(crate) fn wants_outside(&self) -> bool {
        let mut wanted = self.wants.measures.iter().chain(&self.wants.hours);
        wanted.any(|measure| measure.subject == Subject::Figures)
    }
}

fn renew_kpi(
    kpis: &mut BTreeMap<SmolStr, Part<Kpi>>,
    measure: &Measure,
    value: Kpi,
    versions: &mut Versions,
) {
    match kpis.get_mut(measure.name) {
        Some(part) => versions.renew(part, value, PartialEq::eq),
        None => {
            kpis.insert(measure.name.into(), Part::new(versions.next(), value));
        }
    }
}

/// Takes the names off posts.
pub(crate) fn mask<'a>(items: impl Iterator<Item = &'a mut Arc<FeedItem>>) {
    for item in items {
        *item = item.masked().into();
    }
}
