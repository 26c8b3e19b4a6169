//! Figures from outside the networks.

use std::collections::{BTreeMap, VecDeque};

use smol_str::SmolStr;
use vigie_model::{ExternalFigure, FigureView, SourceId, Timestamp};

use crate::ledger::Outside;

/// A room shows fewer figures than this; more are passed over.
const MAX_FIGURES: usize = 64;

/// The names of the figures that a rate by reach is made of.
const ENGAGED: &str = "engaged";
const REACHED: &str = "reached";

/// Figures from outside the networks, by name.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    series: BTreeMap<SmolStr, Series>,
}

/// One figure's readings.
#[derive(Debug)]
struct Series {
    source: SourceId,
    latest: ExternalFigure,
    /// Readings by the moment that they are true for, oldest first, one for each moment.
    readings: VecDeque<(Timestamp, i64)>,
}

impl Figures {
    /// Takes in a reading. One for a moment that is known replaces it.
    pub(crate) fn take(&mut self, source: &SourceId, figure: &ExternalFigure) {
        if !self.series.contains_key(&figure.name) && self.series.len() >= MAX_FIGURES {
            return;
        }
        let series = self.series.entry(figure.name.clone()).or_insert_with(|| Series {
            source: source.clone(),
            latest: figure.clone(),
            readings: VecDeque::new(),
        });
        match series.readings.binary_search_by_key(&figure.at, |(at, _)| *at) {
            Ok(place) => {
                if let Some(reading) = series.readings.get_mut(place) {
                    reading.1 = figure.value_milli;
                }
            }
            Err(place) => series.readings.insert(place, (figure.at, figure.value_milli)),
        }
        if series.readings.len() > FigureView::MAX_POINTS {
            series.readings.pop_front();
        }
        if figure.at >= series.latest.at {
            series.latest = figure.clone();
            series.source = source.clone();
        }
    }

    pub(crate) fn view(&self) -> Vec<FigureView> {
        self.series
            .values()
            .map(|series| FigureView {
                source: series.source.clone(),
                figure: series.latest.clone(),
                baseline_milli: series.latest.baseline_milli.or_else(|| {
                    series.readings.iter().rev().nth(1).map(|(_, value_milli)| *value_milli)
                }),
                line_milli: series.readings.iter().map(|(_, value_milli)| *value_milli).collect(),
            })
            .collect()
    }

    /// What measures are made of.
    pub(crate) fn outside(&self) -> Outside {
        let latest = |name: &str| self.series.get(name).map(|series| &series.latest);
        let (engaged, reached) = (latest(ENGAGED), latest(REACHED));
        let whole = |figure: &ExternalFigure| u64::try_from(figure.value_milli / 1_000).ok();
        Outside {
            n_engaged: engaged.and_then(whole),
            n_reached: reached.and_then(whole),
            as_of: engaged.zip(reached).map(|(engaged, reached)| engaged.at.min(reached.at)),
        }
    }
}
