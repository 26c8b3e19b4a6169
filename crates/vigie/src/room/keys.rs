//! What a key in a wall's window means.

use vigie_layout::Room;
use vigie_model::{Command, Show, Snapshot};

/// The text of the key that takes what is in preview.
pub(crate) const ENTER: &str = "\n";
/// The text of the key that takes scene and spotlights off.
pub(crate) const BACKSPACE: &str = "\u{8}";
/// The text of the key that stands for panic once it was held long enough.
pub(crate) const HELD_ESCAPE: &str = "\u{1b}";

/// The command that `key` gives in the room as it is.
pub(crate) fn command(key: &str, room: &Room, snapshot: &Snapshot) -> Option<Command> {
    let show: &Show = &snapshot.show;
    match key {
        " " => {
            let paused = snapshot.queries.values().any(|query| query.feed.paused);
            Some(Command::Pause { query: None, paused: !paused })
        }
        "i" | "I" => Some(Command::Identify { shown: !snapshot.identify }),
        "m" | "M" => Some(Command::Mask(!show.masked)),
        ENTER => show.preview.clone().map(Command::Take),
        BACKSPACE => Some(Command::Out),
        HELD_ESCAPE => Some(Command::Panic(!show.panic)),
        _ => {
            let number: usize = key.parse().ok()?;
            let scene = room.scenes.get(number.checked_sub(1)?)?;
            Some(Command::Preview(Some(scene.name.clone())))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use vigie_model::Part;

    use super::*;
    use crate::room::{files::RoomSource, vocabulary::vocabulary};

    #[track_caller]
    fn check(key: &str, show: Show, expected: Option<&Command>) {
        let mut room = RoomSource::Demonstration.load().expect("the demonstration is right");
        let text = "name = 'r'\n[scene.a]\nrest = 'own'\n[scene.b]\nrest = 'own'\n\
                    [[screen]]\nname = 's'\ngrid = 'a'\na = { widget = 'clock' }";
        room.scenes =
            vigie_layout::check(text, "room.toml", &vocabulary()).room.expect("a room").scenes;
        let snapshot = Snapshot { show: Part::new(1, show), ..Snapshot::default() };
        assert_eq!(command(key, &room, &Arc::new(snapshot)).as_ref(), expected, "{key:?}");
    }

    #[test]
    fn keys_mean_what_the_key_sheet_says() {
        let ready = || Show { preview: Some("b".into()), ..Show::default() };
        check(" ", Show::default(), Some(&Command::Pause { query: None, paused: true }));
        check("i", Show::default(), Some(&Command::Identify { shown: true }));
        check("M", Show::default(), Some(&Command::Mask(true)));
        check("2", Show::default(), Some(&Command::Preview(Some("b".into()))));
        check("3", Show::default(), None);
        check("0", Show::default(), None);
        check(ENTER, Show::default(), None);
        check(ENTER, ready(), Some(&Command::Take("b".into())));
        check(BACKSPACE, ready(), Some(&Command::Out));
        check(HELD_ESCAPE, ready(), Some(&Command::Panic(true)));
        check(HELD_ESCAPE, Show { panic: true, ..Show::default() }, Some(&Command::Panic(false)));
        check("é", Show::default(), None);
    }
}
