//! Layouts and screens as two sides of a graph, and the pairs in it that are sure.

use std::collections::BTreeSet;

use super::MatchedBy;

/// Which layouts and screens have found each other so far.
#[derive(Clone, Debug)]
pub(super) struct Pairing {
    /// For each layout its screen, and what made it sure.
    pub(super) screen_of: Vec<Option<(usize, MatchedBy)>>,
    /// For each screen whether it has a layout.
    pub(super) is_taken: Vec<bool>,
}

/// Layouts and screens that hang together: each fits another one of the group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) specs: BTreeSet<usize>,
    pub(super) facts: BTreeSet<usize>,
    edges: BTreeSet<(usize, usize)>,
}

impl Pairing {
    pub(super) fn new(n_specs: usize, n_facts: usize) -> Self {
        Self { screen_of: vec![None; n_specs], is_taken: vec![false; n_facts] }
    }

    pub(super) fn take(&mut self, pairs: Vec<(usize, usize)>, by: MatchedBy) {
        for (spec_idx, facts_idx) in pairs {
            if let (Some(screen), Some(is_taken)) =
                (self.screen_of.get_mut(spec_idx), self.is_taken.get_mut(facts_idx))
            {
                *screen = Some((facts_idx, by));
                *is_taken = true;
            }
        }
    }

    /// The layouts that have no screen yet.
    pub(super) fn free_specs(&self) -> impl Iterator<Item = usize> {
        free(&self.screen_of, Option::is_none)
    }

    /// The screens that have no layout yet.
    pub(super) fn free_facts(&self) -> impl Iterator<Item = usize> {
        free(&self.is_taken, |is_taken| !is_taken)
    }
}

fn free<T>(side: &[T], is_free: fn(&T) -> bool) -> impl Iterator<Item = usize> {
    side.iter().enumerate().filter(move |(_, entry)| is_free(entry)).map(|(idx, _)| idx)
}

/// The groups that `fits` makes of what is still free; a loner is in none.
pub(super) fn groups(pairing: &Pairing, fits: impl Fn(usize, usize) -> bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for spec_idx in pairing.free_specs() {
        let facts: BTreeSet<usize> =
            pairing.free_facts().filter(|facts_idx| fits(spec_idx, *facts_idx)).collect();
        if facts.is_empty() {
            continue;
        }
        let mut group = Group {
            specs: BTreeSet::from([spec_idx]),
            edges: facts.iter().map(|facts_idx| (spec_idx, *facts_idx)).collect(),
            facts,
        };
        groups.retain_mut(|other| {
            let is_apart = other.facts.is_disjoint(&group.facts);
            if !is_apart {
                group.specs.append(&mut other.specs);
                group.facts.append(&mut other.facts);
                group.edges.append(&mut other.edges);
            }
            is_apart
        });
        groups.push(group);
    }
    groups
}

/// The pairs that are the only way to give every layout of a group a screen and every screen a layout.
pub(super) fn sure_pairs(
    pairing: &Pairing,
    fits: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    groups(pairing, fits).into_iter().filter_map(only_way).flatten().collect()
}

/// The pairs of `group`, if there is one way and no other.
///
/// A layout with one screen, or a screen with one layout, is sure; without them the rest is the same
/// question again. A group with more layouts than screens, or fewer, has no sure pair: any of them
/// can be the absent one.
fn only_way(mut group: Group) -> Option<Vec<(usize, usize)>> {
    if group.specs.len() != group.facts.len() {
        return None;
    }
    let mut pairs = Vec::with_capacity(group.specs.len());
    while pairs.len() < group.specs.len() {
        let only = |edge: &(usize, usize)| {
            let n_of_spec = group.edges.iter().filter(|other| other.0 == edge.0).count();
            let n_of_facts = group.edges.iter().filter(|other| other.1 == edge.1).count();
            n_of_spec == 1 || n_of_facts == 1
        };
        let sure = group.edges.iter().copied().find(only)?;
        group.edges.retain(|edge| edge.0 != sure.0 && edge.1 != sure.1);
        pairs.push(sure);
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sure pairs of three layouts and three screens at most, from lists of what fits.
    #[track_caller]
    fn check(fits: &[&[usize]], n_facts: usize, expected: &[(usize, usize)]) {
        let pairing = Pairing::new(fits.len(), n_facts);
        let mut pairs = sure_pairs(&pairing, |spec_idx, facts_idx| {
            fits.get(spec_idx).is_some_and(|facts| facts.contains(&facts_idx))
        });
        pairs.sort_unstable();
        assert_eq!(pairs, expected);
    }

    #[test]
    fn only_what_can_be_in_one_way_is_sure() {
        check(&[&[0], &[1]], 2, &[(0, 0), (1, 1)]);
        check(&[&[0, 1], &[1]], 2, &[(0, 0), (1, 1)]);
        check(&[&[0, 1], &[0, 1]], 2, &[]);
        check(&[&[0, 1], &[0, 1], &[2]], 3, &[(2, 2)]);
        check(&[&[0, 1, 2], &[1, 2], &[2]], 3, &[(0, 0), (1, 1), (2, 2)]);
    }

    #[test]
    fn an_absent_one_can_be_any() {
        check(&[&[0], &[0]], 1, &[]);
        check(&[&[0, 1]], 2, &[]);
        check(&[&[0], &[0, 1], &[0]], 2, &[]);
        check(&[&[]], 1, &[]);
    }

    #[test]
    fn a_group_without_any_way_has_no_pairs() {
        check(&[&[0], &[0], &[0, 1, 2]], 3, &[]);
    }
}
