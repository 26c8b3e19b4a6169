//! Posts per minute over a window, as bars, with marks where something happened.

use std::collections::BTreeMap;

use egui::{Color32, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use jiff::civil;
use vigie_model::{Alert, Need, NeedKind, OptionError, Timestamp};

use crate::{
    incidents,
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    window::{self, Windowed, window_options},
    words::Word,
};

entry!("volume", "Posts per minute", VolumeWidget, VolumeOptions);

/// More marks on one chart hide each other.
const MAX_MARKS: usize = 12;

const MINUTE: i64 = 60_000_000;

window_options! {
    /// The options of a chart of posts per minute.
    VolumeOptions, 60, {
        /// Moments of the day that carry a mark, such as `"12:00" = "Jeu"`.
        #[serde(default)]
        milestones: BTreeMap<String, String>,
    }
}

#[derive(Debug)]
pub(crate) struct VolumeWidget {
    of: Windowed,
    milestones: Vec<(civil::Time, String)>,
}

/// A moment on the chart.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Mark {
    at: Timestamp,
    label: String,
    is_alert: bool,
}

impl VolumeWidget {
    #[expect(clippy::needless_pass_by_value, reason = "the registry's form")]
    fn new(options: VolumeOptions) -> Result<Self, OptionError> {
        let read = |(time, label): (&String, &String)| {
            let at = civil::Time::strptime("%H:%M", time.trim()).map_err(|_not_a_time| {
                OptionError::new(
                    format!("milestones.{time}"),
                    "a time of day is written as `12:00`",
                )
            })?;
            Ok((at, label.clone()))
        };
        let milestones = options.milestones.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if milestones.len() > MAX_MARKS {
            return Err(OptionError::new("milestones", "a chart has at most 12 milestones"));
        }
        Ok(Self { of: options.windowed(), milestones })
    }

    /// The window, and the age of its data.
    fn notes(&self, moment: &Moment<'_>) -> Vec<String> {
        let volume = moment.snapshot.volume(&self.of.query, self.of.window_mins);
        window::notes(moment, self.of.window_mins, volume.and_then(|volume| volume.as_of))
    }

    /// What happened within the window, oldest first.
    fn marks(&self, moment: &Moment<'_>) -> Vec<Mark> {
        let Moment { snapshot, words, .. } = *moment;
        let today = words.zone.to_datetime(snapshot.at.to_jiff()).date();
        let planned = self.milestones.iter().flat_map(|(time, label)| {
            [Some(today), today.yesterday().ok()].into_iter().flatten().filter_map(|date| {
                let at = words.zone.to_timestamp(date.to_datetime(*time)).ok()?;
                let at = Timestamp::from_micros(at.as_microsecond());
                Some(Mark { at, label: label.clone(), is_alert: false })
            })
        });
        let is_here =
            |alert: &&Alert| alert.query.as_ref().is_none_or(|query| *query == self.of.query);
        let alerts = snapshot.alerts.iter().filter(is_here).map(|alert| Mark {
            at: alert.at,
            label: incidents::what(alert, words),
            is_alert: true,
        });
        let window = i64::from(self.of.window_mins) * MINUTE;
        let seen = |mark: &Mark| (0..window).contains(&snapshot.at.since(mark.at));
        let mut marks: Vec<_> = planned.chain(alerts).filter(seen).collect();
        marks.sort_by_key(|mark| (!mark.is_alert, std::cmp::Reverse(mark.at)));
        marks.truncate(MAX_MARKS);
        marks.sort_by_key(|mark| mark.at);
        marks
    }
}

impl Widget for VolumeWidget {
    fn needs(&self) -> Vec<Need> {
        let kind = NeedKind::Volume { window_mins: self.of.window_mins };
        vec![Need { query: self.of.query.clone(), kind }]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default()
            .needs(moment.snapshot, &self.needs())
            .with(self.notes(moment))
            .with(self.marks(moment))
            .finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let title = self.of.title.as_deref().unwrap_or(words.say(Word::Volume));
        let notes = self.notes(&frame.moment);
        let area = frame.noted_cell(ui, title, &notes);
        let part = snapshot.volume(&self.of.query, self.of.window_mins);
        let per_min = part.map(|part| part.per_min.as_slice()).unwrap_or_default();
        if per_min.iter().all(|n_posts| *n_posts == 0) {
            frame.empty(ui, area, (Word::NoPosts, None));
            return Repaint::OnStamp;
        }
        let theme = frame.theme;
        // The last minute is not over: the one before it is what people read.
        let last = per_min.iter().rev().nth(1).or(per_min.last()).copied().unwrap_or_default();
        let text = words.count(u64::from(last));
        let (figure, mut chart) = halves(frame, area);
        let size = (figure.height() * 0.8).clamp(theme.body, theme.body * 4.0);
        let style = Style::line(size, color::TEXT).figure();
        let block = frame.text.fit(&text, &style, figure.width(), theme.body);
        let corner = pos2(figure.min.x, figure.center().y - block.size.y / 2.0);
        frame.text.paint(&frame.painter, corner, &block);
        let marks = self.marks(&frame.moment);
        if !marks.is_empty() && chart.height() > theme.body * 3.2 {
            chart.min.y += theme.body * 1.45;
        }
        let narrowest = (theme.stroke * 2.0).max(2.0);
        let values = gathered(per_min, (chart.width() / narrowest) as usize);
        frame.bars(chart, &values, theme.accent);
        let base =
            Rect::from_min_size(pos2(chart.min.x, chart.max.y - 1.0), vec2(chart.width(), 1.0));
        frame.painter.rect_filled(base, 0.0, color::LINE);
        self.marks_ui(frame, chart, &marks);
        let labels: Vec<&str> = marks.iter().map(|mark| mark.label.as_str()).collect();
        frame.announce(ui, area, &format!("{text} {title} {}", labels.join(", ")));
        Repaint::OnStamp
    }
}

impl VolumeWidget {
    /// A line for each mark, with its label above the bars where there is room for it.
    fn marks_ui(&self, frame: &mut Frame<'_>, chart: Rect, marks: &[Mark]) {
        let theme = frame.theme;
        let window = (i64::from(self.of.window_mins) * MINUTE).max(1);
        let top = (chart.min.y - theme.body * 1.45).max(frame.rect.min.y);
        let with_labels = chart.height() > theme.body * 1.5 && chart.min.y - top > theme.body;
        let place = |mark: &Mark| {
            let age = frame.moment.snapshot.at.since(mark.at) as f32 / window as f32;
            (chart.max.x - age * chart.width()).clamp(chart.min.x, chart.max.x)
        };
        let xs: Vec<f32> = marks.iter().map(place).collect();
        let size = theme.body * 0.62;
        let mut free = chart.min.x;
        for (idx, (mark, x)) in marks.iter().zip(&xs).enumerate() {
            let tone = if mark.is_alert { color::WARN } else { color::TEXT };
            let line_top = if with_labels { chart.min.y - theme.body * 0.2 } else { chart.min.y };
            let stroke = Stroke::new(theme.stroke, tone);
            frame.painter.line_segment([pos2(*x, line_top), pos2(*x, chart.max.y)], stroke);
            let center = pos2(x.max(chart.min.x + size / 2.0), chart.min.y - theme.body * 0.62);
            // A sign that would lie on the last one, or on its words, is left to its line.
            if !with_labels || center.x - size < free {
                continue;
            }
            sign_ui(frame, center, (size, mark.is_alert, tone));
            let next = xs.get(idx + 1).map_or(chart.max.x, |next| next - size * 1.2);
            let time = frame.moment.words.time(mark.at);
            let texts = [format!("{time} {}", mark.label), mark.label.clone(), time];
            free = label_ui(frame, (center, size, next), (&texts, tone));
        }
    }
}

/// A triangle for an alert, a diamond for what was planned.
fn sign_ui(frame: &Frame<'_>, center: Pos2, (size, is_alert, tone): (f32, bool, Color32)) {
    if is_alert {
        return frame.alarm(center, size * 1.15, tone);
    }
    let half = size * 0.5;
    let corners = [vec2(0.0, -half), vec2(half, 0.0), vec2(0.0, half), vec2(-half, 0.0)];
    let corners = corners.iter().map(|corner| center + *corner).collect();
    frame.painter.add(Shape::convex_polygon(corners, tone, Stroke::NONE));
}

/// The longest text that fits between a sign and the `next` one; returns where the next sign may stand.
fn label_ui(
    frame: &mut Frame<'_>,
    (center, size, next): (Pos2, f32, f32),
    (texts, tone): (&[String], Color32),
) -> f32 {
    let style = Style::line(frame.theme.body, tone);
    let after = center.x + size * 0.9;
    let room = next - after - frame.theme.gap;
    let fitting = texts
        .iter()
        .filter(|text| !text.trim().is_empty())
        .find(|text| frame.text.width(text, &style) <= room);
    let Some(text) = fitting else { return center.x + size };
    let block = frame.text.layout(text, &style, f32::INFINITY);
    frame.text.paint(&frame.painter, pos2(after, center.y - block.middle), &block);
    after + block.size.x
}

/// The room for the figure and that for the bars: side by side where there is width for it.
fn halves(frame: &Frame<'_>, area: Rect) -> (Rect, Rect) {
    let theme = frame.theme;
    if area.width() > theme.body * 14.0 {
        let x = area.min.x + (area.width() * 0.3).min(theme.body * 7.0);
        (
            Rect::from_min_max(area.min, pos2(x, area.max.y)),
            Rect::from_min_max(pos2(x + theme.gap, area.min.y), area.max),
        )
    } else {
        let y = area.min.y + area.height() * 0.4;
        (
            Rect::from_min_max(area.min, pos2(area.max.x, y)),
            Rect::from_min_max(pos2(area.min.x, y + theme.gap * 0.5), area.max),
        )
    }
}

/// At most `n_bars` values, each the highest of its part.
fn gathered(per_min: &[u32], n_bars: usize) -> Vec<u32> {
    let step = per_min.len().div_ceil(n_bars.max(1)).max(1);
    per_min.chunks(step).map(|part| part.iter().copied().max().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_windows_keep_their_peaks() {
        assert_eq!(gathered(&[1, 5, 2, 0, 7], 2), [5, 7]);
        assert_eq!(gathered(&[1, 5], 10), [1, 5]);
        assert_eq!(gathered(&[], 0), [0_u32; 0]);
    }
}
