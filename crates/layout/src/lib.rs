//! Room files, grids, and which layout goes on which screen.
//!
//! All of it is pure: text in, values out, and every problem of a file in one go.
//! Nothing here knows a window system, a widget or a network: those come in as data
//! ([`ScreenFacts`], [`Vocabulary`]).
#![warn(missing_docs)]

mod assign;
mod diagnostic;
mod facts;
mod grid;
mod legibility;
mod memory;
pub mod query;
mod read;
mod reflow;
mod room;
mod schema;
mod screen;
#[cfg(test)]
mod testing;
pub mod units;
mod vocabulary;

pub use assign::{Ambiguity, Assignment, MatchedBy, Placed, StandIn, assign, stand_ins};
pub use diagnostic::{Diagnostic, Problems, Severity};
pub use facts::{Edid, Refresh, ScreenFacts, reading_order};
pub use grid::{Area, Fraction, Grid, GridError, PixelRect, Spacing};
pub use legibility::{Legibility, cell_complaints, legibility};
pub use memory::{Assignments, Remembered};
pub use read::{Checked, MAX_ROOM_BYTES, check, check_bytes};
pub use reflow::{Reflow, reflow};
pub use room::{
    Campaign, ConsoleSpec, Kind, Locale, MediaSpec, ModerationSpec, Objective, Retention, Room,
    SceneSpec, Target,
};
pub use schema::schema;
pub use screen::{CellSpec, Gap, Identity, Place, ScreenSpec, SizeMm};
pub use vocabulary::{Entry, Vocabulary};
