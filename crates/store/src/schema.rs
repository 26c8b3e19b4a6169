//! The tables, their versions, and how a connection is set up.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::{OpenError, Trouble, file, secret::Secret};

/// "VGIE": tells an event log from any other SQLite file.
const APPLICATION_ID: u32 = 0x5647_4945;

/// Each entry takes a file from the version of its place to the next one. Entries are never changed, only added.
const MIGRATIONS: &[&str] = &[
    // `post` and `author` are the short marks of what the row carries; they go with the payload.
    // `mark` is a copy of both, sorted, for all rows up to the last segment's end.
    "CREATE TABLE event (
         seq INTEGER PRIMARY KEY,
         at INTEGER NOT NULL,
         kind INTEGER NOT NULL,
         network TEXT,
         post INTEGER,
         author INTEGER,
         payload BLOB
     ) STRICT;
     CREATE TABLE cursor (
         source TEXT PRIMARY KEY,
         cursor TEXT NOT NULL,
         seq INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE tombstone (
         mark BLOB PRIMARY KEY,
         keep INTEGER NOT NULL,
         at INTEGER NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE segment (last_seq INTEGER PRIMARY KEY) STRICT;
     CREATE TABLE mark (
         segment INTEGER NOT NULL,
         short INTEGER NOT NULL,
         seq INTEGER NOT NULL,
         PRIMARY KEY (segment, short, seq)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE swept (network TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE secret (key BLOB NOT NULL) STRICT;
     INSERT INTO secret VALUES (randomblob(16));",
    // Marks in buckets instead of a row each. The start that follows finds no segment and makes them anew.
    "DROP TABLE mark;
     DELETE FROM segment;
     CREATE TABLE bucket (id INTEGER PRIMARY KEY, marks BLOB NOT NULL) STRICT;",
];

/// The format that this program writes.
#[expect(clippy::cast_possible_truncation, reason = "there will not be four billion versions")]
pub const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// Bytes of a page in a new file: forty posts share one, and each is written whole, twice.
const PAGE_BYTES: u32 = 16_384;

/// Pages in the write-ahead log before they move to the file: 16 MiB, seconds at 10,000 posts/s.
const CHECKPOINT_PAGES: u32 = 1_024;

/// What the connection keeps in memory, in KiB: the tables' right edges and the newest segments.
const CACHE_KIB: i64 = 16 * 1_024;

/// How long another program's lock is waited for before it is reported.
const BUSY_MILLIS: u32 = 200;

/// Opens the file for writing, and brings it to this program's format.
pub(crate) fn open_to_write(path: &Path, max_bytes: Option<u64>) -> Result<Connection, OpenError> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let database =
        |err: rusqlite::Error| OpenError::Database { trouble: err.into(), path: path.to_owned() };
    let version = known_version(&connection, path)?;
    file::make_private(path).map_err(|err| OpenError::Io { err, path: path.to_owned() })?;
    prepare(&connection, max_bytes).map_err(database)?;
    migrate(&mut connection, version).map_err(database)?;
    Ok(connection)
}

/// Opens the file for reading. It must be an event log of a format that this program knows.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, OpenError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    known_version(&connection, path)?;
    Ok(connection)
}

fn connect(path: &Path, mode: OpenFlags) -> Result<Connection, OpenError> {
    let connect = || {
        let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(std::time::Duration::from_millis(BUSY_MILLIS.into()))?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(connection)
    };
    connect().map_err(|err: rusqlite::Error| OpenError::Database {
        trouble: err.into(),
        path: path.to_owned(),
    })
}

/// The file's version, 0 for an empty one.
fn known_version(connection: &Connection, path: &Path) -> Result<u32, OpenError> {
    let read = || {
        let id: u32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let n_tables: u32 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((id, version, n_tables))
    };
    let path = path.to_owned();
    match read() {
        Ok((0, 0, 0)) => Ok(0),
        Ok((APPLICATION_ID, found, _)) if found > SCHEMA_VERSION => {
            Err(OpenError::Newer { found, known: SCHEMA_VERSION, path })
        }
        Ok((APPLICATION_ID, found, _)) => Ok(found),
        Ok(_) => Err(OpenError::NotOurs(path)),
        Err(err) => {
            let err: rusqlite::Error = err;
            Err(OpenError::Database { trouble: err.into(), path })
        }
    }
}

fn prepare(connection: &Connection, max_bytes: Option<u64>) -> rusqlite::Result<()> {
    // A file that has pages keeps those that it has.
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    // The journal's mode is answered with a row, hence the query.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    if let Some(max_bytes) = max_bytes {
        let page_bytes: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let n_pages = i64::try_from(max_bytes / u64::from(page_bytes.max(1))).unwrap_or(i64::MAX);
        connection.query_row(&format!("PRAGMA max_page_count = {n_pages}"), [], |_| Ok(()))?;
    }
    Ok(())
}

fn migrate(connection: &mut Connection, version: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for (step, from) in MIGRATIONS.iter().zip(0_u32..) {
        if from >= version {
            transaction.execute_batch(step)?;
        }
    }
    if version < SCHEMA_VERSION {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    transaction.commit()
}

/// The key that the file was made with.
pub(crate) fn secret(connection: &Connection) -> Result<Secret, Trouble> {
    let key = connection.query_row("SELECT key FROM secret", [], |row| row.get(0))?;
    Ok(Secret::new(key))
}
