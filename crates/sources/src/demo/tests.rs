//! The campaign's promises: its numbers, its sameness, its variety, its place in time.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    day::{CLOSES, FAILS, HOUR, MINUTE, MOVES, OPENS},
    texts::{Sections, Writer},
    *,
};
use crate::{
    model::{Clock as _, Label, MediaKind, Post, PostId, SourceId, SpanKind},
    rig::Rig,
};

/// The day of the rig's clock.
const DATE: civil::Date = civil::date(2026, 11, 23);

fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap()
}

fn campaign(seed: u64) -> Vec<(Timestamp, SourceEvent)> {
    Campaign::generate(seed, DATE, &paris(), &SourceId::new("s")).events
}

fn midnight() -> Timestamp {
    Timestamp::parse("2026-11-22T23:00:00Z").unwrap()
}

/// What is there in the end.
fn fold(events: impl IntoIterator<Item = SourceEvent>) -> BTreeMap<PostId, Post> {
    let mut posts = BTreeMap::new();
    for event in events {
        match event {
            SourceEvent::Upsert(post) => {
                posts.insert(post.id.clone(), *post);
            }
            SourceEvent::Delete(id) => {
                assert!(posts.remove(&id).is_some(), "only what was said is taken back");
            }
            _ => {}
        }
    }
    posts
}

fn is_brand(post: &Post) -> bool {
    post.author.handle == "RailAzur"
}

fn is_tagged(post: &Post) -> bool {
    post.spans.iter().any(|span| match &span.kind {
        SpanKind::Tag(tag) => tag.eq_ignore_ascii_case("DemandezAuCM"),
        _ => false,
    })
}

#[test]
fn the_day_ends_at_exactly_7000_and_600() {
    for seed in [1, 2, 3] {
        let posts = fold(campaign(seed).into_iter().map(|(_, event)| event));
        let (brand, public): (Vec<_>, Vec<_>) = posts.values().partition(|post| is_brand(post));
        let answered: BTreeSet<_> = brand.iter().filter_map(|post| post.reply_to.clone()).collect();
        assert_eq!((public.len(), answered.len()), (Campaign::N_POSTS, Campaign::N_ANSWERED));
        assert!(public.iter().chain(&brand).all(|post| is_tagged(post)));
        let networks: BTreeSet<_> = answered.iter().map(|id| id.network.as_str()).collect();
        assert_eq!(networks.into_iter().collect::<Vec<_>>(), ["facebook", "x"]);
        for reply in brand.iter().filter(|post| post.reply_to.is_some()) {
            let asked = &posts[reply.reply_to.as_ref().unwrap()];
            assert!(reply.published > asked.received && !is_brand(asked));
        }
        let winners = brand.iter().filter(|post| post.quote_of.is_some()).count();
        assert_eq!(winners, 15);
    }
}

#[test]
fn the_same_seed_and_date_give_the_same_day() {
    assert_eq!(campaign(7), campaign(7));
    let ids = |events: Vec<(Timestamp, SourceEvent)>| -> BTreeSet<PostId> {
        fold(events.into_iter().map(|(_, event)| event)).into_keys().collect()
    };
    let other = Campaign::generate(7, civil::date(2026, 11, 24), &paris(), &"s".into()).events;
    assert!(ids(campaign(7)).is_disjoint(&ids(campaign(8))));
    assert!(ids(campaign(7)).is_disjoint(&ids(other)));
}

#[test]
fn everything_happens_in_order_and_between_opening_and_close() {
    let events = campaign(1);
    assert!(events.is_sorted_by_key(|(at, _)| *at));
    let (opens, closes) = (midnight().plus(OPENS), midnight().plus(CLOSES));
    assert!(events.iter().all(|(at, _)| (opens..closes).contains(at)));
    for (at, event) in &events {
        if let SourceEvent::Upsert(post) = event {
            assert!(post.published <= post.received && post.received == *at);
            assert!(post.text.len() <= 1_000, "{}", post.text);
            assert!(!post.text.contains(['{', '}', '<', '|']), "{}", post.text);
        }
    }
}

#[test]
fn the_day_has_peaks_and_the_incident_stands_out() {
    let posts = fold(campaign(1).into_iter().map(|(_, event)| event));
    let count = |from: Micros, to: Micros| {
        let span = midnight().plus(from)..midnight().plus(to);
        posts.values().filter(|post| span.contains(&post.published)).count()
    };
    let (lunch, afternoon) = (count(12 * HOUR, 13 * HOUR), count(15 * HOUR, 16 * HOUR));
    assert!(lunch > 2 * afternoon, "{lunch} {afternoon}");
    let (calm, burst) = (count(FAILS - HOUR, FAILS), count(FAILS, FAILS + HOUR));
    assert!(2 * burst > 3 * calm, "{burst} {calm}");
    let about = |from: Micros, to: Micros| {
        let span = midnight().plus(from)..midnight().plus(to);
        let spoken = |post: &&Post| {
            span.contains(&post.published) && post.text.contains("anne de signalisation")
        };
        posts.values().filter(spoken).count()
    };
    assert_eq!(about(OPENS, FAILS), 0);
    assert!(about(FAILS, MOVES) > 100 && about(MOVES + HOUR, CLOSES) < 20);
}

#[test]
fn no_text_comes_twice_and_all_kinds_are_there() {
    let posts = fold(campaign(1).into_iter().map(|(_, event)| event));
    let public: Vec<_> = posts.values().filter(|post| !is_brand(post)).collect();
    let texts: BTreeSet<_> = public.iter().map(|post| &*post.text).collect();
    assert_eq!(texts.len(), public.len());
    let count = |is: &dyn Fn(&Post) -> bool| public.iter().filter(|post| is(post)).count();
    for network in ["x", "facebook", "instagram", "bluesky", "mastodon"] {
        assert!(count(&|post| post.id.network.as_str() == network) > 300, "{network}");
    }
    for language in ["fr", "en", "es", "de", "it", "ar", "ja", "ko", "zh", "hi"] {
        assert!(count(&|post| post.languages.iter().any(|tag| tag == language)) > 2, "{language}");
    }
    for sign in ["👩‍👩‍👧‍👦", "🇫🇷", "👍🏽", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "https://", "@RailAzur"]
    {
        assert!(count(&|post| post.text.contains(sign)) > 5, "{sign}");
    }
    for kind in [MediaKind::Image, MediaKind::Video, MediaKind::Card] {
        assert!(count(&|post| post.media.iter().any(|media| media.kind == kind)) > 50);
    }
    assert!(count(&|post| post.edited.is_some()) == 90);
    assert!(count(&|post| post.labels.iter().any(Label::hides)) > 3);
    let pictures =
        public.iter().flat_map(|post| &post.media).filter_map(|media| media.picture.as_ref());
    assert!(pictures.into_iter().all(|picture| picture.starts_with("demo:")));
    let authors: BTreeSet<_> = public.iter().map(|post| &post.author.id).collect();
    assert!(authors.len() > 1_200, "{}", authors.len());
}

#[test]
fn every_template_opens_up() {
    let all = [
        include_str!("texts/fr.txt"),
        include_str!("texts/incident.txt"),
        include_str!("texts/brand.txt"),
        include_str!("texts/world.txt"),
        include_str!("texts/signs.txt"),
    ];
    let mut n_lines = 0;
    for text in all {
        let sections = Sections::parse(text);
        for name in sections.names() {
            let mut writer = Writer::new(fastrand::Rng::with_seed(1));
            for _ in 0..20 * sections.lines(name).len() {
                let given = [("prenom", "Léa"), ("gagnant", "lea1")];
                let written = writer.write(&sections, name, &given);
                assert!(!written.contains(['{', '}', '<', '>', '|']), "{name}: {written}");
                assert!(!written.contains("  "), "an empty slot in {name}: {written}");
                n_lines += 1;
            }
        }
    }
    assert!(n_lines > 20 * 250, "{n_lines}");
}

fn source(options: &str) -> DemoSource {
    DemoSource::new(&options.parse().unwrap()).unwrap()
}

/// Runs until the first wait, and gives what came.
async fn run_for_a_tick(source: &mut DemoSource, rig: &mut Rig) -> Vec<SourceEvent> {
    rig.context.shutdown = tokio_util::sync::CancellationToken::new();
    rig.context.shutdown.cancel();
    source.run(&mut rig.context).await.unwrap();
    let (events, cursor) = rig.take();
    rig.context.cursor = cursor.or(rig.context.cursor.take());
    events
}

#[tokio::test]
async fn the_past_comes_at_once_and_the_rest_in_its_time() {
    let mut rig = Rig::new(&[]);
    let mut source = source("");
    let morning = run_for_a_tick(&mut source, &mut rig).await;
    let posts = fold(morning.clone());
    assert!(posts.len() > 1_500, "{}", posts.len());
    assert!(posts.values().all(|post| post.received <= rig.clock.now()));
    rig.clock.advance(10 * MINUTE);
    let more = run_for_a_tick(&mut source, &mut rig).await;
    assert!((20..300).contains(&more.len()));
    let repeated = |event: &SourceEvent| *event != SourceEvent::CaughtUp && morning.contains(event);
    assert!(!more.iter().any(repeated), "a restart repeats nothing");
    assert!(fold(morning.into_iter().chain(more)).len() > posts.len());
}

#[tokio::test]
async fn a_start_moves_the_day() {
    let mut rig = Rig::new(&[]);
    let posts = fold(run_for_a_tick(&mut source("start = '17:40'"), &mut rig).await);
    let first = posts.values().map(|post| post.published).min().unwrap();
    let age = rig.clock.now().since(first);
    assert!((10 * HOUR..=10 * HOUR + 40 * MINUTE).contains(&age));
    assert!(posts.len() > 4_000);
    let mut all = Rig::new(&[]);
    let posts = fold(run_for_a_tick(&mut source("start = '22:00'"), &mut all).await);
    let public = posts.values().filter(|post| !is_brand(post) && is_tagged(post)).count();
    assert_eq!(public, Campaign::N_POSTS);
    let named = |name: &str| posts.values().filter(|post| post.text.contains(name)).count();
    assert!(named("CarLittoral") > 2_500 && named("VéloBaie") > 1_000);
}

#[tokio::test]
async fn the_end_is_the_end() {
    let mut rig = Rig::new(&[]);
    let mut source = source("date = '2026-11-20'");
    let ended = source.run(&mut rig.context).await.unwrap();
    assert_eq!(ended, Ended::Finished);
    let told = rig.take().0.len();
    rig.rerun();
    assert_eq!(source.run(&mut rig.context).await.unwrap(), Ended::Finished);
    assert!(told > 7_600 && rig.take().0.len() <= 1);
}

#[test]
fn options_are_checked() {
    #[track_caller]
    fn check(options: &str, expected: &str) {
        let found = DemoSource::new(&options.parse().unwrap())
            .map_or_else(|err| err.to_string(), |_| String::new());
        assert_eq!(found, expected);
    }
    check("seed = 3\ndate = '2026-02-28'\nstart = '07:00'\ntime_zone = 'UTC'", "");
    check("date = 'today'", "date: must be a date, such as `2026-11-23`");
    check("start = '25:00'", "start: must be a time of day, such as `17:40`");
    check("time_zone = 'Nice'", "time_zone: must be a time zone, such as `Europe/Paris`");
    check(
        "speed = 3",
        "speed: unknown field `speed`, expected one of `seed`, `date`, `start`, `time_zone`",
    );
}

#[test]
fn strange_cursors_are_no_cursors() {
    for text in ["", "1", "1 2026-11-23 0", "a b c d", "1 2026-11-23 0 -1"] {
        assert!(read_cursor(&Cursor(text.into())).is_none(), "{text}");
    }
}
