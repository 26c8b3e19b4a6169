//! Moods side by side: of topics, of languages.

use egui::{Rect, Ui, pos2, vec2};
use vigie_model::{Board, MoodPoint, Part};

use super::{bar_ui, signed};
use crate::{text::Style, theme::color, widget::Frame, words::Word};

/// The height of a row in heights of type: a name, and a bar below it.
const ROW: f32 = 2.9;

/// Topics with a lead, the heaviest first whatever its side.
pub(super) fn topics_ui(ui: &Ui, frame: &mut Frame<'_>, area: Rect, board: Option<&Part<Board>>) {
    let topics = board.map(|board| board.topics.as_slice()).unwrap_or_default();
    let mut rows: Vec<(String, MoodPoint)> =
        topics.iter().map(|topic| (topic.term.to_string(), topic.mood)).collect();
    rows.sort_by_key(|(_, mood)| std::cmp::Reverse(mood.lead().unsigned_abs()));
    rows_ui(ui, frame, area, &rows);
}

/// Languages, the most spoken first.
pub(super) fn languages_ui(
    ui: &Ui,
    frame: &mut Frame<'_>,
    area: Rect,
    board: Option<&Part<Board>>,
) {
    let languages = board.map(|board| board.languages.as_slice()).unwrap_or_default();
    let words = frame.moment.words;
    let rows: Vec<(String, MoodPoint)> = languages
        .iter()
        .map(|(language, mood)| {
            let name = match language.as_str() {
                "und" => words.say(Word::UnknownLanguage).to_owned(),
                code => words.language(code),
            };
            (name, *mood)
        })
        .collect();
    rows_ui(ui, frame, area, &rows);
}

fn rows_ui(ui: &Ui, frame: &mut Frame<'_>, area: Rect, rows: &[(String, MoodPoint)]) {
    if rows.is_empty() {
        return frame.empty(ui, area, (Word::NoTopics, None));
    }
    let theme = frame.theme;
    let words = frame.moment.words;
    let n_rows = ((area.height() / (theme.body * ROW)).floor().max(1.0) as usize).min(rows.len());
    let step = (area.height() / n_rows as f32).min(theme.body * ROW * 1.3);
    for (idx, (name, mood)) in rows.iter().take(n_rows).enumerate() {
        let top = area.min.y + step * idx as f32;
        let row = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), step));
        let balance = mood.balance().map_or_else(|| "–".to_owned(), |share| signed(share, words));
        let tone = match mood.lead() {
            lead if lead > 0 => color::GOOD,
            lead if lead < 0 => color::BAD,
            _ => color::TEXT,
        };
        let style = Style::line(theme.title, tone).bold();
        let figure = frame.text.layout(&balance, &style, row.width() * 0.4);
        let corner = pos2(row.max.x - figure.size.x, row.min.y);
        frame.text.paint(&frame.painter, corner, &figure);
        let posts = words.count_of(mood.n_posts(), Word::Post, Word::Posts);
        let left = row.width() - figure.size.x - theme.gap;
        let style = Style::line(theme.title, color::TEXT).bold();
        let block = frame.text.fit(name, &style, left, theme.least);
        let down = (figure.baseline - block.baseline).max(0.0);
        let drawn = frame.text.paint(&frame.painter, row.min + vec2(0.0, down), &block);
        let quiet = Style::line(theme.body, color::QUIET);
        let room = corner.x - theme.gap - drawn.max.x - theme.gap;
        let counts = [posts.clone(), words.count(mood.n_posts())];
        if let Some(count) = counts.iter().find(|text| frame.text.width(text, &quiet) <= room) {
            let count = frame.text.layout(count, &quiet, f32::INFINITY);
            let at = pos2(drawn.max.x + theme.gap, row.min.y + figure.baseline - count.baseline);
            frame.text.paint(&frame.painter, at, &count);
        }
        let bar_top = row.min.y + theme.title * 1.25 + theme.gap * 0.2;
        let height = (theme.body * 1.2).min(row.max.y - bar_top - theme.gap * 0.4);
        if height > theme.body * 0.3 {
            let bar = Rect::from_min_size(pos2(row.min.x, bar_top), vec2(row.width(), height));
            bar_ui(frame, bar, mood);
        }
        frame.announce(ui, row, &format!("{name}: {balance}, {posts}"));
    }
}
