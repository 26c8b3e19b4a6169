//! What speaks for a layout being on a screen.

use vigie_model::ScreenName;

use super::{
    Ambiguity, Assignment, MatchedBy, Placed,
    pairing::{Pairing, groups},
};
use crate::{Assignments, Place, Remembered, ScreenFacts, ScreenSpec, reading_order, reflow};

/// One reason for a pair, by which the sure pairs are looked for.
pub(super) type Agrees = fn(&Evidence<'_>, &ScreenSpec, &ScreenFacts) -> bool;

/// The reasons from the strongest to the weakest; equal panels need two.
pub(super) const PASSES: &[(MatchedBy, Agrees)] = &[
    (MatchedBy::Edid, |it, spec, facts| it.edid(spec, facts)),
    (MatchedBy::Connector, |it, spec, facts| it.edid(spec, facts) && it.connector(spec, facts)),
    (MatchedBy::Place, |it, spec, facts| it.edid(spec, facts) && it.place(spec, facts)),
    (MatchedBy::Connector, |it, spec, facts| it.connector(spec, facts)),
    (MatchedBy::Place, |it, spec, facts| it.place(spec, facts)),
    (MatchedBy::Remembered, |it, spec, facts| {
        it.was_panel(spec, facts) && it.is_one_of_its_kind(facts)
    }),
    (MatchedBy::Remembered, |it, spec, facts| {
        it.was_panel(spec, facts) && it.was_connector(spec, facts)
    }),
    (MatchedBy::Remembered, |it, spec, facts| {
        it.was_panel(spec, facts) && it.was_rect(spec, facts)
    }),
    (MatchedBy::Remembered, |it, spec, facts| it.was_connector(spec, facts)),
    (MatchedBy::Remembered, |it, spec, facts| it.was_rect(spec, facts)),
];

/// All that is known of the room, the screens, and what was before.
pub(super) struct Evidence<'a> {
    specs: &'a [ScreenSpec],
    facts: &'a [ScreenFacts],
    remembered: &'a Assignments,
    /// The screens in reading order, with their places.
    order: Vec<(usize, Place)>,
    /// There are as many screens as layouts, so that positions can be trusted.
    wall_is_whole: bool,
    /// All rectangles are as they were, so that each of them can be trusted.
    desktop_is_same: bool,
}

impl<'a> Evidence<'a> {
    pub(super) fn new(
        specs: &'a [ScreenSpec],
        facts: &'a [ScreenFacts],
        remembered: &'a Assignments,
    ) -> Self {
        let count = |idx: usize| u8::try_from(idx + 1).unwrap_or(u8::MAX);
        let order = reading_order(facts)
            .into_iter()
            .enumerate()
            .flat_map(|(row_idx, row)| {
                row.into_iter().enumerate().map(move |(column_idx, facts_idx)| {
                    (facts_idx, Place { row: count(row_idx), column: count(column_idx) })
                })
            })
            .collect();
        Self {
            specs,
            facts,
            remembered,
            order,
            wall_is_whole: specs.len() == facts.len(),
            desktop_is_same: remembered.arrangement == Assignments::arrangement_of(facts),
        }
    }

    /// Whether nothing speaks against the pair, and something for it where anything is known.
    pub(super) fn fits(&self, spec: &ScreenSpec, facts: &ScreenFacts) -> bool {
        let stated = &spec.identity;
        if stated.edid.is_some() && facts.edid.is_some() {
            return self.edid(spec, facts);
        }
        if stated.connector.is_some() {
            return self.connector(spec, facts);
        }
        if stated.edid.is_some() {
            // The panel is silent: something else must speak for it.
            return self.place(spec, facts)
                || self.was_connector(spec, facts)
                || self.was_rect(spec, facts);
        }
        self.is_fresh(spec)
            || self.place(spec, facts)
            || self.was_panel(spec, facts)
            || self.was_connector(spec, facts)
            || self.was_rect(spec, facts)
    }

    /// Whether the layout could be anywhere: no panel, no connector, and it never had a screen.
    fn is_fresh(&self, spec: &ScreenSpec) -> bool {
        !is_stated(spec) && self.was(spec).is_none()
    }

    fn edid(&self, spec: &ScreenSpec, facts: &ScreenFacts) -> bool {
        let stated = spec.identity.edid.as_ref();
        stated.zip(facts.edid.as_ref()).is_some_and(|(stated, panel)| stated.matches(panel))
    }

    fn connector(&self, spec: &ScreenSpec, facts: &ScreenFacts) -> bool {
        spec.identity.connector.as_ref() == Some(&facts.connector)
    }

    fn place(&self, spec: &ScreenSpec, facts: &ScreenFacts) -> bool {
        self.wall_is_whole
            && self.order.iter().any(|(facts_idx, place)| {
                spec.identity.place == Some(*place)
                    && self.facts.get(*facts_idx).is_some_and(|other| std::ptr::eq(other, facts))
            })
    }

    fn was(&self, spec: &ScreenSpec) -> Option<&Remembered> {
        self.remembered.screens.get(&spec.name)
    }

    fn was_panel(&self, spec: &ScreenSpec, facts: &ScreenFacts) -> bool {
        let edid = self.was(spec).and_then(|was| was.edid.as_ref());
        edid.is_some_and(|edid| !edid.is_empty() && facts.edid.as_ref() == Some(edid))
    }

    /// Whether the panel's own words tell it from all others that are here or were.
    ///
    /// Many makers give all panels of a model one serial number.
    fn is_one_of_its_kind(&self, facts: &ScreenFacts) -> bool {
        let n_here = self.facts.iter().filter(|other| other.edid == facts.edid).count();
        let n_before =
            self.remembered.screens.values().filter(|was| was.edid == facts.edid).count();
        n_here <= 1 && n_before <= 1
    }

    fn was_connector(&self, spec: &ScreenSpec, facts: &ScreenFacts) -> bool {
        self.was(spec).is_some_and(|was| was.connector == facts.connector)
    }

    fn was_rect(&self, spec: &ScreenSpec, facts: &ScreenFacts) -> bool {
        self.desktop_is_same
            && self.was(spec).is_some_and(|was| was.rect_px == Some(facts.rect_px()))
    }

    /// Rule 4: there is one left on each side, and more than a likeness speaks for it.
    pub(super) fn proven(&self, mut pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
        pairs.retain(|(spec_idx, _)| {
            self.specs.get(*spec_idx).is_some_and(|spec| is_stated(spec) || self.is_fresh(spec))
        });
        pairs
    }

    /// Rule 3: layouts nobody knows anything of take screens that no other layout can claim.
    pub(super) fn place_by_order(&self, pairing: &mut Pairing) {
        if self.specs.iter().any(is_stated) {
            return;
        }
        let free = |pairing: &Pairing| -> Vec<&ScreenSpec> {
            pairing.free_specs().filter_map(|spec_idx| self.specs.get(spec_idx)).collect()
        };
        let absent: Vec<&ScreenSpec> =
            free(pairing).into_iter().filter(|spec| !self.is_fresh(spec)).collect();
        let specs: Vec<usize> = pairing
            .free_specs()
            .filter(|spec_idx| self.specs.get(*spec_idx).is_some_and(|spec| self.is_fresh(spec)))
            .collect();
        let free_facts: Vec<usize> = pairing.free_facts().collect();
        let facts = self.order.iter().map(|(facts_idx, _)| *facts_idx).filter(|facts_idx| {
            free_facts.contains(facts_idx)
                && self
                    .facts
                    .get(*facts_idx)
                    .is_some_and(|facts| absent.iter().all(|spec| !self.fits(spec, facts)))
        });
        let facts: Vec<usize> = facts.collect();
        pairing.take(self.in_order(&specs, &facts), MatchedBy::Order);
    }

    /// Rule 5: no screen at all is known to the room.
    pub(super) fn place_away_from_home(&self, pairing: &mut Pairing) {
        let is_known = |facts: &ScreenFacts| self.specs.iter().any(|spec| self.fits(spec, facts));
        let was_here = self.specs.iter().any(|spec| self.was(spec).is_some());
        let is_away = !was_here || !self.specs.iter().any(is_stated);
        if !is_away || self.facts.iter().any(is_known) {
            return;
        }
        let specs: Vec<usize> = (0..self.specs.len()).collect();
        let facts: Vec<usize> = self.order.iter().map(|(facts_idx, _)| *facts_idx).collect();
        pairing.take(self.in_order(&specs, &facts), MatchedBy::AwayFromHome);
    }

    /// The most important of `specs` on `facts`: in the order of their stated places, else of the file.
    fn in_order(&self, specs: &[usize], facts: &[usize]) -> Vec<(usize, usize)> {
        let chosen: Vec<ScreenSpec> =
            specs.iter().filter_map(|spec_idx| self.specs.get(*spec_idx).cloned()).collect();
        let mut shown: Vec<usize> = reflow(&chosen, facts.len())
            .shown
            .into_iter()
            .filter_map(|chosen_idx| specs.get(chosen_idx).copied())
            .collect();
        let place =
            |spec_idx: &usize| self.specs.get(*spec_idx).and_then(|spec| spec.identity.place);
        if shown.iter().all(|spec_idx| place(spec_idx).is_some()) {
            shown.sort_by_key(place);
        }
        shown.into_iter().zip(facts.iter().copied()).collect()
    }

    /// What came of it, with a question for each group that is left.
    pub(super) fn assignment(&self, pairing: &Pairing) -> Assignment {
        let name = |spec_idx: &usize| self.specs.get(*spec_idx).map(|spec| spec.name.clone());
        let placed = self.specs.iter().zip(&pairing.screen_of).enumerate();
        let placed = placed.filter_map(|(spec_idx, (spec, screen))| {
            let (facts_idx, by) = (*screen)?;
            let connector = self.facts.get(facts_idx)?.connector.clone();
            Some(Placed { screen: spec.name.clone(), spec_idx, facts_idx, connector, by })
        });
        let groups = groups(pairing, |spec_idx, facts_idx| self.fits_at(spec_idx, facts_idx));
        let is_asked = |spec_idx: &usize| groups.iter().any(|group| group.specs.contains(spec_idx));
        let is_asked_of =
            |facts_idx: &usize| groups.iter().any(|group| group.facts.contains(facts_idx));
        let hidden: Vec<ScreenName> = pairing
            .free_specs()
            .filter(|idx| !is_asked(idx))
            .filter_map(|idx| name(&idx))
            .collect();
        let extra = pairing.free_facts().filter(|idx| !is_asked_of(idx)).collect();
        let mut ambiguous: Vec<Ambiguity> = groups
            .iter()
            .map(|group| Ambiguity {
                screens: group.specs.iter().filter_map(name).collect(),
                facts_idxs: group.facts.iter().copied().collect(),
            })
            .collect();
        ambiguous.sort_by(|one, other| one.screens.cmp(&other.screens));
        Assignment { placed: placed.collect(), ambiguous, hidden, extra }
    }

    /// [`Self::fits`] by indices.
    pub(super) fn fits_at(&self, spec_idx: usize, facts_idx: usize) -> bool {
        self.holds_at(spec_idx, facts_idx, |_, _, _| true)
    }

    /// Whether the pair fits, and `agrees` says so too.
    pub(super) fn holds_at(&self, spec_idx: usize, facts_idx: usize, agrees: Agrees) -> bool {
        let pair = self.specs.get(spec_idx).zip(self.facts.get(facts_idx));
        pair.is_some_and(|(spec, facts)| self.fits(spec, facts) && agrees(self, spec, facts))
    }
}

/// Whether the room file says which panel or which socket it is.
fn is_stated(spec: &ScreenSpec) -> bool {
    spec.identity.edid.is_some() || spec.identity.connector.is_some()
}
