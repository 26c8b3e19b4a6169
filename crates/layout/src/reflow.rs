//! A room on fewer screens than it has layouts.

use crate::ScreenSpec;

/// Which layouts stay when there are fewer screens, as indices into the room's screens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reflow {
    /// Those that stay, in the room file's order.
    pub shown: Vec<usize>,
    /// Those that wait, the most important first.
    pub hidden: Vec<usize>,
}

/// Picks the layouts with the highest priority; of equal ones the first in the file.
#[must_use]
pub fn reflow(specs: &[ScreenSpec], n_screens: usize) -> Reflow {
    let mut by_priority: Vec<(usize, &ScreenSpec)> = specs.iter().enumerate().collect();
    by_priority.sort_by_key(|(_, spec)| std::cmp::Reverse(spec.priority));
    let mut order: Vec<usize> = by_priority.into_iter().map(|(spec_idx, _)| spec_idx).collect();
    let hidden = order.split_off(n_screens.min(order.len()));
    order.sort_unstable();
    Reflow { shown: order, hidden }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gap, Grid, Identity, SizeMm};

    #[track_caller]
    fn check(priorities: &[u8], n_screens: usize, shown: &[usize], hidden: &[usize]) {
        let screen = |priority: &u8| ScreenSpec {
            name: "screen".into(),
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
        let specs: Vec<ScreenSpec> = priorities.iter().map(screen).collect();
        let expected = Reflow { shown: shown.to_vec(), hidden: hidden.to_vec() };
        assert_eq!(reflow(&specs, n_screens), expected);
    }

    #[test]
    fn the_most_important_stay_in_the_order_of_the_file() {
        check(&[10, 90, 50], 3, &[0, 1, 2], &[]);
        check(&[10, 90, 50], 2, &[1, 2], &[0]);
        check(&[10, 90, 50], 1, &[1], &[2, 0]);
        check(&[10, 90, 50], 0, &[], &[1, 2, 0]);
        check(&[50, 50, 50], 2, &[0, 1], &[2]);
        check(&[50], 9, &[0], &[]);
    }
}
