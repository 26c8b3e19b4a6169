//! Rising topics: term, slope, count, distinct authors, and the line of the window.

use std::sync::Arc;

use egui::{Rect, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_layout::units;
use vigie_model::{Need, NeedKind, OptionError, QueryName, Trend};

use crate::{
    draw::Slope,
    text::{Block, Style, TextEngine},
    theme::{Theme, color},
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    window,
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
        Stamp::default().needs(moment.snapshot, &self.needs()).with(self.notes(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let title = self.title.as_deref().unwrap_or(words.say(Word::Trends));
        let notes = self.notes(&frame.moment);
        let area = frame.noted_cell(ui, title, &notes);
        let trends = snapshot.trends(&self.query, self.window_mins);
        let terms = trends.map(|part| part.terms.as_slice()).unwrap_or_default();
        let mut terms: Vec<&Trend> =
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
        terms.truncate(n_shown as usize);
        let columns = Columns::new(frame.text, (&theme, words), (area.width(), two_lines), &terms);
        for (idx, trend) in terms.iter().enumerate() {
            let corner = pos2(area.min.x, area.min.y + step * idx as f32);
            let row = Rect::from_min_size(corner, vec2(area.width(), step));
            if idx > 0 {
                let line =
                    Rect::from_min_size(row.min, vec2(row.width(), (theme.stroke * 0.5).max(1.0)));
                frame.painter.rect_filled(line, 0.0, color::LINE);
            }
            columns.row_ui(ui, frame, row, trend);
        }
        Repaint::OnStamp
    }
}

impl TrendsWidget {
    /// The window, and the age of its data.
    fn notes(&self, moment: &Moment<'_>) -> Vec<String> {
        let trends = moment.snapshot.trends(&self.query, self.window_mins);
        let terms = trends.map(|trends| trends.terms.as_slice()).unwrap_or_default();
        let n_parts = terms.iter().map(|trend| trend.spark.len()).max().unwrap_or_default();
        let filled = |back: usize| {
            terms.iter().any(|trend| trend.spark.iter().rev().nth(back).is_some_and(|n| *n > 0))
        };
        window::notes(moment, self.window_mins, (0..n_parts).map(filled))
    }
}

/// What the rows of a list show, the same in each of them: the term has the first right to the room.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Columns {
    /// Width of the line of the window; 0 without one.
    spark: f32,
    /// Whether the number of posts stands beside the term, or begins the line below.
    count_beside: bool,
    two_lines: bool,
}

impl Columns {
    /// The richest form in which all terms of rows of `width` are whole.
    fn new(
        text: &mut TextEngine,
        (theme, words): (&Theme, &Words),
        (width, two_lines): (f32, bool),
        terms: &[&Trend],
    ) -> Self {
        let with_spark = width > theme.body * 14.0;
        let sparks = [0.3, 0.2].map(|share| if with_spark { width * share } else { 0.0 });
        let form = |spark, count_beside| Self { spark, count_beside, two_lines };
        let last = form(0.0, !two_lines);
        let [usual, small] = sparks;
        let forms = [form(usual, true), form(small, true), form(0.0, true), last];
        let style = term_style(theme);
        let whole = |form: &Self| {
            terms.iter().all(|trend| {
                let count = text.width(&words.count(trend.n_posts), &style);
                text.width(&trend.term, &style) <= form.term_width(theme, width, count)
            })
        };
        forms.into_iter().find(whole).unwrap_or(last)
    }

    /// The room for the term in a row of `width`.
    fn term_width(&self, theme: &Theme, width: f32, count: f32) -> f32 {
        let count = if self.count_beside { count + theme.gap } else { 0.0 };
        (width - left(theme) - self.spark_column(theme) - count).max(1.0)
    }

    /// The width of the line of the window with its distance from the words.
    fn spark_column(&self, theme: &Theme) -> f32 {
        if self.spark > 0.0 { self.spark + theme.gap * 1.5 } else { 0.0 }
    }

    /// The term: smaller where it must be, cut only where that is not enough.
    fn term(
        &self,
        text: &mut TextEngine,
        theme: &Theme,
        (width, count): (f32, f32),
        term: &str,
    ) -> Arc<Block> {
        text.fit(term, &term_style(theme), self.term_width(theme, width, count), theme.least)
    }

    fn row_ui(&self, ui: &Ui, frame: &mut Frame<'_>, row: Rect, trend: &Trend) {
        let theme = frame.theme;
        let words = frame.moment.words;
        let slope = Slope::between(1.0, finite(trend.ratio), MARGIN);
        let tone = if slope == Slope::Up { color::GOOD } else { color::QUIET };
        let text_height = theme.body * if self.two_lines { 2.5 } else { 1.25 };
        let top = row.min.y + (row.height() - text_height) / 2.0;
        let mark = theme.body * 0.72;
        frame.slope(pos2(row.min.x + mark / 2.0, top + theme.body * 0.64), mark, slope, tone);
        let left = row.min.x + left(&theme);
        let right = row.max.x - self.spark_column(&theme);
        let n_posts = words.count(trend.n_posts);
        let count = frame.text.layout(&n_posts, &term_style(&theme), f32::INFINITY);
        if self.count_beside {
            frame.text.paint(&frame.painter, pos2(right - count.size.x, top), &count);
        }
        let term = self.term(frame.text, &theme, (row.width(), count.size.x), &trend.term);
        // A smaller term stands on the same line as the number.
        let down = (count.baseline - term.baseline).max(0.0);
        frame.text.paint(&frame.painter, pos2(left, top + down), &term);
        let whys = whys(trend, words, self.count_beside);
        if self.two_lines {
            let why = why_block(frame.text, &theme, &whys, (right - left).max(1.0));
            frame.text.paint(&frame.painter, pos2(left, top + theme.body * 1.32), &why);
        }
        if self.spark > 0.0 {
            let area = Rect::from_min_max(
                pos2(row.max.x - self.spark, top + theme.body * 0.25),
                pos2(row.max.x, top + text_height - theme.body * 0.2),
            );
            let values: Vec<f64> = trend.spark.iter().copied().map(f64::from).collect();
            let high = values.iter().copied().fold(1.0, f64::max);
            frame.spark(area, &values, (0.0, high), theme.accent);
        }
        let why = whys.first().map(String::as_str).unwrap_or_default();
        frame.announce(ui, row, &format!("{}: {n_posts}, {why}", trend.term));
    }
}

fn term_style(theme: &Theme) -> Style {
    Style::line(theme.title, color::TEXT).bold()
}

/// Where the term begins in its row: after the slope's mark.
fn left(theme: &Theme) -> f32 {
    theme.body * 1.1
}

/// The line below the term: what does not fit is left out whole.
fn why_block(text: &mut TextEngine, theme: &Theme, whys: &[String], width: f32) -> Arc<Block> {
    let style = Style::line(theme.body, color::QUIET);
    let whys: Vec<&str> = whys.iter().map(String::as_str).collect();
    text.whole(&whys, &style, width, theme.least)
}

/// Why the term is here: by how many people, and how far above its past; shorter and shorter.
fn whys(trend: &Trend, words: &Words, count_beside: bool) -> Vec<String> {
    let authors = words.count_of(trend.n_authors, Word::Author, Word::Authors);
    let ratio = finite(trend.ratio);
    let ratio = if ratio > MAX_RATIO || finite(trend.baseline) < 0.5 {
        words.say(Word::New).to_owned()
    } else {
        format!("×\u{202f}{}", words.decimal(ratio, usize::from(ratio < 10.0)))
    };
    let both = format!("{authors} · {ratio}");
    if count_beside {
        return vec![both, authors];
    }
    let count = words.count(trend.n_posts);
    let posts = words.count_of(trend.n_posts, Word::Post, Word::Posts);
    vec![
        format!("{posts} · {both}"),
        format!("{posts} · {authors}"),
        format!("{count} · {authors}"),
        posts,
        count,
    ]
}

fn finite(number: f64) -> f64 {
    if number.is_nan() { 0.0 } else { number.clamp(0.0, 1e12) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Locale,
        testing::{setup, trend, words},
    };

    /// Lists at six meters: no term and no reason may be cut.
    #[track_caller]
    fn check(width: f32, terms: &[&str], (with_spark, count_beside): (bool, bool)) {
        let theme = Theme::of_body(63.0);
        let mut text = TextEngine::new(&setup().fonts);
        text.begin_frame(1.0);
        for locale in [Locale::Fr, Locale::En] {
            let words = words(locale);
            let trends: Vec<_> = terms.iter().map(|term| trend(term, 176, 40.0, &[1, 2])).collect();
            let trends: Vec<&Trend> = trends.iter().collect();
            let columns = Columns::new(&mut text, (&theme, &words), (width, true), &trends);
            let shown = (columns.spark > 0.0, columns.count_beside);
            assert_eq!(shown, (with_spark, count_beside), "{terms:?} in {width}");
            let right = width - columns.spark_column(&theme) - left(&theme);
            for trend in trends {
                let count = text.width("176", &term_style(&theme));
                let term = columns.term(&mut text, &theme, (width, count), &trend.term);
                assert!(!term.cut, "{}", term.text);
                let why = why_block(&mut text, &theme, &whys(trend, &words, count_beside), right);
                assert!(!why.cut, "{}", why.text);
            }
        }
    }

    #[test]
    fn terms_come_before_lines_and_numbers() {
        check(884.0, &["Juan", "soir"], (true, true));
        check(884.0, &["Juan-les-Pins", "panne de réseau"], (false, true));
        check(1_840.0, &["Juan-les-Pins", "panne de réseau"], (true, true));
        check(560.0, &["inadmissible"], (false, false));
        check(560.0, &["panne de réseau"], (false, false));
    }

    #[test]
    fn reasons_lose_whole_parts() {
        let words = words(Locale::Fr);
        let whys = whys(&trend("soir", 25, 6.0, &[]), &words, true);
        let plain: Vec<_> =
            whys.iter().map(|why| why.replace(['\u{a0}', '\u{202f}'], " ")).collect();
        assert_eq!(plain, ["13 auteurs · × 4,2", "13 auteurs"]);
    }
}
