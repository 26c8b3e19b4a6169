//! Figures: value, comparison with the period before, goal, age.

use std::collections::BTreeMap;

use egui::{Align2, Color32, Rect, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Kpi, KpiValue, Need, NeedKind, OptionError, QueryName};

use crate::{
    draw::Slope,
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::{Word, Words},
};

entry!("kpi", "Figures with their goals", KpiWidget, KpiOptions);

/// More figures in one cell are too small to be read.
const MAX_MEASURES: usize = 12;

/// Changes smaller than this part of the figure before count as none.
const STEADY: f64 = 0.005;

/// The options of a cell of figures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KpiOptions {
    /// Whose figures: the name of a query.
    query: String,
    /// Which figures: the names of measures, 1 to 12.
    #[serde(default = "posts")]
    measures: Vec<String>,
    /// What stands above them.
    #[serde(default)]
    title: Option<String>,
    /// Goals by measure: a number of things, a share such as `0.8`, or minutes.
    #[serde(default)]
    goals: BTreeMap<String, f64>,
}

fn posts() -> Vec<String> {
    vec!["posts".to_owned()]
}

/// Whether more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    More,
    Less,
    Neither,
}

#[derive(Debug)]
pub(crate) struct KpiWidget {
    query: QueryName,
    measures: Vec<String>,
    title: Option<String>,
    goals: BTreeMap<String, f64>,
}

impl KpiWidget {
    fn new(options: KpiOptions) -> Result<Self, OptionError> {
        let n_measures = options.measures.len();
        if n_measures == 0 || n_measures > MAX_MEASURES {
            return Err(OptionError::new("measures", "a cell shows 1 to 12 measures"));
        }
        for (idx, measure) in options.measures.iter().enumerate() {
            if matches!(measure.as_str(), "followers" | "fans" | "subscribers" | "abonnés") {
                return Err(OptionError::new(
                    format!("measures[{idx}]"),
                    "a count of followers says nothing of a conversation: use `reply rate` or `people answered`",
                ));
            }
        }
        for (measure, goal) in &options.goals {
            if !options.measures.contains(measure) {
                let message =
                    format!("a goal for `{measure}`, which is not one of the measures here");
                return Err(OptionError::new(format!("goals.{measure}"), message));
            }
            if !goal.is_finite() || *goal <= 0.0 {
                return Err(OptionError::new(format!("goals.{measure}"), "a goal is above zero"));
            }
        }
        let KpiOptions { query, measures, title, goals } = options;
        Ok(Self { query: QueryName::new(query), measures, title, goals })
    }
}

impl Widget for KpiWidget {
    fn needs(&self) -> Vec<Need> {
        let need = |measure: &String| Need {
            query: self.query.clone(),
            kind: NeedKind::Kpi { measure: measure.into() },
        };
        self.measures.iter().map(need).collect()
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().needs(moment.snapshot, &self.needs()).with(self.age(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let words = frame.moment.words;
        let title = match (&self.title, self.measures.as_slice()) {
            (Some(title), _) => title.as_str(),
            (None, [only]) => label(only, words),
            (None, _) => words.say(Word::Figures),
        };
        let age = self.age(&frame.moment).unwrap_or_default();
        let area = frame.cell(ui, title, &age);
        let named = self.measures.len() > 1 || self.title.is_some();
        for (measure, tile) in self.measures.iter().zip(tiles(area, self.measures.len(), frame)) {
            let kpi = frame.moment.snapshot.kpi(&self.query, measure).map(|part| part.shared());
            let figure = Figure {
                name: named.then(|| label(measure, words)),
                kpi: kpi.map(|kpi| &**kpi),
                goal: self.goals.get(measure).copied(),
                better: better(measure),
            };
            figure.ui(ui, frame, tile);
        }
        Repaint::OnStamp
    }
}

impl KpiWidget {
    /// How long ago something counted last.
    fn age(&self, moment: &Moment<'_>) -> Option<String> {
        let kpis = self.measures.iter().filter_map(|name| moment.snapshot.kpi(&self.query, name));
        let last = kpis.filter_map(|kpi| kpi.as_of).max()?;
        Some(moment.words.age(moment.now.since(last)))
    }
}

/// Divides `area` into as many tiles, so that they come nearest to a figure's own shape.
fn tiles(area: Rect, n_tiles: usize, frame: &Frame<'_>) -> Vec<Rect> {
    let between = frame.theme.gap;
    let shape = |n_columns: usize| {
        let n_rows = n_tiles.div_ceil(n_columns);
        let size = vec2(
            (area.width() - between * (n_columns - 1) as f32) / n_columns as f32,
            (area.height() - between * (n_rows - 1) as f32) / n_rows as f32,
        );
        (n_columns, size)
    };
    // A tile is best where figures can be largest: twice as wide as high.
    let fit = |size: egui::Vec2| (size.x / 2.2).min(size.y);
    let best =
        (1..=n_tiles).map(shape).max_by(|(_, one), (_, other)| fit(*one).total_cmp(&fit(*other)));
    let (n_columns, size) = best.unwrap_or((1, area.size()));
    (0..n_tiles)
        .map(|idx| {
            let (column, row) = (idx % n_columns, idx / n_columns);
            let offset = vec2(column as f32 * (size.x + between), row as f32 * (size.y + between));
            Rect::from_min_size(area.min + offset, size)
        })
        .collect()
}

struct Figure<'a> {
    name: Option<&'a str>,
    kpi: Option<&'a Kpi>,
    goal: Option<f64>,
    better: Better,
}

impl Figure<'_> {
    fn ui(&self, ui: &Ui, frame: &mut Frame<'_>, tile: Rect) {
        let theme = frame.theme;
        let words = frame.moment.words;
        let mut area = tile;
        if self.name.is_some() {
            frame.painter.rect_filled(tile, theme.radius, color::CARD);
            area = tile.shrink2(vec2(theme.gap * 0.9, theme.gap * 0.6));
        }
        let mut said = self.name.unwrap_or_default().to_owned();
        if area.height() < theme.body * 2.4 {
            let text =
                self.kpi.and_then(|kpi| words.figure(kpi.value)).unwrap_or_else(|| "–".to_owned());
            self.row_ui(frame, tile, &text);
            frame.announce(ui, tile, &format!("{said} {text}"));
            return;
        }
        if let Some(name) = self.name {
            let style = Style::line(theme.body, color::QUIET);
            area.min.y = frame
                .text
                .line(&frame.painter.clone(), area.min, (name, &style), area.width())
                .max
                .y;
        }
        let value = self.kpi.map_or(KpiValue::Nothing, |kpi| kpi.value);
        let figure = words.figure(value);
        let feet = self.feet(words);
        let line = theme.body * 1.3;
        // The figure comes first; what explains it is left out from the end where there is no room.
        let free = (area.height() - theme.body * 1.7).max(0.0);
        let reach = self.reach().filter(|_| free >= theme.body * 0.7);
        let meter = if reach.is_some() { theme.body * 0.7 } else { 0.0 };
        let n_feet = feet.len().min(((free - meter) / line).max(0.0) as usize);
        let foot_height = n_feet as f32 * line + meter;
        let tone = if figure.is_some() { color::TEXT } else { color::QUIET };
        let text = figure.as_deref().unwrap_or("–");
        said = format!("{said} {text}");
        let most = (area.height() - foot_height) * 0.95;
        let size = most.clamp(theme.body, (theme.body * 5.0).max(area.height() * 0.55));
        let style = Style::line(size, tone).figure();
        let block = frame.text.fit(text, &style, area.width(), theme.body);
        let spare = (area.height() - block.size.y - foot_height).max(0.0);
        let mut y = area.min.y + spare * 0.5;
        y = frame.text.paint(&frame.painter, pos2(area.min.x, y), &block).max.y;
        if let Some(reach) = reach {
            let tone = if self.reached() { color::GOOD } else { color::ACCENT };
            let size = vec2(area.width(), meter * 0.35);
            let track = Rect::from_min_size(pos2(area.min.x, y + meter * 0.25), size);
            frame.meter(track, reach as f32, None, tone);
        }
        y += meter;
        for foot in feet.iter().take(n_feet) {
            foot.ui(frame, Rect::from_min_size(pos2(area.min.x, y), vec2(area.width(), line)));
            said = format!("{said}, {}", foot.text);
            y += line;
        }
        frame.announce(ui, tile, &said);
    }

    /// Name and figure on one line, where there is no room for more.
    fn row_ui(&self, frame: &mut Frame<'_>, tile: Rect, text: &str) {
        let size = frame.theme.body.min(tile.height() / 1.3).max(1.0);
        let area = tile.shrink2(vec2(frame.theme.gap * 0.6, 0.0));
        let figure = Style::line(size, color::TEXT).bold();
        let right = frame.placed(area, Align2::RIGHT_CENTER, (text, &figure));
        let mut left = area;
        left.max.x = (right.min.x - frame.theme.gap).max(left.min.x + 1.0);
        let name = Style::line(size, color::QUIET);
        frame.placed(left, Align2::LEFT_CENTER, (self.name.unwrap_or_default(), &name));
    }

    /// The lines below the figure, the most important first.
    fn feet(&self, words: &Words) -> Vec<Foot> {
        let value = self.kpi.map_or(KpiValue::Nothing, |kpi| kpi.value);
        if words.figure(value).is_none() {
            return vec![Foot {
                mark: None,
                tone: color::QUIET,
                text: words.say(Word::NoFigure).to_owned(),
            }];
        }
        self.goal_foot(words).into_iter().chain(self.change_foot(words)).collect()
    }

    fn goal_foot(&self, words: &Words) -> Option<Foot> {
        let goal = self.goal?;
        let value = self.kpi?.value;
        let goal = match value {
            KpiValue::Nothing => return None,
            KpiValue::Count(_) => words.count(goal.round() as u64),
            KpiValue::Share(..) => words.percent(goal),
            KpiValue::Duration(_) => words.duration((goal * 60e6) as i64),
        };
        let sign = if self.better == Better::Less { "≤ " } else { "" };
        let (word, tone) = match (self.reached(), self.better) {
            (true, _) => (words.say(Word::Reached).to_owned(), color::GOOD),
            (false, Better::Less) => (words.say(Word::Missed).to_owned(), color::BAD),
            (false, _) => (words.percent(self.reach().unwrap_or_default()), color::TEXT),
        };
        let text = format!("{} {sign}{goal} · {word}", words.say(Word::Goal));
        Some(Foot { mark: None, tone, text })
    }

    fn change_foot(&self, words: &Words) -> Option<Foot> {
        let kpi = self.kpi?;
        let previous = kpi.previous?;
        let (before, now) = (number(previous)?, number(kpi.value)?);
        let slope = Slope::between(before, now, STEADY);
        let tone = match (slope, self.better) {
            (Slope::Flat, _) | (_, Better::Neither) => color::QUIET,
            (Slope::Up, Better::More) | (Slope::Down, Better::Less) => color::GOOD,
            _ => color::BAD,
        };
        let before_text = words.figure(previous)?;
        let text = match slope {
            Slope::Flat => words.say(Word::Unchanged).to_owned(),
            // There is no telling how much more something is than nothing.
            _ if before == 0.0 => format!("{} {before_text}", words.say(Word::Before)),
            _ => format!(
                "{} · {} {before_text}",
                change(words, kpi.value, before, now),
                words.say(Word::Before)
            ),
        };
        Some(Foot { mark: Some(slope), tone, text })
    }

    /// How much of the goal is reached, from 0 on.
    fn reach(&self) -> Option<f64> {
        let goal = self.goal?;
        let value = match self.kpi?.value {
            KpiValue::Duration(span) => span as f64 / 60e6,
            value => number(value)?,
        };
        Some(value / goal)
    }

    fn reached(&self) -> bool {
        self.reach().is_some_and(|reach| match self.better {
            Better::Less => reach <= 1.0,
            _ => reach >= 1.0,
        })
    }
}

/// How far a figure has moved: in points for shares, else as a share of what it was.
fn change(words: &Words, value: KpiValue, before: f64, now: f64) -> String {
    let sign = if now < before { "−" } else { "+" };
    if matches!(value, KpiValue::Share(..)) {
        return format!("{sign}{} pt", words.decimal(((now - before) * 100.0).abs(), 1));
    }
    let share = ((now - before) / before).abs();
    if share >= 10.0 {
        return format!("×\u{a0}{}", words.decimal(now / before, 0));
    }
    format!("{sign}{}", words.percent(share))
}

fn number(value: KpiValue) -> Option<f64> {
    match value {
        KpiValue::Nothing | KpiValue::Share(_, 0) => None,
        KpiValue::Count(count) => Some(count as f64),
        KpiValue::Share(part, whole) => Some(part as f64 / whole as f64),
        KpiValue::Duration(span) => Some(span as f64),
    }
}

/// One line below a figure.
struct Foot {
    mark: Option<Slope>,
    tone: Color32,
    text: String,
}

impl Foot {
    fn ui(&self, frame: &mut Frame<'_>, row: Rect) {
        let body = frame.theme.body;
        let style = Style::line(body, self.tone);
        let mut left = row.min.x;
        if let Some(slope) = self.mark {
            frame.slope(
                pos2(left + body * 0.35, row.min.y + body * 0.62),
                body * 0.62,
                slope,
                self.tone,
            );
            left += body * 0.95;
        }
        let painter = frame.painter.clone();
        frame.text.line(
            &painter,
            pos2(left, row.min.y),
            (&self.text, &style),
            (row.max.x - left).max(1.0),
        );
    }
}

/// What a tile calls a measure: our own words where we know it, else its name.
fn label<'a>(measure: &'a str, words: &Words) -> &'a str {
    words.say(match measure {
        "posts" => Word::MeasurePosts,
        "authors" => Word::MeasureAuthors,
        "questions" => Word::MeasureQuestions,
        "answered" => Word::MeasureAnswered,
        "people answered" => Word::MeasurePeopleAnswered,
        "reply rate" => Word::MeasureReplyRate,
        "question reply rate" => Word::MeasureQuestionReplyRate,
        "reply time p50" => Word::MeasureReplyTime,
        "reply time p90" => Word::MeasureSlowReplyTime,
        "negative share" => Word::MeasureNegativeShare,
        "positive share" => Word::MeasurePositiveShare,
        "unsure share" => Word::MeasureUnsureShare,
        "own posts" => Word::MeasureOwnPosts,
        other => return other,
    })
}

fn better(measure: &str) -> Better {
    match measure {
        "answered"
        | "people answered"
        | "reply rate"
        | "question reply rate"
        | "positive share" => Better::More,
        "reply time p50" | "reply time p90" | "negative share" | "unsure share" => Better::Less,
        _ => Better::Neither,
    }
}
