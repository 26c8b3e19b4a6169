//! The sentiment gauge: balance, shares, number of posts, unsure share, trend line, goal.
//!
//! The three classes differ by place, sign and word, not by color alone.

use egui::{Color32, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_layout::units;
use vigie_model::{Mood, MoodPoint, Need, NeedKind, OptionError, QueryName};

use crate::{
    draw::Slope,
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    window,
    words::{Word, Words},
};

entry!("sentiment", "How people feel", SentimentWidget, SentimentOptions);

/// Balances that differ by less than this, of 2, count as equal.
const STEADY: f64 = 0.02;

/// The options of a gauge.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SentimentOptions {
    /// Whose posts: the name of a query.
    query: String,
    /// Over which time, such as `15 min`.
    #[serde(default = "usual_window", deserialize_with = "units::deserialize_minutes")]
    #[schemars(with = "String")]
    window: u32,
    /// What is wanted, such as `negative < 20 %` or `positive > 50 %`.
    #[serde(default)]
    goal: Option<String>,
    /// What stands above it.
    #[serde(default)]
    title: Option<String>,
}

fn usual_window() -> u32 {
    15
}

/// A share that is to stay below or above a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Goal {
    class: Class,
    below: bool,
    limit: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Negative,
    Positive,
    Unsure,
}

impl Goal {
    /// Reads `negative < 20 %`.
    fn parse(text: &str) -> Option<Self> {
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

    fn reached(self, point: &MoodPoint) -> Option<bool> {
        let share = self.share(point)?;
        Some(if self.below { share <= self.limit } else { share >= self.limit })
    }

    fn says(self, words: &Words) -> String {
        let class = words.say(match self.class {
            Class::Negative => Word::Negative,
            Class::Positive => Word::Positive,
            Class::Unsure => Word::Unsure,
        });
        let sign = if self.below { "≤" } else { "≥" };
        format!("{class} {sign} {}", words.percent(self.limit))
    }
}

#[derive(Debug)]
pub(crate) struct SentimentWidget {
    query: QueryName,
    window_mins: u32,
    goal: Option<Goal>,
    title: Option<String>,
}

impl SentimentWidget {
    fn new(options: SentimentOptions) -> Result<Self, OptionError> {
        let SentimentOptions { query, window, goal, title } = options;
        let message = "a goal is `negative`, `positive` or `unsure`, then `<` or `>`, then a share such as `20 %`";
        let read =
            |text: String| Goal::parse(&text).ok_or_else(|| OptionError::new("goal", message));
        let goal = goal.map(read).transpose()?;
        Ok(Self { query: QueryName::new(query), window_mins: window, goal, title })
    }
}

impl Widget for SentimentWidget {
    fn needs(&self) -> Vec<Need> {
        let kind = NeedKind::Mood { window_mins: self.window_mins };
        vec![Need { query: self.query.clone(), kind }]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().needs(moment.snapshot, &self.needs()).with(self.notes(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let title = self.title.as_deref().unwrap_or(words.say(Word::Sentiment));
        let notes = self.notes(&frame.moment);
        let area = frame.noted_cell(ui, title, &notes);
        match snapshot.mood(&self.query, self.window_mins).map(|part| part.shared()) {
            Some(mood) if mood.now.n_posts() > 0 => self.mood_ui(ui, frame, area, mood),
            _ => frame.empty(ui, area, (Word::NoPosts, None)),
        }
        Repaint::OnStamp
    }
}

impl SentimentWidget {
    /// The window, and the age of its data.
    fn notes(&self, moment: &Moment<'_>) -> Vec<String> {
        let mood = moment.snapshot.mood(&self.query, self.window_mins);
        let line = mood.map(|mood| mood.line.as_slice()).unwrap_or_default();
        window::notes(moment, self.window_mins, line.iter().rev().map(|point| point.n_posts() > 0))
    }

    fn mood_ui(&self, ui: &Ui, frame: &mut Frame<'_>, area: Rect, mood: &Mood) {
        let theme = frame.theme;
        let words = frame.moment.words;
        let line = theme.body * 1.32;
        let bar_height = theme.body * 1.45;
        let sure = frame.moment.words.count_of(mood.now.n_posts(), Word::Post, Word::Posts);
        let unsure = words.percent(mood.now.unsure_share().unwrap_or_default());
        let basis = format!("{sure} · {unsure} {}", words.say(Word::Unsure));
        let bases = [
            basis.clone(),
            format!("n {} · {unsure} {}", words.count(mood.now.n_posts()), words.say(Word::Unsure)),
            format!("n {} · ? {unsure}", words.count(mood.now.n_posts())),
        ];
        // From the foot up: the number of posts, the goal, the shares; the rest is for the figure.
        let mut foot = area.max.y;
        let room = |foot: f32| foot - area.min.y;
        if room(foot) >= theme.body * 2.5 {
            foot -= line;
            let style = Style::line(theme.body, color::QUIET);
            let block = frame.text.fitting(&bases, &style, area.width());
            frame.text.paint(&frame.painter, pos2(area.min.x, foot), &block);
        }
        let goal = self.goal.filter(|_| room(foot) >= theme.body * 3.6);
        if goal.is_some() {
            foot -= line;
        }
        let goal_y = foot;
        let with_bar = room(foot) >= theme.body * 3.2;
        if with_bar {
            foot -= bar_height + theme.gap * 0.5;
            let bar = Rect::from_min_size(pos2(area.min.x, foot), vec2(area.width(), bar_height));
            bar_ui(frame, bar, &mood.now);
            foot -= theme.gap * 0.7;
        }
        let upper = Rect::from_min_max(area.min, pos2(area.max.x, foot));
        let said = balance_ui(frame, upper, mood);
        if let Some(goal) = goal {
            goal_ui(
                frame,
                Rect::from_min_size(pos2(area.min.x, goal_y), vec2(area.width(), line)),
                goal,
                &mood.now,
            );
        }
        frame.announce(ui, area, &format!("{said}, {basis}"));
    }
}

/// The balance as a large figure, how it moves, and its line.
fn balance_ui(frame: &mut Frame<'_>, area: Rect, mood: &Mood) -> String {
    let theme = frame.theme;
    let words = frame.moment.words;
    let balance = mood.now.balance();
    let text = balance.map_or_else(|| "–".to_owned(), |balance| signed(balance, words));
    let tone = match balance {
        Some(balance) if balance <= -0.1 => color::BAD,
        Some(balance) if balance >= 0.1 => color::GOOD,
        _ => color::TEXT,
    };
    let with_line = area.width() > theme.body * 10.0 && mood.line.len() > 1;
    let figure_width = if with_line { area.width() * 0.5 } else { area.width() };
    let size = (area.height() * 0.95).clamp(theme.body, theme.body * 4.5);
    let style = Style::line(size, tone).figure();
    let mark = (size * 0.34).min(theme.body * 1.1);
    let width = (figure_width - mark * 1.6).max(1.0);
    let block = frame.text.fit(&text, &style, width, theme.body);
    let corner = pos2(area.min.x, area.center().y - block.size.y / 2.0);
    let drawn = frame.text.paint(&frame.painter, corner, &block);
    let slope = match (mood.before.balance(), balance) {
        (Some(before), Some(now)) if (now - before).abs() > STEADY => {
            if now > before {
                Slope::Up
            } else {
                Slope::Down
            }
        }
        _ => Slope::Flat,
    };
    let slope_tone = match slope {
        Slope::Up => color::GOOD,
        Slope::Down => color::BAD,
        Slope::Flat => color::QUIET,
    };
    let center = pos2(drawn.max.x + mark * 0.9, area.center().y);
    frame.slope(center, mark, slope, slope_tone);
    if with_line {
        let left = (center.x + mark + theme.gap).max(area.min.x + figure_width);
        line_ui(frame, Rect::from_min_max(pos2(left, area.min.y), area.max), &mood.line);
    }
    text
}

/// The balance over the window, around a line for zero.
fn line_ui(frame: &Frame<'_>, area: Rect, line: &[MoodPoint]) {
    let area = area.shrink2(vec2(0.0, (area.height() * 0.12).min(frame.theme.gap)));
    let values: Vec<f64> = line.iter().filter_map(MoodPoint::balance).collect();
    let reach = values.iter().fold(0.25_f64, |reach, value| reach.max(value.abs()));
    let zero = Stroke::new((frame.theme.stroke * 0.6).max(1.0), color::LINE);
    frame.painter.line_segment([area.left_center(), area.right_center()], zero);
    frame.spark(area, &values, (-reach, reach), frame.theme.accent);
}

/// The three classes side by side with their shares, the negative one at the left.
fn bar_ui(frame: &mut Frame<'_>, bar: Rect, point: &MoodPoint) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let n_sure = point.n_sure() as f64;
    if n_sure <= 0.0 {
        frame.painter.rect_filled(bar, theme.radius, color::LINE);
        return;
    }
    let mut left = bar.min.x;
    let classes = [
        (point.n_negative, Word::Negative, "−", color::BAD),
        (point.n_neutral, Word::Neutral, "○", color::NEUTRAL),
        (point.n_positive, Word::Positive, "+", color::GOOD),
    ];
    for (n_posts, word, sign, tone) in classes {
        let share = n_posts as f64 / n_sure;
        let width = share as f32 * bar.width();
        let size = vec2((width - theme.stroke).max(0.0), bar.height());
        let part = Rect::from_min_size(pos2(left, bar.min.y), size);
        left += width;
        if part.width() < 1.0 {
            continue;
        }
        frame.painter.rect_filled(part, theme.radius.min(part.width() / 2.0), tone);
        let percent = words.percent(share);
        let texts = [
            format!("{percent} {}", words.say(word)),
            format!("{sign} {percent}"),
            percent,
            sign.to_owned(),
        ];
        let style = Style::line(theme.body, color::GROUND).bold();
        let room = part.width() - theme.gap * 0.6;
        if frame.text.width(sign, &style) <= room {
            let block = frame.text.fitting(&texts, &style, room);
            frame.text.centered(&frame.painter, part.center(), &block);
        }
    }
}

/// The goal in words, with a tick or a cross.
fn goal_ui(frame: &mut Frame<'_>, row: Rect, goal: Goal, point: &MoodPoint) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let reached = goal.reached(point);
    let (word, tone) = match reached {
        Some(true) => (words.say(Word::Reached), color::GOOD),
        Some(false) => (words.say(Word::Missed), color::BAD),
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

/// A balance in points, with its sign: `+25`, `−8`, `0`.
fn signed(balance: f64, words: &Words) -> String {
    let points = (balance * 100.0).round() + 0.0;
    let sign = if points > 0.0 { "+" } else { "" };
    format!("{sign}{}", words.decimal(points, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, testing::words};

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

    #[test]
    fn balances_carry_their_sign() {
        for (balance, expected) in [(0.254, "+25"), (-0.08, "−8"), (-0.001, "0"), (1.0, "+100")] {
            assert_eq!(signed(balance, &words(Locale::En)), expected);
        }
    }
}
