//! What a source hands to the bus, and what it says of itself.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{SourceEvent, SourceId, Timestamp};

/// One entry under `[source]` of a room file.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSpec {
    /// Its name in the room file.
    pub id: SourceId,
    /// Which connector it uses, one of `vigie_sources::CONNECTORS`.
    pub connector: SmolStr,
    /// The connector's own options.
    pub options: toml::Table,
}

/// Where a source is to go on reading after a restart; only the source knows what it means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub SmolStr);

/// Events of one source that travel, and are committed, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Whose events these are.
    pub source: SourceId,
    /// In the order in which the source gave them; at most [`Batch::MAX_EVENTS`].
    pub events: Vec<SourceEvent>,
    /// Where to go on once these are stored. Stored in the same transaction as the events.
    pub cursor: Option<Cursor>,
    /// When the last of them was received.
    pub received: Timestamp,
}

impl Batch {
    /// More events than this are split, so that no queue slot holds much.
    pub const MAX_EVENTS: usize = 512;
}

/// How a source is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// It has not been connected yet.
    #[default]
    Starting,
    /// It is connected and reads what was missed.
    CatchingUp,
    /// It is connected and up to date.
    Live,
    /// It is disconnected and will try again.
    Waiting {
        /// When it tries again.
        until: Timestamp,
        /// What went wrong, without secrets.
        why: SmolStr,
    },
    /// It has stopped until a person acts.
    Stopped {
        /// What went wrong and what to do, without secrets.
        why: SmolStr,
    },
    /// It has come to its end, as a replay does.
    Finished,
}

/// What a source says of itself, from time to time and at each change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    /// How it is doing.
    pub state: SourceState,
    /// When it last heard from its network, be it only a sign of life.
    pub heard: Option<Timestamp>,
    /// How long it may be silent before what it brought is stale, in seconds.
    pub deadline_secs: u32,
    /// Records that could not be read and were skipped, since the start.
    pub n_skipped: u64,
    /// Bytes received, since the start.
    pub n_bytes: u64,
}
