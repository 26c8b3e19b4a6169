//! Rising topics: term, slope, count, distinct authors, and the line of the window.

use std::sync::Arc;

use egui::{Rect, Ui, pos2, vec2};
use vigie_model::{Need, NeedKind, OptionError, Trend};

use crate::{
    draw::Slope,
    text::{Block, Style, TextEngine},
    theme::{Theme, color},
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    window::{self, Windowed, window_options},
    words::{Word, Words},
};

entry!("trends", "Rising topics", TrendsWidget, TrendsOptions);

/// A term counts as rising, or falling, where it is this far from what its past leads to expect.
const MARGIN: f64 = 0.1;

/// The height of a row with its details, in heights of type.
const DETAILED: f32 = 7.0;

/// Topics of which so large a share looks machine-made carry a mark.
const SUSPICIOUS: f64 = 0.5;

/// Ratios above this say only that the term is new.
const MAX_RATIO: f64 = 99.0;

window_options! {
    /// The options of a list of topics.
    TrendsOptions, 15, {
        /// Whether each topic shows what its past leads to expect, when it came up, and a post.
        #[serde(default)]
        details: bool,
    }
}

#[derive(Debug)]
pub(crate) struct TrendsWidget {
    of: Windowed,
    details: bool,
}

impl TrendsWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's form")]
    #[expect(clippy::needless_pass_by_value, reason = "the registry's form")]
    fn new(options: TrendsOptions) -> Result<Self, OptionError> {
        Ok(Self { of: options.windowed(), details: options.details })
    }
}

impl Widget for TrendsWidget {
    fn needs(&self) -> Vec<Need> {
        let kind = NeedKind::Trends { window_mins: self.of.window_mins };
        vec![Need { query: self.of.query.clone(), kind }]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().needs(moment.snapshot, &self.needs()).with(self.notes(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let title = self.of.title.as_deref().unwrap_or(words.say(Word::Trends));
        let notes = self.notes(&frame.moment);
        let area = frame.noted_cell(ui, title, &notes);
        let trends = snapshot.trends(&self.of.query, self.of.window_mins);
        let terms = trends.map(|part| part.terms.as_slice()).unwrap_or_default();
        let mut terms: Vec<&Trend> =
            terms.iter().filter(|trend| !trend.term.trim().is_empty()).collect();
        if terms.is_empty() {
            frame.empty(ui, area, (Word::NoTrends, None));
            return Repaint::OnStamp;
        }
        let theme = frame.theme;
        let two_lines = area.height() >= theme.body * 2.7;
        let details = self.details && area.height() >= theme.body * DETAILED;
        let height = match (two_lines, details) {
            (_, true) => theme.body * DETAILED,
            (true, false) => theme.body * 2.75,
            (false, false) => theme.body * 1.45,
        };
        let n_rows = ((area.height() + theme.gap * 0.3) / height).floor().max(1.0);
        // The rows share what is left, so that the list ends where the cell ends.
        let n_shown = n_rows.min(terms.len() as f32);
        let step = (area.height() / n_shown).clamp(height.min(area.height()), height * 1.25);
        terms.truncate(n_shown as usize);
        let columns = Columns::new(frame.text, (&theme, words), (area.width(), two_lines), &terms);
        let columns = Columns { details, ..columns };
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
        let trends = moment.snapshot.trends(&self.of.query, self.of.window_mins);
        window::notes(moment, self.of.window_mins, trends.and_then(|trends| trends.as_of))
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
    /// Whether a line of evidence and a post stand below.
    details: bool,
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
        let form = |spark, count_beside| Self { spark, count_beside, two_lines, details: false };
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
        let evidence = if self.details { theme.body * (DETAILED - 2.75) } else { 0.0 };
        let top = row.min.y + (row.height() - text_height - evidence) / 2.0;
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
            let is_suspicious = finite(trend.suspicion) >= SUSPICIOUS;
            let mark = theme.body * 0.8;
            let from = if is_suspicious { left + mark * 1.25 } else { left };
            let why = why_block(frame.text, &theme, &whys, (right - from).max(1.0));
            let at = pos2(from, top + theme.body * 1.32);
            if is_suspicious {
                frame.alarm(at + vec2(-mark * 0.7, why.middle), mark, color::WARN);
            }
            frame.text.paint(&frame.painter, at, &why);
        }
        if self.details {
            let from = pos2(left, top + theme.body * 2.62);
            let area = Rect::from_min_max(from, pos2(row.max.x, from.y + evidence));
            evidence_ui(frame, area, trend);
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

/// The line below the term: what does not fit is left out whole, so that all rows have one size of type.
fn why_block(text: &mut TextEngine, theme: &Theme, whys: &[String], width: f32) -> Arc<Block> {
    text.fitting(whys, &Style::line(theme.body, color::QUIET), width)
}

/// What the past leads to expect, when the term came up, and its newest post.
fn evidence_ui(frame: &mut Frame<'_>, area: Rect, trend: &Trend) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let baseline = finite(trend.baseline);
    let expected = words.decimal(baseline, usize::from(baseline < 9.95));
    let expected = format!("{}\u{a0}{expected}", words.say(Word::Expected));
    let since = format!("{}\u{a0}{}", words.say(Word::Since), words.time(trend.first_seen));
    let texts = [format!("{expected} · {since}"), since, expected];
    let style = Style::line(theme.body, color::QUIET);
    let block = frame.text.fitting(&texts, &style, area.width());
    let mut top = frame.text.paint(&frame.painter, area.min, &block).max.y;
    let Some(sample) = trend.samples.first() else { return };
    top += theme.gap * 0.3;
    let n_lines = ((area.max.y - top) / (theme.body * 1.34)).floor().clamp(0.0, 2.0) as usize;
    if n_lines > 0 {
        let bar = Rect::from_min_max(
            pos2(area.min.x, top + theme.body * 0.1),
            pos2(area.min.x + theme.stroke, top + theme.body * 1.34 * n_lines as f32),
        );
        frame.painter.rect_filled(bar, theme.stroke / 2.0, color::LINE);
        let left = area.min.x + theme.gap;
        let style = Style::lines(theme.body, color::TEXT, n_lines);
        let block = frame.text.layout(&sample.post.text, &style, (area.max.x - left).max(1.0));
        frame.text.paint(&frame.painter, pos2(left, top), &block);
    }
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
    let bots = words.say(Word::Bots);
    let with_bots = (finite(trend.suspicion) >= SUSPICIOUS).then(|| format!("{bots} · {both}"));
    if count_beside {
        let bots = with_bots.is_some().then(|| bots.to_owned());
        return with_bots.into_iter().chain(bots).chain([both, authors, ratio]).collect();
    }
    let count = words.count(trend.n_posts);
    let posts = words.count_of(trend.n_posts, Word::Post, Word::Posts);
    let plain = [
        format!("{posts} · {both}"),
        format!("{posts} · {authors}"),
        format!("{count} · {authors}"),
        posts,
        count,
    ];
    with_bots.into_iter().chain(plain).collect()
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
        assert_eq!(plain, ["13 auteurs · × 4,2", "13 auteurs", "× 4,2"]);
    }
}
