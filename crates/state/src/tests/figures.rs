//! Moods, volumes and figures.

use vigie_model::{Attitude, Network};

use super::*;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn kpis(measures: &[&str]) -> Room {
    let kpi = |name: &&str| NeedKind::Kpi { measure: (*name).into() };
    Room::new(measures.iter().map(kpi).collect())
}

impl Room {
    fn ask(&mut self, native: &str, handle: &str) {
        self.read(
            post(native, handle, "?", self.at),
            Reading { question: true, ..tone(Attitude::Neutral) },
        );
    }

    fn reply(&mut self, native: &str, to: &str) {
        let mut reply = post(native, "railazur", "voilà", self.at);
        reply.reply_to = Some(id(to));
        self.read(reply, tone(Attitude::Positive));
    }
}

#[test]
fn moods_count_the_public_at_the_time_of_publication() {
    let mut room =
        Room::new(vec![NeedKind::Mood { window_mins: 10 }, NeedKind::Volume { window_mins: 10 }]);
    room.read(post("1", "a", "x", room.at), tone(Attitude::Negative));
    room.read(
        post("2", "b", "x", room.at.plus(-12 * MINUTE * 1_000_000)),
        tone(Attitude::Positive),
    );
    room.read(post("3", "RailAzur", "x", room.at), tone(Attitude::Positive));
    room.read(
        post("4", "c", "x", room.at.plus(HOUR * 1_000_000)),
        Reading { tone: Tone { unsure: true, ..Tone::default() }, ..Reading::default() },
    );
    let snapshot = room.snapshot();
    let mood = snapshot.mood(&"q".into(), 10).unwrap();
    assert_eq!((mood.now.n_negative, mood.now.n_positive, mood.now.n_unsure), (1, 0, 1));
    assert_eq!((mood.before.n_positive, mood.line.len()), (1, 10));
    let volume = snapshot.volume(&"q".into(), 10).unwrap();
    assert_eq!(volume.per_min, [0, 0, 0, 0, 0, 0, 0, 0, 0, 3], "the brand's post is a post");
    room.wait(5 * MINUTE);
    room.delete("1");
    let snapshot = room.snapshot();
    assert_eq!(snapshot.mood(&"q".into(), 10).unwrap().now.n_negative, 0);
    assert_eq!(snapshot.volume(&"q".into(), 10).unwrap().per_min[4], 2);
    room.wait(DAY);
    let snapshot = room.snapshot();
    assert_eq!(snapshot.mood(&"q".into(), 10).unwrap().now.n_posts(), 0);
}

#[test]
fn answers_count_posts_once_and_people_once() {
    let mut room = kpis(&[
        "posts",
        "own posts",
        "authors",
        "questions",
        "answered",
        "people answered",
        "reply rate",
        "reply time p50",
        "reply time p90",
        "question reply rate",
    ]);
    room.ask("1", "léa");
    room.ask("2", "léa");
    room.ask("3", "max");
    room.read(post("4", "zoé", "x", room.at), tone(Attitude::Negative));
    room.wait(2 * MINUTE);
    room.reply("r1", "1");
    room.reply("r1 again", "1");
    room.wait(8 * MINUTE);
    room.reply("r2", "2");
    room.check_kpi("posts", KpiValue::Count(4));
    room.check_kpi("own posts", KpiValue::Count(3));
    room.check_kpi("authors", KpiValue::Count(3));
    room.check_kpi("questions", KpiValue::Count(3));
    room.check_kpi("answered", KpiValue::Count(2));
    room.check_kpi("people answered", KpiValue::Count(1));
    room.check_kpi("reply rate", KpiValue::Share(2, 4));
    room.check_kpi("question reply rate", KpiValue::Share(2, 3));
    room.check_kpi("reply time p50", KpiValue::Duration(2 * MINUTE * 1_000_000));
    room.check_kpi("reply time p90", KpiValue::Duration(10 * MINUTE * 1_000_000));
    room.delete("r1");
    room.check_kpi("answered", KpiValue::Count(2));
    room.delete("r1 again");
    room.check_kpi("answered", KpiValue::Count(1));
    room.check_kpi("reply time p50", KpiValue::Duration(10 * MINUTE * 1_000_000));
    room.delete("2");
    room.check_kpi("reply rate", KpiValue::Share(0, 3));
    room.check_kpi("reply time p50", KpiValue::Nothing);
}

#[test]
fn a_reply_may_come_before_what_it_answers() {
    let mut room = kpis(&["answered", "reply time p50"]);
    let asked_at = room.at;
    room.wait(MINUTE);
    room.reply("r", "1");
    room.check_kpi("answered", KpiValue::Count(0));
    room.read(post("1", "léa", "late", asked_at), Reading::default());
    room.check_kpi("answered", KpiValue::Count(1));
    room.check_kpi("reply time p50", KpiValue::Duration(MINUTE * 1_000_000));
    room.read(post("1", "léa", "edited", asked_at), Reading::default());
    room.check_kpi("answered", KpiValue::Count(1));
    room.purge("léa", PurgeCause::Deleted);
    room.check_kpi("answered", KpiValue::Count(0));
}

#[test]
fn figures_are_split_by_network() {
    let mut room = kpis(&["posts", "reply rate"]);
    room.ask("1", "léa");
    let mut elsewhere = post("1", "léa", "x", room.at);
    elsewhere.id = PostId::new("facebook", "1");
    room.read(elsewhere, Reading::default());
    room.reply("r", "1");
    let rates = room.kpi("reply rate").by_network;
    assert_eq!(rates.get(&Network::new("x")), Some(&KpiValue::Share(1, 1)));
    assert_eq!(rates.get(&Network::new("facebook")), Some(&KpiValue::Share(0, 1)));
    room.event(Event::Deleted(PostId::new("facebook", "1")), None);
    assert_eq!(room.kpi("posts").by_network.len(), 1);
}

#[test]
fn figures_start_anew_each_day_and_compare_with_the_same_time_of_the_day_before() {
    let mut room = kpis(&["posts", "answered"]);
    room.ask("early", "a");
    room.wait(2 * HOUR);
    room.reply("r", "early");
    room.ask("late", "a");
    assert_eq!(room.kpi("posts").previous, None);
    room.wait(DAY - 2 * HOUR);
    room.check_kpi("posts", KpiValue::Count(0));
    assert_eq!(room.kpi("posts").previous, Some(KpiValue::Count(0)), "noon itself is not over");
    room.wait(MINUTE);
    assert_eq!(room.kpi("posts").previous, Some(KpiValue::Count(1)));
    assert_eq!(room.kpi("answered").previous, Some(KpiValue::Count(0)), "not answered by then");
    room.wait(3 * HOUR);
    assert_eq!(room.kpi("posts").previous, Some(KpiValue::Count(2)));
    assert_eq!(room.kpi("answered").previous, Some(KpiValue::Count(1)));
    room.delete("late");
    assert_eq!(room.kpi("posts").previous, Some(KpiValue::Count(1)));
    room.read(post("backfill", "b", "x", noon()), Reading::default());
    assert_eq!(room.kpi("posts").previous, Some(KpiValue::Count(2)));
    room.check_kpi("posts", KpiValue::Count(0));
    room.wait(2 * DAY);
    assert_eq!(room.kpi("posts").previous, None);
}

#[test]
fn a_post_of_before_midnight_counts_for_yesterday() {
    let mut room = kpis(&["posts"]);
    room.wait(11 * HOUR + 59 * MINUTE);
    let before_midnight = room.at;
    room.wait(2 * MINUTE);
    room.ask("today", "a");
    room.read(post("yesterday", "b", "x", before_midnight), Reading::default());
    room.check_kpi("posts", KpiValue::Count(1));
}

#[test]
fn figures_are_as_old_as_what_counts_in_them() {
    let mut room = kpis(&["posts", "answered"]);
    assert_eq!(room.kpi("posts").as_of, None);
    room.ask("1", "a");
    let first = room.at;
    room.wait(10);
    room.ask("2", "a");
    assert_eq!(room.kpi("posts").as_of, Some(room.at));
    assert_eq!(room.kpi("answered").as_of, None);
    room.delete("2");
    assert_eq!(room.kpi("posts").as_of, Some(first));
    room.reply("r", "1");
    assert_eq!(room.kpi("answered").as_of, Some(room.at));
}

#[test]
fn unknown_needs_are_passed_over() {
    let mut room = kpis(&["followers", "posts", "posts"]);
    let snapshot = room.snapshot();
    assert!(snapshot.kpi(&"q".into(), "followers").is_none());
    assert_eq!(snapshot.queries[&"q".into()].kpis.len(), 1);
}
