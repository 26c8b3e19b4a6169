//! What is wanted of a mood, and whether it is on track: in words and with a tick or a cross.

use egui::{Color32, Pos2, Rect, Shape, Stroke, pos2, vec2};
use vigie_model::MoodPoint;

use crate::{
    text::Style,
    theme::color,
    widget::Frame,
    words::{Word, Words},
};

/// A share that is to stay below or above a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Goal {
    pub(super) class: Class,
    pub(super) below: bool,
    pub(super) limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Negative,
    Positive,
    Unsure,
}

impl Goal {
    /// Reads `negative < 20 %`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let at = text.find(['<', '>', '≤', '≥'])?;
        let (class, rest) = text.split_at_checked(at)?;
        let class = match class.trim() {
            "negative" => Class::Negative,
            "positive" => Class::Positive,
            "unsure" => Class::Unsure,
            _ => return None,
        };
        let below = rest.starts_with(['<', '≤']);
        let number = rest.trim_start_matches(['<', '>', '≤', '≥', '=']).trim().strip_suffix('%')?;
        let limit = number.trim().parse::<f64>().ok()? / 100.0;
        (0.0..=1.0).contains(&limit).then_some(Self { class, below, limit })
    }

    fn share(self, point: &MoodPoint) -> Option<f64> {
        match self.class {
            Class::Negative => point.negative_share(),
            Class::Positive => point.positive_share(),
            Class::Unsure => point.unsure_share(),
        }
    }

    pub(super) fn reached(self, point: &MoodPoint) -> Option<bool> {
        let share = self.share(point)?;
        Some(if self.below { share <= self.limit } else { share >= self.limit })
    }

    pub(super) fn says(self, words: &Words) -> String {
        let class = words.say(match self.class {
            Class::Negative => Word::Negative,
            Class::Positive => Word::Positive,
            Class::Unsure => Word::Unsure,
        });
        let sign = if self.below { "≤" } else { "≥" };
        format!("{class} {sign} {}", words.percent(self.limit))
    }
}

/// The goal in words, with a tick or a cross.
pub(super) fn goal_ui(frame: &mut Frame<'_>, row: Rect, goal: Goal, point: &MoodPoint) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let reached = goal.reached(point);
    let (word, tone) = match reached {
        Some(true) => (words.say(Word::OnTrack), color::GOOD),
        Some(false) => (words.say(Word::OffTrack), color::BAD),
        None => ("", color::QUIET),
    };
    let mark = theme.body * 0.8;
    let center = pos2(row.min.x + mark / 2.0, row.min.y + theme.body * 0.62);
    verdict(frame, center, mark, (reached, tone));
    let short = goal.says(words);
    let long = format!("{} {short}", words.say(Word::Goal));
    let texts = [format!("{long} · {word}"), format!("{short} · {word}"), short];
    let style = Style::line(theme.body, tone);
    let left = row.min.x + mark + theme.gap * 0.6;
    let block = frame.text.fitting(&texts, &style, (row.max.x - left).max(1.0));
    frame.text.paint(&frame.painter, pos2(left, row.min.y), &block);
}

/// A tick for yes, a cross for no, a ring for unknown.
fn verdict(frame: &Frame<'_>, center: Pos2, size: f32, (reached, tone): (Option<bool>, Color32)) {
    let stroke = Stroke::new(frame.theme.stroke * 1.5, tone);
    let at = |x: f32, y: f32| center + vec2(x, y) * size;
    match reached {
        Some(true) => {
            frame
                .painter
                .add(Shape::line(vec![at(-0.4, 0.0), at(-0.1, 0.32), at(0.42, -0.34)], stroke));
        }
        Some(false) => {
            frame.painter.line_segment([at(-0.33, -0.33), at(0.33, 0.33)], stroke);
            frame.painter.line_segment([at(-0.33, 0.33), at(0.33, -0.33)], stroke);
        }
        None => {
            frame.painter.circle_stroke(center, size * 0.36, stroke);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_read() {
        #[track_caller]
        fn check(text: &str, expected: Option<(Class, bool, f64)>) {
            let goal = Goal::parse(text).map(|goal| (goal.class, goal.below, goal.limit));
            assert_eq!(goal, expected, "{text}");
        }
        check("negative < 20 %", Some((Class::Negative, true, 0.2)));
        check("positive>=50%", Some((Class::Positive, false, 0.5)));
        check("unsure ≤ 12.5 %", Some((Class::Unsure, true, 0.125)));
        for bad in
            ["", "negative", "negative < 20", "joy > 5 %", "negative < 120 %", "negative < x %"]
        {
            check(bad, None);
        }
    }

    #[test]
    fn goals_are_judged() {
        let goal = Goal::parse("negative < 20 %").unwrap();
        let point =
            |n_negative, n_positive| MoodPoint { n_negative, n_positive, ..MoodPoint::default() };
        assert_eq!(goal.reached(&point(1, 9)), Some(true));
        assert_eq!(goal.reached(&point(3, 7)), Some(false));
        assert_eq!(goal.reached(&point(0, 0)), None);
    }
}
