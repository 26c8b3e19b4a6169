//! The view of the log: who did what, and what came to nothing.

use egui::{Align2, Rect, pos2, vec2};
use vigie_model::Action;
use vigie_widgets::{Style, theme::color};

use crate::{
    deed,
    desk::Desk,
    kit::{Pen, size},
    label::{self, Label},
};

/// Height of a line.
const LINE: f32 = 34.0;

/// Draws the view.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let log = pen.moment.snapshot.log.shared();
    let inner = pen.panel(area, pen.say(Label::LogTitle), &pen.words.count(log.len() as u64));
    if log.is_empty() {
        let next = pen.say(Label::NoLogNext);
        return pen.empty(inner, pen.say(Label::NoLog), next);
    }
    let mut scroll = desk.scrolls.log;
    let (room, offset) = pen.scroll(inner, &mut scroll, log.len() as f32 * LINE);
    desk.scrolls.log = scroll;
    let first = (offset / LINE) as usize;
    let n_rows = (room.height() / LINE).ceil() as usize + 1;
    pen.within(room, |pen| {
        for (idx, action) in log.iter().enumerate().skip(first).take(n_rows) {
            let top = room.min.y + idx as f32 * LINE - offset;
            let rect = Rect::from_min_size(pos2(room.min.x, top), vec2(room.width(), LINE - 4.0));
            action_ui(pen, rect, action);
        }
    });
}

fn action_ui(pen: &mut Pen<'_>, rect: Rect, action: &Action) {
    pen.n_rows += 1;
    pen.fill(rect, size::ROUND, color::CARD);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let mut x = inner.min.x;
    let mut place = |width: f32| {
        let rect = Rect::from_min_size(pos2(x, inner.min.y), vec2(width, inner.height()));
        x += width + 12.0;
        rect
    };
    let quiet = Style::line(size::SMALL, color::QUIET);
    let number = format!("#{}", action.seq.0);
    pen.middle(place(90.0), Align2::LEFT_CENTER, (&number, &quiet));
    let time = pen.words.time_secs(action.at);
    pen.middle(place(76.0), Align2::LEFT_CENTER, (&time, &Style::line(size::BODY, color::TEXT)));
    let by = &action.issued.by;
    let style = Style::line(size::BODY, color::ACCENT).bold();
    pen.middle(place(170.0), Align2::LEFT_CENTER, (by, &style));
    let deed = deed::words(&action.issued.command, pen.words);
    let refused = action.refused.map(|refusal| {
        format!("{} · {}", pen.say(Label::Refused), pen.say(label::refusal(refusal)))
    });
    let style = Style::line(size::SMALL, color::WARN).bold();
    let refused = refused.unwrap_or_default();
    let right = pen.middle(inner, Align2::RIGHT_CENTER, (&refused, &style));
    let room =
        Rect::from_min_max(place(0.0).min - vec2(0.0, 0.0), pos2(right.min.x - 12.0, inner.max.y));
    let tone = if refused.is_empty() { color::TEXT } else { color::QUIET };
    pen.middle(room, Align2::LEFT_CENTER, (&deed, &Style::line(size::BODY, tone)));
    pen.announce(rect, &format!("{time} {by} {deed} {refused}"));
}
