//! The view of alerts: a list, and the evidence of the chosen one.

use egui::{Align2, Color32, Id, Rect, pos2, vec2};
use vigie_model::{Alert, AlertKind};
use vigie_widgets::{Style, alert_title, theme::color};

use super::row;
use crate::{
    act::Act,
    desk::Desk,
    kit::{Button, Kind, Pen, size},
    label::Label,
    queue::{Listed, ROW},
};

/// Height of an alert in the list.
const HEIGHT: f32 = 76.0;

/// Draws the view.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let alerts = pen.moment.snapshot.alerts.shared();
    let width = (area.width() * 0.42).clamp(440.0, 760.0);
    let left = Rect::from_min_size(area.min, vec2(width, area.height()));
    let right = Rect::from_min_max(pos2(left.max.x + size::GAP, area.min.y), area.max);
    let n_open = alerts.iter().filter(|alert| alert.is_open()).count() as u64;
    let note = format!("{} / {}", pen.words.count(n_open), pen.words.count(alerts.len() as u64));
    let inner = pen.panel(left, pen.say(Label::Alerts), &note);
    if alerts.is_empty() {
        let next = pen.say(Label::NoAlertsNext);
        pen.empty(inner, pen.say(Label::NoAlerts), next);
    }
    let is_known = |id| alerts.iter().any(|alert| Some(alert.id) == id);
    if !is_known(desk.alert) {
        desk.alert = alerts.first().map(|alert| alert.id);
    }
    let mut scroll = desk.scrolls.alerts;
    let (room, offset) = pen.scroll(inner, &mut scroll, alerts.len() as f32 * HEIGHT);
    desk.scrolls.alerts = scroll;
    let mut clicked = None;
    pen.within(room, |pen| {
        for (idx, alert) in alerts.iter().enumerate() {
            let top = room.min.y + idx as f32 * HEIGHT - offset;
            let rect = Rect::from_min_size(pos2(room.min.x, top), vec2(room.width(), HEIGHT - 6.0));
            if rect.intersects(room) && alert_ui(pen, rect, alert, desk.alert == Some(alert.id)) {
                clicked = Some(alert.id);
            }
        }
    });
    desk.alert = clicked.or(desk.alert);
    match alerts.iter().find(|alert| Some(alert.id) == desk.alert) {
        Some(alert) => evidence_ui(pen, desk, right, alert),
        None => pen.fill(right, size::GAP, color::PANEL),
    }
}

/// The state of an alert in words, and its color.
fn state(pen: &Pen<'_>, alert: &Alert) -> (String, Color32) {
    match (&alert.acknowledged, alert.active) {
        (Some(seen), true) => {
            (format!("{} · {}", pen.say(Label::AlertSeen), seen.by), color::ACCENT)
        }
        (None, true) => (pen.say(Label::AlertOpen).to_owned(), color::WARN),
        (_, false) => (pen.say(Label::AlertOver).to_owned(), color::QUIET),
    }
}

/// How far it stands above its past.
fn ratio(pen: &Pen<'_>, alert: &Alert) -> String {
    if alert.kind.is_trouble() {
        return String::new();
    }
    let ratio = if alert.ratio.is_finite() { alert.ratio.clamp(0.0, 99.0) } else { 99.0 };
    format!("×{}", pen.words.decimal(ratio, usize::from(ratio < 9.95)))
}

/// What was measured, in its unit.
fn measured(pen: &Pen<'_>, alert: &Alert, value: f64) -> String {
    match alert.kind {
        AlertKind::Mood => pen.words.percent(value),
        _ if value < 10.0 => pen.words.decimal(value, 1),
        _ => pen.words.count(value.clamp(0.0, 1e15) as u64),
    }
}

fn alert_ui(pen: &mut Pen<'_>, rect: Rect, alert: &Alert, chosen: bool) -> bool {
    let title = alert_title(alert, pen.words);
    let (state, tone) = state(pen, alert);
    let id = Id::unique(("alert", alert.id.0));
    let response = pen.row(rect, (id, &format!("{title} {state}")), chosen);
    let inner = rect.shrink2(vec2(12.0, 6.0));
    let upper = Rect::from_min_size(inner.min, vec2(inner.width(), 30.0));
    let lower = Rect::from_min_max(pos2(inner.min.x, upper.max.y), inner.max);
    if alert.is_open() {
        pen.alarm(pos2(upper.min.x + 9.0, upper.center().y), 17.0, tone);
    } else {
        pen.ui.painter().circle_stroke(
            pos2(upper.min.x + 9.0, upper.center().y),
            6.0,
            egui::Stroke::new(2.0, tone),
        );
    }
    let figure = ratio(pen, alert);
    let style = Style::line(size::BODY + 4.0, tone).bold();
    let figure = pen.middle(upper, Align2::RIGHT_CENTER, (&figure, &style));
    let room = Rect::from_min_max(
        pos2(upper.min.x + 26.0, upper.min.y),
        pos2(figure.min.x - 8.0, upper.max.y),
    );
    let style = Style::line(size::BODY + 1.0, color::TEXT).bold();
    pen.middle(room, Align2::LEFT_CENTER, (&title, &style));
    let state =
        pen.middle(lower, Align2::RIGHT_CENTER, (&state, &Style::line(size::SMALL, tone).bold()));
    let query = alert.query.as_ref().map_or("", |query| query.as_str());
    let authors = match alert.n_authors {
        0 => String::new(),
        n_authors => {
            format!(" · {} {}", pen.words.count(n_authors), pen.say(Label::Authors).to_lowercase())
        }
    };
    let joined = match alert.n_joined {
        0 => String::new(),
        n_joined => format!(" · +{}", pen.words.count(n_joined)),
    };
    let text = format!("{} · {query}{authors}{joined}", pen.words.time(alert.at));
    let room = Rect::from_min_max(
        pos2(lower.min.x + 26.0, lower.min.y),
        pos2(state.min.x - 8.0, lower.max.y),
    );
    pen.middle(room, Align2::LEFT_CENTER, (&text, &Style::line(size::SMALL, color::QUIET)));
    response.clicked()
}

fn evidence_ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect, alert: &Alert) {
    let title = alert_title(alert, pen.words);
    let (said, tone) = state(pen, alert);
    let inner = pen.panel(area, pen.say(Label::Evidence), &said);
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), 36.0));
    let style = Style::line(22.0, color::TEXT).bold();
    let block = pen.text.fit(&title, &style, head.width() - 250.0, size::BODY);
    pen.paint(pos2(head.min.x, head.center().y - block.middle), &block);
    let button = Rect::from_min_max(pos2(head.max.x - 230.0, head.min.y), head.max);
    let kind = if alert.acknowledged.is_none() { Kind::Warn } else { Kind::Off };
    if pen.button(button, Button { label: pen.say(Label::Acknowledge), key: "K", kind }) {
        pen.act(Act::Acknowledge);
    }
    let figures = [
        (Label::Measured, measured(pen, alert, alert.value), color::TEXT),
        (Label::Baseline, measured(pen, alert, alert.baseline), color::QUIET),
        (Label::Ratio, ratio(pen, alert), tone),
        (Label::Authors, pen.words.count(alert.n_authors), color::TEXT),
        (
            Label::Bots,
            pen.words.percent(alert.suspicion),
            if alert.suspicion >= 0.5 { color::WARN } else { color::TEXT },
        ),
    ];
    let top = head.max.y + size::PAD;
    let width = (inner.width() - size::GAP * 4.0) / 5.0;
    for (idx, (name, figure, tone)) in (0_u8..).zip(figures) {
        let x = inner.min.x + f32::from(idx) * (width + size::GAP);
        let tile = Rect::from_min_size(pos2(x, top), vec2(width, 68.0));
        tile_ui(pen, tile, (pen.say(name), &figure), tone);
    }
    let facts_top = top + 68.0 + size::PAD;
    let joined: Vec<&str> = alert.joined.iter().map(|name| name.as_str()).collect();
    let span = format!(
        "{} {} {}",
        pen.words.time_secs(alert.at),
        pen.say(Label::To),
        pen.words.time_secs(alert.last)
    );
    let seen = alert.acknowledged.as_ref().map_or_else(
        || pen.say(Label::NoDecision).to_owned(),
        |seen| format!("{} {} · {}", pen.say(Label::SeenBy), seen.by, pen.words.time_secs(seen.at)),
    );
    let facts = [
        (Label::From, span),
        (Label::DecidedBy, seen),
        (Label::Joined, format!("{} {}", pen.words.count(alert.n_joined), joined.join(", "))),
    ];
    for (idx, (name, value)) in (0_u8..).zip(facts) {
        let corner = pos2(inner.min.x, facts_top + f32::from(idx) * 24.0);
        let rect = Rect::from_min_size(corner, vec2(inner.width(), 24.0));
        pen.fact(rect, (pen.say(name), &value), color::TEXT);
    }
    let samples =
        Rect::from_min_max(pos2(inner.min.x, facts_top + 3.0 * 24.0 + size::PAD), inner.max);
    samples_ui(pen, desk, samples, alert);
}

/// A figure with its name.
pub(crate) fn tile_ui(pen: &mut Pen<'_>, tile: Rect, (name, figure): (&str, &str), tone: Color32) {
    pen.fill(tile, size::ROUND, color::CARD);
    let inner = tile.shrink2(vec2(10.0, 8.0));
    let upper = Rect::from_min_size(inner.min, vec2(inner.width(), 18.0));
    let lower = Rect::from_min_max(pos2(inner.min.x, upper.max.y), inner.max);
    pen.middle(upper, Align2::LEFT_CENTER, (name, &Style::line(size::SMALL, color::QUIET)));
    let style = Style::line(size::FIGURE, tone).figure();
    let block = pen.text.fit(figure, &style, lower.width().max(1.0), size::BODY);
    pen.paint(pos2(lower.min.x, lower.center().y - block.middle), &block);
    pen.announce(tile, &format!("{name}: {figure}"));
}

fn samples_ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect, alert: &Alert) {
    let title = Rect::from_min_size(area.min, vec2(area.width(), 24.0));
    let bold = Style::line(size::HEAD, color::TEXT).bold();
    pen.middle(title, Align2::LEFT_CENTER, (pen.say(Label::Samples), &bold));
    let list = Rect::from_min_max(pos2(area.min.x, title.max.y + 4.0), area.max);
    if alert.samples.is_empty() {
        let text = pen.say(Label::NoSamples);
        pen.middle(list, Align2::CENTER_CENTER, (text, &Style::line(size::BODY, color::QUIET)));
        return;
    }
    let mut scroll = desk.scrolls.evidence;
    let (room, offset) = pen.scroll(list, &mut scroll, alert.samples.len() as f32 * ROW);
    desk.scrolls.evidence = scroll;
    pen.within(room, |pen| {
        for (idx, item) in alert.samples.iter().enumerate() {
            let top = room.min.y + idx as f32 * ROW - offset;
            let rect = Rect::from_min_size(pos2(room.min.x, top), vec2(room.width(), ROW - 6.0));
            row::row_ui(pen, rect, Listed::Shown(item), false);
        }
    });
}
