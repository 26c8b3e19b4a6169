//! What the program remembers of where layouts were, between two starts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use vigie_model::ScreenName;

use crate::{Assignment, Edid, MatchedBy, ScreenFacts};

/// Where layouts were, by the name of their screen. The program keeps it on disk, as it likes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignments {
    /// The last physical screen of each layout, be it plugged in or not.
    #[serde(default)]
    pub screens: BTreeMap<ScreenName, Remembered>,
    /// Where all screens stood when it was last written, sorted.
    #[serde(default)]
    pub arrangement: Vec<(i32, i32, u32, u32)>,
}

/// One physical screen as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// What the panel said of itself.
    #[serde(default)]
    pub edid: Option<Edid>,
    /// Its socket.
    pub connector: SmolStr,
    /// Its left upper corner and size on the desktop, in pixels, while it was part of `arrangement`.
    #[serde(default)]
    pub rect_px: Option<(i32, i32, u32, u32)>,
}

impl Assignments {
    /// The same memory with what `assignment` has made sure.
    ///
    /// Layouts without a screen keep their old entry, so that a replug brings them back; what was put
    /// up away from home is not remembered.
    #[must_use]
    pub fn with(&self, assignment: &Assignment, facts: &[ScreenFacts]) -> Self {
        let mut memory = self.clone();
        let at_home = || assignment.placed.iter().filter(|it| it.by != MatchedBy::AwayFromHome);
        if at_home().next().is_none() {
            return memory;
        }
        memory.arrangement = Self::arrangement_of(facts);
        for was in memory.screens.values_mut() {
            was.rect_px = None;
        }
        for placed in at_home() {
            if let Some(screen) = facts.get(placed.facts_idx) {
                memory.set(&placed.screen, screen);
            }
        }
        memory
    }

    /// The same memory with a person's answer: the layout `screen` is on this physical screen.
    #[must_use]
    pub fn answered(&self, screen: &ScreenName, facts: &ScreenFacts) -> Self {
        let mut memory = self.clone();
        memory.set(screen, facts);
        memory
    }

    /// Where all screens stand, in an order of its own.
    pub(crate) fn arrangement_of(facts: &[ScreenFacts]) -> Vec<(i32, i32, u32, u32)> {
        let mut arrangement: Vec<_> = facts.iter().map(ScreenFacts::rect_px).collect();
        arrangement.sort_unstable();
        arrangement
    }

    /// One physical screen has one layout: an older claim to the same one goes.
    fn set(&mut self, screen: &ScreenName, facts: &ScreenFacts) {
        let now = Remembered {
            edid: facts.edid.clone(),
            connector: facts.connector.clone(),
            rect_px: Some(facts.rect_px()),
        };
        self.screens.retain(|_, was| was.edid != now.edid || was.connector != now.connector);
        self.screens.insert(screen.clone(), now);
    }
}
