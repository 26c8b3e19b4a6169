//! What calls the people in the room: something rises far above its own past.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{FeedItem, QueryName, Timestamp};

/// Tells an alert from all others of a room. The same alert has the same number in every run over the same log.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct AlertId(pub u64);

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A term is in far more posts than its past leads to expect.
    Term,
    /// A query has far more posts than its past leads to expect.
    Volume,
    /// The share of negative posts of a query is far above its own past.
    Mood,
    /// A source is cut, or silent.
    Source,
    /// A screen that a layout belongs on is gone.
    Screen,
    /// The log cannot be written.
    Store,
}

impl AlertKind {
    /// Whether the room itself is in trouble, and not what people talk about: it lasts until it is over.
    #[must_use]
    pub const fn is_trouble(self) -> bool {
        matches!(self, Self::Source | Self::Screen | Self::Store)
    }
}

/// Who has seen an alert, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgment {
    /// The person.
    pub by: SmolStr,
    /// When it was said.
    pub at: Timestamp,
}

/// Something that calls the people in the room, with the evidence for it.
///
/// An alert is raised once a burst; while the burst goes on, and for a cooldown after it, it is the same alert.
/// Alerts of one query that come close together are one incident: the later ones are counted in `n_joined`.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its number.
    pub id: AlertId,
    /// What it is about.
    pub kind: AlertKind,
    /// When it was raised, in the time of the posts.
    pub at: Timestamp,
    /// The latest moment at which it was still true.
    pub last: Timestamp,
    /// Whether it is true now.
    pub active: bool,
    /// The query that it was seen in; none where the room itself is in trouble.
    pub query: Option<QueryName>,
    /// The term as most people write it, or the name of the source or screen; none where all of it is meant.
    pub term: Option<SmolStr>,
    /// What was measured when it was raised: posts by different authors in the ten seconds to three minutes that
    /// showed it, posts in two minutes for a volume, or the share of negative posts, 0 to 1, in ten minutes.
    pub value: f64,
    /// The same measure as the past leads to expect it.
    pub baseline: f64,
    /// `value` over `baseline`.
    pub ratio: f64,
    /// Distinct authors behind it, as far as they are counted.
    pub n_authors: u64,
    /// Share of its posts that look machine-made, 0 to 1.
    pub suspicion: f64,
    /// Other alerts that belong to the same incident and are not shown by themselves.
    pub n_joined: u64,
    /// Their names, at most [`Alert::MAX_JOINED`], the first ones first.
    pub joined: Vec<SmolStr>,
    /// At most three posts, newest first.
    pub samples: Vec<Arc<FeedItem>>,
    /// Who has seen it, if anyone.
    pub acknowledged: Option<Acknowledgment>,
}

impl Alert {
    /// More alerts than this are no alerts but a log; the oldest go first.
    pub const MAX_ALERTS: usize = 32;
    /// Names of joined alerts that are kept.
    pub const MAX_JOINED: usize = 8;

    /// Whether the people in the room still have to look at it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.active && self.acknowledged.is_none()
    }
}
