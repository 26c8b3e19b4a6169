//! Turns one glyph of a font into pixels: outlines into coverage, emoji bitmaps into color.
//!
//! Swash draws, since its rasterizer is small, has no state to set up per glyph, and reads the
//! bitmap formats that emoji fonts use; the fonts are read by the same crate that parley shapes with.

use egui::Color32;
use parley::FontData;
use swash::{
    FontRef,
    scale::{Render, ScaleContext, Source, StrikeWith, image::Content},
    zeno::Vector,
};

/// Larger glyphs are drawn at this size and stretched, so that one clock cannot fill the atlas.
pub(crate) const MAX_RASTER_PX: f32 = 320.0;

/// A font at fixed axes, as a text uses it.
#[derive(Clone, Debug)]
pub(crate) struct FontCut {
    pub(crate) font: FontData,
    pub(crate) coords: Box<[i16]>,
    /// The font has no bold of its own, so its outlines are thickened.
    pub(crate) bold: bool,
}

impl PartialEq for FontCut {
    fn eq(&self, other: &Self) -> bool {
        self.font.data.id() == other.font.data.id()
            && self.font.index == other.font.index
            && self.coords == other.coords
            && self.bold == other.bold
    }
}

/// The pixels of one glyph.
#[derive(Debug)]
pub(crate) struct GlyphImage {
    /// Width and height in pixels.
    pub(crate) size: [usize; 2],
    /// From the pen to the upper left corner, in pixels, y down.
    pub(crate) offset: [f32; 2],
    /// Premultiplied; white with coverage where the glyph takes the text's color.
    pub(crate) pixels: Vec<Color32>,
    /// Whether the glyph has colors of its own.
    pub(crate) colored: bool,
}

/// Draws glyph `id` at `size_px`, `shift_px` right of the pixel grid; nothing where it is blank.
pub(crate) fn raster(
    scale: &mut ScaleContext,
    cut: &FontCut,
    id: u16,
    size_px: f32,
    shift_px: f32,
) -> Option<GlyphImage> {
    let font = FontRef::from_index(cut.font.data.data(), cut.font.index as usize)?;
    let key = [cut.font.data.id(), u64::from(cut.font.index)];
    if let Some(image) = emoji(scale, &font, key, (id, size_px)) {
        return Some(image);
    }
    let mut scaler =
        scale.builder_with_id(font, key).size(size_px).normalized_coords(&*cut.coords).build();
    let mut render = Render::new(&[Source::ColorOutline(0), Source::Outline]);
    render.offset(Vector::new(shift_px, 0.0));
    if cut.bold {
        render.embolden(size_px / 40.0);
    }
    let image = render.render(&mut scaler, id)?;
    let size = [image.placement.width as usize, image.placement.height as usize];
    let colored = image.content == Content::Color;
    let pixels: Vec<_> = if colored {
        image.data.chunks_exact(4).map(premultiplied).collect()
    } else {
        image.data.iter().map(|&coverage| Color32::WHITE.gamma_multiply_u8(coverage)).collect()
    };
    if pixels.is_empty() || pixels.len() != size[0] * size[1] {
        return None;
    }
    let offset = [image.placement.left as f32, -image.placement.top as f32];
    Some(GlyphImage { size, offset, pixels, colored })
}

/// Draws a glyph that the font holds as a picture, scaled down from the largest there is.
fn emoji(
    scale: &mut ScaleContext,
    font: &FontRef<'_>,
    key: [u64; 2],
    (id, size_px): (u16, f32),
) -> Option<GlyphImage> {
    let ppem = f32::from(font.color_strikes().find_by_largest_ppem(id)?.ppem());
    let mut scaler = scale.builder_with_id(*font, key).size(0.0).build();
    let image = scaler.scale_color_bitmap(id, StrikeWith::LargestSize)?;
    let from = [image.placement.width as usize, image.placement.height as usize];
    let factor = size_px / ppem;
    if from[0] * from[1] * 4 != image.data.len() || !(0.01..=8.0).contains(&factor) {
        return None;
    }
    let pixels: Vec<_> = image.data.chunks_exact(4).map(premultiplied).collect();
    let size = from.map(|side| ((side as f32 * factor).round() as usize).max(1));
    let offset = [image.placement.left as f32 * factor, -image.placement.top as f32 * factor];
    Some(GlyphImage { size, offset, pixels: resized(&pixels, from, size), colored: true })
}

/// Scales a premultiplied picture; each new pixel is the mean of what it covers.
pub(crate) fn resized(pixels: &[Color32], from: [usize; 2], to: [usize; 2]) -> Vec<Color32> {
    let columns = spans(from[0], to[0]);
    let rows = spans(from[1], to[1]);
    let mut out = Vec::with_capacity(to[0] * to[1]);
    for row in &rows {
        for column in &columns {
            let mut sum = [0.0_f32; 4];
            for &(y, weight_y) in row {
                for &(x, weight_x) in column {
                    let pixel = pixels.get(y * from[0] + x).copied().unwrap_or_default();
                    for (sum, channel) in sum.iter_mut().zip(pixel.to_array()) {
                        *sum += f32::from(channel) * weight_x * weight_y;
                    }
                }
            }
            out.push(crate::theme::from_premultiplied(sum));
        }
    }
    out
}

/// For each of `to` cells, which of `from` cells it covers and with what weight; the weights add up to 1.
fn spans(from: usize, to: usize) -> Vec<Vec<(usize, f32)>> {
    let step = from as f32 / to as f32;
    (0..to)
        .map(|cell| {
            // Enlarging blends neighbors: a cell then still covers one whole pixel.
            let width = step.max(1.0);
            let center = (cell as f32 + 0.5) * step;
            let (start, end) = (center - width / 2.0, center + width / 2.0);
            let first = start.floor() as isize;
            let last = end.ceil() as isize;
            (first..last)
                .map(|at| {
                    let covered = (end.min(at as f32 + 1.0) - start.max(at as f32)).max(0.0);
                    (at.clamp(0, from as isize - 1) as usize, covered / width)
                })
                .collect()
        })
        .collect()
}

fn premultiplied(rgba: &[u8]) -> Color32 {
    match *rgba {
        [red, green, blue, alpha] => crate::theme::from_straight([red, green, blue, alpha]),
        _ => Color32::TRANSPARENT,
    }
}
