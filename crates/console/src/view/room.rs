//! The view of the room: the plan of its screens, and what puts something on them.

use egui::{
    Align2, Color32, Rect, Sense, Stroke, StrokeKind, WidgetInfo, accesskit::Role, pos2, vec2,
};
use vigie_layout::{Locale, SceneSpec, ScreenSpec};
use vigie_model::{CountdownStep, Level, Show};
use vigie_widgets::{Align, Style, theme::color};

use super::air;
use crate::{
    act::Act,
    desk::Desk,
    kit::{Button, Kind, Pen, Scroll, size},
    label::{self, Label},
    plan,
};

/// Height of the words under a screen.
const CAPTION: f32 = 44.0;

/// Draws the view.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let right = (area.width() * 0.32).clamp(380.0, 560.0);
    let split = area.max.x - right;
    let left = Rect::from_min_max(area.min, pos2(split - size::GAP, area.max.y));
    let side = Rect::from_min_max(pos2(split, area.min.y), area.max);
    plan_ui(pen, desk, left);
    let controls = 244.0;
    let scenes = Rect::from_min_max(side.min, pos2(side.max.x, side.max.y - controls - size::GAP));
    scenes_ui(pen, &mut desk.scrolls.scenes, scenes);
    let rest = Rect::from_min_max(pos2(side.min.x, scenes.max.y + size::GAP), side.max);
    controls_ui(pen, rest);
}

fn plan_ui(pen: &mut Pen<'_>, desk: &Desk, area: Rect) {
    let moment = pen.moment;
    let is_here =
        |screen: &&ScreenSpec| moment.status(&screen.name).is_some_and(|status| status.present);
    let n_screens = moment.room.screens.len();
    let n_missing = n_screens - moment.room.screens.iter().filter(is_here).count();
    let note = if n_missing == 0 {
        format!("{n_screens} · {}", pen.say(Label::AllScreens))
    } else {
        format!("{n_missing} / {n_screens} {}", pen.say(Label::OfScreens))
    };
    let inner = pen.panel(area, pen.say(Label::Plan), &note);
    let preview = moment.snapshot.show.preview.as_ref();
    let preview =
        preview.and_then(|name| moment.room.scenes.iter().find(|scene| scene.name == *name));
    let upper = match preview {
        Some(_) => inner.with_max_y(inner.min.y + inner.height() * 0.56),
        None => inner,
    };
    let places = plan::places(&moment, &desk.seen, upper);
    for (idx, (screen, place)) in moment.room.screens.iter().zip(places).enumerate() {
        screen_ui(pen, (idx, screen), place, desk.target == Some(idx));
    }
    if let Some(scene) = preview {
        preview_ui(pen, desk, inner.with_min_y(upper.max.y + size::GAP), scene);
    }
}

/// What the next take changes: the same plan, with the layouts of the scene in preview.
fn preview_ui(pen: &mut Pen<'_>, desk: &Desk, area: Rect, scene: &SceneSpec) {
    let moment = pen.moment;
    let title = area.with_max_y(area.min.y + 26.0);
    let name = format!("{} · {}", pen.say(Label::Preview), scene.title);
    let style = Style::line(size::HEAD, color::GOOD).bold();
    pen.middle(title, Align2::LEFT_CENTER, (&name, &style));
    pen.announce(title, &name);
    let places = plan::places(&moment, &desk.seen, area.with_min_y(title.max.y));
    for ((screen, spec), place) in moment.room.screens.iter().zip(&scene.screens).zip(places) {
        let is_own = spec.cells == screen.cells && spec.grid == screen.grid;
        pen.fill(place, 2.0, color::GROUND);
        cells_ui(pen, place.shrink(2.0), spec);
        let edge = if is_own { (1.0, color::LINE) } else { (2.0, color::GOOD) };
        pen.outline(place, 3.0, edge);
    }
}

/// What a screen is to be seen with.
struct Shown<'a> {
    spec: &'a ScreenSpec,
    what: String,
    tone: Color32,
}

/// What a screen shows in this show.
fn shown<'a>(pen: &Pen<'a>, (idx, screen): (usize, &'a ScreenSpec)) -> Shown<'a> {
    let room = pen.moment.room;
    let show: &Show = &pen.moment.snapshot.show;
    let in_scene = |is_it: &dyn Fn(&SceneSpec) -> bool| {
        let scene = room.scenes.iter().find(|scene| is_it(scene))?;
        scene.screens.get(idx)
    };
    if show.panic {
        let spec = in_scene(&|scene| scene.safe).unwrap_or(screen);
        return Shown { spec, what: pen.say(Label::SafeOn).to_owned(), tone: color::WARN };
    }
    if let Some(lit) = show.spotlights.get(&screen.name) {
        let what = format!("{} · {}", pen.say(Label::Spotlit), lit.post.author.display_name());
        return Shown { spec: screen, what, tone: color::ACCENT };
    }
    if let Some(scene) = &show.scene
        && let Some(spec) = in_scene(&|it| it.name == *scene)
    {
        // A scene that leaves a screen alone leaves it in its own words too.
        let is_own = spec.cells == screen.cells && spec.grid == screen.grid;
        if !is_own {
            let what = air::title(pen, scene).to_owned();
            return Shown { spec, what, tone: color::BAD };
        }
    }
    Shown { spec: screen, what: screen.purpose.clone(), tone: color::QUIET }
}

fn screen_ui(pen: &mut Pen<'_>, (idx, screen): (usize, &ScreenSpec), place: Rect, is_target: bool) {
    let moment = pen.moment;
    let status = moment.status(&screen.name);
    let present = status.is_some_and(|status| status.present);
    let shown = shown(pen, (idx, screen));
    let id = egui::Id::unique(("screen", idx));
    let response = pen.ui.interact(place, id, Sense::click());
    let health = health(pen, screen);
    let name = format!("F{} {} {} {}", idx + 1, screen.name, shown.what, health.0);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_target, &name));
    if response.clicked() {
        pen.act(Act::Screen(idx));
    }
    pen.fill(place, size::ROUND, if response.hovered() { color::HOVER } else { color::CARD });
    let glass = Rect::from_min_max(place.min, pos2(place.max.x, place.max.y - CAPTION)).shrink(4.0);
    pen.fill(glass, 2.0, color::GROUND);
    if present {
        match status.and_then(|status| status.miniature) {
            Some(miniature) => pen.texture(glass, miniature),
            None => cells_ui(pen, glass, shown.spec),
        }
    } else {
        missing_ui(pen, glass);
    }
    let caption = Rect::from_min_max(
        pos2(place.min.x + 8.0, place.max.y - CAPTION),
        place.max - vec2(6.0, 2.0),
    );
    caption_ui(pen, caption, (idx, screen), &shown, &health);
    let edge = if is_target {
        (3.0, color::ACCENT)
    } else if !present {
        (2.0, color::WARN)
    } else if shown.tone == color::QUIET {
        (1.0, color::LINE)
    } else {
        (2.0, shown.tone)
    };
    pen.outline(place, size::ROUND, edge);
    if is_target {
        let chip = pen.say(Label::Target);
        pen.chip(glass.min + vec2(4.0, 4.0), chip, color::ACCENT, glass.width());
    }
    pen.focus_ring(&response);
}

fn caption_ui(
    pen: &mut Pen<'_>,
    rect: Rect,
    (idx, screen): (usize, &ScreenSpec),
    shown: &Shown<'_>,
    (health, tone): &(String, Color32),
) {
    let upper = Rect::from_min_size(rect.min, vec2(rect.width(), 22.0));
    let lower = Rect::from_min_max(pos2(rect.min.x, upper.max.y), rect.max);
    let number = format!("F{}", idx + 1);
    let bold = Style::line(size::SMALL, color::TEXT).bold();
    let left =
        pen.middle(upper, Align2::LEFT_CENTER, (&number, &Style { color: color::ACCENT, ..bold }));
    let mut room = Rect::from_min_max(pos2(left.max.x + 6.0, upper.min.y), upper.max);
    let name = pen.middle(room, Align2::LEFT_CENTER, (screen.name.as_str(), &bold));
    room.min.x = name.max.x + 8.0;
    if room.width() > 30.0 {
        let style = Style::line(size::SMALL, shown.tone);
        pen.middle(room, Align2::LEFT_CENTER, (&shown.what, &style));
    }
    pen.middle(lower, Align2::LEFT_CENTER, (health, &Style::line(size::SMALL - 1.0, *tone)));
}

/// How a screen is doing, in words.
fn health(pen: &Pen<'_>, screen: &ScreenSpec) -> (String, Color32) {
    let Some(status) = pen.moment.status(&screen.name).filter(|status| status.present) else {
        return (pen.say(Label::Missing).to_owned(), color::WARN);
    };
    if let Some(trouble) = &status.trouble {
        return (trouble.to_string(), color::WARN);
    }
    let words = pen.words;
    let frames = words.decimal(f64::from(status.frames_per_sec), 0);
    let mut parts = vec![format!("{frames}\u{a0}{}", pen.say(Label::Frames))];
    if status.n_late > 0 {
        parts.push(format!("{}\u{a0}{}", words.count(status.n_late), pen.say(Label::Late)));
    }
    if let Some(looked) = status.looked {
        parts.push(words.span(pen.moment.now.since(looked)));
    }
    (parts.join(" · "), color::QUIET)
}

/// The cells of a screen's layout, each with its widget's name.
fn cells_ui(pen: &mut Pen<'_>, glass: Rect, spec: &ScreenSpec) {
    for cell in &spec.cells {
        let part = spec.fraction(cell);
        let corner = glass.min + vec2(part.left, part.top) * glass.size();
        let extent = vec2(part.width, part.height) * glass.size();
        let rect = Rect::from_min_size(corner, extent).shrink(1.5);
        pen.fill(rect, 2.0, color::PANEL);
        pen.outline(rect, 2.0, (1.0, color::LINE));
        let style = Style::line(size::SMALL - 1.0, color::QUIET).aligned(Align::Left);
        if rect.height() >= 14.0 && rect.width() >= 24.0 {
            let block = pen.lay(&cell.widget, &style, rect.width() - 6.0);
            let center = rect.center();
            pen.paint(pos2(center.x - block.size.x / 2.0, center.y - block.middle), &block);
        }
    }
}

fn missing_ui(pen: &mut Pen<'_>, glass: Rect) {
    pen.within(glass, |pen| {
        let step = 14.0;
        let n_lines = ((glass.width() + glass.height()) / step) as usize;
        for line in 0..n_lines {
            let x = glass.min.x + line as f32 * step;
            let ends = [pos2(x, glass.min.y), pos2(x - glass.height(), glass.max.y)];
            pen.ui.painter().line_segment(ends, Stroke::new(1.0, color::LINE));
        }
        let center = glass.center();
        let text = pen.say(Label::Missing);
        let style = Style::line(size::BODY, color::WARN).bold();
        let block = pen.lay(text, &style, glass.width());
        let plate = Rect::from_center_size(center, vec2(block.size.x + 56.0, 32.0));
        pen.fill(plate, 4.0, color::GROUND);
        pen.ui.painter().rect_stroke(plate, 4.0, Stroke::new(1.0, color::WARN), StrokeKind::Inside);
        pen.alarm(pos2(plate.min.x + 20.0, center.y), 17.0, color::WARN);
        pen.paint(pos2(plate.min.x + 38.0, center.y - block.middle), &block);
    });
}

fn scenes_ui(pen: &mut Pen<'_>, scroll: &mut Scroll, area: Rect) {
    let moment = pen.moment;
    let room = moment.room;
    let show = moment.snapshot.show.shared();
    let inner = pen.panel(area, pen.say(Label::Scenes), pen.say(Label::NoPreview));
    let steps = Rect::from_min_max(pos2(inner.min.x, inner.max.y - size::CONTROL), inner.max);
    let list = Rect::from_min_max(inner.min, pos2(inner.max.x, steps.min.y - size::GAP));
    if room.scenes.is_empty() {
        let next = pen.say(Label::NoScenesNext);
        return pen.empty(list, pen.say(Label::NoScenes), next);
    }
    let row = 42.0;
    let (list, offset) = pen.scroll(list, scroll, room.scenes.len() as f32 * row);
    pen.within(list, |pen| {
        for (idx, scene) in room.scenes.iter().enumerate() {
            let top = list.min.y + idx as f32 * row - offset;
            let rect = Rect::from_min_size(pos2(list.min.x, top), vec2(list.width(), row - 6.0));
            if rect.max.y < list.min.y || rect.min.y > list.max.y {
                continue;
            }
            let is_on = show.scene.as_ref() == Some(&scene.name) && !show.panic;
            let is_next = show.preview.as_ref() == Some(&scene.name);
            let kind = if is_on { Kind::Air } else { Kind::on(is_next) };
            let title = air::title(pen, &scene.name).to_owned();
            let response = pen.control(rect, &title, kind);
            if response.clicked() {
                pen.act(Act::Preview(scene.name.clone()));
            }
            let key = if idx < 9 { (idx + 1).to_string() } else { String::new() };
            let inner = rect.shrink2(vec2(10.0, 0.0));
            let number = Rect::from_min_size(inner.min, vec2(22.0, inner.height()));
            pen.key(number, &key);
            let state = match (is_on, is_next) {
                (true, _) => pen.say(Label::OnAir),
                (_, true) => pen.say(Label::Preview),
                _ => scene.level.map_or("", |level| pen.say(label::level(level))),
            };
            let style =
                Style::line(size::SMALL, if is_on { color::TEXT } else { color::QUIET }).bold();
            let state = pen.middle(inner, Align2::RIGHT_CENTER, (state, &style));
            let room = Rect::from_min_max(
                pos2(number.max.x + 10.0, inner.min.y),
                pos2(state.min.x - 8.0, inner.max.y),
            );
            let style = Style::line(size::BODY, color::TEXT);
            pen.middle(room, Align2::LEFT_CENTER, (&title, &style));
        }
    });
    let half = (steps.width() - size::GAP * 2.0) / 3.0;
    let step = |idx: f32| {
        Rect::from_min_size(
            pos2(steps.min.x + idx * (half + size::GAP), steps.min.y),
            vec2(half, steps.height()),
        )
    };
    let buttons = [
        (Label::PreviousScene, "←", Act::Step(-1)),
        (Label::NextScene, "→", Act::Step(1)),
        (Label::TakeOff, "⌫", Act::Back),
    ];
    for (idx, (label, key, act)) in (0_u8..).zip(buttons) {
        let button = Button { label: pen.say(label), key, kind: Kind::Plain };
        if pen.button(step(idx.into()), button) {
            pen.act(act);
        }
    }
}

/// Countdown, level and switches.
fn controls_ui(pen: &mut Pen<'_>, area: Rect) {
    let inner = pen.panel(area, pen.say(Label::Switches), "");
    let show = pen.moment.snapshot.show.shared();
    let paused = pen.moment.snapshot.queries.values().any(|query| query.feed.paused);
    let identify = pen.moment.snapshot.identify;
    let space = if pen.words.locale == Locale::Fr { "Espace" } else { "Space" };
    let panic = if show.panic { Label::Restore } else { Label::Panic };
    let rows: [Vec<(String, &str, Kind, Act)>; 4] = [
        countdown_row(pen),
        countdown_steps(pen),
        Level::ALL
            .into_iter()
            .map(|(_, level)| {
                let is_on = show.level == level;
                let kind = match level {
                    Level::Green => Kind::on(is_on),
                    _ if is_on => Kind::Warn,
                    _ => Kind::Plain,
                };
                let label = format!(
                    "{} {}",
                    pen.say(Label::Level),
                    pen.say(label::level(level)).to_lowercase()
                );
                (label, "", kind, Act::Level(level))
            })
            .collect(),
        vec![
            (
                pen.say(panic).to_owned(),
                "Esc",
                if show.panic { Kind::Warn } else { Kind::Bad },
                Act::Panic,
            ),
            (pen.say(Label::Visitor).to_owned(), "M", Kind::on(show.masked), Act::Mask),
            (pen.say(Label::Pause).to_owned(), space, Kind::on(paused), Act::Pause),
            (pen.say(Label::Identify).to_owned(), "I", Kind::on(identify), Act::Identify),
        ],
    ];
    let height = (inner.height() - size::GAP * 3.0) / 4.0;
    for (row, buttons) in (0_u8..).zip(rows) {
        let top = inner.min.y + f32::from(row) * (height + size::GAP);
        let n_buttons = buttons.len().max(1) as f32;
        let width = (inner.width() - size::GAP * (n_buttons - 1.0)) / n_buttons;
        for (column, (label, key, kind, act)) in (0_u8..).zip(buttons) {
            let x = inner.min.x + f32::from(column) * (width + size::GAP);
            let rect = Rect::from_min_size(pos2(x, top), vec2(width, height));
            if pen.button(rect, Button { label: &label, key, kind }) {
                pen.act(act);
            }
        }
    }
}

fn countdown_row(pen: &Pen<'_>) -> Vec<(String, &'static str, Kind, Act)> {
    let start = |mins: u32| {
        let act = Act::Countdown(CountdownStep::Start(mins * 60));
        (format!("▸ {mins}\u{a0}min"), "", Kind::Plain, act)
    };
    let state = match air::countdown(pen) {
        Some((figure, _, tone)) => {
            let kind = if tone == color::WARN { Kind::Warn } else { Kind::On };
            (figure, "", kind, Act::HoldCountdown)
        }
        None => (pen.say(Label::CountdownNone).to_owned(), "", Kind::Off, Act::HoldCountdown),
    };
    vec![state, start(5), start(15)]
}

fn countdown_steps(pen: &Pen<'_>) -> Vec<(String, &'static str, Kind, Act)> {
    let countdown = pen.moment.snapshot.show.countdown;
    let held = matches!(countdown, Some(vigie_model::Countdown::Held(_)));
    let kind = if countdown.is_some() { Kind::Plain } else { Kind::Off };
    let hold = pen.say(if held { Label::Resume } else { Label::Hold });
    vec![
        ("−1\u{a0}min".to_owned(), "", kind, Act::Countdown(CountdownStep::Add(-60))),
        ("+1\u{a0}min".to_owned(), "", kind, Act::Countdown(CountdownStep::Add(60))),
        (hold.to_owned(), "", kind, Act::HoldCountdown),
        (pen.say(Label::Clear).to_owned(), "", kind, Act::Countdown(CountdownStep::Clear)),
    ]
}
