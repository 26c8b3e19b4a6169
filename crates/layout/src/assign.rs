//! Which layout goes on which physical screen.

use smol_str::SmolStr;
use vigie_model::ScreenName;

use crate::{Assignments, ScreenFacts, ScreenSpec};

/// Which layout goes on which physical screen, and which screens nobody can tell apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// Layouts with their screens, in the room file's order.
    pub placed: Vec<Placed>,
    /// Groups that a person must tell apart: each shows a question until then.
    pub ambiguous: Vec<Ambiguity>,
    /// Layouts without a physical screen, in the room file's order.
    pub hidden: Vec<ScreenName>,
    /// Physical screens without a layout, as indices into the facts: they show the identify card.
    pub extra: Vec<usize>,
}

/// A layout on its screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The layout, by its screen's name in the room file.
    pub screen: ScreenName,
    /// Its index in the room's screens; the number to show is one more.
    pub spec_idx: usize,
    /// The physical screen, as an index into the facts.
    pub facts_idx: usize,
    /// The physical screen's connector.
    pub connector: SmolStr,
    /// What made it sure.
    pub by: MatchedBy,
}

/// What made an assignment sure, from the strongest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchedBy {
    /// The panel's make, model and serial number.
    Edid,
    /// The socket.
    Connector,
    /// Where it hangs.
    Place,
    /// It was so before, by the panel's own identity, the socket or the arrangement.
    Remembered,
    /// There was only one left.
    LastOne,
    /// Nothing is known of any screen: reading order.
    Order,
}

/// Layouts and screens that nobody can tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// The layouts, in the room file's order.
    pub screens: Vec<ScreenName>,
    /// The physical screens that it can be, as indices into the facts.
    pub facts_idxs: Vec<usize>,
}

/// Puts layouts on physical screens.
#[must_use]
pub fn assign(specs: &[ScreenSpec], facts: &[ScreenFacts], remembered: &Assignments) -> Assignment {
    let _ = (specs, facts, remembered);
    Assignment::default()
}
