//! The log itself, without threads: groups go in, each in one transaction.

use std::{path::Path, sync::Arc};

use rusqlite::{CachedStatement, Connection, Transaction, TransactionBehavior, params};

use vigie_model::{Cursor, Logged, Seq, SourceId};

use crate::{
    Group, OpenError, Tombstones, Trouble, codec,
    erase::{Erased, Erasures},
    index::Tail,
    schema,
    secret::Mark,
    tombstones::Marks,
};

/// Files up to this are checked from end to end at start, which takes a tenth of a second.
const FULL_CHECK_MAX_PAGES: i64 = 4_096;

/// What a transaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Committed {
    /// Rows appended.
    pub(crate) n_rows: u64,
    /// Rows that lost their content.
    pub(crate) n_erased: u64,
    /// Posts that came although they are buried: their places are kept, without content.
    pub(crate) n_blocked: u64,
}

/// The event log, open for writing.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) connection: Connection,
    pub(crate) tombstones: Arc<Tombstones>,
    pub(crate) tail: Tail,
    pub(crate) last: Seq,
    /// Kept from one event to the next for its memory.
    payload: Vec<u8>,
}

impl Log {
    /// Opens the file, which exists, and reads what is kept in memory.
    pub(crate) fn open(path: &Path, max_bytes: Option<u64>) -> Result<Self, OpenError> {
        let connection = schema::open_to_write(path, max_bytes)?;
        Self::read(connection)
            .map_err(|trouble| OpenError::Database { trouble, path: path.to_owned() })
    }

    fn read(mut connection: Connection) -> Result<Self, Trouble> {
        check(&connection)?;
        let secret = schema::secret(&connection)?;
        let tombstones = Tombstones::load(&connection, secret)?;
        let tail = Tail::load(&mut connection)?;
        let last = last_seq(&connection)?;
        Ok(Self { connection, tombstones, tail, last, payload: Vec::new() })
    }

    /// Takes over the tombstones, and so the key, of a damaged log that this one replaces.
    pub(crate) fn inherit(&mut self, tombstones: Arc<Tombstones>) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        tombstones.secret().store(&transaction)?;
        tombstones.store_all(&transaction)?;
        transaction.commit()?;
        self.tombstones = tombstones;
        Ok(())
    }

    /// Appends `groups` in one transaction. Afterwards either all of it is on disk or nothing.
    ///
    /// Events that the log holds already are skipped, so that a failed call can be repeated.
    pub(crate) fn commit(&mut self, groups: &[Group]) -> Result<Committed, Trouble> {
        let n_marks = self.tail.len();
        let outcome = self.try_commit(groups);
        if outcome.is_err() {
            self.tail.truncate(n_marks);
            // A commit whose answer was lost may have reached the disk.
            if last_seq(&self.connection).is_ok_and(|last| last != self.last) {
                self.tail = Tail::load(&mut self.connection)?;
                self.last = last_seq(&self.connection)?;
            }
        }
        Ok(outcome?)
    }

    fn try_commit(&mut self, groups: &[Group]) -> rusqlite::Result<Committed> {
        let Self { connection, tombstones, tail, last, payload } = self;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut erasures = Erasures::default();
        let mut committed = Committed::default();
        let mut newest = *last;
        {
            let insert = insert(&transaction)?;
            let mut rows = Rows { insert, tombstones, tail, payload };
            for logged in groups.iter().flat_map(|group| &group.events) {
                if logged.seq <= *last {
                    continue;
                }
                if let Some(erasure) = codec::erasure(&logged.event) {
                    erasures.add(&transaction, tombstones, erasure, logged)?;
                }
                committed.n_blocked += u64::from(!rows.append(logged)?);
                committed.n_rows += 1;
                newest = logged.seq;
            }
        }
        store_cursors(&transaction, groups, newest)?;
        let Erased { rows } = erasures.run(&transaction, tombstones, tail)?;
        transaction.commit()?;
        committed.n_erased = rows.len() as u64;
        tail.forget(&rows);
        *last = newest;
        Ok(committed)
    }

    /// Writes the marks in memory as a segment, if there are enough of them.
    pub(crate) fn settle(&mut self) -> Result<(), Trouble> {
        if self.tail.is_full(self.last) {
            self.tail.write_segment(&mut self.connection, self.last)?;
        }
        Ok(())
    }

    /// Moves the write-ahead log into the file and empties it, so that nothing erased is left in it.
    ///
    /// Whether it could: a reader in the middle of its rows is not waited for.
    pub(crate) fn scrub(&self) -> Result<bool, Trouble> {
        let is_busy: i64 =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(is_busy == 0)
    }
}

/// Finds damage early: the whole of a small file, else what the start reads anyway.
fn check(connection: &Connection) -> Result<(), Trouble> {
    let n_pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if n_pages > FULL_CHECK_MAX_PAGES {
        return Ok(());
    }
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Trouble::Damaged) }
}

pub(crate) fn last_seq(connection: &Connection) -> Result<Seq, Trouble> {
    let last: Option<i64> =
        connection.query_row("SELECT max(seq) FROM event", [], |row| row.get(0))?;
    Ok(Seq(last.unwrap_or_default().cast_unsigned()))
}

fn insert<'a>(transaction: &'a Transaction<'_>) -> rusqlite::Result<CachedStatement<'a>> {
    transaction.prepare_cached(
        "INSERT INTO event (seq, at, kind, network, post, author, payload)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
}

/// Appends rows within a transaction.
struct Rows<'a> {
    insert: CachedStatement<'a>,
    tombstones: &'a Tombstones,
    tail: &'a mut Tail,
    payload: &'a mut Vec<u8>,
}

impl Rows<'_> {
    /// Appends one event. Whether its content was stored too.
    fn append(&mut self, logged: &Logged) -> rusqlite::Result<bool> {
        let Logged { seq, at, event } = logged;
        let subject = codec::subject(event);
        let secret = self.tombstones.secret();
        let marks = Marks {
            post: subject.post.map(|id| secret.post(id)),
            author: subject.author.map(|id| secret.author(id)),
        };
        let is_blocked = self.tombstones.blocks_marked(event, marks);
        let is_stored = !is_blocked && self.encode(logged);
        let post = marks.post.filter(|_| is_stored).map(Mark::short);
        let author = marks.author.filter(|_| is_stored).map(Mark::short);
        let network = subject.author.map(|id| id.network.as_str());
        self.insert.execute(params![
            seq.0.cast_signed(),
            at.as_micros(),
            codec::kind(event),
            network,
            post,
            author,
            is_stored.then_some(self.payload.as_slice()),
        ])?;
        self.tail.push(*seq, post, author);
        Ok(!is_blocked)
    }

    fn encode(&mut self, logged: &Logged) -> bool {
        let encoded = codec::encode(&logged.event, self.payload);
        if let Err(err) = &encoded {
            tracing::error!(seq = logged.seq.0, %err, "event stored without its content");
        }
        encoded.is_ok()
    }
}

fn store_cursors(
    transaction: &Transaction<'_>,
    groups: &[Group],
    last: Seq,
) -> rusqlite::Result<()> {
    let mut upsert = transaction.prepare_cached(
        "INSERT INTO cursor (source, cursor, seq) VALUES (?1, ?2, ?3)
         ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor, seq = excluded.seq",
    )?;
    // Of several cursors of one source only the last counts.
    let mut newest: Vec<(&SourceId, &Cursor)> = Vec::new();
    for (source, cursor) in groups.iter().flat_map(|group| &group.cursors) {
        match newest.iter_mut().find(|(known, _)| *known == source) {
            Some((_, known)) => *known = cursor,
            None => newest.push((source, cursor)),
        }
    }
    for (source, cursor) in newest {
        upsert.execute(params![source.as_str(), cursor.0.as_str(), last.0.cast_signed()])?;
    }
    Ok(())
}
