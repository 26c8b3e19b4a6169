//! The posts that moved the needle, with what each of them did; the last row says what all others did.

use egui::{Rect, Ui, pos2, vec2};
use vigie_model::{Attitude, Mover, Movers, Part};

use crate::{
    draw::Slope,
    marks,
    text::Style,
    theme::{Theme, color},
    widget::Frame,
    words::{Word, Words},
};

/// The height of a post in the list, in heights of type: two lines of text and their distance.
const ROW: f32 = 3.0;

/// Draws the movement and the posts that it is made of.
pub(super) fn movers_ui(ui: &Ui, frame: &mut Frame<'_>, area: Rect, movers: Option<&Part<Movers>>) {
    let Some(movers) = movers.filter(|movers| movers.movement.denominator() != 0) else {
        return frame.empty(ui, area, (Word::NoPosts, None));
    };
    let theme = frame.theme;
    let words = frame.moment.words;
    let movement = &movers.movement;
    let whole = movement.points(movement.whole());
    let said = format!("{} {}", points(whole, words), words.say(Word::Points));
    let head = theme.body * 2.3;
    let y = if area.height() > head + theme.body * 2.0 {
        let row = Rect::from_min_size(area.min, vec2(area.width(), head));
        head_ui(frame, row, whole, movement.span_mins);
        row.max.y
    } else {
        area.min.y
    };
    let foot = theme.body * 1.45;
    let left = area.max.y - y - foot;
    let n_rows = (left / (theme.body * ROW)).floor().max(0.0) as usize;
    let shown: Vec<&Mover> = movers.posts.iter().take(n_rows).collect();
    let step = if shown.is_empty() {
        0.0
    } else {
        (left / shown.len() as f32).min(theme.body * ROW * 1.35)
    };
    let listed = shown.iter().fold(0_i64, |sum, mover| sum.saturating_add(mover.part));
    let others = movement.whole().saturating_sub(listed);
    let weight = weight_width(frame, &shown, movement.points(others), |part| movement.points(part));
    for (idx, mover) in shown.iter().enumerate() {
        let top = y + step * idx as f32;
        let row = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), step));
        mover_ui(ui, frame, row, (mover, movement.points(mover.part), weight));
    }
    let n_entered = movement.entered.n_sure().saturating_add(movement.left.n_sure());
    let n_others = n_entered.saturating_sub(shown.len() as u64);
    let top = (y + step * shown.len() as f32).min(area.max.y - foot);
    let row = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), foot));
    others_ui(frame, row, (n_others, movement.points(others), weight));
    frame.announce(ui, area, &said);
}

/// The whole movement as a figure with its way, and over which time.
fn head_ui(frame: &mut Frame<'_>, row: Rect, whole: f64, span_mins: u32) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let (slope, tone) = way(whole);
    let size = theme.body * 1.9;
    let mark = theme.body * 0.95;
    frame.slope(pos2(row.min.x + mark / 2.0, row.center().y), mark, slope, tone);
    let style = Style::line(size, tone).figure();
    let figure = frame.text.layout(&points(whole, words), &style, row.width() * 0.6);
    let left = row.min.x + mark * 1.35;
    let drawn =
        frame.text.paint(&frame.painter, pos2(left, row.center().y - figure.size.y / 2.0), &figure);
    let span = words.span(i64::from(span_mins) * 60_000_000);
    let unit = words.say(Word::Points);
    let texts = [format!("{unit} · {span}"), unit.to_owned()];
    let style = Style::line(theme.body, color::QUIET);
    let left = drawn.max.x + theme.gap;
    let block = frame.text.fitting(&texts, &style, (row.max.x - left).max(1.0));
    let base = drawn.min.y + figure.baseline - block.baseline;
    frame.text.paint(&frame.painter, pos2(left, base), &block);
}

/// The widest weight of the list, so that all texts begin at one line.
fn weight_width(
    frame: &mut Frame<'_>,
    shown: &[&Mover],
    others: f64,
    share: impl Fn(i64) -> f64,
) -> f32 {
    let words = frame.moment.words;
    let style = weight_style(&frame.theme, color::TEXT);
    let parts = shown.iter().map(|mover| share(mover.part)).chain([others]);
    let texts: Vec<String> = parts.map(|part| points(part, words)).collect();
    texts.iter().map(|text| frame.text.width(text, &style)).fold(0.0, f32::max)
}

fn mover_ui(ui: &Ui, frame: &mut Frame<'_>, row: Rect, (mover, part, weight): (&Mover, f64, f32)) {
    let theme = frame.theme;
    let line = Rect::from_min_size(row.min, vec2(row.width(), (theme.stroke * 0.5).max(1.0)));
    frame.painter.rect_filled(line, 0.0, color::LINE);
    let post = &mover.item.post;
    let left = row.min.x + weight + theme.gap * 1.4;
    let style = Style::lines(theme.body, color::TEXT, 2);
    let text = frame.text.layout(&post.text, &style, (row.max.x - left).max(1.0));
    let top = row.min.y + ((row.height() - text.size.y) / 2.0).max(theme.gap * 0.3);
    let said = weight_ui(frame, (row.min.x, top), (part, weight));
    frame.text.paint(&frame.painter, pos2(left, top), &text);
    let sign = match mover.item.reading.tone.attitude {
        Attitude::Negative => Word::Negative,
        Attitude::Neutral => Word::Neutral,
        Attitude::Positive => Word::Positive,
    };
    let network = marks::name(post.id.network.as_str());
    let sign = frame.moment.words.say(sign);
    frame.announce(ui, row, &format!("{said}, {sign}, {network}: {}", post.text));
}

fn others_ui(frame: &mut Frame<'_>, row: Rect, (n_others, part, weight): (u64, f64, f32)) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let line = Rect::from_min_size(row.min, vec2(row.width(), (theme.stroke * 0.5).max(1.0)));
    frame.painter.rect_filled(line, 0.0, color::LINE);
    let top = row.min.y + theme.gap * 0.35;
    weight_ui(frame, (row.min.x, top), (part, weight));
    let left = row.min.x + weight + theme.gap * 1.4;
    let text = format!("{} {}", words.count(n_others), words.say(Word::Others));
    let style = Style::line(theme.body, color::QUIET);
    let block = frame.text.layout(&text, &style, (row.max.x - left).max(1.0));
    frame.text.paint(&frame.painter, pos2(left, top), &block);
}

/// A weight, flush right in its column; returns what it says.
fn weight_ui(frame: &mut Frame<'_>, (left, top): (f32, f32), (part, width): (f64, f32)) -> String {
    let (_, tone) = way(part);
    let text = points(part, frame.moment.words);
    let block = frame.text.layout(&text, &weight_style(&frame.theme, tone), f32::INFINITY);
    frame.text.paint(&frame.painter, pos2(left + width - block.size.x, top), &block);
    text
}

const fn weight_style(theme: &Theme, tone: egui::Color32) -> Style {
    Style::line(theme.body, tone).bold()
}

/// The way of a movement, and its color.
fn way(part: f64) -> (Slope, egui::Color32) {
    if part.abs() < 0.000_5 {
        (Slope::Flat, color::QUIET)
    } else if part > 0.0 {
        (Slope::Up, color::GOOD)
    } else {
        (Slope::Down, color::BAD)
    }
}

/// A part of a movement in points, with its sign: `+2,4`, `−0,08`, `0`.
fn points(share: f64, words: &Words) -> String {
    let points = share * 100.0;
    let n_digits = match points.abs() {
        size if size < 0.005 => return "0".to_owned(),
        size if size < 0.995 => 2,
        size if size < 9.95 => 1,
        _ => 0,
    };
    let sign = if points > 0.0 { "+" } else { "" };
    format!("{sign}{}", words.decimal(points, n_digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, testing::words};

    #[test]
    fn parts_are_written_with_as_many_digits_as_they_need() {
        let words = words(Locale::Fr);
        for (share, expected) in
            [(-0.123, "−12"), (0.024, "+2,4"), (-0.000_8, "−0,08"), (0.0, "0"), (0.000_01, "0")]
        {
            assert_eq!(points(share, &words), expected);
        }
    }
}
