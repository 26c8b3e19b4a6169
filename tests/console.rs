//! The console in the real program: an operator's and a presenter's tasks, key by key, on two keyboards.

use vigie_model::{AlertKind, Command, CountdownStep, Level};

use crate::place::{Place, Wall, has_rig, patiently};

/// Two screens, three scenes, a guarded query, and a source that is not there.
const ROOM: &str = r##"
name = "Salle"
time_zone = "Europe/Paris"

[console]
connector = "DUMMY2"

[source.day]
connector = "demo"

[source.dead]
connector = "replay"
path = "nothing.jsonl"

[query]
all = '#DemandezAuCM'

[moderation]
guarded = ["all"]

[scene.one]
rest = { widget = "text", text = "Un" }

[scene.two]
rest = { widget = "text", text = "Deux" }

[scene.storm]
level = "orange"
rest = { widget = "text", text = "Crise" }

[scene.neutral]
safe = true
rest = { widget = "text", text = "Neutre" }

[[screen]]
name = "left"
grid = "feed"
feed = { widget = "feed", query = "all" }

[[screen]]
name = "right"
grid = "trends mood"
trends = { widget = "trends", query = "all", window = "15 min" }
mood = { widget = "sentiment", query = "all", window = "15 min" }
"##;

const BY: &str = "Nadia";

/// Digits 1 to 3 as a keyboard types them without Shift: the same keys, whatever is on them.
const FR: [&str; 3] = ["ampersand", "eacute", "quotedbl"];
const US: [&str; 3] = ["1", "2", "3"];

#[test]
fn a_shift_at_the_console_goes_as_written() {
    if !has_rig() {
        return;
    }
    let place = Place::open(3, "1366x768");
    place.set_keyboard("fr");
    let arguments = ["--at", "18:10", "--as", BY, "--console"];
    let mut wall = Wall::start(&place, ROOM, &arguments);
    for screen in ["DUMMY0", "DUMMY1", "DUMMY2"] {
        wall.wait_drawn(&place, screen);
    }
    let console = patiently("the console", || place.windows("Salle").pop());
    place.focus(&console);
    on_air(&place, &mut wall, FR);
    moderation(&place, &mut wall);
    presenter(&place, &mut wall);
    trouble(&place, &mut wall);
    place.set_keyboard("us");
    on_air(&place, &mut wall, US);
    opened_and_closed(&place, &mut wall, &console);
    wall.quit(&place);
}

/// O2, O3, O7, P2, P7, P9: what is on air.
fn on_air(place: &Place, wall: &mut Wall, digits: [&str; 3]) {
    let [one, two, _] = digits;
    place.keys(&[&format!("ctrl+{one}")]);
    for shown in [true, false] {
        place.keys(&["i"]);
        let issued = wall.wait_for("identify", |it| *it == Command::Identify { shown });
        assert_eq!(issued.by, BY, "each act has its author");
    }
    for paused in [true, false] {
        place.keys(&["space"]);
        wall.wait_for("pause", |it| *it == Command::Pause { query: None, paused });
    }
    place.keys(&[two]);
    wall.wait_for("preview", |it| *it == Command::Preview(Some("two".into())));
    place.wait_changed("DUMMY0", || place.keys(&["Return", "Return"]));
    wall.wait_for("take", |it| *it == Command::Take("two".into()));
    place.keys(&[one]);
    wall.wait_for("preview", |it| *it == Command::Preview(Some("one".into())));
    place.keys(&["BackSpace"]);
    wall.wait_for("out", |it| *it == Command::Out);
    for masked in [true, false] {
        place.keys(&["m"]);
        wall.wait_for("mask", |it| *it == Command::Mask(masked));
    }
    for on in [true, false] {
        place.hold("Escape", true);
        wall.wait_for("panic", |it| *it == Command::Panic(on));
        place.hold("Escape", false);
    }
    // On both keyboards the key in the place of a 2, with Control and Shift.
    place.hold("ctrl", true);
    place.hold("shift", true);
    place.keys_as_they_are(&["11"]);
    place.hold("shift", false);
    place.hold("ctrl", false);
    place.keys(&["Return"]);
    wall.wait_for("level", |it| *it == Command::Level(Level::Orange));
}

/// O4, O5, P3: posts that wait are decided by one key each, and every decision can be taken back.
fn moderation(place: &Place, wall: &mut Wall) {
    place.keys(&["ctrl+eacute"]);
    for (key, what) in [("a", "approve"), ("x", "reject"), ("s", "stash")] {
        place.keys(&[key]);
        wall.wait_for(what, |it| match it {
            Command::Approve(_) => key == "a",
            Command::Reject(_) => key == "x",
            Command::Stash(_) => key == "s",
            _ => false,
        });
    }
    place.keys(&["ctrl+z"]);
    wall.wait_for("undo", |it| *it == Command::Undo);
    let sixty: Vec<&str> = (0..60).map(|n| if n % 3 == 0 { "x" } else { "a" }).collect();
    place.keys(&sixty);
    for _ in 0..60 {
        wall.wait_for("sixty decisions", |it| {
            matches!(it, Command::Approve(_) | Command::Reject(_))
        });
    }
    place.keys(&["f"]);
    place.write("retard");
    place.keys(&["Return"]);
    wall.wait_for("flag", |it| matches!(it, Command::Flag { reason, .. } if reason == "retard"));
}

/// P1, P3, P4, P5: a rundown, a spotlight, a winner, a clock.
fn presenter(place: &Place, wall: &mut Wall) {
    place.keys(&["ctrl+ampersand", "Right"]);
    wall.wait_for("a step", |it| *it == Command::Step(1));
    place.keys(&["slash"]);
    place.write("demandezaucm");
    // What waits is shown nowhere before it is approved.
    place.keys(&["Return", "a"]);
    wall.wait_for("approve", |it| matches!(it, Command::Approve(_)));
    place.keys(&["p"]);
    wall.wait_for("pin", |it| matches!(it, Command::Pin { pinned: true, .. }));
    place.keys(&["F2", "Return"]);
    let spotlight = |is_lit| {
        move |it: &Command| match it {
            Command::Spotlight { screen, post } => {
                *screen == "right".into() && post.is_some() == is_lit
            }
            _ => false,
        }
    };
    wall.wait_for("a spotlight", spotlight(true));
    place.wait_changed("DUMMY1", || place.keys(&["BackSpace"]));
    wall.wait_for("it is off", spotlight(false));
    place.keys(&["w", FR[0]]);
    wall.wait_for("a vote", |it| *it == Command::Vote(1));
    place.keys(&["Return"]);
    wall.wait_for("a winner", |it| *it == Command::Crown);
    place.keys(&["ctrl+k"]);
    place.write("5 min");
    place.keys(&["Return"]);
    wall.wait_for("a countdown", |it| matches!(it, Command::Countdown(CountdownStep::Start(300))));
}

/// O6, O8, O9: what fails calls by name, and is acknowledged by name.
fn trouble(place: &Place, wall: &mut Wall) {
    let lost = |kind, name: &str, over| Command::Trouble { kind, name: name.into(), over };
    wall.wait_for("a dead source", |it| *it == lost(AlertKind::Source, "dead", false));
    place.keys(&["k"]);
    wall.wait_for("acknowledge", |it| matches!(it, Command::Acknowledge(_)));
    place.ask(&["unplug", "DUMMY1"]);
    wall.wait_for("a lost screen", |it| *it == lost(AlertKind::Screen, "right", false));
    wall.wait_drawn(place, "DUMMY0");
    place.ask(&["plug", "DUMMY1"]);
    wall.wait_for("the screen is back", |it| *it == lost(AlertKind::Screen, "right", true));
}

/// The console goes and comes; the wall does not notice.
fn opened_and_closed(place: &Place, wall: &mut Wall, console: &str) {
    place.focus(console);
    place.keys(&["ctrl+w"]);
    patiently("the console to close", || place.windows("Salle").is_empty().then_some(()));
    // The wall's own windows take the same keys.
    place.focus(place.windows("^vigie ").first().expect("a wall"));
    place.keys(&["m"]);
    wall.wait_for("mask", |it| matches!(it, Command::Mask(_)));
    let mut again = place.program(env!("CARGO_BIN_EXE_vigie"));
    let room = place.folder.path().join("room.toml");
    again.arg("console").arg(room).arg("--data").arg(place.folder.path().join("data"));
    assert!(again.status().expect("it starts").success());
    patiently("the console again", || place.windows("Salle").pop());
}
