//! How far a list has been moved, and the bar that tells it.

use egui::{Id, Rect, Sense, pos2, vec2};
use vigie_widgets::theme::color;

use super::Pen;

/// Width of the bar.
const BAR: f32 = 8.0;
/// The bar's handle is never shorter.
const LEAST_HANDLE: f32 = 28.0;

/// How far a list has been moved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Scroll {
    offset: f32,
    /// The height that was to be seen last, for keys that move by a screenful.
    page: f32,
    /// The top and bottom of what is to be brought into sight.
    wanted: Option<(f32, f32)>,
}

impl Scroll {
    /// Brings what lies between `top` and `bottom` into sight in the next frame.
    pub(crate) const fn want(&mut self, top: f32, bottom: f32) {
        self.wanted = Some((top, bottom));
    }

    /// Back to the top.
    pub(crate) const fn reset(&mut self) {
        self.offset = 0.0;
        self.wanted = None;
    }

    /// How many rows of `height` fill the place.
    pub(crate) fn rows(&self, height: f32) -> usize {
        ((self.page / height) as usize).max(1)
    }
}

impl Pen<'_> {
    /// Moves a list of `height` in `area` as the person asks. Returns the room for rows, the offset, and the part of
    /// the list that is to be seen.
    pub(crate) fn scroll(&self, area: Rect, scroll: &mut Scroll, height: f32) -> (Rect, f32) {
        let page = area.height();
        scroll.page = page;
        let most = (height - page).max(0.0);
        if let Some((top, bottom)) = scroll.wanted.take() {
            scroll.offset = scroll.offset.min(top).max(bottom - page);
        }
        let hovered = self.ui.rect_contains_pointer(area);
        if hovered && !self.is_covered {
            scroll.offset -= self.ui.input(|input| input.smooth_scroll_delta().y);
        }
        scroll.offset = scroll.offset.clamp(0.0, most);
        if most <= 0.0 {
            return (area, 0.0);
        }
        let track = Rect::from_min_max(pos2(area.max.x - BAR, area.min.y), area.max);
        let handle = (page * page / height).max(LEAST_HANDLE).min(page);
        let free = page - handle;
        let id = Id::unique(("bar", track.min.x as i32, track.min.y as i32));
        let response = self.ui.interact(track, id, Sense::DRAG);
        if response.dragged() && free > 0.0 {
            scroll.offset += response.drag_delta().y / free * most;
            scroll.offset = scroll.offset.clamp(0.0, most);
        }
        let top = track.min.y + free * scroll.offset / most;
        let knob = Rect::from_min_size(pos2(track.min.x + 2.0, top), vec2(BAR - 4.0, handle));
        let tone = if response.hovered() { color::NEUTRAL } else { color::LINE };
        self.ui.painter().rect_filled(knob, 2.0, tone);
        (Rect::from_min_max(area.min, pos2(track.min.x - 2.0, area.max.y)), scroll.offset.round())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_at_least_one_row() {
        assert_eq!(Scroll::default().rows(60.0), 1);
        assert_eq!(Scroll { page: 640.0, ..Scroll::default() }.rows(60.0), 10);
    }
}
