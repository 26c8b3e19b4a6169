//! Strengths and weaknesses: topics by sentiment times volume, the good ones left, the bad ones right.
//!
//! Sides differ by place, word, sign and triangle, not by color alone.

use egui::{Color32, Rect, Ui, pos2, vec2};
use vigie_model::{Board, Need, NeedKind, OptionError, Topic};

use crate::{
    draw::Slope,
    text::Style,
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    window::{self, Windowed, window_options},
    words::Word,
};

entry!("board", "Strengths and weaknesses", BoardWidget, BoardOptions);

/// The height of a topic in heights of type: its name, and how many speak well and ill of it.
const ROW: f32 = 2.6;

window_options! {
    /// The options of a board of strengths and weaknesses.
    BoardOptions, 60, {}
}

#[derive(Debug)]
pub(crate) struct BoardWidget {
    of: Windowed,
}

/// One side of the board.
#[derive(Clone, Copy)]
struct Side {
    word: Word,
    slope: Slope,
    tone: Color32,
}

const STRENGTHS: Side = Side { word: Word::Strengths, slope: Slope::Up, tone: color::GOOD };
const WEAKNESSES: Side = Side { word: Word::Weaknesses, slope: Slope::Down, tone: color::BAD };

impl BoardWidget {
    #[expect(clippy::unnecessary_wraps, reason = "the registry's form")]
    #[expect(clippy::needless_pass_by_value, reason = "the registry's form")]
    fn new(options: BoardOptions) -> Result<Self, OptionError> {
        Ok(Self { of: options.windowed() })
    }

    /// The window, and the age of its data.
    fn notes(&self, moment: &Moment<'_>) -> Vec<String> {
        let board = moment.snapshot.board(&self.of.query, self.of.window_mins);
        window::notes(moment, self.of.window_mins, board.and_then(|board| board.as_of))
    }
}

impl Widget for BoardWidget {
    fn needs(&self) -> Vec<Need> {
        let kind = NeedKind::Board { window_mins: self.of.window_mins };
        vec![Need { query: self.of.query.clone(), kind }]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        Stamp::default().needs(moment.snapshot, &self.needs()).with(self.notes(moment)).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let title = self.of.title.as_deref().unwrap_or(words.say(Word::Board));
        let notes = self.notes(&frame.moment);
        let area = frame.noted_cell(ui, title, &notes);
        let board = snapshot.board(&self.of.query, self.of.window_mins);
        match board.filter(|board| !board.topics.is_empty()) {
            Some(board) => board_ui(ui, frame, area, board),
            None => frame.empty(ui, area, (Word::NoTopics, None)),
        }
        Repaint::OnStamp
    }
}

fn board_ui(ui: &Ui, frame: &mut Frame<'_>, area: Rect, board: &Board) {
    let gap = frame.theme.gap * 1.6;
    let strengths: Vec<&Topic> =
        board.topics.iter().filter(|topic| topic.mood.lead() > 0).collect();
    // The worst of the weaknesses stands first.
    let weaknesses: Vec<&Topic> =
        board.topics.iter().rev().filter(|topic| topic.mood.lead() < 0).collect();
    let beside = area.width() > frame.theme.body * 20.0;
    let (first, second) = if beside {
        let half = (area.width() - gap) / 2.0;
        (
            Rect::from_min_size(area.min, vec2(half, area.height())),
            Rect::from_min_max(pos2(area.max.x - half, area.min.y), area.max),
        )
    } else {
        let half = (area.height() - gap * 0.5) / 2.0;
        (
            Rect::from_min_size(area.min, vec2(area.width(), half)),
            Rect::from_min_max(pos2(area.min.x, area.max.y - half), area.max),
        )
    };
    // Both sides have the same rows, so that eyes can go across.
    let n_rows = strengths.len().max(weaknesses.len());
    side_ui(ui, frame, (first, n_rows), (STRENGTHS, &strengths));
    side_ui(ui, frame, (second, n_rows), (WEAKNESSES, &weaknesses));
}

fn side_ui(
    ui: &Ui,
    frame: &mut Frame<'_>,
    (area, n_wanted): (Rect, usize),
    (side, topics): (Side, &[&Topic]),
) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let head = theme.body * 1.6;
    let mark = theme.body * 0.8;
    frame.slope(
        pos2(area.min.x + mark / 2.0, area.min.y + theme.body * 0.64),
        mark,
        side.slope,
        side.tone,
    );
    let style = Style::line(theme.body, side.tone).bold();
    let name = words.say(side.word);
    let block = frame.text.fit(name, &style, area.width() - mark * 1.5, theme.least);
    frame.text.paint(&frame.painter, pos2(area.min.x + mark * 1.4, area.min.y), &block);
    let line = Rect::from_min_size(
        pos2(area.min.x, area.min.y + head - theme.gap * 0.4),
        vec2(area.width(), theme.stroke),
    );
    frame.painter.rect_filled(line, 0.0, side.tone);
    let rows = Rect::from_min_max(pos2(area.min.x, area.min.y + head), area.max);
    let n_fit = (rows.height() / (theme.body * ROW)).floor().max(1.0) as usize;
    let n_rows = n_fit.min(topics.len());
    if n_rows == 0 {
        let style = Style::line(theme.body, color::QUIET);
        let block = frame.text.layout("–", &style, rows.width());
        frame.text.paint(&frame.painter, rows.min, &block);
        return;
    }
    let step = (rows.height() / n_fit.min(n_wanted) as f32).min(theme.body * ROW * 1.25);
    for (idx, topic) in topics.iter().take(n_rows).enumerate() {
        let top = rows.min.y + step * idx as f32;
        let row = Rect::from_min_size(pos2(rows.min.x, top), vec2(rows.width(), step));
        topic_ui(ui, frame, row, (side, topic));
    }
}

/// A topic with its lead as a figure, and below it how many speak well and ill of it.
fn topic_ui(ui: &Ui, frame: &mut Frame<'_>, row: Rect, (side, topic): (Side, &Topic)) {
    let theme = frame.theme;
    let words = frame.moment.words;
    let sign = if topic.mood.lead() > 0 { "+" } else { "−" };
    let lead = format!("{sign}{}", words.count(topic.mood.lead().unsigned_abs()));
    let style = Style::line(theme.title, side.tone).bold();
    let figure = frame.text.layout(&lead, &style, row.width() * 0.4);
    let right = row.max.x - figure.size.x;
    let height = theme.body * (ROW - 0.2);
    let top = row.min.y + ((row.height() - height) / 2.0).max(0.0);
    frame.text.paint(&frame.painter, pos2(right, top), &figure);
    let style = Style::line(theme.title, color::TEXT).bold();
    let width = (right - theme.gap - row.min.x).max(1.0);
    let block = frame.text.fit(&topic.term, &style, width, theme.least);
    let down = (figure.baseline - block.baseline).max(0.0);
    frame.text.paint(&frame.painter, pos2(row.min.x, top + down), &block);
    let (good, bad) = (words.count(topic.mood.n_positive), words.count(topic.mood.n_negative));
    let posts = words.count_of(topic.mood.n_posts(), Word::Post, Word::Posts);
    let texts = [format!("+{good}  −{bad} · {posts}"), format!("+{good}  −{bad}")];
    let below = top + theme.title * 1.22;
    if below + theme.body * 1.2 <= row.max.y + theme.gap {
        let style = Style::line(theme.body, color::QUIET);
        let block = frame.text.fitting(&texts, &style, row.width());
        frame.text.paint(&frame.painter, pos2(row.min.x, below), &block);
    }
    frame.announce(ui, row, &format!("{} {lead}, +{good}, −{bad}", topic.term));
}
