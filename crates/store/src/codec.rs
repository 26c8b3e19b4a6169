//! Events as bytes: a byte that names the form, then the event in that form.
//!
//! Posts have a form of their own, since nearly all events are posts; the others are MessagePack with names,
//! so that fields can be added later. Logs of older programs hold posts in that form too.

use vigie_model::{AuthorId, Command, Event, Issued, PostId, Seq};

use crate::{ReadError, compact};

/// MessagePack with names. Another number is another form, not another set of fields.
const NAMED: u8 = 1;

/// A post, compactly: see `compact.rs`.
const COMPACT: u8 = 2;

/// More than this is no event of ours: a text of 100 kB and its annotations stay far below.
const MAX_PAYLOAD_BYTES: usize = 4 << 20;

/// Writes `event` into `payload`, which keeps its memory from one event to the next.
pub(crate) fn encode(event: &Event, payload: &mut Vec<u8>) -> rusqlite::Result<()> {
    payload.clear();
    let written = if let Event::Post { post, reading } = event {
        payload.push(COMPACT);
        compact::write(post, reading, payload)
    } else {
        payload.push(NAMED);
        rmp_serde::encode::write_named(payload, event)
    };
    written.map_err(|err| rusqlite::Error::ToSqlConversionFailure(Box::new(err)))
}

/// Reads back what [`encode`] wrote.
pub(crate) fn decode(seq: Seq, payload: &[u8]) -> Result<Event, ReadError> {
    let unreadable = |why| ReadError::Payload { seq, why };
    match payload.split_first() {
        _ if payload.len() > MAX_PAYLOAD_BYTES => Err(unreadable("it is too long")),
        Some((&NAMED, body)) => {
            // The decoder's own words may quote the content, which must not reach a log file.
            rmp_serde::from_slice(body).map_err(|_quotes| unreadable("its fields do not fit"))
        }
        Some((&COMPACT, body)) => {
            compact::read(body).ok_or_else(|| unreadable("its fields do not fit"))
        }
        Some(_) => Err(unreadable("a newer program wrote it")),
        None => Err(unreadable("it is empty")),
    }
}

/// The number that a kind of event has in the file. Numbers are never given twice.
pub(crate) const fn kind(event: &Event) -> u8 {
    match event {
        Event::Post { .. } => 0,
        Event::Deleted(_) => 1,
        Event::AuthorPurged(..) => 2,
        Event::Author(_) => 3,
        Event::Unasked { .. } => 4,
        Event::Gap { .. } => 5,
        Event::CaughtUp(_) => 6,
        Event::Source(..) => 7,
        Event::Command(_) => 8,
        Event::Figure { .. } => 9,
    }
}

/// Whose content an event carries, and so what makes it go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subject<'a> {
    pub(crate) post: Option<&'a PostId>,
    pub(crate) author: Option<&'a AuthorId>,
}

pub(crate) fn subject(event: &Event) -> Subject<'_> {
    match event {
        Event::Post { post, .. } => Subject { post: Some(&post.id), author: Some(&post.author.id) },
        Event::Author(author) => Subject { post: None, author: Some(&author.id) },
        _ => Subject { post: None, author: None },
    }
}

/// What an event takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erasure<'a> {
    /// The post goes, and must not come back.
    Post(&'a PostId),
    /// The post goes, now and for all time.
    PostForever(&'a PostId),
    /// What the author published until now goes, and must not come back.
    Author(&'a AuthorId),
    /// All of the author goes, now and for all time.
    AuthorForever(&'a AuthorId),
}

pub(crate) const fn erasure(event: &Event) -> Option<Erasure<'_>> {
    use vigie_model::PurgeCause;
    match event {
        Event::Deleted(post) => Some(Erasure::Post(post)),
        Event::AuthorPurged(author, PurgeCause::Erasure)
        | Event::Command(Issued { command: Command::Erase(author), .. }) => {
            Some(Erasure::AuthorForever(author))
        }
        Event::AuthorPurged(author, _) => Some(Erasure::Author(author)),
        Event::Command(Issued { command: Command::Forget(post), .. }) => {
            Some(Erasure::PostForever(post))
        }
        _ => None,
    }
}
