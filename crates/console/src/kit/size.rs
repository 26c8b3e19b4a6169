//! Sizes at a desk, in points: everything stands on a grid of four.

/// Words.
pub(crate) const BODY: f32 = 15.0;
/// Words that matter less.
pub(crate) const SMALL: f32 = 13.0;
/// Headings of panels.
pub(crate) const HEAD: f32 = 14.0;
/// The text of a post that is read.
pub(crate) const READ: f32 = 19.0;
/// Figures.
pub(crate) const FIGURE: f32 = 26.0;
/// Between neighbours.
pub(crate) const GAP: f32 = 8.0;
/// Inside a panel.
pub(crate) const PAD: f32 = 12.0;
/// Height of a control.
pub(crate) const CONTROL: f32 = 32.0;
/// Height of a line of words.
pub(crate) const LINE: f32 = 20.0;
/// Corners.
pub(crate) const ROUND: f32 = 6.0;
/// Lines that carry meaning.
pub(crate) const STROKE: f32 = 1.5;
