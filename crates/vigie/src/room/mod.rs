//! The running room: sources, bus, analysis, sequencer, store, published snapshots.

pub(crate) mod clock;
