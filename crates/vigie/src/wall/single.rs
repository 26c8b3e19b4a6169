//! One wall a machine: two of them would draw over each other.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    process,
};

/// Held while this program is the one that runs; given back when it ends, however it ends.
#[derive(Debug)]
pub(crate) struct Claim {
    _file: File,
}

/// Why there is no claim.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClaimError {
    /// Another one runs.
    #[error(
        "a wall already runs here (process {process_id}); stop it first, or give this one a data folder of its own"
    )]
    Taken {
        /// Its process, as it said itself.
        process_id: String,
    },
    /// The lock file cannot be used.
    #[error("locking {}", path.display())]
    File {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// Characters of a process number that are read from a lock file.
const MAX_PROCESS_ID: u64 = 20;

impl Claim {
    /// Takes the claim that the lock file at `path` stands for.
    pub(crate) fn take(path: &Path) -> Result<Self, ClaimError> {
        let failed = |source| ClaimError::File { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        // Not truncated: until it is locked, its text is another's.
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process_id = String::new();
                // Without a number the message is still true.
                file.take(MAX_PROCESS_ID).read_to_string(&mut process_id).ok();
                let process_id = match process_id.trim() {
                    "" => "unknown".to_owned(),
                    text => text.to_owned(),
                };
                return Err(ClaimError::Taken { process_id });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", process::id()))
            .map_err(failed)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_claim_is_refused_by_name_and_a_later_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/wall.lock");
        let first = Claim::take(&path).unwrap();
        let err = Claim::take(&path).unwrap_err().to_string();
        assert!(err.contains(&format!("process {}", process::id())), "{err}");
        drop(first);
        Claim::take(&path).unwrap();
    }

    #[test]
    fn a_path_that_cannot_be_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let err = Claim::take(folder.path()).unwrap_err();
        assert!(err.to_string().contains(&folder.path().display().to_string()), "{err}");
    }
}
