//! What can go wrong with the log, by what a caller can do about it.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use vigie_model::Seq;

use crate::Group;

/// Why a log could not be opened. The file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another Vigie writes to it.
    #[error("the event log is in use by another program: {}", .0.display())]
    InUse(PathBuf),
    /// A newer Vigie has written it.
    #[error("the event log has format {found}, this program knows up to {known}: {}", path.display())]
    Newer {
        /// The file's format.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
        /// The file.
        path: PathBuf,
    },
    /// It is a database, but not an event log.
    #[error("this is the database of another program: {}", .0.display())]
    NotOurs(PathBuf),
    /// The file could not be made, read or set aside.
    #[error("cannot open the event log: {err}: {}", path.display())]
    Io {
        /// What the system says.
        #[source]
        err: std::io::Error,
        /// The file.
        path: PathBuf,
    },
    /// SQLite could not open or prepare it.
    #[error("cannot open the event log: {trouble}: {}", path.display())]
    Database {
        /// What SQLite says.
        #[source]
        trouble: Trouble,
        /// The file.
        path: PathBuf,
    },
}

/// Why a group was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Too much waits to be written. The group comes back, to be given again.
    #[error("the event log's queue is full")]
    Full(Box<Group>),
    /// The events do not follow on what was appended before: a fault of the one who numbers.
    #[error("event {} does not follow on what the log holds, {} was due", found.0, expected.0)]
    OutOfOrder {
        /// What was due.
        expected: Seq,
        /// What came.
        found: Seq,
    },
    /// The log is closed.
    #[error("the event log is closed")]
    Closed(Box<Group>),
}

/// Why a row could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The row's content is in no form that this program knows.
    #[error("event {} is unreadable: {why}", seq.0)]
    Payload {
        /// The row.
        seq: Seq,
        /// What is wrong with it, without its content.
        why: &'static str,
    },
    /// The file cannot be read.
    #[error("cannot read the event log: {0}")]
    Database(#[from] Trouble),
}

/// What keeps the log from being written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The disk, or the room's limit for the file, is full.
    #[error("the disk is full")]
    DiskFull,
    /// Another program holds the file.
    #[error("the file is locked by another program")]
    Locked,
    /// The file is damaged.
    #[error("the file is damaged")]
    Damaged,
    /// The log was closed before this was done.
    #[error("the log was closed")]
    Closed,
    /// What SQLite says.
    #[error("{0}")]
    Other(String),
}

impl From<rusqlite::Error> for Trouble {
    fn from(err: rusqlite::Error) -> Self {
        match err.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Other(err.to_string()),
        }
    }
}
