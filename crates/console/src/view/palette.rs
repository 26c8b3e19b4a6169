//! The palette: a field, and what fits it.

use egui::{Align2, Id, Rect, pos2, vec2};
use vigie_widgets::{Style, theme::color};

use crate::{
    act::Act,
    desk::{Desk, Field},
    kit::{Pen, size},
    label::{self, Label},
    palette::SHOWN,
};

/// Height of an entry.
const HEIGHT: f32 = 40.0;

/// Draws the palette where it is open.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, whole: Rect) {
    let Some(mut palette) = desk.palette.take() else { return };
    let width = 640.0_f32.min(whole.width() - 40.0);
    let n_rows = palette.hits().len().clamp(1, SHOWN);
    let height = 74.0 + n_rows as f32 * HEIGHT;
    let corner = pos2(whole.center().x - width / 2.0, whole.min.y + 116.0);
    let rect = Rect::from_min_size(corner, vec2(width, height));
    pen.fill(rect, size::GAP, color::PANEL);
    pen.outline(rect, size::GAP, (1.0, color::ACCENT));
    let inner = rect.shrink(12.0);
    let field = Rect::from_min_size(inner.min, vec2(inner.width(), 42.0));
    let name = (Field::Palette.id(), pen.say(Label::PaletteField));
    if pen.field(field, name, &mut palette.text, desk.focus == Some(Field::Palette)) {
        palette.at = 0;
    }
    let list = Rect::from_min_max(pos2(inner.min.x, field.max.y + 8.0), inner.max);
    let hits = palette.hits();
    if hits.is_empty() {
        let text = pen.say(Label::PaletteNone);
        pen.middle(list, Align2::CENTER_CENTER, (text, &Style::line(size::BODY, color::QUIET)));
    }
    let first = palette.at.saturating_sub(SHOWN - 1);
    let mut clicked = None;
    for (idx, entry) in hits.iter().enumerate().skip(first).take(SHOWN) {
        let top = list.min.y + (idx - first) as f32 * HEIGHT;
        let rect = Rect::from_min_size(pos2(list.min.x, top), vec2(list.width(), HEIGHT - 4.0));
        let title = entry.title(pen.words.locale);
        let id = Id::unique(("entry of the palette", idx));
        let response = pen.row(rect, (id, title), idx == palette.at);
        let inner = rect.shrink2(vec2(14.0, 0.0));
        let key = pen.key(inner, &label::key(&entry.key, pen.words.locale));
        let room = Rect::from_min_max(inner.min, pos2(key.min.x - 8.0, inner.max.y));
        let style = Style::line(size::BODY, color::TEXT);
        pen.middle(room, Align2::LEFT_CENTER, (title, &style));
        if response.clicked() {
            clicked = Some(idx);
        }
    }
    if let Some(idx) = clicked {
        palette.at = idx;
        pen.act(Act::Confirm);
    }
    desk.palette = Some(palette);
}
