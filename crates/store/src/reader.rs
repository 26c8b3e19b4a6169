//! The log read back: at start, for a replay, for a second wall.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::{Bound, RangeBounds},
    path::Path,
};

use rusqlite::Connection;

use vigie_model::{Cursor, Logged, Seq, SourceId, Timestamp};

use crate::{OpenError, ReadError, Trouble, codec, log, schema};

/// Rows that are read at a time: no lock and no memory is held for longer.
const CHUNK_ROWS: i64 = 512;

/// A connection that reads the log, also while it is written.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens a log that exists.
    ///
    /// # Errors
    /// Where the file is missing, no event log, of a newer format, or damaged.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Ok(Self { connection: schema::open_to_read(path)? })
    }

    /// The last event's place, 0 where there is none yet.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn last_seq(&self) -> Result<Seq, ReadError> {
        Ok(log::last_seq(&self.connection)?)
    }

    /// Where each source is to go on.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn cursors(&self) -> Result<BTreeMap<SourceId, Cursor>, ReadError> {
        let read = || {
            let mut select = self.connection.prepare_cached("SELECT source, cursor FROM cursor")?;
            let rows = select.query_map([], |row| {
                let (source, cursor): (String, String) = (row.get(0)?, row.get(1)?);
                Ok((SourceId::new(source), Cursor(cursor.into())))
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|err| Trouble::from(err).into())
    }

    /// The events of `range` in order, those without content left out.
    ///
    /// What is appended meanwhile is read too, if it is in the range.
    /// A row that cannot be read is an error in its place, and the next one follows; a file that cannot be read ends it.
    pub fn replay(&self, range: impl RangeBounds<Seq>) -> Replay<'_> {
        let next = match range.start_bound() {
            Bound::Included(seq) => *seq,
            Bound::Excluded(seq) => Seq(seq.0.saturating_add(1)),
            Bound::Unbounded => Seq(0),
        };
        let last = match range.end_bound() {
            Bound::Included(seq) => *seq,
            Bound::Excluded(Seq(0)) => return Replay::over(self),
            Bound::Excluded(seq) => Seq(seq.0 - 1),
            Bound::Unbounded => Seq(i64::MAX.cast_unsigned()),
        };
        Replay { reader: self, next, last, rows: VecDeque::new(), is_over: false }
    }

    fn chunk(&self, from: Seq, last: Seq) -> Result<Vec<Row>, Trouble> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, at, payload FROM event
             WHERE seq BETWEEN ?1 AND ?2 AND payload IS NOT NULL ORDER BY seq LIMIT ?3",
        )?;
        let bound = |seq: Seq| i64::try_from(seq.0).unwrap_or(i64::MAX);
        let mut rows = select.query([bound(from), bound(last), CHUNK_ROWS])?;
        let mut chunk = Vec::new();
        while let Some(row) = rows.next()? {
            let seq = Seq(row.get::<_, i64>(0)?.cast_unsigned());
            let at = Timestamp::from_micros(row.get(1)?);
            let payload = row.get_ref(2)?.as_blob().unwrap_or_default();
            chunk.push((seq, codec::decode(seq, payload).map(|event| Logged { seq, at, event })));
        }
        Ok(chunk)
    }
}

type Row = (Seq, Result<Logged, ReadError>);

/// The events of a range, read as they are asked for.
#[derive(Debug)]
pub struct Replay<'a> {
    reader: &'a Reader,
    next: Seq,
    last: Seq,
    rows: VecDeque<Row>,
    is_over: bool,
}

impl<'a> Replay<'a> {
    const fn over(reader: &'a Reader) -> Self {
        Self { reader, next: Seq(0), last: Seq(0), rows: VecDeque::new(), is_over: true }
    }
}

impl Iterator for Replay<'_> {
    type Item = Result<Logged, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rows.is_empty() && !self.is_over {
            match self.reader.chunk(self.next, self.last) {
                Ok(chunk) => self.rows = chunk.into(),
                Err(trouble) => {
                    self.is_over = true;
                    return Some(Err(trouble.into()));
                }
            }
            self.is_over = self.rows.is_empty();
        }
        let (seq, row) = self.rows.pop_front()?;
        self.next = seq.next();
        Some(row)
    }
}
