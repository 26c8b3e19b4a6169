//! What rises far above its own past: terms of a stream, and volumes.
//!
//! One idea stands behind both. A count is held against what its own past leads to expect, and against the peaks of
//! that past: it must be too high to be chance, and higher than it has lately been.
//! [`TermWatch`] does so for every term of a stream, [`VolumeWatch`] for one series of counts.
//!
//! All of it is a function of the posts and of their times: there is no clock here, and no chance.

mod buckets;
mod key;
mod pending;
mod posts;
mod rise;
mod share;
mod sketch;
mod topics;
mod tracked;
mod volume;
mod watch;

pub use key::{MAX_KEYS, TermKey};
pub use posts::Evidence;
pub use rise::{Past, Rise, rise};
pub use share::{ShareWatch, Swing};
pub use tracked::TermView;
pub use volume::{VolumeAlarm, VolumeWatch};
pub use watch::{Burst, MAX_TRACKED, STEP_SECS, Said, TermWatch};

#[cfg(test)]
mod tests;
