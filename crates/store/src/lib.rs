//! The event log on disk: one SQLite file that holds every event in its order.
//!
//! # What it promises
//! - **Acknowledged is durable.** A group's acks fire after its transaction is on disk (WAL, `synchronous = FULL`).
//!   A source's cursor is stored in the same transaction as the events that it stands behind.
//! - **Kill it at any moment**: the next start finds the log as it was at the last commit, without holes.
//! - **Deleted is gone.** A delete or an author's purge takes the payload of every row concerned off the disk,
//!   from the file and from its write-ahead log, and leaves a tombstone, so that nothing brings it back.
//!   The file system and the disk below may keep old blocks: encrypt the disk where that matters.
//! - **It never panics and never drops.** A full disk or a locked file is retried and told by [`Health`];
//!   a damaged file is set aside under another name and a new one is begun.
//!
//! # How
//! [`Writer`] owns a thread that commits what has queued up, as one group.
//! Rows are appended by their [`Seq`](vigie_model::Seq): the one shape of table that keeps its speed as it grows.
//! What finds the rows of a post or an author is a second structure, written behind in segments
//! (see `index.rs`), because an index kept up row by row would cost five times as much as the log.
//! [`Reader`] has its own connection and holds no lock for longer than a few hundred rows.
#![warn(missing_docs)]

mod bytes;
mod codec;
mod compact;
mod erase;
mod error;
mod file;
mod index;
mod log;
mod options;
#[cfg(feature = "peers")]
pub mod peers;
mod queue;
mod reader;
mod retain;
mod schema;
mod secret;
mod tombstones;
mod worker;
mod writer;

#[cfg(test)]
mod tests;

pub use error::{AppendError, OpenError, ReadError, Trouble};
pub use options::{Options, Retention};
pub use queue::{Group, OnCommit, QUEUE_MAX_EVENTS};
pub use reader::{Reader, Replay};
pub use schema::SCHEMA_VERSION;
pub use tombstones::Tombstones;
pub use writer::{Health, Writer};
