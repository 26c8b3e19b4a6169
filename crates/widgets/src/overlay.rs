//! What lies over a whole screen: its number, a question about it, a notice for the people in the room.

use egui::{Align2, Rect, Ui, pos2, vec2};
use vigie_model::Level;

use crate::{
    text::{Align, Style},
    theme::color,
    widget::Frame,
    words::Word,
};

/// Shows the screen's number, large, with its name and what it is for.
pub fn identify_ui(ui: &Ui, frame: &mut Frame<'_>, number: usize, name: &str, purpose: &str) {
    let rect = frame.rect;
    frame.painter.rect_filled(rect, 0.0, color::GROUND);
    let height = rect.height().min(rect.width());
    let style = Style::line(height * 0.5, color::TEXT).figure();
    let upper = Rect::from_min_size(rect.min, vec2(rect.width(), rect.height() * 0.62));
    let block = frame.text.fit(&number.to_string(), &style, rect.width() * 0.8, height * 0.1);
    frame.text.centered(&frame.painter, upper.center() + vec2(0.0, height * 0.04), &block);
    let words = frame.moment.words;
    let title = format!("{} {number} · {name}", words.say(Word::Screen));
    let style = Style::lines(height * 0.07, color::TEXT, 1).bold().aligned(Align::Center);
    let lower = Rect::from_min_max(pos2(rect.min.x, upper.max.y), rect.max)
        .shrink2(vec2(rect.width() * 0.06, 0.0));
    let block = frame.text.layout(&title, &style, lower.width());
    let end = frame.text.paint(&frame.painter, lower.min, &block).max.y;
    let style = Style::lines(height * 0.05, color::QUIET, 2).aligned(Align::Center);
    let block = frame.text.layout(purpose, &style, lower.width());
    frame.text.paint(&frame.painter, pos2(lower.min.x, end + height * 0.01), &block);
    frame.announce(ui, rect, &title);
}

/// Asks what only a person in the room can tell: which of several equal screens this one is.
pub fn question_ui(ui: &Ui, frame: &mut Frame<'_>, number: usize, question: &str) {
    let rect = frame.rect;
    let title = frame.moment.words.say(Word::WhichScreen);
    frame.painter.rect_filled(rect, 0.0, color::GROUND);
    let height = rect.height().min(rect.width());
    let area = rect.shrink(height * 0.08);
    let style = Style::line(height * 0.3, color::WARN).figure();
    let block = frame.text.layout(&number.to_string(), &style, f32::INFINITY);
    frame.text.centered(
        &frame.painter,
        pos2(area.center().x, area.min.y + area.height() * 0.25),
        &block,
    );
    let style = Style::lines(height * 0.08, color::TEXT, 2).bold().aligned(Align::Center);
    let block = frame.text.layout(title, &style, area.width());
    let corner = pos2(area.min.x, area.min.y + area.height() * 0.5);
    let end = frame.text.paint(&frame.painter, corner, &block).max.y;
    let style = Style::lines(height * 0.05, color::QUIET, 4).aligned(Align::Center);
    let block = frame.text.layout(question, &style, area.width());
    frame.text.paint(&frame.painter, pos2(area.min.x, end + height * 0.02), &block);
    frame.announce(ui, rect, &format!("{title} {question}"));
}

/// A strip at the foot of the screen.
pub fn notice_ui(ui: &Ui, frame: &mut Frame<'_>, notice: &str) {
    let theme = frame.theme;
    let style = Style::line(theme.body, color::TEXT).bold();
    let mut strip = frame.rect;
    strip.min.y = strip.max.y - theme.body * 1.8;
    frame.painter.rect_filled(strip, 0.0, color::BAD_GROUND);
    let edge = Rect::from_min_size(strip.min, vec2(strip.width(), theme.stroke));
    frame.painter.rect_filled(edge, 0.0, color::BAD);
    frame.alarm(pos2(strip.min.x + theme.body, strip.center().y), theme.body, color::BAD);
    let mut area = strip;
    area.min.x += theme.body * 2.0;
    area.max.x -= theme.gap;
    frame.placed(area, Align2::LEFT_CENTER, (notice, &style));
    frame.announce(ui, strip, notice);
}

/// The level of a crisis on the screen's edge, in color and in words, and the sign that names are masked.
/// It stands still: nothing here ever flashes.
pub fn edge_ui(ui: &Ui, frame: &mut Frame<'_>, level: Level, masked: bool) {
    let words = frame.moment.words;
    let (tone, ground, word) = match level {
        Level::Green if masked => (color::NEUTRAL, color::PANEL, None),
        Level::Green => return,
        Level::Orange => (color::WARN, color::WARN_GROUND, Some(Word::Orange)),
        Level::Red => (color::BAD, color::BAD_GROUND, Some(Word::Red)),
    };
    let theme = frame.theme;
    let rect = frame.rect;
    if word.is_some() {
        let width = (theme.stroke * 2.5).max(2.0);
        let (right, bottom) = (rect.max.x - width, rect.max.y - width);
        for edge in [
            Rect::from_min_max(rect.min, pos2(rect.max.x, rect.min.y + width)),
            Rect::from_min_max(pos2(rect.min.x, bottom), rect.max),
            Rect::from_min_max(rect.min, pos2(rect.min.x + width, rect.max.y)),
            Rect::from_min_max(pos2(right, rect.min.y), rect.max),
        ] {
            frame.painter.rect_filled(edge, 0.0, tone);
        }
    }
    let masked = masked.then_some(Word::Masked);
    let said: Vec<&str> = [word, masked].into_iter().flatten().map(|it| words.say(it)).collect();
    let said = said.join(" · ");
    let style = Style::line(theme.least, tone).bold();
    let block = frame.text.layout(&said, &style, rect.width() * 0.6);
    let size = block.size + vec2(theme.gap * 2.0, theme.gap * 0.4);
    // At the foot, where least stands; above the strip of a notice.
    let lift = if frame.moment.snapshot.notices.is_empty() { 0.0 } else { theme.body * 1.8 };
    let corner = pos2(rect.center().x - size.x / 2.0, rect.max.y - lift - size.y);
    let tab = Rect::from_min_size(corner, size);
    frame.painter.rect_filled(tab, 0.0, ground);
    frame.text.centered(&frame.painter, tab.center(), &block);
    frame.announce(ui, tab, &said);
}
