//! Whole screens as people see them; `VIGIE_PICTURES=FOLDER cargo test` keeps the pictures.

use std::sync::Arc;

use egui::vec2;
use vigie_layout::{CellSpec, Grid, ScreenSpec};
use vigie_model::Snapshot;

use crate::{
    Locale, ScreenView,
    conformance::screen_of,
    testing::{self, Canvas, Drawn, NOW, setup, words},
};

/// A screen out of a drawing of its grid and a table of its cells.
pub(crate) fn screen(drawing: &str, cells: &str, distance_mm: u32) -> ScreenSpec {
    let grid = Grid::parse(drawing).unwrap();
    let table: toml::Table = cells.parse().unwrap();
    let cells = grid.areas.iter().map(|(name, area)| {
        let mut options = table[name.as_str()].as_table().unwrap().clone();
        let widget = options.remove("widget").unwrap();
        CellSpec {
            name: name.clone(),
            widget: widget.as_str().unwrap().into(),
            options,
            area: *area,
        }
    });
    let cells = cells.collect();
    screen_of(grid, cells, distance_mm)
}

fn draw(name: &str, spec: &ScreenSpec, snapshot: Snapshot, locale: Locale) -> Drawn {
    let mut setup = setup();
    setup.words = words(locale);
    let mut view = ScreenView::new(&setup, spec, 1);
    let size = if spec.portrait { vec2(720.0, 1280.0) } else { vec2(1280.0, 720.0) };
    let mut canvas = Canvas::new(size);
    view.look(&Arc::new(snapshot), NOW);
    let drawn = canvas.draw(|ui| view.ui(ui));
    assert_eq!(view.n_failures(), 0, "{name}");
    drawn.keep(name);
    drawn
}

const OVERVIEW: &str = "
feed feed trends trends
feed feed trends trends
feed feed mood mood
kpi kpi mood mood
";

const OVERVIEW_CELLS: &str = "
feed = { widget = 'feed', query = 'q' }
trends = { widget = 'trends', query = 'q' }
mood = { widget = 'sentiment', query = 'q', goal = 'negative < 20 %' }
kpi = { widget = 'kpi', query = 'q', measures = ['posts', 'reply rate'], goals = { 'reply rate' = 0.8 } }
";

#[test]
fn overview_from_two_distances() {
    for distance_mm in [3_000, 6_000] {
        let spec = screen(OVERVIEW, OVERVIEW_CELLS, distance_mm);
        draw(&format!("overview-{distance_mm}"), &spec, testing::usual(), Locale::Fr);
    }
}

#[test]
fn screens_in_trouble() {
    let spec = screen(OVERVIEW, OVERVIEW_CELLS, 4_500);
    draw("trouble-stale", &spec, testing::stale(), Locale::Fr);
    draw("trouble-empty", &spec, testing::empty(), Locale::En);
    draw("trouble-notice", &spec, testing::noticed(), Locale::En);
    draw("trouble-extreme", &spec, testing::extreme(), Locale::En);
    let spec = screen(
        "a b",
        "a = { widget = 'feed', query = 'q', lines = 3 }\nb = { widget = 'fed' }",
        4_500,
    );
    draw("trouble-options", &spec, testing::usual(), Locale::En);
    let identified = Snapshot { identify: true, ..testing::usual() };
    draw("identify", &spec, identified, Locale::Fr);
}

#[test]
fn one_feed_on_a_screen() {
    let spec =
        screen("feed", "feed = { widget = 'feed', query = 'q', title = '#DemandezAuCM' }", 6_000);
    draw("feed-alone", &spec, testing::usual(), Locale::Fr);
    draw("feed-pictures", &spec, testing::with_pictures(), Locale::Fr);
    let tall = ScreenSpec { portrait: true, size_mm: spec.size_mm.turned(), ..spec };
    draw("feed-tall", &tall, testing::paused(), Locale::Fr);
}

#[test]
fn figures_and_clocks() {
    let grid = "
clock clock last last
day day last last
kpi kpi kpi sources
kpi kpi kpi sources
volume volume text text
";
    let cells = "
clock = { widget = 'clock' }
last = { widget = 'clock', title = 'Jeu de midi', until = '22:00', seconds = true }
day = { widget = 'text', text = '#DemandezAuCM' }
kpi = { widget = 'kpi', query = 'q', measures = ['posts', 'answered', 'reply rate', 'reply time p50', 'negative share', 'own posts'], goals = { answered = 600, 'reply time p50' = 5 } }
sources = { widget = 'sources' }
volume = { widget = 'volume', query = 'q' }
text = { widget = 'text', text = 'Prochaine action : répondre aux voyageurs de Strasbourg', caption = 'Camille, avant 15 h' }
";
    let spec = screen(grid, cells, 3_500);
    draw("figures", &spec, testing::partly_silent(), Locale::Fr);
}

#[test]
fn topics_and_networks_side_by_side() {
    let cells = "
a = { widget = 'trends', query = 'q', title = 'Sur 15 minutes' }
b = { widget = 'trends', query = 'q' }
c = { widget = 'feed', query = 'q', title = 'Bluesky, Mastodon' }
";
    let spec = screen("a b c\na b c", cells, 6_000);
    let mut quiet = testing::usual();
    quiet.at = NOW.plus(-125_000_000);
    draw("side-by-side", &spec, quiet, Locale::Fr);
    let row = "kpi = { widget = 'kpi', query = 'q', measures = ['posts', 'people answered', 'reply rate', 'reply time p50'] }";
    let spec = screen("kpi", row, 6_000);
    draw("figures-large", &spec, testing::usual(), Locale::Fr);
}

/// The widgets that tell what it means, in both languages, on a wall and on a screen as small as a hand.
#[test]
fn meaning_from_afar_and_in_miniature() {
    let grid = "
gauge gauge board board
gauge gauge board board
posts posts voice figure
posts posts next next
";
    let cells = "
gauge = { widget = 'sentiment', query = 'q', goal = 'negative < 20 %' }
board = { widget = 'board', query = 'q' }
posts = { widget = 'sentiment', query = 'q', show = 'posts' }
voice = { widget = 'voice', query = 'q', queries = ['other'], names = { q = 'Rail Azur', other = 'Car Littoral' } }
figure = { widget = 'figure', figure = 'ventes', title = 'Ventes' }
next = { widget = 'next', query = 'q' }
";
    let more = "
trends trends alerts alerts
trends trends alerts alerts
volume volume langs topics
volume volume langs topics
";
    let more_cells = "
trends = { widget = 'trends', query = 'q', details = true }
alerts = { widget = 'incidents' }
volume = { widget = 'volume', query = 'q', milestones = { '14:00' = 'Jeu de midi' } }
langs = { widget = 'sentiment', query = 'q', show = 'languages' }
topics = { widget = 'sentiment', query = 'q', show = 'topics' }
";
    for (locale, name) in [(Locale::Fr, "fr"), (Locale::En, "en")] {
        for (rooms, snapshot) in
            [("usual", testing::usual()), ("stale", testing::stale()), ("empty", testing::empty())]
        {
            let spec = screen(grid, cells, 3_000);
            draw(&format!("meaning-{rooms}-{name}"), &spec, snapshot.clone(), locale);
            let spec = screen(more, more_cells, 3_000);
            draw(&format!("evidence-{rooms}-{name}"), &spec, snapshot, locale);
        }
    }
}
