//! What differs between two drawings of one content, from the shapes that they are made of.
//!
//! Who works in a window changes a button here and a line of text there, and egui draws all of it anew each time.
//! Shapes are compared in order, so that only what differs is rasterized.

use egui::{FullOutput, Rect, Shape, TextureId, emath::TSTransform, epaint::ClippedShape};

use crate::wall::content::Dirty;

/// Edges are smoothed so far beyond the shapes, in points.
const SMOOTHED: f32 = 2.0;

/// More rectangles than this are joined: each costs a pass over all that is drawn.
const MAX_RECTS: usize = 24;

/// The shapes of the drawing before.
#[derive(Default)]
pub(super) struct Compared {
    shapes: Vec<ClippedShape>,
}

impl Compared {
    /// What of `output` differs from the one before, which it takes the place of.
    pub(super) fn changes(&mut self, output: &FullOutput) -> Dirty {
        let (old, new) = (&self.shapes, &output.shapes);
        let textures = &output.textures_delta.set;
        // The atlas of glyphs only grows: where it starts anew, the glyphs' places in it differ.
        let is_spoiled = |shape: &ClippedShape| {
            let id = shape.shape.texture_id();
            id != TextureId::default() && textures.contains_key(&id)
        };
        let is_same = |(old, new): &(&ClippedShape, &ClippedShape)| old == new && !is_spoiled(new);
        let n_before = old.iter().zip(new).take_while(is_same).count();
        let (old, new) = (tail(old, n_before), tail(new, n_before));
        let n_after = old.iter().rev().zip(new.iter().rev()).take_while(is_same).count();
        let (old, new) = (head(old, n_after), head(new, n_after));
        let mut rects = Vec::new();
        if old.len() == new.len() {
            for (old, new) in old.iter().zip(new).filter(|pair| !is_same(pair)) {
                rects.extend([bounds(old), bounds(new)].into_iter().flatten());
            }
        } else {
            rects.extend(old.iter().chain(new).filter_map(bounds));
        }
        self.shapes.clone_from(&output.shapes);
        if rects.is_empty() { Dirty::Nothing } else { Dirty::Rects(joined(rects)) }
    }
}

fn tail(shapes: &[ClippedShape], n_before: usize) -> &[ClippedShape] {
    shapes.get(n_before..).unwrap_or_default()
}

fn head(shapes: &[ClippedShape], n_after: usize) -> &[ClippedShape] {
    shapes.get(..shapes.len().saturating_sub(n_after)).unwrap_or_default()
}

/// Where a shape can leave pixels; `None` where it leaves none.
fn bounds(clipped: &ClippedShape) -> Option<Rect> {
    if matches!(clipped.shape, Shape::Noop) {
        return None;
    }
    let mut rect = clipped.shape.visual_bounding_rect();
    if clipped.transform_after_tessellation != TSTransform::IDENTITY {
        rect = clipped.transform_after_tessellation * rect;
    }
    let rect = rect.expand(SMOOTHED).intersect(clipped.clip_rect);
    rect.is_positive().then_some(rect)
}

/// The same in few rectangles: those that touch become one, and then neighbors in the order of drawing.
fn joined(rects: Vec<Rect>) -> Vec<Rect> {
    let mut apart: Vec<Rect> = Vec::new();
    for rect in rects {
        match apart.iter_mut().find(|known| known.intersects(rect)) {
            Some(known) => *known = known.union(rect),
            None => apart.push(rect),
        }
    }
    while apart.len() > MAX_RECTS {
        let pairs = apart.chunks(2);
        apart =
            pairs.map(|pair| pair.iter().fold(Rect::NOTHING, |all, one| all.union(*one))).collect();
    }
    apart
}

#[cfg(test)]
mod tests {
    use egui::{Color32, pos2, vec2};

    use super::*;

    fn square(left: f32, color: Color32) -> ClippedShape {
        let rect = Rect::from_min_size(pos2(left, 10.0), vec2(10.0, 10.0));
        ClippedShape::new(Rect::EVERYTHING, Shape::rect_filled(rect, 0.0, color))
    }

    #[track_caller]
    fn check(before: &[ClippedShape], after: &[ClippedShape], expected: &[f32]) {
        let output =
            |shapes: &[ClippedShape]| FullOutput { shapes: shapes.to_vec(), ..Default::default() };
        let mut compared = Compared::default();
        compared.changes(&output(before));
        let dirty = match compared.changes(&output(after)) {
            Dirty::Rects(rects) => rects,
            Dirty::Nothing => Vec::new(),
            Dirty::All => panic!("never all"),
        };
        let lefts: Vec<f32> = dirty.iter().map(|rect| rect.left() + SMOOTHED).collect();
        assert_eq!(lefts, expected);
    }

    #[test]
    fn only_what_differs_is_dirty() {
        let (a, b, c) = (Color32::RED, Color32::GREEN, Color32::BLUE);
        let row = |colors: [Color32; 3]| {
            [square(0.0, colors[0]), square(100.0, colors[1]), square(200.0, colors[2])]
        };
        check(&row([a, a, a]), &row([a, a, a]), &[]);
        check(&row([a, a, a]), &row([a, b, a]), &[100.0]);
        check(&row([a, a, a]), &row([b, a, c]), &[0.0, 200.0]);
        check(&[square(0.0, a)], &[square(50.0, a)], &[0.0, 50.0]);
        let more = [square(0.0, a), square(50.0, b), square(100.0, a), square(200.0, a)];
        check(&row([a, a, a]), &more, &[50.0]);
        check(&more, &row([a, a, a]), &[50.0]);
        check(&[], &[ClippedShape::new(Rect::EVERYTHING, Shape::Noop)], &[]);
    }

    #[test]
    fn a_shape_outside_of_what_is_seen_is_not_drawn() {
        let hidden = ClippedShape { clip_rect: Rect::NOTHING, ..square(0.0, Color32::RED) };
        check(&[], &[hidden], &[]);
    }

    #[test]
    fn many_changes_become_few_rectangles() {
        let shapes: Vec<_> = (0..1_000).map(|n| square(n as f32 * 20.0, Color32::RED)).collect();
        let output = FullOutput { shapes, ..Default::default() };
        let Dirty::Rects(rects) = Compared::default().changes(&output) else {
            panic!("rectangles")
        };
        assert!(rects.len() <= MAX_RECTS);
    }
}
