//! A small canvas with soft edges, for the pictures of the demonstration.
//!
//! It uses only additions, multiplications and square roots, which give the same bits on every machine.

use std::sync::Arc;

use crate::model::Picture;

/// Red, green and blue, each 0 to 1.
pub(super) type Ink = [f32; 3];

/// A color as designers write it.
pub(super) const fn ink(hex: u32) -> Ink {
    let [_, red, green, blue] = hex.to_be_bytes();
    [red as f32 / 255.0, green as f32 / 255.0, blue as f32 / 255.0]
}

/// `share` of `to` in `from`.
pub(super) fn mix(from: Ink, to: Ink, share: f32) -> Ink {
    let [a, b, c] = from;
    let [d, e, f] = to;
    [a + (d - a) * share, b + (e - b) * share, c + (f - c) * share]
}

/// A picture in the making. Lengths are in parts of its height, so that one drawing fits all sizes.
pub(super) struct Canvas {
    width_px: u32,
    height_px: u32,
    pixels: Vec<Ink>,
}

/// A part of a canvas.
#[derive(Clone, Copy)]
pub(super) struct Area {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Area {
    /// What reaches so far from a point to each side.
    pub(super) fn around((x, y): (f32, f32), wide: f32, tall: f32) -> Self {
        Self { left: x - wide, top: y - tall, right: x + wide, bottom: y + tall }
    }
}

impl Canvas {
    /// A canvas that blends from `top` to `bottom`.
    pub(super) fn new(width_px: u32, height_px: u32, top: Ink, bottom: Ink) -> Self {
        let mut pixels = Vec::with_capacity(width_px as usize * height_px as usize);
        for y in 0..height_px {
            let row = mix(top, bottom, (y as f32 + 0.5) / height_px as f32);
            pixels.extend(std::iter::repeat_n(row, width_px as usize));
        }
        Self { width_px, height_px, pixels }
    }

    /// Width over height.
    pub(super) fn aspect(&self) -> f32 {
        self.width_px as f32 / self.height_px as f32
    }

    /// Paints where `distance` to the shape's edge, in parts of the height and negative inside, is not positive.
    pub(super) fn fill(&mut self, color: Ink, opacity: f32, distance: impl Fn(f32, f32) -> f32) {
        let everywhere = Area { left: 0.0, top: 0.0, right: self.aspect(), bottom: 1.0 };
        self.fill_in(everywhere, color, opacity, distance);
    }

    /// The same for a shape that lies within `area`, which is all that is looked at.
    pub(super) fn fill_in(
        &mut self,
        area: Area,
        color: Ink,
        opacity: f32,
        distance: impl Fn(f32, f32) -> f32,
    ) {
        let height = self.height_px as f32;
        self.each_in(area, |pixel, x, y| {
            let cover = (0.5 - distance(x, y) * height).clamp(0.0, 1.0) * opacity;
            if cover > 0.0 {
                *pixel = mix(*pixel, color, cover);
            }
        });
    }

    /// Visits the pixels of `area`, and one more on each side for the soft edge.
    fn each_in(&mut self, area: Area, mut visit: impl FnMut(&mut Ink, f32, f32)) {
        let height = self.height_px as f32;
        let low = |part: f32| (part * height - 1.0).max(0.0) as usize;
        let high =
            |part: f32, most: u32| ((part * height + 2.0).max(0.0) as usize).min(most as usize);
        let (left, right) = (low(area.left), high(area.right, self.width_px));
        let (top, bottom) = (low(area.top), high(area.bottom, self.height_px));
        let rows = self.pixels.chunks_mut(self.width_px as usize).enumerate();
        for (row_idx, row) in rows.take(bottom).skip(top) {
            let y = (row_idx as f32 + 0.5) / height;
            for (idx, pixel) in row.iter_mut().enumerate().take(right).skip(left) {
                visit(pixel, (idx as f32 + 0.5) / height, y);
            }
        }
    }

    /// A disc.
    pub(super) fn disc(&mut self, color: Ink, (x0, y0): (f32, f32), radius: f32) {
        let area = Area::around((x0, y0), radius, radius);
        self.fill_in(area, color, 1.0, |x, y| length(x - x0, y - y0) - radius);
    }

    /// A soft light around a point.
    pub(super) fn glow(&mut self, color: Ink, (x0, y0): (f32, f32), radius: f32, opacity: f32) {
        self.each_in(Area::around((x0, y0), radius, radius), |pixel, x, y| {
            let near = (1.0 - length(x - x0, y - y0) / radius).max(0.0);
            *pixel = mix(*pixel, color, near * near * opacity);
        });
    }

    /// A box with round corners, from its left upper corner.
    pub(super) fn rounded(
        &mut self,
        color: Ink,
        (left, top): (f32, f32),
        (width, height): (f32, f32),
        radius: f32,
    ) {
        let (half_width, half_height) = (width / 2.0 - radius, height / 2.0 - radius);
        let (x0, y0) = (left + width / 2.0, top + height / 2.0);
        let area = Area::around((x0, y0), width / 2.0, height / 2.0);
        self.fill_in(area, color, 1.0, |x, y| {
            let (dx, dy) = ((x - x0).abs() - half_width, (y - y0).abs() - half_height);
            length(dx.max(0.0), dy.max(0.0)) + dx.max(dy).min(0.0) - radius
        });
    }

    /// Everything below the line that `ridge` gives for each x.
    pub(super) fn ground(&mut self, color: Ink, ridge: impl Fn(f32) -> f32) {
        self.fill(color, 1.0, |x, y| ridge(x) - y);
    }

    /// The finished picture.
    pub(super) fn finish(self) -> Picture {
        let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        let rgba: Arc<[u8]> = self
            .pixels
            .iter()
            .flat_map(|[red, green, blue]| [byte(*red), byte(*green), byte(*blue), 255])
            .collect();
        Picture { width_px: self.width_px, height_px: self.height_px, rgba }
    }
}

/// The length of a vector.
pub(super) fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}
