//! Presenters at work.

use vigie_model::{Countdown, CountdownStep, Level, Nominee, Refusal, ScreenName, Show};

use super::*;

fn room() -> Room {
    let mut room = Room::with(RoomState::new(&operations::staged(setup(vec![NeedKind::Feed]))));
    room.wait(1);
    room
}

impl Room {
    fn show(&mut self) -> Show {
        (**self.snapshot().show.shared()).clone()
    }

    #[track_caller]
    fn check_refused(&mut self, command: Command, expected: Option<Refusal>) {
        self.command(command);
        assert_eq!(self.snapshot().log[0].refused, expected);
    }

    #[track_caller]
    fn check_scene(&mut self, expected: Option<&str>) {
        assert_eq!(
            self.show().scene.as_ref().map(|scene| scene.as_str().to_owned()).as_deref(),
            expected
        );
    }
}

#[test]
fn takes() {
    let mut room = room();
    room.command(Command::Preview(Some("intro".into())));
    assert_eq!(room.show().preview, Some("intro".into()));
    room.check_scene(None);
    room.check_refused(Command::Take("intro".into()), None);
    room.check_scene(Some("intro"));
    let show = room.show();
    assert!(show.due > room.at && show.due.since(room.at) <= 100_000 && show.preview.is_none());
    room.check_refused(Command::Take("end".into()), Some(Refusal::TooSoon));
    room.check_scene(Some("intro"));
    room.at = room.at.plus(400_000);
    room.check_refused(Command::Take("end".into()), None);
    room.check_refused(Command::Take("unknown".into()), Some(Refusal::Unknown));
    room.check_refused(Command::Out, None);
    room.check_scene(None);
}

#[test]
fn rundown() {
    let mut room = room();
    let mut check = |n_steps: i8, expected: &str| {
        room.command(Command::Step(n_steps));
        assert_eq!(room.show().preview, Some(expected.into()));
    };
    check(1, "intro");
    check(1, "end");
    check(1, "end");
    check(-1, "intro");
    check(-1, "intro");
}

#[test]
fn panic_covers_and_uncovers() {
    let mut room = room();
    room.command(Command::Take("intro".into()));
    room.command(Command::Panic(true));
    room.wait(1);
    room.check_refused(Command::Take("end".into()), Some(Refusal::Panic));
    let show = room.show();
    assert!(show.panic && show.scene == Some("intro".into()));
    room.command(Command::Panic(false));
    assert!(!room.show().panic);
    room.check_scene(Some("intro"));
}

#[test]
fn a_level_recalls_its_scene_and_lets_it_go() {
    let mut room = room();
    room.command(Command::Level(Level::Red));
    room.check_scene(Some("crisis"));
    room.command(Command::Level(Level::Orange));
    room.check_scene(None);
    room.command(Command::Take("intro".into()));
    room.command(Command::Level(Level::Green));
    room.check_scene(Some("intro"));
}

#[test]
fn a_spotlight_lives_as_long_as_its_post_may_be_seen() {
    let mut room = room();
    room.say("1", "x");
    let shine =
        |post: Option<&str>| Command::Spotlight { screen: "left".into(), post: post.map(id) };
    room.check_refused(shine(Some("1")), None);
    assert_eq!(room.show().spotlights[&ScreenName::from("left")].post.id, id("1"));
    room.say("1", "edited");
    assert_eq!(&*room.show().spotlights[&ScreenName::from("left")].post.text, "edited");
    room.command(Command::Mask(true));
    assert_eq!(room.show().spotlights[&ScreenName::from("left")].post.author.name, "•••");
    room.command(Command::Mask(false));
    room.command(Command::Reject(id("1")));
    assert!(room.show().spotlights.is_empty());
    room.command(Command::Undo);
    assert_eq!(room.show().spotlights.len(), 1);
    room.delete("1");
    assert!(room.show().spotlights.is_empty());
    room.say("2", "x");
    room.command(shine(Some("2")));
    room.command(Command::Take("intro".into()));
    assert!(room.show().spotlights.is_empty(), "nothing is left over");
    let nowhere = Command::Spotlight { screen: "nowhere".into(), post: None };
    room.check_refused(nowhere, Some(Refusal::Unknown));
}

#[test]
fn countdowns() {
    let mut room = room();
    room.command(Command::Countdown(CountdownStep::Add(60)));
    assert_eq!(room.show().countdown, None);
    room.command(Command::Countdown(CountdownStep::Start(90)));
    room.wait(30);
    room.command(Command::Countdown(CountdownStep::Add(60)));
    assert_eq!(room.show().countdown, Some(Countdown::Until(room.at.plus(120_000_000))));
    room.command(Command::Countdown(CountdownStep::Hold(true)));
    room.wait(500);
    assert_eq!(room.show().countdown, Some(Countdown::Held(120_000_000)));
    room.command(Command::Countdown(CountdownStep::Hold(false)));
    room.wait(130);
    assert_eq!(room.show().countdown.unwrap().left(room.at), -10_000_000);
    room.command(Command::Countdown(CountdownStep::Clear));
    assert_eq!(room.show().countdown, None);
}

#[test]
fn the_winner_of_the_hour() {
    let mut room = room();
    let natives = ["1", "2", "3"];
    let nominees: Vec<_> = natives
        .iter()
        .map(|native| Nominee { post: id(native), author: author(native).id.clone() })
        .collect();
    for native in natives {
        room.read(post(native, native, "x", room.at), Reading::default());
    }
    room.check_refused(Command::Crown, Some(Refusal::NoVote));
    room.command(Command::Shortlist(nominees));
    for (by, number) in [("a", 1), ("b", 2), ("c", 2), ("a", 3), ("d", 3), ("e", 3)] {
        room.command_by(by, Command::Vote(number));
    }
    room.check_refused(Command::Vote(4), Some(Refusal::NoVote));
    room.check_refused(Command::Vote(0), Some(Refusal::NoVote));
    assert_eq!(room.show().vote.unwrap().n_votes, 5);
    room.command(Command::Block { author: author("3").id.clone(), blocked: true });
    assert_eq!(room.show().vote.unwrap().entries.len(), 2);
    room.check_refused(Command::Crown, None);
    let show = room.show();
    assert!(show.vote.is_none());
    assert_eq!(
        (&show.winners[0].id, show.winners[0].voters.as_slice()),
        (&id("2"), &["b".into(), "c".into()][..])
    );
    assert!(show.winners[0].item.is_some());
    room.delete("2");
    assert!(room.show().winners[0].item.is_none());
}
