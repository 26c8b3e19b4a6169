//! Copies of one text: folded into one, with their number, and unfolded again.

use vigie_model::{Flag, NeedKind};

use super::*;
use crate::{MAX_COPIES, MIN_COPIES};

fn room() -> Room {
    Room::new(vec![NeedKind::Feed])
}

impl Room {
    /// A copy of the text `likeness`.
    fn copy(&mut self, native: &str, likeness: u64) {
        self.wait(1);
        let reading = Reading { likeness, ..Reading::default() };
        self.read(post(native, native, "the same text again", self.at), reading);
    }

    #[track_caller]
    fn check_copies(&mut self, expected: &[(&str, u32)]) {
        let feed = self.feed();
        let items = feed.items.iter();
        let found: Vec<_> =
            items.map(|item| (item.post.id.native.as_str(), item.n_copies)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn the_first_of_many_copies_stands_for_all() {
    let mut room = room();
    room.copy("a1", 7);
    room.copy("a2", 7);
    room.say("b", "x");
    room.check_copies(&[("b", 1), ("a2", 1), ("a1", 1)]);
    assert_eq!(MIN_COPIES, 3);
    room.copy("a3", 7);
    room.check_copies(&[("b", 1), ("a1", 3)]);
    let feed = room.feed();
    assert!(feed.items[1].reading.flags.contains(Flag::Flood) && feed.n_total == 4);
    room.delete("a1");
    room.check_copies(&[("a3", 1), ("b", 1), ("a2", 1)]);
}

#[test]
fn a_flood_pushes_nothing_off_the_wall() {
    let mut room = room();
    for native in ["x", "y"] {
        room.say(native, native);
    }
    for copy in 0..1_000 {
        room.copy(&format!("a{copy}"), 7);
    }
    room.say("z", "z");
    room.check_copies(&[("z", 1), ("a0", 1_000), ("y", 1), ("x", 1)]);
    for copy in [0, 1, 500, 999] {
        room.delete(&format!("a{copy}"));
    }
    room.check_copies(&[("z", 1), ("a2", 996), ("y", 1), ("x", 1)]);
    for copy in 2..MAX_COPIES {
        room.delete(&format!("a{copy}"));
    }
    room.check_copies(&[("z", 1), ("y", 1), ("x", 1)]);
}

#[test]
fn texts_without_likeness_are_never_folded() {
    let mut room = room();
    for native in ["1", "2", "3", "4"] {
        room.copy(native, 0);
    }
    room.check_copies(&[("4", 1), ("3", 1), ("2", 1), ("1", 1)]);
}

#[test]
fn an_edit_leaves_the_copies() {
    let mut room = room();
    for native in ["1", "2", "3"] {
        room.copy(native, 7);
    }
    room.check_copies(&[("1", 3)]);
    room.wait(1);
    room.read(post("1", "1", "now another text", room.at), Reading::default());
    room.check_copies(&[("3", 1), ("2", 1), ("1", 1)]);
}

#[test]
fn a_feed_that_is_held_still_counts_no_more_copies() {
    let mut room = room();
    for native in ["1", "2", "3"] {
        room.copy(native, 7);
    }
    room.pause(true);
    room.copy("4", 7);
    room.check_copies(&[("1", 3)]);
    room.pause(false);
    room.check_copies(&[("1", 4)]);
}
