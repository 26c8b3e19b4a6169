//! How one call of the program talks to the wall that runs already: a line on a local socket.

#[cfg(not(unix))]
use std::path::Path;
use std::path::PathBuf;

/// What the running wall is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// Open the console, or bring it to the front.
    Console,
}

impl Call {
    /// As it is written on the socket.
    const fn word(self) -> &'static str {
        match self {
            Self::Console => "console",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Console].into_iter().find(|call| call.word() == word)
    }
}

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// Nobody listens.
    #[error("no wall runs here; start it with `vigie run` ({})", path.display())]
    Nobody {
        /// The socket.
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// The wall said no.
    #[error("the wall that runs here refused: {0}")]
    Refused(String),
    /// This system has no such sockets.
    #[cfg(not(unix))]
    #[error(
        "a running wall cannot be called on this system yet; start it with `vigie run --console`"
    )]
    Unsupported,
}

/// Listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Calls {
    path: PathBuf,
}

impl Drop for Calls {
    fn drop(&mut self) {
        // It may be gone already; a file that stays is replaced by the next wall.
        std::fs::remove_file(&self.path).ok();
    }
}

#[cfg(unix)]
mod unix {
    use std::{
        fs,
        io::{self, BufRead as _, BufReader, Read as _, Write as _},
        os::unix::{
            fs::PermissionsExt as _,
            net::{UnixListener, UnixStream},
        },
        path::Path,
        thread::Builder,
        time::Duration,
    };

    use super::{Call, CallError, Calls};

    /// Bytes of a line; words are shorter.
    const MAX_LINE: u64 = 64;

    /// Who has not written a line after this long never will.
    const PATIENCE: Duration = Duration::from_secs(2);

    const DONE: &str = "done";

    impl Calls {
        /// Answers calls at `path` in a thread of its own: `act` is called for each, and says no by its error.
        pub(crate) fn listen(
            path: &Path,
            act: impl Fn(Call) -> Result<(), String> + Send + 'static,
        ) -> io::Result<Self> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            // The file of a wall that was killed. The claim on the room says that no other runs.
            if let Err(err) = fs::remove_file(path)
                && err.kind() != io::ErrorKind::NotFound
            {
                return Err(err);
            }
            let listener = UnixListener::bind(path)?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
            Builder::new().name("calls".to_owned()).spawn(move || {
                for stream in listener.incoming() {
                    // A caller that hangs up is none of our trouble.
                    stream.and_then(|stream| answer(&stream, &act)).ok();
                }
            })?;
            Ok(Self { path: path.to_owned() })
        }
    }

    fn answer(stream: &UnixStream, act: &impl Fn(Call) -> Result<(), String>) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut line = String::new();
        BufReader::new(stream).take(MAX_LINE).read_line(&mut line)?;
        let answer = match Call::of(line.trim()) {
            Some(call) => act(call).map_or_else(|why| why, |()| DONE.to_owned()),
            None => "it does not know what that is".to_owned(),
        };
        let mut stream = stream;
        writeln!(stream, "{answer}")
    }

    /// Asks the wall that listens at `path`.
    ///
    /// # Errors
    /// Where none does, or it says no.
    pub(crate) fn call(path: &Path, call: Call) -> Result<(), CallError> {
        let failed = |source| CallError::Nobody { path: path.to_owned(), source };
        let stream = UnixStream::connect(path).map_err(failed)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        writeln!(&stream, "{}", call.word()).map_err(failed)?;
        let mut line = String::new();
        BufReader::new(&stream).take(MAX_LINE).read_line(&mut line).map_err(failed)?;
        if line.trim() == DONE { Ok(()) } else { Err(CallError::Refused(line.trim().to_owned())) }
    }
}

#[cfg(unix)]
pub(crate) use unix::call;

#[cfg(not(unix))]
impl Calls {
    /// Nobody can call.
    pub(crate) fn listen(
        path: &Path,
        _act: impl Fn(Call) -> Result<(), String> + Send + 'static,
    ) -> std::io::Result<Self> {
        Ok(Self { path: path.to_owned() })
    }
}

/// Nobody can be called.
#[cfg(not(unix))]
pub(crate) fn call(_path: &Path, _call: Call) -> Result<(), CallError> {
    Err(CallError::Unsupported)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_call_reaches_the_wall_that_runs_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/room.socket");
        let nobody = call(&path, Call::Console).expect_err("nobody listens");
        assert!(nobody.to_string().contains("vigie run"), "{nobody}");
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let calls =
            Calls::listen(&path, move |call| sender.send(call).map_err(|err| err.to_string()))
                .expect("it listens");
        call(&path, Call::Console).expect("answered");
        assert_eq!(receiver.recv(), Ok(Call::Console));
        // A wall that was killed leaves its file behind.
        drop(Calls::listen(&path, |_| Err("no screens".to_owned())).expect("again"));
        drop(calls);
        let _calls = Calls::listen(&path, |_| Err("no screens".to_owned())).expect("again");
        let refused = call(&path, Call::Console).expect_err("refused");
        assert!(refused.to_string().contains("no screens"), "{refused}");
    }
}
