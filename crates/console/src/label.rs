//! The names of views, lanes, levels, reasons and keys.

pub(crate) use crate::words::Label;
use vigie_layout::Locale;
use vigie_model::{Attitude, Flag, Hold, Level, Refusal};

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
    /// What is on the wall now: no lane of the fold's, but where posts of open queries are taken off.
    Live,
    Stashed,
    Approved,
    Rejected,
    Flagged,
    Pinned,
}

impl LaneName {
    pub(crate) const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Live,
        Self::Stashed,
        Self::Approved,
        Self::Rejected,
        Self::Flagged,
        Self::Pinned,
    ];

    pub(crate) const fn label(self) -> Label {
        match self {
            Self::Waiting => Label::LaneWaiting,
            Self::Live => Label::LaneLive,
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

/// The name of a class of sentiment.
pub(crate) const fn attitude(attitude: Attitude) -> Label {
    match attitude {
        Attitude::Negative => Label::Negative,
        Attitude::Neutral => Label::Neutral,
        Attitude::Positive => Label::Positive,
    }
}

/// Why a post waits.
pub(crate) const fn hold(hold: Hold) -> Label {
    match hold {
        Hold::Guarded => Label::HoldGuarded,
        Hold::Flagged => Label::HoldFlagged,
        Hold::Rule => Label::HoldRule,
    }
}

/// Why a text was flagged.
pub(crate) const fn flag(flag: Flag) -> Label {
    match flag {
        Flag::Offensive => Label::FlagOffensive,
        Flag::Profanity => Label::FlagProfanity,
        Flag::Insult => Label::FlagInsult,
        Flag::Hate => Label::FlagHate,
        Flag::Threat => Label::FlagThreat,
        Flag::Sexual => Label::FlagSexual,
        Flag::Spam => Label::FlagSpam,
        Flag::Flood => Label::FlagFlood,
        Flag::Sensitive => Label::FlagSensitive,
    }
}

/// Why a command came to nothing.
pub(crate) const fn refusal(refusal: Refusal) -> Label {
    match refusal {
        Refusal::TooSoon => Label::RefusedTooSoon,
        Refusal::Unknown => Label::RefusedUnknown,
        Refusal::Taken => Label::RefusedTaken,
        Refusal::NothingToUndo => Label::RefusedNothing,
        Refusal::NoVote => Label::RefusedNoVote,
        Refusal::Panic => Label::RefusedPanic,
    }
}

/// What stands between a name and what it names.
pub(crate) const fn colon(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => "\u{a0}: ",
        Locale::En => ": ",
    }
}

/// The name of a key where keyboards of the language have another.
pub(crate) fn key(key: &str, locale: Locale) -> String {
    match locale {
        Locale::Fr => key.to_owned(),
        Locale::En => key.replace("Maj", "Shift").replace("Espace", "Space").replace("0,3", "0.3"),
    }
}
