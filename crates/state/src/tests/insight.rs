//! Corrections, what moved a mood, topics, hours, and figures from outside.

use vigie_analysis::Matcher;
use vigie_model::{Condition, ExternalFigure, MoodPoint, NamedQuery, Query};

use super::*;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

fn read(attitude: Attitude, terms: &[&str]) -> Reading {
    let terms = terms.iter().map(|term| (*term).into()).collect();
    Reading { terms, ..tone(attitude) }
}

fn mood(room: &mut Room) -> MoodPoint {
    room.snapshot().mood(&"q".into(), 10).unwrap().now
}

fn retone(room: &mut Room, native: &str, attitude: Attitude) {
    room.command(Command::Retone { post: id(native), attitude });
}

/// Whose query `other` asks for what is negative.
fn with_matcher(needs: &[NeedKind]) -> Room {
    let queries = [
        NamedQuery { name: "q".into(), query: Query::All },
        NamedQuery {
            name: "other".into(),
            query: Query::Is(Condition::Sentiment(Attitude::Negative)),
        },
    ];
    let matcher = Some(Arc::new(Matcher::new(&queries).unwrap()));
    let both = |kind: &NeedKind| {
        ["q", "other"].map(|query| Need { query: query.into(), kind: kind.clone() })
    };
    let needs = needs.iter().flat_map(both).collect();
    Room::with(RoomState::new(&Setup { matcher, needs, ..setup(Vec::new()) }))
}

#[test]
fn a_persons_word_moves_mood_feeds_and_queries_and_can_be_taken_back() {
    let mut room = with_matcher(&[NeedKind::Mood { window_mins: 10 }, NeedKind::Feed]);
    room.read(post("1", "a", "bien sûr", room.at), tone(Attitude::Positive));
    let before = room.snapshot();
    retone(&mut room, "1", Attitude::Negative);
    assert_eq!((mood(&mut room).n_negative, mood(&mut room).n_positive), (1, 0));
    let shown = room.feed().items[0].reading.tone;
    assert!(shown.attitude == Attitude::Negative && !shown.unsure);
    let n_critical = |room: &mut Room| room.snapshot().feed(&"other".into()).unwrap().n_total;
    assert_eq!(n_critical(&mut room), 1);
    // The source tells of the post once more: the person's word stands.
    room.read(post("1", "a", "bien sûr", room.at), tone(Attitude::Positive));
    assert_eq!(mood(&mut room).n_negative, 1);
    retone(&mut room, "1", Attitude::Positive);
    assert_eq!(mood(&mut room).n_positive, 1);
    assert_eq!(n_critical(&mut room), 0);
    assert_eq!(room.snapshot().counters.n_posts, before.counters.n_posts);
}

#[test]
fn an_edit_is_read_anew_and_a_deleted_post_takes_its_correction_along() {
    let mut room = Room::new(vec![NeedKind::Mood { window_mins: 10 }]);
    room.read(post("1", "a", "bien sûr", room.at), tone(Attitude::Positive));
    retone(&mut room, "1", Attitude::Negative);
    room.read(post("1", "a", "bien sûr !", room.at), tone(Attitude::Neutral));
    assert_eq!(mood(&mut room).n_neutral, 1);
    room.delete("1");
    retone(&mut room, "1", Attitude::Negative);
    assert_eq!(mood(&mut room).n_posts(), 0);
}

#[test]
fn a_question_is_corrected_on_the_same_road() {
    let mut room = Room::new(vec![NeedKind::Kpi { measure: "questions".into() }]);
    room.read(post("1", "a", "qui sait", room.at), tone(Attitude::Neutral));
    room.command(Command::Requestion { post: id("1"), question: true });
    room.check_kpi("questions", KpiValue::Count(1));
    retone(&mut room, "1", Attitude::Negative);
    room.check_kpi("questions", KpiValue::Count(1));
    room.command(Command::Requestion { post: id("1"), question: false });
    room.check_kpi("questions", KpiValue::Count(0));
}

#[test]
fn the_needle_is_made_of_posts() {
    let mut room = Room::new(vec![NeedKind::Movers { window_mins: 10 }]);
    for (native, attitude) in
        [("1", Attitude::Positive), ("2", Attitude::Positive), ("3", Attitude::Negative)]
    {
        room.read(post(native, native, "hier", room.at), tone(attitude));
    }
    room.wait(10 * MINUTE);
    for native in ["4", "5", "6", "7"] {
        room.read(post(native, native, "ce soir", room.at), tone(Attitude::Negative));
    }
    room.read(post("8", "8", "bof", room.at), tone(Attitude::Neutral));
    let snapshot = room.snapshot();
    let movers = snapshot.movers(&"q".into(), 10).unwrap();
    // From (2 - 1) / 3 to -4 / 5: each complaint took (-1 - 1/3) / 5, the shrug (0 - 1/3) / 5.
    let movement = movers.movement;
    assert!((movement.points(movement.whole()) - (-0.8 - 1.0 / 3.0)).abs() < 1e-12);
    assert_eq!(movers.posts.len(), 5);
    assert!((movement.points(movers.posts[0].part) + 4.0 / 15.0).abs() < 1e-12);
    let listed: i64 = movers.posts.iter().map(|mover| mover.part).sum();
    assert_eq!(listed + movers.others, movement.whole());
    assert_eq!(movers.others, 0, "every post that moved it is listed");
}

#[test]
fn strengths_and_weaknesses_are_sentiment_times_volume() {
    let mut room = Room::new(vec![NeedKind::Board { window_mins: 30 }]);
    let said = [
        (Attitude::Negative, "retard", 5),
        (Attitude::Positive, "retard", 1),
        (Attitude::Positive, "contrôleur", 4),
        (Attitude::Neutral, "météo", 6),
    ];
    let mut number = 0;
    for (attitude, term, n_posts) in said {
        for _ in 0..n_posts {
            number += 1;
            let name = number.to_string();
            let mut reading = read(attitude, &[term]);
            reading.language = vigie_model::Language::from_tag("fr");
            room.read(post(&name, &name, term, room.at), reading);
        }
    }
    room.wait(5);
    let snapshot = room.snapshot();
    let board = snapshot.board(&"q".into(), 30).unwrap();
    let leads: Vec<_> =
        board.topics.iter().map(|topic| (&*topic.term, topic.mood.lead())).collect();
    assert_eq!(leads, [("contrôleur", 4), ("retard", -4)]);
    assert_eq!(board.topics[1].samples.len(), 3);
    assert_eq!((board.n_posts, board.languages.len()), (16, 1));
    assert_eq!(board.languages[0].1.n_negative, 5);
    room.delete("1");
    room.wait(5);
    let snapshot = room.snapshot();
    assert_eq!(snapshot.board(&"q".into(), 30).unwrap().topics[1].mood.lead(), -3);
}

#[test]
fn a_phrase_stands_for_its_words_on_the_board() {
    let mut room = Room::new(vec![NeedKind::Board { window_mins: 30 }]);
    let all: &[&str] = &["panne", "signalisation", "panne de signalisation", "bloqués"];
    for (number, terms) in [all; 8].into_iter().chain([&["panne"][..]; 2]).enumerate() {
        let name = number.to_string();
        let text = "Panne de signalisation, bloqués";
        room.read(post(&name, &name, text, room.at), read(Attitude::Negative, terms));
    }
    // Others, so that the topic is not all that there is.
    for number in 100..110 {
        let name = number.to_string();
        room.read(post(&name, &name, "autre", room.at), read(Attitude::Neutral, &[]));
    }
    room.wait(5);
    let snapshot = room.snapshot();
    let topics = &snapshot.board(&"q".into(), 30).unwrap().topics;
    let leads: Vec<_> = topics.iter().map(|topic| (&*topic.term, topic.mood.lead())).collect();
    assert_eq!(leads, [("Panne de signalisation", -8)]);
}

#[test]
fn an_hour_is_held_against_the_same_hour_of_the_day_before() {
    let mut room = Room::new(vec![NeedKind::KpiHour { measure: "posts".into() }]);
    for native in ["1", "2", "3"] {
        room.read(post(native, native, "x", room.at), Reading::default());
    }
    room.wait(2 * HOUR);
    room.read(post("4", "4", "x", room.at), Reading::default());
    room.wait(22 * HOUR + 10 * MINUTE);
    for native in ["5", "6"] {
        let at = room.at.plus(-5 * MINUTE * 1_000_000);
        room.read(post(native, native, "x", at), Reading::default());
    }
    room.wait(MINUTE);
    let hour = |room: &mut Room| {
        let snapshot = room.snapshot();
        let kpi = snapshot.kpi_hour(&"q".into(), "posts").unwrap();
        (kpi.value, kpi.previous)
    };
    let count = KpiValue::Count;
    assert_eq!(hour(&mut room), (count(2), Some(count(3))));
    room.delete("5");
    room.delete("1");
    assert_eq!(hour(&mut room), (count(1), Some(count(2))));
    room.wait(HOUR);
    assert_eq!(hour(&mut room), (count(0), Some(count(0))));
    room.wait(50 * MINUTE);
    assert_eq!(hour(&mut room), (count(0), Some(count(1))));
}

#[test]
fn a_spark_goes_live_when_the_brand_quotes_it() {
    let kpi = |name: &str| NeedKind::Kpi { measure: name.into() };
    let mut room =
        Room::new(vec![kpi("spark to live"), kpi("reply wait p50"), kpi("reply time p50")]);
    let mut idea = post("1", "léa", "et si...", room.at);
    idea.published = room.at.plus(-5 * MINUTE * 1_000_000);
    room.read(idea, Reading::default());
    room.wait(20 * MINUTE);
    let mut taken_up = post("r", "railazur", "voilà", room.at);
    taken_up.quote_of = Some(id("1"));
    taken_up.reply_to = Some(id("1"));
    room.read(taken_up, Reading::default());
    room.check_kpi("spark to live", KpiValue::Duration(25 * MINUTE * 1_000_000));
    room.check_kpi("reply time p50", KpiValue::Duration(25 * MINUTE * 1_000_000));
    room.check_kpi("reply wait p50", KpiValue::Duration(20 * MINUTE * 1_000_000));
    room.delete("r");
    room.check_kpi("spark to live", KpiValue::Nothing);
}

#[test]
fn figures_from_outside_keep_their_source_time_and_baseline() {
    let mut room = Room::new(vec![NeedKind::Kpi { measure: "engaged per thousand".into() }]);
    let tell = |room: &mut Room, name: &str, day: i64, value: i64, baseline: Option<i64>| {
        let figure = Box::new(ExternalFigure {
            name: name.into(),
            at: noon().plus(day * 24 * HOUR * 1_000_000),
            value_milli: value * 1_000,
            baseline_milli: baseline.map(|value| value * 1_000),
            unit: "€".into(),
            origin: "ventes.csv".into(),
            max_age: Some(36 * HOUR * 1_000_000),
        });
        room.event(Event::Figure { source: "ventes".into(), figure }, None);
    };
    tell(&mut room, "ventes", -1, 80_000, None);
    tell(&mut room, "ventes", 0, 100_000, None);
    tell(&mut room, "reached", 0, 50_000, None);
    tell(&mut room, "engaged", -1, 1_000, None);
    let snapshot = room.snapshot();
    let sales = snapshot.figures.iter().find(|view| view.figure.name == "ventes").unwrap();
    assert_eq!((sales.change(), sales.baseline_milli), (Some(0.25), Some(80_000_000)));
    assert!(!sales.is_stale(noon()) && sales.is_stale(noon().plus(37 * HOUR * 1_000_000)));
    room.check_kpi("engaged per thousand", KpiValue::PerThousand(1_000, 50_000));
    assert_eq!(room.kpi("engaged per thousand").as_of, Some(noon().plus(-24 * HOUR * 1_000_000)));
    tell(&mut room, "ventes", 0, 90_000, Some(120_000));
    let snapshot = room.snapshot();
    let sales = snapshot.figures.iter().find(|view| view.figure.name == "ventes").unwrap();
    assert_eq!(sales.change(), Some(-0.25));
}

#[test]
fn a_query_knows_the_sources_that_feed_it() {
    let mut room = Room::new(vec![NeedKind::Feed]);
    let sources = |room: &mut Room| {
        let snapshot = room.snapshot();
        let view = &snapshot.queries[&QueryName::new("q")];
        view.sources.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sources(&mut room), [""; 0]);
    room.read(
        Post { source: SourceId::new("t"), ..post("1", "a", "x", room.at) },
        Reading::default(),
    );
    room.read(post("2", "a", "x", room.at), Reading::default());
    assert_eq!(sources(&mut room), ["s", "t"]);
    room.delete("1");
    assert_eq!(sources(&mut room), ["s"]);
}
