//! The room: what happens to it, and what time does to it.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use vigie_analysis::{Matcher, QuerySet};
use vigie_model::{
    Action, Author, AuthorId, Counters, Event, Language, Logged, Micros, Network, Part, PurgeCause,
    QueryName, Queues, Seq, Show, Snapshot, Timestamp,
};

use crate::{
    alerts::Alerts,
    answers::Answers,
    calendar::{Calendar, Day},
    commands::Actions,
    correct::{Correction, MAX_CORRECTED},
    digest::{AuthorKey, Digester, PostKey},
    fifo::Fifo,
    figures::Figures,
    kpis::DayLedger,
    ledger::Fact,
    moderation::Moderation,
    needs::Wants,
    notices::Notices,
    people::People,
    posts::{MAX_POSTS, PostNo, Posts, minute},
    query::{QueryState, Surroundings, Versions, mask},
    rising::Found,
    setup::Setup,
    show::ShowState,
    sources::Sources,
    terms::TermNames,
};

/// Deletions that are remembered, so that no post comes back; 40 bytes each.
pub const MAX_GRAVES: usize = 1 << 18;
/// Trends move on at this pace, so that a wall is calm and ten thousand posts a second cost one look.
const TREND_TICK: Micros = 2_000_000;

/// The room as a fold over its log. One thread owns it; the others get its snapshots.
#[derive(Debug)]
pub struct RoomState {
    pub(crate) keys: Digester,
    pub(crate) posts: Posts,
    pub(crate) people: People,
    pub(crate) answers: Answers,
    pub(crate) names: TermNames,
    pub(crate) alerts: Alerts,
    pub(crate) queries: Vec<QueryState>,
    pub(crate) sources: Sources,
    pub(crate) networks: Vec<Network>,
    pub(crate) languages: Vec<Language>,
    pub(crate) figures: Figures,
    /// The brand's posts that quote one of the public's, by the quoted post.
    pub(crate) sparks: Answers,
    /// What people said of posts.
    pub(crate) corrections: Fifo<PostKey, Correction>,
    pub(crate) matcher: Option<Arc<Matcher>>,
    pub(crate) notices: Notices,
    pub(crate) counters: Counters,
    /// Posts that are forgotten, but that the feeds of these queries still show.
    pub(crate) faded: FxHashMap<PostKey, (Seq, QuerySet)>,
    pub(crate) graves: Fifo<PostKey, ()>,
    /// Authors whose posts up to then must not come back; for ever where they asked for it.
    pub(crate) purged: Fifo<AuthorKey, Timestamp>,
    pub(crate) moderation: Moderation,
    pub(crate) show: ShowState,
    pub(crate) actions: Actions,
    pub(crate) identify: bool,
    calendar: Calendar,
    pub(crate) today: Day,
    pub(crate) yesterday: Day,
    pub(crate) now: Timestamp,
    seq: Seq,
    /// The first post that came in this tick.
    unmerged: PostNo,
    /// The minute for which yesterday's figures were made; none where they must be made anew.
    pub(crate) previous_minute: Option<i64>,
    with_previous: bool,
    versions: Versions,
    published: Option<Arc<Snapshot>>,
}

impl RoomState {
    /// An empty room.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        Self::with_max_posts(setup, MAX_POSTS)
    }

    /// An empty room that remembers fewer posts.
    pub(crate) fn with_max_posts(setup: &Setup, max_posts: usize) -> Self {
        let query = |(place, name): (usize, &QueryName)| {
            QueryState::new(name.clone(), place, Wants::of(name, &setup.needs))
        };
        let queries: Vec<_> = setup.queries.iter().enumerate().map(query).collect();
        Self {
            keys: Digester::default(),
            posts: Posts::new(max_posts, queries.iter().any(QueryState::wants_minutes)),
            people: People::new(&setup.accounts),
            answers: Answers::new(),
            names: TermNames::new(queries.iter().any(QueryState::wants_boards)),
            alerts: Alerts::default(),
            queries,
            sources: Sources::new(&setup.sources),
            networks: Vec::new(),
            languages: Vec::new(),
            figures: Figures::default(),
            sparks: Answers::new(),
            corrections: Fifo::new(MAX_CORRECTED),
            matcher: setup.matcher.clone(),
            notices: Notices::default(),
            counters: Counters::default(),
            faded: FxHashMap::default(),
            graves: Fifo::new(MAX_GRAVES),
            purged: Fifo::new(MAX_GRAVES),
            moderation: Moderation::new(setup),
            show: ShowState::new(&setup.show),
            actions: Actions::default(),
            identify: false,
            calendar: Calendar::new(setup.time_zone.clone(), setup.day_starts),
            today: Day::default(),
            yesterday: Day::default(),
            now: Timestamp::EPOCH,
            seq: Seq::default(),
            unmerged: 0,
            previous_minute: None,
            with_previous: false,
            versions: Versions::default(),
            published: None,
        }
    }

    /// An empty room for a changed room file. Its versions go on after those of `self`, so that no widget takes
    /// a part of the one for a part of the other.
    #[must_use]
    pub fn successor(&self, setup: &Setup) -> Self {
        Self { versions: self.versions, ..Self::new(setup) }
    }

    /// The latest instant that the room has heard of.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The last event that the room holds.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// Takes in one event. `asked` are the queries that its post answers, where it is a post;
    /// without any, a post that was here before is taken away.
    pub fn apply(&mut self, logged: &Logged, asked: Option<QuerySet>) {
        self.advance(logged.at);
        self.seq = self.seq.max(logged.seq);
        match &logged.event {
            Event::Post { post, reading } => {
                self.upsert(logged, post, reading, asked.unwrap_or_default());
            }
            Event::Deleted(id) => self.delete(self.keys.post(id)),
            Event::AuthorPurged(author, cause) => self.purge(author, *cause, logged.at),
            Event::Author(author) => self.learn(author, logged.at),
            Event::Figure { source, figure } => {
                self.figures.take(source, figure);
                for query in self.queries.iter_mut().filter(|query| query.wants_outside()) {
                    query.stale.kpis = true;
                }
            }
            Event::Unasked { source, n_posts } => {
                self.counters.n_unasked = self.counters.n_unasked.saturating_add(*n_posts);
                let place = self.sources.place(source);
                if let Some(entry) = self.sources.get_mut(place) {
                    entry.add_unasked(logged.at, *n_posts);
                }
            }
            Event::Gap { source, cause, n_events } => {
                self.counters.n_lost = self.counters.n_lost.saturating_add(*n_events);
                self.notices.missed(logged.at, source, cause, *n_events);
                let place = self.sources.place(source);
                if let Some(entry) = self.sources.get_mut(place) {
                    entry.add_gap(*n_events);
                }
            }
            Event::CaughtUp(source) => {
                let place = self.sources.place(source);
                if let Some(entry) = self.sources.get_mut(place) {
                    entry.caught_up(logged.seq);
                }
            }
            Event::Source(source, report) => {
                let place = self.sources.place(source);
                if let Some(entry) = self.sources.get_mut(place) {
                    entry.report(logged.at, report);
                }
            }
            Event::Command(issued) => self.command(issued, logged),
        }
    }

    pub(crate) fn purge(&mut self, id: &AuthorId, cause: PurgeCause, at: Timestamp) {
        let key = self.keys.author(id);
        let for_ever = matches!(cause, PurgeCause::Erasure | PurgeCause::OptedOut);
        let until = if for_ever { Timestamp::from_micros(i64::MAX) } else { at };
        let until = self.purged.get(key).copied().map_or(until, |known| known.max(until));
        self.purged.insert(key, until);
        self.people.forget(key);
        self.delete_author(key);
    }

    fn learn(&mut self, author: &Arc<Author>, at: Timestamp) {
        let key = self.keys.author(&author.id);
        if self.purged.get(key).is_some_and(|until| *until >= at) {
            return;
        }
        self.people.learn(key, author);
        self.rename(key, author);
    }

    /// Lets time pass up to `now`. Telling the time more often, or less often, changes nothing.
    pub fn advance(&mut self, now: Timestamp) {
        if now <= self.now && self.today != Day::default() {
            return;
        }
        let before = self.now;
        self.now = self.now.max(now);
        let now = minute(self.now);
        let new_minute = now != minute(before) || self.today == Day::default();
        if new_minute {
            for query in &mut self.queries {
                query.advance(now, &self.posts);
            }
        }
        if new_minute {
            self.end_minutes(now);
        }
        let tick = |at: Timestamp| at.as_micros().div_euclid(TREND_TICK);
        if new_minute || tick(self.now) != tick(before) {
            self.merge_terms();
            self.end_tick(before);
        }
        if new_minute {
            self.names.forget_before(now);
            if !self.today.contains(self.now) {
                self.start_day();
            }
        }
    }

    /// Looks at the volumes and moods of the minutes that ended.
    fn end_minutes(&mut self, now: i64) {
        let mut found = Vec::new();
        for (query_idx, query) in self.queries.iter_mut().enumerate() {
            found.extend(query.rising.advance(now).into_iter().map(|found| (query_idx, found)));
        }
        self.raise_alerts(found);
    }

    /// Raises what was found, in the order of its time.
    fn raise_alerts(&mut self, mut found: Vec<(usize, Found)>) {
        found.sort_by_key(|(_, found)| found.at());
        for (query_idx, found) in &found {
            if let Some(query) = self.queries.get(*query_idx) {
                self.alerts.raise(&query.name, found, &self.posts);
            }
        }
    }

    /// Looks at what rose in the tick that `before` lies in.
    fn end_tick(&mut self, before: Timestamp) {
        let tick = before.as_micros().div_euclid(TREND_TICK);
        let end = tick.saturating_add(1).saturating_mul(TREND_TICK) / 1_000_000;
        let mut found = Vec::new();
        for (query_idx, query) in self.queries.iter_mut().enumerate() {
            let looked = query.look(end, self.now.as_secs(), &self.posts);
            found.extend(looked.into_iter().map(|found| (query_idx, found)));
        }
        self.raise_alerts(found);
        for query in &self.queries {
            self.alerts.go_on(&query.name, |key| query.rising.last_seen(key));
        }
    }

    /// Marks the posts that came before this tick: lists that move with the ticks take no others.
    pub(crate) fn merge_terms(&mut self) {
        let tick = |at: Timestamp| at.as_micros().div_euclid(TREND_TICK);
        let mut number = self.posts.at_least_first(self.unmerged);
        while number != self.posts.end() {
            if let Some(record) = self.posts.get_mut(number) {
                if tick(record.at) >= tick(self.now) {
                    break;
                }
                if !record.own {
                    record.merged = true;
                    for query_idx in record.queries.iter() {
                        if let Some(query) = self.queries.get_mut(query_idx) {
                            query.merge(record);
                        }
                    }
                }
            }
            number = number.wrapping_add(1);
        }
        self.unmerged = number;
    }

    fn start_day(&mut self) {
        self.today = self.calendar.day(self.now);
        self.yesterday = self.calendar.day(self.today.start.plus(-1));
        self.previous_minute = None;
        // The same hour of the day before begins up to two hours before yesterday, where clocks change.
        self.posts.drop_minutes_before(minute(self.yesterday.start).saturating_sub(120));
        for query in &mut self.queries {
            query.start_day();
        }
        for record in self.posts.in_minutes(minute(self.today.start)..i64::MAX) {
            for query_idx in record.queries.iter() {
                if let Some(query) = self.queries.get_mut(query_idx) {
                    query.count_today(record, &self.today, true);
                }
            }
        }
    }

    /// The room as it is now. Where nothing changed since the last one, it is the last one.
    pub fn snapshot(&mut self) -> Arc<Snapshot> {
        self.refresh_previous();
        let around = Surroundings {
            posts: &self.posts,
            names: &self.names,
            networks: &self.networks,
            languages: &self.languages,
            sources: &self.sources,
            outside: self.figures.outside(),
            now: self.now,
            with_previous: self.with_previous,
            masked: self.show.masked,
        };
        for query in &mut self.queries {
            query.refresh(&around, &mut self.versions);
        }
        let last = self.published.clone().unwrap_or_default();
        if self.published.is_some() && (self.seq, self.now) == (last.seq, last.at) {
            return last;
        }
        let (mut sources, mut counters, mut notices): (Part<_>, Part<_>, Part<_>) =
            (last.sources.clone(), last.counters.clone(), last.notices.clone());
        let mut figures = last.figures.clone();
        self.versions.renew(&mut figures, self.figures.view(), PartialEq::eq);
        let mut alerts = last.alerts.clone();
        let mut told = self.alerts.view(self.now);
        if self.show.masked {
            mask(told.iter_mut().flat_map(|alert| &mut alert.samples));
        }
        self.versions.renew(&mut alerts, told, PartialEq::eq);
        let told = self.notices.view(self.now, self.sources.notices());
        self.versions.renew(&mut sources, self.sources.view(self.now), PartialEq::eq);
        self.counters.n_held = self.moderation.n_held();
        self.versions.renew(&mut counters, self.counters, PartialEq::eq);
        self.versions.renew(&mut notices, told, PartialEq::eq);
        let (moderation, show, log) = self.refresh_people(&last);
        let view = |query: &QueryState| (query.name.clone(), query.view.clone());
        let snapshot = Arc::new(Snapshot {
            seq: self.seq,
            at: self.now,
            queries: self.queries.iter().map(view).collect(),
            sources,
            counters,
            figures,
            notices,
            alerts,
            moderation,
            show,
            log,
            identify: self.identify,
        });
        self.published = Some(Arc::clone(&snapshot));
        snapshot
    }

    /// What moderators, presenters and their log look like now.
    fn refresh_people(&mut self, last: &Snapshot) -> (Part<Queues>, Part<Show>, Part<Vec<Action>>) {
        let (mut moderation, mut show, mut log) =
            (last.moderation.clone(), last.show.clone(), last.log.clone());
        // Posts on air come and go with the desk.
        let is_stale = std::mem::take(&mut self.moderation.desk.is_stale);
        if is_stale {
            self.versions.renew(&mut moderation, self.moderation.view(), PartialEq::eq);
        }
        if std::mem::take(&mut self.show.is_stale) || is_stale {
            let view = self.show_view();
            self.versions.renew(&mut show, view, PartialEq::eq);
        }
        if std::mem::take(&mut self.actions.is_stale) {
            self.versions.renew(&mut log, self.actions.view(), PartialEq::eq);
        }
        (moderation, show, log)
    }

    /// Makes yesterday's figures up to this time of day, once a minute and when yesterday changes.
    fn refresh_previous(&mut self) {
        let now = minute(self.now);
        if self.previous_minute == Some(now) || !self.queries.iter().any(QueryState::wants_minutes)
        {
            return;
        }
        self.previous_minute = Some(now);
        let first = minute(self.yesterday.start);
        let end = minute(self.yesterday.end);
        let elapsed = now.saturating_sub(minute(self.today.start));
        let until = first.saturating_add(elapsed).min(end);
        let any = self.posts.in_minutes(first..end).next().is_some();
        self.with_previous = any && self.posts.reach_back_to(self.yesterday.start);
        for query in &mut self.queries {
            query.previous = DayLedger::default();
            query.stale.kpis = true;
        }
        let cutoff = Timestamp::from_secs(until.saturating_mul(60));
        for record in self.posts.in_minutes(first..until) {
            let fact = Fact::of(record, cutoff);
            for query_idx in record.queries.iter() {
                if let Some(query) = self.queries.get_mut(query_idx)
                    && query.wants_kpis()
                {
                    query.previous.add(record.network, &fact);
                }
            }
        }
    }
}
