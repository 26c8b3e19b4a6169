//! Posts per minute over a window, as bars.

use egui::{Rect, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_layout::units;
use vigie_model::{Need, NeedKind, OptionError, QueryName};

use crate::{
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    window,
    words::Word,
};

entry!("volume", "Posts per minute", VolumeWidget, VolumeOptions);

/// The options of a chart of posts per minute.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VolumeOptions {
    /// Whose posts: the name of a query.
    query: String,
    /// Over which time, such as `60 min`.
    #[serde(default = "usual_window", deserialize_with = "units::deserialize_minutes")]
    #[schemars(with = "String")]
    window: u32,
    /// What stands above it.
    #[serde(default)]
    title: Option<String>,
}

fn usual_window() -> u32 {
    60
}

#[derive(Debug)]
pub(crate) struct VolumeWidget {
    query: QueryName,
    window_mins: u32,
    title: Option<String>,
}

impl VolumeWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's form")]
    fn new(options: VolumeOptions) -> Result<Self, OptionError> {
        let VolumeOptions { query, window, title } = options;
        Ok(Self { query: QueryName::new(query), window_mins: window, title })
    }
}

impl Widget for VolumeWidget {
    fn needs(&self) -> Vec<Need> {
        let kind = NeedKind::Volume { window_mins: self.window_mins };
        vec![Need { query: self.query.clone(), kind }]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().needs(moment.snapshot, &self.needs()).with(self.notes(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let title = self.title.as_deref().unwrap_or(words.say(Word::Volume));
        let notes = self.notes(&frame.moment);
        let area = frame.noted_cell(ui, title, &notes);
        let part = snapshot.volume(&self.query, self.window_mins);
        let per_min = part.map(|part| part.per_min.as_slice()).unwrap_or_default();
        if per_min.iter().all(|n_posts| *n_posts == 0) {
            frame.empty(ui, area, (Word::NoPosts, None));
            return Repaint::OnStamp;
        }
        let theme = frame.theme;
        // The last minute is not over: the one before it is what people read.
        let last = per_min.iter().rev().nth(1).or(per_min.last()).copied().unwrap_or_default();
        let text = words.count(u64::from(last));
        let wide = area.width() > theme.body * 14.0;
        let (figure, chart) = if wide {
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
        };
        let size = (figure.height() * 0.8).clamp(theme.body, theme.body * 4.0);
        let block = frame.text.fit(
            &text,
            &Style::line(size, color::TEXT).figure(),
            figure.width(),
            theme.body,
        );
        let corner = pos2(figure.min.x, figure.center().y - block.size.y / 2.0);
        frame.text.paint(&frame.painter, corner, &block);
        let narrowest = (theme.stroke * 2.0).max(2.0);
        let values = gathered(per_min, (chart.width() / narrowest) as usize);
        frame.bars(chart, &values, theme.accent);
        let base =
            Rect::from_min_size(pos2(chart.min.x, chart.max.y - 1.0), vec2(chart.width(), 1.0));
        frame.painter.rect_filled(base, 0.0, color::LINE);
        frame.announce(ui, area, &format!("{text} {title}"));
        Repaint::OnStamp
    }
}

impl VolumeWidget {
    /// The window, and the age of its data.
    fn notes(&self, moment: &Moment<'_>) -> Vec<String> {
        let volume = moment.snapshot.volume(&self.query, self.window_mins);
        let per_min = volume.map(|volume| volume.per_min.as_slice()).unwrap_or_default();
        window::notes(moment, self.window_mins, per_min.iter().rev().map(|n_posts| *n_posts > 0))
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
