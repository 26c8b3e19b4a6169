//! What an event costs: a minute of 10,000 posts a second, read, matched and folded, with a snapshot every 16 ms.
//!
//! `cargo run --release -p vigie-state --example fold_cost` said, on two busy cores of an AMD EPYC: read 2.8 µs, match 0.7 µs,
//! fold 8.5 µs a post; snapshot 36 µs at the median, 3.3 ms at p99 (those that make trends anew); 270 MB at the most.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use vigie_analysis::{Analyzer, MEASURES, Matcher};
use vigie_model::{
    Author, AuthorId, Condition, Event, Logged, NamedQuery, Need, NeedKind, Post, PostId, Query,
    Seq, SourceId, Timestamp,
};
use vigie_state::{RoomState, Setup};

const POSTS_PER_SEC: u64 = 10_000;
const N_POSTS: u64 = 60 * POSTS_PER_SEC;
const POSTS_PER_FRAME: u64 = POSTS_PER_SEC / 60;
const WORDS: [&str; 16] = [
    "retard",
    "train",
    "gare",
    "merci",
    "panne",
    "signal",
    "Marseille",
    "été",
    "billet",
    "question",
    "horrible",
    "vacances",
    "lumière",
    "contrôleur",
    "vélo",
    "annonce",
];

#[expect(clippy::disallowed_methods, reason = "this measures real time")]
fn now() -> Instant {
    Instant::now()
}

fn post(number: u64, at: Timestamp) -> Post {
    let word = |step: u64| {
        let place = number.wrapping_mul(step).wrapping_add(number >> 5) % WORDS.len() as u64;
        WORDS.get(place as usize).copied().unwrap_or_default()
    };
    let author = number % 50_000;
    Post {
        id: PostId::new(
            "bench",
            format!("at://did:plc:{author:024}/app.bsky.feed.post/{number:013}"),
        ),
        author: Arc::new(Author {
            id: AuthorId::new("bench", format!("did:plc:{author:024}")),
            handle: format!("author{author}").into(),
            name: "".into(),
            avatar: None,
        }),
        text: format!(
            "Le {} de la {} à {}, c'est {} pour mot{} ? {} #tag{}",
            word(3),
            word(5),
            word(7),
            word(11),
            number % 30_000,
            word(13),
            number % 900,
        )
        .into(),
        spans: Vec::new(),
        languages: vec!["fr".into()],
        media: Vec::new(),
        labels: Vec::new(),
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: at,
        received: at,
        edited: None,
        source: SourceId::new("bench"),
    }
}

fn main() {
    let query = |name: &str, query| NamedQuery { name: name.into(), query };
    let phrase = |text: &str| Query::Is(Condition::Phrase(text.into()));
    let queries = [
        query("all", Query::All),
        query("late", Query::Or(vec![phrase("retard"), phrase("panne")])),
        query("south", Query::And(vec![phrase("train"), phrase("marseille")])),
    ];
    let kinds = || {
        let kpis = MEASURES.iter().map(|measure| NeedKind::Kpi { measure: measure.name.into() });
        let windows = [
            NeedKind::Feed,
            NeedKind::Trends { window_mins: 15 },
            NeedKind::Mood { window_mins: 60 },
            NeedKind::Volume { window_mins: 60 },
        ];
        windows.into_iter().chain(kpis)
    };
    let names: Vec<_> = queries.iter().map(|query| query.name.clone()).collect();
    let need = |query: &NamedQuery, kind| Need { query: query.name.clone(), kind };
    let needs =
        queries.iter().flat_map(|query| kinds().map(move |kind| need(query, kind))).collect();
    let mut state = RoomState::new(&Setup { queries: names, needs, ..Setup::default() });
    let (analyzer, matcher) = (Analyzer::new(), Matcher::new(&queries).expect("three queries fit"));
    let (mut read, mut matched, mut folded) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut snapshots = Vec::new();
    let start = Timestamp::from_secs(1_795_000_000);
    for number in 0..N_POSTS {
        let at = start.plus((number * 1_000_000 / POSTS_PER_SEC) as i64);
        let post = post(number, at);
        let clock = now();
        let reading = analyzer.read(&post);
        read += clock.elapsed();
        let clock = now();
        let asked = matcher.matches(&post, &reading);
        matched += clock.elapsed();
        let event = Event::Post { post: Arc::new(post), reading: reading.into() };
        let logged = Logged { seq: Seq(number + 1), at, event };
        let clock = now();
        state.apply(&logged, Some(asked));
        folded += clock.elapsed();
        if number % POSTS_PER_FRAME == 0 {
            let clock = now();
            drop(state.snapshot());
            snapshots.push(clock.elapsed());
        }
    }
    report(read, matched, folded, snapshots);
}

#[expect(clippy::print_stdout, reason = "an example talks to people")]
fn report(read: Duration, matched: Duration, folded: Duration, mut snapshots: Vec<Duration>) {
    let each = |sum: Duration| sum.as_secs_f64() * 1e6 / N_POSTS as f64;
    println!("read     {:6.2} µs a post", each(read));
    println!("match    {:6.2} µs a post", each(matched));
    println!("fold     {:6.2} µs a post", each(folded));
    snapshots.sort_unstable();
    let rank = |percent: usize| snapshots.get(snapshots.len() * percent / 100).copied();
    println!(
        "snapshot {:?} p50, {:?} p99",
        rank(50).unwrap_or_default(),
        rank(99).unwrap_or_default()
    );
    println!("slowest snapshot {:?}", snapshots.last().copied().unwrap_or_default());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("{line}");
    }
}
