//! What every widget must hold to, run over the registry.

use std::sync::Arc;

use egui::{Vec2, vec2};
use vigie_layout::{Area, CellSpec, Gap, Grid, Identity, ScreenSpec, SizeMm};
use vigie_model::{ScreenName, Snapshot};

use crate::{
    Dirty, Freshness, Locale, Moment, ScreenView, WIDGETS, WidgetEntry,
    testing::{self, Canvas, Drawn, NOW, setup},
    widget_entry,
};

/// The smallest table of options that a widget accepts.
fn minimal(entry: &WidgetEntry) -> toml::Table {
    let schema = (entry.schema)();
    let required = schema.get("required").and_then(|list| list.as_array()).cloned();
    let mut table = toml::Table::new();
    for name in required.unwrap_or_default() {
        let value = match name.as_str().unwrap() {
            "query" => testing::QUERY.into(),
            "text" => "Ask the team".into(),
            "figure" => "ventes".into(),
            other => panic!("{} cannot do without `{other}`", entry.name),
        };
        table.insert(name.as_str().unwrap().to_owned(), value);
    }
    table
}

/// A screen with one cell.
fn screen(widget: &str, options: toml::Table) -> ScreenSpec {
    let area = Area { column: 0, row: 0, n_columns: 1, n_rows: 1 };
    let cell = CellSpec { name: "cell".into(), widget: widget.into(), options, area };
    let grid = Grid { n_columns: 1, n_rows: 1, areas: vec![("cell".into(), area)] };
    screen_of(grid, vec![cell], 3_000)
}

/// A 55-inch screen.
pub(crate) fn screen_of(grid: Grid, cells: Vec<CellSpec>, distance_mm: u32) -> ScreenSpec {
    ScreenSpec {
        name: ScreenName::new("left"),
        purpose: "What people say".to_owned(),
        size_mm: SizeMm::from_diagonal_mm(55.0 * 25.4),
        distance_mm,
        resolution_px: ScreenSpec::DEFAULT_RESOLUTION_PX,
        portrait: false,
        identity: Identity::default(),
        priority: ScreenSpec::DEFAULT_PRIORITY,
        gap: Gap::Wide,
        grid,
        cells,
    }
}

/// Draws one widget alone on a screen.
pub(crate) fn draw(spec: &ScreenSpec, snapshot: Snapshot, size: Vec2) -> Drawn {
    let mut view = ScreenView::new(&setup(), spec, 2);
    let mut canvas = Canvas::new(size);
    view.look(&Arc::new(snapshot), NOW);
    let drawn = canvas.draw(|ui| view.ui(ui));
    assert_eq!(view.n_failures(), 0, "{} panicked", spec.cells[0].widget);
    drawn
}

/// A room with its name.
type NamedRoom = (&'static str, fn() -> Snapshot);

const ROOMS: [NamedRoom; 7] = [
    ("nothing", Snapshot::default),
    ("empty", testing::empty),
    ("usual", testing::usual),
    ("paused", testing::paused),
    ("partly_silent", testing::partly_silent),
    ("stale", testing::stale),
    ("extreme", testing::extreme),
];

const SIZES: [(&str, Vec2); 3] =
    [("small", vec2(240.0, 135.0)), ("usual", vec2(640.0, 480.0)), ("wide", vec2(1280.0, 400.0))];

#[test]
fn every_widget_draws_every_room_within_its_cell() {
    for entry in WIDGETS {
        for (room, snapshot) in ROOMS {
            for (size_name, size) in SIZES {
                let spec = screen(entry.name, minimal(entry));
                let drawn = draw(&spec, snapshot(), size);
                if size_name == "usual" {
                    drawn.keep(&format!("{}-{room}", entry.name));
                }
                let name = format!("{} in {room} at {size_name}", entry.name);
                let margin = (size.min_elem() * 24.0 / 1080.0).round();
                let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, size);
                let cell = screen.shrink(margin);
                for bounds in &drawn.bounds {
                    assert!(
                        cell.expand(0.5).contains_rect(*bounds) || *bounds == screen,
                        "{name}: {bounds:?} is outside {cell:?}"
                    );
                }
                assert!(drawn.n_vertices < 200_000, "{name}: {} vertices", drawn.n_vertices);
            }
        }
    }
}

#[test]
fn nothing_new_asks_for_no_frame() {
    for entry in WIDGETS {
        let spec = screen(entry.name, minimal(entry));
        let mut view = ScreenView::new(&setup(), &spec, 2);
        let mut canvas = Canvas::new(vec2(640.0, 480.0));
        let snapshot = Arc::new(testing::usual());
        assert_eq!(view.look(&snapshot, NOW).0, Dirty::All, "{} at first", entry.name);
        canvas.draw(|ui| view.ui(ui));
        let again = Arc::new(Snapshot::clone(&snapshot));
        assert_eq!(view.look(&again, NOW).0, Dirty::Nothing, "{} again", entry.name);
    }
}

#[test]
fn data_grows_old_in_sight() {
    let words = testing::words(Locale::Fr);
    let snapshot = testing::usual();
    for name in ["kpi", "sentiment", "trends", "volume"] {
        let entry = widget_entry(name).unwrap();
        let widget = (entry.build)(&minimal(entry)).unwrap();
        let stamp = |secs: i64| {
            let now = NOW.plus(secs * 1_000_000);
            let freshness = Freshness::Fresh;
            let (snapshot, words) = (&snapshot, &words);
            widget.stamp(&Moment { snapshot, now, words, freshness, pictures_version: 0 })
        };
        assert_eq!(stamp(0), stamp(59), "{name}: younger than a minute");
        assert_ne!(stamp(0), stamp(60), "{name}: a minute old");
        assert_eq!(stamp(60), stamp(119), "{name}: the same minute");
    }
}

#[test]
fn options_are_checked() {
    for entry in WIDGETS {
        assert!((entry.check)(&minimal(entry)).is_ok(), "{}", entry.name);
        let mut table = minimal(entry);
        table.insert("unknown".to_owned(), true.into());
        let err = (entry.check)(&table).unwrap_err();
        assert!(err.to_string().contains("unknown"), "{}: {err}", entry.name);
        let schema = (entry.schema)();
        assert_eq!(schema["additionalProperties"], false, "{}: {schema}", entry.name);
    }
}

#[test]
fn the_registry_is_in_order() {
    assert!(WIDGETS.is_sorted_by_key(|entry| entry.name));
    for entry in WIDGETS {
        assert!(!entry.title.is_empty() && !entry.title.ends_with('.'), "{}", entry.name);
    }
}
