//! Where a room comes from and where it keeps its things: room files, built-in rooms, data folders.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use etcetera::{AppStrategy as _, AppStrategyArgs};
use vigie_layout::{Checked, Room, check, check_bytes};

use super::vocabulary::vocabulary;
use crate::cli::RoomArgs;

/// The demonstration: ten screens of a synthetic campaign day.
const DEMONSTRATION: &str = include_str!("../../../../layouts/social-room.toml");

/// The room of `--live`: ten screens of the public Bluesky stream. `QUERY` stands for the query.
const LIVE: &str = include_str!("../../../../layouts/live.toml");

/// The name of the demonstration's files.
const DEMONSTRATION_STEM: &str = "demonstration";

/// Where a room comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RoomSource {
    /// The demonstration.
    Demonstration,
    /// The public Bluesky stream for a query.
    Live(String),
    /// A file, which is followed while the room runs.
    File(PathBuf),
}

impl RoomSource {
    /// What the command line asks for.
    pub(crate) fn of(args: &RoomArgs) -> Self {
        match (&args.room, &args.live) {
            (Some(path), _) => Self::File(path.clone()),
            (None, Some(query)) => Self::Live(query.clone()),
            (None, None) => Self::Demonstration,
        }
    }

    /// Reads and checks the room, with everything that is wrong with it.
    ///
    /// # Errors
    /// Where the file cannot be read at all.
    pub(crate) fn check(&self) -> anyhow::Result<Checked> {
        let vocabulary = vocabulary();
        Ok(match self {
            Self::Demonstration => check(DEMONSTRATION, "the built-in room", &vocabulary),
            Self::Live(query) => {
                let text = LIVE.replace("'QUERY'", &toml::Value::from(query.as_str()).to_string());
                check(&text, "the built-in live room", &vocabulary)
            }
            Self::File(path) => {
                let bytes = fs::read(path)
                    .with_context(|| format!("reading the room file {}", path.display()))?;
                check_bytes(&bytes, &path.display().to_string(), &vocabulary)
            }
        })
    }

    /// Reads the room; refuses one with errors.
    ///
    /// # Errors
    /// Where it cannot be read, or something is wrong with it: all of it at once.
    pub(crate) fn load(&self) -> anyhow::Result<Room> {
        Ok(self.check()?.into_result()?)
    }

    /// The name of its files in the data folder; none where nothing outlives the program.
    fn stem(&self) -> Option<String> {
        match self {
            Self::Demonstration => None,
            Self::Live(_) => Some("live".to_owned()),
            Self::File(path) => {
                let stem = path.file_stem().unwrap_or(path.as_os_str());
                Some(stem.to_string_lossy().into_owned())
            }
        }
    }
}

/// Where the wall of `source` listens for calls: beside its log, or, for the demonstration, in the user's folder.
///
/// # Errors
/// Where there is no home folder.
pub(crate) fn socket_path(source: &RoomSource, given: Option<&Path>) -> anyhow::Result<PathBuf> {
    let stem = source.stem();
    let folder = match given.filter(|_| stem.is_some()) {
        Some(folder) => folder.to_owned(),
        None => user_folder()?,
    };
    Ok(folder.join(format!("{}.socket", stem.as_deref().unwrap_or(DEMONSTRATION_STEM))))
}

/// Where one room keeps its things.
#[derive(Clone, Debug)]
pub(crate) struct DataFolder {
    /// The folder of all rooms.
    folder: PathBuf,
    /// The name of this room's files.
    stem: String,
    /// Removes the folder at the end, where nothing is to outlive the program.
    _temporary: Option<Arc<tempfile::TempDir>>,
}

impl DataFolder {
    /// The folder of `source`: `given`, else the user's data folder; a passing one for the demonstration.
    ///
    /// # Errors
    /// Where there is no home folder, or the folder cannot be made.
    pub(crate) fn of(source: &RoomSource, given: Option<&Path>) -> anyhow::Result<Self> {
        let Some(stem) = source.stem() else { return Self::passing() };
        let folder = match given {
            Some(folder) => folder.to_owned(),
            None => user_folder()?,
        };
        fs::create_dir_all(&folder)
            .with_context(|| format!("making the data folder {}", folder.display()))?;
        Ok(Self { folder, stem, _temporary: None })
    }

    /// A folder that is gone at the end.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub(crate) fn passing() -> anyhow::Result<Self> {
        let temporary = tempfile::Builder::new().prefix("vigie-").tempdir()?;
        Ok(Self {
            folder: temporary.path().to_owned(),
            stem: DEMONSTRATION_STEM.to_owned(),
            _temporary: Some(Arc::new(temporary)),
        })
    }

    /// The event log.
    pub(crate) fn log_path(&self) -> PathBuf {
        self.folder.join(format!("{}.db", self.stem))
    }

    /// Held by the one wall that runs on this room.
    pub(crate) fn claim_path(&self) -> PathBuf {
        self.folder.join(format!("{}.lock", self.stem))
    }

    /// Which layout was on which screen.
    pub(crate) fn assignments_path(&self) -> PathBuf {
        self.folder.join(format!("{}.screens.json", self.stem))
    }
}

/// The folder of the program's data for this user.
pub(crate) fn user_folder() -> anyhow::Result<PathBuf> {
    Ok(strategy()?.data_dir())
}

/// The folder of the program's log files for this user.
pub(crate) fn log_folder() -> anyhow::Result<PathBuf> {
    Ok(strategy()?.data_dir().join("logs"))
}

/// The folder that secrets are read from where the environment does not hold them.
pub(crate) fn secret_folder() -> anyhow::Result<PathBuf> {
    Ok(strategy()?.config_dir().join("secrets"))
}

fn strategy() -> anyhow::Result<impl etcetera::AppStrategy> {
    etcetera::choose_app_strategy(AppStrategyArgs {
        top_level_domain: "org".to_owned(),
        author: "Vigie".to_owned(),
        app_name: "vigie".to_owned(),
    })
    .context("looking for the home folder: set HOME, or give --data")
}
