//! Text in any script: shaped and broken into lines by parley, drawn as meshes out of an atlas of our own.
//!
//! egui's own text puts words of right-to-left scripts in the wrong order and draws keycaps as digits,
//! so no words of the wall go through it: one engine, one look.
//! Everything is in points; glyphs lie on whole pixels.

mod atlas;
mod clean;
mod fonts;
mod paragraph;
pub(crate) mod raster;

#[cfg(test)]
mod tests;

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    ops::Range,
    sync::Arc,
};

use egui::{Color32, Mesh, Painter, Pos2, Rect, Shape, Vec2, pos2, vec2};
use parley::{FontContext, LayoutContext};
use rustc_hash::FxHashMap;
use swash::scale::ScaleContext;

use self::{
    atlas::{Atlas, GlyphKey},
    raster::{FontCut, MAX_RASTER_PX, raster},
};
pub use self::{
    fonts::{Face, Fonts},
    paragraph::Block,
};

/// Laid out texts that are kept, per screen. A full screen shows about a hundred.
const MAX_BLOCKS: usize = 400;

/// Fonts at fixed axes that one screen uses. A text with every script at once needs about forty.
const MAX_CUTS: usize = 1_000;

/// How thick the strokes of letters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weight {
    /// For reading.
    #[default]
    Regular,
    /// For names, headings and figures.
    Bold,
}

/// Where lines that are shorter than their width stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// Where the script begins: left for Latin, right for Arabic.
    #[default]
    Start,
    /// Left, whatever the script.
    Left,
    /// In the middle.
    Center,
    /// Right, whatever the script.
    Right,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Height of type, in points.
    pub size: f32,
    /// Color of what has no color of its own.
    pub color: Color32,
    /// Thickness of strokes.
    pub weight: Weight,
    /// Design of letters.
    pub face: Face,
    /// Distance of lines as a multiple of `size`.
    pub line_height: f32,
    /// More lines than this end in an ellipsis.
    pub max_lines: usize,
    /// Where short lines stand.
    pub align: Align,
}

impl Style {
    /// Regular text of one line.
    #[must_use]
    pub const fn line(size: f32, color: Color32) -> Self {
        Self {
            size,
            color,
            weight: Weight::Regular,
            face: Face::Text,
            line_height: 1.25,
            max_lines: 1,
            align: Align::Left,
        }
    }

    /// Regular text of up to `max_lines` lines.
    #[must_use]
    pub const fn lines(size: f32, color: Color32, max_lines: usize) -> Self {
        Self { line_height: 1.34, max_lines, align: Align::Start, ..Self::line(size, color) }
    }

    /// The same in bold.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { weight: Weight::Bold, ..self }
    }

    /// The same for large figures: bold, in the display design, without room between lines.
    #[must_use]
    pub const fn figure(self) -> Self {
        Self { weight: Weight::Bold, face: Face::Display, line_height: 1.0, ..self }
    }

    /// The same, standing elsewhere.
    #[must_use]
    pub const fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }

    fn hash(&self, hasher: &mut DefaultHasher) {
        for number in [self.size, self.line_height] {
            number.to_bits().hash(hasher);
        }
        (self.color, self.weight, self.face, self.max_lines, self.align).hash(hasher);
    }
}

struct Cached {
    block: Arc<Block>,
    frame: u64,
}

/// The text of one screen: shapes, keeps what it shaped, paints.
pub struct TextEngine {
    fonts: Fonts,
    fonts_version: u64,
    font_context: FontContext,
    layout_context: LayoutContext<Color32>,
    scale_context: ScaleContext,
    cuts: Vec<FontCut>,
    blocks: FxHashMap<u64, Cached>,
    atlas: Atlas,
    pixels_per_point: f32,
    frame: u64,
}

impl std::fmt::Debug for TextEngine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "TextEngine({} texts, {:?})", self.blocks.len(), self.atlas)
    }
}

impl TextEngine {
    /// The text engine of one screen.
    #[must_use]
    pub fn new(fonts: &Fonts) -> Self {
        Self {
            fonts_version: fonts.version(),
            font_context: fonts.context(),
            fonts: fonts.clone(),
            layout_context: LayoutContext::new(),
            scale_context: ScaleContext::with_max_entries(32),
            cuts: Vec::new(),
            blocks: FxHashMap::default(),
            atlas: Atlas::default(),
            pixels_per_point: 1.0,
            frame: 0,
        }
    }

    /// Begins a frame. Must come before any other call in it.
    pub fn begin_frame(&mut self, pixels_per_point: f32) {
        self.frame += 1;
        self.atlas.begin_frame();
        let fonts_version = self.fonts.version();
        if fonts_version != self.fonts_version || pixels_per_point != self.pixels_per_point {
            self.fonts_version = fonts_version;
            self.font_context = self.fonts.context();
            self.pixels_per_point = pixels_per_point;
            self.blocks.clear();
        }
        if self.cuts.len() > MAX_CUTS {
            self.forget_glyphs();
        }
        if self.blocks.len() > MAX_BLOCKS {
            let keep_since = self.frame.saturating_sub(2);
            self.blocks.retain(|_, cached| cached.frame >= keep_since);
        }
    }

    /// Forgets what was uploaded, as after the loss of a device.
    pub fn forget_glyphs(&mut self) {
        self.atlas.clear();
        self.cuts.clear();
        self.blocks.clear();
    }

    /// The fonts' version that the next frame will use; a change calls for a new frame.
    #[must_use]
    pub fn fonts_version(&self) -> u64 {
        self.fonts.version()
    }

    /// Bytes of the texture that holds the glyphs.
    #[must_use]
    pub fn texture_bytes(&self) -> usize {
        self.atlas.n_bytes()
    }

    /// Lays `text` out within `width` points.
    pub fn layout(&mut self, text: &str, style: &Style, width: f32) -> Arc<Block> {
        self.layout_marked(text, &[], style, width)
    }

    /// Lays `text` out within `width` points; the `marked` bytes have colors of their own.
    pub fn layout_marked(
        &mut self,
        text: &str,
        marked: &[(Range<usize>, Color32)],
        style: &Style,
        width: f32,
    ) -> Arc<Block> {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        marked.hash(&mut hasher);
        style.hash(&mut hasher);
        width.to_bits().hash(&mut hasher);
        let key = hasher.finish();
        if let Some(cached) = self.blocks.get_mut(&key) {
            cached.frame = self.frame;
            return Arc::clone(&cached.block);
        }
        let block = Arc::new(self.shape(text, marked, style, width));
        self.blocks.insert(key, Cached { block: Arc::clone(&block), frame: self.frame });
        block
    }

    /// The width of `text` on one line.
    pub fn width(&mut self, text: &str, style: &Style) -> f32 {
        self.layout(text, style, f32::INFINITY).size.x
    }

    /// Lays one line out, in a smaller size where it would not fit, down to `min_size`.
    pub fn fit(&mut self, text: &str, style: &Style, width: f32, min_size: f32) -> Arc<Block> {
        let natural = self.width(text, style);
        let size = if natural > width { style.size * width / natural } else { style.size };
        let fitted =
            Style { size: (size * 0.99).clamp(min_size.min(style.size), style.size), ..*style };
        self.layout(text, &fitted, width)
    }

    /// The first of `texts` that fits on one line in a size of `min_size` or more, as large as it fits.
    /// Where none does, the last one with an ellipsis.
    pub fn whole(
        &mut self,
        texts: &[&str],
        style: &Style,
        width: f32,
        min_size: f32,
    ) -> Arc<Block> {
        let share = min_size.min(style.size) / style.size;
        // Widths do not shrink quite as sizes do.
        let fits = texts.iter().find(|text| self.width(text, style) * share <= width * 0.98);
        let text = fits.or(texts.last()).copied().unwrap_or_default();
        self.fit(text, style, width, min_size)
    }

    /// The first of `texts` that fits on one line; where none does, the last one with an ellipsis.
    pub fn fitting(&mut self, texts: &[String], style: &Style, width: f32) -> Arc<Block> {
        let fits = texts.iter().find(|text| self.width(text, style) <= width);
        let text = fits.or(texts.last()).map(String::as_str).unwrap_or_default();
        self.layout(text, style, width)
    }

    /// Paints a text with its upper left corner at `corner`, and returns where it lies.
    pub fn paint(&mut self, painter: &Painter, corner: Pos2, block: &Block) -> Rect {
        let scale = self.pixels_per_point;
        let origin = pos2((corner.x * scale).round(), (corner.y * scale).round());
        let mut mesh: Option<Mesh> = None;
        for run in &block.runs {
            let Some(cut) = self.cuts.get(usize::from(run.cut)) else { continue };
            let size_px = run.size_px.min(MAX_RASTER_PX);
            let stretch = run.size_px / size_px;
            for glyph in &run.glyphs {
                let x = origin.x + glyph.x;
                let y = (origin.y + glyph.y).round();
                let (whole, shift) = grid(x, size_px);
                let key = GlyphKey {
                    cut: run.cut,
                    id: glyph.id,
                    size: (size_px * 4.0).round() as u16,
                    shift,
                };
                let scale_context = &mut self.scale_context;
                let slot = self.atlas.slot(painter.ctx(), key, || {
                    let shift_px = f32::from(shift) / 4.0;
                    raster(scale_context, cut, glyph.id, f32::from(key.size) / 4.0, shift_px)
                });
                let Some(slot) = slot else { continue };
                let min =
                    pos2(whole + slot.offset_px[0] * stretch, y + slot.offset_px[1] * stretch);
                let min = if slot.colored { min.round() } else { min };
                let size = Vec2::from(slot.size_px) * stretch;
                let rect = Rect::from_min_size(min / scale, size / scale);
                let color = if slot.colored { Color32::WHITE } else { run.color };
                // The atlas may move on to a new texture in the middle of a text.
                if mesh.as_ref().is_some_and(|mesh| mesh.texture_id != slot.texture) {
                    painter.extend(mesh.take().map(Shape::mesh));
                }
                mesh.get_or_insert_with(|| Mesh::with_texture(slot.texture))
                    .add_rect_with_uv(rect, slot.uv, color);
            }
        }
        painter.extend(mesh.map(Shape::mesh));
        Rect::from_min_size(origin / scale, block.size)
    }

    /// Lays one line out within `width` and paints it.
    pub fn line(
        &mut self,
        painter: &Painter,
        corner: Pos2,
        (text, style): (&str, &Style),
        width: f32,
    ) -> Rect {
        let block = self.layout(text, style, width);
        self.paint(painter, corner, &block)
    }

    /// Paints a text around `center`, centered by the height of its capitals.
    pub fn centered(&mut self, painter: &Painter, center: Pos2, block: &Block) -> Rect {
        let corner = center - vec2(block.size.x / 2.0, block.middle);
        self.paint(painter, corner, block)
    }
}

/// The whole pixel left of `x`, and the rest in quarters of a pixel: halves for larger type.
fn grid(x: f32, size_px: f32) -> (f32, u8) {
    let steps = match size_px {
        ..24.0 => 4.0,
        ..48.0 => 2.0,
        _ => 1.0,
    };
    let on_grid = (x * steps).round() / steps;
    let whole = on_grid.floor();
    (whole, ((on_grid - whole) * 4.0) as u8)
}
