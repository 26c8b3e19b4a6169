//! What is to be seen: the bars at the top and the foot, and one view between them.

mod advice;
mod air;
mod alerts;
mod dialog;
mod log;
mod moderation;
mod palette;
mod post;
mod room;

mod row;
mod search;
mod sheet;
mod sources;
mod winner;

use egui::{Align2, Rect, pos2, vec2};
use vigie_layout::Locale;
use vigie_widgets::{Style, theme::color};

use crate::{
    act::Act,
    desk::Desk,
    kit::{Button, Kind, Pen, size},
    label::{Label, View},
};

/// Height of the bar with the views.
const TABS: f32 = 48.0;
/// Height of the bar with what is on air.
const AIR: f32 = 60.0;
/// Height of the foot.
const FOOT: f32 = 40.0;

/// Draws everything.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk) {
    let whole = pen.ui.max_rect();
    pen.fill(whole, 0.0, color::GROUND);
    let slice = |top: f32, bottom: f32| {
        Rect::from_min_max(pos2(whole.min.x, top), pos2(whole.max.x, bottom.max(top)))
    };
    let tabs = slice(whole.min.y, whole.min.y + TABS);
    let on_air = slice(tabs.max.y, tabs.max.y + AIR);
    let foot = slice((whole.max.y - FOOT).max(on_air.max.y), whole.max.y);
    let middle = slice(on_air.max.y, foot.min.y).shrink2(vec2(size::GAP, size::GAP));
    pen.is_covered = desk.is_covered();
    tabs_ui(pen, desk, tabs);
    air::ui(pen, on_air);
    match desk.view {
        View::Room => room::ui(pen, desk, middle),
        View::Moderation => moderation::ui(pen, desk, middle),
        View::Search => search::ui(pen, desk, middle),
        View::Alerts => alerts::ui(pen, desk, middle),
        View::Sources => sources::ui(pen, desk, middle),
        View::Winner => winner::ui(pen, desk, middle),
        View::Log => log::ui(pen, desk, middle),
    }
    foot_ui(pen, desk, foot);
    if desk.is_covered() {
        cover(pen, whole);
        pen.is_covered = false;
        // What lies below is covered: what it was clicked for does not count.
        sheet::ui(pen, desk, whole);
        dialog::ui(pen, desk, whole);
        palette::ui(pen, desk, whole);
    }
}

/// Darkens what lies below and takes its clicks.
fn cover(pen: &mut Pen<'_>, whole: Rect) {
    pen.acts.clear();
    pen.fill(whole, 0.0, color::GROUND.gamma_multiply(0.82));
    let id = egui::Id::unique("cover");
    if pen.ui.interact(whole, id, egui::Sense::CLICK).clicked() {
        pen.act(Act::Escape);
    }
}

fn tabs_ui(pen: &mut Pen<'_>, desk: &Desk, bar: Rect) {
    pen.fill(bar, 0.0, color::PANEL);
    let inner = bar.shrink2(vec2(size::PAD, 8.0));
    let snapshot = pen.moment.snapshot;
    let n_open = snapshot.alerts.iter().filter(|alert| alert.is_open()).count() as u64;
    let right = inner.max.x - status_width(inner);
    let mut x = inner.min.x;
    let widest = (right - x) / 4.0;
    for view in View::ALL {
        let count = match view {
            View::Moderation => snapshot.moderation.waiting.n_total,
            View::Alerts => n_open,
            _ => 0,
        };
        let title = view.title(pen.words.locale);
        let label = match count {
            0 => title.to_owned(),
            count => format!("{title} · {}", pen.words.count(count)),
        };
        let style = Style::line(size::BODY, color::TEXT);
        let width = (pen.lay(&label, &style, f32::INFINITY).size.x + 28.0).min(widest);
        let rect = Rect::from_min_size(pos2(x, inner.min.y), vec2(width, inner.height()));
        let kind = if view == View::Alerts && n_open > 0 && desk.view != view {
            Kind::Warn
        } else {
            Kind::on(desk.view == view)
        };
        if pen.button(rect, Button { label: &label, kind, ..Button::default() }) {
            pen.act(Act::Show(view));
        }
        x = rect.max.x + 6.0;
    }
    status_ui(pen, desk, inner);
}

/// Whether the bar has room for the room's name.
fn is_wide(inner: Rect) -> bool {
    inner.width() > 1500.0
}

/// The width of all that stands at the right of the tabs.
fn status_width(inner: Rect) -> f32 {
    264.0 + if is_wide(inner) { 200.0 } else { 96.0 }
}

/// Who sits here, the time, the language.
fn status_ui(pen: &mut Pen<'_>, desk: &Desk, inner: Rect) {
    let mut right = inner.max.x;
    let mut place = |width: f32| {
        let rect = Rect::from_min_max(pos2(right - width, inner.min.y), pos2(right, inner.max.y));
        right = rect.min.x - 6.0;
        rect
    };
    let (close, sheet, language, clock) = (place(34.0), place(34.0), place(64.0), place(84.0));
    if pen.button(close, Button { label: "×", ..Button::default() }) {
        pen.act(Act::Close);
    }
    if pen.button(sheet, Button { label: "?", kind: Kind::on(desk.sheet), ..Button::default() }) {
        pen.act(Act::Sheet);
    }
    let (label, other) = match pen.words.locale {
        Locale::Fr => ("FR · en", Locale::En),
        Locale::En => ("EN · fr", Locale::Fr),
    };
    if pen.button(language, Button { label, ..Button::default() }) {
        pen.act(Act::Language(other));
    }
    let time = pen.words.time_secs(pen.moment.now);
    let style = Style::line(size::BODY + 1.0, color::TEXT).bold();
    pen.middle(clock, Align2::CENTER_CENTER, (&time, &style));
    let person = pen.moment.person.to_owned();
    let wide = is_wide(inner);
    let rect = place(if wide { 200.0 } else { 96.0 });
    let style = Style::line(size::SMALL, color::QUIET);
    let text = if wide { format!("{} · {person}", pen.moment.room.name) } else { person };
    pen.middle(rect, Align2::RIGHT_CENTER, (&text, &style));
}

/// What to do next, what has just happened, and how to find more.
fn foot_ui(pen: &mut Pen<'_>, desk: &Desk, bar: Rect) {
    pen.fill(bar, 0.0, color::PANEL);
    let inner = bar.shrink2(vec2(size::PAD, 0.0));
    let hint =
        format!("? {}   ·   Ctrl+K {}", pen.say(Label::KeySheet), pen.say(Label::KeyPalette));
    let style = Style::line(size::SMALL, color::QUIET);
    let hint_rect = pen.middle(inner, Align2::RIGHT_CENTER, (&hint, &style));
    let half = inner.width() * 0.5;
    let left = Rect::from_min_size(inner.min, vec2(half - size::GAP, inner.height()));
    advice::advice_ui(pen, left);
    if let Some(told) = &desk.told {
        let tone = if told.is_bad { color::WARN } else { color::GOOD };
        let room = Rect::from_min_max(
            pos2(inner.min.x + half, inner.min.y),
            pos2(hint_rect.min.x - size::PAD, inner.max.y),
        );
        let sign = if told.is_bad { "▲ " } else { "✓ " };
        let text = format!("{sign}{}", told.text);
        pen.middle(room, Align2::LEFT_CENTER, (&text, &Style::line(size::BODY, tone).bold()));
        pen.announce(room, &told.text);
    }
}
