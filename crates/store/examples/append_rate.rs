//! How many posts a second the log takes, gives back and finds again: `cargo run --release --example append_rate`.

use std::{error::Error, sync::Arc, time::Duration};

use vigie_model::{
    Author, AuthorId, Clock as _, Event, Logged, Post, PostId, Reading, Seq, SourceId, SystemClock,
    Timestamp,
};
use vigie_store::{Group, Options, Writer};

/// Events in a group, as large as a batch of a source.
const GROUP_EVENTS: u64 = 512;

/// What is said in a post: 150 bytes, as the average of real ones.
const TEXT: &str = "Le train de 7 h 42 est encore supprimé, et personne ne sait quand part le suivant. \
    Merci quand même à la dame du guichet 🙏 #DemandezAuCM";

#[expect(clippy::print_stdout, reason = "this program is here to print")]
fn main() -> Result<(), Box<dyn Error>> {
    let n_posts: u64 = std::env::args().nth(1).map_or(Ok(1_000_000), |arg| arg.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("rate.vigie");
    let writer = Writer::start(&path, Options::default())?;

    let groups: Vec<Group> = (0..n_posts / GROUP_EVENTS).map(group).collect();
    let n_posts = groups.len() as u64 * GROUP_EVENTS;
    let begin = SystemClock.now();
    for group in groups {
        while !writer.wait_for_room(group.events.len(), Duration::from_secs(1)) {}
        writer.append(group)?;
    }
    writer.flush()?;
    let secs = secs_since(begin);
    let health = writer.health();
    println!("append   {:>9.0} posts/s, {n_posts} posts", rate(n_posts, secs));
    println!("commits  {:>9}, {} posts each", health.n_commits, n_posts / health.n_commits.max(1));

    let begin = SystemClock.now();
    let n_read = writer.reader()?.replay(..).filter(Result::is_ok).count() as u64;
    println!("replay   {:>9.0} posts/s, {n_read} posts", rate(n_read, secs_since(begin)));

    let n_deletes = 1_000;
    let begin = SystemClock.now();
    let events = (0..n_deletes).map(|idx| delete(n_posts + 1 + idx, idx * (n_posts / n_deletes)));
    writer.append(Group { events: events.collect(), ..Group::default() })?;
    writer.flush()?;
    let micros = secs_since(begin) * 1e6 / 1e3;
    println!("delete   {micros:>9.1} us each, {} rows found", writer.health().n_erased);

    let begin = SystemClock.now();
    let n_rows = writer.erase_author(&author_id(7), Timestamp::EPOCH)?;
    println!("erase    {:>9.1} ms for one author, {n_rows} rows", secs_since(begin) * 1e3);

    writer.close()?;
    let n_bytes = std::fs::metadata(&path)?.len();
    println!("disk     {:>9} bytes/post", n_bytes / n_posts);
    let begin = SystemClock.now();
    drop(Writer::start(&path, Options::default())?);
    println!("open     {:>9.1} ms", secs_since(begin) * 1e3);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn rate(count: u64, secs: f64) -> f64 {
    count as f64 / secs
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn secs_since(begin: Timestamp) -> f64 {
    SystemClock.now().since(begin) as f64 / 1e6
}

fn author_id(author: u64) -> AuthorId {
    AuthorId::new("bluesky", format!("did:plc:{author:024}"))
}

fn post_id(post: u64) -> PostId {
    let author = post % 10_000;
    PostId::new("bluesky", format!("at://did:plc:{author:024}/app.bsky.feed.post/{post:013}"))
}

fn group(number: u64) -> Group {
    let posts = number * GROUP_EVENTS..(number + 1) * GROUP_EVENTS;
    Group { events: posts.map(|post| logged(post + 1, posted(post))).collect(), ..Group::default() }
}

fn logged(seq: u64, event: Event) -> Logged {
    let at = Timestamp::from_micros(1_790_000_000_000_000).plus(seq.cast_signed() * 100);
    Logged { seq: Seq(seq), at, event }
}

fn delete(seq: u64, post: u64) -> Logged {
    logged(seq, Event::Deleted(post_id(post)))
}

fn posted(post: u64) -> Event {
    let at = Timestamp::from_micros(1_790_000_000_000_000).plus(post.cast_signed() * 100);
    let author = Author {
        id: author_id(post % 10_000),
        handle: "someone.bsky.social".into(),
        name: "Someone".into(),
        avatar: None,
    };
    let reading = Reading { terms: vec!["train".into(), "guichet".into()], ..Reading::default() };
    let post = Post {
        id: post_id(post),
        author: Arc::new(author),
        text: TEXT.into(),
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
        source: SourceId::new("live"),
    };
    Event::Post { post: Arc::new(post), reading: reading.into() }
}
