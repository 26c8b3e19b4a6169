//! The view of the vote: the shortlist with a key each, and who has won before.

use std::sync::Arc;

use egui::{Align2, Id, Rect, pos2, vec2};
use vigie_model::{FeedItem, Winner};
use vigie_widgets::{Style, network_name, theme::color};

use crate::{
    act::Act,
    desk::Desk,
    kit::{Button, Kind, Pen, size},
    label::Label,
};

/// Height of a winner in the history.
const WON: f32 = 64.0;

/// Draws the view.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let width = (area.width() * 0.62).max(560.0);
    let left = Rect::from_min_size(area.min, vec2(width, area.height()));
    let right = Rect::from_min_max(pos2(left.max.x + size::GAP, area.min.y), area.max);
    vote_ui(pen, desk, left);
    history_ui(pen, desk, right);
}

fn vote_ui(pen: &mut Pen<'_>, desk: &Desk, area: Rect) {
    let moment = pen.moment;
    let vote = moment.snapshot.show.vote.as_ref();
    let entries: Vec<(u8, &Arc<FeedItem>)> = match vote {
        Some(vote) => vote.entries.iter().map(|(number, item)| (*number, item)).collect(),
        None => (1..).zip(desk.candidates(&moment)).collect(),
    };
    let title = pen.say(if vote.is_some() { Label::VoteOpen } else { Label::VoteClosed });
    let note = match vote {
        Some(vote) => format!(
            "{} {} · {}",
            pen.words.count(vote.n_votes),
            pen.say(Label::VotesCast),
            pen.say(Label::VoteBlind)
        ),
        None if moment.snapshot.moderation.pinned.items.is_empty() => {
            pen.say(Label::VoteFromLive).to_owned()
        }
        None => pen.say(Label::VoteFromPinned).to_owned(),
    };
    let inner = pen.panel(area, title, &note);
    let foot = Rect::from_min_max(pos2(inner.min.x, inner.max.y - 44.0), inner.max);
    let list = Rect::from_min_max(inner.min, pos2(inner.max.x, foot.min.y - size::GAP));
    if entries.is_empty() {
        let next = pen.say(Label::NoCandidates);
        pen.empty(list, pen.say(Label::VoteClosed), next);
    }
    let n_entries = entries.len().max(5) as f32;
    let height = ((list.height() + size::GAP) / n_entries).min(150.0);
    let mine = desk.vote.map(|(number, _)| number);
    for (idx, (number, item)) in (0_u8..).zip(entries) {
        let top = list.min.y + f32::from(idx) * height;
        let rect =
            Rect::from_min_size(pos2(list.min.x, top), vec2(list.width(), height - size::GAP));
        entry_ui(pen, rect, (number, item), mine == Some(number));
    }
    let half = (foot.width() - size::GAP) * 0.7;
    let main = Rect::from_min_size(foot.min, vec2(half, foot.height()));
    let side = Rect::from_min_max(pos2(main.max.x + size::GAP, foot.min.y), foot.max);
    let label = pen.say(if vote.is_some() { Label::CrownWinner } else { Label::OpenVote });
    let kind = if vote.is_some() { Kind::Air } else { Kind::Plain };
    if pen.button(main, Button { label, key: "⏎", kind }) {
        pen.act(Act::Crown);
    }
    let kind = if vote.is_some() { Kind::Bad } else { Kind::Off };
    if pen.button(side, Button { label: pen.say(Label::GiveUp), key: "", kind }) {
        pen.act(Act::EndVote);
    }
}

fn entry_ui(pen: &mut Pen<'_>, rect: Rect, (number, item): (u8, &FeedItem), mine: bool) {
    let post = &item.post;
    let name = post.author.display_name();
    let id = Id::unique(("entry", number));
    let said = format!("{number} {name}: {}", post.text);
    let response = pen.row(rect, (id, &said), mine);
    if response.clicked() {
        pen.act(Act::Vote(number));
    }
    let inner = rect.shrink2(vec2(14.0, 8.0));
    let figure = Rect::from_min_size(inner.min, vec2(44.0, inner.height()));
    let style = Style::line(34.0, color::ACCENT).figure();
    let text = number.to_string();
    pen.middle(figure, Align2::CENTER_CENTER, (&text, &style));
    let left = figure.max.x + 14.0;
    let head = Rect::from_min_max(pos2(left, inner.min.y), pos2(inner.max.x, inner.min.y + 24.0));
    let mark = Rect::from_center_size(pos2(left + 8.0, head.center().y), vec2(16.0, 16.0));
    pen.mark(mark, post.id.network.as_str());
    let room =
        Rect::from_min_max(pos2(left + 24.0, head.min.y), pos2(head.max.x - 130.0, head.max.y));
    let style = Style::line(size::BODY + 1.0, color::TEXT).bold();
    let named = pen.middle(room, Align2::LEFT_CENTER, (name, &style));
    let rest = Rect::from_min_max(pos2(named.max.x + 10.0, head.min.y), room.max);
    let quiet = Style::line(size::SMALL, color::QUIET);
    pen.middle(rest, Align2::LEFT_CENTER, (network_name(post.id.network.as_str()), &quiet));
    if mine {
        let style = Style::line(size::SMALL, color::GOOD).bold();
        let text = format!("✓ {}", pen.say(Label::YourVote));
        pen.middle(head, Align2::RIGHT_CENTER, (&text, &style));
    }
    let n_lines = (((inner.max.y - head.max.y) / (size::BODY * 1.34)) as usize).max(1);
    let style = Style::lines(size::BODY + 1.0, color::TEXT, n_lines);
    let block = pen.lay(&post.text, &style, inner.max.x - left);
    pen.paint(pos2(left, head.max.y + 2.0), &block);
}

fn history_ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let winners = &pen.moment.snapshot.show.shared().winners;
    let inner = pen.panel(area, pen.say(Label::Winners), &winners.len().to_string());
    if winners.is_empty() {
        let next = pen.say(Label::NoWinnersNext);
        return pen.empty(inner, pen.say(Label::NoWinners), next);
    }
    let mut scroll = desk.scrolls.winners;
    let (room, offset) = pen.scroll(inner, &mut scroll, winners.len() as f32 * WON);
    desk.scrolls.winners = scroll;
    let first = (offset / WON) as usize;
    let n_rows = (room.height() / WON).ceil() as usize + 1;
    pen.within(room, |pen| {
        for (idx, winner) in winners.iter().enumerate().skip(first).take(n_rows) {
            let top = room.min.y + idx as f32 * WON - offset;
            let rect = Rect::from_min_size(pos2(room.min.x, top), vec2(room.width(), WON - 6.0));
            winner_ui(pen, rect, winner);
        }
    });
}

fn winner_ui(pen: &mut Pen<'_>, rect: Rect, winner: &Winner) {
    pen.n_rows += 1;
    pen.fill(rect, size::ROUND, color::CARD);
    let inner = rect.shrink2(vec2(12.0, 5.0));
    let upper = Rect::from_min_size(inner.min, vec2(inner.width(), 24.0));
    let lower = Rect::from_min_max(pos2(inner.min.x, upper.max.y), inner.max);
    let voters: Vec<&str> = winner.voters.iter().map(|name| name.as_str()).collect();
    let votes = format!(
        "{} {} · {}",
        pen.words.count(winner.n_votes),
        pen.say(Label::VotesCast),
        voters.join(", ")
    );
    let quiet = Style::line(size::SMALL, color::QUIET);
    let time = pen.words.day_time(winner.at);
    let time = pen.middle(upper, Align2::RIGHT_CENTER, (&time, &quiet));
    let name = match &winner.item {
        Some(item) => item.post.author.display_name().to_owned(),
        None => pen.say(Label::GonePost).to_owned(),
    };
    let tone = if winner.item.is_some() { color::TEXT } else { color::NEUTRAL };
    let room = Rect::from_min_max(upper.min, pos2(time.min.x - 8.0, upper.max.y));
    pen.middle(room, Align2::LEFT_CENTER, (&name, &Style::line(size::BODY, tone).bold()));
    pen.middle(lower, Align2::LEFT_CENTER, (&votes, &quiet));
    pen.announce(rect, &format!("{name} {votes}"));
}
