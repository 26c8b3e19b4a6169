//! What a connector is: one connection's life, and how it can end.

use std::{fmt, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::{
    AuthorInbox, Health, Outbox, Secrets,
    model::{Clock, Cursor, OptionError, SourceId, SourceSpec},
};

/// One connector as room files know it.
#[derive(Clone, Copy)]
pub struct ConnectorEntry {
    /// The name in room files: one lower-case noun.
    pub name: &'static str,
    /// What it connects to, for people.
    pub title: &'static str,
    /// Checks the options without building anything and without the network.
    pub check: fn(&toml::Table) -> Result<(), OptionError>,
    /// Builds a source that is not connected yet.
    pub build: fn(&SourceSpec) -> Result<Box<dyn Source>, OptionError>,
    /// The JSON Schema of the options.
    pub schema: fn() -> serde_json::Value,
}

impl fmt::Debug for ConnectorEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ConnectorEntry").field(&self.name).finish()
    }
}

/// What a source promises; fixed for the source's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// How long it may be silent before what it brought is stale, in seconds.
    pub deadline_secs: u32,
    /// Whether it can read what it missed after a cut. Where it cannot, each cut is a gap.
    pub resumes: bool,
    /// Whether its network tells of deleted posts.
    pub deletes: bool,
    /// Whether its network tells of changed posts.
    pub edits: bool,
}

/// The future that one run of a source is.
pub type SourceRun<'run> = BoxFuture<'run, Result<Ended, SourceError>>;

/// One source of a room. What it keeps in `self` outlives a connection, but not the program.
pub trait Source: Send + fmt::Debug {
    /// What this source promises.
    fn descriptor(&self) -> Descriptor;

    /// One connection's life: connects, reads, and returns when the connection ends, whatever the cause.
    ///
    /// It never waits in order to try again: the supervisor does.
    /// It returns soon after `context.shutdown` fires; dropping the future at any await is harmless too.
    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run>;
}

/// How a run ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The other side closed in good order, or the program is being shut down.
    Closed,
    /// There is no more to come, ever.
    Finished,
    /// There is nothing more now: ask again after so long, without counting it as a failure.
    Later(Duration),
}

/// How a run failed. The texts are shown on the wall: no secrets, no post's words, what to do where a person must act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Connecting or reading failed; trying again may help.
    #[error("{0}")]
    Retry(String),
    /// The network wants us to wait.
    #[error("{why}")]
    RateLimited {
        /// At least so long.
        wait: Duration,
        /// What the network said.
        why: String,
    },
    /// The network no longer has what came after our cursor. A gap is recorded.
    #[error("{why}")]
    CursorTooOld {
        /// Where the next run is to go on; live where there is nothing.
        floor: Option<Cursor>,
        /// What the network said.
        why: String,
    },
    /// A batch of this source could not be stored; the next run reads it again.
    #[error("posts could not be stored, reading them again")]
    NotStored,
    /// The other side does not speak the protocol that it should; trying again may help, a new version may be needed.
    #[error("{0}")]
    Protocol(String),
    /// The network refuses our credentials. A person must act.
    #[error("{0}")]
    AuthRevoked(String),
    /// The options or the secrets are wrong. A person must act.
    #[error("{0}")]
    Config(String),
    /// The money or the quota for the period is spent.
    #[error("{0}")]
    Budget(String),
    /// The bus has been shut down; there is nobody to read for.
    #[error("the bus is closed")]
    BusClosed,
}

impl SourceError {
    /// Whether trying again can help without a person.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Retry(_)
                | Self::RateLimited { .. }
                | Self::CursorTooOld { .. }
                | Self::NotStored
                | Self::Protocol(_)
        )
    }
}

impl From<crate::SecretError> for SourceError {
    fn from(err: crate::SecretError) -> Self {
        Self::Config(err.to_string())
    }
}

impl From<vigie_bus::Closed> for SourceError {
    fn from(_: vigie_bus::Closed) -> Self {
        Self::BusClosed
    }
}

/// What the supervisor lends to a source for one run.
#[derive(Debug)]
pub struct SourceContext {
    /// Whose run this is.
    pub source: SourceId,
    /// Where events go. It knows the cursor as well.
    pub out: Outbox,
    /// Where to go on: the last cursor that went out in this program's life, else the stored one.
    pub cursor: Option<Cursor>,
    /// For every request: pooled, with timeouts, https only except to this machine.
    pub http: reqwest::Client,
    /// The secrets that the room file names.
    pub secrets: Arc<dyn Secrets>,
    /// The only way to the present instant.
    pub clock: Arc<dyn Clock>,
    /// Where the source says how it is doing.
    pub health: Health,
    /// Authors of kept posts whose names and pictures the room wants to know.
    pub authors: AuthorInbox,
    /// Fires when the program ends or the source leaves the room.
    pub shutdown: CancellationToken,
}
