//! How old content leaves the log, a little at a time, so that appends never wait for long.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use vigie_model::{Network, Seq, Timestamp};

use crate::{Retention, Trouble, index, log::Log};

/// Rows that one step looks at: some tens of milliseconds.
const STEP_ROWS: u64 = 10_000;

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Content of this many rows went, and there may be more.
    More(u64),
    /// There is nothing left to do.
    Done,
}

impl Log {
    /// Takes the next step of removing every event that happened before `before`.
    ///
    /// The last row loses its content but stays, since it says how far the numbers have come.
    pub(crate) fn purge_step(&mut self, before: Timestamp) -> Result<Step, Trouble> {
        let (first, last) = (first_seq(&self.connection)?, self.last);
        let end = first_at_or_after(&self.connection, first, last, before)?;
        let keep = end.min(last);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if first < keep {
            let until = Seq(keep.0.min(first.0.saturating_add(STEP_ROWS)));
            let n_rows =
                transaction.execute("DELETE FROM event WHERE seq < ?1", [until.0.cast_signed()])?;
            transaction.commit()?;
            self.tail.forget_before(until);
            return Ok(Step::More(n_rows as u64));
        }
        if index::drop_segment_before(&transaction, first)? {
            transaction.commit()?;
            return Ok(Step::More(0));
        }
        if end > last {
            let n_rows = transaction.execute(
                "UPDATE event SET payload = NULL, post = NULL, author = NULL
                 WHERE seq = ?1 AND payload IS NOT NULL",
                [last.0.cast_signed()],
            )?;
            transaction.commit()?;
            if n_rows > 0 {
                return Ok(Step::More(n_rows as u64));
            }
        }
        Ok(Step::Done)
    }

    /// Takes the next step of enforcing `retention` as of `now`.
    pub(crate) fn sweep_step(
        &mut self,
        retention: &Retention,
        now: Timestamp,
    ) -> Result<Step, Trouble> {
        if let Step::More(n_rows) = self.purge_step(retention.horizon(now))? {
            return Ok(Step::More(n_rows));
        }
        for (network, micros) in &retention.by_network {
            let before = now.plus(micros.saturating_neg());
            if let Step::More(n_rows) = self.sweep_network_step(network, before)? {
                return Ok(Step::More(n_rows));
            }
        }
        self.tombstones.expire(&self.connection, now)?;
        Ok(Step::Done)
    }

    /// Looks at the next rows for content of `network` that happened before `before`, and takes it.
    fn sweep_network_step(
        &mut self,
        network: &Network,
        before: Timestamp,
    ) -> Result<Step, Trouble> {
        let first = first_seq(&self.connection)?;
        let swept: Option<i64> = self
            .connection
            .query_row("SELECT seq FROM swept WHERE network = ?1", [network.as_str()], |row| {
                row.get(0)
            })
            .optional()?;
        let from = swept.map_or(first, |seq| Seq(seq.cast_unsigned())).max(first);
        let end = first_at_or_after(&self.connection, from, self.last, before)?;
        if from >= end {
            return Ok(Step::Done);
        }
        let until = Seq(end.0.min(from.0.saturating_add(STEP_ROWS)));
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let n_rows = transaction.execute(
            "UPDATE event SET payload = NULL, post = NULL, author = NULL
             WHERE seq >= ?1 AND seq < ?2 AND network = ?3 AND payload IS NOT NULL",
            params![from.0.cast_signed(), until.0.cast_signed(), network.as_str()],
        )?;
        transaction.execute(
            "INSERT INTO swept (network, seq) VALUES (?1, ?2)
             ON CONFLICT (network) DO UPDATE SET seq = excluded.seq",
            params![network.as_str(), until.0.cast_signed()],
        )?;
        transaction.commit()?;
        Ok(Step::More(n_rows as u64))
    }
}

/// The first row of the log; 1 where it is empty.
fn first_seq(connection: &Connection) -> Result<Seq, Trouble> {
    let first: Option<i64> =
        connection.query_row("SELECT min(seq) FROM event", [], |row| row.get(0))?;
    Ok(Seq(first.map_or(1, i64::cast_unsigned)))
}

/// The first row, from `first` on, that is not older than `before`; the one after `last` where all are older.
///
/// Times never go back from one row to the next, so it is found by halving.
fn first_at_or_after(
    connection: &Connection,
    first: Seq,
    last: Seq,
    before: Timestamp,
) -> Result<Seq, Trouble> {
    let mut select = connection.prepare_cached("SELECT at FROM event WHERE seq = ?1")?;
    let (mut low, mut high) = (first.0, last.0.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let at: Option<i64> =
            select.query_row([middle.cast_signed()], |row| row.get(0)).optional()?;
        if at.is_none_or(|at| at < before.as_micros()) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(Seq(low))
}
