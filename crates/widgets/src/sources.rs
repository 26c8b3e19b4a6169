//! How the sources are doing: state in words and shape, rate, age, lag, losses.

use egui::{Color32, Pos2, Rect, Stroke, Ui, Vec2, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Need, OptionError, SourceState, SourceView};

use crate::{
    freshness::{Freshness, Health},
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::{Word, Words},
};

entry!("sources", "How the sources are doing", SourcesWidget, SourcesOptions);

/// The options of the table of sources.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourcesOptions {
    /// What stands above it.
    #[serde(default)]
    title: Option<String>,
}

#[derive(Debug)]
pub(crate) struct SourcesWidget {
    title: Option<String>,
}

impl SourcesWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's form")]
    fn new(options: SourcesOptions) -> Result<Self, OptionError> {
        Ok(Self { title: options.title })
    }
}

/// What the table says of one source.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Row {
    health: Health,
    name: String,
    state: String,
    rate: String,
    /// The most important first: what does not fit is left out from the end.
    detail: Vec<String>,
    lossy: bool,
}

impl Widget for SourcesWidget {
    fn needs(&self) -> Vec<Need> {
        vec![]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        // What is read, not the part's version: counters of bytes move all the time.
        Stamp::default().with(rows(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let words = frame.moment.words;
        let title = self.title.as_deref().unwrap_or(words.say(Word::Sources));
        if let Freshness::Partial { .. } = frame.moment.freshness {
            // The rows say it.
            frame.moment.freshness = Freshness::Fresh;
        }
        let rows = rows(&frame.moment);
        let n_live = rows.iter().filter(|row| row.health == Health::Live).count();
        let note = if rows.is_empty() { String::new() } else { format!("{n_live}/{}", rows.len()) };
        let area = frame.cell(ui, title, &note);
        if rows.is_empty() {
            frame.empty(ui, area, (Word::NoSources, Some(Word::NoSourcesNext)));
            return Repaint::OnStamp;
        }
        let theme = frame.theme;
        let two_lines = area.height() >= theme.body * 2.75;
        let height = if two_lines { theme.body * 2.8 } else { theme.body * 1.45 };
        let n_rows = (area.height() / height).floor().max(1.0) as usize;
        let n_columns = if rows.len() > n_rows && area.width() > theme.body * 36.0 { 2 } else { 1 };
        let width = (area.width() - theme.gap * (n_columns - 1) as f32) / n_columns as f32;
        for (idx, row) in rows.iter().take(n_rows * n_columns).enumerate() {
            let offset =
                vec2((idx / n_rows) as f32 * (width + theme.gap), (idx % n_rows) as f32 * height);
            let place = Rect::from_min_size(area.min + offset, vec2(width, height));
            if idx % n_rows > 0 {
                let line = vec2(width, (theme.stroke * 0.5).max(1.0));
                frame.painter.rect_filled(Rect::from_min_size(place.min, line), 0.0, color::LINE);
            }
            row.ui(ui, frame, place, two_lines);
        }
        Repaint::OnStamp
    }
}

/// The sources, those that need a person first.
fn rows(moment: &Moment<'_>) -> Vec<Row> {
    let sources = moment.snapshot.sources.shared();
    let mut rows: Vec<Row> = sources.iter().map(|source| Row::new(source, moment)).collect();
    rows.sort_by_key(|row| match row.health {
        Health::Stopped => 0,
        Health::Silent => 1,
        _ => 2,
    });
    rows
}

impl Row {
    fn new(source: &SourceView, moment: &Moment<'_>) -> Self {
        let words = moment.words;
        let health = Health::of(source, moment.now);
        let state = match (&source.report.state, health) {
            (SourceState::Stopped { .. }, _) => Word::Stopped,
            (SourceState::Waiting { .. }, _) => Word::Retrying,
            (SourceState::Finished, _) => Word::Finished,
            (_, Health::Silent) => Word::Silent,
            (SourceState::CatchingUp, _) => Word::CatchingUp,
            (_, Health::Starting) => Word::Starting,
            _ => Word::Live,
        };
        let rate = format!("{}{}", words.count(source.n_last_min), words.say(Word::PerMinute));
        let lossy = source.n_lost > 0 || source.n_gaps > 0;
        let name = source.id.to_string();
        Self {
            health,
            name,
            state: words.say(state).to_owned(),
            rate,
            detail: detail(source, moment),
            lossy,
        }
    }

    fn ui(&self, ui: &Ui, frame: &mut Frame<'_>, place: Rect, two_lines: bool) {
        let theme = frame.theme;
        let text_height = theme.body * if two_lines { 2.5 } else { 1.25 };
        let top = place.min.y + (place.height() - text_height) / 2.0;
        let tone = match self.health {
            Health::Live => color::GOOD,
            Health::Starting => color::QUIET,
            Health::Silent => color::WARN,
            Health::Stopped => color::BAD,
            Health::Finished => color::NEUTRAL,
        };
        let mark = theme.body * 0.8;
        mark_ui(
            frame,
            pos2(place.min.x + mark / 2.0, top + theme.body * 0.62),
            mark,
            (self.health, tone),
        );
        let left = place.min.x + theme.body * 1.15;
        let painter = frame.painter.clone();
        let style = Style::line(theme.body, color::TEXT);
        let rate = frame.text.layout(&self.rate, &style, place.width() * 0.5);
        frame.text.paint(&painter, pos2(place.max.x - rate.size.x, top), &rate);
        let right = place.max.x - rate.size.x - theme.gap;
        let state_style = Style::line(theme.body, tone);
        let name_style = Style::line(theme.body, color::TEXT).bold();
        let name = frame.text.layout(&self.name, &name_style, (right - left).max(1.0));
        frame.text.paint(&painter, pos2(left, top), &name);
        let state_left = left + name.size.x + theme.gap;
        // The shape says it too, so a word that does not fit is left out.
        let state = frame.text.layout(&self.state, &state_style, f32::INFINITY);
        let state_fits = state.size.x <= right - state_left;
        if state_fits {
            frame.text.paint(&painter, pos2(state_left, top), &state);
        }
        if two_lines {
            let tone = if self.lossy || self.health == Health::Stopped {
                color::WARN
            } else {
                color::QUIET
            };
            let detail = Style::line(theme.body, tone);
            let corner = pos2(left, top + theme.body * 1.28);
            let mut parts: Vec<&str> = self.detail.iter().map(String::as_str).collect();
            if !state_fits {
                parts.insert(0, &self.state);
            }
            let texts: Vec<String> = (1..=parts.len())
                .rev()
                .map(|n_parts| parts.get(..n_parts).unwrap_or_default().join(" · "))
                .collect();
            let block = frame.text.fitting(&texts, &detail, (place.max.x - left).max(1.0));
            frame.text.paint(&painter, corner, &block);
        }
        frame.announce(
            ui,
            place,
            &format!("{}: {}, {}, {}", self.name, self.state, self.rate, self.detail.join(", ")),
        );
    }
}

/// Why it does not work, or how late it is and what is missing.
fn detail(source: &SourceView, moment: &Moment<'_>) -> Vec<String> {
    let words = moment.words;
    let mut parts = Vec::new();
    match &source.report.state {
        SourceState::Stopped { why } => return vec![why.to_string()],
        SourceState::Waiting { why, .. } => parts.push(why.to_string()),
        _ => {}
    }
    let lossy = source.n_lost > 0 || source.n_gaps > 0;
    if lossy {
        parts.push(format!("{}\u{a0}{}", words.count(source.n_lost), words.say(Word::Lost)));
    }
    let heard = source.report.heard.map(|heard| words.age(moment.now.since(heard)));
    parts.push(heard.unwrap_or_else(|| words.say(Word::NoNews).to_owned()));
    if let Some(lag) = source.lag {
        parts.push(format!("{} {}", words.say(Word::Lag), lag_text(lag, words)));
    }
    parts.push(if lossy {
        format!("{}\u{a0}{}", words.count(source.n_gaps), words.say(Word::Gaps))
    } else {
        words.say(Word::NothingLost).to_owned()
    });
    parts
}

/// A delay: `0.4 s` below ten seconds, else whole units.
fn lag_text(lag: i64, words: &Words) -> String {
    if (0..10_000_000).contains(&lag) {
        format!("{}\u{a0}s", words.decimal(lag as f64 / 1e6, 1))
    } else {
        words.span(lag)
    }
}

/// A disc that lives, a ring that begins, a triangle that warns, a square that has stopped.
fn mark_ui(frame: &Frame<'_>, center: Pos2, size: f32, (health, tone): (Health, Color32)) {
    match health {
        Health::Live => {
            frame.painter.circle_filled(center, size * 0.38, tone);
        }
        Health::Starting | Health::Finished => {
            let stroke = Stroke::new(frame.theme.stroke, tone);
            frame.painter.circle_stroke(center, size * 0.34, stroke);
        }
        Health::Silent => frame.alarm(center, size, tone),
        Health::Stopped => {
            frame.painter.rect_filled(
                Rect::from_center_size(center, Vec2::splat(size * 0.72)),
                0.0,
                tone,
            );
        }
    }
}
