//! The rooms that come with the program: without a warning, readable from their seats, as drawn.

use std::{fs, path::Path};

use crate::{Entry, Room, Severity, Vocabulary, assign, cell_complaints, legibility};

/// The words of the program, whose options are tested where these words are made.
fn vocabulary() -> Vocabulary {
    let entry = |name| Entry {
        name,
        title: name,
        check: |_| Ok(()),
        schema: || serde_json::Value::Bool(true),
    };
    Vocabulary {
        widgets: [
            "board",
            "clock",
            "countdown",
            "feed",
            "figure",
            "incidents",
            "kpi",
            "next",
            "sentiment",
            "sources",
            "spotlight",
            "text",
            "trends",
            "voice",
            "volume",
            "winner",
        ]
        .map(entry)
        .to_vec(),
        connectors: ["demo", "bluesky"].map(entry).to_vec(),
        ..Vocabulary::default()
    }
}

fn rooms() -> Vec<(String, Room)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../layouts");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let rooms = paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == "toml"));
    rooms
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let checked = super::check_bytes(&fs::read(&path).unwrap(), &name, &vocabulary());
            assert_eq!(checked.diagnostics, [], "{name}");
            (name, checked.room.unwrap())
        })
        .collect()
}

#[test]
fn they_are_right_and_without_a_warning() {
    let names: Vec<String> = rooms().into_iter().map(|(name, _)| name).collect();
    for name in ["crisis.toml", "laptop.toml", "lobby.toml", "social-room.toml"] {
        assert!(names.iter().any(|other| other == name), "{name}");
    }
}

#[test]
fn every_screen_says_what_it_is_for_and_can_be_read() {
    for (name, room) in rooms() {
        for screen in &room.screens {
            assert!(!screen.purpose.is_empty(), "{name}: {}", screen.name);
            assert_eq!(cell_complaints(screen, screen.resolution_px), [], "{name}");
            let sizes = legibility(screen, screen.resolution_px);
            assert!(sizes.advised_font_px >= sizes.min_font_px, "{name}: {}", screen.name);
        }
    }
}

#[test]
fn the_social_room_has_ten_screens_for_ten_purposes() {
    let (_, room) = rooms().into_iter().find(|(name, _)| name == "social-room.toml").unwrap();
    assert_eq!(room.screens.len(), 10);
    let mut priorities: Vec<u8> = room.screens.iter().map(|screen| screen.priority).collect();
    priorities.sort_unstable();
    priorities.dedup();
    assert_eq!(priorities.len(), 10, "every screen has a rank of its own");
    // Nothing is known of its screens, so any machine shows it, from one screen on.
    let assignment = assign(&room.screens, &[], &crate::Assignments::default());
    assert_eq!(assignment.hidden.len(), 10);
}

#[test]
fn a_warning_is_not_an_error() {
    let text = "name='a'\n[query]\nq='*'\n[[screen]]\nname='b'\ngrid='c'\nc={widget='clock'}";
    let checked = super::check(text, "room.toml", &vocabulary());
    assert!(checked.room.is_some());
    assert!(checked.diagnostics.iter().all(|it| it.severity == Severity::Warning));
}
