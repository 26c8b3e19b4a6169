//! How content leaves the log: every row of a post, or of an author.

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};
use rustc_hash::{FxHashMap, FxHashSet};

use vigie_model::{AuthorId, Logged, Seq, Timestamp};

use crate::{
    Tombstones, Trouble,
    codec::{self, Erasure},
    index::{self, Entry, Tail},
    log::Log,
    secret::{Mark, Secret},
    tombstones::Keep,
};

/// The rows that lost their content in a transaction.
#[derive(Debug, Default)]
pub(crate) struct Erased {
    pub(crate) rows: FxHashSet<Seq>,
}

/// The deletions of one transaction: collected first, so that the tail is searched once for all of them.
#[derive(Debug, Default)]
pub(crate) struct Erasures {
    targets: FxHashMap<i64, Target>,
}

#[derive(Clone, Copy, Debug)]
struct Target {
    mark: Mark,
    keep: Keep,
    at: Timestamp,
    /// Rows before this one go.
    before: Seq,
}

impl Erasures {
    /// Buries what `logged` deletes, in memory and on disk, and plans to take its content away.
    pub(crate) fn add(
        &mut self,
        transaction: &Transaction<'_>,
        tombstones: &Tombstones,
        erasure: Erasure<'_>,
        logged: &Logged,
    ) -> rusqlite::Result<()> {
        let (mark, keep) = tombstones.grave_of(erasure);
        tombstones.bury(mark, keep, logged.at);
        Tombstones::store(transaction, mark, keep, logged.at)?;
        let target = Target { mark, keep, at: logged.at, before: logged.seq };
        self.targets.insert(mark.short(), target);
        Ok(())
    }

    /// Takes the content of all rows concerned.
    pub(crate) fn run(
        self,
        transaction: &Transaction<'_>,
        tombstones: &Tombstones,
        tail: &Tail,
    ) -> rusqlite::Result<Erased> {
        let mut erased = Erased::default();
        if self.targets.is_empty() {
            return Ok(erased);
        }
        let mut entries = tail.find(|short| self.targets.contains_key(&short));
        #[expect(clippy::iter_over_hash_type, reason = "the order of deletions does not matter")]
        for short in self.targets.keys() {
            entries.extend(index::find_in_segments(transaction, *short)?);
        }
        for entry in entries {
            let Some(target) = self.targets.get(&entry.short) else { continue };
            if entry.seq >= target.before
                || !erase_row(transaction, tombstones.secret(), entry, target.mark)?
            {
                continue;
            }
            erased.rows.insert(entry.seq);
            if target.keep == Keep::UnknownPost {
                tombstones.bury(target.mark, Keep::KnownPost, target.at);
                Tombstones::store(transaction, target.mark, Keep::KnownPost, target.at)?;
            }
        }
        Ok(erased)
    }
}

/// Takes a row's content, if it is `mark`'s. Whether it was.
fn erase_row(
    connection: &Connection,
    secret: &Secret,
    entry: Entry,
    mark: Mark,
) -> rusqlite::Result<bool> {
    let seq = entry.seq.0.cast_signed();
    let mut select = connection.prepare_cached(
        "SELECT payload, post, author FROM event WHERE seq = ?1 AND payload IS NOT NULL",
    )?;
    let found = select
        .query_row([seq], |row| {
            // Unreadable content is taken for a match: better one row too many than one too few.
            let payload = row.get_ref(0)?.as_blob().unwrap_or_default();
            let is_match = codec::decode(entry.seq, payload).map_or(true, |event| {
                let subject = codec::subject(&event);
                subject.post.map(|id| secret.post(id)) == Some(mark)
                    || subject.author.map(|id| secret.author(id)) == Some(mark)
            });
            let marks: [Option<i64>; 2] = [row.get(1)?, row.get(2)?];
            Ok((is_match, marks))
        })
        .optional()?;
    let Some((true, marks)) = found else { return Ok(false) };
    let mut update = connection.prepare_cached(
        "UPDATE event SET payload = NULL, post = NULL, author = NULL WHERE seq = ?1",
    )?;
    update.execute([seq])?;
    for short in marks.into_iter().flatten() {
        index::remove(connection, Entry { short, seq: entry.seq })?;
    }
    Ok(true)
}

impl Log {
    /// Takes the content of every row of an author, and blocks the author for all time. Returns the number of rows.
    pub(crate) fn erase_author(
        &mut self,
        author: &AuthorId,
        at: Timestamp,
    ) -> Result<u64, Trouble> {
        let Self { connection, tombstones, tail, last, .. } = self;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mark, keep) = tombstones.grave_of(Erasure::AuthorForever(author));
        tombstones.bury(mark, keep, at);
        Tombstones::store(&transaction, mark, keep, at)?;
        let target = Target { mark, keep, at, before: last.next() };
        let erasures = Erasures { targets: FxHashMap::from_iter([(mark.short(), target)]) };
        let Erased { rows } = erasures.run(&transaction, tombstones, tail)?;
        transaction.commit()?;
        tail.forget(&rows);
        Ok(rows.len() as u64)
    }
}
