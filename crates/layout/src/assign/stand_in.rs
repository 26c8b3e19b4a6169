//! Where the layout of a screen that is gone goes meanwhile.

use std::cmp::Reverse;

use super::Assignment;
use crate::ScreenSpec;

/// A layout on the screen of a less important one, until its own is back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandIn {
    /// The layout whose screen is gone, as an index into the room's screens.
    pub spec_idx: usize,
    /// The layout that makes room for it.
    pub instead_of: usize,
    /// The physical screen, as an index into the facts.
    pub facts_idx: usize,
}

/// Puts every layout without a screen in the place of the least important one, of equal ones the nearest in the
/// room file, if that is less important than itself.
///
/// It is for the time being: what is remembered is the assignment itself, so that a screen that is back gets its
/// own layout back.
#[must_use]
pub fn stand_ins(specs: &[ScreenSpec], assignment: &Assignment) -> Vec<StandIn> {
    let priority = |spec_idx: usize| specs.get(spec_idx).map(|spec| spec.priority);
    let mut hidden: Vec<usize> = assignment
        .hidden
        .iter()
        .filter_map(|name| specs.iter().position(|spec| spec.name == *name))
        .collect();
    hidden.sort_by_key(|spec_idx| (Reverse(priority(*spec_idx)), *spec_idx));
    let mut free: Vec<_> = assignment.placed.iter().collect();
    let mut stand_ins = Vec::new();
    for spec_idx in hidden {
        let least = free
            .iter()
            .enumerate()
            .filter(|(_, placed)| priority(placed.spec_idx) < priority(spec_idx))
            .min_by_key(|(_, placed)| {
                (priority(placed.spec_idx), placed.spec_idx.abs_diff(spec_idx))
            })
            .map(|(place, _)| place);
        let Some(least) = least else { break };
        let placed = free.swap_remove(least);
        let (instead_of, facts_idx) = (placed.spec_idx, placed.facts_idx);
        stand_ins.push(StandIn { spec_idx, instead_of, facts_idx });
    }
    stand_ins
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gap, Grid, Identity, MatchedBy, Placed, SizeMm};

    /// Priorities of the room's screens; which of them are there; who takes whose place.
    #[track_caller]
    fn check(priorities: &[u8], present: &[usize], expected: &[(usize, usize)]) {
        let spec = |(idx, priority): (usize, &u8)| ScreenSpec {
            name: format!("s{idx}").as_str().into(),
            purpose: String::new(),
            size_mm: SizeMm { width: 16.0, height: 9.0 },
            distance_mm: 1,
            resolution_px: (16, 9),
            portrait: false,
            identity: Identity::default(),
            priority: *priority,
            gap: Gap::None,
            grid: Grid::default(),
            cells: Vec::new(),
        };
        let specs: Vec<ScreenSpec> = priorities.iter().enumerate().map(spec).collect();
        let mut assignment = Assignment::default();
        for (spec_idx, spec) in specs.iter().enumerate() {
            match present.iter().position(|idx| *idx == spec_idx) {
                Some(facts_idx) => assignment.placed.push(Placed {
                    screen: spec.name.clone(),
                    spec_idx,
                    facts_idx,
                    connector: "DP-1".into(),
                    by: MatchedBy::Order,
                }),
                None => assignment.hidden.push(spec.name.clone()),
            }
        }
        let found: Vec<(usize, usize)> =
            stand_ins(&specs, &assignment).iter().map(|it| (it.spec_idx, it.instead_of)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_matters_most_is_seen() {
        check(&[50, 50, 50], &[0, 1], &[]);
        check(&[90, 50, 10], &[0, 1], &[]);
        check(&[90, 50, 10], &[1, 2], &[(0, 2)]);
        check(&[90, 10, 10, 10], &[1, 2, 3], &[(0, 1)]);
        check(&[10, 10, 10, 90], &[0, 1, 2], &[(3, 2)]);
        check(&[90, 80, 10, 20], &[2, 3], &[(0, 2), (1, 3)]);
        check(&[90, 80, 10], &[2], &[(0, 2)]);
        check(&[90], &[], &[]);
    }
}
