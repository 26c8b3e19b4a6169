//! The pictures of a card: its author's face, and what the post shows.

use egui::{Align2, Rect, Shape, Stroke, vec2};
use vigie_model::{Media, MediaKind};

use crate::{marks, text::Style, theme::color, widget::Frame, words::Word};

/// A round picture of the author, or the first letter of the name.
pub(super) fn avatar_ui(frame: &mut Frame<'_>, square: Rect, name: &str, address: Option<&str>) {
    let radius = square.width() / 2.0;
    // A face is small: asking for no more saves the room a megabyte each.
    let small = address.map(|address| {
        let takes_size = address.starts_with("https://") && !address.contains('#');
        if takes_size { format!("{address}#px=96") } else { address.to_owned() }
    });
    if frame.picture(square, small.as_deref(), radius) {
        return;
    }
    let style = Style::line(square.height() * 0.5, color::TEXT).bold();
    let block = frame.text.layout(&marks::initial(name), &style, f32::INFINITY);
    frame.text.centered(&frame.painter, square.center(), &block);
}

/// A poster with what it is and how many more there are; words while it is missing.
pub(super) fn media_ui(frame: &mut Frame<'_>, area: Rect, media: &Media, n_media: usize) {
    let theme = frame.theme;
    let there = frame.picture(area, media.picture.as_deref(), theme.radius);
    let words = frame.moment.words;
    let kind = words.say(match media.kind {
        MediaKind::Image => Word::Picture,
        MediaKind::Video => Word::Video,
        MediaKind::Card => Word::Link,
    });
    if media.kind == MediaKind::Video {
        let radius = (area.height() * 0.3).min(theme.body * 1.2);
        let center =
            if there { area.center() } else { area.center() - vec2(0.0, theme.body * 0.8) };
        frame.painter.circle_filled(center, radius, color::GROUND);
        let play = [vec2(-0.3, -0.45), vec2(0.5, 0.0), vec2(-0.3, 0.45)];
        let play = play.iter().map(|corner| center + *corner * radius).collect();
        frame.painter.add(Shape::convex_polygon(play, color::TEXT, Stroke::NONE));
    }
    if !there {
        let says =
            if media.description.trim().is_empty() { kind } else { media.description.trim() };
        let style = Style::line(theme.body, color::TEXT);
        let anchor = if media.kind == MediaKind::Video {
            Align2::CENTER_BOTTOM
        } else {
            Align2::CENTER_CENTER
        };
        frame.placed(area.shrink(theme.gap), anchor, (says, &style));
    }
    if n_media > 1 {
        let text = format!("+{}", n_media - 1);
        let style = Style::line(theme.body, color::TEXT).bold();
        let block = frame.text.layout(&text, &style, f32::INFINITY);
        let size = block.size + vec2(theme.gap * 1.2, 0.0);
        let badge = Align2::RIGHT_BOTTOM.align_size_within_rect(size, area.shrink(theme.gap * 0.5));
        frame.painter.rect_filled(badge, theme.radius, color::GROUND);
        frame.text.centered(&frame.painter, badge.center(), &block);
    }
}
