//! What is on air, what comes next, how serious it is: always to be seen, in words and shape.

use egui::{Rect, Shape, Stroke, pos2, vec2};
use vigie_model::{Countdown, Level, SceneName};
use vigie_widgets::{Style, theme::color};

use crate::{
    act::Act,
    kit::{Button, Kind, Pen, size},
    label::{self, Label},
};

/// Draws the bar.
pub(crate) fn ui(pen: &mut Pen<'_>, bar: Rect) {
    let inner = bar.shrink2(vec2(size::GAP, 6.0));
    let unit = inner.width() / 24.0;
    let mut x = inner.min.x;
    let mut place = |units: f32| {
        let rect =
            Rect::from_min_size(pos2(x, inner.min.y), vec2(unit * units - 6.0, inner.height()));
        x = rect.max.x + 6.0;
        rect
    };
    let (on_air, preview, take) = (place(8.0), place(6.0), place(2.4));
    let (level, clock, switches) = (place(2.3), place(2.3), place(3.0));
    on_air_ui(pen, on_air);
    preview_ui(pen, preview);
    let ready = pen.moment.snapshot.show.preview.is_some() && !pen.moment.snapshot.show.panic;
    let kind = if ready { Kind::Air } else { Kind::Off };
    if pen.button(take, Button { label: pen.say(Label::Take), key: "⏎", kind }) {
        pen.act(Act::Take);
    }
    level_ui(pen, level);
    clock_ui(pen, clock);
    switches_ui(pen, switches);
}

/// What people call a scene.
pub(crate) fn title<'a>(pen: &Pen<'a>, name: &'a SceneName) -> &'a str {
    let scene = pen.moment.room.scenes.iter().find(|scene| scene.name == *name);
    scene
        .map(|scene| scene.title.as_str())
        .filter(|title| !title.is_empty())
        .unwrap_or(name.as_str())
}

/// Two lines: what it is, and its name.
fn two_lines(pen: &mut Pen<'_>, rect: Rect, (what, name): (&str, &str), tone: egui::Color32) {
    let upper = Rect::from_min_size(rect.min, vec2(rect.width(), rect.height() * 0.42));
    let lower = Rect::from_min_max(pos2(rect.min.x, upper.max.y), rect.max);
    let style = Style::line(size::SMALL - 1.0, tone).bold();
    let block = pen.text.fit(what, &style, upper.width().max(1.0), size::SMALL - 3.0);
    pen.paint(pos2(upper.min.x, upper.center().y - block.middle), &block);
    let style = Style::line(size::BODY + 2.0, color::TEXT).bold();
    let block = pen.text.fit(name, &style, lower.width().max(1.0), size::SMALL);
    pen.paint(pos2(lower.min.x, lower.center().y - block.middle), &block);
    pen.announce(rect, &format!("{what} {name}"));
}

fn on_air_ui(pen: &mut Pen<'_>, rect: Rect) {
    let show = pen.moment.snapshot.show.shared();
    let inner = Rect::from_min_max(rect.min + vec2(48.0, 3.0), rect.max - vec2(10.0, 3.0));
    let center = pos2(rect.min.x + 25.0, rect.center().y);
    if show.panic {
        pen.fill(rect, size::ROUND, color::WARN_GROUND);
        pen.outline(rect, size::ROUND, (2.0, color::WARN));
        let square = Rect::from_center_size(center, vec2(18.0, 18.0));
        pen.fill(square, 2.0, color::WARN);
        let what = pen.say(Label::SafeOn);
        let next = pen.say(Label::HoldEscAgain);
        return two_lines(pen, inner, (what, next), color::WARN);
    }
    let n_lit = show.spotlights.len() as u64;
    let lit = format!("{} × {}", pen.words.count(n_lit), pen.say(Label::Spotlit));
    if show.scene.is_none() && n_lit == 0 {
        pen.fill(rect, size::ROUND, color::CARD);
        pen.outline(rect, size::ROUND, (1.0, color::LINE));
        let ring = Stroke::new(2.0, color::QUIET);
        pen.ui.painter().circle_stroke(center, 9.0, ring);
        let what = pen.say(Label::NothingOnAir);
        let name = pen.say(Label::OwnLayouts);
        return two_lines(pen, inner, (what, name), color::QUIET);
    }
    pen.fill(rect, size::ROUND, color::ON_AIR);
    pen.ui.painter().circle_filled(center, 10.0, color::TEXT);
    pen.ui.painter().circle_stroke(center, 15.0, Stroke::new(2.0, color::TEXT));
    let what = match &show.scene {
        Some(_) => {
            let since = pen.words.time_secs(show.since);
            format!("{} · {} {since}", pen.say(Label::OnAir), pen.say(Label::Since))
        }
        None => pen.say(Label::OnAir).to_owned(),
    };
    let name = match &show.scene {
        Some(scene) if n_lit > 0 => format!("{} + {lit}", title(pen, scene)),
        Some(scene) => title(pen, scene).to_owned(),
        None => lit,
    };
    two_lines(pen, inner, (&what, &name), color::TEXT);
}

fn preview_ui(pen: &mut Pen<'_>, rect: Rect) {
    let show = pen.moment.snapshot.show.shared();
    let inner = Rect::from_min_max(rect.min + vec2(40.0, 3.0), rect.max - vec2(10.0, 3.0));
    let ready = show.preview.is_some();
    let tone = if ready { color::GOOD } else { color::QUIET };
    pen.fill(rect, size::ROUND, color::CARD);
    pen.outline(
        rect,
        size::ROUND,
        (if ready { 2.0 } else { 1.0 }, if ready { tone } else { color::LINE }),
    );
    let corner = pos2(rect.min.x + 16.0, rect.center().y);
    let triangle =
        vec![corner + vec2(-2.0, -9.0), corner + vec2(14.0, 0.0), corner + vec2(-2.0, 9.0)];
    let shape = if ready {
        Shape::convex_polygon(triangle, tone, Stroke::NONE)
    } else {
        Shape::closed_line(triangle, Stroke::new(2.0, tone))
    };
    pen.ui.painter().add(shape);
    let what = pen.say(Label::Preview);
    let name = match &show.preview {
        Some(scene) => title(pen, scene),
        None => pen.say(Label::NoPreview),
    };
    two_lines(pen, inner, (what, name), tone);
}

/// The color and the shape of a level: a disc, a triangle, a square.
pub(crate) fn level_mark(pen: &Pen<'_>, center: egui::Pos2, level: Level) -> egui::Color32 {
    match level {
        Level::Green => {
            pen.ui.painter().circle_filled(center, 8.0, color::GOOD);
            color::GOOD
        }
        Level::Orange => {
            pen.alarm(center, 19.0, color::WARN);
            color::WARN
        }
        Level::Red => {
            pen.fill(Rect::from_center_size(center, vec2(16.0, 16.0)), 0.0, color::BAD);
            color::BAD
        }
    }
}

fn level_ui(pen: &mut Pen<'_>, rect: Rect) {
    let level = pen.moment.snapshot.show.level;
    pen.fill(rect, size::ROUND, color::CARD);
    let tone = level_mark(pen, pos2(rect.min.x + 18.0, rect.center().y), level);
    pen.outline(rect, size::ROUND, (1.0, if level == Level::Green { color::LINE } else { tone }));
    let inner = Rect::from_min_max(rect.min + vec2(36.0, 3.0), rect.max - vec2(4.0, 3.0));
    let (what, name) = (pen.say(Label::Level), pen.say(label::level(level)));
    two_lines(pen, inner, (what, name), color::QUIET);
}

/// What is left of the countdown, and how to read it.
pub(crate) fn countdown(pen: &Pen<'_>) -> Option<(String, &'static str, egui::Color32)> {
    let countdown = pen.moment.snapshot.show.countdown?;
    let left = countdown.left(pen.moment.now);
    let is_held = matches!(countdown, Countdown::Held(_));
    let figure = pen.words.countdown(left.saturating_abs());
    Some(match (left < 0, is_held) {
        (true, _) => (format!("+{figure}"), pen.say(Label::Overtime), color::WARN),
        (false, true) => (figure, pen.say(Label::Held), color::QUIET),
        (false, false) => (figure, pen.say(Label::Clock), color::TEXT),
    })
}

fn clock_ui(pen: &mut Pen<'_>, rect: Rect) {
    pen.fill(rect, size::ROUND, color::CARD);
    let counted = countdown(pen);
    let edge = counted.as_ref().map_or(color::LINE, |(_, _, tone)| *tone);
    let edge = if edge == color::TEXT || edge == color::QUIET { color::LINE } else { edge };
    pen.outline(rect, size::ROUND, (1.0, edge));
    let inner = rect.shrink2(vec2(10.0, 3.0));
    match counted {
        Some((figure, what, tone)) => {
            let tone = if tone == color::TEXT { color::QUIET } else { tone };
            two_lines(pen, inner, (what, &figure), tone);
        }
        None => {
            let what = pen.say(Label::Clock);
            two_lines(pen, inner, (what, "–:––"), color::QUIET);
        }
    }
}

fn switches_ui(pen: &mut Pen<'_>, rect: Rect) {
    let snapshot = pen.moment.snapshot;
    let paused = snapshot.queries.values().any(|query| query.feed.paused);
    let n_waiting: u64 = snapshot.queries.values().map(|query| query.feed.n_waiting).sum();
    let pause = if n_waiting > 0 {
        format!("{} +{}", pen.say(Label::Paused), pen.words.count(n_waiting))
    } else {
        pen.say(Label::Paused).to_owned()
    };
    let states = [
        (paused, pause, color::WARN),
        (snapshot.show.masked, pen.say(Label::Masked).to_owned(), color::ACCENT),
        (snapshot.identify, pen.say(Label::Identifying).to_owned(), color::ACCENT),
    ];
    let mut corner = rect.min + vec2(4.0, 1.0);
    for (_, text, tone) in states.into_iter().filter(|(is_on, _, _)| *is_on) {
        let width = rect.max.x - corner.x;
        let style = Style::line(size::SMALL, tone).bold();
        if corner.x > rect.min.x + 4.0
            && pen.lay(&text, &style, f32::INFINITY).size.x + 14.0 > width
        {
            corner = pos2(rect.min.x + 4.0, corner.y + 25.0);
        }
        let chip = pen.chip(corner, &text, tone, rect.max.x - corner.x);
        pen.announce(chip, &text);
        corner.x = chip.max.x + 6.0;
    }
}
