//! Which monitors are plugged in, and what changed since the last look: plain data, no window system.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};
use vigie_layout::{ScreenFacts, reading_order};

/// What a monitor is known by while it is plugged in: its connector, or its place where it has no name.
pub(super) type MonitorKey = SmolStr;

/// What changed between two looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) gone: Vec<MonitorKey>,
    pub(super) new: Vec<MonitorKey>,
    /// Still there, but of another size, at another place, or another panel.
    pub(super) changed: Vec<MonitorKey>,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty() && self.changed.is_empty()
    }
}

/// Gives each monitor a key that no other has, in the order given.
pub(super) fn keys(facts: &[ScreenFacts]) -> Vec<MonitorKey> {
    let mut taken: BTreeMap<SmolStr, u32> = BTreeMap::new();
    facts
        .iter()
        .map(|screen| {
            let (x, y) = screen.position_px;
            let name = match screen.connector.as_str() {
                "" => format_smolstr!("{x},{y}"),
                _ => screen.connector.clone(),
            };
            let n_before = taken.entry(name.clone()).or_default();
            *n_before += 1;
            if *n_before == 1 { name } else { format_smolstr!("{name}#{n_before}") }
        })
        .collect()
}

/// What changed from `before` to `after`.
pub(super) fn compare(
    before: &BTreeMap<MonitorKey, ScreenFacts>,
    after: &BTreeMap<MonitorKey, ScreenFacts>,
) -> Changes {
    Changes {
        gone: before.keys().filter(|key| !after.contains_key(*key)).cloned().collect(),
        new: after.keys().filter(|key| !before.contains_key(*key)).cloned().collect(),
        changed: after
            .iter()
            .filter(|(key, facts)| before.get(*key).is_some_and(|old| old != *facts))
            .map(|(key, _)| key.clone())
            .collect(),
    }
}

/// The monitors as a person reads a wall; their numbers count from 1 in this order.
pub(super) fn in_reading_order(
    monitors: &BTreeMap<MonitorKey, ScreenFacts>,
) -> Vec<(MonitorKey, ScreenFacts)> {
    let (keys, facts): (Vec<_>, Vec<_>) =
        monitors.iter().map(|(key, facts)| (key.clone(), facts.clone())).unzip();
    reading_order(&facts)
        .into_iter()
        .flatten()
        .filter_map(|idx| Some((keys.get(idx)?.clone(), facts.get(idx)?.clone())))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use vigie_layout::Refresh;

    use super::*;

    fn screen(connector: &str, position_px: (i32, i32)) -> ScreenFacts {
        ScreenFacts {
            connector: connector.into(),
            edid: None,
            position_px,
            size_px: (320, 180),
            size_mm: None,
            scale: 1.0,
            refresh: Refresh { millihertz: 60_000 },
        }
    }

    fn room(screens: &[ScreenFacts]) -> BTreeMap<MonitorKey, ScreenFacts> {
        keys(screens).into_iter().zip(screens.iter().cloned()).collect()
    }

    #[track_caller]
    fn check(before: &[ScreenFacts], after: &[ScreenFacts], expected: [&[&str]; 3]) {
        let changes = compare(&room(before), &room(after));
        let found = [changes.gone, changes.new, changes.changed];
        assert_eq!(found.map(|keys| keys.join(" ")), expected.map(|keys| keys.join(" ")));
    }

    #[test]
    fn plugs_unplugs_and_moves_are_told_apart() {
        let (a, b, c) = (screen("A", (0, 0)), screen("B", (320, 0)), screen("C", (640, 0)));
        check(&[a.clone(), b.clone()], &[a.clone(), b.clone()], [&[], &[], &[]]);
        check(&[a.clone(), b.clone()], &[b.clone(), c], [&["A"], &["C"], &[]]);
        check(&[a.clone(), b.clone()], &[b, screen("A", (9, 0))], [&[], &[], &["A"]]);
        check(&[], &[a], [&[], &["A"], &[]]);
    }

    #[test]
    fn monitors_without_a_name_or_with_the_same_one_have_keys_of_their_own() {
        let found = keys(&[
            screen("", (0, 0)),
            screen("", (5, -5)),
            screen("TV", (0, 0)),
            screen("TV", (1, 0)),
        ]);
        assert_eq!(found, ["0,0", "5,-5", "TV", "TV#2"]);
    }

    #[test]
    fn numbers_go_along_the_rows() {
        let wall = [
            screen("D", (320, 180)),
            screen("A", (320, 0)),
            screen("B", (0, 0)),
            screen("C", (0, 180)),
        ];
        let order: Vec<_> =
            in_reading_order(&room(&wall)).into_iter().map(|(key, _)| key).collect();
        assert_eq!(order, ["B", "A", "C", "D"]);
    }

    proptest! {
        #[test]
        fn applying_the_changes_gives_the_new_room(
            before in proptest::collection::btree_map("[A-E]", 0..4_i32, 0..5),
            after in proptest::collection::btree_map("[A-E]", 0..4_i32, 0..5),
        ) {
            let make = |plan: &BTreeMap<String, i32>| -> BTreeMap<MonitorKey, ScreenFacts> {
                plan.iter().map(|(name, x)| (name.into(), screen(name, (*x, 0)))).collect()
            };
            let (mut now, after) = (make(&before), make(&after));
            let changes = compare(&now, &after);
            for key in &changes.gone {
                prop_assert!(now.remove(key).is_some());
            }
            for key in &changes.new {
                prop_assert!(now.insert(key.clone(), after[key].clone()).is_none());
            }
            for key in &changes.changed {
                prop_assert!(now.insert(key.clone(), after[key].clone()).is_some());
            }
            prop_assert_eq!(&now, &after);
            prop_assert!(compare(&now, &after).is_empty());
        }
    }
}
