//! Tests of the log through its own border: events in, events out, bytes on the disk.

mod basics;
mod codec;
mod erasure;
mod kill;
mod model;
mod trouble;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;

use vigie_model::{
    Author, AuthorId, Cursor, Event, Logged, Post, PostId, Reading, Seq, SourceId, Timestamp,
};

use crate::{Group, Options, Writer, file::beside};

/// A folder of the test's own, and the log in it.
fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("room.vigie");
    (folder, path)
}

fn start(path: &Path) -> Writer {
    Writer::start(path, Options::default()).unwrap()
}

/// The time of an event: one second after the one before.
fn time(seq: u64) -> Timestamp {
    Timestamp::from_secs(1_790_000_000 + i64::try_from(seq).unwrap())
}

fn post_id(post: u64) -> PostId {
    PostId::new("bluesky", format!("at://did:plc:test/app.bsky.feed.post/{post}"))
}

fn author_id(author: u64) -> AuthorId {
    AuthorId::new("bluesky", format!("did:plc:author{author}"))
}

fn author(author: u64) -> Arc<Author> {
    Arc::new(Author {
        id: author_id(author),
        handle: format!("author{author}.test").into(),
        name: format!("Author {author} 🐦").into(),
        avatar: None,
    })
}

/// A post as an event, published when it came.
fn posted(seq: u64, post: u64, by: u64, text: &str) -> Logged {
    let post = Post {
        id: post_id(post),
        author: author(by),
        text: text.into(),
        spans: Vec::new(),
        languages: vec!["fr".into()],
        media: Vec::new(),
        labels: Vec::new(),
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: time(seq),
        received: time(seq),
        edited: None,
        source: SourceId::new("live"),
    };
    logged(seq, Event::Post { post: Arc::new(post), reading: Arc::default() })
}

fn logged(seq: u64, event: Event) -> Logged {
    Logged { seq: Seq(seq), at: time(seq), event }
}

/// A group whose cursor names its last event.
fn group(events: Vec<Logged>) -> Group {
    let cursors = events.last().map(|last| (SourceId::new("live"), cursor(last.seq)));
    Group { events, cursors: cursors.into_iter().collect(), acks: Vec::new() }
}

fn cursor(seq: Seq) -> Cursor {
    Cursor(seq.0.to_string().into())
}

/// All that stands in the log's files, as far as it is text.
fn disk_text(path: &Path) -> String {
    let bytes = ["", "-wal"].map(|suffix| std::fs::read(beside(path, suffix)).unwrap_or_default());
    String::from_utf8_lossy(&bytes.concat()).into_owned()
}

/// The numbers of all texts in the log's files: those that begin with `<text of NUMBER>`.
fn texts_on_disk(path: &Path) -> BTreeSet<u64> {
    let disk = disk_text(path);
    // What stands before the first mark is no number, nor is what a cut text leaves.
    let parts = disk.split("<text of ").skip(1);
    parts.filter_map(|part| part.split('>').next()?.parse().ok()).collect()
}

/// A text that is found again in a file: short, or over several pages.
fn text(number: u64) -> String {
    format!("<text of {number}>").repeat(if number.is_multiple_of(6) { 900 } else { 2 })
}

/// All that a replay of the whole log gives.
fn replay(path: &Path) -> Vec<Logged> {
    let reader = crate::Reader::open(path).unwrap();
    reader.replay(..).map(Result::unwrap).collect()
}

/// The places of all events that a replay gives.
fn places(path: &Path) -> Vec<u64> {
    replay(path).into_iter().map(|logged| logged.seq.0).collect()
}
