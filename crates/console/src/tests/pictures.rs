//! Every view as people see it; `VIGIE_PICTURES=FOLDER cargo test` keeps the pictures.

use egui::{Event, Key, Modifiers, vec2};
use vigie_layout::Locale;
use vigie_model::Snapshot;
use vigie_widgets::testing::Canvas;

use crate::{
    View,
    testing::{Bench, busy, covered, key, screens, voting},
};

struct Picture {
    name: &'static str,
    view: View,
    snapshot: Snapshot,
    /// What is done before it is drawn.
    events: Vec<Vec<Event>>,
}

fn picture(name: &'static str, view: View, snapshot: Snapshot) -> Picture {
    Picture { name, view, snapshot, events: Vec::new() }
}

fn pressed(code: Key, modifiers: Modifiers) -> Vec<Event> {
    key(code, modifiers).to_vec()
}

fn pictures() -> Vec<Picture> {
    let none = Modifiers::NONE;
    let after = |picture: Picture, events: Vec<Vec<Event>>| Picture { events, ..picture };
    vec![
        after(picture("room", View::Room, busy()), vec![pressed(Key::F4, none)]),
        picture("room-covered", View::Room, covered()),
        picture("room-empty", View::Room, Snapshot::default()),
        after(
            picture("moderation", View::Moderation, busy()),
            vec![
                pressed(Key::ArrowDown, none),
                pressed(Key::ArrowDown, none),
                pressed(Key::A, none),
            ],
        ),
        picture("moderation-empty", View::Moderation, Snapshot::default()),
        after(
            picture("search", View::Search, busy()),
            vec![
                pressed(Key::Slash, none),
                vec![Event::Text("retard".to_owned())],
                pressed(Key::Enter, none),
                pressed(Key::F2, none),
            ],
        ),
        picture("alerts", View::Alerts, busy()),
        picture("alerts-empty", View::Alerts, Snapshot::default()),
        picture("sources", View::Sources, busy()),
        after(picture("winner", View::Winner, voting()), vec![pressed(Key::Num3, none)]),
        picture("winner-empty", View::Winner, Snapshot::default()),
        picture("log", View::Log, busy()),
        after(
            picture("flag", View::Moderation, busy()),
            vec![pressed(Key::F, none), vec![Event::Text("client bloqué".to_owned())]],
        ),
        after(picture("block", View::Moderation, busy()), vec![pressed(Key::B, none)]),
        after(
            picture("level", View::Room, busy()),
            vec![pressed(Key::Num3, Modifiers::COMMAND | Modifiers::SHIFT)],
        ),
        after(
            picture("keys", View::Room, busy()),
            vec![pressed(Key::Questionmark, Modifiers::SHIFT)],
        ),
        after(
            picture("palette", View::Room, busy()),
            vec![pressed(Key::K, Modifiers::COMMAND), vec![Event::Text("niv".to_owned())]],
        ),
    ]
}

/// Draws a view, in memory at least: it must paint something, and keep within the window.
fn draw(picture: Picture, locale: Locale, (width, height): (f32, f32)) {
    let wanted = std::env::var_os("VIGIE_PICTURES").is_some();
    let code = if locale == Locale::Fr { "fr" } else { "en" };
    let name = format!("{}-{code}-{width}", picture.name);
    if let Some(only) = std::env::var_os("VIGIE_PICTURE_ONLY")
        && !name.contains(&*only.to_string_lossy())
    {
        return;
    }
    let mut bench = Bench::new(picture.snapshot, locale);
    bench.console.show(picture.view);
    let mut canvas = Canvas::new(vec2(width, height));
    canvas.draw(|ui| bench.ui(ui));
    bench.screens = screens(Some(7));
    canvas.draw(|ui| bench.ui(ui));
    for events in picture.events {
        canvas.draw_after(events, |ui| bench.ui(ui));
    }
    canvas.draw(|ui| bench.ui(ui));
    let drawn = canvas.draw(|ui| bench.ui(ui));
    assert!(drawn.n_vertices > 200, "{name}");
    if wanted {
        drawn.keep(&name);
    }
}

#[test]
fn every_view_is_drawn_in_both_languages_and_sizes() {
    for locale in [Locale::Fr, Locale::En] {
        for size in [(1920.0, 1080.0), (1366.0, 768.0)] {
            for picture in pictures() {
                draw(picture, locale, size);
            }
        }
    }
}
