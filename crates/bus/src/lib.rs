//! The in-process event bus: lanes, batches, limits, counters.
//!
//! Three roads meet at the sequencer, and each promises something else:
//!
//! - **Posts** ([`ingest`] → [`ordered_map`] → [`Lanes`]) travel in batches, in order.
//!   A full lane makes the sender wait, so nothing is dropped, deletes and purges included.
//!   What is on its way has a limit in memory, not only in number.
//! - **Commands** ([`Commands`] → [`Lanes`]) never stand behind posts.
//!   A full lane tells the one who gave the command.
//! - **The room's state** ([`Latest`]) goes to the screens: the newest wins and nobody waits.
//!
//! # Shutdown, in order
//! 1. [`Shutdown::begin`]: sources stop reading and drop their [`Ingest`].
//! 2. [`Ingest::close`]: who still sends gets [`Closed`]; what was accepted runs through.
//! 3. [`Lanes::next`] says [`Next::Closed`] after the last batch and the last command.
//! 4. The sequencer closes the store, which commits what it has and fires the receipts.
//! 5. The windows close last, so that the wall stands until everything is on disk.
#![warn(missing_docs)]

mod counts;
mod ingest;
mod lanes;
mod latest;
mod ordered;
mod shutdown;

pub use counts::QueueCounts;
pub use ingest::{
    Ack, Closed, Delivered, Deliveries, INGEST_MAX_UNITS, Ingest, NotStored, Receipt, ingest,
};
pub use lanes::{COMMANDS_MAX, Commands, IssueError, Lanes, Next, lanes};
pub use latest::{Latest, Subscription};
pub use ordered::{AHEAD_PER_WORKER, Mapped, MappedBatches, Panicked, Workers, ordered_map};
pub use shutdown::Shutdown;
