//! The tasks of operator and presenter, as far as the console alone can do them.

use egui::{Event, Key, Modifiers, vec2};
use egui_kittest::{Harness, kittest, kittest::Queryable as _};
use vigie_layout::Locale;
use vigie_model::{AlertId, Command, Part, Queue, Queues, Show, Snapshot, Verdict};

use crate::{
    View,
    testing::{Bench, busy, key, queued, screens},
};

type Room = Harness<'static, Bench>;

const NONE: Modifiers = Modifiers::NONE;

fn open(snapshot: Snapshot, view: View) -> Room {
    let mut bench = Bench::new(snapshot, Locale::En);
    bench.console.show(view);
    let mut room = Harness::builder()
        .with_size(vec2(1366.0, 768.0))
        .build_ui_state(|ui, bench: &mut Bench| bench.ui(ui), bench);
    room.step();
    room
}

fn press(room: &mut Room, code: Key, modifiers: Modifiers) {
    for event in key(code, modifiers) {
        room.event(event);
    }
    room.step();
}

fn write(room: &mut Room, text: &str) {
    room.event(Event::Text(text.to_owned()));
    room.step();
}

fn last(room: &Room) -> Option<&Command> {
    room.state().commands.last()
}

#[test]
fn o4_sixty_posts_are_decided_by_one_key_each() {
    let mut room = open(busy(), View::Moderation);
    let first: Vec<_> =
        busy().moderation.waiting.items.iter().map(|queued| queued.item.post.id.clone()).collect();
    for idx in 0..60 {
        let code = [Key::A, Key::X, Key::S][idx % 3];
        // Posts that another has taken want Shift.
        press(&mut room, code, Modifiers::SHIFT);
    }
    let decided: Vec<_> = room
        .state()
        .commands
        .iter()
        .filter_map(|command| match command {
            Command::Approve(id) | Command::Reject(id) | Command::Stash(id) => Some(id.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(decided, first[..60], "each once, in their order");
    press(&mut room, Key::Z, Modifiers::COMMAND);
    room.step();
    assert_eq!(last(&room), Some(&Command::Undo));
    // The post is back in its place, and the next key is about it.
    press(&mut room, Key::A, Modifiers::SHIFT);
    assert_eq!(last(&room), Some(&Command::Approve(first[59].clone())));
}

#[test]
fn keys_that_come_faster_than_snapshots_decide_each_post_once() {
    let mut room = open(busy(), View::Moderation);
    for _ in 0..10 {
        for event in key(Key::X, Modifiers::SHIFT) {
            room.event(event);
        }
    }
    room.step();
    let mut rejected: Vec<_> = room.state().commands.clone();
    assert_eq!(rejected.len(), 10);
    rejected.sort_by_key(|command| format!("{command:?}"));
    rejected.dedup();
    assert_eq!(rejected.len(), 10);
}

#[test]
fn a_post_taken_by_another_wants_shift() {
    let mut room = open(busy(), View::Moderation);
    for _ in 0..3 {
        press(&mut room, Key::ArrowDown, NONE);
    }
    press(&mut room, Key::X, NONE);
    assert_eq!(last(&room), None);
    press(&mut room, Key::X, Modifiers::SHIFT);
    assert!(matches!(last(&room), Some(Command::Reject(_))));
}

#[test]
fn o5_a_post_is_flagged_with_reason_and_role() {
    let mut room = open(busy(), View::Moderation);
    press(&mut room, Key::F, NONE);
    write(&mut room, "client stuck in the train");
    press(&mut room, Key::ArrowDown, NONE);
    press(&mut room, Key::Enter, NONE);
    let Some(Command::Flag { reason, owner, .. }) = last(&room) else { panic!("no flag") };
    assert_eq!((reason.as_str(), owner.as_str()), ("client stuck in the train", "Crisis team"));
    // The dialog is gone, and letters are keys again.
    press(&mut room, Key::A, NONE);
    assert!(matches!(last(&room), Some(Command::Approve(_))));
}

#[test]
fn an_author_is_blocked_after_a_question() {
    let mut room = open(busy(), View::Moderation);
    press(&mut room, Key::B, NONE);
    assert_eq!(last(&room), None);
    press(&mut room, Key::Escape, NONE);
    press(&mut room, Key::Enter, NONE);
    assert!(!matches!(last(&room), Some(Command::Block { .. })));
    press(&mut room, Key::B, NONE);
    press(&mut room, Key::Enter, NONE);
    assert!(matches!(last(&room), Some(Command::Block { blocked: true, .. })));
}

#[test]
fn o6_an_alert_is_acknowledged() {
    let mut room = open(busy(), View::Room);
    press(&mut room, Key::K, NONE);
    assert_eq!(last(&room), Some(&Command::Acknowledge(AlertId(1))));
    press(&mut room, Key::E, NONE);
    assert_eq!(room.state().console.view(), View::Alerts);
    for _ in 0..3 {
        press(&mut room, Key::ArrowDown, NONE);
    }
    press(&mut room, Key::K, NONE);
    assert_eq!(last(&room), Some(&Command::Acknowledge(AlertId(4))));
}

#[test]
fn o7_the_level_is_raised_after_a_question() {
    let mut room = open(busy(), View::Room);
    press(&mut room, Key::Num2, Modifiers::COMMAND | Modifiers::SHIFT);
    assert_eq!(last(&room), None);
    press(&mut room, Key::Enter, NONE);
    assert_eq!(last(&room), Some(&Command::Level(vigie_model::Level::Orange)));
}

#[test]
fn o8_a_lost_screen_is_told_in_words() {
    let mut room = open(busy(), View::Room);
    room.state_mut().screens = screens(Some(3));
    room.step();
    assert!(room.query_by_label_contains("MISSING").is_some());
    assert!(room.query_by_label_contains("Screen missing").is_some());
}

#[test]
fn p2_a_scene_is_looked_at_and_taken() {
    let mut room = open(Snapshot::default(), View::Room);
    press(&mut room, Key::Num3, NONE);
    let third = room.state().room.scenes[2].name.clone();
    assert_eq!(last(&room), Some(&Command::Preview(Some(third.clone()))));
    let show = Show { preview: Some(third.clone()), ..Show::default() };
    room.state_mut().snapshot.show = Part::new(1, show);
    press(&mut room, Key::Enter, NONE);
    assert_eq!(last(&room), Some(&Command::Take(third)));
    press(&mut room, Key::Backspace, NONE);
    assert_eq!(last(&room), Some(&Command::Out));
    let n_commands = room.state().commands.len();
    press(&mut room, Key::Num9, NONE);
    assert_eq!(room.state().commands.len(), n_commands, "the room has no ninth scene");
}

#[test]
fn p3_a_question_is_found_and_shown_on_the_fourth_screen() {
    let mut room = open(busy(), View::Room);
    press(&mut room, Key::Slash, NONE);
    write(&mut room, "EQUIPES");
    write(&mut room, " moreau");
    press(&mut room, Key::Enter, NONE);
    press(&mut room, Key::P, NONE);
    let Some(Command::Pin { post, pinned: true }) = last(&room).cloned() else { panic!("no pin") };
    press(&mut room, Key::F4, NONE);
    press(&mut room, Key::ArrowDown, NONE);
    press(&mut room, Key::ArrowUp, NONE);
    press(&mut room, Key::Enter, NONE);
    let screen = room.state().room.screens[3].name.clone();
    // The newest hit waits in the queue: it has to be approved first, and it says so.
    assert!(matches!(last(&room), Some(Command::Pin { .. })));
    let approved = Queue { items: vec![queued(0, Some(Verdict::Approved))], n_total: 1 };
    let queues = Queues { approved, ..Queues::default() };
    room.state_mut().snapshot.moderation = Part::new(9, queues);
    room.step();
    press(&mut room, Key::Enter, NONE);
    let lit = Command::Spotlight { screen: screen.clone(), post: Some(post) };
    assert_eq!(last(&room), Some(&lit));
    press(&mut room, Key::Backspace, NONE);
    assert_eq!(last(&room), Some(&Command::Spotlight { screen, post: None }));
}

#[test]
fn p4_a_winner_is_voted_and_crowned() {
    let mut room = open(busy(), View::Room);
    press(&mut room, Key::W, NONE);
    assert_eq!(room.state().console.view(), View::Winner);
    press(&mut room, Key::Num9, NONE);
    assert_eq!(last(&room), None, "five entries, no ninth");
    press(&mut room, Key::Num2, NONE);
    press(&mut room, Key::Num4, NONE);
    press(&mut room, Key::Enter, NONE);
    let commands = &room.state().commands;
    assert!(matches!(&commands[0], Command::Shortlist(nominees) if nominees.len() == 5));
    assert_eq!(commands[1..], [Command::Vote(2), Command::Vote(4), Command::Crown]);
}

#[test]
fn p7_and_p9_the_wall_is_masked_even_while_a_dialog_is_open() {
    let mut room = open(busy(), View::Room);
    press(&mut room, Key::Questionmark, Modifiers::SHIFT);
    press(&mut room, Key::A, NONE);
    assert_eq!(last(&room), None, "the sheet covers the keys of the view");
    press(&mut room, Key::M, NONE);
    assert_eq!(last(&room), Some(&Command::Mask(true)));
}

#[test]
fn the_palette_does_what_it_finds() {
    let mut room = open(busy(), View::Room);
    press(&mut room, Key::K, Modifiers::COMMAND);
    write(&mut room, "mode visite");
    press(&mut room, Key::Enter, NONE);
    assert_eq!(last(&room), Some(&Command::Mask(true)));
    press(&mut room, Key::K, Modifiers::COMMAND);
    write(&mut room, "speak fr");
    press(&mut room, Key::Enter, NONE);
    assert_eq!(room.state().console.locale(), Locale::Fr);
    room.step();
    assert!(room.query_by_label("Plan de la salle 10 · tous les écrans répondent").is_some());
    press(&mut room, Key::W, Modifiers::COMMAND);
    assert!(room.state().closed);
}

#[test]
fn ten_thousand_posts_cost_as_much_as_a_hundred() {
    let rows = |n_posts: usize| {
        let mut snapshot = busy();
        let items: Vec<_> = (0..n_posts).map(|idx| queued(idx, None)).collect();
        let waiting = Queue { n_total: n_posts as u64, items };
        snapshot.moderation = Part::new(9, Queues { waiting, ..Queues::default() });
        let mut room = open(snapshot, View::Moderation);
        press(&mut room, Key::End, NONE);
        let at_end = room.state().console.n_rows();
        press(&mut room, Key::Home, NONE);
        (room.state().console.n_rows(), at_end)
    };
    let few = rows(100);
    assert!(few.0 < 20, "{few:?}");
    assert_eq!(few, rows(10_000));
}

#[test]
fn everything_can_be_reached_with_tab() {
    for view in View::ALL {
        let mut room = open(busy(), view);
        let mut reached = std::collections::BTreeSet::new();
        for _ in 0..120 {
            press(&mut room, Key::Tab, NONE);
            let focused = room.ctx.memory(|memory| memory.focused());
            reached.extend(focused.map(|id| format!("{id:?}")));
        }
        let buttons = |is_named: bool| {
            let is_it = move |node: &kittest::AccessKitNode<'_>| {
                let named = node.label().is_some_and(|name| !name.trim().is_empty());
                node.role() == egui::accesskit::Role::Button && named == is_named
            };
            kittest::By::new().predicate(is_it)
        };
        let n_buttons = room.query_all(buttons(true)).count();
        assert!(reached.len() >= n_buttons, "{view:?}: {} of {n_buttons}", reached.len());
        assert_eq!(room.query_all(buttons(false)).count(), 0, "{view:?}");
    }
}

#[test]
fn a_focused_button_is_pressed_by_enter_and_takes_nothing() {
    let mut room = open(busy(), View::Log);
    press(&mut room, Key::Tab, NONE);
    press(&mut room, Key::Tab, NONE);
    press(&mut room, Key::Enter, NONE);
    assert_eq!(last(&room), None, "the preview is not taken");
    assert_eq!(room.state().console.view(), View::Moderation);
}

mod mashed {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{covered, voting};

    const KEYS: [Key; 44] = [
        Key::A,
        Key::B,
        Key::C,
        Key::E,
        Key::F,
        Key::I,
        Key::K,
        Key::M,
        Key::P,
        Key::S,
        Key::U,
        Key::W,
        Key::X,
        Key::Y,
        Key::Z,
        Key::Num0,
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num5,
        Key::Num9,
        Key::F1,
        Key::F4,
        Key::F10,
        Key::Enter,
        Key::Escape,
        Key::Backspace,
        Key::Space,
        Key::Tab,
        Key::ArrowDown,
        Key::ArrowUp,
        Key::ArrowLeft,
        Key::ArrowRight,
        Key::PageDown,
        Key::PageUp,
        Key::Home,
        Key::End,
        Key::Slash,
        Key::Questionmark,
        Key::Minus,
        Key::Plus,
        Key::Equals,
        Key::Delete,
        Key::F11,
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

        /// Any key at any time, in any state, with the room changing below: no panic, and the console answers.
        #[test]
        fn any_key_at_any_time(
            keys in prop::collection::vec((0..KEYS.len(), 0..4_u8, any::<bool>(), 0..12_u8), 1..60),
        ) {
            let mut room = open(busy(), View::Room);
            for (idx, modifiers, repeat, world) in keys {
                let modifiers = match modifiers {
                    1 => Modifiers::SHIFT,
                    2 => Modifiers::COMMAND,
                    3 => Modifiers::COMMAND | Modifiers::SHIFT,
                    _ => NONE,
                };
                match world {
                    0 => room.state_mut().snapshot = Snapshot::default(),
                    1 => room.state_mut().snapshot = busy(),
                    2 => room.state_mut().snapshot = voting(),
                    3 => room.state_mut().snapshot = covered(),
                    4 => room.state_mut().screens.clear(),
                    5 => room.state_mut().now = room.state().now.plus(5_000_000),
                    _ => {}
                }
                let code = KEYS[idx];
                let name = code.symbol_or_name();
                if modifiers == NONE && name.chars().count() == 1 {
                    room.event(Event::Text(name.to_owned()));
                }
                for pressed in [true, false] {
                    room.event(Event::Key { key: code, physical_key: Some(code), pressed, repeat, modifiers });
                }
                room.step();
            }
            // Escape closes whatever is open; then Control and a digit open a view.
            for _ in 0..3 {
                press(&mut room, Key::Escape, NONE);
            }
            press(&mut room, Key::Num2, Modifiers::COMMAND);
            prop_assert_eq!(room.state().console.view(), View::Moderation);
        }
    }
}
