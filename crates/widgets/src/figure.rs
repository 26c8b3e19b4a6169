//! A figure from outside the networks, with what it is held against, its source and its time.

use egui::{Rect, Ui, pos2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{FigureView, Need, OptionError};

use crate::{
    draw::Slope,
    freshness::Freshness,
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::{Word, Words},
};

entry!("figure", "A figure from a file or a web address", FigureWidget, FigureOptions);

/// Changes smaller than this part count as none.
const STEADY: f64 = 0.005;

/// The options of a figure from outside.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FigureOptions {
    /// The figure's name, as its source calls it.
    figure: String,
    /// What stands above it; its name where there is none.
    #[serde(default)]
    title: Option<String>,
    /// Whether less of it is better.
    #[serde(default)]
    less_is_better: bool,
}

#[derive(Debug)]
pub(crate) struct FigureWidget {
    figure: String,
    title: Option<String>,
    less_is_better: bool,
}

impl FigureWidget {
    fn new(options: FigureOptions) -> Result<Self, OptionError> {
        let FigureOptions { figure, title, less_is_better } = options;
        if crate::kpi::is_vain(&figure) {
            return Err(OptionError::new("figure", crate::kpi::VANITY));
        }
        Ok(Self { figure, title, less_is_better })
    }

    fn view<'a>(&self, moment: &Moment<'a>) -> Option<&'a FigureView> {
        moment.snapshot.figures.iter().find(|view| view.figure.name == self.figure)
    }
}

impl Widget for FigureWidget {
    fn needs(&self) -> Vec<Need> {
        vec![]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        let is_stale = self.view(moment).is_some_and(|view| view.is_stale(moment.now));
        Stamp::default().with(moment.snapshot.figures.version()).with(is_stale).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let moment = frame.moment;
        let title = self.title.as_deref().unwrap_or(&self.figure);
        let Some(view) = self.view(&moment) else {
            let area = frame.cell(ui, title, "");
            frame.empty(ui, area, (Word::NoOutside, Some(Word::NoOutsideNext)));
            return Repaint::OnStamp;
        };
        frame.moment.freshness = Freshness::of_source(moment.snapshot, &view.source, moment.now);
        let is_stale = view.is_stale(moment.now);
        let note = if is_stale { moment.words.say(Word::TooOld) } else { "" };
        let area = frame.cell(ui, title, note);
        let theme = frame.theme;
        let line = theme.body * 1.3;
        let mut foot = area.max.y;
        let (with_origin, with_change) =
            (area.height() > theme.body * 2.7, area.height() > theme.body * 3.4);
        if with_origin {
            foot -= line;
            origin_ui(
                frame,
                Rect::from_min_max(pos2(area.min.x, foot), area.max),
                (view, is_stale),
            );
        }
        let change = change(view, moment.words);
        if with_change && let Some((text, slope)) = &change {
            foot -= line;
            let tone = match (slope, self.less_is_better) {
                (Slope::Flat, _) => color::QUIET,
                (Slope::Up, false) | (Slope::Down, true) => color::GOOD,
                _ => color::BAD,
            };
            let mark = theme.body * 0.66;
            let center = pos2(area.min.x + mark / 2.0, foot + theme.body * 0.62);
            frame.slope(center, mark, *slope, tone);
            let left = area.min.x + mark * 1.5;
            let style = Style::line(theme.body, tone).bold();
            let block = frame.text.fit(text, &style, (area.max.x - left).max(1.0), theme.least);
            frame.text.paint(&frame.painter, pos2(left, foot), &block);
        }
        let value = moment.words.milli(view.figure.value_milli, &view.figure.unit);
        let upper = Rect::from_min_max(area.min, pos2(area.max.x, foot));
        let said = value_ui(frame, upper, (&value, view, is_stale));
        let change = change.map(|(text, _)| text).unwrap_or_default();
        frame.announce(ui, area, &format!("{title}: {said}, {change}, {}", view.figure.origin));
        Repaint::OnStamp
    }
}

/// The value as large as it fits, with the line of its readings where there is room.
fn value_ui(
    frame: &mut Frame<'_>,
    area: Rect,
    (value, view, is_stale): (&str, &FigureView, bool),
) -> String {
    let theme = frame.theme;
    let with_line = view.line_milli.len() > 2 && area.width() > theme.body * 12.0;
    let width = if with_line { area.width() * 0.6 } else { area.width() };
    let tone = if is_stale { color::QUIET } else { color::TEXT };
    let size = (area.height() * 0.9).clamp(theme.body, theme.body * 4.5);
    let style = Style::line(size, tone).figure();
    let block = frame.text.fit(value, &style, width, theme.body);
    let corner = pos2(area.min.x, area.center().y - block.size.y / 2.0);
    let drawn = frame.text.paint(&frame.painter, corner, &block);
    if with_line {
        let left = (drawn.max.x + theme.gap * 2.0).max(area.min.x + width);
        let chart = Rect::from_min_max(pos2(left, area.min.y), area.max).shrink(theme.gap * 0.5);
        let values: Vec<f64> = view.line_milli.iter().map(|value| *value as f64).collect();
        let high = values.iter().copied().fold(f64::MIN, f64::max);
        let low = values.iter().copied().fold(f64::MAX, f64::min).min(high * 0.5);
        if chart.is_positive() {
            frame.spark(chart, &values, (low, high), theme.accent);
        }
    }
    value.to_owned()
}

/// Where it was read and for when it is true.
fn origin_ui(frame: &mut Frame<'_>, row: Rect, (view, is_stale): (&FigureView, bool)) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let at = words.day_time(view.figure.at);
    let time = words.time(view.figure.at);
    let texts =
        [format!("{} · {at}", view.figure.origin), format!("{} · {time}", view.figure.origin), at];
    let tone = if is_stale { color::WARN } else { color::QUIET };
    let mut left = row.min.x;
    if is_stale {
        let mark = theme.body * 0.85;
        frame.alarm(pos2(left + mark / 2.0, row.min.y + theme.body * 0.62), mark, tone);
        left += mark * 1.4;
    }
    let style = Style::line(theme.body, tone);
    let block = frame.text.fitting(&texts, &style, (row.max.x - left).max(1.0));
    frame.text.paint(&frame.painter, pos2(left, row.min.y), &block);
}

/// How much it differs from what it is held against.
fn change(view: &FigureView, words: &Words) -> Option<(String, Slope)> {
    let share = view.change()?;
    let baseline = words.milli(view.baseline_milli?, &view.figure.unit);
    if share.abs() < STEADY {
        return Some((words.say(Word::Unchanged).to_owned(), Slope::Flat));
    }
    let slope = if share > 0.0 { Slope::Up } else { Slope::Down };
    let text = format!("{} · {} {baseline}", words.signed_percent(share), words.say(Word::Before));
    Some((text, slope))
}
