//! What calls the people in the room: open alerts first, each with its evidence and who looks after it.

use egui::{Rect, Stroke, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Alert, AlertKind, Need, OptionError, QueryName};

use crate::{
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::{Word, Words},
};

entry!("incidents", "Alerts with their evidence", IncidentsWidget, IncidentsOptions);

/// The height of an alert in heights of type: what it is, and why.
const ROW: f32 = 2.9;

/// The options of a list of alerts.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IncidentsOptions {
    /// Of which queries; of all where none is named.
    #[serde(default)]
    queries: Vec<String>,
    /// What stands above them.
    #[serde(default)]
    title: Option<String>,
    /// Whether alerts that are over are shown too.
    #[serde(default = "yes")]
    past: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug)]
pub(crate) struct IncidentsWidget {
    queries: Vec<QueryName>,
    title: Option<String>,
    past: bool,
}

impl IncidentsWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's form")]
    fn new(options: IncidentsOptions) -> Result<Self, OptionError> {
        let IncidentsOptions { queries, title, past } = options;
        Ok(Self { queries: queries.into_iter().map(QueryName::new).collect(), title, past })
    }

    /// The alerts to show: open ones, then those that someone looks after, then those that are over.
    fn shown<'a>(&self, moment: &Moment<'a>) -> Vec<&'a Alert> {
        let meant = |alert: &&Alert| {
            let here = self.queries.is_empty()
                || alert.query.as_ref().is_none_or(|query| self.queries.contains(query));
            here && (self.past || alert.active)
        };
        let mut shown: Vec<&Alert> = moment.snapshot.alerts.iter().filter(meant).collect();
        shown.sort_by_key(|alert| (!alert.is_open(), !alert.active, std::cmp::Reverse(alert.at)));
        shown
    }
}

impl Widget for IncidentsWidget {
    fn needs(&self) -> Vec<Need> {
        vec![]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().with(moment.snapshot.alerts.version()).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let moment = frame.moment;
        let title = self.title.as_deref().unwrap_or(moment.words.say(Word::Incidents));
        let alerts = self.shown(&moment);
        let n_open = alerts.iter().filter(|alert| alert.is_open()).count();
        let note = if n_open > 0 { moment.words.count(n_open as u64) } else { String::new() };
        let area = frame.cell(ui, title, &note);
        if alerts.is_empty() {
            calm_ui(ui, frame, area);
            return Repaint::OnStamp;
        }
        let theme = frame.theme;
        let two_lines = area.height() >= theme.body * ROW;
        let height = theme.body * if two_lines { ROW } else { 1.5 };
        let n_rows = ((area.height() / height).floor().max(1.0) as usize).min(alerts.len());
        let step = (area.height() / n_rows as f32).min(height * 1.3);
        for (idx, alert) in alerts.iter().take(n_rows).enumerate() {
            let top = area.min.y + step * idx as f32;
            let row = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), step));
            alert_ui(ui, frame, row, (alert, two_lines));
        }
        Repaint::OnStamp
    }
}

/// Nothing calls: a tick and its word.
fn calm_ui(ui: &Ui, frame: &mut Frame<'_>, area: Rect) {
    let theme = frame.theme;
    let text = frame.moment.words.say(Word::NoIncidents);
    let style = Style::line(theme.title, color::TEXT).bold();
    let mark = theme.title;
    let room = (area.width() - mark * 1.6).max(1.0);
    let block = frame.text.fit(text, &style, room, theme.least);
    let width = block.size.x + mark * 1.6;
    let left = area.center().x - width / 2.0;
    let center = pos2(left + mark * 0.5, area.center().y);
    let at = |x: f32, y: f32| center + vec2(x, y) * mark;
    let stroke = Stroke::new(theme.stroke * 1.6, color::GOOD);
    frame.painter.line(vec![at(-0.42, 0.02), at(-0.12, 0.32), at(0.44, -0.34)], stroke);
    let corner = pos2(left + mark * 1.6, area.center().y - block.middle);
    frame.text.paint(&frame.painter, corner, &block);
    frame.announce(ui, area, text);
}

fn alert_ui(ui: &Ui, frame: &mut Frame<'_>, row: Rect, (alert, two_lines): (&Alert, bool)) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let is_open = alert.is_open();
    let tone = if is_open { color::WARN } else { color::QUIET };
    let body = Rect::from_min_max(row.min, pos2(row.max.x, row.max.y - theme.gap * 0.5));
    if is_open {
        frame.painter.rect_filled(body, theme.radius, color::WARN_GROUND);
        let edge = Rect::from_min_size(
            body.min + vec2(0.0, theme.radius),
            vec2(theme.stroke * 1.6, body.height() - theme.radius * 2.0),
        );
        frame.painter.rect_filled(edge, 0.0, color::WARN);
    }
    let height = theme.body * if two_lines { 2.6 } else { 1.25 };
    let top = body.center().y - height / 2.0;
    let mark = theme.body * 1.05;
    let left = body.min.x + theme.gap + mark * 1.35;
    let center = pos2(body.min.x + theme.gap + mark * 0.5, top + theme.body * 0.72);
    if alert.active {
        frame.alarm(center, mark, tone);
    } else {
        let ring = Stroke::new(theme.stroke, tone);
        frame.painter.circle_stroke(center, mark * 0.38, ring);
    }
    let right = body.max.x - theme.gap * 0.6;
    let times = format!("×\u{202f}{}", ratio(alert.ratio, words));
    let style = Style::line(theme.title, if is_open { color::WARN } else { color::TEXT }).bold();
    let figure = frame.text.layout(&times, &style, f32::INFINITY);
    let what = what(alert, words);
    let style = Style::line(theme.title, color::TEXT).bold();
    let short = what_short(alert, words);
    // A name in small type says more than half a name beside a figure.
    let beside = (right - left) - figure.size.x - theme.gap;
    let named = frame.text.width(&short, &Style { size: theme.body, ..style }) <= beside;
    let with_figure = !alert.kind.is_trouble() && named;
    let mut end = right;
    if with_figure {
        frame.text.paint(&frame.painter, pos2(right - figure.size.x, top), &figure);
        end -= figure.size.x + theme.gap;
    }
    let room = (end - left).max(1.0);
    let said = if frame.text.width(&what, &style) <= room { &what } else { &short };
    let smallest = Style { size: theme.least, ..style };
    if two_lines && frame.text.width(said, &smallest) > room {
        // The name is what people must read: it takes the line of its reasons.
        let style = Style { size: theme.body, max_lines: 2, ..style };
        let block = frame.text.layout(said, &style, room);
        let corner = pos2(left, body.center().y - block.size.y / 2.0);
        frame.text.paint(&frame.painter, corner, &block);
        frame.announce(ui, row, &what);
        return;
    }
    let block = frame.text.fit(said, &style, room, theme.least);
    let down = (figure.baseline - block.baseline).max(0.0);
    frame.text.paint(&frame.painter, pos2(left, top + down), &block);
    let whys = whys(alert, words);
    if two_lines {
        let style = Style::line(theme.body, tone);
        let block = frame.text.fitting(&whys, &style, (right - left).max(1.0));
        frame.text.paint(&frame.painter, pos2(left, top + theme.title * 1.22), &block);
    }
    let why = whys.first().map(String::as_str).unwrap_or_default();
    frame.announce(ui, row, &format!("{what} {times}, {why}"));
}

fn ratio(ratio: f64, words: &Words) -> String {
    let ratio = if ratio.is_finite() { ratio.clamp(0.0, 99.0) } else { 99.0 };
    words.decimal(ratio, usize::from(ratio < 9.95))
}

/// What an alert is about, in a few words.
#[must_use]
pub fn what(alert: &Alert, words: &Words) -> String {
    let term = alert.term.as_deref().unwrap_or_default();
    let word = match alert.kind {
        AlertKind::Term => return term.to_owned(),
        AlertKind::Volume => Word::AlertVolume,
        AlertKind::Mood => Word::AlertMood,
        AlertKind::Source => Word::AlertSource,
        AlertKind::Screen => Word::AlertScreen,
        AlertKind::Store => Word::AlertStore,
    };
    if term.is_empty() { words.say(word).to_owned() } else { format!("{} {term}", words.say(word)) }
}

/// The same in one word, where there is no room.
fn what_short(alert: &Alert, words: &Words) -> String {
    match alert.kind {
        AlertKind::Volume => words.say(Word::AlertVolumeShort).to_owned(),
        AlertKind::Mood => words.say(Word::AlertMoodShort).to_owned(),
        AlertKind::Term | AlertKind::Source | AlertKind::Screen | AlertKind::Store => {
            what(alert, words)
        }
    }
}

/// Who looks after it, since when, by how many people; shorter and shorter.
fn whys(alert: &Alert, words: &Words) -> Vec<String> {
    let (at, last) = (words.time(alert.at), words.time(alert.last));
    let since = match (&alert.acknowledged, alert.active) {
        (Some(seen), true) => format!("{} {}", words.say(Word::SeenBy), seen.by),
        (_, true) => format!("{}\u{a0}{at}", words.say(Word::Since)),
        (_, false) if at == last => format!("{at} {}", words.say(Word::Ended)),
        (_, false) => format!("{at}–{last} {}", words.say(Word::Ended)),
    };
    let basis = basis(alert, words);
    let joined = format!("+{} {}", words.count(alert.n_joined), words.say(Word::Joined));
    let mut whys = vec![format!("{since} · {basis}"), since.clone()];
    if !alert.active {
        whys.push(if at == last { at } else { format!("{at}–{last}") });
    }
    if alert.kind.is_trouble() {
        return vec![since];
    }
    if alert.n_joined > 0 {
        whys.insert(0, format!("{since} · {basis} · {joined}"));
    }
    if alert.suspicion >= 0.5 {
        whys.insert(0, format!("{} · {since} · {basis}", words.say(Word::Bots)));
    }
    whys
}

/// What an alert rests on: people, posts, or a share.
fn basis(alert: &Alert, words: &Words) -> String {
    match alert.kind {
        AlertKind::Volume => words.count_of(alert.value.max(0.0) as u64, Word::Post, Word::Posts),
        AlertKind::Mood => {
            format!("{} {}", words.percent(alert.value), words.say(Word::Negative))
        }
        AlertKind::Term | AlertKind::Source | AlertKind::Screen | AlertKind::Store => {
            words.count_of(alert.n_authors, Word::Author, Word::Authors)
        }
    }
}
