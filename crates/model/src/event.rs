//! What happens in the room, in one order.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    Author, AuthorId, ExternalFigure, Issued, Post, PostId, Reading, SourceId, SourceReport,
    Timestamp,
};

/// The place of an event in the log: 1 for the first, no gaps.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// What a source has to say, before it is numbered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceEvent {
    /// A post is new or changed.
    Upsert(Box<Post>),
    /// A post is gone from its network.
    Delete(PostId),
    /// All posts of an author must go.
    PurgeAuthor(AuthorId, PurgeCause),
    /// An author's name or picture became known, or changed.
    Author(Arc<Author>),
    /// A figure from outside the networks has a new value.
    Figure(Box<ExternalFigure>),
    /// Something was missed.
    Gap(GapCause, u64),
    /// The source has read what it had missed and is live now.
    CaughtUp,
    /// How the source is doing.
    Report(SourceReport),
}

/// Why all posts of an author must go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurgeCause {
    /// The account was deleted.
    Deleted,
    /// The account was suspended or taken down by its network.
    Suspended,
    /// The account was switched off by its owner.
    Deactivated,
    /// The author asked for erasure.
    Erasure,
    /// The author does not want to be shown on a public wall.
    OptedOut,
}

/// Why something was missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapCause {
    /// The network no longer had what came after our cursor.
    CursorTooOld,
    /// The network cut us off because we read too slowly.
    TooSlow,
    /// The connection was cut and the network cannot repeat.
    NoReplay,
    /// A limit of ours was reached: which one.
    Limit(SmolStr),
    /// Messages that could not be read.
    Unreadable,
}

/// One thing that happened in the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A post is new or changed.
    Post {
        /// The post.
        post: Arc<Post>,
        /// What the analysis made of it.
        reading: Arc<Reading>,
    },
    /// A post is gone.
    Deleted(PostId),
    /// All posts of an author are gone.
    AuthorPurged(AuthorId, PurgeCause),
    /// An author's name or picture became known, or changed.
    Author(Arc<Author>),
    /// A figure from outside the networks has a new value.
    Figure {
        /// The source that brought it.
        source: SourceId,
        /// The figure.
        figure: Box<ExternalFigure>,
    },
    /// Posts that no query asked for: counted, not kept.
    Unasked {
        /// The source that brought them.
        source: SourceId,
        /// How many.
        n_posts: u64,
    },
    /// Something was missed.
    Gap {
        /// The source that missed it.
        source: SourceId,
        /// Why.
        cause: GapCause,
        /// How many events, 0 where nobody can know.
        n_events: u64,
    },
    /// A source has caught up.
    CaughtUp(SourceId),
    /// How a source is doing.
    Source(SourceId, SourceReport),
    /// A person, or a rule, did something.
    Command(Issued),
}

/// An event with its place and time in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logged {
    /// Its place.
    pub seq: Seq,
    /// When it took that place; never earlier than the event before it.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}
