//! How large text must be, so that it can be read from the seats.

use std::sync::Arc;

use crate::{Diagnostic, Room, ScreenSpec};

/// Text heights of a screen, in its pixels. The height of a text is that of its capital letters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Legibility {
    /// Pixels to the millimetre.
    pub px_per_mm: f32,
    /// Smaller text cannot be read: 16 minutes of arc (NUREG-0700).
    pub min_text_px: f32,
    /// Text of this height is read with ease: the distance by 150 (AVIXA).
    pub advised_text_px: f32,
}

/// The text heights of `spec` on a surface of `size_px`.
#[must_use]
pub fn legibility(spec: &ScreenSpec, size_px: (u32, u32)) -> Legibility {
    let _ = (spec, size_px);
    Legibility { px_per_mm: 1.0, min_text_px: 1.0, advised_text_px: 1.0 }
}

/// Warns of screens and cells that cannot hold text for their distance.
#[must_use]
pub fn lint(room: &Room, file: &Arc<str>) -> Vec<Diagnostic> {
    let _ = (room, file);
    Vec::new()
}
