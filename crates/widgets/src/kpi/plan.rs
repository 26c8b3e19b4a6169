//! How equal tiles of figures are laid out: one size of figure, one base line, one room for labels.

use std::sync::Arc;

use egui::{Align2, Rect, Ui, Vec2, pos2, vec2};

use super::{Figure, figure::Foot};
use crate::{
    text::{Block, Style, TextEngine},
    theme::{Theme, color},
    widget::Frame,
    words::Words,
};

/// Lower tiles, in heights of type, hold name and figure on one line.
const MIN_HEIGHT: f32 = 2.4;

/// What a figure needs below a label of two lines, in heights of type.
const BELOW_LABEL: f32 = 2.2;

/// The tiles of one cell, laid out alike.
#[derive(Debug)]
pub(super) struct Plan {
    tiles: Vec<Tile>,
    /// Name and figure share a line.
    in_row: bool,
    /// Room for the label, the goal's bar and the lines below, the same in every tile.
    label_height: f32,
    meter: f32,
    n_feet: usize,
}

#[derive(Debug)]
struct Tile {
    label: Option<Arc<Block>>,
    figure: Arc<Block>,
    feet: Vec<Foot>,
    said: String,
}

impl Plan {
    /// Lays `figures` out in tiles of `size`.
    pub(super) fn new(
        text: &mut TextEngine,
        (theme, words): (&Theme, &Words),
        size: Vec2,
        figures: &[Figure<'_>],
    ) -> Self {
        let inner = if figures.iter().any(|figure| figure.names.is_some()) {
            size - padding(theme) * 2.0
        } else {
            size
        };
        if inner.y < theme.body * MIN_HEIGHT {
            return Self::in_row(text, (theme, words), size, figures);
        }
        let labels: Vec<_> = figures
            .iter()
            .map(|figure| figure.names.map(|names| label(text, theme, inner, names)))
            .collect();
        let label_height =
            labels.iter().flatten().fold(0.0, |high: f32, label| high.max(label.size.y));
        let height = inner.y - label_height;
        // The figure comes first; what explains it is left out from the end where there is no room.
        let free = (height - theme.body * 1.7).max(0.0);
        let has_meter =
            free >= theme.body * 0.7 && figures.iter().any(|figure| figure.reach().is_some());
        let meter = if has_meter { theme.body * 0.7 } else { 0.0 };
        let feet: Vec<_> = figures.iter().map(|figure| figure.feet(words)).collect();
        let n_wanted = feet.iter().map(Vec::len).max().unwrap_or_default();
        let n_feet = n_wanted.min(((free - meter) / foot_height(theme)).max(0.0) as usize);
        let most = (height - meter - n_feet as f32 * foot_height(theme)) * 0.95;
        let most = most.clamp(theme.body, (theme.body * 5.0).max(height * 0.55));
        let blocks = figure_blocks(text, (theme, words), (inner.x, most), figures);
        let tiles = figures.iter().zip(labels).zip(blocks).zip(feet);
        let tiles = tiles.map(|(((figure, label), block), feet)| Tile {
            said: said(figure, &block),
            label,
            figure: block,
            feet,
        });
        Self { tiles: tiles.collect(), in_row: false, label_height, meter, n_feet }
    }

    /// Name and figure on one line, where there is no room for more.
    fn in_row(
        text: &mut TextEngine,
        (theme, words): (&Theme, &Words),
        size: Vec2,
        figures: &[Figure<'_>],
    ) -> Self {
        let body = theme.body.min(size.y / 1.3).max(1.0);
        let width = (size.x - theme.gap * 1.2).max(1.0);
        let tiles = figures.iter().map(|figure| {
            let shown = figure.text(words).unwrap_or_else(|| "–".to_owned());
            let block =
                text.fit(&shown, &Style::line(body, color::TEXT).bold(), width, theme.least);
            let left = (width - block.size.x - theme.gap).max(1.0);
            let style = Style::line(body, color::QUIET);
            let label = figure.names.map(|names| text.whole(&names, &style, left, theme.least));
            Tile { said: said(figure, &block), label, figure: block, feet: Vec::new() }
        });
        Self { tiles: tiles.collect(), in_row: true, label_height: 0.0, meter: 0.0, n_feet: 0 }
    }

    /// Draws the tiles at `rects`.
    pub(super) fn ui(
        &self,
        ui: &Ui,
        frame: &mut Frame<'_>,
        figures: &[Figure<'_>],
        rects: &[Rect],
    ) {
        for ((tile, figure), rect) in self.tiles.iter().zip(figures).zip(rects) {
            if figure.names.is_some() {
                frame.painter.rect_filled(*rect, frame.theme.radius, color::CARD);
            }
            if self.in_row {
                tile.row_ui(frame, *rect);
                frame.announce(ui, *rect, &tile.said);
            } else {
                let said = self.tile_ui(frame, (tile, figure), *rect);
                frame.announce(ui, *rect, &said);
            }
        }
    }

    /// Draws one tile and returns what it says.
    fn tile_ui(
        &self,
        frame: &mut Frame<'_>,
        (tile, figure): (&Tile, &Figure<'_>),
        rect: Rect,
    ) -> String {
        let theme = frame.theme;
        let mut said = tile.said.clone();
        let named = figure.names.is_some();
        let area = if named { rect.shrink2(padding(&theme)) } else { rect };
        if let Some(label) = &tile.label {
            frame.text.paint(&frame.painter, area.min, label);
        }
        let top = area.min.y + self.label_height;
        let below = self.meter + self.n_feet as f32 * foot_height(&theme);
        let spare = (area.max.y - top - tile.figure.size.y - below).max(0.0);
        let corner = pos2(area.min.x, top + spare * 0.5);
        let mut y = frame.text.paint(&frame.painter, corner, &tile.figure).max.y;
        if self.meter > 0.0
            && let Some(reach) = figure.reach()
        {
            let tone = if figure.reached() { color::GOOD } else { theme.accent };
            let size = vec2(area.width(), self.meter * 0.35);
            let track = Rect::from_min_size(pos2(area.min.x, y + self.meter * 0.25), size);
            frame.meter(track, reach as f32, None, tone);
        }
        y += self.meter;
        for foot in tile.feet.iter().take(self.n_feet) {
            let size = vec2(area.width(), foot_height(&theme));
            foot.ui(frame, Rect::from_min_size(pos2(area.min.x, y), size));
            said = format!("{said}, {}", foot.text);
            y += size.y;
        }
        said
    }
}

impl Tile {
    fn row_ui(&self, frame: &mut Frame<'_>, rect: Rect) {
        let area = rect.shrink2(vec2(frame.theme.gap * 0.6, 0.0));
        let blocks = [
            (Some(&self.figure), Align2::RIGHT_CENTER),
            (self.label.as_ref(), Align2::LEFT_CENTER),
        ];
        for (block, anchor) in blocks {
            let Some(block) = block else { continue };
            let corner = anchor.align_size_within_rect(block.size, area).min;
            frame.text.paint(&frame.painter, corner, block);
        }
    }
}

impl Foot {
    fn ui(&self, frame: &mut Frame<'_>, row: Rect) {
        let Theme { body, least, .. } = frame.theme;
        let style = Style::line(body, self.tone);
        let mut left = row.min.x;
        if let Some(slope) = self.mark {
            let center = pos2(left + body * 0.35, row.min.y + body * 0.62);
            frame.slope(center, body * 0.62, slope, self.tone);
            left += body * 0.95;
        }
        let block = frame.text.fit(&self.text, &style, (row.max.x - left).max(1.0), least);
        frame.text.paint(&frame.painter, pos2(left, row.min.y), &block);
    }
}

fn padding(theme: &Theme) -> Vec2 {
    vec2(theme.gap * 0.9, theme.gap * 0.6)
}

fn foot_height(theme: &Theme) -> f32 {
    theme.body * 1.3
}

fn said(figure: &Figure<'_>, block: &Block) -> String {
    let [name, _] = figure.names.unwrap_or_default();
    format!("{name} {}", block.text)
}

/// The name of a figure, whole: on two lines where the tile is tall enough, else smaller, else shorter.
fn label(text: &mut TextEngine, theme: &Theme, inner: Vec2, names: [&str; 2]) -> Arc<Block> {
    let [name, _] = names;
    let style = Style::line(theme.body, color::QUIET);
    let lines = Style { max_lines: 2, ..style };
    let tall = inner.y >= theme.body * (style.line_height * 2.0 + BELOW_LABEL);
    if tall && text.width(name, &style) > inner.x {
        let mut parts = name.split_whitespace();
        let block = text.layout(name, &lines, inner.x);
        if !block.cut && parts.all(|part| text.width(part, &style) <= inner.x) {
            return block;
        }
    }
    text.whole(&names, &style, inner.x, theme.least)
}

/// The figures in one size: the largest, up to `most`, in which each fits into `width`.
fn figure_blocks(
    text: &mut TextEngine,
    (theme, words): (&Theme, &Words),
    (width, most): (f32, f32),
    figures: &[Figure<'_>],
) -> Vec<Arc<Block>> {
    let style = |size, tone| Style::line(size, tone).figure();
    let shown: Vec<_> = figures.iter().map(|figure| figure.text(words)).collect();
    let said = |shown: &Option<String>| shown.clone().unwrap_or_else(|| "–".to_owned());
    let widest = shown
        .iter()
        .map(|shown| text.width(&said(shown), &style(most, color::TEXT)))
        .fold(1.0, f32::max);
    let size = if widest > width { most * width / widest * 0.99 } else { most };
    let size = size.max(theme.body.min(most));
    let lay = |shown: &Option<String>| {
        let tone = if shown.is_some() { color::TEXT } else { color::QUIET };
        text.layout(&said(shown), &style(size, tone), width)
    };
    shown.iter().map(lay).collect()
}

#[cfg(test)]
mod tests {
    use vigie_model::{Kpi, KpiValue};

    use super::*;
    use crate::{
        Locale,
        kpi::{Better, names, tiles},
        testing::{setup, words},
    };

    /// Every measure that the analysis knows, as the room file calls it.
    const MEASURES: [&str; 13] = [
        "posts",
        "authors",
        "questions",
        "answered",
        "people answered",
        "reply rate",
        "question reply rate",
        "reply time p50",
        "reply time p90",
        "negative share",
        "positive share",
        "unsure share",
        "own posts",
    ];

    fn kpi(value: KpiValue) -> Kpi {
        Kpi { value, previous: None, by_network: [].into(), as_of: None }
    }

    fn figure<'a>(kpi: &'a Kpi, measure: &'a str, words: &Words) -> Figure<'a> {
        Figure {
            names: Some(names(measure, words)),
            kpi: Some(kpi),
            before: crate::Word::Before,
            goal: None,
            better: Better::More,
        }
    }

    /// A screen of 55 inches seen from 6 meters, whose cells are `size` large.
    fn plan(size: Vec2, n_tiles: usize, figures: &[Figure<'_>], locale: Locale) -> Plan {
        let theme = Theme::of_body(63.0);
        let mut text = TextEngine::new(&setup().fonts);
        text.begin_frame(1.0);
        let area = Rect::from_min_size(egui::Pos2::ZERO, size);
        let size = tiles(area, n_tiles, theme.gap)[0].size();
        Plan::new(&mut text, (&theme, &words(locale)), size, figures)
    }

    #[test]
    fn labels_are_whole_at_six_meters() {
        let one = kpi(KpiValue::Count(7_000));
        // A grid of three by two, a row of four, two on top of each other.
        for (size, n_tiles) in
            [(vec2(1838.0, 560.0), 6), (vec2(1838.0, 204.0), 4), (vec2(560.0, 900.0), 2)]
        {
            for locale in [Locale::Fr, Locale::En] {
                for measure in MEASURES {
                    let figure = figure(&one, measure, &words(locale));
                    let plan = plan(size, n_tiles, &[figure], locale);
                    let label = plan.tiles[0].label.as_ref().unwrap();
                    assert!(!label.cut, "{measure} in {locale:?}: {} at {size}", label.text);
                    assert!(!label.text.is_empty() && !plan.in_row);
                }
            }
        }
    }

    #[test]
    fn figures_of_one_cell_have_one_size_and_one_base_line() {
        let words = words(Locale::Fr);
        let counts = [7_000, 2_255, 12].map(|count| kpi(KpiValue::Count(count)));
        let long = kpi(KpiValue::Duration(23 * 3_600_000_000));
        let mut figures: Vec<_> =
            counts.iter().chain([&long]).map(|kpi| figure(kpi, "reply rate", &words)).collect();
        figures[0].goal = Some(10_000.0);
        let plan = plan(vec2(1838.0, 560.0), 6, &figures, Locale::Fr);
        let heights: Vec<_> = plan.tiles.iter().map(|tile| tile.figure.size.y).collect();
        assert!(heights.iter().all(|height| *height == heights[0]), "{heights:?}");
        assert!(plan.tiles.iter().all(|tile| !tile.figure.cut));
        assert!(plan.meter > 0.0, "the goal's bar has room in every tile");
    }

    #[test]
    fn low_tiles_hold_one_line() {
        let one = kpi(KpiValue::Share(8, 100));
        let figure = figure(&one, "reply rate", &words(Locale::Fr));
        let plan = plan(vec2(500.0, 100.0), 1, &[figure], Locale::Fr);
        let tile = &plan.tiles[0];
        assert!(plan.in_row && !tile.label.as_ref().unwrap().cut);
        assert!(tile.said.starts_with("Taux de réponse 8"), "{}", tile.said);
    }
}
