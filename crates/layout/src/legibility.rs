//! How large text must be, so that it can be read from the seats.

use smol_str::SmolStr;

use crate::{ScreenSpec, SizeMm};

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

impl Legibility {
    /// The smallest angle under which capital letters may be seen, in minutes of arc.
    pub const MIN_ARC_MINUTES: f32 = 16.0;
    /// The advised height of capital letters is the distance by this.
    pub const ADVISED_PARTS: f32 = 150.0;
    /// Height of capital letters in fonts for screens, by the font's size.
    pub const CAP_HEIGHT: f32 = 0.72;

    /// The font size whose capital letters can just be read.
    #[must_use]
    pub fn min_font_px(&self) -> f32 {
        self.min_text_px / Self::CAP_HEIGHT
    }

    /// The font size whose capital letters are read with ease.
    #[must_use]
    pub fn advised_font_px(&self) -> f32 {
        self.advised_text_px / Self::CAP_HEIGHT
    }
}

/// The text heights of `spec` on a surface of `size_px`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "screens have fewer than 2^24 pixels a side")]
pub fn legibility(spec: &ScreenSpec, size_px: (u32, u32)) -> Legibility {
    let SizeMm { width, height } = spec.size_mm;
    // The coarser direction decides.
    let px_per_mm = (size_px.0 as f32 / width).min(size_px.1 as f32 / height);
    let distance_px = spec.distance_mm as f32 * px_per_mm;
    let angle = (Legibility::MIN_ARC_MINUTES / 60.0).to_radians();
    Legibility {
        px_per_mm,
        min_text_px: distance_px * angle.tan(),
        advised_text_px: distance_px / Legibility::ADVISED_PARTS,
    }
}

/// A line of text takes this much more than its font size.
const LINE_HEIGHT: f32 = 1.3;
/// A cell has a name above what it shows, so two lines are the least.
const MIN_LINES: f32 = 2.0;
/// Shorter lines break most words of French and English.
const MIN_LETTERS: f32 = 12.0;
/// The usual width of a letter, by the font's size.
const LETTER_WIDTH: f32 = 0.5;

/// The cells of `spec`, by name, in which text for its distance has no room on a surface of `size_px`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "screens have fewer than 2^24 pixels a side")]
pub fn cell_complaints(spec: &ScreenSpec, size_px: (u32, u32)) -> Vec<(SmolStr, String)> {
    let font_px = legibility(spec, size_px).min_font_px();
    let rects = spec.cell_rects_px(size_px);
    let mut complaints = Vec::new();
    for (cell, rect) in spec.cells.iter().zip(rects) {
        let n_lines = rect.height as f32 / (font_px * LINE_HEIGHT);
        let n_letters = rect.width as f32 / (font_px * LETTER_WIDTH);
        if n_lines < MIN_LINES || n_letters < MIN_LETTERS {
            complaints.push((
                cell.name.clone(),
                format!(
                    "`{}` has room for {} lines of {} letters that can be read from {} m",
                    cell.name,
                    n_lines.floor(),
                    n_letters.floor(),
                    spec.distance_mm as f32 / 1_000.0,
                ),
            ));
        }
    }
    complaints
}
