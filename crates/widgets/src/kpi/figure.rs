//! One figure as words: its value, its goal, and how it compares with the period before.

use egui::Color32;
use vigie_model::{Kpi, KpiValue};

use super::{Better, STEADY};
use crate::{
    draw::Slope,
    theme::color,
    words::{Word, Words},
};

/// One line below a figure.
#[derive(Debug)]
pub(super) struct Foot {
    /// A triangle before it.
    pub(super) mark: Option<Slope>,
    /// Its color.
    pub(super) tone: Color32,
    /// What it says.
    pub(super) text: String,
}

/// A measure of the room, with what it is held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figure<'a> {
    /// What stands above it, in full and short; nothing where the heading says it.
    pub(super) names: Option<[&'a str; 2]>,
    /// The figure; nothing while the room does not know it.
    pub(super) kpi: Option<&'a Kpi>,
    /// What the figure of the period before is called.
    pub(super) before: Word,
    /// What is wanted.
    pub(super) goal: Option<f64>,
    /// Whether more of it is better.
    pub(super) better: Better,
}

impl Figure<'_> {
    /// The figure in its unit; a dash where there is nothing to measure.
    pub(super) fn text(&self, words: &Words) -> Option<String> {
        self.kpi.and_then(|kpi| words.figure(kpi.value))
    }

    /// The lines below the figure, the most important first.
    pub(super) fn feet(&self, words: &Words) -> Vec<Foot> {
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
            KpiValue::PerThousand(..) => words.decimal(goal, 0),
        };
        let sign = if self.better == Better::Less { "≤ " } else { "" };
        let (word, tone) = match (self.reached(), self.better) {
            (true, Better::Less) => (words.say(Word::OnTrack).to_owned(), color::GOOD),
            (true, _) => (words.say(Word::Reached).to_owned(), color::GOOD),
            (false, Better::Less) => (words.say(Word::OffTrack).to_owned(), color::BAD),
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
            _ if before == 0.0 => format!("{} {before_text}", words.say(self.before)),
            _ => format!(
                "{} · {} {before_text}",
                change(words, kpi.value, before, now),
                words.say(self.before)
            ),
        };
        Some(Foot { mark: Some(slope), tone, text })
    }

    /// How much of the goal is reached, from 0 on.
    pub(super) fn reach(&self) -> Option<f64> {
        let goal = self.goal?;
        let value = match self.kpi?.value {
            KpiValue::Duration(span) => span as f64 / 60e6,
            value => number(value)?,
        };
        Some(value / goal)
    }

    pub(super) fn reached(&self) -> bool {
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
        KpiValue::Nothing | KpiValue::Share(_, 0) | KpiValue::PerThousand(_, 0) => None,
        KpiValue::Count(count) => Some(count as f64),
        KpiValue::Share(part, whole) => Some(part as f64 / whole as f64),
        KpiValue::Duration(span) => Some(span as f64),
        KpiValue::PerThousand(part, whole) => Some(part as f64 / whole as f64 * 1_000.0),
    }
}
