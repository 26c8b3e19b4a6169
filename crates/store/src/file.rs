//! The file itself: private, held by one program, set aside when it is damaged.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::OpenError;

/// Damaged files that are kept under names of their own; one more is an error, not an overwrite.
const MAX_ASIDE: u32 = 1_000;

/// Proof that this program alone writes to the log. Ends with the program, however that ends.
#[derive(Debug)]
pub(crate) struct Hold(#[expect(dead_code, reason = "held, not used")] File);

/// Takes the log for this program and makes an empty file where there is none.
///
/// The lock is on a file beside the log: closing a second handle to the log itself would drop SQLite's own locks.
pub(crate) fn hold(path: &Path) -> Result<Hold, OpenError> {
    let failed = |err| OpenError::Io { err, path: path.to_owned() };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let lock = private(&beside(path, "-lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(err)) => return Err(failed(err)),
    }
    private(path).and_then(|_| sync_folder(path)).map_err(failed)?;
    Ok(Hold(lock))
}

/// Puts the names in the log's folder on disk, without which a new file may be lost with its whole content.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Opens `path`; made, where it is missing, for its owner alone. SQLite gives the files beside it the same mode.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes a log that others may read, as a copy from elsewhere may be, for its owner alone.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    for suffix in ["", "-wal", "-shm"] {
        use std::os::unix::fs::PermissionsExt as _;
        match fs::set_permissions(beside(path, suffix), fs::Permissions::from_mode(0o600)) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(err),
            _ => {}
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Renames a damaged log and what belongs to it, and makes an empty file in its place. Returns the new name.
pub(crate) fn set_aside(path: &Path) -> Result<PathBuf, OpenError> {
    let failed = |err| OpenError::Io { err, path: path.to_owned() };
    let is_free = |number: &u32| {
        let name = beside(path, &format!(".damaged-{number}"));
        matches!(name.try_exists(), Ok(false))
    };
    let Some(number) = (1..=MAX_ASIDE).find(is_free) else {
        return Err(failed(io::Error::other("too many damaged logs lie beside it")));
    };
    let aside = beside(path, &format!(".damaged-{number}"));
    fs::rename(path, &aside).map_err(failed)?;
    for suffix in ["-wal", "-shm"] {
        match fs::rename(beside(path, suffix), beside(&aside, suffix)) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(failed(err)),
            _ => {}
        }
    }
    private(path).and_then(|_| sync_folder(path)).map_err(failed)?;
    Ok(aside)
}

/// The name of a file beside the log.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
