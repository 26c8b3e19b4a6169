//! How large text must be, so that it can be read from the seats.

use smol_str::SmolStr;

use crate::{ScreenSpec, SizeMm};

/// Font sizes of a screen, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Legibility {
    /// Pixels to the millimeter.
    pub px_per_mm: f32,
    /// Smaller type cannot be read: its capitals are seen under 16 minutes of arc (NUREG-0700).
    pub min_font_px: f32,
    /// Type of this size is read with ease: the distance by 150 (AVIXA). What widgets use for words.
    pub advised_font_px: f32,
}

impl Legibility {
    /// The smallest angle under which capital letters may be seen, in minutes of arc.
    pub const MIN_ARC_MINUTES: f32 = 16.0;
    /// The advised font size is the distance by this.
    pub const ADVISED_PARTS: f32 = 150.0;
    /// Height of capital letters by font size, in Inter.
    pub const CAP_HEIGHT: f32 = 0.727;
}

/// The font sizes of `spec` on a surface of `size_px`.
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
        min_font_px: distance_px * angle.tan() / Legibility::CAP_HEIGHT,
        advised_font_px: distance_px / Legibility::ADVISED_PARTS,
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
    let font_px = legibility(spec, size_px).advised_font_px;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CellSpec, Gap, Grid, Identity};

    fn screen(drawing: &str, distance_mm: u32) -> ScreenSpec {
        let grid = Grid::parse(drawing).unwrap();
        let cells = grid.areas.iter().map(|(name, area)| CellSpec {
            name: name.clone(),
            widget: "feed".into(),
            options: toml::Table::new(),
            area: *area,
        });
        ScreenSpec {
            name: "left".into(),
            purpose: String::new(),
            size_mm: SizeMm::from_diagonal_mm(55.0 * 25.4),
            distance_mm,
            resolution_px: (1920, 1080),
            portrait: false,
            identity: Identity::default(),
            priority: 50,
            gap: Gap::None,
            cells: cells.collect(),
            grid,
        }
    }

    #[test]
    fn fifty_five_inches_at_six_meters() {
        let legibility = legibility(&screen("a", 6_000), (1920, 1080));
        let rounded =
            [legibility.px_per_mm * 1_000.0, legibility.min_font_px, legibility.advised_font_px]
                .map(f32::round);
        // 40 mm of type; 27.9 mm of capitals.
        assert_eq!(rounded, [1_577.0, 61.0, 63.0]);
    }

    #[test]
    fn small_cells_are_named() {
        let complaints = |drawing: &str, distance_mm: u32| {
            cell_complaints(&screen(drawing, distance_mm), (1920, 1080))
                .into_iter()
                .map(|(_, message)| message)
                .collect::<Vec<_>>()
        };
        assert_eq!(complaints("a b c\nd e f\ng h i", 6_000), Vec::<String>::new());
        assert_eq!(complaints("a b c d e f\na b c d e f", 3_000), Vec::<String>::new());
        assert_eq!(
            complaints("a a a a a a b", 6_000),
            ["`b` has room for 13 lines of 8 letters that can be read from 6 m"]
        );
    }
}
