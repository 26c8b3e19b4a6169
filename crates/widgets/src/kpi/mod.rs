//! Figures: value, comparison with the period before, goal, age.

mod figure;
mod plan;

use std::collections::BTreeMap;

use egui::{Rect, Ui, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Kpi, Need, NeedKind, OptionError, QueryName, Snapshot};

use self::{figure::Figure, plan::Plan};
use crate::{
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::{Word, Words},
};

entry!("kpi", "Figures with their goals", KpiWidget, KpiOptions);

/// More figures in one cell are too small to be read.
const MAX_MEASURES: usize = 12;

/// Changes smaller than this part of the figure before count as none.
const STEADY: f64 = 0.005;

/// Why a count of fans is refused, and what to take instead.
pub(crate) const VANITY: &str = "a count of followers says nothing of a conversation, since most of them never see \
    a post: use `engaged per thousand`, `people answered` or `reply rate`";

/// Whether this is a count of fans under one of its names.
pub(crate) fn is_vain(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    ["follower", "fan", "subscriber", "abonné", "abonnés", "like", "j'aime", "mentions j'aime"]
        .iter()
        .any(|vain| name == *vain || name.strip_suffix('s') == Some(vain))
}

/// Over which time a figure is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Over {
    /// Today, against yesterday up to the same time of day.
    #[default]
    Day,
    /// The last sixty minutes, against the same ones of the day before.
    Hour,
}

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
    /// Over which time: `day` or `hour`.
    #[serde(default)]
    over: Over,
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
    over: Over,
    goals: BTreeMap<String, f64>,
}

impl KpiWidget {
    fn new(options: KpiOptions) -> Result<Self, OptionError> {
        let n_measures = options.measures.len();
        if n_measures == 0 || n_measures > MAX_MEASURES {
            return Err(OptionError::new("measures", "a cell shows 1 to 12 measures"));
        }
        for (idx, measure) in options.measures.iter().enumerate() {
            if is_vain(measure) {
                return Err(OptionError::new(format!("measures[{idx}]"), VANITY));
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
        let KpiOptions { query, measures, title, over, goals } = options;
        Ok(Self { query: QueryName::new(query), measures, title, over, goals })
    }
}

impl Widget for KpiWidget {
    fn needs(&self) -> Vec<Need> {
        let need = |measure: &String| Need {
            query: self.query.clone(),
            kind: match self.over {
                Over::Day => NeedKind::Kpi { measure: measure.into() },
                Over::Hour => NeedKind::KpiHour { measure: measure.into() },
            },
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
            (None, [only]) => names(only, words)[0],
            (None, _) if self.over == Over::Hour => words.say(Word::LastHour),
            (None, _) => words.say(Word::Figures),
        };
        let age = self.age(&frame.moment).unwrap_or_default();
        let area = frame.cell(ui, title, &age);
        let named = self.measures.len() > 1 || self.title.is_some();
        let Moment { snapshot, .. } = frame.moment;
        let figures = self.measures.iter().map(|measure| Figure {
            names: named.then(|| names(measure, words)),
            kpi: self.kpi(snapshot, measure),
            before: match self.over {
                Over::Day => Word::Before,
                Over::Hour => Word::SameHourBefore,
            },
            goal: self.goals.get(measure).copied(),
            better: better(measure),
        });
        let figures: Vec<_> = figures.collect();
        let tiles = tiles(area, figures.len(), frame.theme.gap);
        let size = tiles.first().map(Rect::size).unwrap_or_default();
        let plan = Plan::new(frame.text, (&frame.theme, words), size, &figures);
        plan.ui(ui, frame, &figures, &tiles);
        Repaint::OnStamp
    }
}

impl KpiWidget {
    fn kpi<'a>(&self, snapshot: &'a Snapshot, measure: &str) -> Option<&'a Kpi> {
        let part = match self.over {
            Over::Day => snapshot.kpi(&self.query, measure),
            Over::Hour => snapshot.kpi_hour(&self.query, measure),
        };
        part.map(|part| &**part)
    }

    /// How long ago something counted last.
    fn age(&self, moment: &Moment<'_>) -> Option<String> {
        let kpis = self.measures.iter().filter_map(|name| self.kpi(moment.snapshot, name));
        let last = kpis.filter_map(|kpi| kpi.as_of).max()?;
        Some(moment.words.age(moment.now.since(last)))
    }
}

/// Divides `area` into as many tiles, so that they come nearest to a figure's own shape.
fn tiles(area: Rect, n_tiles: usize, between: f32) -> Vec<Rect> {
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

/// What a tile calls a measure, in full and short: our own words where we know it, else its name.
fn names<'a>(measure: &'a str, words: &Words) -> [&'a str; 2] {
    let both = match measure {
        "posts" => [Word::MeasurePosts; 2],
        "authors" => [Word::MeasureAuthors; 2],
        "questions" => [Word::MeasureQuestions; 2],
        "answered" => [Word::MeasureAnswered; 2],
        "people answered" => [Word::MeasurePeopleAnswered, Word::MeasurePeopleAnsweredShort],
        "reply rate" => [Word::MeasureReplyRate, Word::MeasureReplyRateShort],
        "question reply rate" => {
            [Word::MeasureQuestionReplyRate, Word::MeasureQuestionReplyRateShort]
        }
        "reply time p50" => [Word::MeasureReplyTime, Word::MeasureReplyTimeShort],
        "reply time p90" => [Word::MeasureSlowReplyTime, Word::MeasureSlowReplyTimeShort],
        "reply wait p50" => [Word::MeasureReplyWait; 2],
        "reply wait p90" => [Word::MeasureSlowReplyWait, Word::MeasureSlowReplyWaitShort],
        "spark to live" => [Word::MeasureSparkToLive, Word::MeasureSparkToLiveShort],
        "engaged per thousand" => [Word::MeasureEngaged, Word::MeasureEngagedShort],
        "negative share" => [Word::MeasureNegativeShare, Word::MeasureNegativeShareShort],
        "positive share" => [Word::MeasurePositiveShare, Word::MeasurePositiveShareShort],
        "unsure share" => [Word::MeasureUnsureShare, Word::MeasureUnsureShareShort],
        "own posts" => [Word::MeasureOwnPosts, Word::MeasureOwnPostsShort],
        other => return [other; 2],
    };
    both.map(|word| words.say(word))
}

fn better(measure: &str) -> Better {
    match measure {
        "answered"
        | "people answered"
        | "reply rate"
        | "question reply rate"
        | "positive share"
        | "engaged per thousand" => Better::More,
        "reply time p50" | "reply time p90" | "reply wait p50" | "reply wait p90"
        | "spark to live" | "negative share" | "unsure share" => Better::Less,
        _ => Better::Neither,
    }
}
