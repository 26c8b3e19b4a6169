//! Connectors against servers on this machine that speak their protocols, and break them.
//!
//! Time is tokio's own, paused: hours pass in milliseconds, and no test sleeps.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test program: a failure in its servers is a failure of the test"
)]

mod bluesky;
mod conformance;
mod figures;
mod rigs;
mod room;
