//! Rising topics: term, slope, count, distinct authors, and the line of the window.

use egui::{Rect, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_layout::units;
use vigie_model::{Need, NeedKind, OptionError, QueryName, Trend};

use crate::{
    draw::Slope,
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::{Word, Words},
};

entry!("trends", "Rising topics", TrendsWidget, TrendsOptions);

/// A term counts as rising, or falling, where it is this far from what its past leads to expect.
const MARGIN: f64 = 0.1;

/// Ratios above this say only that the term is new.
const MAX_RATIO: f64 = 99.0;

/// The options of a list of topics.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrendsOptions {
    /// Whose topics: the name of a query.
    query: String,
    /// Over which time, such as `15 min`.
    #[serde(default = "usual_window", deserialize_with = "units::deserialize_minutes")]
    #[schemars(with = "String")]
    window: u32,
    /// What stands above them.
    #[serde(default)]
    title: Option<String>,
}

fn usual_window() -> u32 {
    15
}

#[derive(Debug)]
pub(crate) struct TrendsWidget {
    query: QueryName,
    window_mins: u32,
    title: Option<String>,
}

impl TrendsWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's form")]
    fn new(options: TrendsOptions) -> Result<Self, OptionError> {
        let TrendsOptions { query, window, title } = options;
        Ok(Self { query: QueryName::new(query), window_mins: window, title })
    }
}

impl Widget for TrendsWidget {
    fn needs(&self) -> Vec<Need> {
        let kind = NeedKind::Trends { window_mins: self.window_mins };
        vec![Need { query: self.query.clone(), kind }]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().needs(moment.snapshot, &self.needs()).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let title = self.title.as_deref().unwrap_or(words.say(Word::Trends));
        let window = words.span(i64::from(self.window_mins) * 60_000_000);
        let area = frame.cell(ui, title, &window);
        let trends = snapshot.trends(&self.query, self.window_mins);
        let terms = trends.map(|part| part.terms.as_slice()).unwrap_or_default();
        let terms: Vec<&Trend> =
            terms.iter().filter(|trend| !trend.term.trim().is_empty()).collect();
        if terms.is_empty() {
            frame.empty(ui, area, (Word::NoTrends, None));
            return Repaint::OnStamp;
        }
        let theme = frame.theme;
        let two_lines = area.height() >= theme.body * 2.7;
        let height = if two_lines { theme.body * 2.75 } else { theme.body * 1.45 };
        let n_rows = ((area.height() + theme.gap * 0.3) / height).floor().max(1.0);
        // The rows share what is left, so that the list ends where the cell ends.
        let n_shown = n_rows.min(terms.len() as f32);
        let step = (area.height() / n_shown).clamp(height.min(area.height()), height * 1.25);
        for (idx, trend) in terms.iter().take(n_shown as usize).enumerate() {
            let corner = pos2(area.min.x, area.min.y + step * idx as f32);
            let row = Rect::from_min_size(corner, vec2(area.width(), step));
            if idx > 0 {
                let line =
                    Rect::from_min_size(row.min, vec2(row.width(), (theme.stroke * 0.5).max(1.0)));
                frame.painter.rect_filled(line, 0.0, color::LINE);
            }
            trend_ui(ui, frame, row, (trend, two_lines));
        }
        Repaint::OnStamp
    }
}

fn trend_ui(ui: &Ui, frame: &mut Frame<'_>, row: Rect, (trend, two_lines): (&Trend, bool)) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let slope = Slope::between(1.0, finite(trend.ratio), MARGIN);
    let tone = if slope == Slope::Up { color::GOOD } else { color::QUIET };
    let text_height = theme.body * if two_lines { 2.5 } else { 1.25 };
    let top = row.min.y + (row.height() - text_height) / 2.0;
    let mark = theme.body * 0.72;
    frame.slope(pos2(row.min.x + mark / 2.0, top + theme.body * 0.64), mark, slope, tone);
    let left = row.min.x + theme.body * 1.1;
    let spark_width = if row.width() > theme.body * 14.0 { row.width() * 0.3 } else { 0.0 };
    let right = row.max.x - spark_width - if spark_width > 0.0 { theme.gap * 1.5 } else { 0.0 };
    let count = Style::line(theme.title, color::TEXT).bold();
    let count = frame.text.layout(&words.count(trend.n_posts), &count, f32::INFINITY);
    frame.text.paint(&frame.painter, pos2(right - count.size.x, top), &count);
    let term = Style::line(theme.title, color::TEXT).bold();
    let width = (right - count.size.x - theme.gap - left).max(1.0);
    let painter = frame.painter.clone();
    frame.text.line(&painter, pos2(left, top), (&trend.term, &term), width);
    let why = why(trend, words);
    if two_lines {
        let style = Style::line(theme.body, color::QUIET);
        let corner = pos2(left, top + theme.body * 1.32);
        frame.text.line(&painter, corner, (&why, &style), (right - left).max(1.0));
    }
    if spark_width > 0.0 {
        let area = Rect::from_min_max(
            pos2(row.max.x - spark_width, top + theme.body * 0.25),
            pos2(row.max.x, top + text_height - theme.body * 0.2),
        );
        let values: Vec<f64> = trend.spark.iter().copied().map(f64::from).collect();
        let high = values.iter().copied().fold(1.0, f64::max);
        frame.spark(area, &values, (0.0, high), theme.accent);
    }
    frame.announce(ui, row, &format!("{}: {}, {why}", trend.term, words.count(trend.n_posts)));
}

/// Why the term is here: how far above its past, and by how many people.
fn why(trend: &Trend, words: &Words) -> String {
    let authors = words.count_of(trend.n_authors, Word::Author, Word::Authors);
    let ratio = finite(trend.ratio);
    if ratio > MAX_RATIO || finite(trend.baseline) < 0.5 {
        return format!("{authors} · {}", words.say(Word::New));
    }
    let n_digits = usize::from(ratio < 10.0);
    format!("{authors} · ×\u{202f}{}", words.decimal(ratio, n_digits))
}

fn finite(number: f64) -> f64 {
    if number.is_nan() { 0.0 } else { number.clamp(0.0, 1e12) }
}
