//! What a widget wants the room state to keep for it.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::QueryName;

/// One thing that the state must keep up, so that a widget can show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Need {
    /// The query whose posts are meant.
    pub query: QueryName,
    /// What of them.
    pub kind: NeedKind,
}

/// The things that the state can keep up for a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NeedKind {
    /// The newest posts.
    Feed,
    /// Terms that rise, over the last `window_mins` minutes.
    Trends {
        /// Length of the window in minutes.
        window_mins: u32,
    },
    /// Sentiment over the last `window_mins` minutes.
    Mood {
        /// Length of the window in minutes.
        window_mins: u32,
    },
    /// One figure, by the name of its measure.
    Kpi {
        /// The measure's name, one of `vigie_analysis::MEASURES`.
        measure: SmolStr,
    },
    /// One figure of the last hour, and of the same hour of the day before.
    KpiHour {
        /// The measure's name, one of `vigie_analysis::MEASURES`.
        measure: SmolStr,
    },
    /// The posts that moved the mood of the last `window_mins` minutes.
    Movers {
        /// Length of the mood's window in minutes.
        window_mins: u32,
    },
    /// Moods by topic and by language over the last `window_mins` minutes.
    Board {
        /// Length of the window in minutes.
        window_mins: u32,
    },
    /// Posts per minute over the last `window_mins` minutes.
    Volume {
        /// Length of the window in minutes.
        window_mins: u32,
    },
}
