//! Figures from outside the networks: sales, visits, reach, with their source and their time.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{Micros, SourceId, Timestamp};

/// One reading of a figure that another program keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalFigure {
    /// What the figure is called in room files.
    pub name: SmolStr,
    /// The moment that the value is true for, as its keeper says.
    pub at: Timestamp,
    /// The value, in thousandths.
    pub value_milli: i64,
    /// What it is held against, in thousandths, as its keeper says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_milli: Option<i64>,
    /// The unit that is written behind it, such as `€`; may be empty.
    #[serde(default)]
    pub unit: SmolStr,
    /// Where it was read: a file's name or a host, for people.
    #[serde(default)]
    pub origin: SmolStr,
    /// An older value than this is stale; none where it never is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Micros>,
}

impl ExternalFigure {
    /// Longer names and units are no names.
    pub const MAX_NAME_BYTES: usize = 64;
}

/// A figure from outside as the wall shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureView {
    /// The source that brought it.
    pub source: SourceId,
    /// Its latest reading, by the moment that it is true for.
    pub figure: ExternalFigure,
    /// What it is held against: the baseline of its keeper, else the reading before; in thousandths.
    pub baseline_milli: Option<i64>,
    /// Its readings, oldest first, in thousandths, at most [`FigureView::MAX_POINTS`].
    pub line_milli: Vec<i64>,
}

impl FigureView {
    /// More points cannot be told apart across a room.
    pub const MAX_POINTS: usize = 64;

    /// How much more or less the value is than what it is held against: 0.25 is a quarter more.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a figure of the wall has few digits")]
    pub fn change(&self) -> Option<f64> {
        let baseline = self.baseline_milli.filter(|baseline| *baseline != 0)?;
        let (value, baseline) = (self.figure.value_milli as f64, baseline as f64);
        Some((value - baseline) / baseline.abs())
    }

    /// Whether the value is older at `now` than its keeper allows.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.figure.max_age.is_some_and(|max_age| now.since(self.figure.at) > max_age)
    }
}
