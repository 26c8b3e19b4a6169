//! Which layout goes where: the rules one by one, then random lives of a wall.

use proptest::prelude::*;

use super::*;
use crate::{Edid, Gap, Grid, Identity, Place, Refresh, SizeMm};

fn spec(name: &str, identity: Identity) -> ScreenSpec {
    ScreenSpec {
        name: ScreenName::new(name),
        purpose: String::new(),
        size_mm: SizeMm::from_diagonal_mm(1397.0),
        distance_mm: 6_000,
        resolution_px: (1920, 1080),
        portrait: false,
        identity,
        priority: ScreenSpec::DEFAULT_PRIORITY,
        gap: Gap::Normal,
        grid: Grid::default(),
        cells: Vec::new(),
    }
}

fn nameless(name: &str) -> ScreenSpec {
    spec(name, Identity::default())
}

fn edid(serial: &str) -> Edid {
    Edid { make: "ACM".into(), model: "P55".into(), serial: serial.into() }
}

fn with_edid(name: &str, serial: &str) -> ScreenSpec {
    spec(name, Identity { edid: Some(edid(serial)), ..Identity::default() })
}

fn with_connector(name: &str, connector: &str) -> ScreenSpec {
    spec(name, Identity { connector: Some(connector.into()), ..Identity::default() })
}

fn with_place(name: &str, row: u8, column: u8) -> ScreenSpec {
    spec(name, Identity { place: Some(Place { row, column }), ..Identity::default() })
}

/// A screen that says nothing of itself, at a place counted in screens.
fn silent(connector: &str, column: i32, row: i32) -> ScreenFacts {
    ScreenFacts {
        connector: connector.into(),
        edid: None,
        position_px: (1920 * column, 1080 * row),
        size_px: (1920, 1080),
        size_mm: None,
        scale: 1.0,
        refresh: Refresh::default(),
    }
}

fn panel(connector: &str, column: i32, serial: &str) -> ScreenFacts {
    ScreenFacts { edid: Some(edid(serial)), ..silent(connector, column, 0) }
}

/// `a=DP-1 b=DP-2 | ask: c d on DP-3 | hidden: e | extra: DP-4`, with what made each sure.
fn text(assignment: &Assignment, facts: &[ScreenFacts]) -> String {
    let connector = |facts_idx: &usize| facts[*facts_idx].connector.as_str();
    let mut parts = Vec::new();
    let placed = assignment.placed.iter();
    let placed =
        placed.map(|placed| format!("{}={}:{:?}", placed.screen, placed.connector, placed.by));
    parts.push(placed.collect::<Vec<_>>().join(" "));
    for group in &assignment.ambiguous {
        let screens: Vec<&str> = group.screens.iter().map(ScreenName::as_str).collect();
        let connectors: Vec<&str> = group.facts_idxs.iter().map(connector).collect();
        parts.push(format!("ask: {} on {}", screens.join(" "), connectors.join(" ")));
    }
    if !assignment.hidden.is_empty() {
        let hidden: Vec<&str> = assignment.hidden.iter().map(ScreenName::as_str).collect();
        parts.push(format!("hidden: {}", hidden.join(" ")));
    }
    if !assignment.extra.is_empty() {
        let extra: Vec<&str> = assignment.extra.iter().map(connector).collect();
        parts.push(format!("extra: {}", extra.join(" ")));
    }
    parts.join(" | ")
}

#[track_caller]
fn check(specs: &[ScreenSpec], facts: &[ScreenFacts], memory: &Assignments, expected: &str) {
    assert_eq!(text(&assign(specs, facts, memory), facts), expected);
}

fn fresh() -> Assignments {
    Assignments::default()
}

/// The memory of a wall that was put up with these.
fn after(specs: &[ScreenSpec], facts: &[ScreenFacts]) -> Assignments {
    fresh().with(&assign(specs, facts, &fresh()), facts)
}

#[test]
fn a_fresh_room_is_put_up_in_reading_order() {
    let room = [nameless("a"), nameless("b"), nameless("c")];
    let wall = [silent("X-3", 0, 1), silent("X-1", 1, 0), silent("X-2", 0, 0)];
    check(&room, &wall, &fresh(), "a=X-2:Order b=X-1:Order c=X-3:Order");
    let more = [silent("X-1", 0, 0), silent("X-2", 1, 0), silent("X-3", 2, 0), silent("X-4", 3, 0)];
    check(&room, &more, &fresh(), "a=X-1:Order b=X-2:Order c=X-3:Order | extra: X-4");
    check(&room, &[], &fresh(), " | hidden: a b c");
    check(&[], &more[..1], &fresh(), " | extra: X-1");
}

#[test]
fn too_few_screens_show_what_matters_most() {
    let mut room = [nameless("a"), nameless("b"), nameless("c")];
    room[2].priority = 90;
    let wall = [silent("X-1", 0, 0), silent("X-2", 1, 0)];
    check(&room, &wall, &fresh(), "a=X-1:Order c=X-2:Order | hidden: b");
    check(&room, &wall[..1], &fresh(), "c=X-1:Order | hidden: a b");
}

#[test]
fn a_screen_that_comes_later_gets_the_next_layout() {
    let room = [nameless("a"), nameless("b"), nameless("c")];
    let wall = [silent("X-1", 1, 0), silent("X-2", 2, 0), silent("X-0", 0, 0)];
    let memory = after(&room, &wall[..2]);
    check(&room, &wall, &memory, "a=X-1:Remembered b=X-2:Remembered c=X-0:Order");
}

#[test]
fn a_panel_keeps_its_layout_in_any_socket() {
    let room = [with_edid("a", "1"), with_edid("b", "2")];
    check(
        &room,
        &[panel("DP-2", 1, "1"), panel("DP-1", 0, "2")],
        &fresh(),
        "a=DP-2:Edid b=DP-1:Edid",
    );
    check(&room, &[panel("DP-1", 0, "2")], &fresh(), "b=DP-1:Edid | hidden: a");
    let stranger = [panel("DP-1", 0, "1"), panel("DP-2", 1, "9")];
    check(&room, &stranger, &fresh(), "a=DP-1:Edid | hidden: b | extra: DP-2");
}

#[test]
fn equal_panels_are_told_apart_by_their_sockets() {
    let mut room = [with_edid("a", ""), with_edid("b", "")];
    let wall = [panel("DP-1", 0, "7"), panel("DP-2", 1, "7")];
    check(&room, &wall, &fresh(), " | ask: a b on DP-1 DP-2");
    room[0].identity.connector = Some("DP-2".into());
    room[1].identity.connector = Some("DP-1".into());
    check(&room, &wall, &fresh(), "a=DP-2:Connector b=DP-1:Connector");
    check(&room, &wall[1..], &fresh(), "a=DP-2:Connector | hidden: b");
}

#[test]
fn equal_panels_are_told_apart_by_their_places() {
    let mut room = [with_edid("a", ""), with_edid("b", "")];
    room[0].identity.place = Some(Place { row: 1, column: 2 });
    room[1].identity.place = Some(Place { row: 1, column: 1 });
    let wall = [panel("DP-1", 0, "7"), panel("DP-2", 1, "7")];
    check(&room, &wall, &fresh(), "a=DP-2:Place b=DP-1:Place");
    check(&room, &wall[..1], &fresh(), " | ask: a b on DP-1");
    let memory = after(&room, &wall);
    check(&room, &wall[..1], &memory, "b=DP-1:Remembered | hidden: a");
}

#[test]
fn a_stated_panel_stands_above_a_stated_socket() {
    let room = [with_edid("a", "1"), with_connector("b", "DP-1")];
    check(&room, &[panel("DP-1", 0, "1")], &fresh(), "a=DP-1:Edid | hidden: b");
    check(&room, &[panel("DP-1", 0, "8")], &fresh(), "b=DP-1:Connector | hidden: a");
    check(&room, &[silent("DP-1", 0, 0)], &fresh(), "b=DP-1:Connector | hidden: a");
}

#[test]
fn positions_count_only_on_a_whole_wall() {
    let room = [with_place("a", 2, 1), with_place("b", 1, 1), with_place("c", 1, 2)];
    let wall = [silent("X-1", 0, 0), silent("X-2", 1, 0), silent("X-3", 0, 1)];
    check(&room, &wall, &fresh(), "a=X-3:Place b=X-1:Place c=X-2:Place");
    let memory = after(&room, &wall);
    check(&room, &wall[1..], &memory, "a=X-3:Remembered c=X-2:Remembered | hidden: b");
    check(&room, &wall[..1], &fresh(), "a=X-1:Order | hidden: b c");
}

#[test]
fn one_left_on_each_side_belong_together() {
    let room = [with_edid("a", "1"), nameless("b")];
    let wall = [panel("DP-1", 0, "1"), panel("DP-2", 1, "2")];
    check(&room, &wall, &fresh(), "a=DP-1:Edid b=DP-2:LastOne");
    let more = [panel("DP-1", 0, "1"), panel("DP-2", 1, "2"), panel("DP-3", 2, "3")];
    check(&room, &more, &fresh(), "a=DP-1:Edid | ask: b on DP-2 DP-3");
    let other = [with_edid("a", "1"), nameless("b"), nameless("c")];
    check(&other, &more, &fresh(), "a=DP-1:Edid | ask: b c on DP-2 DP-3");
}

#[test]
fn an_answer_is_remembered() {
    let room = [with_edid("a", ""), with_edid("b", "")];
    let wall = [panel("DP-1", 0, "7"), panel("DP-2", 1, "7")];
    let memory = fresh().answered(&ScreenName::new("a"), &wall[1]);
    check(&room, &wall, &memory, "a=DP-2:Remembered b=DP-1:LastOne");
    let memory = memory.answered(&ScreenName::new("b"), &wall[1]);
    check(&room, &wall, &memory, "a=DP-1:LastOne b=DP-2:Remembered");
}

#[test]
fn a_replaced_panel_takes_over_its_socket() {
    let room = [nameless("a"), nameless("b")];
    let memory = after(&room, &[panel("DP-1", 0, "1"), panel("DP-2", 1, "2")]);
    let wall = [panel("DP-1", 0, "3"), panel("DP-2", 1, "2")];
    check(&room, &wall, &memory, "a=DP-1:Remembered b=DP-2:Remembered");
    let moved = [panel("DP-2", 0, "1"), panel("DP-1", 1, "2")];
    check(&room, &moved, &memory, "a=DP-2:Remembered b=DP-1:Remembered");
}

#[test]
fn renamed_sockets_are_known_by_their_rectangles_while_all_stand_still() {
    let room = [nameless("a"), nameless("b")];
    let memory = after(&room, &[panel("DP-1", 0, "7"), panel("DP-2", 1, "7")]);
    let still = [panel("DP-9", 1, "7"), panel("DP-8", 0, "7")];
    check(&room, &still, &memory, "a=DP-8:Remembered b=DP-9:Remembered");
    let moved = [panel("DP-9", 1, "7"), panel("DP-8", 2, "7")];
    check(&room, &moved, &memory, " | ask: a b on DP-9 DP-8");
}

#[test]
fn a_room_away_from_home_is_put_up_and_not_remembered() {
    let mut room = [with_edid("a", "1"), with_edid("b", "2")];
    room[1].priority = 80;
    let wall = [panel("HDMI-1", 0, "9")];
    check(&room, &wall, &fresh(), "b=HDMI-1:AwayFromHome | hidden: a");
    assert_eq!(after(&room, &wall), fresh());
}

#[test]
fn ten_equal_panels_come_back_after_a_restart() {
    let names: Vec<String> = (0..10).map(|idx| format!("s{idx}")).collect();
    let room: Vec<ScreenSpec> = names.iter().map(|name| nameless(name)).collect();
    let wall: Vec<ScreenFacts> =
        (0..10).map(|idx| panel(&format!("DP-{idx}"), idx, "same")).collect();
    let first = assign(&room, &wall, &fresh());
    let text = serde_json::to_string(&fresh().with(&first, &wall)).unwrap();
    let memory: Assignments = serde_json::from_str(&text).unwrap();
    let mut shuffled = wall;
    shuffled.rotate_left(3);
    for (idx, screen) in shuffled.iter_mut().enumerate() {
        // The system may lay the desktop out anew; sockets stay.
        screen.position_px.0 = 1920 * i32::try_from(idx).unwrap();
    }
    let second = assign(&room, &shuffled, &memory);
    let pairs = |assignment: &Assignment| {
        assignment
            .placed
            .iter()
            .map(|placed| (placed.screen.clone(), placed.connector.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(pairs(&first), pairs(&second));
}

/// What can happen to a wall.
#[derive(Clone, Debug)]
enum Op {
    AddScreen(usize),
    RemoveScreen(usize),
    Replug(usize),
    Resize(usize, u32),
    Rearrange(i32),
    SwapSockets(usize, usize),
    Reorder(usize),
    Restart,
}

const N_PANELS: usize = 6;
const N_LAYOUTS: usize = 4;

fn any_op() -> impl Strategy<Value = Op> {
    let panel = 0..N_PANELS;
    prop_oneof![
        panel.clone().prop_map(Op::AddScreen),
        panel.clone().prop_map(Op::RemoveScreen),
        panel.clone().prop_map(Op::Replug),
        (panel.clone(), 1..4_u32).prop_map(|(panel, size)| Op::Resize(panel, size)),
        (0..6_i32).prop_map(Op::Rearrange),
        (panel.clone(), panel.clone()).prop_map(|(one, other)| Op::SwapSockets(one, other)),
        panel.prop_map(Op::Reorder),
        Just(Op::Restart),
    ]
}

/// What is known of the panels of a random wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The room states each panel's serial number.
    Stated,
    /// The room states nothing, the panels have serial numbers.
    Serials,
    /// The room states nothing and all panels are equal; only sockets tell them apart.
    Equal,
}

/// A wall with panels that know, unlike the program, who they are.
struct World {
    kind: Kind,
    room: Vec<ScreenSpec>,
    /// Each panel's facts; its index is what it truly is.
    panels: Vec<ScreenFacts>,
    plugged: Vec<usize>,
    memory: Assignments,
    shown: Vec<(ScreenName, usize)>,
}

impl World {
    fn new(kind: Kind) -> Self {
        let layout = |idx: usize| match kind {
            Kind::Stated => with_edid(&format!("s{idx}"), &format!("n{idx}")),
            Kind::Serials | Kind::Equal => nameless(&format!("s{idx}")),
        };
        let facts = |idx: usize| {
            let serial = if kind == Kind::Equal { "same".to_owned() } else { format!("n{idx}") };
            panel(&format!("DP-{idx}"), i32::try_from(idx).unwrap(), &serial)
        };
        let mut world = Self {
            kind,
            room: (0..N_LAYOUTS).map(layout).collect(),
            panels: (0..N_PANELS).map(facts).collect(),
            plugged: (0..N_LAYOUTS).collect(),
            memory: fresh(),
            shown: Vec::new(),
        };
        world.settle(None);
        world
    }

    fn apply(&mut self, op: &Op) {
        match *op {
            Op::AddScreen(panel) => {
                if !self.plugged.contains(&panel) {
                    self.plugged.push(panel);
                }
            }
            Op::RemoveScreen(panel) => self.plugged.retain(|other| *other != panel),
            Op::Replug(panel) => {
                // A panel that was not there comes as a new one.
                if !self.plugged.contains(&panel) {
                    return;
                }
                let (before, plugged) = (self.shown.clone(), self.plugged.clone());
                self.plugged.retain(|other| *other != panel);
                self.settle(Some(op));
                self.plugged = plugged;
                self.settle(Some(op));
                assert_eq!(self.shown, before, "unplug and replug of {panel}");
            }
            Op::Resize(panel, size) => self.panels[panel].size_px = (640 * size, 360 * size),
            Op::Rearrange(shift) => {
                for (panel, facts) in self.panels.iter_mut().enumerate() {
                    let column = (i32::try_from(panel).unwrap() + shift) % 6;
                    facts.position_px = (1920 * column, 0);
                }
            }
            Op::SwapSockets(one, other) if self.kind != Kind::Equal => {
                let sockets = [one, other].map(|panel| self.panels[panel].connector.clone());
                [self.panels[other].connector, self.panels[one].connector] = sockets;
            }
            Op::SwapSockets(..) => {}
            Op::Reorder(by) => {
                let by = by.min(self.plugged.len());
                self.plugged.rotate_left(by);
            }
            Op::Restart => {
                let text = serde_json::to_string(&self.memory).unwrap();
                self.memory = serde_json::from_str(&text).unwrap();
            }
        }
        self.settle(Some(op));
    }

    fn settle(&mut self, op: Option<&Op>) {
        let facts: Vec<ScreenFacts> =
            self.plugged.iter().map(|panel| self.panels[*panel].clone()).collect();
        let assignment = assign(&self.room, &facts, &self.memory);
        let shown: Vec<(ScreenName, usize)> = assignment
            .placed
            .iter()
            .map(|placed| (placed.screen.clone(), self.plugged[placed.facts_idx]))
            .collect();
        self.verify_invariants(&assignment, &facts, &shown, op);
        self.memory = self.memory.with(&assignment, &facts);
        let again = assign(&self.room, &facts, &self.memory);
        let pairs = |assignment: &Assignment| {
            let pairs = assignment.placed.iter();
            pairs.map(|placed| (placed.spec_idx, placed.facts_idx)).collect::<Vec<_>>()
        };
        assert_eq!(pairs(&assignment), pairs(&again), "memory changes nothing by itself");
        let at_home = assignment.placed.iter().all(|it| it.by != MatchedBy::AwayFromHome);
        self.shown = if at_home { shown } else { Vec::new() };
    }

    fn verify_invariants(
        &self,
        assignment: &Assignment,
        facts: &[ScreenFacts],
        shown: &[(ScreenName, usize)],
        op: Option<&Op>,
    ) {
        let mut screens: Vec<&ScreenName> = assignment.placed.iter().map(|it| &it.screen).collect();
        screens.extend(assignment.ambiguous.iter().flat_map(|group| &group.screens));
        screens.extend(&assignment.hidden);
        screens.sort();
        let room: Vec<&ScreenName> = self.room.iter().map(|spec| &spec.name).collect();
        assert_eq!(screens, room, "every layout is somewhere, once");
        let mut idxs: Vec<usize> = assignment.placed.iter().map(|it| it.facts_idx).collect();
        idxs.extend(assignment.ambiguous.iter().flat_map(|group| &group.facts_idxs));
        idxs.extend(&assignment.extra);
        idxs.sort_unstable();
        assert_eq!(idxs, (0..facts.len()).collect::<Vec<_>>(), "every screen is used once");

        let at_home = assignment.placed.iter().all(|it| it.by != MatchedBy::AwayFromHome);
        if self.kind == Kind::Stated && at_home {
            for (screen, panel) in shown {
                assert_eq!(screen.as_str(), format!("s{panel}"), "a layout is on a wrong panel");
            }
            assert_eq!(assignment.ambiguous, [], "serial numbers leave no question");
        }
        for (screen, panel) in &self.shown {
            // A panel that stayed where it was keeps its layout.
            let moved = matches!(op, Some(Op::SwapSockets(..)));
            let now = shown.iter().find(|(other, _)| other == screen);
            if self.plugged.contains(panel) && !moved && self.kind != Kind::Stated {
                assert_eq!(now.map(|(_, panel)| panel), Some(panel), "{screen} has moved");
            }
        }
    }
}

#[track_caller]
fn check_life(kind: Kind, ops: &[Op]) {
    let mut world = World::new(kind);
    for op in ops {
        world.apply(op);
    }
}

proptest! {
    #[test]
    fn stated_panels_never_show_a_wrong_layout(ops in prop::collection::vec(any_op(), 0..30)) {
        check_life(Kind::Stated, &ops);
    }

    #[test]
    fn panels_with_serials_keep_their_layouts(ops in prop::collection::vec(any_op(), 0..30)) {
        check_life(Kind::Serials, &ops);
    }

    #[test]
    fn equal_panels_keep_their_layouts(ops in prop::collection::vec(any_op(), 0..30)) {
        check_life(Kind::Equal, &ops);
    }

    #[test]
    fn the_order_of_the_facts_does_not_matter(
        seed in prop::collection::vec((0..4_u8, 0..3_i32, 0..3_u8), 0..6),
        turn in 0..6_usize,
    ) {
        let room = [with_edid("a", "1"), with_edid("b", ""), with_connector("c", "DP-2"), nameless("d")];
        let facts: Vec<ScreenFacts> = seed
            .iter()
            .enumerate()
            .map(|(idx, (serial, column, kind))| {
                let connector = format!("DP-{idx}");
                match kind {
                    0 => silent(&connector, *column, 0),
                    _ => panel(&connector, *column, &serial.to_string()),
                }
            })
            .collect();
        let mut turned = facts.clone();
        turned.rotate_left(turn.min(facts.len()));
        let sorted = |assignment: &Assignment, facts: &[ScreenFacts]| {
            let mut assignment = assignment.clone();
            let by_connector = |facts_idx: &usize| facts[*facts_idx].connector.clone();
            assignment.extra.sort_by_key(by_connector);
            for group in &mut assignment.ambiguous {
                group.facts_idxs.sort_by_key(by_connector);
            }
            text(&assignment, facts)
        };
        prop_assert_eq!(
            sorted(&assign(&room, &facts, &fresh()), &facts),
            sorted(&assign(&room, &turned, &fresh()), &turned)
        );
    }
}
