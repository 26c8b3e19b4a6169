//! What finds the rows of a post or an author, at the price of an append.
//!
//! A B-tree over hashes, kept up row by row, dirties one random page a row and so costs more than the log itself.
//! Deletes are rare and may take a millisecond; appends are many and may not.
//! So the newest rows' marks lie in memory, unsorted ([`Tail`]).
//! When there are [`SEGMENT_MARKS`], they are sorted and appended to the table `mark` as one segment,
//! which touches only the right edge of the tree.
//! To find a mark is one pass over the tail and one descent for each segment.
//! After a crash the tail is read back from the rows behind the last segment.

use rusqlite::{Connection, OptionalExtension as _, params};
use rustc_hash::FxHashSet;

use vigie_model::Seq;

/// Marks in one segment: 2 MiB of memory, and rows of a few seconds at full load to read back at start.
pub(crate) const SEGMENT_MARKS: usize = 131_072;

/// Rows after which a segment is written even if few of them carry marks, to bound the reading back.
const SEGMENT_ROWS: u64 = 1_000_000;

/// One mark of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) short: i64,
    pub(crate) seq: Seq,
}

/// The marks of the rows that no segment covers yet.
#[derive(Debug)]
pub(crate) struct Tail {
    entries: Vec<Entry>,
    /// The last row that a segment covers.
    covered: Seq,
}

impl Tail {
    pub(crate) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let covered: Option<i64> =
            connection.query_row("SELECT max(last_seq) FROM segment", [], |row| row.get(0))?;
        let covered = covered.unwrap_or_default();
        let mut select = connection.prepare(
            "SELECT seq, post, author FROM event
             WHERE seq > ?1 AND (post IS NOT NULL OR author IS NOT NULL)",
        )?;
        let mut tail = Self { entries: Vec::new(), covered: Seq(covered.cast_unsigned()) };
        let mut rows = select.query([covered])?;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            tail.push(Seq(seq.cast_unsigned()), row.get(1)?, row.get(2)?);
        }
        Ok(tail)
    }

    pub(crate) fn push(&mut self, seq: Seq, post: Option<i64>, author: Option<i64>) {
        for short in [post, author].into_iter().flatten() {
            self.entries.push(Entry { short, seq });
        }
    }

    /// Where a transaction begins, to come back to if it fails.
    pub(crate) const fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.entries.truncate(len);
    }

    /// The entries whose marks `is_wanted`.
    pub(crate) fn find(&self, is_wanted: impl Fn(i64) -> bool) -> Vec<Entry> {
        self.entries.iter().filter(|entry| is_wanted(entry.short)).copied().collect()
    }

    /// Forgets rows that have lost their content.
    pub(crate) fn forget(&mut self, rows: &FxHashSet<Seq>) {
        if !rows.is_empty() {
            self.entries.retain(|entry| !rows.contains(&entry.seq));
        }
    }

    /// Forgets rows that left the log.
    pub(crate) fn forget_before(&mut self, first: Seq) {
        self.entries.retain(|entry| entry.seq >= first);
    }

    pub(crate) const fn is_full(&self, last: Seq) -> bool {
        self.entries.len() >= SEGMENT_MARKS || last.0.saturating_sub(self.covered.0) >= SEGMENT_ROWS
    }

    /// Writes the tail as a segment that ends with the row `last`.
    pub(crate) fn write_segment(
        &mut self,
        connection: &mut Connection,
        last: Seq,
    ) -> rusqlite::Result<()> {
        self.entries.sort_unstable();
        let transaction = connection.transaction()?;
        {
            let segment = last.0.cast_signed();
            transaction.execute("INSERT INTO segment (last_seq) VALUES (?1)", [segment])?;
            let mut insert = transaction
                .prepare_cached("INSERT INTO mark (segment, short, seq) VALUES (?1, ?2, ?3)")?;
            for entry in &self.entries {
                insert.execute(params![segment, entry.short, entry.seq.0.cast_signed()])?;
            }
        }
        transaction.commit()?;
        self.entries.clear();
        self.covered = last;
        Ok(())
    }
}

/// The rows of all segments that carry the mark.
pub(crate) fn find_in_segments(
    connection: &Connection,
    short: i64,
) -> rusqlite::Result<Vec<Entry>> {
    let mut select = connection.prepare_cached(
        "SELECT mark.seq FROM segment CROSS JOIN mark
         WHERE mark.segment = segment.last_seq AND mark.short = ?1",
    )?;
    let rows = select.query_map([short], |row| {
        let seq: i64 = row.get(0)?;
        Ok(Entry { short, seq: Seq(seq.cast_unsigned()) })
    })?;
    rows.collect()
}

/// Takes a row's mark out of the segment that covers it, if one does.
pub(crate) fn remove(connection: &Connection, entry: Entry) -> rusqlite::Result<()> {
    let seq = entry.seq.0.cast_signed();
    let mut delete = connection.prepare_cached(
        "DELETE FROM mark WHERE short = ?1 AND seq = ?2
         AND segment = (SELECT last_seq FROM segment WHERE last_seq >= ?2 ORDER BY last_seq LIMIT 1)",
    )?;
    delete.execute([entry.short, seq])?;
    Ok(())
}

/// Removes the oldest segment if all its rows lie before `first`. Whether there was one.
pub(crate) fn drop_segment_before(connection: &Connection, first: Seq) -> rusqlite::Result<bool> {
    let oldest: Option<i64> = connection
        .query_row(
            "SELECT last_seq FROM segment WHERE last_seq < ?1 ORDER BY last_seq LIMIT 1",
            [first.0.cast_signed()],
            |row| row.get(0),
        )
        .optional()?;
    let Some(oldest) = oldest else { return Ok(false) };
    connection.execute("DELETE FROM mark WHERE segment = ?1", [oldest])?;
    connection.execute("DELETE FROM segment WHERE last_seq = ?1", [oldest])?;
    Ok(true)
}
