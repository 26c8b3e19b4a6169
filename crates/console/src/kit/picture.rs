//! Pictures: avatars, media, what a screen shows.

use egui::{Color32, Rect, TextureId, Vec2, epaint::RectShape, pos2, vec2};
use vigie_widgets::{Align, Frame, Freshness, Style, Theme, theme::color};

use super::Pen;

impl Pen<'_> {
    /// What a widget of the wall would draw with, in `rect`.
    pub(crate) fn frame(&mut self, rect: Rect, body: f32) -> Frame<'_> {
        Frame {
            moment: vigie_widgets::Moment {
                snapshot: self.moment.snapshot,
                now: self.moment.now,
                words: self.words,
                freshness: Freshness::of(self.moment.snapshot, self.moment.now),
                pictures_version: self.shelf.version(),
            },
            theme: Theme::of_body(body),
            painter: self.ui.painter().with_clip_rect(self.ui.clip_rect()),
            text: self.text,
            shelf: self.shelf,
            explainer: self.explainer,
            rect,
        }
    }

    /// The mark of a network.
    pub(crate) fn mark(&mut self, rect: Rect, network: &str) {
        self.frame(rect, rect.height()).mark(rect.center(), rect.height(), network);
    }

    /// An author's picture, or the first letter of the name.
    pub(crate) fn avatar(&mut self, rect: Rect, name: &str, address: Option<&str>) {
        let radius = rect.height() / 2.0;
        if self.loaded(rect, address, radius) {
            return;
        }
        self.ui.painter().rect_filled(rect, radius, color::LINE);
        let letter = name.chars().find(|letter| letter.is_alphanumeric());
        let letter =
            letter.map_or_else(|| "·".to_owned(), |letter| letter.to_uppercase().collect());
        let style = Style::line(rect.height() * 0.46, color::TEXT).bold().aligned(Align::Left);
        let block = self.text.layout(&letter, &style, f32::INFINITY);
        self.text.centered(self.ui.painter(), rect.center(), &block);
    }

    /// A picture that covers `rect`; false while it is missing.
    pub(crate) fn loaded(&mut self, rect: Rect, address: Option<&str>, radius: f32) -> bool {
        let cover_px = rect.size() * self.ui.pixels_per_point();
        let texture =
            address.and_then(|address| self.shelf.texture(self.ui.ctx(), address, cover_px));
        let Some((texture, size)) = texture else { return false };
        let factor = (rect.width() / size.x).max(rect.height() / size.y);
        let shown = rect.size() / (size * factor);
        let uv = Rect::from_center_size(pos2(0.5, 0.5), shown);
        let shape = RectShape::filled(rect, radius, Color32::WHITE).with_texture(texture.id(), uv);
        self.ui.painter().add(shape);
        true
    }

    /// A texture of `size` pixels, whole, in the middle of `rect`.
    pub(crate) fn texture(&self, rect: Rect, (texture, size): (TextureId, Vec2)) {
        let factor = (rect.width() / size.x.max(1.0)).min(rect.height() / size.y.max(1.0));
        let shown = Rect::from_center_size(rect.center(), size * factor);
        let uv = Rect::from_min_size(pos2(0.0, 0.0), vec2(1.0, 1.0));
        self.ui.painter().image(texture, shown, uv, Color32::WHITE);
    }
}
