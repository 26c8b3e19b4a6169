//! What each query has to keep up, from the needs of all widgets.

use std::collections::BTreeSet;

use vigie_analysis::{Measure, measure};
use vigie_model::{Need, NeedKind, QueryName};

/// Windows of moods and volumes reach a day back: longer ones are a matter of figures, not of gauges.
pub const MAX_WINDOW_MINS: u32 = 24 * 60;
/// Windows of trends reach so far: what rises over more than this does not rise, it is there.
pub const MAX_TREND_MINS: u32 = 4 * 60;

/// What one query has to keep up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wants {
    pub(crate) feed: bool,
    /// Windows in minutes, as the widgets name them.
    pub(crate) trends: BTreeSet<u32>,
    pub(crate) moods: BTreeSet<u32>,
    pub(crate) volumes: BTreeSet<u32>,
    pub(crate) measures: Vec<&'static Measure>,
    /// Measures over the last hour.
    pub(crate) hours: Vec<&'static Measure>,
    pub(crate) movers: BTreeSet<u32>,
    pub(crate) boards: BTreeSet<u32>,
}

impl Wants {
    /// What `needs` ask of `query`.
    pub(crate) fn of(query: &QueryName, needs: &[Need]) -> Self {
        let mut wants = Self::default();
        for need in needs.iter().filter(|need| need.query == *query) {
            match &need.kind {
                NeedKind::Feed => wants.feed = true,
                NeedKind::Trends { window_mins } => wants.add_trends(*window_mins),
                NeedKind::Mood { window_mins } => wants.add_mood(*window_mins),
                NeedKind::Volume { window_mins } => wants.add_volume(*window_mins),
                NeedKind::Kpi { measure } => add_measure(&mut wants.measures, measure),
                NeedKind::KpiHour { measure } => add_measure(&mut wants.hours, measure),
                NeedKind::Movers { window_mins } => {
                    wants.movers.insert(*window_mins);
                }
                NeedKind::Board { window_mins } => {
                    wants.boards.insert(*window_mins);
                }
            }
        }
        wants
    }

    fn add_trends(&mut self, window_mins: u32) {
        self.trends.insert(window_mins);
    }

    fn add_mood(&mut self, window_mins: u32) {
        self.moods.insert(window_mins);
    }

    fn add_volume(&mut self, window_mins: u32) {
        self.volumes.insert(window_mins);
    }

    /// Minutes that moods and volumes look back, the window before the present one included.
    pub(crate) fn n_minutes(&self) -> usize {
        let moods =
            self.moods.iter().chain(&self.movers).map(|mins| 2 * clamp(*mins, MAX_WINDOW_MINS));
        let volumes = self.volumes.iter().map(|mins| clamp(*mins, MAX_WINDOW_MINS));
        moods.chain(volumes).max().unwrap_or(0)
    }
}

/// A window's length, at least one minute and at most `max`.
pub(crate) fn clamp(window_mins: u32, max: u32) -> usize {
    usize::try_from(window_mins.clamp(1, max)).unwrap_or(1)
}

fn add_measure(measures: &mut Vec<&'static Measure>, name: &str) {
    if let Some(wanted) = measure(name)
        && !measures.iter().any(|known| known.name == name)
    {
        measures.push(wanted);
    }
}
