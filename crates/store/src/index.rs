//! What finds the rows of a post or an author, at the price of an append.
//!
//! A B-tree over hashes, kept up row by row, dirties one random page a row and so costs more than the log itself.
//! Deletes are rare and may take a millisecond; appends are many and may not.
//! So the newest rows' marks lie in memory, unsorted ([`Tail`]).
//! When there are [`SEGMENT_MARKS`], they are dealt into [`BUCKETS`] by their first bits, and each bucket is
//! appended to the table `bucket` as one row: half a thousand rows stand for a hundred thousand marks.
//! To find a mark is one pass over the tail and one bucket of each segment.
//! What a bucket keeps of a mark is 32 bits: a row that was not meant is told by its content, which is looked at anyway.
//! After a crash the tail is read back from the rows behind the last segment, and so is the index of an older file,
//! segment by segment.

use rusqlite::{Connection, OptionalExtension as _, params};
use rustc_hash::FxHashSet;

use vigie_model::Seq;

/// Marks in one segment: 2 MiB of memory, and rows of a second at full load to read back at start.
pub(crate) const SEGMENT_MARKS: usize = 131_072;

/// Rows after which a segment is written even if few of them carry marks, to bound the reading back.
const SEGMENT_ROWS: u64 = 1_000_000;

/// Buckets of a segment: of a full one, each has 2 KiB and seven share a page.
const BUCKET_BITS: u32 = 9;
const BUCKETS: i64 = 1 << BUCKET_BITS;

/// Bytes of a mark in a bucket: 32 bits of the mark, and how many rows before the segment's last one it stands.
const MARK_BYTES: usize = 8;

/// One mark of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) short: i64,
    pub(crate) seq: Seq,
}

impl Entry {
    /// What the bucket of a segment that ends with `last` keeps.
    fn packed(self, last: Seq) -> Option<[u8; MARK_BYTES]> {
        let age = u32::try_from(last.0.checked_sub(self.seq.0)?).ok()?;
        let mut bytes = [0; MARK_BYTES];
        let (tag, place) = bytes.split_at_mut(MARK_BYTES / 2);
        tag.copy_from_slice(&tag_of(self.short));
        place.copy_from_slice(&age.to_le_bytes());
        Some(bytes)
    }
}

/// The bucket that a mark belongs to.
const fn bucket_of(short: i64) -> i64 {
    (short.cast_unsigned() >> (64 - BUCKET_BITS)).cast_signed()
}

/// The bits of a mark that its bucket keeps: those that follow the bucket's own.
const fn tag_of(short: i64) -> [u8; 4] {
    let bits = (short.cast_unsigned() << BUCKET_BITS >> 32).to_le_bytes();
    [bits[0], bits[1], bits[2], bits[3]]
}

/// The number of a segment's first bucket in the file.
const fn first_bucket(segment: i64) -> i64 {
    segment.saturating_mul(BUCKETS)
}

/// The marks of the rows that no segment covers yet.
#[derive(Debug)]
pub(crate) struct Tail {
    entries: Vec<Entry>,
    /// The last row that a segment covers.
    covered: Seq,
}

impl Tail {
    /// Reads the marks of the rows that no segment covers; where there are many, as in a file of an older program,
    /// writes segments of them on the way.
    pub(crate) fn load(connection: &mut Connection) -> rusqlite::Result<Self> {
        let covered: Option<i64> =
            connection.query_row("SELECT max(last_seq) FROM segment", [], |row| row.get(0))?;
        let covered = Seq(covered.unwrap_or_default().cast_unsigned());
        let mut tail = Self { entries: Vec::new(), covered };
        let mut last = covered;
        while tail.read_rows(connection, &mut last)? {
            tail.write_segment(connection, last)?;
        }
        Ok(tail)
    }

    /// Reads marks of the rows after `last`, and moves it on; whether the tail is full before the rows are over.
    fn read_rows(&mut self, connection: &Connection, last: &mut Seq) -> rusqlite::Result<bool> {
        let mut select =
            connection.prepare_cached("SELECT seq, post, author FROM event WHERE seq > ?1")?;
        let mut rows = select.query([last.0.cast_signed()])?;
        while let Some(row) = rows.next()? {
            *last = Seq(row.get::<_, i64>(0)?.cast_unsigned());
            self.push(*last, row.get(1)?, row.get(2)?);
            if self.is_full(*last) {
                return Ok(true);
            }
        }
        Ok(false)
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
        let mut buckets = vec![Vec::new(); usize::try_from(BUCKETS).unwrap_or_default()];
        for entry in &self.entries {
            let bucket = usize::try_from(bucket_of(entry.short)).unwrap_or_default();
            if let (Some(bucket), Some(mark)) = (buckets.get_mut(bucket), entry.packed(last)) {
                bucket.extend_from_slice(&mark);
            }
        }
        let transaction = connection.transaction()?;
        {
            let segment = last.0.cast_signed();
            transaction.execute("INSERT INTO segment (last_seq) VALUES (?1)", [segment])?;
            let mut insert =
                transaction.prepare_cached("INSERT INTO bucket (id, marks) VALUES (?1, ?2)")?;
            for (marks, id) in buckets.iter().zip(first_bucket(segment)..) {
                if !marks.is_empty() {
                    insert.execute(params![id, marks])?;
                }
            }
        }
        transaction.commit()?;
        self.entries.clear();
        self.covered = last;
        Ok(())
    }
}

/// The rows of all segments that may carry the mark.
pub(crate) fn find_in_segments(
    connection: &Connection,
    short: i64,
) -> rusqlite::Result<Vec<Entry>> {
    let mut select = connection.prepare_cached(
        "SELECT segment.last_seq, bucket.marks FROM segment CROSS JOIN bucket
         WHERE bucket.id = segment.last_seq * ?1 + ?2",
    )?;
    let mut rows = select.query([BUCKETS, bucket_of(short)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let last: i64 = row.get(0)?;
        let marks = row.get_ref(1)?.as_blob().unwrap_or_default();
        let (marks, _) = marks.as_chunks::<MARK_BYTES>();
        let tag = tag_of(short);
        for mark in marks.iter().filter(|mark| mark.starts_with(&tag)) {
            let [.., one, two, three, four] = *mark;
            let age = u64::from(u32::from_le_bytes([one, two, three, four]));
            found.push(Entry { short, seq: Seq(last.cast_unsigned().saturating_sub(age)) });
        }
    }
    Ok(found)
}

/// Takes a row's mark out of the segment that covers it, if one does.
pub(crate) fn remove(connection: &Connection, entry: Entry) -> rusqlite::Result<()> {
    let mut select = connection.prepare_cached(
        "SELECT last_seq FROM segment WHERE last_seq >= ?1 ORDER BY last_seq LIMIT 1",
    )?;
    let segment: Option<i64> =
        select.query_row([entry.seq.0.cast_signed()], |row| row.get(0)).optional()?;
    let Some(segment) = segment else { return Ok(()) };
    let Some(gone) = entry.packed(Seq(segment.cast_unsigned())) else { return Ok(()) };
    let id = first_bucket(segment).saturating_add(bucket_of(entry.short));
    let mut select = connection.prepare_cached("SELECT marks FROM bucket WHERE id = ?1")?;
    let marks: Option<Vec<u8>> = select.query_row([id], |row| row.get(0)).optional()?;
    let Some(marks) = marks else { return Ok(()) };
    let (marks, _) = marks.as_chunks::<MARK_BYTES>();
    let left: Vec<u8> = marks.iter().filter(|mark| **mark != gone).flatten().copied().collect();
    let mut update = connection.prepare_cached("UPDATE bucket SET marks = ?2 WHERE id = ?1")?;
    update.execute(params![id, left])?;
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
    let buckets = [first_bucket(oldest), first_bucket(oldest).saturating_add(BUCKETS)];
    connection.execute("DELETE FROM bucket WHERE id >= ?1 AND id < ?2", buckets)?;
    connection.execute("DELETE FROM segment WHERE last_seq = ?1", [oldest])?;
    Ok(true)
}
