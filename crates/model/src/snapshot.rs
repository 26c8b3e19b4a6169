//! The room at one moment, as all screens see it.

use std::{collections::BTreeMap, ops::Deref, sync::Arc};

use smol_str::SmolStr;

use crate::{
    Action, Alert, Board, Counters, Feed, FigureView, Kpi, Mood, Movers, Need, NeedKind, Notice,
    QueryName, Queues, Seq, Show, SourceId, SourceView, Timestamp, Trends, Volume,
};

/// A piece of the room with a version that changes when, and only when, the piece does.
#[derive(Debug)]
pub struct Part<T> {
    version: u64,
    value: Arc<T>,
}

impl<T> Part<T> {
    /// A piece with the version that its maker gave it. Two parts of one kind with one version are equal.
    #[must_use]
    pub fn new(version: u64, value: T) -> Self {
        Self { version, value: Arc::new(value) }
    }

    /// The number to compare. 0 is a piece that never changed.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The piece itself, to keep.
    #[must_use]
    pub const fn shared(&self) -> &Arc<T> {
        &self.value
    }
}

impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        Self { version: self.version, value: Arc::clone(&self.value) }
    }
}

impl<T: Default> Default for Part<T> {
    fn default() -> Self {
        Self::new(0, T::default())
    }
}

impl<T> Deref for Part<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The room at one moment. It never changes once it is published.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The last event that it holds.
    pub seq: Seq,
    /// Up to when it is true.
    pub at: Timestamp,
    /// What each query shows.
    pub queries: BTreeMap<QueryName, QueryView>,
    /// How the sources are doing, in the room file's order.
    pub sources: Part<Vec<SourceView>>,
    /// What the room counts of itself.
    pub counters: Part<Counters>,
    /// Figures from outside the networks, by name.
    pub figures: Part<Vec<FigureView>>,
    /// What the people in the room must know, newest first.
    pub notices: Part<Vec<Notice>>,
    /// What calls the people in the room, newest first, at most [`Alert::MAX_ALERTS`].
    pub alerts: Part<Vec<Alert>>,
    /// What moderators see of their work.
    pub moderation: Part<Queues>,
    /// What is on air.
    pub show: Part<Show>,
    /// Who did what, the latest first, at most [`Action::MAX_ACTIONS`].
    pub log: Part<Vec<Action>>,
    /// Whether every screen shows its number.
    pub identify: bool,
}

/// What one query shows: only what some widget needs.
#[derive(Clone, Debug, Default)]
pub struct QueryView {
    /// The newest posts.
    pub feed: Part<Feed>,
    /// Rising terms, by the window's minutes.
    pub trends: BTreeMap<u32, Part<Trends>>,
    /// Sentiment, by the window's minutes.
    pub mood: BTreeMap<u32, Part<Mood>>,
    /// Figures, by the measure's name.
    pub kpis: BTreeMap<SmolStr, Part<Kpi>>,
    /// Figures of the last hour, by the measure's name; `previous` is the same hour of the day before.
    pub hours: BTreeMap<SmolStr, Part<Kpi>>,
    /// The posts that moved the mood, by the window's minutes.
    pub movers: BTreeMap<u32, Part<Movers>>,
    /// Moods by topic and by language, by the window's minutes.
    pub boards: BTreeMap<u32, Part<Board>>,
    /// The sources that have brought posts of this query which are still counted.
    pub sources: Part<Vec<SourceId>>,
    /// Posts over time, by the window's minutes.
    pub volume: BTreeMap<u32, Part<Volume>>,
}

impl Snapshot {
    /// The newest posts of `query`, if the room has such a query.
    #[must_use]
    pub fn feed(&self, query: &QueryName) -> Option<&Part<Feed>> {
        Some(&self.queries.get(query)?.feed)
    }

    /// The rising terms of `query` over `window_mins`, if a widget asked for them.
    #[must_use]
    pub fn trends(&self, query: &QueryName, window_mins: u32) -> Option<&Part<Trends>> {
        self.queries.get(query)?.trends.get(&window_mins)
    }

    /// The sentiment of `query` over `window_mins`, if a widget asked for it.
    #[must_use]
    pub fn mood(&self, query: &QueryName, window_mins: u32) -> Option<&Part<Mood>> {
        self.queries.get(query)?.mood.get(&window_mins)
    }

    /// The figure `measure` of `query`, if a widget asked for it.
    #[must_use]
    pub fn kpi(&self, query: &QueryName, measure: &str) -> Option<&Part<Kpi>> {
        self.queries.get(query)?.kpis.get(measure)
    }

    /// The figure `measure` of `query` over the last hour, if a widget asked for it.
    #[must_use]
    pub fn kpi_hour(&self, query: &QueryName, measure: &str) -> Option<&Part<Kpi>> {
        self.queries.get(query)?.hours.get(measure)
    }

    /// The posts that moved the mood of `query` over `window_mins`, if a widget asked for them.
    #[must_use]
    pub fn movers(&self, query: &QueryName, window_mins: u32) -> Option<&Part<Movers>> {
        self.queries.get(query)?.movers.get(&window_mins)
    }

    /// The moods of `query` by topic and by language over `window_mins`, if a widget asked for them.
    #[must_use]
    pub fn board(&self, query: &QueryName, window_mins: u32) -> Option<&Part<Board>> {
        self.queries.get(query)?.boards.get(&window_mins)
    }

    /// The volume of `query` over `window_mins`, if a widget asked for it.
    #[must_use]
    pub fn volume(&self, query: &QueryName, window_mins: u32) -> Option<&Part<Volume>> {
        self.queries.get(query)?.volume.get(&window_mins)
    }

    /// The version of what `need` names; 0 where there is no such thing.
    #[must_use]
    pub fn version(&self, need: &Need) -> u64 {
        match &need.kind {
            NeedKind::Feed => self.feed(&need.query).map(Part::version),
            NeedKind::Trends { window_mins } => {
                self.trends(&need.query, *window_mins).map(Part::version)
            }
            NeedKind::Mood { window_mins } => {
                self.mood(&need.query, *window_mins).map(Part::version)
            }
            NeedKind::Kpi { measure } => self.kpi(&need.query, measure).map(Part::version),
            NeedKind::KpiHour { measure } => self.kpi_hour(&need.query, measure).map(Part::version),
            NeedKind::Movers { window_mins } => {
                self.movers(&need.query, *window_mins).map(Part::version)
            }
            NeedKind::Board { window_mins } => {
                self.board(&need.query, *window_mins).map(Part::version)
            }
            NeedKind::Volume { window_mins } => {
                self.volume(&need.query, *window_mins).map(Part::version)
            }
        }
        .unwrap_or_default()
    }
}
