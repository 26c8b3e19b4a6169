//! SQLite without our log around it: what the benches compare with.

use std::path::Path;

use rusqlite::{Connection, Error, params};

/// Rows of a transaction, as many as the log's own hold at most.
const ROWS_AT_ONCE: usize = 10_000;

/// Appends `rows` to a new file with nothing but a number each.
///
/// # Errors
/// Where SQLite says no.
pub fn insert_plainly(path: &Path, rows: &[Vec<u8>]) -> Result<(), Error> {
    let mut connection = Connection::open(path)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.execute_batch("CREATE TABLE plain (seq INTEGER PRIMARY KEY, payload BLOB)")?;
    let mut seq = 0_i64;
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        let transaction = connection.transaction()?;
        {
            let mut insert =
                transaction.prepare_cached("INSERT INTO plain (seq, payload) VALUES (?1, ?2)")?;
            for row in chunk {
                seq += 1;
                insert.execute(params![seq, row])?;
            }
        }
        transaction.commit()?;
    }
    Ok(())
}
