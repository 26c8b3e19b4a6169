//! The gauge itself: a large balance, how it moves, what it is made of, and how sure it is.

use egui::{Rect, Stroke, Ui, pos2, vec2};
use vigie_model::{Mood, MoodPoint, SENTIMENT_FIGURES};

use super::goal::{Goal, goal_ui};
use crate::{
    draw::Slope,
    text::Style,
    theme::color,
    widget::Frame,
    words::{Word, Words},
};

/// Balances that differ by less than this, of 2, count as equal.
const STEADY: f64 = 0.02;

/// From this height in heights of type on, a line tells how well the analysis reads sentiment.
const WITH_MEASURED: f32 = 9.0;

/// The gauge within its cell, with what is wanted of it.
pub(super) fn gauge_ui(
    ui: &Ui,
    frame: &mut Frame<'_>,
    (area, goal): (Rect, Option<Goal>),
    mood: &Mood,
) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let line = theme.body * 1.32;
    let bar_height = theme.body * 1.45;
    let sure = frame.moment.words.count_of(mood.now.n_posts(), Word::Post, Word::Posts);
    let unsure = words.percent(mood.now.unsure_share().unwrap_or_default());
    let reach = reach(&mood.now, words);
    let basis = format!("{sure} · {reach}{unsure} {}", words.say(Word::Unsure));
    let measured = measured(words);
    let bases = [
        format!("{basis} · {measured}"),
        basis.clone(),
        format!(
            "n {} · {reach}{unsure} {}",
            words.count(mood.now.n_posts()),
            words.say(Word::Unsure)
        ),
        format!("n {} · {reach}? {unsure}", words.count(mood.now.n_posts())),
        format!("{sure} · {unsure} {}", words.say(Word::Unsure)),
        format!("n {} · {unsure} {}", words.count(mood.now.n_posts()), words.say(Word::Unsure)),
        format!("n {} · ? {unsure}", words.count(mood.now.n_posts())),
    ];
    // From the foot up: the number of posts, the goal, the shares; the rest is for the figure.
    let mut foot = area.max.y;
    let room = |foot: f32| foot - area.min.y;
    let style = Style::line(theme.body, color::QUIET);
    let is_beside = bases.first().is_some_and(|all| frame.text.width(all, &style) <= area.width());
    if !is_beside && room(foot) >= theme.body * WITH_MEASURED {
        let block = frame.text.layout(&measured, &style, f32::INFINITY);
        if block.size.x <= area.width() {
            foot -= line;
            frame.text.paint(&frame.painter, pos2(area.min.x, foot), &block);
        }
    }
    if room(foot) >= theme.body * 2.5 {
        foot -= line;
        let block = frame.text.fitting(&bases, &style, area.width());
        frame.text.paint(&frame.painter, pos2(area.min.x, foot), &block);
    }
    let goal = goal.filter(|_| room(foot) >= theme.body * 3.6);
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
pub(crate) fn bar_ui(frame: &mut Frame<'_>, bar: Rect, point: &MoodPoint) {
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

/// How well the analysis reads sentiment: `F1 mesuré : FR 62 · EN 65`.
fn measured(words: &Words) -> String {
    let figures = SENTIMENT_FIGURES;
    let percent = |value: f32| words.decimal(f64::from(value).round(), 0);
    let (french, english) = (percent(figures.french), percent(figures.english));
    format!("{} FR\u{a0}{french} · EN\u{a0}{english}", words.say(Word::Measured))
}

/// How far the balance may lie from what is shown, in points, with a dot behind it: `± 6 · `.
fn reach(point: &MoodPoint, words: &Words) -> String {
    let Some((low, high)) = point.balance_interval() else { return String::new() };
    let points = ((high - low) * 50.0).round();
    format!("{}\u{202f}{} · ", words.say(Word::PlusMinus), words.decimal(points, 0))
}

/// A balance in points, with its sign: `+25`, `−8`, `0`.
pub(crate) fn signed(balance: f64, words: &Words) -> String {
    let points = (balance * 100.0).round() + 0.0;
    let sign = if points > 0.0 { "+" } else { "" };
    format!("{sign}{}", words.decimal(points, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, testing::words};

    #[test]
    fn balances_carry_their_sign() {
        for (balance, expected) in [(0.254, "+25"), (-0.08, "−8"), (-0.001, "0"), (1.0, "+100")] {
            assert_eq!(signed(balance, &words(Locale::En)), expected);
        }
    }
}
