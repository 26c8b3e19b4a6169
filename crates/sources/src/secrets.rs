//! Secrets that room files name and never hold.

use std::{fmt, fs, io, path::PathBuf};

use secrecy::SecretString;

/// Longer secrets than this are none: RSA keys in PEM have 3 KiB.
const MAX_SECRET_BYTES: u64 = 16 * 1_024;

/// Where secrets come from.
pub trait Secrets: Send + Sync + fmt::Debug {
    /// The secret called `name` in the room file.
    ///
    /// # Errors
    /// Where there is none, or it must not be used as it lies there.
    fn get(&self, name: &str) -> Result<SecretString, SecretError>;
}

/// Why a secret cannot be had; says what to do and never what the secret is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The name has other characters than a file name and a variable may have.
    #[error("the secret's name `{0}` may have only letters, digits, `_` and `-`")]
    BadName(String),
    /// It is neither in the environment nor in the folder.
    #[error("there is no secret `{name}`: set {variable} or write it to {path}", path = path.display())]
    Missing {
        /// Its name in the room file.
        name: String,
        /// The variable that would hold it.
        variable: String,
        /// The file that would hold it.
        path: PathBuf,
    },
    /// Other people of this machine may read the file.
    #[error("others can read the secret `{name}`: run chmod 600 {path}", path = path.display())]
    Readable {
        /// Its name in the room file.
        name: String,
        /// The file that holds it.
        path: PathBuf,
    },
    /// The file is there but cannot be read.
    #[error("cannot read the secret `{name}`: {kind}: {path}", path = path.display())]
    Unreadable {
        /// Its name in the room file.
        name: String,
        /// What went wrong.
        kind: io::ErrorKind,
        /// The file that holds it.
        path: PathBuf,
    },
}

/// Secrets from the environment (`VIGIE_SECRET_NAME`), else from files of mode 0600 in one folder.
#[derive(Clone, Debug)]
pub struct SecretFolder {
    folder: PathBuf,
}

impl SecretFolder {
    /// Reads files from `folder`, which need not exist.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Secrets for SecretFolder {
    fn get(&self, name: &str) -> Result<SecretString, SecretError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if name.is_empty() || !name.bytes().all(fits) {
            return Err(SecretError::BadName(name.to_owned()));
        }
        let variable = format!("VIGIE_SECRET_{}", name.to_ascii_uppercase().replace('-', "_"));
        if let Ok(secret) = std::env::var(&variable) {
            return Ok(SecretString::from(secret));
        }
        let path = self.folder.join(name);
        let unreadable = |err: &io::Error| SecretError::Unreadable {
            name: name.to_owned(),
            kind: err.kind(),
            path: path.clone(),
        };
        let meta = match fs::metadata(&path) {
            Ok(meta) => meta,
            Err(err) if err.kind() == io::ErrorKind::NotFound => {
                return Err(SecretError::Missing { name: name.to_owned(), variable, path });
            }
            Err(err) => return Err(unreadable(&err)),
        };
        if others_can_read(&meta) {
            return Err(SecretError::Readable { name: name.to_owned(), path });
        }
        if meta.len() > MAX_SECRET_BYTES {
            return Err(unreadable(&io::Error::from(io::ErrorKind::FileTooLarge)));
        }
        let mut secret = fs::read_to_string(&path).map_err(|err| unreadable(&err))?;
        secret.truncate(secret.trim_end().len());
        Ok(SecretString::from(secret))
    }
}

#[cfg(unix)]
fn others_can_read(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_can_read(_meta: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn names_cannot_leave_the_folder() {
        let secrets = SecretFolder::new("/nonexistent");
        for name in ["", "../shadow", "a/b", "a b", "é"] {
            assert_eq!(secrets.get(name).unwrap_err(), SecretError::BadName(name.to_owned()));
        }
    }

    #[test]
    fn a_missing_secret_says_where_it_was_sought() {
        let text = SecretFolder::new("/nonexistent").get("x-token").unwrap_err().to_string();
        assert_eq!(
            text,
            "there is no secret `x-token`: set VIGIE_SECRET_X_TOKEN or write it to /nonexistent/x-token"
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_private_files_count() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "hunter2\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let secrets = SecretFolder::new(folder.path());
        let err = secrets.get("token").unwrap_err();
        assert!(matches!(&err, SecretError::Readable { .. }), "{err}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let secret = secrets.get("token").unwrap();
        assert_eq!(secret.expose_secret(), "hunter2");
        assert!(!format!("{secret:?}{err}").contains("hunter2"));
    }
}
