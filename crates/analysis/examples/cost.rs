//! What reading a post costs, part by part: the least of many rounds, for machines that do other things beside.
//!
//! `cargo run --release -p vigie-analysis --example cost -- TEXTS`, where `TEXTS` has a text a line.
//! Without a file, a few sentences are read again and again, which flatters caches.
//! With a second argument, only the digest of all answers is printed: it must not change when something gets faster.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a program of the command line that measures real time"
)]

use std::{
    hash::{Hash as _, Hasher as _},
    time::{Duration, Instant},
};

use rustc_hash::FxHasher;
use vigie_analysis::{Analyzer, Matcher, Stage};
use vigie_model::{
    Author, AuthorId, Condition, NamedQuery, Post, PostId, Query, SourceId, Timestamp,
};

const ROUNDS: usize = 9;
/// A prime, so that steps of it come to every post.
const STRIDE: usize = 7_919;
const SENTENCES: [&str; 4] = [
    "Encore un retard ce matin, c'est vraiment inadmissible 😡 #RailAzur https://a.example",
    "Thanks to the crew of the 8:15, great service as always! @rail",
    "Поезд снова опаздывает на полчаса",
    "電車が遅れています",
];
/// What the authors declare, in turns.
const LANGUAGES: [&[&str]; 5] = [&["en"], &["fr-FR"], &[], &["en-US", "ja"], &["en"]];

fn post((text, languages): (&str, &&[&str])) -> Post {
    Post {
        id: PostId::new("bench", "1"),
        author: std::sync::Arc::new(Author {
            id: AuthorId::new("bench", "a"),
            handle: "".into(),
            name: "".into(),
            avatar: None,
        }),
        text: text.into(),
        spans: Vec::new(),
        languages: languages.iter().map(|tag| (*tag).into()).collect(),
        media: Vec::new(),
        labels: Vec::new(),
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: Timestamp::EPOCH,
        received: Timestamp::EPOCH,
        edited: None,
        source: SourceId::new("bench"),
    }
}

/// Fifty queries of ten phrases each: words that people write, alone and in twos.
fn matcher() -> Matcher {
    const WORDS: [&str; 25] = [
        "train", "retard", "gare", "panne", "merci", "service", "bonjour", "ticket", "prix",
        "delay", "great", "thanks", "weather", "football", "election", "music", "movie", "coffee",
        "school", "police", "market", "water", "match", "album", "river",
    ];
    let pairs = WORDS.iter().flat_map(|one| WORDS.iter().map(move |two| format!("{one} {two}")));
    let phrases: Vec<String> = WORDS.iter().map(ToString::to_string).chain(pairs).collect();
    let queries = phrases.chunks(10).take(50).map(|phrases| NamedQuery {
        name: phrases.concat().as_str().into(),
        query: Query::Or(
            phrases.iter().map(|text| Query::Is(Condition::Phrase(text.into()))).collect(),
        ),
    });
    Matcher::new(&queries.collect::<Vec<_>>()).expect("fifty queries are not too many")
}

/// What each stage costs, without what looking at the clock costs: of each post the least of all rounds, since a
/// machine that does other things beside takes a thread off its processor now and then.
fn print_stages(analyzer: &Analyzer, posts: &[&Post]) {
    const N_STAGES: usize = Stage::ALL.len();
    let mut least = vec![[Duration::MAX; N_STAGES + 1]; posts.len()];
    for _ in 0..ROUNDS {
        for (place, (post, least)) in posts.iter().zip(&mut least).enumerate() {
            let mut spent = [Duration::ZERO; N_STAGES + 1];
            let mut before = Instant::now();
            let mut lap = |place: usize| {
                let now = Instant::now();
                spent[place] += now - before;
                before = now;
            };
            lap(N_STAGES);
            let post_at = |place| posts.get(place).copied();
            Analyzer::look_ahead(post_at(place + 1), post_at(place + 2));
            std::hint::black_box(analyzer.read_in_stages(post, |stage| lap(stage as usize)));
            for (least, spent) in least.iter_mut().zip(spent) {
                *least = spent.min(*least);
            }
        }
    }
    let mean = |place: usize| {
        let sum: Duration = least.iter().map(|least| least[place]).sum();
        sum.as_secs_f64() * 1e6 / posts.len() as f64
    };
    let clock = mean(N_STAGES);
    // Two stages are done in two parts.
    let n_looks = |stage| if matches!(stage, Stage::Language | Stage::Weights) { 2.0 } else { 1.0 };
    let costs = Stage::ALL.map(|stage| mean(stage as usize) - n_looks(stage) * clock);
    for (stage, cost) in Stage::ALL.iter().zip(costs) {
        println!("{:24}{cost:6.2} µs", stage.name());
    }
    println!("{:24}{:6.2} µs, a look at the clock {clock:.3}", "sum", costs.iter().sum::<f64>());
}

/// What answering fifty queries costs, in the same way.
fn print_matches(analyzer: &Analyzer, matcher: &Matcher, posts: &[&Post]) {
    let readings: Vec<_> = posts.iter().map(|post| analyzer.read(post)).collect();
    let mut least = vec![Duration::MAX; posts.len()];
    for _ in 0..ROUNDS {
        for ((post, reading), least) in posts.iter().zip(&readings).zip(&mut least) {
            let before = Instant::now();
            std::hint::black_box(matcher.matches(post, reading));
            *least = before.elapsed().min(*least);
        }
    }
    let sum: Duration = least.iter().sum();
    let cost = sum.as_secs_f64() * 1e6 / posts.len() as f64;
    println!("{:24}{cost:6.2} µs, 50 queries of 10 phrases, with a look at the clock", "matches");
}

/// A number that changes with any answer.
fn digest(analyzer: &Analyzer, matcher: &Matcher, posts: &[&Post]) -> u64 {
    let mut hasher = FxHasher::default();
    for post in posts {
        let reading = analyzer.read(post);
        let matches = matcher.matches(post, &reading);
        let tone = reading.tone;
        let text = format!("{:?} {:?} {:x}", reading, matches, tone.score.to_bits());
        text.hash(&mut hasher);
    }
    hasher.finish()
}

fn main() {
    let file = std::env::args().nth(1).map(|path| std::fs::read_to_string(path).expect("a file"));
    let posts: Vec<Post> = match &file {
        Some(texts) => texts.lines().zip(LANGUAGES.iter().cycle()).map(post).collect(),
        None => {
            let texts = SENTENCES.iter().copied().cycle().take(10_000);
            texts.zip(LANGUAGES.iter().cycle()).map(post).collect()
        }
    };
    // Posts come from another thread, wherever it has found room for them.
    let n_posts = posts.len();
    let posts: Vec<&Post> = (0..n_posts).map(|place| &posts[place * STRIDE % n_posts]).collect();
    let n_bytes: usize = posts.iter().map(|post| post.text.len()).sum();
    println!("{n_posts} posts of {} bytes", n_bytes / n_posts);
    let (analyzer, matcher) = (Analyzer::new(), matcher());
    println!("digest of all answers {:016x}", digest(&analyzer, &matcher, &posts));
    if std::env::args().nth(2).is_some() {
        return;
    }
    print_stages(&analyzer, &posts);
    print_matches(&analyzer, &matcher, &posts);
}
