//! The view of the queue: lanes at the left, posts in the middle, the chosen one at the right.

use egui::{Align2, Rect, pos2, vec2};
use vigie_widgets::{Style, theme::color};

use super::{post, row};
use crate::{
    act::Act,
    desk::Desk,
    kit::{Button, Kind, Pen, size},
    label::{self, Label, LaneName},
    queue,
};

/// Draws the view.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let left_width = (area.width() * 0.145).clamp(190.0, 270.0);
    let list_width = (area.width() * 0.38).clamp(440.0, 720.0);
    let left = Rect::from_min_size(area.min, vec2(left_width, area.height()));
    let middle = Rect::from_min_size(
        pos2(left.max.x + size::GAP, area.min.y),
        vec2(list_width, area.height()),
    );
    let right = Rect::from_min_max(pos2(middle.max.x + size::GAP, area.min.y), area.max);
    let lanes_height = 36.0 + LaneName::ALL.len() as f32 * 40.0 + 12.0;
    let lanes = Rect::from_min_size(left.min, vec2(left_width, lanes_height.min(left.height())));
    lanes_ui(pen, desk, lanes);
    let modes = Rect::from_min_max(pos2(left.min.x, lanes.max.y + size::GAP), left.max);
    if modes.height() > 60.0 {
        modes_ui(pen, modes);
    }
    list_ui(pen, desk, middle);
    post::ui(pen, desk, right);
}

fn lanes_ui(pen: &mut Pen<'_>, desk: &Desk, area: Rect) {
    let inner = pen.panel(area, pen.say(Label::Moderation), "");
    let queues = pen.moment.snapshot.moderation.shared();
    let n_live = desk.live.items().len() as u64;
    for (idx, lane) in (0_u8..).zip(LaneName::ALL) {
        let count = queue::lane(queues, lane).map_or(n_live, |lane| lane.n_total);
        let top = inner.min.y + f32::from(idx) * 40.0;
        let rect = Rect::from_min_size(pos2(inner.min.x, top), vec2(inner.width(), 34.0));
        let title = pen.say(lane.label());
        let name = format!("{title} {count}");
        if pen.control(rect, &name, Kind::on(desk.lane == lane)).clicked() {
            pen.act(Act::Lane(lane));
        }
        let room = rect.shrink2(vec2(10.0, 0.0));
        let style = Style::line(size::BODY, color::TEXT);
        pen.middle(room, Align2::LEFT_CENTER, (title, &style));
        let tone = match (lane, count) {
            (_, 0) => color::QUIET,
            (LaneName::Waiting | LaneName::Flagged, _) => color::WARN,
            _ => color::TEXT,
        };
        let style = Style::line(size::BODY, tone).bold();
        let count = pen.words.count(count);
        pen.middle(room, Align2::RIGHT_CENTER, (&count, &style));
    }
}

/// The mode of each query, and the rules of the room.
fn modes_ui(pen: &mut Pen<'_>, area: Rect) {
    let inner = pen.panel(area, pen.say(Label::Modes), "");
    let moment = pen.moment;
    let rules = &moment.room.moderation;
    let line = 24.0;
    let named = [&rules.hold, &rules.block, &rules.allow];
    let n_named = named.iter().flat_map(|rule| rule.iter()).count() as f32;
    // Where there is room, a rule has two lines.
    let n_lines = if area.height() > 420.0 { 2 } else { 1 };
    let n_rules = 3.0 + n_named * n_lines as f32;
    let rules_top = (inner.max.y - (n_rules + 1.0) * line - 4.0).max(inner.min.y);
    let n_fit = ((rules_top - inner.min.y) / line).floor().max(0.0) as usize;
    for (idx, query) in moment.room.queries.iter().take(n_fit).enumerate() {
        let top = inner.min.y + idx as f32 * line;
        let rect = Rect::from_min_size(pos2(inner.min.x, top), vec2(inner.width(), line));
        let guarded = rules.guarded.contains(&query.name);
        let paused = moment.snapshot.feed(&query.name).is_some_and(|feed| feed.paused);
        let (mode, tone) = match (paused, guarded) {
            (true, _) => (Label::Paused, color::WARN),
            (_, true) => (Label::Guarded, color::ACCENT),
            _ => (Label::OpenMode, color::QUIET),
        };
        let mode = pen.say(mode);
        let style = Style::line(size::SMALL, tone);
        let right = pen.middle(rect, Align2::RIGHT_CENTER, (mode, &style));
        let room = Rect::from_min_max(rect.min, pos2(right.min.x - 6.0, rect.max.y));
        let style = Style::line(size::SMALL, color::TEXT);
        pen.middle(room, Align2::LEFT_CENTER, (query.name.as_str(), &style));
        pen.announce(rect, &format!("{} {mode}", query.name));
    }
    let rules = Rect::from_min_max(pos2(inner.min.x, rules_top), inner.max);
    rules_ui(pen, rules, (line, n_lines));
}

fn rules_ui(pen: &mut Pen<'_>, area: Rect, (line, n_lines): (f32, usize)) {
    let moment = pen.moment;
    let rules = &moment.room.moderation;
    let queues = moment.snapshot.moderation.shared();
    let mut y = area.min.y;
    let mut place = |height: f32| {
        let rect = Rect::from_min_size(pos2(area.min.x, y), vec2(area.width(), height));
        y += height;
        rect
    };
    let bold = Style::line(size::HEAD, color::TEXT).bold();
    pen.middle(place(line), Align2::LEFT_CENTER, (pen.say(Label::Rules), &bold));
    let fate = pen.say(if rules.flagged_wait { Label::Waits } else { Label::Passes });
    let quiet = Style::line(size::SMALL, color::QUIET);
    let rect = place(line);
    pen.middle(rect, Align2::RIGHT_CENTER, (fate, &Style::line(size::SMALL, color::ACCENT)));
    pen.middle(rect, Align2::LEFT_CENTER, (pen.say(Label::RuleFlagged), &quiet));
    let named = [
        (Label::RuleHold, &rules.hold),
        (Label::RuleBlock, &rules.block),
        (Label::RuleAllow, &rules.allow),
    ];
    for (name, rule) in named {
        let Some(rule) = rule else { continue };
        let text = format!(
            "{}{}{}",
            pen.say(name),
            label::colon(pen.words.locale),
            vigie_layout::query::to_text(rule)
        );
        let style = Style { line_height: 1.3, ..Style::lines(size::SMALL, color::QUIET, n_lines) };
        let rect = place(line * n_lines as f32);
        let block = pen.lay(&text, &style, rect.width());
        pen.paint(rect.min, &block);
        pen.announce(rect, &text);
    }
    for (count, label) in
        [(queues.n_blocked_authors, Label::Blocked), (queues.n_ruled_out, Label::RuledOut)]
    {
        let text = format!("{} {}", pen.words.count(count), pen.say(label));
        let rect = place(line);
        if rect.max.y <= area.max.y + 1.0 {
            pen.middle(rect, Align2::LEFT_CENTER, (&text, &quiet));
        }
    }
}

fn list_ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let snapshot = pen.moment.snapshot;
    let (n_listed, n_total) = match desk.list(snapshot) {
        Some(list) => (list.len(), list.n_total),
        None => (0, 0),
    };
    let at = if n_listed == 0 { 0 } else { desk.chosen_at + 1 };
    let note = format!("{} / {}", pen.words.count(at as u64), pen.words.count(n_total));
    let inner = pen.panel(area, pen.say(desk.lane.label()), &note);
    let keys = Rect::from_min_max(pos2(inner.min.x, inner.max.y - 34.0), inner.max);
    let list = Rect::from_min_max(inner.min, pos2(inner.max.x, keys.min.y - size::GAP));
    if n_listed == 0 {
        let (what, next) = match desk.lane {
            LaneName::Waiting => (Label::QueueEmpty, Label::QueueEmptyNext),
            _ => (Label::LaneEmpty, Label::LaneEmptyNext),
        };
        let (what, next) = (pen.say(what), pen.say(next));
        pen.empty(list, what, next);
    } else {
        row::list_ui(pen, desk, list);
    }
    let half = (keys.width() - size::GAP) / 2.0;
    let left = Rect::from_min_size(keys.min, vec2(half, keys.height()));
    let right = Rect::from_min_size(pos2(left.max.x + size::GAP, keys.min.y), left.size());
    let undo = Button { label: pen.say(Label::Undo), key: "Ctrl+Z", kind: Kind::Plain };
    if pen.button(left, undo) {
        pen.act(Act::Undo);
    }
    let key = label::key("Ctrl+Maj+Z", pen.words.locale);
    let redo = Button { label: pen.say(Label::Redo), key: &key, kind: Kind::Plain };
    if pen.button(right, redo) {
        pen.act(Act::Redo);
    }
}
