//! The running room: sources, bus, analysis, sequencer, store, published snapshots, and what screens show of them.

pub(crate) mod analysis;
pub(crate) mod call;
pub(crate) mod clock;
mod console;
pub(crate) mod content;
pub(crate) mod engine;
pub(crate) mod files;
mod keys;
pub(crate) mod known;
pub(crate) mod pictures;
mod rules;
pub(crate) mod running;
mod sequencer;
pub(crate) mod stage;
mod trouble;
pub(crate) mod vocabulary;
