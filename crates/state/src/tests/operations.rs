//! Any command at any time: random ones, with what must hold after each of them.

use proptest::prelude::*;
use vigie_model::{CountdownStep, Flag, Flags, Level, Nominee, SceneName, Severity, Verdict};

use super::*;
use crate::{ModerationSetup, SceneSetup, ShowSetup};

const SCENES: [&str; 3] = ["intro", "crisis", "end"];
const SCREENS: [&str; 2] = ["left", "right"];

/// A room with a guarded query, rules, and scenes.
pub(super) fn staged(setup: Setup) -> Setup {
    let scene = |name: &str| SceneSetup {
        name: name.into(),
        level: (name == "crisis").then_some(Level::Red),
    };
    Setup {
        moderation: ModerationSetup {
            guarded: vec!["other".into()],
            flagged_wait: true,
            with_rules: true,
        },
        show: ShowSetup {
            scenes: SCENES.into_iter().map(scene).collect(),
            screens: SCREENS.into_iter().map(Into::into).collect(),
            rundown: vec!["intro".into(), "end".into()],
            speed: 1,
        },
        ..setup
    }
}

/// What people do to posts and to the show.
pub(super) fn commands() -> impl Strategy<Value = Command> {
    let posts = || (0..10_u8).prop_map(|native| id(&native.to_string()));
    let scene = || (0..4_usize).prop_map(|at| SceneName::new(SCENES.get(at).unwrap_or(&"?")));
    let author_of = |handle: u8| author(&format!("a{handle}")).id.clone();
    let nominee = (0..10_u8).prop_map(move |native| Nominee {
        post: id(&native.to_string()),
        author: author_of((native % 4).max(1)),
    });
    let moderation = prop_oneof![
        posts().prop_map(Command::Approve),
        posts().prop_map(Command::Reject),
        posts().prop_map(Command::Stash),
        (posts(), any::<bool>()).prop_map(|(post, pinned)| Command::Pin { post, pinned }),
        posts().prop_map(|post| Command::Flag { post, reason: "r".into(), owner: "o".into() }),
        posts().prop_map(Command::Resolve),
        (posts(), any::<bool>()).prop_map(|(post, taken)| Command::Claim { post, taken }),
        (1..4_u8, any::<bool>()).prop_map(move |(handle, blocked)| Command::Block {
            author: author_of(handle),
            blocked
        }),
        Just(Command::Undo),
        Just(Command::Undo),
        Just(Command::Redo),
    ];
    let step = prop_oneof![
        (0..90_u32).prop_map(CountdownStep::Start),
        (-90..90_i32).prop_map(CountdownStep::Add),
        any::<bool>().prop_map(CountdownStep::Hold),
        Just(CountdownStep::Clear),
    ];
    let spotlight = (0..3_usize, prop::option::of(posts())).prop_map(|(at, post)| {
        Command::Spotlight { screen: (*SCREENS.get(at).unwrap_or(&"?")).into(), post }
    });
    let level = prop::sample::select(vec![Level::Green, Level::Orange, Level::Red]);
    let show = prop_oneof![
        prop::option::of(scene()).prop_map(Command::Preview),
        (-2..3_i8).prop_map(Command::Step),
        scene().prop_map(Command::Take),
        Just(Command::Out),
        spotlight,
        any::<bool>().prop_map(Command::Panic),
        any::<bool>().prop_map(Command::Mask),
        level.prop_map(Command::Level),
        step.prop_map(Command::Countdown),
        prop::collection::vec(nominee, 0..4).prop_map(Command::Shortlist),
        (0..6_u8).prop_map(Command::Vote),
        Just(Command::Crown),
        any::<bool>().prop_map(|shown| Command::Identify { shown }),
    ];
    prop_oneof![moderation, show]
}

/// What is done to a room.
#[derive(Clone, Debug)]
enum Operation {
    Say { native: u8, text: u8, asked: u64, is_flagged: bool },
    Delete(u8),
    Command(u8, Command),
    Wait(i64),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        4 => (0..10_u8, 0..3_u8, 0..32_u64, any::<bool>()).prop_map(
            |(native, text, asked, is_flagged)| Operation::Say { native, text, asked, is_flagged }
        ),
        1 => (0..10_u8).prop_map(Operation::Delete),
        8 => (0..3_u8, commands()).prop_map(|(by, command)| Operation::Command(by, command)),
        1 => (0..700_i64).prop_map(Operation::Wait),
    ];
    prop::collection::vec(operation, 0..80)
}

fn apply(room: &mut Room, operation: &Operation) {
    match operation {
        Operation::Say { native, text, asked, is_flagged } => {
            let handle = format!("a{}", (native % 4).max(1));
            let text = ["un", "deux", "trois"][*text as usize];
            let post = post(&native.to_string(), &handle, text, room.at);
            let mut reading = Reading { terms: vec![text.into()], ..Reading::default() };
            if *is_flagged {
                reading.flags = Flags::one(Flag::Insult, Severity::Strong);
            }
            let event = Event::Post { post: Arc::new(post), reading: reading.into() };
            room.event(event, Some(QuerySet::from_bits(*asked)));
        }
        Operation::Delete(native) => room.delete(&native.to_string()),
        Operation::Command(by, command) => room.command_by(&format!("p{by}"), command.clone()),
        Operation::Wait(millis) => {
            room.at = room.at.plus(millis * 1_000);
            room.state.advance(room.at);
        }
    }
}

/// What must hold in every room.
fn check_room(snapshot: &Snapshot) -> Result<(), TestCaseError> {
    let queues = &snapshot.moderation;
    let ids = |queue: &vigie_model::Queue| -> Vec<PostId> {
        queue.items.iter().map(|item| item.item.post.id.clone()).collect()
    };
    let shown: Vec<PostId> = snapshot
        .queries
        .values()
        .flat_map(|view| view.feed.items.iter().map(|item| item.post.id.clone()))
        .collect();
    let (waiting, stashed) = (ids(&queues.waiting), ids(&queues.stashed));
    let (approved, rejected) = (ids(&queues.approved), ids(&queues.rejected));
    for (name, queue) in [("stashed", &stashed), ("rejected", &rejected)] {
        prop_assert!(queue.iter().all(|id| !shown.contains(id)), "{} posts are shown", name);
    }
    let guarded = &snapshot.queries[&QueryName::from("other")].feed;
    prop_assert!(guarded.items.iter().all(|item| !waiting.contains(&item.post.id)));
    let lanes = [&waiting, &stashed, &approved, &rejected];
    for (place, lane) in lanes.iter().enumerate() {
        for other in lanes.iter().skip(place + 1) {
            prop_assert!(lane.iter().all(|id| !other.contains(id)), "a post lies in two lanes");
        }
    }
    let is_rejected = |item: &Arc<vigie_model::QueueItem>| {
        item.decision.as_ref().is_some_and(|it| it.verdict == Some(Verdict::Rejected))
    };
    prop_assert!(queues.rejected.items.iter().all(is_rejected));
    for item in queues.flagged.items.iter().chain(&queues.pinned.items) {
        prop_assert!(!is_rejected(item));
    }
    prop_assert_eq!(snapshot.counters.n_held, queues.waiting.n_total);
    let show = &snapshot.show;
    let gone = |id: &PostId| rejected.contains(id) || stashed.contains(id) || waiting.contains(id);
    prop_assert!(show.spotlights.values().all(|item| !gone(&item.post.id)));
    prop_assert!(show.scene.iter().all(|scene| SCENES.contains(&scene.as_str())));
    let held_still = show.vote.iter().flat_map(|vote| &vote.entries);
    prop_assert!(held_still.into_iter().all(|(_, item)| !gone(&item.post.id)));
    if show.masked {
        let names = snapshot.queries.values().flat_map(|view| view.feed.items.iter());
        let all = names.chain(show.spotlights.values());
        prop_assert!(all.into_iter().all(|item| item.post.author.handle.is_empty()));
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_command_at_any_time(operations in operations()) {
        let mut room = Room::with(RoomState::new(&properties::full_setup()));
        for operation in &operations {
            apply(&mut room, operation);
            check_room(&room.snapshot())?;
        }
    }

    #[test]
    fn whatever_a_person_does_to_posts_can_be_taken_back(
        before in operations(),
        does in prop::collection::vec((0..10_u8, 0..6_u8), 1..20),
    ) {
        let mut room = Room::with(RoomState::new(&properties::full_setup()));
        for operation in &before {
            apply(&mut room, operation);
        }
        room.wait(5);
        let shown = |room: &mut Room| {
            let snapshot = room.snapshot();
            let feeds: Vec<_> = snapshot.queries.values().map(|view| view.feed.items.clone()).collect();
            (feeds, (**snapshot.moderation.shared()).clone(), snapshot.counters.shared().clone())
        };
        let was = shown(&mut room);
        for (native, what) in &does {
            let post = id(&native.to_string());
            let author = author(&format!("a{}", (native % 4).max(1))).id.clone();
            room.command_by("new", match what {
                0 => Command::Approve(post),
                1 => Command::Reject(post),
                2 => Command::Stash(post),
                3 => Command::Pin { post, pinned: true },
                4 => Command::Flag { post, reason: "r".into(), owner: "o".into() },
                _ => Command::Block { author, blocked: true },
            });
        }
        let done = shown(&mut room);
        for _ in &does {
            room.command_by("new", Command::Undo);
        }
        prop_assert_eq!(&was, &shown(&mut room));
        for _ in &does {
            room.command_by("new", Command::Redo);
        }
        prop_assert_eq!(&done, &shown(&mut room));
    }

    #[test]
    fn panic_gives_the_exact_state_back(before in operations(), after in operations()) {
        let mut room = Room::with(RoomState::new(&properties::full_setup()));
        for operation in &before {
            apply(&mut room, operation);
        }
        room.command(Command::Panic(false));
        let was = room.snapshot().show.shared().scene.clone();
        room.command(Command::Panic(true));
        for operation in &after {
            let is_show = matches!(
                operation,
                Operation::Command(_, Command::Out | Command::Level(_) | Command::Panic(_))
            );
            if !is_show {
                apply(&mut room, operation);
            }
        }
        prop_assert!(room.snapshot().show.panic);
        room.command(Command::Panic(false));
        prop_assert_eq!(was, room.snapshot().show.scene.clone());
    }
}
