//! Which triangles fall into the dirty rectangles, so that only those are rasterized.

use std::ops::Range;

use egui::{ClippedPrimitive, Color32, Mesh, Rect, epaint::Primitive, pos2};

use crate::wall::content::Dirty;

/// More rectangles than this are drawn as the whole screen: a mesh is uploaded once for each that it touches.
const MAX_RECTS: usize = 32;

/// The dirty part of one picture, in whole pixels.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Damage {
    /// These rectangles of pixels, none of which overlap.
    Rects(Vec<PixelRect>),
    /// The whole picture.
    All,
}

/// Left, top, right, bottom, in pixels; right and bottom are outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PixelRect {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) right: u32,
    pub(super) bottom: u32,
}

impl PixelRect {
    /// All of a picture.
    pub(super) const fn whole([width, height]: [u32; 2]) -> Self {
        Self { left: 0, top: 0, right: width, bottom: height }
    }

    pub(super) const fn width(self) -> u32 {
        self.right - self.left
    }

    pub(super) const fn height(self) -> u32 {
        self.bottom - self.top
    }

    /// The part of it in these rows; `None` where there is none.
    pub(super) fn rows(self, rows: Range<u32>) -> Option<Self> {
        let (top, bottom) = (self.top.max(rows.start), self.bottom.min(rows.end));
        (top < bottom).then_some(Self { top, bottom, ..self })
    }

    /// The same, so many rows further up.
    pub(super) const fn up(self, n_rows: u32) -> Self {
        Self {
            top: self.top.saturating_sub(n_rows),
            bottom: self.bottom.saturating_sub(n_rows),
            ..self
        }
    }

    /// The smallest rectangle of whole pixels that holds `rect`, inside the picture; `None` where that is empty.
    fn around(rect: Rect, pixels_per_point: f32, [width, height]: [u32; 2]) -> Option<Self> {
        if !rect.is_finite() {
            return None;
        }
        // A float as an integer saturates: what lies outside comes to lie on the edge.
        let left = (rect.left() * pixels_per_point).floor() as u32;
        let top = (rect.top() * pixels_per_point).floor() as u32;
        let right = ((rect.right() * pixels_per_point).ceil() as u32).min(width);
        let bottom = ((rect.bottom() * pixels_per_point).ceil() as u32).min(height);
        (left < right && top < bottom).then_some(Self { left, top, right, bottom })
    }

    fn overlaps(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn area(self) -> u64 {
        u64::from(self.width()) * u64::from(self.height())
    }

    fn points(self, pixels_per_point: f32) -> Rect {
        Rect::from_min_max(
            pos2(self.left as f32, self.top as f32) / pixels_per_point,
            pos2(self.right as f32, self.bottom as f32) / pixels_per_point,
        )
    }
}

impl Damage {
    /// What `dirty` means on a picture of this size; `None` where nothing is to be drawn.
    pub(super) fn of(dirty: &Dirty, pixels_per_point: f32, size_px: [u32; 2]) -> Option<Self> {
        match dirty {
            Dirty::Nothing => None,
            Dirty::All => Some(Self::All),
            Dirty::Rects(rects) if rects.len() > MAX_RECTS => Some(Self::All),
            Dirty::Rects(rects) => {
                let mut apart: Vec<PixelRect> = Vec::with_capacity(rects.len());
                for rect in rects {
                    if let Some(rect) = PixelRect::around(*rect, pixels_per_point, size_px) {
                        add_apart(&mut apart, rect);
                    }
                }
                (!apart.is_empty()).then_some(Self::Rects(apart))
            }
        }
    }

    /// The rectangles of a picture of this size, none of which overlap.
    pub(super) fn rects(self, size_px: [u32; 2]) -> Vec<PixelRect> {
        match self {
            Self::All => vec![PixelRect::whole(size_px)],
            Self::Rects(rects) => rects,
        }
    }

    /// Pixels that are drawn again.
    pub(super) fn area_px(&self, [width, height]: [u32; 2]) -> u64 {
        match self {
            Self::All => u64::from(width) * u64::from(height),
            Self::Rects(rects) => rects.iter().map(|rect| rect.area()).sum(),
        }
    }

    /// The primitives that draw these rectangles: the ground, and what touches each, clipped to it.
    pub(super) fn clip(
        rects: &[PixelRect],
        primitives: &[ClippedPrimitive],
        ground: Color32,
        pixels_per_point: f32,
    ) -> Vec<ClippedPrimitive> {
        let extents: Vec<Rect> = primitives.iter().map(extent).collect();
        let mut clipped = Vec::with_capacity(rects.len() + primitives.len());
        for pixels in rects {
            let rect = pixels.points(pixels_per_point);
            let mut mesh = Mesh::default();
            mesh.add_colored_rect(rect, ground);
            clipped.push(ClippedPrimitive { clip_rect: rect, primitive: Primitive::Mesh(mesh) });
            clipped.extend(primitives.iter().zip(&extents).filter_map(|(one, extent)| {
                let clip_rect = one.clip_rect.intersect(rect);
                (clip_rect.is_positive() && extent.intersects(clip_rect))
                    .then(|| ClippedPrimitive { clip_rect, primitive: one.primitive.clone() })
            }));
        }
        clipped
    }
}

/// Where something of a primitive can be.
fn extent(one: &ClippedPrimitive) -> Rect {
    match &one.primitive {
        Primitive::Mesh(mesh) => mesh.calc_bounds(),
        Primitive::Callback(callback) => callback.rect,
    }
}

/// Adds a rectangle to those that do not overlap; it becomes one with what it overlaps.
fn add_apart(apart: &mut Vec<PixelRect>, rect: PixelRect) {
    let mut grown = rect;
    // What grows can come to touch what was apart before.
    while let Some(touched) = apart.iter().position(|other| other.overlaps(grown)) {
        grown = grown.union(apart.swap_remove(touched));
    }
    apart.push(grown);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [u32; 2] = [100, 50];

    #[track_caller]
    fn check(rects: &[[f32; 4]], expected: &[[u32; 4]]) {
        let rects =
            rects.iter().map(|[x0, y0, x1, y1]| Rect::from_min_max(pos2(*x0, *y0), pos2(*x1, *y1)));
        let damage = Damage::of(&Dirty::Rects(rects.collect()), 1.0, SIZE);
        let expected: Vec<PixelRect> = expected
            .iter()
            .map(|[left, top, right, bottom]| PixelRect {
                left: *left,
                top: *top,
                right: *right,
                bottom: *bottom,
            })
            .collect();
        assert_eq!(damage, (!expected.is_empty()).then_some(Damage::Rects(expected)));
    }

    #[test]
    fn rectangles_grow_to_whole_pixels_inside_the_picture() {
        check(&[[1.2, 2.9, 3.1, 4.0]], &[[1, 2, 4, 4]]);
        check(&[[-5.0, -5.0, 500.0, 500.0]], &[[0, 0, 100, 50]]);
        check(&[[200.0, 0.0, 300.0, 10.0]], &[]);
        check(&[[5.0, 5.0, 5.0, 9.0]], &[]);
        check(&[[f32::NAN, 0.0, 1.0, 1.0]], &[]);
        check(&[[f32::NEG_INFINITY, 0.0, f32::INFINITY, 1.0]], &[]);
    }

    #[test]
    fn overlapping_rectangles_become_one() {
        check(
            &[[0.0, 0.0, 10.0, 10.0], [10.0, 0.0, 20.0, 10.0]],
            &[[0, 0, 10, 10], [10, 0, 20, 10]],
        );
        check(
            &[[0.0, 0.0, 10.0, 10.0], [20.0, 0.0, 30.0, 10.0], [5.0, 5.0, 25.0, 8.0]],
            &[[0, 0, 30, 10]],
        );
    }

    #[test]
    fn too_many_rectangles_are_the_whole_screen() {
        let rects = (0..=MAX_RECTS)
            .map(|x| Rect::from_min_max(pos2(x as f32, 0.0), pos2(x as f32 + 0.5, 1.0)));
        assert_eq!(Damage::of(&Dirty::Rects(rects.collect()), 1.0, SIZE), Some(Damage::All));
        assert_eq!(Damage::of(&Dirty::Nothing, 1.0, SIZE), None);
    }
}
