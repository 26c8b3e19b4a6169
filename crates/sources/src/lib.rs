//! Where posts come from: one file per network, shared transports, one supervisor.
//!
//! A connector has three layers.
//! Its *decoder* is a pure function from bytes to [`model::SourceEvent`]s: no clock, no I/O, no panic.
//! Its *protocol* is a state machine without I/O.
//! Its *transport* is one of those in [`transport`], shared by all connectors.
//! One call of [`Source::run`] is one connection's life; the [`Supervisor`] alone waits and tries again.
//!
//! To add a network, write one file, and add one `mod` line and one line in [`CONNECTORS`].
#![warn(missing_docs)]

pub mod address;
mod authors;
mod backoff;
pub mod bluesky;
mod budget;
pub mod decoders;
mod demo;
mod feed;
mod figures;
mod health;
pub mod media;
mod outbox;
pub mod record;
mod replay;
#[cfg(test)]
mod rig;
mod secrets;
mod source;
mod spans;
mod supervisor;
mod webhook;

pub mod transport;

pub use authors::{AuthorInbox, AuthorRequests};
pub use budget::Budget;
pub use demo::Campaign;
pub use health::Health;
pub use outbox::Outbox;
pub use secrets::{SecretError, SecretFolder, Secrets};
pub use source::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun,
};
pub use supervisor::{Checkpoints, Environment, SpecError, Supervisor};

use vigie_model as model;

/// Every connector that a room file can name, in the alphabet's order.
#[rustfmt::skip]
pub const CONNECTORS: &[ConnectorEntry] = &[
    bluesky::ENTRY,
    demo::ENTRY,
    feed::ENTRY,
    figures::ENTRY,
    replay::ENTRY,
    webhook::ENTRY,
];
