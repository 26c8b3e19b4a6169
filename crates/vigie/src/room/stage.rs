//! What each physical screen shows: layouts put on screens, and widgets made for them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use parking_lot::Mutex;
use vigie_analysis::Analyzer;
use vigie_bus::Latest;
use vigie_layout::{Assignments, Room, ScreenFacts, assign, stand_ins};
use vigie_model::{Explainer, Explanation, Pictures, Post, Snapshot, Timestamp};
use vigie_widgets::{Fonts, Setup, ThemeOptions, Words};

use super::content::ScreenContent;
use crate::wall::{Assignment, Content, Opening, Stage};

/// The room on its screens.
#[derive(Debug)]
pub(crate) struct RoomStage {
    /// The room.
    pub(crate) room: Arc<Room>,
    /// What its screens read.
    pub(crate) snapshots: Latest<Snapshot>,
    /// What the widgets of all screens share.
    pub(crate) widgets: Setup,
    /// Which layout was on which screen.
    pub(crate) memory: Arc<Memory>,
    /// How many times faster the room's time passes than the screens'.
    pub(crate) speed: u32,
    /// What each presented frame is told to, for benches.
    pub(crate) on_present: Option<Arc<dyn OnPresent>>,
}

/// Hears of presented frames.
pub(crate) trait OnPresent: Send + Sync + std::fmt::Debug {
    /// This snapshot is on a screen since `now`.
    fn presented(&self, snapshot: &Snapshot, now: Timestamp);
}

/// What the widgets of `room` share.
///
/// # Errors
/// Where the room's theme is wrong, which its check has ruled out.
pub(crate) fn widgets(
    room: &Room,
    fonts: Fonts,
    pictures: Arc<dyn Pictures>,
) -> anyhow::Result<Setup> {
    let locale = match room.locale {
        vigie_layout::Locale::Fr => vigie_widgets::Locale::Fr,
        vigie_layout::Locale::En => vigie_widgets::Locale::En,
    };
    Ok(Setup {
        fonts,
        pictures,
        words: Words { locale, zone: room.time_zone.clone() },
        theme: ThemeOptions::read(&room.theme)?,
        explainer: Some(Arc::new(Reasons(Analyzer::new()))),
        n_failures: Arc::default(),
    })
}

/// The analysis as widgets may ask it.
#[derive(Debug)]
struct Reasons(Analyzer);

impl Explainer for Reasons {
    fn explain(&self, post: &Post) -> Explanation {
        self.0.explain(post)
    }
}

impl Stage for RoomStage {
    fn assign(&self, screens: &[ScreenFacts]) -> Vec<Assignment> {
        let mut memory = self.memory.assignments.lock();
        let placed = assign(&self.room.screens, screens, &memory);
        let now = memory.with(&placed, screens);
        if now != *memory {
            *memory = now;
            if let Err(err) = self.memory.write(&memory) {
                tracing::warn!(%err, "which layout is on which screen is not remembered");
            }
        }
        drop(memory);
        let mut assignments = vec![Assignment::default(); screens.len()];
        for place in &placed.placed {
            if let Some(assignment) = assignments.get_mut(place.facts_idx) {
                assignment.name = place.screen.to_string();
            }
        }
        for stand_in in stand_ins(&self.room.screens, &placed) {
            let spec = self.room.screens.get(stand_in.spec_idx);
            if let (Some(spec), Some(assignment)) = (spec, assignments.get_mut(stand_in.facts_idx))
            {
                tracing::warn!(screen = %spec.name, instead_of = %assignment.name, "no physical screen for this layout: it takes the place of a less important one");
                assignment.name = spec.name.to_string();
            }
        }
        for ambiguity in &placed.ambiguous {
            let names: Vec<&str> = ambiguity.screens.iter().map(|name| name.as_str()).collect();
            for (facts, assignment) in
                screens.iter().zip(&mut assignments).enumerate().filter_map(|(facts_idx, pair)| {
                    ambiguity.facts_idxs.contains(&facts_idx).then_some(pair)
                })
            {
                assignment.question = Some(question(&names, facts));
            }
        }
        for hidden in &placed.hidden {
            tracing::warn!(screen = %hidden, "no physical screen for this layout: it waits");
        }
        assignments
    }

    fn content(&self, opening: &Opening<'_>) -> Box<dyn Content> {
        Box::new(ScreenContent::new(self, opening))
    }
}

/// What a screen asks that nobody can tell from others.
fn question(names: &[&str], facts: &ScreenFacts) -> String {
    format!("{} ? vigie screens --set NAME={}", names.join(" / "), facts.connector)
}

/// Which layout was on which screen, kept between two starts.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    path: PathBuf,
    assignments: Mutex<Assignments>,
}

impl Memory {
    /// What `path` holds; nothing where there is no such file yet.
    ///
    /// # Errors
    /// Where the file is there and cannot be read.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let assignments = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("reading {}", path.display()))?,
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => Assignments::default(),
            Err(err) => return Err(err).with_context(|| format!("reading {}", path.display())),
        };
        Ok(Self { path: path.to_owned(), assignments: Mutex::new(assignments) })
    }

    /// What is remembered now.
    pub(crate) fn assignments(&self) -> Assignments {
        self.assignments.lock().clone()
    }

    /// Remembers `assignments` instead.
    ///
    /// # Errors
    /// Where the file cannot be written; it is then as it was.
    pub(crate) fn replace(&self, assignments: Assignments) -> anyhow::Result<()> {
        self.write(&assignments)?;
        *self.assignments.lock() = assignments;
        Ok(())
    }

    /// Writes beside the file and moves it there, so that a cut leaves the old one.
    fn write(&self, assignments: &Assignments) -> anyhow::Result<()> {
        if self.path.as_os_str().is_empty() {
            return Ok(());
        }
        let beside = self.path.with_extension("json.new");
        fs::write(&beside, serde_json::to_vec_pretty(assignments)?)
            .and_then(|()| fs::rename(&beside, &self.path))
            .with_context(|| format!("writing {}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_on_which_screen_outlives_the_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("room.screens.json");
        let memory = Memory::open(&path).expect("no file is an empty memory");
        assert_eq!(memory.assignments(), Assignments::default());
        let assignments =
            Assignments { arrangement: vec![(0, 0, 1920, 1080)], ..Assignments::default() };
        memory.replace(assignments.clone()).expect("written");
        assert_eq!(Memory::open(&path).expect("read").assignments(), assignments);
        fs::write(&path, "{").expect("written");
        assert!(Memory::open(&path).is_err(), "a damaged file is told, not forgotten");
    }
}
