//! Bursts of terms and of volumes in files: the shipped detector, run as fast as it goes.
//!
//! It is how the detector is measured; the wall's fold runs the same one.

pub(crate) mod lines;
pub(crate) mod series;
pub(crate) mod stream;
