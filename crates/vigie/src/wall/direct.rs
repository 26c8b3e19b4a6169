//! Pictures sent to the window system as pixels, where the GPU is a processor.
//!
//! A swapchain keeps three pictures of each screen beside our own, and copies a whole one for each frame,
//! although the pixels lie in our own memory already.
//! Here the picture is kept by the window system alone: what is dirty is drawn band by band into a small
//! texture, and sent from there.

use std::{fmt::Display, sync::Arc};

use egui::{ClippedPrimitive, Vec2, epaint::Primitive, vec2};

use crate::wall::{
    brush::Brush,
    content::{Content, Dirty},
    dirty::{Damage, PixelRect},
    gpu::GpuError,
    miniature::{Drawn, Miniature, Order},
    readback::Readback,
    sign::Sign,
};

/// Bytes of the texture that bands are drawn in.
const BAND_BYTES: u32 = 1 << 20;

/// Bands start at a multiple of so many rows.
const BAND_STEP: u32 = 8;

/// What pixels are sent to.
pub(super) trait Sink {
    /// Why it took none.
    type Error: Display;

    /// Bytes that one [`Sink::put`] takes.
    fn max_bytes(&self) -> u32;

    /// Takes rows of pixels without gaps, four bytes each, for the rectangle at `place`.
    fn put(&mut self, place: [u32; 2], size_px: [u32; 2], pixels: &[u8])
    -> Result<(), Self::Error>;

    /// Waits until all that was put is shown.
    fn finish(&mut self) -> Result<(), Self::Error>;
}

/// Why a picture was not sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    #[error(transparent)]
    Gpu(#[from] GpuError),
    #[error("the window system took no picture: {0}")]
    Sink(String),
}

/// One screen whose picture is sent as pixels.
pub(super) struct Direct<S> {
    brush: Brush,
    sink: S,
    size_px: [u32; 2],
    band: wgpu::Texture,
    readback: Readback,
    pixels: Vec<u8>,
    miniature: Arc<Miniature>,
    /// The window shows nothing of use yet.
    is_blank: bool,
}

impl<S: Sink> Direct<S> {
    /// What window systems take.
    pub(super) const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Bgra8Unorm;

    pub(super) fn new(brush: Brush, sink: S, size_px: [u32; 2], miniature: Arc<Miniature>) -> Self {
        let band = brush.texture(band_px(size_px));
        let readback = Readback::default();
        let pixels = Vec::new();
        Self { brush, sink, size_px, band, readback, pixels, miniature, is_blank: true }
    }

    pub(super) fn size_px(&self) -> [u32; 2] {
        self.size_px
    }

    /// Starts anew where the size differs.
    pub(super) fn resize(&mut self, size_px: [u32; 2]) {
        if self.size_px != size_px {
            self.size_px = size_px;
            self.band = self.brush.texture(band_px(size_px));
            self.is_blank = true;
        }
    }

    /// All of it is drawn and sent at the next [`Direct::show`].
    pub(super) fn spoil(&mut self) {
        self.is_blank = true;
    }

    /// Whether all of it must be drawn.
    pub(super) fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// Draws what is dirty of `content`, with `sign` over it, at `secs` of the screen's time, and sends it.
    ///
    /// Gives the number of pixels that were rasterized, once the window system shows them.
    pub(super) fn show(
        &mut self,
        content: &mut dyn Content,
        sign: &Sign,
        dirty: &Dirty,
        secs: f64,
    ) -> Result<u64, SendError> {
        let dirty = if self.is_blank { &Dirty::All } else { dirty };
        let scale = content.pixels_per_point();
        let Some(damage) = Damage::of(dirty, scale, self.size_px) else { return Ok(0) };
        let drawing = self.brush.draw(content, sign, self.size_px, secs);
        let narrowed =
            if self.is_blank { Some(damage) } else { drawing.narrow(damage, self.size_px) };
        let Some(damage) = narrowed else {
            self.brush.finish(&drawing);
            return Ok(0);
        };
        let scale = drawing.pixels_per_point;
        let area_px = damage.area_px(self.size_px);
        let rects = damage.rects(self.size_px);
        let [_, n_rows] = band_px(self.size_px);
        let mut sent = Ok(());
        for top in (0..self.size_px[1]).step_by(n_rows as usize) {
            let rows = top..top.saturating_add(n_rows);
            let inside: Vec<PixelRect> =
                rects.iter().filter_map(|rect| rect.rows(rows.clone())).collect();
            if inside.is_empty() {
                continue;
            }
            let mut primitives = Damage::clip(&inside, &drawing.primitives, drawing.ground, scale);
            shift(&mut primitives, vec2(0.0, -(top as f32) / scale));
            self.brush.rasterize(primitives, scale, &self.band, None);
            sent = inside.into_iter().try_for_each(|rect| self.send(rect, top));
            if sent.is_err() {
                break;
            }
        }
        self.brush.finish(&drawing);
        sent?;
        self.sink.finish().map_err(|err| SendError::Sink(err.to_string()))?;
        self.is_blank = false;
        Ok(area_px)
    }

    /// Sends a rectangle of the band that begins at row `band_top`.
    fn send(&mut self, rect: PixelRect, band_top: u32) -> Result<(), SendError> {
        for part in parts(rect, self.sink.max_bytes()) {
            let in_band = part.up(band_top);
            self.readback.read(self.brush.gpu(), &self.band, in_band, &mut self.pixels)?;
            if self.miniature.is_wanted() {
                let (of_px, order) = (self.size_px, Order::Bgra);
                self.miniature.add(&Drawn { rect: part, of_px, order, pixels: &self.pixels });
            }
            self.sink
                .put([part.left, part.top], [part.width(), part.height()], &self.pixels)
                .map_err(|err| SendError::Sink(err.to_string()))?;
        }
        Ok(())
    }
}

/// Width and height of the bands of a picture: it is as if the picture were cut at the same rows always, so
/// that a pixel has one value, whatever was dirty with it.
fn band_px([width, height]: [u32; 2]) -> [u32; 2] {
    let n_rows = BAND_BYTES / (4 * width).max(1) / BAND_STEP * BAND_STEP;
    [width, n_rows.clamp(1.max(BAND_STEP.min(height)), height)]
}

/// Moves what is to be drawn. By whole pixels at a scale of one, no coordinate is rounded.
fn shift(primitives: &mut [ClippedPrimitive], by: Vec2) {
    for one in primitives {
        one.clip_rect = one.clip_rect.translate(by);
        match &mut one.primitive {
            Primitive::Mesh(mesh) => mesh.translate(by),
            Primitive::Callback(callback) => callback.rect = callback.rect.translate(by),
        }
    }
}

/// `rect` in parts of at most `max_bytes`, and of one row at least.
fn parts(rect: PixelRect, max_bytes: u32) -> impl Iterator<Item = PixelRect> {
    let n_rows = (max_bytes / (4 * rect.width()).max(1)).max(1);
    (rect.top..rect.bottom).step_by(n_rows as usize).map(move |top| PixelRect {
        top,
        bottom: top.saturating_add(n_rows).min(rect.bottom),
        ..rect
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_every_row_once() {
        let rect = PixelRect { left: 7, top: 3, right: 27, bottom: 14 };
        for max_bytes in [0, 1, 80, 81, 400, 879, 880, u32::MAX] {
            let mut next = rect.top;
            for part in parts(rect, max_bytes) {
                assert_eq!((part.left, part.right, part.top), (rect.left, rect.right, next));
                assert!(part.height() == 1 || part.width() * part.height() * 4 <= max_bytes);
                next = part.bottom;
            }
            assert_eq!(next, rect.bottom);
        }
    }

    #[test]
    fn bands_are_small_and_never_empty() {
        assert_eq!(band_px([1920, 1080]), [1920, 136]);
        assert_eq!(band_px([320, 180]), [320, 180]);
        assert_eq!(band_px([1080, 1920]), [1080, 240]);
        assert_eq!(band_px([1, 1]), [1, 1]);
        assert_eq!(band_px([16_384, 3]), [16_384, 3]);
        assert_eq!(band_px([60_000, 2_000]), [60_000, 8]);
    }
}
