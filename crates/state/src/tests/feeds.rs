//! Feeds: order, edits, deletions, pauses, names.

use vigie_model::{Label, NeedKind};

use super::*;
use crate::FEED_RESERVE;

fn room() -> Room {
    Room::new(vec![NeedKind::Feed])
}

#[test]
fn newest_first_and_no_more_than_a_screen_takes() {
    let mut room = room();
    room.check_feed(&[]);
    for number in 0..150 {
        room.say(&number.to_string(), "x");
    }
    let feed = room.feed();
    assert_eq!((feed.items.len(), feed.n_total), (Feed::MAX_ITEMS, 150));
    assert_eq!(feed.items[0].post.id, id("149"));
    assert_eq!(feed.items[99].post.id, id("50"));
}

#[test]
fn edits_stay_in_their_place() {
    let mut room = room();
    for native in ["1", "2", "3"] {
        room.say(native, "old");
    }
    room.say("2", "new");
    room.check_feed(&["3", "2", "1"]);
    assert_eq!(&*room.feed().items[1].post.text, "new");
    let counters = *room.snapshot().counters;
    assert_eq!((counters.n_posts, counters.n_edits), (3, 1));
    room.say("2", "new");
    assert_eq!(room.snapshot().counters.n_edits, 1, "the same again is no edit");
    room.delete("2");
    assert_eq!(room.snapshot().counters.n_edits, 0);
}

#[test]
fn deleted_posts_make_room_for_older_ones_and_never_come_back() {
    let mut room = room();
    for number in 0..150 {
        room.say(&number.to_string(), "x");
    }
    for number in 100..150 {
        room.delete(&number.to_string());
    }
    let feed = room.feed();
    assert_eq!((feed.items.len(), feed.n_total), (100, 100));
    assert_eq!(feed.items[0].post.id, id("99"));
    room.say("149", "again");
    assert_eq!(room.feed().items[0].post.id, id("99"));
    assert_eq!(room.snapshot().counters.n_deleted, 50);
    room.command(Command::Reject(id("99")));
    assert_eq!(room.feed().items[0].post.id, id("98"));
    room.delete("unheard of");
    assert_eq!(room.snapshot().counters.n_deleted, 50, "a rejected post can come back");
    room.command(Command::Forget(id("99")));
    assert_eq!(room.snapshot().counters.n_deleted, 51);
    room.say("unheard of", "too late");
    assert_eq!(room.feed().items[0].post.id, id("98"));
}

#[test]
fn what_is_hidden_is_counted_but_not_shown() {
    let mut room = room();
    room.say("1", "fine");
    let mut hidden = post("2", "max", "x", room.at);
    hidden.labels.push(Label::Sexual);
    room.read(hidden.clone(), Reading::default());
    let mut bot = post("3", "max", "x", room.at);
    bot.labels.push(Label::Bot);
    room.read(bot, Reading::default());
    room.check_feed(&["3", "1"]);
    assert_eq!(room.snapshot().counters.n_posts, 3);
    hidden.id = id("1");
    room.read(hidden, Reading::default());
    room.check_feed(&["3"]);
}

#[test]
fn a_held_feed_stands_still_and_counts() {
    let mut room = room();
    for native in ["1", "2", "3"] {
        room.say(native, "x");
    }
    room.pause(true);
    for native in ["4", "5", "6"] {
        room.say(native, "x");
    }
    room.check_feed(&["3", "2", "1"]);
    let feed = room.feed();
    assert_eq!((feed.paused, feed.n_waiting, feed.n_total), (true, 3, 6));
    room.command(Command::Reject(id("5")));
    room.delete("2");
    room.say("1", "edited");
    room.check_feed(&["3", "1"]);
    assert_eq!((room.feed().n_waiting, &*room.feed().items[1].post.text), (2, "edited"));
    room.pause(true);
    room.check_feed(&["3", "1"]);
    room.pause(false);
    room.check_feed(&["6", "4", "3", "1"]);
    assert_eq!((room.feed().paused, room.feed().n_waiting), (false, 0));
    room.command(Command::Pause { query: None, paused: true });
    assert!(room.feed().paused);
    room.command(Command::Pause { query: Some("other".into()), paused: false });
    assert!(room.feed().paused);
}

#[test]
fn a_held_feed_stands_still_in_a_storm() {
    let mut room = room();
    room.say("first", "x");
    room.pause(true);
    for number in 0..2 * FEED_RESERVE {
        room.say(&number.to_string(), "x");
    }
    room.check_feed(&["first"]);
    assert_eq!(room.feed().n_waiting, 2 * FEED_RESERVE as u64);
}

#[test]
fn names_that_come_late_are_put_in() {
    let mut room = room();
    let mut nameless = post("1", "x", "hello", room.at);
    Arc::make_mut(&mut nameless.author).handle = "".into();
    room.read(nameless.clone(), Reading::default());
    room.say("2", "x");
    let mut named = (*nameless.author).clone();
    named.name = "Zoé".into();
    room.event(Event::Author(Arc::new(named)), None);
    let feed = room.feed();
    assert_eq!(feed.items[1].post.author.display_name(), "Zoé");
    nameless.id = id("3");
    room.read(nameless.clone(), Reading::default());
    assert_eq!(room.feed().items[0].post.author.display_name(), "Zoé");
    room.event(Event::AuthorPurged(nameless.author.id.clone(), PurgeCause::Deactivated), None);
    room.check_feed(&["2"]);
    room.wait(1);
    nameless.published = room.at;
    room.read(nameless.clone(), Reading::default());
    assert_eq!(room.feed().items[0].post.author.display_name(), "id-x", "the name is forgotten");
}

#[test]
fn purged_authors_are_gone_and_stay_gone_where_they_asked_for_it() {
    let mut room = room();
    room.say("1", "x");
    room.read(post("2", "max", "x", room.at), Reading::default());
    room.say("3", "x");
    room.purge("léa", PurgeCause::Deactivated);
    room.check_feed(&["2"]);
    let old = post("4", "léa", "a back-fill", noon());
    room.read(old, Reading::default());
    room.check_feed(&["2"]);
    room.say("5", "back again");
    room.check_feed(&["5", "2"]);
    room.command(Command::Erase(author("léa").id.clone()));
    room.say("6", "never again");
    room.check_feed(&["2"]);
    assert_eq!(room.snapshot().counters.n_deleted, 3);
}

#[test]
fn posts_that_answer_no_query_any_more_leave() {
    let mut room = room();
    room.say("1", "train");
    let changed = post("1", "léa", "nothing", room.at);
    let event = Event::Post { post: Arc::new(changed), reading: Arc::default() };
    room.event(event, Some(QuerySet::EMPTY));
    room.check_feed(&[]);
    assert_eq!(room.snapshot().counters.n_posts, 0);
    room.say("1", "train again");
    room.check_feed(&["1"]);
}

#[test]
fn parts_that_did_not_change_are_shared() {
    let mut room = Room::new(vec![NeedKind::Feed, NeedKind::Volume { window_mins: 5 }]);
    room.say("1", "x");
    let first = room.snapshot();
    assert!(Arc::ptr_eq(&first, &room.snapshot()));
    room.wait(1);
    let second = room.snapshot();
    assert!(second.at > first.at);
    let query = &"q".into();
    assert_eq!(first.feed(query).unwrap().version(), second.feed(query).unwrap().version());
    assert!(Arc::ptr_eq(first.feed(query).unwrap().shared(), second.feed(query).unwrap().shared()));
    room.say("2", "x");
    let third = room.snapshot();
    assert!(third.feed(query).unwrap().version() > second.feed(query).unwrap().version());
    assert!(third.volume(query, 5).unwrap().version() > second.volume(query, 5).unwrap().version());
    let mut next = room.state.successor(&setup(vec![NeedKind::Feed]));
    next.apply(
        &Logged {
            seq: Seq(1),
            at: room.at,
            event: Event::Post {
                post: Arc::new(post("9", "a", "b", room.at)),
                reading: Arc::default(),
            },
        },
        Some(QuerySet::from_bits(1)),
    );
    let other = next.snapshot().feed(query).unwrap().version();
    assert!(other > third.feed(query).unwrap().version());
}

#[test]
fn screens_show_their_numbers_when_told() {
    let mut room = room();
    room.command(Command::Identify { shown: true });
    assert!(room.snapshot().identify);
    room.command(Command::Identify { shown: false });
    assert!(!room.snapshot().identify);
}
