//! What was deleted, so that neither a replay nor a back-fill brings it back.

use std::sync::Arc;

use parking_lot::RwLock;
use rusqlite::{Connection, params};
use rustc_hash::FxHashMap;

use vigie_model::{Event, Micros, Timestamp};

use crate::{
    codec::{self, Erasure},
    secret::{Mark, Secret},
};

const DAY: Micros = 86_400 * 1_000_000;

/// How long the delete of a post that was never here is remembered.
///
/// Networks tell of every delete, most of them of posts that no query asked for.
/// Only a back-fill can still bring such a post, and none reaches back further than this.
const UNKNOWN_KEEP: Micros = 3 * DAY;

/// How long the delete of a post that was here is remembered: longer than any recording of the room is kept.
const KNOWN_KEEP: Micros = 400 * DAY;

/// Why a grave is kept, and so for how long. The numbers are the file's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Keep {
    /// A post that was never here.
    UnknownPost = 0,
    /// A post that was here.
    KnownPost = 1,
    /// A post that a person took off the wall.
    PostForever = 2,
    /// An author whose posts until then are gone.
    Author = 3,
    /// An author who asked for erasure.
    AuthorForever = 4,
}

impl Keep {
    fn from_number(number: u8) -> Self {
        match number {
            0 => Self::UnknownPost,
            1 => Self::KnownPost,
            2 => Self::PostForever,
            3 => Self::Author,
            // What a newer program has written is kept, not lost.
            _ => Self::AuthorForever,
        }
    }

    pub(crate) const EXPIRING: [(Self, Micros); 3] = [
        (Self::UnknownPost, UNKNOWN_KEEP),
        (Self::KnownPost, KNOWN_KEEP),
        (Self::Author, KNOWN_KEEP),
    ];
}

#[derive(Clone, Copy, Debug)]
struct Grave {
    keep: Keep,
    at: Timestamp,
}

/// The marks of what an event carries.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    pub(crate) post: Option<Mark>,
    pub(crate) author: Option<Mark>,
}

/// What was deleted, by the keyed hash of its id.
///
/// The sequencer asks [`Tombstones::admits`] for each event in order, before it numbers it.
/// What is not admitted is dropped there, so that log, state and screens agree.
/// The writer asks again: a buried post that was appended all the same keeps its place in the log, without content.
#[derive(Debug)]
pub struct Tombstones {
    secret: Secret,
    graves: RwLock<FxHashMap<Mark, Grave>>,
}

impl Tombstones {
    pub(crate) fn load(connection: &Connection, secret: Secret) -> rusqlite::Result<Arc<Self>> {
        let mut graves = FxHashMap::default();
        let mut select = connection.prepare("SELECT mark, keep, at FROM tombstone")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let keep = Keep::from_number(row.get(1)?);
            let at = Timestamp::from_micros(row.get(2)?);
            graves.insert(Mark::from_bytes(row.get(0)?), Grave { keep, at });
        }
        Ok(Arc::new(Self { secret, graves: RwLock::new(graves) }))
    }

    /// Whether `event` may enter the log at `at`; remembers what it deletes.
    #[must_use]
    pub fn admits(&self, event: &Event, at: Timestamp) -> bool {
        if self.blocks_event(event) {
            return false;
        }
        if let Some(erasure) = codec::erasure(event) {
            let (mark, keep) = self.grave_of(erasure);
            self.bury(mark, keep, at);
        }
        true
    }

    /// Whether `event` carries content that must not come back.
    pub(crate) fn blocks_event(&self, event: &Event) -> bool {
        if self.is_empty() {
            return false;
        }
        let subject = codec::subject(event);
        let marks = Marks {
            post: subject.post.map(|id| self.secret.post(id)),
            author: subject.author.map(|id| self.secret.author(id)),
        };
        self.blocks_marked(event, marks)
    }

    /// As [`Tombstones::blocks_event`], for one who has the event's marks already.
    pub(crate) fn blocks_marked(&self, event: &Event, marks: Marks) -> bool {
        let graves = self.graves.read();
        if graves.is_empty() {
            return false;
        }
        let of_author = || graves.get(&marks.author?);
        match event {
            Event::Post { post, .. } => {
                marks.post.is_some_and(|mark| graves.contains_key(&mark))
                    || of_author().is_some_and(|grave| {
                        grave.keep == Keep::AuthorForever || post.published <= grave.at
                    })
            }
            Event::Author(_) => of_author().is_some_and(|grave| grave.keep == Keep::AuthorForever),
            _ => false,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.graves.read().len()
    }

    /// Whether nothing was ever deleted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) const fn secret(&self) -> &Secret {
        &self.secret
    }

    /// What `erasure` takes, and why it is remembered as long as nothing more is known.
    pub(crate) fn grave_of(&self, erasure: Erasure<'_>) -> (Mark, Keep) {
        match erasure {
            Erasure::Post(id) => (self.secret.post(id), Keep::UnknownPost),
            Erasure::PostForever(id) => (self.secret.post(id), Keep::PostForever),
            Erasure::Author(id) => (self.secret.author(id), Keep::Author),
            Erasure::AuthorForever(id) => (self.secret.author(id), Keep::AuthorForever),
        }
    }

    /// Remembers a deletion; of two for the same mark, the longer and the later one.
    pub(crate) fn bury(&self, mark: Mark, keep: Keep, at: Timestamp) {
        let mut graves = self.graves.write();
        let grave = graves.entry(mark).or_insert(Grave { keep, at });
        grave.keep = grave.keep.max(keep);
        grave.at = grave.at.max(at);
    }

    /// Writes one grave to the file.
    pub(crate) fn store(
        connection: &Connection,
        mark: Mark,
        keep: Keep,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        let mut insert = connection.prepare_cached(
            "INSERT INTO tombstone (mark, keep, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (mark) DO UPDATE SET keep = max(keep, excluded.keep), at = max(at, excluded.at)",
        )?;
        insert.execute(params![mark.bytes(), keep as u8, at.as_micros()])?;
        Ok(())
    }

    /// Writes all graves to a file that replaces a damaged one.
    pub(crate) fn store_all(&self, connection: &Connection) -> rusqlite::Result<()> {
        #[expect(clippy::iter_over_hash_type, reason = "a table has no order")]
        for (mark, grave) in &*self.graves.read() {
            Self::store(connection, *mark, grave.keep, grave.at)?;
        }
        Ok(())
    }

    /// Forgets, in the file and here, what was remembered long enough at `now`.
    pub(crate) fn expire(&self, connection: &Connection, now: Timestamp) -> rusqlite::Result<u64> {
        let mut n_expired = 0;
        for (keep, micros) in Keep::EXPIRING {
            let before = now.plus(-micros).as_micros();
            let mut delete = connection.prepare_cached(
                "DELETE FROM tombstone WHERE keep = ?1 AND at < ?2 RETURNING mark",
            )?;
            let expired = delete
                .query_map(params![keep as u8, before], |row| Ok(Mark::from_bytes(row.get(0)?)))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let mut graves = self.graves.write();
            for mark in &expired {
                graves.remove(mark);
            }
            n_expired += expired.len() as u64;
        }
        Ok(n_expired)
    }
}
