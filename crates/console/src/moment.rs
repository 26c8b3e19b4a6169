//! What the console is drawn from, and what it asks of its host.

use egui::{Rect, TextureId, Vec2};
use smol_str::SmolStr;
use vigie_layout::{Locale, Room};
use vigie_model::{Command, ScreenName, Snapshot, Timestamp};

/// What one frame of the console is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The room file.
    pub room: &'a Room,
    /// The room as it is.
    pub snapshot: &'a Snapshot,
    /// The present, in the room's time.
    pub now: Timestamp,
    /// Who sits at the console: the author of its commands.
    pub person: &'a str,
    /// The screens, in the order of the room file. One that is not listed counts as missing.
    pub screens: &'a [ScreenStatus],
}

impl Moment<'_> {
    /// What the host says of the screen `name`.
    pub(crate) fn status(&self, name: &ScreenName) -> Option<&ScreenStatus> {
        self.screens.iter().find(|status| status.name == *name)
    }
}

/// How a physical screen is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenStatus {
    /// Its name in the room file.
    pub name: ScreenName,
    /// Where it stands among the others, in pixels of the window system; nothing where nobody can tell.
    pub rect_px: Option<Rect>,
    /// Whether it has a panel that shows something now.
    pub present: bool,
    /// Frames that it presented in the last second. An idle screen presents none, and that is well.
    pub frames_per_sec: f32,
    /// Frames that came later than one refresh after they were due, since the start.
    pub n_late: u64,
    /// What it shows now, small, with its size in pixels.
    pub miniature: Option<(TextureId, Vec2)>,
    /// How old what it shows is: since the screen last looked at a snapshot.
    pub looked: Option<Timestamp>,
    /// What is wrong with it, in a few words.
    pub trouble: Option<SmolStr>,
}

impl ScreenStatus {
    /// A screen that has no panel.
    #[must_use]
    pub const fn missing(name: ScreenName) -> Self {
        Self {
            name,
            rect_px: None,
            present: false,
            frames_per_sec: 0.0,
            n_late: 0,
            miniature: None,
            looked: None,
            trouble: None,
        }
    }
}

/// What the console asks of its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To be written into the log as the person's.
    Command(Command),
    /// The person reads this language from now on; the console has changed already.
    Language(Locale),
    /// The window is to be closed; the wall goes on.
    Close,
}
