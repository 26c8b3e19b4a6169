//! Shapes a text, breaks it into lines, and ends it with an ellipsis where it is too long.

use std::{borrow::Cow, ops::Range, sync::Arc};

use egui::{Color32, Vec2, vec2};
use parley::{
    Alignment, AlignmentOptions, BaseDirection, FontFamily, FontFeatures, FontWeight, Layout,
    LineHeight, OverflowWrap, PositionedLayoutItem, StyleProperty,
};
use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    Align, Face, Style, TextEngine, Weight,
    clean::{Clean, clean, emoji_ranges},
    raster::FontCut,
};

/// No character is narrower than this part of the size of type: bounds how much of a text is shaped.
const NARROWEST: f32 = 0.16;

/// Texts of one line without a width are cut here.
const MAX_CHARS: usize = 4_000;

/// Emoji fill their whole square, letters do not: this makes them stand well among letters.
const EMOJI_SCALE: f32 = 0.86;

/// Clusters that are taken off the end of a text at most to make room for the ellipsis.
const MAX_ELLIPSIS_STEPS: usize = 24;

/// A text that is laid out: glyphs in their places.
#[derive(Debug)]
pub struct Block {
    /// What is shown, for those who listen to the screen.
    pub text: Arc<str>,
    /// Width of the longest line and height of all lines, in points.
    pub size: Vec2,
    /// Lines shown.
    pub n_lines: usize,
    /// Whether the text goes on after what is shown.
    pub cut: bool,
    /// From the top to the base of the first line's letters, in points.
    pub baseline: f32,
    /// From the top to the middle of the first line's capitals, in points.
    pub middle: f32,
    pub(super) runs: Vec<Run>,
}

/// Glyphs of one font, size and color.
#[derive(Debug)]
pub(super) struct Run {
    /// Index into the engine's fonts at fixed axes.
    pub(super) cut: u16,
    pub(super) size_px: f32,
    pub(super) color: Color32,
    pub(super) glyphs: Vec<Glyph>,
}

/// A glyph and where its pen stands, in pixels from the block's corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub(super) id: u16,
    pub(super) x: f32,
    pub(super) y: f32,
}

impl TextEngine {
    pub(super) fn shape(
        &mut self,
        text: &str,
        marked: &[(Range<usize>, Color32)],
        style: &Style,
        width: f32,
    ) -> Block {
        let max_lines = style.max_lines.max(1);
        let cleaned = clean(text, marked, max_chars(style, width));
        let mut block = Block {
            text: cleaned.text.as_str().into(),
            size: Vec2::ZERO,
            n_lines: 0,
            cut: cleaned.cut,
            baseline: 0.0,
            middle: 0.0,
            runs: Vec::new(),
        };
        let mut start = 0;
        // Each paragraph has its own direction; parley also loses line ends within Thai.
        for paragraph in cleaned.text.split('\n') {
            let range = start..start + paragraph.len();
            start = range.end + 1;
            let n_free = max_lines - block.n_lines;
            let more = start <= cleaned.text.len() || cleaned.cut;
            let last = n_free == 1 && more;
            self.paragraph(&mut block, &cleaned, (range, n_free, last), (style, width));
            if block.cut || block.n_lines >= max_lines {
                break;
            }
        }
        block
    }

    /// Adds the lines of one paragraph; at most `n_free`, with an ellipsis where it is the `last`.
    fn paragraph(
        &mut self,
        block: &mut Block,
        cleaned: &Clean,
        (range, n_free, last): (Range<usize>, usize, bool),
        (style, width): (&Style, f32),
    ) {
        let text = cleaned.text.get(range.clone()).unwrap_or_default();
        let colors = colors_within(&cleaned.colors, &range);
        let layout = self.broken(text, &colors, style, width);
        let fits = layout.len() <= n_free;
        let layout = if fits && !last {
            block.cut = false;
            layout
        } else {
            block.cut = true;
            self.with_ellipsis((text, &colors), (layout, n_free), style, width)
        };
        self.collect(block, &layout, (style, width), n_free);
    }

    /// Shortens the paragraph until it fits with an ellipsis at its end.
    fn with_ellipsis(
        &mut self,
        (text, colors): (&str, &[(Range<usize>, Color32)]),
        (layout, n_free): (Layout<Color32>, usize),
        style: &Style,
        width: f32,
    ) -> Layout<Color32> {
        let end = layout.get(n_free - 1).map_or(text.len(), |line| line.text_range().end);
        let mut kept = text.get(..end).unwrap_or(text);
        let mut layout = layout;
        for step in 0..MAX_ELLIPSIS_STEPS {
            kept = kept.trim_end();
            let shortened = format!("{kept}…");
            let within: Vec<_> = colors
                .iter()
                .map(|(range, color)| {
                    (range.start.min(kept.len())..range.end.min(kept.len()), *color)
                })
                .filter(|(range, _)| !range.is_empty())
                .collect();
            layout = self.broken(&shortened, &within, style, width);
            if layout.len() <= n_free {
                break;
            }
            let n_clusters = 1 + step / 8 * 3;
            let Some((at, _)) = kept.grapheme_indices(true).nth_back(n_clusters - 1) else { break };
            kept = kept.get(..at).unwrap_or_default();
        }
        layout
    }

    /// Shapes one paragraph and breaks it into lines.
    fn broken(
        &mut self,
        text: &str,
        colors: &[(Range<usize>, Color32)],
        style: &Style,
        width: f32,
    ) -> Layout<Color32> {
        let scale = self.pixels_per_point;
        let context = &mut self.layout_context;
        let mut builder = context.ranged_builder(&mut self.font_context, text, scale, true);
        builder.set_base_direction(BaseDirection::Auto);
        let families =
            |face: Face| StyleProperty::FontFamily(FontFamily::List(Cow::Owned(face.families())));
        builder.push_default(families(style.face));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::Brush(style.color));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(
            style.size * style.line_height,
        )));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        builder.push_default(StyleProperty::FontWeight(FontWeight::new(match style.weight {
            Weight::Regular => 430.0,
            Weight::Bold => 650.0,
        })));
        if style.face == Face::Display {
            builder.push_default(StyleProperty::FontFeatures(FontFeatures::Source(Cow::Borrowed(
                "\"tnum\"",
            ))));
        }
        for (range, color) in colors {
            builder.push(StyleProperty::Brush(*color), range.clone());
        }
        for range in emoji_ranges(text) {
            builder.push(families(Face::Emoji), range.clone());
            builder.push(StyleProperty::FontSize(style.size * EMOJI_SCALE), range);
        }
        let mut layout = builder.build(text);
        let max_advance = width.is_finite().then(|| (width * scale).max(1.0));
        layout.break_all_lines(max_advance);
        let alignment = match style.align {
            _ if max_advance.is_none() => Alignment::Left,
            Align::Start => Alignment::Start,
            Align::Left => Alignment::Left,
            Align::Center => Alignment::Center,
            Align::Right => Alignment::Right,
        };
        layout.align(alignment, AlignmentOptions::default());
        layout
    }

    /// Moves the glyphs of a paragraph into the block.
    fn collect(
        &mut self,
        block: &mut Block,
        layout: &Layout<Color32>,
        (style, width): (&Style, f32),
        n_free: usize,
    ) {
        let scale = self.pixels_per_point;
        let line_px = style.size * style.line_height * scale;
        let mut missing = false;
        for line in layout.lines().take(n_free) {
            let metrics = line.metrics();
            let top = block.n_lines as f32 * line_px;
            let down = top - metrics.block_min_coord;
            if block.n_lines == 0 {
                block.baseline = (metrics.baseline - metrics.block_min_coord) / scale;
                block.middle = block.baseline - style.size * 0.36;
            }
            let right = metrics.offset + metrics.advance - metrics.hanging_advance;
            block.size.x = block.size.x.max(right / scale);
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                let color = run.style().brush;
                let font = run.run();
                let cut = FontCut {
                    font: font.font().clone(),
                    coords: font.normalized_coords().iter().map(|coord| coord.to_bits()).collect(),
                    bold: font.synthesis().embolden(),
                };
                let glyphs: Vec<_> = run
                    .positioned_glyphs()
                    .inspect(|glyph| missing |= glyph.id == 0)
                    .filter_map(|glyph| {
                        let id = u16::try_from(glyph.id).ok().filter(|&id| id != 0)?;
                        Some(Glyph { id, x: glyph.x, y: glyph.y + down })
                    })
                    .collect();
                let size_px = font.font_size();
                let Some(cut) = self.cut_idx(cut) else { continue };
                block.runs.push(Run { cut, size_px, color, glyphs });
            }
            block.n_lines += 1;
        }
        let width =
            if style.align == Align::Left || !width.is_finite() { block.size.x } else { width };
        block.size = vec2(block.size.x.min(width.max(0.0)), block.n_lines as f32 * line_px / scale);
        if missing {
            self.fonts.search_system();
        }
    }

    /// The place of the font among those that this screen uses.
    fn cut_idx(&mut self, cut: FontCut) -> Option<u16> {
        let idx = self.cuts.iter().position(|known| *known == cut).unwrap_or_else(|| {
            self.cuts.push(cut);
            self.cuts.len() - 1
        });
        u16::try_from(idx).ok()
    }
}

/// How much of a text can show at all.
fn max_chars(style: &Style, width: f32) -> usize {
    if !width.is_finite() {
        return MAX_CHARS;
    }
    let per_line = (width / (style.size * NARROWEST)).clamp(1.0, 2_000.0);
    ((per_line as usize + 1) * style.max_lines.max(1)).min(MAX_CHARS * 4)
}

/// The parts of `colors` that lie within `range`, counted from its start.
fn colors_within(
    colors: &[(Range<usize>, Color32)],
    range: &Range<usize>,
) -> Vec<(Range<usize>, Color32)> {
    colors
        .iter()
        .map(|(part, color)| {
            let start = part.start.clamp(range.start, range.end) - range.start;
            let end = part.end.clamp(range.start, range.end) - range.start;
            (start..end, *color)
        })
        .filter(|(part, _)| !part.is_empty())
        .collect()
}
