//! What differs between window systems. Everything outside this folder is the same everywhere.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod painter;
#[cfg(target_os = "linux")]
pub(super) use linux::{Blanking, Display, leave_at_once};
#[cfg(target_os = "linux")]
pub(super) use painter::{Painter, painter};

#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
pub(super) use other::{Blanking, Display, Painter, leave_at_once, painter};
