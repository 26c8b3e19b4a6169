//! What is asked before something is done.

use egui::{Align2, Rect, pos2, vec2};
use vigie_model::Level;
use vigie_widgets::{Style, theme::color};

use super::air;
use crate::{
    act::Act,
    desk::{Desk, Dialog, Field, ROLES},
    kit::{Button, Kind, Pen, size},
    label::{self, Label},
};

/// Draws the question that is open, if one is.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, whole: Rect) {
    let Some(mut dialog) = desk.dialog.take() else { return };
    let height = if matches!(dialog, Dialog::Flag { .. }) { 288.0 } else { 208.0 };
    let rect = Rect::from_center_size(whole.center(), vec2(560.0, height));
    pen.fill(rect, size::GAP, color::PANEL);
    pen.outline(rect, size::GAP, (1.0, color::ACCENT));
    let inner = rect.shrink(20.0);
    let foot = Rect::from_min_max(pos2(inner.min.x, inner.max.y - 40.0), inner.max);
    match &mut dialog {
        Dialog::Flag { reason, role, .. } => {
            title_ui(pen, inner, pen.say(Label::FlagTitle));
            flag_ui(pen, desk.focus == Some(Field::Reason), inner, (reason, role));
        }
        Dialog::Block { name, .. } => {
            title_ui(pen, inner, pen.say(Label::BlockTitle));
            let text = format!("{name}. {}", pen.say(Label::BlockText));
            text_ui(pen, inner, &text);
        }
        Dialog::Level(level) => {
            let title = format!("{} {}", pen.say(Label::LevelTitle), pen.say(label::level(*level)));
            title_ui(pen, inner, &title);
            level_ui(pen, inner, *level);
        }
    }
    let half = (foot.width() - size::GAP) / 2.0;
    let left = Rect::from_min_size(foot.min, vec2(half, foot.height()));
    let right = Rect::from_min_max(pos2(left.max.x + size::GAP, foot.min.y), foot.max);
    if pen.button(left, Button { label: pen.say(Label::Cancel), key: "Esc", kind: Kind::Plain }) {
        pen.act(Act::Escape);
    }
    let kind = if matches!(dialog, Dialog::Flag { .. }) { Kind::On } else { Kind::Warn };
    if pen.button(right, Button { label: pen.say(Label::Confirm), key: "⏎", kind }) {
        pen.act(Act::Confirm);
    }
    desk.dialog = Some(dialog);
}

fn title_ui(pen: &mut Pen<'_>, inner: Rect, title: &str) {
    let rect = Rect::from_min_size(inner.min, vec2(inner.width(), 30.0));
    let style = Style::line(20.0, color::TEXT).bold();
    pen.middle(rect, Align2::LEFT_CENTER, (title, &style));
    pen.announce(rect, title);
}

fn text_ui(pen: &mut Pen<'_>, inner: Rect, text: &str) {
    let style = Style::lines(size::BODY, color::QUIET, 4);
    let block = pen.lay(text, &style, inner.width());
    let rect = pen.paint(pos2(inner.min.x, inner.min.y + 42.0), &block);
    pen.announce(rect, text);
}

fn level_ui(pen: &mut Pen<'_>, inner: Rect, level: Level) {
    let scene = pen.moment.room.scenes.iter().find(|scene| scene.level == Some(level));
    let scene = scene.map_or("–", |scene| scene.title.as_str());
    let text = format!("{} ({scene})", pen.say(Label::LevelText));
    let center = pos2(inner.min.x + 10.0, inner.min.y + 56.0);
    air::level_mark(pen, center, level);
    let room = Rect::from_min_max(pos2(inner.min.x + 32.0, inner.min.y), inner.max);
    text_ui(pen, room, &text);
}

fn flag_ui(
    pen: &mut Pen<'_>,
    wants_focus: bool,
    inner: Rect,
    (reason, role): (&mut String, &mut usize),
) {
    let quiet = Style::line(size::SMALL, color::QUIET);
    let name = Rect::from_min_size(inner.min + vec2(0.0, 40.0), vec2(inner.width(), 20.0));
    pen.middle(name, Align2::LEFT_CENTER, (pen.say(Label::FlagReason), &quiet));
    let field = Rect::from_min_size(inner.min + vec2(0.0, 62.0), vec2(inner.width(), 40.0));
    pen.field(field, (Field::Reason.id(), pen.say(Label::FlagReason)), reason, wants_focus);
    let name = Rect::from_min_size(inner.min + vec2(0.0, 114.0), vec2(inner.width(), 20.0));
    let text = format!("{}   ↑ ↓", pen.say(Label::FlagOwner));
    pen.middle(name, Align2::LEFT_CENTER, (&text, &quiet));
    let width = (inner.width() - size::GAP * 3.0) / 4.0;
    for (idx, label) in ROLES.into_iter().enumerate() {
        let x = inner.min.x + idx as f32 * (width + size::GAP);
        let rect = Rect::from_min_size(pos2(x, name.max.y + 4.0), vec2(width, 36.0));
        let button = Button { label: pen.say(label), key: "", kind: Kind::on(*role == idx) };
        if pen.button(rect, button) {
            *role = idx;
        }
    }
}
