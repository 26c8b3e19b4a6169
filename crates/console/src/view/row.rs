//! A list of posts: rows of one height, only those that are to be seen.

use egui::{Align2, Color32, Id, Rect, pos2, vec2};
use vigie_model::{FeedItem, Severity};
use vigie_widgets::{Style, network_name, theme::color};

use crate::{
    act::Act,
    desk::Desk,
    kit::{Pen, size},
    label::{self, Label},
    queue::{List, Listed, ROW},
};

/// Draws the list of the open view; returns how many rows were laid out.
pub(crate) fn list_ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let moment = pen.moment;
    let mut scroll = desk.scrolls.queue;
    let Some(list) = desk.list(moment.snapshot) else { return };
    let n_hidden = list.n_total.saturating_sub(list.len() as u64);
    let tail = if n_hidden > 0 { 36.0 } else { 0.0 };
    let height = list.len() as f32 * ROW + tail;
    let (room, offset) = pen.scroll(area, &mut scroll, height);
    let first = (offset / ROW).floor().max(0.0) as usize;
    let last = (((offset + room.height()) / ROW).ceil().max(0.0) as usize).min(list.len());
    pen.within(room, |pen| {
        for place in first..last {
            let Some(listed) = list.get(place) else { continue };
            let top = room.min.y + place as f32 * ROW - offset;
            let rect = Rect::from_min_size(pos2(room.min.x, top), vec2(room.width(), ROW - 6.0));
            row_ui(pen, rect, listed, desk.chosen.as_ref() == Some(listed.id()));
        }
        if n_hidden > 0 && last == list.len() {
            tail_ui(pen, room, offset, (&list, n_hidden));
        }
    });
    desk.scrolls.queue = scroll;
}

fn tail_ui(pen: &mut Pen<'_>, room: Rect, offset: f32, (list, n_hidden): (&List<'_>, u64)) {
    let top = room.min.y + list.len() as f32 * ROW - offset;
    let rect = Rect::from_min_size(pos2(room.min.x, top), vec2(room.width(), 30.0));
    let text = format!("+\u{a0}{} {}", pen.words.count(n_hidden), pen.say(Label::More));
    pen.middle(rect, Align2::CENTER_CENTER, (&text, &Style::line(size::SMALL, color::QUIET)));
}

/// One post in two lines of text under its author.
pub(crate) fn row_ui(pen: &mut Pen<'_>, rect: Rect, listed: Listed<'_>, chosen: bool) {
    let item = listed.item();
    let post = &item.post;
    let name = post.author.display_name();
    let id = Id::unique(("post", &post.id));
    let said = format!("{name}, {}: {}", network_name(post.id.network.as_str()), post.text);
    let response = pen.row(rect, (id, &said), chosen);
    if response.clicked() {
        pen.act(Act::Select(post.id.clone()));
    }
    let inner = rect.shrink2(vec2(12.0, 6.0));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), 22.0));
    let age = pen.words.age(pen.moment.now.since(post.received));
    let style = Style::line(size::SMALL, color::QUIET);
    let age = pen.middle(head, Align2::RIGHT_CENTER, (&age, &style));
    let mark = Rect::from_center_size(pos2(head.min.x + 8.0, head.center().y), vec2(16.0, 16.0));
    pen.mark(mark, post.id.network.as_str());
    let chips = chips(pen, listed);
    let name_room = Rect::from_min_max(
        pos2(head.min.x + 24.0, head.min.y),
        pos2(
            head.min.x + 24.0 + (head.width() - 40.0) * if chips.is_empty() { 0.8 } else { 0.42 },
            head.max.y,
        ),
    );
    let style = Style::line(size::BODY, color::TEXT).bold();
    let name = pen.middle(name_room, Align2::LEFT_CENTER, (name, &style));
    pen.chips(pos2(name.max.x + 10.0, head.min.y), &chips, age.min.x - 8.0);
    let style = Style { line_height: 1.28, ..Style::lines(size::BODY - 1.0, color::TEXT, 2) };
    let text =
        if post.text.trim().is_empty() { media_words(pen, item) } else { post.text.to_string() };
    let block = pen.lay(&text, &style, inner.width());
    pen.paint(pos2(inner.min.x, head.max.y + 4.0), &block);
}

/// What stands for a post without a text.
fn media_words(pen: &Pen<'_>, item: &FeedItem) -> String {
    let described = item.post.media.iter().map(|media| &*media.description);
    let described = described.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ");
    format!("[{}] {described}", pen.say(Label::Media))
}

/// What is to be known of a post at a glance, the gravest first.
pub(crate) fn chips(pen: &Pen<'_>, listed: Listed<'_>) -> Vec<(String, Color32)> {
    let item = listed.item();
    let mut chips = Vec::new();
    let say = |label: Label| pen.say(label).to_owned();
    if let Some(by) = listed.claimed() {
        let mine = Desk::is_mine(&pen.moment, by);
        let tone = if mine { color::GOOD } else { color::WARN };
        chips.push((format!("{} {by}", pen.say(Label::TakenBy)), tone));
    }
    chips.extend(
        item.reading
            .flags
            .iter()
            .filter(|(_, severity)| *severity > Severity::Mild)
            .map(|(flag, _)| (say(label::flag(flag)), color::BAD)),
    );
    if let Some(queued) = listed.queued() {
        let holds = queued.held.iter().filter(|hold| **hold != vigie_model::Hold::Flagged);
        chips.extend(holds.map(|hold| (say(label::hold(*hold)), color::WARN)));
        let flag = queued.decision.as_ref().and_then(|decision| decision.flag.as_ref());
        if let Some(flag) = flag {
            let since = pen.words.span(pen.moment.now.since(flag.since));
            chips.push((format!("→ {} · {since}", flag.owner), color::ACCENT));
        }
    }
    if item.n_copies > 1 {
        let n_copies = pen.words.count(item.n_copies.into());
        chips.push((format!("×{n_copies} {}", pen.say(Label::Copies)), color::QUIET));
    }
    if item.reading.question {
        chips.push((say(Label::IsQuestion), color::LINK));
    }
    if item.post.edited.is_some() {
        chips.push((say(Label::Edited), color::QUIET));
    }
    chips
}
