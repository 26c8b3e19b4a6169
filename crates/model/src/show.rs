//! What is on air: scene, spotlights, level, countdown, vote.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{FeedItem, Micros, PostId, SceneName, ScreenName, Timestamp};

/// How serious the situation is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Business as usual.
    #[default]
    Green,
    /// Something needs attention.
    Orange,
    /// A crisis.
    Red,
}

impl Level {
    /// Every level with its word in a room file.
    pub const ALL: [(&'static str, Self); 3] =
        [("green", Self::Green), ("orange", Self::Orange), ("red", Self::Red)];
}

/// What is on air, the same for all screens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Show {
    /// Screens show this show from then on, so that all of them change in one frame.
    pub due: Timestamp,
    /// The scene on air; every screen shows its own layout where there is none.
    pub scene: Option<SceneName>,
    /// Since when it is on air.
    pub since: Timestamp,
    /// The scene that the next take shows.
    pub preview: Option<SceneName>,
    /// Whether the safe scene covers everything.
    pub panic: bool,
    /// Whether names and private figures are masked.
    pub masked: bool,
    /// How serious the situation is.
    pub level: Level,
    /// The posts shown large, by screen.
    pub spotlights: BTreeMap<ScreenName, Arc<FeedItem>>,
    /// The countdown, if one is set.
    pub countdown: Option<Countdown>,
    /// The vote that is open, if one is.
    pub vote: Option<Vote>,
    /// The winners of the room, the latest first, at most [`Show::MAX_WINNERS`].
    pub winners: Vec<Winner>,
}

impl Show {
    /// Winners that are remembered: a month of a room that has one an hour, fifteen hours a day.
    pub const MAX_WINNERS: usize = 450;
    /// Posts that a vote can choose from: one key each.
    pub const MAX_SHORTLIST: usize = 9;
}

/// A countdown. Every screen works out the figure from the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Countdown {
    /// It runs towards this instant, and beyond it into overtime.
    Until(Timestamp),
    /// It stands still with so much left; overtime is negative.
    Held(Micros),
}

impl Countdown {
    /// What is left at `now`; overtime is negative.
    #[must_use]
    pub const fn left(self, now: Timestamp) -> Micros {
        match self {
            Self::Until(end) => end.since(now),
            Self::Held(left) => left,
        }
    }
}

/// An open vote. Who voted for what is not shown before it ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vote {
    /// The posts that are still there, in the order of the shortlist; a number of 1 is the first of the shortlist.
    pub entries: Vec<(u8, Arc<FeedItem>)>,
    /// Votes so far.
    pub n_votes: u64,
}

/// A winner. What is deleted later leaves its line, without its post.
#[derive(Clone, Debug, PartialEq)]
pub struct Winner {
    /// The post.
    pub id: PostId,
    /// The post itself, while it is there.
    pub item: Option<Arc<FeedItem>>,
    /// When it won.
    pub at: Timestamp,
    /// Its votes.
    pub n_votes: u64,
    /// Who voted.
    pub voters: Vec<SmolStr>,
}
