//! The view of search: a field, what it finds, and the chosen post.

use egui::{Rect, pos2, vec2};

use super::{post, row};
use crate::{
    desk::{Desk, Field},
    kit::{Pen, size},
    label::Label,
};

/// Draws the view.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let width = (area.width() * 0.46).clamp(480.0, 860.0);
    let left = Rect::from_min_size(area.min, vec2(width, area.height()));
    let right = Rect::from_min_max(pos2(left.max.x + size::GAP, area.min.y), area.max);
    let n_found = desk.search.results().len() as u64;
    let note = format!(
        "{} {} {} {}",
        pen.words.count(n_found),
        pen.say(Label::Through),
        pen.words.count(desk.search.n_posts() as u64),
        pen.say(Label::PostsHere)
    );
    let inner = pen.panel(left, pen.say(Label::Search), &note);
    let field = Rect::from_min_size(inner.min, vec2(inner.width(), 40.0));
    let wants_focus = desk.focus == Some(Field::Search);
    let name = pen.say(Label::SearchField);
    let mut text = std::mem::take(&mut desk.search.text);
    if pen.field(field, (Field::Search.id(), name), &mut text, wants_focus) {
        // Another question begins at its first answer.
        desk.chosen = None;
        desk.chosen_at = 0;
        desk.scrolls.queue.reset();
    }
    desk.search.text = text;
    let list = Rect::from_min_max(pos2(inner.min.x, field.max.y + size::GAP), inner.max);
    if n_found == 0 {
        let next = pen.say(Label::NoHitsNext);
        pen.empty(list, pen.say(Label::NoHits), next);
    } else {
        row::list_ui(pen, desk, list);
    }
    post::ui(pen, desk, right);
}
