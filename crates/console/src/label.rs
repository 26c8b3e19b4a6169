//! Everything the console says by itself, in French and English, and the names of its views and lanes.

use vigie_layout::Locale;
use vigie_model::Level;

/// What the console can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// The room: its screens, scenes, clocks.
    #[default]
    Room,
    /// The queue of posts.
    Moderation,
    /// Search over the posts that are here.
    Search,
    /// What calls the people in the room.
    Alerts,
    /// Where posts come from.
    Sources,
    /// The vote for the winner.
    Winner,
    /// Who did what.
    Log,
}

impl View {
    /// All views, in the order of their tabs; with Control, a digit opens one.
    pub const ALL: [Self; 7] = [
        Self::Room,
        Self::Moderation,
        Self::Search,
        Self::Alerts,
        Self::Sources,
        Self::Winner,
        Self::Log,
    ];

    /// Its name.
    #[must_use]
    pub const fn title(self, locale: Locale) -> &'static str {
        let label = match self {
            Self::Room => Label::Room,
            Self::Moderation => Label::Moderation,
            Self::Search => Label::Search,
            Self::Alerts => Label::Alerts,
            Self::Sources => Label::Sources,
            Self::Winner => Label::Winner,
            Self::Log => Label::Log,
        };
        label.text(locale)
    }
}

/// A lane of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum LaneName {
    #[default]
    Waiting,
    Stashed,
    Approved,
    Rejected,
    Flagged,
    Pinned,
}

impl LaneName {
    pub(crate) const ALL: [Self; 6] =
        [Self::Waiting, Self::Stashed, Self::Approved, Self::Rejected, Self::Flagged, Self::Pinned];

    pub(crate) const fn label(self) -> Label {
        match self {
            Self::Waiting => Label::LaneWaiting,
            Self::Stashed => Label::LaneStashed,
            Self::Approved => Label::LaneApproved,
            Self::Rejected => Label::LaneRejected,
            Self::Flagged => Label::LaneFlagged,
            Self::Pinned => Label::LanePinned,
        }
    }
}

/// The name of a level.
pub(crate) const fn level(level: Level) -> Label {
    match level {
        Level::Green => Label::LevelGreen,
        Level::Orange => Label::LevelOrange,
        Level::Red => Label::LevelRed,
    }
}

vigie_widgets::word_table! {
/// Something that the console says by itself.
pub(crate) enum Label {
    Room: "Salle", "Room";
    Moderation: "Modération", "Moderation";
    Search: "Recherche", "Search";
    Alerts: "Alertes", "Alerts";
    Sources: "Sources", "Sources";
    Winner: "Gagnant", "Winner";
    Log: "Journal", "Log";
    LaneWaiting: "Nouveaux", "New";
    LaneStashed: "De côté", "Stashed";
    LaneApproved: "Approuvés", "Approved";
    LaneRejected: "Rejetés", "Rejected";
    LaneFlagged: "Signalés", "Flagged";
    LanePinned: "Épinglés", "Pinned";
    LevelGreen: "Vert", "Green";
    LevelOrange: "Orange", "Orange";
    LevelRed: "Rouge", "Red";
}
}
