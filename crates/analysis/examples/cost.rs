//! What reading a post costs, part by part: the least of many rounds, for machines that do other things beside.
//!
//! `cargo run --release -p vigie-analysis --example cost -- TEXTS`, where `TEXTS` has a text a line.
//! Without a file, a few sentences are read again and again, which flatters caches.

use std::time::Instant;

use vigie_analysis::{
    Analyzer, Features, Lane, LanguageReader, Table, features::N_ROWS, language_rows,
};
use vigie_model::{Author, AuthorId, Post, PostId, SourceId, Timestamp};

const ROUNDS: usize = 7;
const SENTENCES: [&str; 4] = [
    "Encore un retard ce matin, c'est vraiment inadmissible 😡 #RailAzur https://a.example",
    "Thanks to the crew of the 8:15, great service as always! @rail",
    "Поезд снова опаздывает на полчаса",
    "電車が遅れています",
];

#[expect(clippy::disallowed_methods, reason = "this measures real time")]
fn micros(n_posts: usize, mut round: impl FnMut()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        round();
        start.elapsed().as_secs_f64() * 1e6 / n_posts as f64
    });
    times.fold(f64::MAX, f64::min)
}

fn post(text: &str) -> Post {
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
        languages: Vec::new(),
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

#[expect(clippy::print_stdout, reason = "a program of the command line")]
fn main() {
    let file = std::env::args().nth(1).map(|path| std::fs::read_to_string(path).expect("a file"));
    let posts: Vec<Post> = match &file {
        Some(texts) => texts.lines().map(post).collect(),
        None => SENTENCES.iter().cycle().take(10_000).map(|text| post(text)).collect(),
    };
    let n_posts = posts.len();
    let n_bytes: usize = posts.iter().map(|post| post.text.len()).sum();
    println!("{n_posts} posts of {} bytes", n_bytes / n_posts);

    let mut features = Features::new();
    let mut n_rows = 0;
    let cost = micros(n_posts, || {
        n_rows = 0;
        for post in &posts {
            features.read(&post.text, []);
            n_rows += features.rows().len();
        }
    });
    println!("features  {cost:6.2} µs, {} rows", n_rows / n_posts);

    let letters: Vec<Vec<char>> = posts
        .iter()
        .map(|post| {
            features.read(&post.text, []);
            features.letters().to_vec()
        })
        .collect();
    let reader = LanguageReader::new();
    let mut rows = Vec::new();
    let mut n_told = 0;
    let cost = micros(n_posts, || {
        for letters in &letters {
            n_told += usize::from(reader.language(letters, &[], &mut rows).as_str() != "und");
        }
    });
    println!("language  {cost:6.2} µs, {} % told", 100 * n_told / n_posts / ROUNDS);
    let cost =
        micros(n_posts, || letters.iter().for_each(|letters| language_rows(letters, &mut rows)));
    println!("  rows    {cost:6.2} µs");

    let rows: Vec<Vec<u32>> = posts
        .iter()
        .map(|post| {
            features.read(&post.text, []);
            features.rows().to_vec()
        })
        .collect();
    let lanes = |n| (0..n).map(|_| Lane { name: String::new(), scale: 1.0, bias: 0.0 }).collect();
    for n_lanes in [8, 16, 64] {
        let table = Table::new(lanes(n_lanes), 17, &vec![1; N_ROWS * n_lanes]).expect("a table");
        let mut sum = 0;
        let cost = micros(n_posts, || {
            for rows in &rows {
                sum += table.sums(rows).first().copied().unwrap_or_default();
            }
        });
        println!("table     {cost:6.2} µs, {n_lanes} lanes of 2^17 rows ({sum})");
    }

    let analyzer = Analyzer::new();
    let mut n_terms = 0;
    let cost = micros(n_posts, || {
        for post in &posts {
            n_terms += analyzer.read(post).terms.len();
        }
    });
    println!("all       {cost:6.2} µs, {} terms", n_terms / n_posts / ROUNDS);
}
