//! Moderators at work.

use vigie_model::{Hold, Queue, Refusal, Verdict};

use super::*;
use crate::REJECTED_KEEP;

/// A room whose query `other` is guarded.
fn guarded() -> Room {
    let needs = ["q", "other"].map(|query| Need { query: query.into(), kind: NeedKind::Feed });
    let setup = operations::staged(setup(Vec::new()));
    Room::with(RoomState::new(&Setup { needs: needs.into(), ..setup }))
}

impl Room {
    /// A post that answers the guarded query only, with these rules: 1 hold, 2 block, 4 allow.
    fn knock(&mut self, native: &str, rules: u64) {
        self.wait(1);
        let post = post(native, native, "?", self.at);
        let event = Event::Post { post: Arc::new(post), reading: Arc::default() };
        self.event(event, Some(QuerySet::from_bits(2 | rules << 2)));
    }

    #[track_caller]
    fn check_lane(&mut self, lane: impl Fn(&vigie_model::Queues) -> &Queue, expected: &[&str]) {
        let snapshot = self.snapshot();
        let queue = lane(&snapshot.moderation);
        let found: Vec<_> =
            queue.items.iter().map(|item| item.item.post.id.native.as_str()).collect();
        assert_eq!(found, expected);
        assert_eq!(queue.n_total, expected.len() as u64);
    }

    #[track_caller]
    fn check_guarded(&mut self, expected: &[&str]) {
        let snapshot = self.snapshot();
        let items = &snapshot.feed(&"other".into()).unwrap().items;
        let found: Vec<_> = items.iter().map(|item| item.post.id.native.as_str()).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_guarded_query_shows_what_is_approved_in_its_place() {
    let mut room = guarded();
    for native in ["1", "2", "3"] {
        room.knock(native, 0);
    }
    room.check_guarded(&[]);
    room.check_lane(|it| &it.waiting, &["1", "2", "3"]);
    assert_eq!(room.snapshot().counters.n_held, 3);
    assert_eq!(room.snapshot().counters.n_posts, 3, "what waits counts");
    room.command(Command::Approve(id("3")));
    room.command(Command::Approve(id("1")));
    room.command(Command::Stash(id("2")));
    room.check_guarded(&["3", "1"]);
    room.check_lane(|it| &it.waiting, &[]);
    room.check_lane(|it| &it.approved, &["1", "3"]);
    room.check_lane(|it| &it.stashed, &["2"]);
    room.command(Command::Approve(id("2")));
    room.check_guarded(&["3", "2", "1"]);
    for _ in 0..4 {
        room.command(Command::Undo);
    }
    room.check_guarded(&[]);
    room.check_lane(|it| &it.waiting, &["1", "2", "3"]);
    room.command(Command::Redo);
    room.check_guarded(&["3"]);
    let item = Arc::clone(&room.snapshot().moderation.waiting.items[0]);
    assert_eq!(
        (item.held.as_slice(), item.queries.as_slice()),
        (&[Hold::Guarded][..], &["other".into()][..])
    );
}

#[test]
fn rules_hold_block_and_allow() {
    let mut room = guarded();
    room.knock("free", 4);
    room.knock("barred", 2);
    room.knock("both", 6);
    room.check_guarded(&["free"]);
    room.check_lane(|it| &it.waiting, &[]);
    assert_eq!(room.snapshot().moderation.n_ruled_out, 2);
    room.command(Command::Approve(id("barred")));
    room.check_guarded(&["barred", "free"]);
    let post = post("held", "max", "x", room.at);
    let event = Event::Post { post: Arc::new(post), reading: Arc::default() };
    room.event(event, Some(QuerySet::from_bits(1 | 1 << 2)));
    room.check_feed(&[]);
    room.check_lane(|it| &it.waiting, &["held"]);
    // Only a match of the rules is no match at all.
    room.event(
        Event::Post {
            post: Arc::new(super::post("nobody", "max", "x", room.at)),
            reading: Arc::default(),
        },
        Some(QuerySet::from_bits(1 << 2)),
    );
    assert_eq!(room.snapshot().counters.n_posts, 4);
}

#[test]
fn a_rejected_post_is_out_and_comes_back_to_its_place() {
    let mut room = guarded();
    for native in ["1", "2", "3"] {
        room.say(native, "x");
    }
    let whole = properties::shown(&room.snapshot());
    room.command(Command::Reject(id("2")));
    room.check_feed(&["3", "1"]);
    room.check_lane(|it| &it.rejected, &["2"]);
    assert_eq!(room.snapshot().counters.n_posts, 2);
    room.say("2", "edited meanwhile");
    room.check_feed(&["3", "1"]);
    room.command(Command::Undo);
    room.check_feed(&["3", "2", "1"]);
    assert_eq!(&*room.feed().items[1].post.text, "edited meanwhile");
    room.say("2", "x");
    assert_ne!(whole, properties::shown(&room.snapshot()), "the log tells");
    room.command(Command::Reject(id("1")));
    room.delete("1");
    room.check_lane(|it| &it.rejected, &[]);
    room.command(Command::Undo);
    room.check_feed(&["3", "2"]);
}

#[test]
fn an_approved_text_is_approved_and_no_other() {
    let mut room = guarded();
    room.knock("1", 0);
    room.command(Command::Approve(id("1")));
    room.check_guarded(&["1"]);
    let mut edited = post("1", "1", "something else", room.at);
    edited.edited = Some(room.at);
    let event = Event::Post { post: Arc::new(edited), reading: Arc::default() };
    room.event(event, Some(QuerySet::from_bits(2)));
    room.check_guarded(&[]);
    room.check_lane(|it| &it.waiting, &["1"]);
    assert_eq!(room.snapshot().moderation.waiting.items[0].n_edits, 1);
}

#[test]
fn a_blocked_author_is_out_now_and_later() {
    let mut room = guarded();
    room.say("1", "x");
    room.knock("other", 4);
    room.command(Command::Block { author: author("léa").id.clone(), blocked: true });
    room.say("2", "x");
    room.check_feed(&[]);
    room.check_guarded(&["other"]);
    let snapshot = room.snapshot();
    assert_eq!((snapshot.moderation.n_blocked_authors, snapshot.counters.n_posts), (1, 1));
    room.command(Command::Undo);
    room.check_feed(&["2", "1"]);
    assert_eq!(room.snapshot().moderation.n_blocked_authors, 0);
}

#[test]
fn what_another_has_decided_since_is_not_taken_back() {
    let mut room = guarded();
    room.say("1", "x");
    room.command_by("léa", Command::Reject(id("1")));
    room.command_by("max", Command::Approve(id("1")));
    room.command_by("léa", Command::Undo);
    room.check_feed(&["1"]);
    assert_eq!(room.snapshot().log[0].refused, Some(Refusal::NothingToUndo));
    room.command_by("max", Command::Undo);
    room.check_feed(&[]);
    room.command_by("zoé", Command::Undo);
    assert_eq!(room.snapshot().log[0].refused, Some(Refusal::NothingToUndo));
    assert_eq!(&*room.snapshot().log[0].issued.by, "zoé");
}

#[test]
fn a_post_is_taken_by_one_person() {
    let mut room = guarded();
    room.knock("1", 0);
    let claim = |taken| Command::Claim { post: id("1"), taken };
    room.command_by("léa", claim(true));
    room.command_by("max", claim(true));
    assert_eq!(room.snapshot().log[0].refused, Some(Refusal::Taken));
    let claimed = |room: &mut Room| {
        let item = Arc::clone(&room.snapshot().moderation.waiting.items[0]);
        item.decision.as_ref().and_then(|decision| decision.claimed.clone())
    };
    assert_eq!(claimed(&mut room).as_deref(), Some("léa"));
    room.command_by("léa", claim(false));
    assert_eq!(claimed(&mut room), None);
    room.command_by("max", claim(true));
    assert_eq!(claimed(&mut room).as_deref(), Some("max"));
}

#[test]
fn flags_and_pins() {
    let mut room = guarded();
    room.say("1", "x");
    room.say("2", "x");
    room.command(Command::Flag { post: id("1"), reason: "angry".into(), owner: "service".into() });
    room.command(Command::Pin { post: id("2"), pinned: true });
    room.check_lane(|it| &it.flagged, &["1"]);
    room.check_lane(|it| &it.pinned, &["2"]);
    let item = Arc::clone(&room.snapshot().moderation.flagged.items[0]);
    let decision = item.decision.clone().unwrap();
    assert_eq!(decision.flag.unwrap().owner, "service");
    assert_eq!(decision.verdict, None::<Verdict>);
    room.command(Command::Resolve(id("1")));
    room.check_lane(|it| &it.flagged, &[]);
    room.command(Command::Reject(id("2")));
    room.check_lane(|it| &it.pinned, &[]);
    room.check_feed(&["1"]);
}

#[test]
fn the_text_of_a_rejected_post_is_to_be_forgotten_in_the_end() {
    let mut room = guarded();
    room.say("1", "x");
    room.command(Command::Reject(id("1")));
    assert!(room.state.expired_rejections().is_empty());
    room.wait(REJECTED_KEEP / 1_000_000);
    assert_eq!(room.state.expired_rejections(), [id("1")]);
    room.command_by("vigie", Command::Forget(id("1")));
    assert!(room.state.expired_rejections().is_empty());
    room.command(Command::Undo);
    room.say("1", "x");
    room.check_feed(&[]);
}

#[test]
fn ten_thousand_wait_and_none_is_lost() {
    let mut room = guarded();
    for number in 0..10_000 {
        let post = post(&number.to_string(), "léa", "?", room.at);
        let event = Event::Post { post: Arc::new(post), reading: Arc::default() };
        room.event(event, Some(QuerySet::from_bits(2)));
    }
    let snapshot = room.snapshot();
    assert_eq!((snapshot.moderation.waiting.n_total, snapshot.counters.n_held), (10_000, 10_000));
    assert_eq!(snapshot.moderation.waiting.items.len(), Queue::MAX_ITEMS);
    for number in 0..10_000 {
        room.command(Command::Approve(id(&number.to_string())));
    }
    assert_eq!(room.snapshot().moderation.waiting.n_total, 0);
    assert_eq!(room.snapshot().feed(&"other".into()).unwrap().n_total, 10_000);
}
