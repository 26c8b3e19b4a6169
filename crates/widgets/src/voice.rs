//! Share of voice: how much of what is said of several names is said of each, the room's own name first.

use std::collections::BTreeMap;

use egui::{Rect, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{KpiValue, Micros, Need, NeedKind, OptionError, QueryName, Timestamp};

use crate::{
    draw::Slope,
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::Word,
};

entry!("voice", "Share of voice against others", VoiceWidget, VoiceOptions);

/// The measure whose counts are shared out: posts of the public today.
const MEASURE: &str = "posts";
/// More names than this cannot be told apart.
const MAX_NAMES: usize = 8;
/// Changes smaller than this, of 1, count as none.
const STEADY: f64 = 0.005;

/// The options of a share of voice.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VoiceOptions {
    /// The room's own query.
    query: String,
    /// The queries of the others.
    #[serde(default)]
    queries: Vec<String>,
    /// What a query is called on the wall, by query.
    #[serde(default)]
    names: BTreeMap<String, String>,
    /// What stands above it.
    #[serde(default)]
    title: Option<String>,
}

#[derive(Debug)]
pub(crate) struct VoiceWidget {
    /// Queries with their names, the room's own first.
    names: Vec<(QueryName, String)>,
    title: Option<String>,
}

/// One name's share.
struct Share<'a> {
    name: &'a str,
    is_own: bool,
    n_posts: u64,
    share: f64,
    before: Option<f64>,
}

impl VoiceWidget {
    fn new(options: VoiceOptions) -> Result<Self, OptionError> {
        let VoiceOptions { query, queries, names, title } = options;
        let all: Vec<String> = std::iter::once(query).chain(queries).collect();
        if all.len() > MAX_NAMES {
            return Err(OptionError::new("queries", "at most 8 names can be told apart"));
        }
        if let Some(stray) = names.keys().find(|name| !all.contains(name)) {
            let message = format!("a name for `{stray}`, which is not one of the queries here");
            return Err(OptionError::new(format!("names.{stray}"), message));
        }
        let named = |query: String| {
            let name = names.get(&query).cloned().unwrap_or_else(|| query.clone());
            (QueryName::new(query), name)
        };
        Ok(Self { names: all.into_iter().map(named).collect(), title })
    }

    fn shares(&self, moment: &Moment<'_>) -> Vec<Share<'_>> {
        let count = |value: KpiValue| match value {
            KpiValue::Count(n_posts) => n_posts,
            _ => 0,
        };
        let kpi = |query: &QueryName| moment.snapshot.kpi(query, MEASURE);
        let now: Vec<u64> = self
            .names
            .iter()
            .map(|(query, _)| kpi(query).map_or(0, |kpi| count(kpi.value)))
            .collect();
        let before: Option<Vec<u64>> =
            self.names.iter().map(|(query, _)| Some(count(kpi(query)?.previous?))).collect();
        let shares = shares(&now);
        let before = before.as_deref().and_then(shares_of);
        let mut all: Vec<Share<'_>> = self
            .names
            .iter()
            .zip(now)
            .zip(shares)
            .enumerate()
            .map(|(idx, (((_, name), n_posts), share))| Share {
                name,
                is_own: idx == 0,
                n_posts,
                share,
                before: before.as_ref().and_then(|before| before.get(idx)).copied(),
            })
            .collect();
        all.sort_by(|one, other| {
            other.is_own.cmp(&one.is_own).then_with(|| other.n_posts.cmp(&one.n_posts))
        });
        all
    }

    fn age(&self, moment: &Moment<'_>) -> Option<Micros> {
        let last: Option<Timestamp> = self
            .names
            .iter()
            .filter_map(|(query, _)| moment.snapshot.kpi(query, MEASURE)?.as_of)
            .max();
        Some(moment.now.since(last?))
    }

    fn note(&self, moment: &Moment<'_>) -> String {
        self.age(moment).map(|age| moment.words.age(age)).unwrap_or_default()
    }
}

/// The share of each in the sum; zeros where nobody spoke. It is the arithmetic of `vigie_analysis::share_of_voice`.
fn shares(n_posts: &[u64]) -> Vec<f64> {
    shares_of(n_posts).unwrap_or_else(|| vec![0.0; n_posts.len()])
}

fn shares_of(n_posts: &[u64]) -> Option<Vec<f64>> {
    let sum = n_posts.iter().map(|count| *count as f64).sum::<f64>();
    (sum > 0.0).then(|| n_posts.iter().map(|count| *count as f64 / sum).collect())
}

impl Widget for VoiceWidget {
    fn needs(&self) -> Vec<Need> {
        let need = |(query, _): &(QueryName, String)| Need {
            query: query.clone(),
            kind: NeedKind::Kpi { measure: MEASURE.into() },
        };
        self.names.iter().map(need).collect()
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().needs(moment.snapshot, &self.needs()).with(self.note(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let moment = frame.moment;
        let title = self.title.as_deref().unwrap_or(moment.words.say(Word::Voice));
        let area = frame.cell(ui, title, &self.note(&moment));
        let shares = self.shares(&moment);
        if shares.iter().all(|share| share.n_posts == 0) {
            frame.empty(ui, area, (Word::NoVoice, None));
            return Repaint::OnStamp;
        }
        let theme = frame.theme;
        let least = theme.body * 1.9;
        let n_rows = ((area.height() / least).floor().max(1.0) as usize).min(shares.len());
        let step = (area.height() / n_rows as f32).min(theme.body * 5.2);
        for (idx, share) in shares.iter().take(n_rows).enumerate() {
            let top = area.min.y + step * idx as f32;
            let row = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), step));
            share_ui(ui, frame, row, share);
        }
        Repaint::OnStamp
    }
}

/// A name, its share as a large figure, how it has moved, and a bar.
fn share_ui(ui: &Ui, frame: &mut Frame<'_>, row: Rect, share: &Share<'_>) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let tone = if share.is_own { theme.accent } else { color::NEUTRAL };
    let percent = words.percent(share.share);
    let has_bar = row.height() > theme.body * 2.6;
    let bar = if has_bar { theme.body * 0.75 } else { 0.0 };
    let words_height = row.height() - bar - theme.gap * 1.9;
    let size = (words_height * 0.8).clamp(theme.body, theme.body * 2.2);
    let style = Style::line(size, color::TEXT).figure();
    let figure = frame.text.layout(&percent, &style, row.width() * 0.4);
    let base = row.min.y + words_height - (figure.size.y - figure.baseline);
    let right = row.max.x - figure.size.x;
    frame.text.paint(&frame.painter, pos2(right, base - figure.baseline), &figure);
    let style = Style::line(theme.title, color::TEXT);
    let style = if share.is_own { style.bold() } else { style };
    let mut room = right - theme.gap - row.min.x;
    let moved =
        share.before.map(|before| share.share - before).filter(|moved| moved.abs() > STEADY);
    if let Some(moved) = moved {
        let text = words.decimal((moved * 100.0).abs(), 0);
        let quiet = Style::line(theme.body, color::QUIET);
        let block = frame.text.layout(&text, &quiet, f32::INFINITY);
        let mark = theme.body * 0.62;
        let width = block.size.x + mark * 1.5;
        if frame.text.width(share.name, &style) + width + theme.gap * 2.0 <= room {
            let left = right - theme.gap * 1.5 - block.size.x;
            let at = pos2(left, base - block.baseline);
            frame.text.paint(&frame.painter, at, &block);
            let slope = if moved > 0.0 { Slope::Up } else { Slope::Down };
            let center = pos2(left - mark * 0.8, base - theme.body * 0.36);
            frame.slope(center, mark, slope, color::QUIET);
            room = center.x - mark - row.min.x;
        }
    }
    let block = frame.text.fit(share.name, &style, room.max(1.0), theme.least);
    frame.text.paint(&frame.painter, pos2(row.min.x, base - block.baseline), &block);
    if has_bar {
        let track = Rect::from_min_size(
            pos2(row.min.x, row.min.y + words_height + theme.gap * 0.6),
            vec2(row.width(), bar),
        );
        frame.painter.rect_filled(track, theme.radius * 0.5, color::CARD);
        let filled = vec2(track.width() * share.share as f32, track.height());
        frame.painter.rect_filled(Rect::from_min_size(track.min, filled), theme.radius * 0.5, tone);
    }
    let posts = words.count_of(share.n_posts, Word::Post, Word::Posts);
    frame.announce(ui, row, &format!("{} {percent}, {posts}", share.name));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_all_mentions() {
        assert_eq!(shares(&[60, 30, 10]), [0.6, 0.3, 0.1]);
        assert_eq!(shares(&[0, 0]), [0.0, 0.0]);
    }

    #[test]
    fn names_must_be_of_queries() {
        let check = |text: &str| (ENTRY.check)(&text.parse().unwrap());
        assert!(check("query = 'a'\nqueries = ['b']\nnames = { a = 'Nous' }").is_ok());
        assert!(check("query = 'a'\nnames = { c = 'Nous' }").is_err());
    }
}
