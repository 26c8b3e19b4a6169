//! The widgets of one screen: which of them must be drawn again, and drawing them.
//!
//! A widget that panics blanks its own cell, with its name, and is counted; the others go on.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use egui::{Pos2, Rect, Ui, UiBuilder, Vec2, pos2, vec2};
use vigie_layout::{CellSpec, ScreenSpec};
use vigie_model::{Explainer, Need, Pictures, Snapshot, Timestamp};

use crate::{
    freshness::Freshness,
    overlay,
    shelf::Shelf,
    text::{Fonts, Style, TextEngine},
    theme::{Place, Theme, ThemeOptions, color},
    widget::{Frame, Moment, Repaint, Stamp, Widget},
    widget_entry,
    words::{Word, Words},
};

/// A widget that panicked is tried again this often, then its cell stays blank until the room is read anew.
const MAX_FAILURES: u32 = 3;

/// Ages and clocks are looked at this often.
const TICK: Duration = Duration::from_secs(1);

/// What the screens of a room share.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The fonts.
    pub fonts: Fonts,
    /// The pictures.
    pub pictures: Arc<dyn Pictures>,
    /// The language and the clock.
    pub words: Words,
    /// The room's own colors.
    pub theme: ThemeOptions,
    /// Tells why posts were read as they were; nothing where nobody can.
    pub explainer: Option<Arc<dyn Explainer>>,
    /// How often a widget has panicked, on any screen.
    pub n_failures: Arc<AtomicU64>,
}

/// Which part of a screen must be drawn again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Dirty {
    /// Nothing.
    #[default]
    Nothing,
    /// These rectangles, in points.
    Rects(Vec<Rect>),
    /// The whole screen.
    All,
}

struct Cell {
    spec: CellSpec,
    widget: Option<Box<dyn Widget>>,
    /// What it shows, and how far that can be trusted.
    needs: Vec<Need>,
    freshness: Freshness,
    /// Why there is no widget.
    trouble: Option<String>,
    n_failures: u32,
    rect: Rect,
    /// What was drawn last.
    drawn: Option<u64>,
    /// What is to be drawn.
    wanted: u64,
}

/// The widgets of one screen.
pub struct ScreenView {
    setup: Setup,
    spec: ScreenSpec,
    number: usize,
    cells: Vec<Cell>,
    text: TextEngine,
    shelf: Shelf,
    theme: Theme,
    size: Vec2,
    pixels_per_point: f32,
    snapshot: Arc<Snapshot>,
    now: Timestamp,
    freshness: Freshness,
    /// What all cells depend on, as a number.
    shared_stamp: u64,
    /// Identification and notice as they were drawn last.
    overlay: Option<u64>,
}

impl std::fmt::Debug for ScreenView {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ScreenView({}, {} cells)", self.spec.name, self.cells.len())
    }
}

impl ScreenView {
    /// The widgets of the screen `spec`, the `number`th of its room, counted from 1.
    #[must_use]
    pub fn new(setup: &Setup, spec: &ScreenSpec, number: usize) -> Self {
        Self {
            cells: spec.cells.iter().map(Cell::new).collect(),
            text: TextEngine::new(&setup.fonts),
            shelf: Shelf::new(Arc::clone(&setup.pictures)),
            setup: setup.clone(),
            spec: spec.clone(),
            number,
            theme: Theme::of_body(20.0),
            size: Vec2::ZERO,
            pixels_per_point: 0.0,
            snapshot: Arc::default(),
            now: Timestamp::EPOCH,
            freshness: Freshness::NoSource,
            shared_stamp: 0,
            overlay: None,
        }
    }

    /// Everything that the widgets of these screens want the room's state to keep up.
    #[must_use]
    pub fn needs<'a>(screens: impl IntoIterator<Item = &'a ScreenSpec>) -> BTreeSet<Need> {
        let cells = screens.into_iter().flat_map(|screen| &screen.cells).map(Cell::new);
        cells.filter_map(|cell| cell.widget).flat_map(|widget| widget.needs()).collect()
    }

    /// Takes the newest snapshot, and says what must be drawn again and after how long to look again.
    ///
    /// The next [`Self::ui`] draws this snapshot at this time, whatever comes in between.
    pub fn look(&mut self, snapshot: &Arc<Snapshot>, now: Timestamp) -> (Dirty, Option<Duration>) {
        self.snapshot = Arc::clone(snapshot);
        self.now = now;
        self.freshness = Freshness::of(snapshot, now);
        self.shared_stamp = Stamp::default()
            .with(self.freshness.warning(&self.setup.words, now))
            .with(self.text.fonts_version())
            .finish();
        let moment =
            moment(&self.setup, &self.snapshot, (now, self.freshness), self.shelf.version());
        for cell in &mut self.cells {
            cell.freshness = Freshness::of_needs(snapshot, &cell.needs, now);
            let moment = Moment { freshness: cell.freshness, ..moment };
            let warning = cell.freshness.warning(&self.setup.words, now);
            let shared = Stamp::default().with(self.shared_stamp).with(warning).finish();
            cell.wanted = cell.stamp(&moment, shared);
        }
        let dirty = if self.overlay != Some(self.overlay_stamp()) || self.size == Vec2::ZERO {
            Dirty::All
        } else {
            let stale = |cell: &&Cell| cell.drawn != Some(cell.wanted);
            let rects: Vec<_> = self.cells.iter().filter(stale).map(|cell| cell.rect).collect();
            if rects.is_empty() { Dirty::Nothing } else { Dirty::Rects(rects) }
        };
        (dirty, Some(TICK))
    }

    /// Draws the whole screen.
    pub fn ui(&mut self, ui: &mut Ui) {
        self.place(ui);
        self.text.begin_frame(self.pixels_per_point);
        self.shelf.begin_frame();
        ui.painter().rect_filled(ui.max_rect(), 0.0, color::GROUND);
        for idx in 0..self.cells.len() {
            self.cell_ui(ui, idx);
        }
        self.overlay = Some(self.overlay_stamp());
        self.overlay_ui(ui);
    }

    /// Forgets what the graphics processor held, as after the loss of its device or of the egui context.
    pub fn forget_uploads(&mut self) {
        self.text.forget_glyphs();
        self.shelf.clear();
        self.overlay = None;
    }

    /// How often a widget of any screen has panicked.
    #[must_use]
    pub fn n_failures(&self) -> u64 {
        self.setup.n_failures.load(Ordering::Relaxed)
    }

    /// The cells with their names and rectangles, in points.
    pub fn cells(&self) -> impl Iterator<Item = (&str, Rect)> {
        self.cells.iter().map(|cell| (cell.spec.name.as_str(), cell.rect))
    }

    /// Puts the cells in their places where the screen's size has changed.
    fn place(&mut self, ui: &Ui) {
        let area = ui.max_rect();
        let pixels_per_point = ui.pixels_per_point();
        if self.size == area.size() && self.pixels_per_point == pixels_per_point {
            return;
        }
        self.size = area.size();
        self.pixels_per_point = pixels_per_point;
        let size_px = (self.size * pixels_per_point).round();
        let per_mm =
            (self.size.x / self.spec.size_mm.width).min(self.size.y / self.spec.size_mm.height);
        self.theme = Theme::new(&Place {
            size: self.size,
            points_per_mm: Some(per_mm),
            distance_mm: Some(self.spec.distance_mm as f32),
        });
        self.theme.accent = self.setup.theme.accent();
        let rects = self.spec.cell_rects_px((size_px.x as u32, size_px.y as u32));
        for (cell, rect) in self.cells.iter_mut().zip(rects) {
            let corner = pos2(rect.left as f32, rect.top as f32);
            let size = vec2(rect.width as f32, rect.height as f32);
            let rect = Rect::from_min_size(corner / pixels_per_point, size / pixels_per_point);
            cell.rect = rect.translate(area.min - Pos2::ZERO);
        }
    }

    fn cell_ui(&mut self, ui: &mut Ui, idx: usize) {
        let Self { setup, text, shelf, snapshot, now, theme, shared_stamp, .. } = self;
        let Some(cell) = self.cells.get_mut(idx) else { return };
        if !cell.rect.is_positive() {
            return;
        }
        let builder = UiBuilder::new().max_rect(cell.rect).id_salt(("cell", idx));
        let mut child = ui.new_child(builder);
        child.set_clip_rect(cell.rect.intersect(ui.clip_rect()));
        let moment = moment(setup, snapshot, (*now, cell.freshness), shelf.version());
        let warning = cell.freshness.warning(&setup.words, *now);
        let shared = Stamp::default().with(*shared_stamp).with(warning).finish();
        let mut frame = Frame {
            moment,
            theme: theme.fitted(cell.rect.size()),
            text,
            shelf,
            explainer: setup.explainer.as_deref(),
            painter: child.painter().clone(),
            rect: cell.rect,
        };
        let drawn = cell
            .widget
            .as_mut()
            .filter(|_| cell.n_failures < MAX_FAILURES)
            .map(|widget| catch_unwind(AssertUnwindSafe(|| widget.ui(&mut child, &mut frame))));
        match drawn {
            Some(Ok(repaint)) => {
                // What a widget shows can depend on how much of it fits, so its stamp is taken anew.
                cell.wanted = cell.stamp(&moment, shared);
                cell.drawn = (repaint == Repaint::OnStamp).then_some(cell.wanted);
                return;
            }
            Some(Err(_)) => {
                cell.n_failures += 1;
                setup.n_failures.fetch_add(1, Ordering::Relaxed);
                tracing::error!(cell = %cell.spec.name, widget = %cell.spec.widget, "a widget panicked");
            }
            None => {}
        }
        cell.drawn = Some(cell.wanted);
        let said = cell.trouble.clone();
        let name = cell.spec.name.clone();
        blank_ui(&child, &mut frame, &name, said.as_deref());
    }

    /// What lies over the cells, as a number.
    fn overlay_stamp(&self) -> u64 {
        let show = &self.snapshot.show;
        Stamp::default()
            .with(self.snapshot.identify)
            .with(self.notice())
            .with((show.level, show.masked))
            .finish()
    }

    /// What the people in the room must know, on the first screen and where the sources stand.
    fn notice(&self) -> Option<&str> {
        let here = self.number == 1 || self.spec.cells.iter().any(|cell| cell.widget == "sources");
        let newest = self.snapshot.notices.shared().first().filter(|_| here)?;
        Some(newest.text.as_str())
    }

    fn overlay_ui(&mut self, ui: &Ui) {
        let snapshot = Arc::clone(&self.snapshot);
        let notice = self.notice().map(str::to_owned);
        let mut frame = Frame {
            moment: moment(&self.setup, &snapshot, (self.now, self.freshness), 0),
            theme: self.theme,
            text: &mut self.text,
            shelf: &mut self.shelf,
            explainer: None,
            painter: ui.painter().clone(),
            rect: ui.max_rect(),
        };
        overlay::edge_ui(ui, &mut frame, snapshot.show.level, snapshot.show.masked);
        if let Some(notice) = notice {
            overlay::notice_ui(ui, &mut frame, &notice);
        }
        if snapshot.identify {
            overlay::identify_ui(
                ui,
                &mut frame,
                self.number,
                self.spec.name.as_str(),
                &self.spec.purpose,
            );
        }
    }
}

fn moment<'a>(
    setup: &'a Setup,
    snapshot: &'a Snapshot,
    (now, freshness): (Timestamp, Freshness),
    pictures_version: u64,
) -> Moment<'a> {
    Moment { snapshot, now, words: &setup.words, freshness, pictures_version }
}

impl Cell {
    fn new(spec: &CellSpec) -> Self {
        let built = match widget_entry(&spec.widget) {
            Some(entry) => (entry.build)(&spec.options).map_err(|err| err.to_string()),
            None => Err(format!("no widget is called `{}`", spec.widget)),
        };
        let (widget, trouble) = match built {
            Ok(widget) => (Some(widget), None),
            Err(trouble) => (None, Some(trouble)),
        };
        Self {
            spec: spec.clone(),
            needs: widget.as_ref().map(|widget| widget.needs()).unwrap_or_default(),
            freshness: Freshness::NoSource,
            widget,
            trouble,
            n_failures: 0,
            rect: Rect::ZERO,
            drawn: None,
            wanted: 0,
        }
    }

    fn stamp(&self, moment: &Moment<'_>, shared: u64) -> u64 {
        let own = self.widget.as_ref().map(|widget| {
            // A stamp that cannot be told is always a new one; drawing then says what is wrong.
            catch_unwind(AssertUnwindSafe(|| widget.stamp(moment))).unwrap_or(self.wanted + 1)
        });
        Stamp::default().with(shared).with(own).finish()
    }
}

/// What stands where a widget should.
fn blank_ui(ui: &Ui, frame: &mut Frame<'_>, name: &str, trouble: Option<&str>) {
    let area = frame.cell(ui, name, "");
    let words = frame.moment.words;
    let theme = frame.theme;
    let what = words.say(Word::Failed);
    let next = trouble.unwrap_or(words.say(Word::FailedNext));
    let style = Style::lines(theme.body, color::TEXT, 2).bold();
    let left = theme.body * 1.4;
    frame.alarm(
        area.min + vec2(theme.body * 0.5, theme.body * 0.62),
        theme.body * 0.95,
        color::BAD,
    );
    let block = frame.text.layout(what, &style, (area.width() - left).max(1.0));
    frame.text.paint(&frame.painter, area.min + vec2(left, 0.0), &block);
    let below = area.min + vec2(left, block.size.y);
    let style = Style::lines(theme.body, color::QUIET, 4);
    let block = frame.text.layout(next, &style, (area.width() - left).max(1.0));
    frame.text.paint(&frame.painter, below, &block);
    frame.announce(ui, area, what);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gallery::screen,
        testing::{self, Canvas, NOW, setup},
    };

    #[derive(Debug)]
    struct Panicking;

    impl Widget for Panicking {
        fn needs(&self) -> Vec<Need> {
            vec![]
        }

        fn stamp(&self, _moment: &Moment<'_>) -> u64 {
            0
        }

        fn ui(&mut self, _ui: &mut Ui, _frame: &mut Frame<'_>) -> Repaint {
            panic!("a widget's bug")
        }
    }

    fn view() -> ScreenView {
        let cells = "a = { widget = 'clock' }\nb = { widget = 'feed', query = 'q' }";
        ScreenView::new(&setup(), &screen("a b", cells, 3_000), 1)
    }

    #[test]
    fn a_panicking_widget_blanks_its_own_cell_and_is_tried_again_a_few_times() {
        let mut view = view();
        view.cells[0].widget = Some(Box::new(Panicking));
        let mut canvas = Canvas::new(vec2(640.0, 360.0));
        let snapshot = Arc::new(testing::usual());
        for n_draws in 1..=6 {
            view.look(&snapshot, NOW);
            canvas.draw(|ui| view.ui(ui));
            assert_eq!(view.n_failures(), n_draws.min(3));
            assert_eq!(view.look(&snapshot, NOW).0, Dirty::Nothing);
        }
    }

    #[test]
    fn only_what_changed_is_dirty() {
        let mut view = view();
        let mut canvas = Canvas::new(vec2(640.0, 360.0));
        let snapshot = Arc::new(testing::usual());
        assert_eq!(view.look(&snapshot, NOW).0, Dirty::All);
        canvas.draw(|ui| view.ui(ui));
        let [clock, feed] = [0, 1].map(|idx| view.cells[idx].rect);
        let mut check = |snapshot: &Arc<Snapshot>, secs: i64, expected: Dirty| {
            assert_eq!(
                view.look(snapshot, NOW.plus(secs * 1_000_000)).0,
                expected,
                "after {secs} s"
            );
        };
        check(&snapshot, 1, Dirty::Nothing);
        check(&snapshot, 17, Dirty::Nothing);
        // One source has now been silent for 31 s, and may be so for 30.
        check(&snapshot, 19, Dirty::Rects(vec![clock, feed]));
        let queries = [("q".into(), renewed(&snapshot))].into();
        let later = Arc::new(Snapshot { queries, ..testing::usual() });
        check(&later, 1, Dirty::Rects(vec![feed]));
        let identified = Arc::new(Snapshot { identify: true, ..Snapshot::clone(&snapshot) });
        check(&identified, 1, Dirty::All);
    }

    /// The view with a new version of its feed.
    fn renewed(snapshot: &Snapshot) -> vigie_model::QueryView {
        let view = snapshot.queries.values().next().unwrap();
        let feed = vigie_model::Feed::clone(view.feed.shared());
        vigie_model::QueryView { feed: vigie_model::Part::new(9, feed), ..view.clone() }
    }

    #[test]
    fn the_same_room_gives_the_same_pixels() {
        let draw = || {
            let mut view = view();
            let mut canvas = Canvas::new(vec2(320.0, 180.0));
            view.look(&Arc::new(testing::usual()), NOW);
            canvas.draw(|ui| view.ui(ui)).picture()
        };
        assert_eq!(draw().pixels, draw().pixels);
    }

    #[test]
    fn needs_are_told_once_each() {
        let cells = "a = { widget = 'feed', query = 'q' }\nb = { widget = 'feed', query = 'q', title = 't' }";
        let spec = screen("a b", cells, 3_000);
        assert_eq!(ScreenView::needs([&spec, &spec]).len(), 1);
    }
}
