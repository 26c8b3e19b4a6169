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
