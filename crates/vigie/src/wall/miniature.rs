//! A screen made small, for the plan in the console: averaged from the pixels that the screen draws anyway.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use parking_lot::Mutex;

use crate::wall::dirty::PixelRect;

/// The longer side of a miniature, at most.
const MAX_SIDE: u32 = 320;

const PIXEL_BYTES: usize = 4;

/// One screen's miniature. Nothing is done for it while nobody wants it.
#[derive(Debug, Default)]
pub(crate) struct Miniature {
    is_wanted: AtomicBool,
    small: Mutex<Small>,
}

/// A picture in which each pixel stands for a square of the screen's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Small {
    /// Goes up with every change.
    pub(crate) version: u64,
    /// Width and height.
    pub(crate) size_px: [u32; 2],
    /// Red, green, blue, and 255, row after row.
    pub(crate) pixels: Vec<u8>,
    /// The side of the squares.
    step: u32,
    of_px: [u32; 2],
}

/// In which order a pixel's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Bgra,
    Rgba,
}

/// Pixels of a rectangle of a screen, row after row without gaps.
pub(super) struct Drawn<'a> {
    pub(super) rect: PixelRect,
    pub(super) of_px: [u32; 2],
    pub(super) order: Order,
    pub(super) pixels: &'a [u8],
}

impl Miniature {
    /// Whether it is to be kept up to date. True where that is new.
    pub(crate) fn want(&self, is_wanted: bool) -> bool {
        let was_wanted = self.is_wanted.swap(is_wanted, Relaxed);
        is_wanted && !was_wanted
    }

    /// Whether somebody looks at it.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted.load(Relaxed)
    }

    /// The picture, where it is not that of `version`.
    pub(crate) fn newer(&self, version: u64) -> Option<Small> {
        let small = self.small.lock();
        (small.version != version).then(|| small.clone())
    }

    /// Takes in what was drawn.
    pub(super) fn add(&self, drawn: &Drawn<'_>) {
        self.small.lock().add(drawn);
    }
}

impl Small {
    fn add(&mut self, drawn: &Drawn<'_>) {
        let Drawn { rect, of_px, .. } = *drawn;
        if self.of_px != of_px {
            *self = Self::blank(of_px, self.version);
        }
        self.version += 1;
        let (step, row_bytes) = (self.step, rect.width() as usize * PIXEL_BYTES);
        let mut rows = (rect.top..rect.bottom).zip(drawn.pixels.chunks_exact(row_bytes.max(1)));
        let mut sums = vec![[0_u32; 4]; (rect.right.div_ceil(step) - rect.left / step) as usize];
        for top in (rect.top / step..rect.bottom.div_ceil(step)).map(|row| row * step) {
            sums.fill([0; 4]);
            let n_rows = (top + step).min(rect.bottom) - top.max(rect.top);
            for (_, pixels) in rows.by_ref().take(n_rows as usize) {
                sum(&mut sums, pixels, (rect.left, step));
            }
            self.mix(top / step, rect.left / step, &sums, drawn.order);
        }
    }

    fn blank(of_px: [u32; 2], version: u64) -> Self {
        let [width, height] = of_px;
        let step = width.max(height).div_ceil(MAX_SIDE).max(1);
        let size_px = [width.div_ceil(step), height.div_ceil(step)];
        let n_bytes = size_px[0] as usize * size_px[1] as usize * PIXEL_BYTES;
        let pixels = [0, 0, 0, 255].into_iter().cycle().take(n_bytes).collect();
        Self { version, size_px, pixels, step, of_px }
    }

    /// Puts the means of a row of squares in their places; of a square that is not all there, its share.
    fn mix(&mut self, row: u32, column: u32, sums: &[[u32; 4]], order: Order) {
        let first = (row * self.size_px[0] + column) as usize * PIXEL_BYTES;
        let places = self.pixels.get_mut(first..).unwrap_or_default();
        let [width, height] = self.of_px;
        let side = |at: u32, end: u32| end.saturating_sub(at * self.step).min(self.step);
        let n_rows = side(row, height);
        let squares = places.chunks_exact_mut(PIXEL_BYTES).zip(sums).zip(column..);
        for ((place, [a, b, c, n_pixels]), column) in squares {
            let whole = side(column, width) * n_rows;
            let colors = if order == Order::Bgra { [c, b, a] } else { [a, b, c] };
            let n_before = whole.saturating_sub(*n_pixels);
            for (old, sum) in place.iter_mut().zip(colors) {
                let mixed = (u32::from(*old) * n_before + sum) / (n_before + n_pixels).max(1);
                *old = u8::try_from(mixed).unwrap_or(u8::MAX);
            }
        }
    }
}

/// Adds a row of pixels, the first of which is at `left`, to the squares that they are in.
fn sum(sums: &mut [[u32; 4]], pixels: &[u8], (left, step): (u32, u32)) {
    let mut left_in_square = step - left % step;
    let mut rest = pixels;
    for sum in sums {
        let n_bytes = (left_in_square as usize * PIXEL_BYTES).min(rest.len());
        let (inside, after) = rest.split_at_checked(n_bytes).unwrap_or_default();
        let (mut a, mut b, mut c) = (0, 0, 0);
        for pixel in inside.chunks_exact(PIXEL_BYTES) {
            if let [first, second, third, _] = *pixel {
                a += u32::from(first);
                b += u32::from(second);
                c += u32::from(third);
            }
        }
        sum[0] += a;
        sum[1] += b;
        sum[2] += c;
        sum[3] += u32::try_from(inside.len() / PIXEL_BYTES).unwrap_or(0);
        rest = after;
        left_in_square = step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one color in a rectangle of a screen.
    fn add(
        small: &mut Small,
        of_px: [u32; 2],
        [left, top, right, bottom]: [u32; 4],
        color: [u8; 4],
    ) {
        let rect = PixelRect { left, top, right, bottom };
        let n_pixels = (rect.width() * rect.height()) as usize;
        let pixels = color.repeat(n_pixels);
        small.add(&Drawn { rect, of_px, order: Order::Bgra, pixels: &pixels });
    }

    fn colors(small: &Small) -> Vec<[u8; 4]> {
        small.pixels.chunks_exact(4).map(|it| [it[0], it[1], it[2], it[3]]).collect()
    }

    #[test]
    fn a_small_screen_is_shown_as_it_is() {
        let mut small = Small::default();
        add(&mut small, [3, 2], [0, 0, 3, 2], [10, 20, 30, 0]);
        assert_eq!((small.size_px, small.version), ([3, 2], 1));
        assert_eq!(colors(&small), [[30, 20, 10, 255]; 6]);
        add(&mut small, [3, 2], [1, 1, 2, 2], [200, 0, 0, 0]);
        assert_eq!(colors(&small)[4], [0, 0, 200, 255]);
        assert_eq!(colors(&small)[3], [30, 20, 10, 255]);
    }

    #[test]
    fn a_large_screen_is_averaged_however_it_is_cut() {
        let of_px = [640, 360];
        let mut whole = Small::default();
        add(&mut whole, of_px, [0, 0, 640, 360], [100, 0, 0, 0]);
        assert_eq!(whole.size_px, [320, 180]);
        assert!(colors(&whole).iter().all(|color| *color == [0, 0, 100, 255]));
        let mut cut = Small::default();
        for top in (0..360).step_by(8) {
            add(&mut cut, of_px, [0, top, 640, top + 8], [100, 0, 0, 0]);
        }
        assert_eq!(colors(&cut), colors(&whole));
        // A quarter of a square.
        add(&mut cut, of_px, [1, 1, 2, 2], [200, 0, 0, 0]);
        assert_eq!(colors(&cut)[0], [0, 0, 125, 255]);
        assert_eq!(colors(&cut)[1], [0, 0, 100, 255]);
    }

    #[test]
    fn another_size_starts_anew_and_odd_sizes_have_no_gaps() {
        let mut small = Small::default();
        add(&mut small, [1_921, 1_081], [0, 0, 1_921, 1_081], [1, 2, 3, 0]);
        assert_eq!(small.size_px, [275, 155]);
        assert!(colors(&small).iter().all(|color| *color == [3, 2, 1, 255]));
        add(&mut small, [2, 2], [0, 0, 2, 2], [9, 9, 9, 0]);
        assert_eq!((small.size_px, colors(&small).len(), small.version), ([2, 2], 4, 2));
    }

    #[test]
    fn nothing_is_done_unless_somebody_looks() {
        let miniature = Miniature::default();
        assert!(!miniature.is_wanted());
        assert!(miniature.want(true) && !miniature.want(true));
        assert!(miniature.is_wanted() && !miniature.want(false) && !miniature.is_wanted());
        assert!(miniature.newer(0).is_none());
    }
}
