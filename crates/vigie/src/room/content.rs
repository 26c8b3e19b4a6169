//! One screen's widgets, as the wall draws them: its own layout, that of a scene, a spotlight.

use std::{sync::Arc, time::Duration};

use vigie_bus::Latest;
use vigie_layout::{Area, CellSpec, Grid, Room, ScreenSpec};
use vigie_model::{Micros, SceneName, Show, Snapshot, Timestamp};
use vigie_widgets::{ScreenView, Setup};

use super::stage::{OnPresent, RoomStage};
use crate::wall::{Content, Dirty, Look, Opening};

/// A change of the show that lies further ahead is not waited for: a clock was set.
const MAX_AHEAD: Micros = 1_000_000;

/// Which view of a screen is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Own,
    Scene(SceneName),
    Spotlight,
    Safe,
}

/// The widgets of one screen, or the ground where it has none.
#[derive(Debug)]
pub(crate) struct ScreenContent {
    room: Arc<Room>,
    setup: Setup,
    /// The screen's place in the room; none where it has no layout.
    screen_idx: Option<usize>,
    shown: Shown,
    view: Option<ScreenView>,
    snapshots: Latest<Snapshot>,
    /// What was looked at last, and so is drawn next.
    looked: Arc<Snapshot>,
    speed: i64,
    on_present: Option<Arc<dyn OnPresent>>,
}

impl ScreenContent {
    /// The content of the screen that `opening` describes.
    pub(crate) fn new(stage: &RoomStage, opening: &Opening<'_>) -> Self {
        let name = opening.assignment.name.as_str();
        let mut screens = stage.room.screens.iter();
        let mut content = Self {
            room: Arc::clone(&stage.room),
            setup: stage.widgets.clone(),
            screen_idx: screens.position(|screen| screen.name.as_str() == name),
            shown: Shown::Own,
            view: None,
            snapshots: stage.snapshots.clone(),
            looked: Arc::default(),
            speed: i64::from(stage.speed.max(1)),
            on_present: stage.on_present.clone(),
        };
        content.view = content.make();
        content
    }

    fn screen(&self) -> Option<&ScreenSpec> {
        self.room.screens.get(self.screen_idx?)
    }

    /// What the screen is to show in this show.
    fn wanted(&self, show: &Show) -> Shown {
        let has_scene = |name: &&SceneName| self.room.scenes.iter().any(|it| it.name == **name);
        let is_lit = |screen: &ScreenSpec| show.spotlights.contains_key(&screen.name);
        if show.panic {
            Shown::Safe
        } else if self.screen().is_some_and(is_lit) {
            Shown::Spotlight
        } else {
            show.scene.as_ref().filter(has_scene).cloned().map_or(Shown::Own, Shown::Scene)
        }
    }

    /// Makes the view that is to be seen.
    fn make(&self) -> Option<ScreenView> {
        let screen_idx = self.screen_idx?;
        let own = self.screen()?;
        let in_scene = |is_it: &dyn Fn(&vigie_layout::SceneSpec) -> bool| {
            let scene = self.room.scenes.iter().find(|scene| is_it(scene))?;
            scene.screens.get(screen_idx).cloned()
        };
        let spec = match &self.shown {
            Shown::Own => own.clone(),
            Shown::Scene(name) => in_scene(&|scene| scene.name == *name)?,
            Shown::Spotlight => whole(own, "spotlight", ("screen", own.name.as_str())),
            Shown::Safe => in_scene(&|scene| scene.safe)
                .unwrap_or_else(|| whole(own, "text", ("text", &self.room.name))),
        };
        Some(ScreenView::new(&self.setup, &spec, screen_idx + 1))
    }

    /// Reads the newest snapshot, unless its show is due a little later: all screens change in one frame.
    /// How long until then.
    fn read(&mut self, now: Timestamp) -> Option<Duration> {
        let newest = self.snapshots.read();
        let ahead = newest.show.due.since(now);
        let is_new = newest.show.version() != self.looked.show.version();
        let had_one = self.looked.show.version() != 0;
        if had_one && is_new && (1..=MAX_AHEAD * self.speed).contains(&ahead) {
            let micros = u64::try_from(ahead / self.speed + 1).unwrap_or_default();
            return Some(Duration::from_micros(micros));
        }
        self.looked = newest;
        None
    }
}

/// The screen with one widget on all of it.
fn whole(screen: &ScreenSpec, widget: &str, (key, value): (&str, &str)) -> ScreenSpec {
    let area = Area { column: 0, row: 0, n_columns: 1, n_rows: 1 };
    let options = [(key.to_owned(), toml::Value::from(value))].into_iter().collect();
    let cell = CellSpec { name: "whole".into(), widget: widget.into(), options, area };
    let grid = Grid { n_columns: 1, n_rows: 1, areas: vec![("whole".into(), area)] };
    ScreenSpec { grid, cells: vec![cell], ..screen.clone() }
}

impl Content for ScreenContent {
    fn look(&mut self, now: Timestamp) -> Look {
        let until_due = self.read(now);
        let wanted = self.wanted(&self.looked.show);
        let is_changed = wanted != self.shown;
        if is_changed {
            self.shown = wanted;
            self.view = self.make();
        }
        let Some(view) = &mut self.view else { return Look::default() };
        let (dirty, again) = view.look(&self.looked, now);
        let dirty = match dirty {
            _ if is_changed => Dirty::All,
            vigie_widgets::Dirty::Nothing => Dirty::Nothing,
            vigie_widgets::Dirty::Rects(rects) => Dirty::Rects(rects),
            vigie_widgets::Dirty::All => Dirty::All,
        };
        Look { dirty, again: [again, until_due].into_iter().flatten().min() }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        if let Some(view) = &mut self.view {
            view.ui(ui);
        }
    }

    fn presented(&mut self, now: Timestamp) {
        if let Some(on_present) = &self.on_present {
            on_present.presented(&self.looked, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use vigie_layout::ScreenFacts;
    use vigie_model::{Part, Picture, Pictures, Seq};
    use vigie_widgets::Fonts;

    use super::*;
    use crate::{
        room::{stage::widgets, vocabulary::vocabulary},
        wall::Assignment,
    };

    #[derive(Debug)]
    struct NoPictures;

    impl Pictures for NoPictures {
        fn picture(&self, _address: &str) -> Option<Arc<Picture>> {
            None
        }

        fn version(&self) -> u64 {
            0
        }
    }

    const ROOM: &str = "name = 'r'\n[scene.a]\nrest = { widget = 'text', text = 'A' }\n\
                        [[screen]]\nname = 's'\ngrid = 'a'\na = { widget = 'clock' }";

    const SECOND: Micros = 1_000_000;

    /// One screen, whose show the test changes.
    struct Bench {
        content: ScreenContent,
        version: u64,
        now: Timestamp,
    }

    impl Bench {
        fn new() -> Self {
            let room = vigie_layout::check(ROOM, "room.toml", &vocabulary()).room.expect("a room");
            let stage = RoomStage {
                widgets: widgets(&room, Fonts::bundled(), Arc::new(NoPictures)).expect("a theme"),
                room: Arc::new(room),
                snapshots: Latest::default(),
                memory: Arc::default(),
                speed: 1,
                on_present: None,
            };
            let facts = ScreenFacts {
                connector: "DP-1".into(),
                edid: None,
                position_px: (0, 0),
                size_px: (640, 360),
                size_mm: None,
                scale: 1.0,
                refresh: vigie_layout::Refresh::default(),
            };
            let assignment = Assignment { name: "s".to_owned(), question: None };
            let opening = Opening { facts: &facts, assignment: &assignment };
            let content = ScreenContent::new(&stage, &opening);
            Self { content, version: 0, now: Timestamp::from_secs(1_000) }
        }

        fn publish(&mut self, show: Show) {
            self.version += 1;
            let show = Part::new(self.version, show);
            let snapshot = Snapshot { seq: Seq(self.version), show, ..Snapshot::default() };
            self.content.snapshots.publish(Arc::new(snapshot));
        }

        #[track_caller]
        fn check(&mut self, after: Micros, expected: &Shown) -> Look {
            self.now = self.now.plus(after);
            let look = self.content.look(self.now);
            assert_eq!(self.content.shown, *expected);
            look
        }
    }

    #[test]
    fn a_take_is_seen_when_it_is_due_and_not_before() {
        let mut bench = Bench::new();
        bench.publish(Show::default());
        bench.check(0, &Shown::Own);
        let due = bench.now.plus(50_000);
        let on_air = || Show { due, scene: Some("a".into()), ..Show::default() };
        bench.publish(on_air());
        let look = bench.check(20_000, &Shown::Own);
        assert!(look.again.is_some_and(|again| again <= Duration::from_micros(30_001)));
        assert_eq!(bench.check(30_000, &Shown::Scene("a".into())).dirty, Dirty::All);
        bench.publish(Show { panic: true, due: due.plus(SECOND), ..on_air() });
        bench.check(SECOND / 2, &Shown::Scene("a".into()));
        bench.check(SECOND / 2, &Shown::Safe);
        bench.publish(on_air());
        bench.check(SECOND, &Shown::Scene("a".into()));
    }

    #[test]
    fn a_screen_that_comes_later_shows_what_is_on_air() {
        let mut bench = Bench::new();
        let due = bench.now.plus(50_000);
        bench.publish(Show { due, scene: Some("a".into()), ..Show::default() });
        bench.check(0, &Shown::Scene("a".into()));
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nothing() {
        let mut bench = Bench::new();
        bench.publish(Show::default());
        bench.check(0, &Shown::Own);
        let due = bench.now.plus(3_600 * SECOND);
        bench.publish(Show { due, scene: Some("a".into()), ..Show::default() });
        bench.check(0, &Shown::Scene("a".into()));
    }
}
