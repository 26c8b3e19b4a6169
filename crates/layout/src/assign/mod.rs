//! Which layout goes on which physical screen.
//!
//! The rules, from the strongest on; each one only places what the ones before it left over:
//!
//! 1. **What the room file says is law.** A panel whose EDID differs from the stated one is not that
//!    screen, whatever socket it is in. Of equal panels the stated connector decides, then the stated
//!    position. A position counts only while there are as many screens as layouts, because every
//!    missing screen moves the ones after it.
//! 2. **What was so before.** The panel's own EDID, then its connector, then its rectangle on the
//!    desktop; a rectangle counts only while all rectangles are as they were.
//! 3. **Reading order, for layouts nobody knows anything of.** Where no screen of the room states an
//!    EDID or a connector, the layouts that never had a screen take the screens that no absent layout
//!    can claim, from the top left to the bottom right; where there are too few screens, the
//!    layouts with the highest priority.
//! 4. **The last one.** One layout and one screen that fits it are left, and more than a likeness to
//!    what was before speaks for it.
//! 5. **A room away from home.** Where no screen at all is known to a room that states no identity, or
//!    that was never on this machine, it is put up in reading order, and that is not remembered.
//!
//! What is left and could be in two ways is an [`Ambiguity`]: a question to a person, never a guess.
//! Layouts with no screen that could be theirs are hidden, screens with no layout are extra.

use smol_str::SmolStr;
use vigie_model::ScreenName;

use crate::{Assignments, ScreenFacts, ScreenSpec};

mod evidence;
mod pairing;
mod stand_in;

pub use stand_in::{StandIn, stand_ins};

use evidence::{Evidence, PASSES};
use pairing::{Pairing, sure_pairs};

/// Which layout goes on which physical screen, and which screens nobody can tell apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// Layouts with their screens, in the room file's order.
    pub placed: Vec<Placed>,
    /// Groups that a person must tell apart: each screen shows a question until then.
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
    /// The stated make, model and serial number.
    Edid,
    /// The stated connector.
    Connector,
    /// The stated position.
    Place,
    /// It was so before.
    Remembered,
    /// Nothing is known of the layout: reading order.
    Order,
    /// There was only one left.
    LastOne,
    /// No screen is known to the room: reading order, for the time being.
    AwayFromHome,
}

/// Layouts and screens that nobody can tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// The layouts, in the room file's order.
    pub screens: Vec<ScreenName>,
    /// The physical screens that it can be, as indices into the facts.
    pub facts_idxs: Vec<usize>,
}

/// Puts layouts on physical screens, by the rules above.
///
/// The answer does not depend on the order of `facts`.
#[must_use]
pub fn assign(specs: &[ScreenSpec], facts: &[ScreenFacts], remembered: &Assignments) -> Assignment {
    let evidence = Evidence::new(specs, facts, remembered);
    let mut pairing = Pairing::new(specs.len(), facts.len());
    for (by, agrees) in PASSES {
        let pairs = sure_pairs(&pairing, |spec_idx, facts_idx| {
            evidence.holds_at(spec_idx, facts_idx, *agrees)
        });
        pairing.take(pairs, *by);
    }
    evidence.place_by_order(&mut pairing);
    let pairs = sure_pairs(&pairing, |spec_idx, facts_idx| evidence.fits_at(spec_idx, facts_idx));
    pairing.take(evidence.proven(pairs), MatchedBy::LastOne);
    evidence.place_away_from_home(&mut pairing);
    evidence.assignment(&pairing)
}

#[cfg(test)]
mod tests;
