//! The room as its users see it: events in, snapshots out.

mod alerts;
mod copies;
mod feeds;
mod figures;
mod insight;
mod limits;
mod moderation;
mod operations;
mod properties;
mod show;
mod sources;
mod trends;

use std::sync::Arc;

use vigie_analysis::QuerySet;
use vigie_model::{
    Attitude, Author, AuthorId, Command, Event, Feed, Issued, Kpi, KpiValue, Logged, Need,
    NeedKind, Post, PostId, PurgeCause, QueryName, Reading, Seq, Snapshot, SourceId, Timestamp,
    Tone,
};

use crate::{RoomState, Setup};

/// Noon of a Monday in Paris.
const NOON: &str = "2026-11-23T11:00:00Z";

/// A room with one query `q`, whose log the test writes.
struct Room {
    state: RoomState,
    seq: Seq,
    at: Timestamp,
}

fn noon() -> Timestamp {
    Timestamp::parse(NOON).unwrap()
}

fn need(kind: NeedKind) -> Need {
    Need { query: QueryName::new("q"), kind }
}

fn setup(needs: Vec<NeedKind>) -> Setup {
    Setup {
        queries: vec!["q".into(), "other".into()],
        needs: needs.into_iter().map(need).collect(),
        accounts: vec!["@RailAzur".into()],
        sources: vec!["s".into()],
        time_zone: jiff::tz::TimeZone::get("Europe/Paris").unwrap(),
        day_starts: jiff::civil::Time::midnight(),
        ..Setup::default()
    }
}

fn id(native: &str) -> PostId {
    PostId::new("x", native)
}

fn author(handle: &str) -> Arc<Author> {
    Arc::new(Author {
        id: AuthorId::new("x", format!("id-{handle}")),
        handle: handle.into(),
        name: "".into(),
        avatar: None,
    })
}

/// A post of `handle`, published now.
fn post(native: &str, handle: &str, text: &str, at: Timestamp) -> Post {
    Post {
        id: id(native),
        author: author(handle),
        text: text.into(),
        spans: Vec::new(),
        languages: Vec::new(),
        media: Vec::new(),
        labels: Vec::new(),
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: at,
        received: at,
        edited: None,
        source: SourceId::new("s"),
    }
}

fn tone(attitude: Attitude) -> Reading {
    Reading { tone: Tone { attitude, score: 0.0, unsure: false }, ..Reading::default() }
}

impl Room {
    fn new(needs: Vec<NeedKind>) -> Self {
        Self::with(RoomState::new(&setup(needs)))
    }

    fn with(state: RoomState) -> Self {
        Self { state, seq: Seq::default(), at: noon() }
    }

    fn wait(&mut self, secs: i64) {
        self.at = self.at.plus(secs * 1_000_000);
        self.state.advance(self.at);
    }

    fn event(&mut self, event: Event, asked: Option<QuerySet>) {
        self.seq = self.seq.next();
        self.state.apply(&Logged { seq: self.seq, at: self.at, event }, asked);
    }

    fn read(&mut self, post: Post, reading: Reading) {
        let event = Event::Post { post: Arc::new(post), reading: reading.into() };
        self.event(event, Some(QuerySet::from_bits(1)));
    }

    /// A post of the author with the same name, a second after the last event.
    fn say(&mut self, native: &str, text: &str) {
        self.wait(1);
        self.read(post(native, "léa", text, self.at), Reading::default());
    }

    fn delete(&mut self, native: &str) {
        self.event(Event::Deleted(id(native)), None);
    }

    fn purge(&mut self, handle: &str, cause: PurgeCause) {
        self.event(Event::AuthorPurged(author(handle).id.clone(), cause), None);
    }

    fn command(&mut self, command: Command) {
        self.command_by("test", command);
    }

    fn command_by(&mut self, by: &str, command: Command) {
        self.event(Event::Command(Issued { by: by.into(), command }), None);
    }

    fn pause(&mut self, paused: bool) {
        self.command(Command::Pause { query: Some("q".into()), paused });
    }

    fn snapshot(&mut self) -> Arc<Snapshot> {
        self.state.snapshot()
    }

    fn feed(&mut self) -> Feed {
        (**self.snapshot().feed(&"q".into()).unwrap().shared()).clone()
    }

    fn kpi(&mut self, measure: &str) -> Kpi {
        (**self.snapshot().kpi(&"q".into(), measure).unwrap().shared()).clone()
    }

    #[track_caller]
    fn check_feed(&mut self, expected: &[&str]) {
        let feed = self.feed();
        let found: Vec<_> = feed.items.iter().map(|item| item.post.id.native.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_kpi(&mut self, measure: &str, expected: KpiValue) {
        assert_eq!(self.kpi(measure).value, expected, "{measure}");
    }
}
