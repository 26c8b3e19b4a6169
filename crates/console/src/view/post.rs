//! The chosen post: its whole text, why it was read as it was, where it comes from, and what can be done with it.

use egui::{Align2, Color32, Rect, pos2, vec2};
use vigie_model::{Attitude, Explanation, Post, Verdict};
use vigie_widgets::{Style, network_name, post_words, theme::color};

use super::row;
use crate::{
    act::Act,
    desk::Desk,
    kit::{Button, Kind, Pen, size},
    label::{self, Label},
    queue::Listed,
};

/// Lines of a text beyond which nobody reads on.
const MAX_LINES: usize = 400;
/// Words whose weight is told.
const MAX_REASONS: usize = 8;
/// Height of the picture of a post.
const PICTURE: f32 = 180.0;
/// Height of a line of facts.
const FACT: f32 = 22.0;

/// Draws the chosen post, or what to do where none is chosen.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let moment = pen.moment;
    let mut scroll = desk.scrolls.post;
    let Some(listed) = desk.chosen_post(&moment) else {
        pen.fill(area, size::GAP, color::PANEL);
        let next = pen.say(Label::NoPostNext);
        return pen.empty(area.shrink(size::PAD), pen.say(Label::NoPost), next);
    };
    pen.fill(area, size::GAP, color::PANEL);
    let inner = area.shrink(size::PAD);
    let deeds_height = size::CONTROL * 3.0 + size::GAP * 2.0;
    let deeds = Rect::from_min_max(pos2(inner.min.x, inner.max.y - deeds_height), inner.max);
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), 48.0));
    head_ui(pen, head, &listed.item().post);
    let body = Rect::from_min_max(
        pos2(inner.min.x, head.max.y + size::GAP),
        pos2(inner.max.x, deeds.min.y - size::GAP),
    );
    // The height of all of it is known once it has been drawn: the list uses that of the frame before.
    let memory = egui::Id::unique(("post height", listed.id()));
    let known: f32 = pen.ui.data(|data| data.get_temp(memory)).unwrap_or(body.height());
    let (room, offset) = pen.scroll(body, &mut scroll, known);
    let height = pen.within(room, |pen| {
        let top = room.min.y - offset;
        body_ui(pen, Rect::from_min_max(pos2(room.min.x, top), room.max), listed) - top
    });
    pen.ui.data_mut(|data| data.insert_temp(memory, height));
    if (height - known).abs() > 0.5 {
        pen.ui.ctx().request_repaint();
    }
    deeds_ui(pen, desk, deeds, listed);
    desk.scrolls.post = scroll;
}

fn head_ui(pen: &mut Pen<'_>, rect: Rect, post: &Post) {
    let author = &post.author;
    let face = Rect::from_min_size(rect.min, vec2(44.0, 44.0));
    pen.avatar(face, author.display_name(), author.avatar.as_deref());
    let left = face.max.x + size::PAD;
    let right = rect.max.x - 150.0;
    let upper = Rect::from_min_max(pos2(left, rect.min.y), pos2(right, rect.min.y + 24.0));
    let lower = Rect::from_min_max(pos2(left, rect.min.y + 24.0), pos2(right, rect.max.y - 2.0));
    let style = Style::line(size::BODY + 3.0, color::TEXT).bold();
    let block = pen.text.fit(author.display_name(), &style, upper.width(), size::BODY);
    pen.paint(pos2(upper.min.x, upper.center().y - block.middle), &block);
    let network = post.id.network.as_str();
    let mark = Rect::from_center_size(pos2(left + 8.0, lower.center().y), vec2(16.0, 16.0));
    pen.mark(mark, network);
    let named = match author.handle.as_str() {
        "" => network_name(network).to_owned(),
        handle => format!("{} · @{handle}", network_name(network)),
    };
    let quiet = Style::line(size::SMALL, color::QUIET);
    let room = Rect::from_min_max(pos2(left + 24.0, lower.min.y), lower.max);
    pen.middle(room, Align2::LEFT_CENTER, (&named, &quiet));
    let corner = Rect::from_min_max(pos2(right, rect.min.y), rect.max);
    let upper = Rect::from_min_size(corner.min, vec2(corner.width(), 24.0));
    let lower = Rect::from_min_max(pos2(corner.min.x, upper.max.y), corner.max);
    let time = pen.words.time_secs(post.published);
    let style = Style::line(size::BODY, color::TEXT);
    pen.middle(upper, Align2::RIGHT_CENTER, (&time, &style));
    let age = pen.words.age(pen.moment.now.since(post.published));
    pen.middle(lower, Align2::RIGHT_CENTER, (&age, &quiet));
    pen.announce(rect, &format!("{} {named}", author.display_name()));
}

/// Draws chips, text, picture, reasons and provenance below each other; returns where they end.
fn body_ui(pen: &mut Pen<'_>, area: Rect, listed: Listed<'_>) -> f32 {
    let item = listed.item();
    let post = &item.post;
    let mut y = area.min.y;
    let chips = row::chips(pen, listed);
    if !chips.is_empty() {
        pen.chips(pos2(area.min.x, y), &chips, area.max.x);
        y += 30.0;
    }
    let explanation = pen.explainer.map(|explainer| explainer.explain(post));
    let says = post_words(post, pen.explainer);
    let style = Style { line_height: 1.4, ..Style::lines(size::READ, color::TEXT, MAX_LINES) };
    let block = pen.text.layout_marked(&says.text, &says.colors, &style, area.width().max(1.0));
    let text = pen.paint(pos2(area.min.x, y), &block);
    pen.announce(text, &post.text);
    y = text.max.y + size::PAD;
    if let Some(media) = post.media.first() {
        let picture = Rect::from_min_size(
            pos2(area.min.x, y),
            vec2(area.width().min(PICTURE * 1.78), PICTURE),
        );
        if pen.loaded(picture, media.picture.as_deref(), size::ROUND) {
            y = picture.max.y + size::PAD;
        }
    }
    y = tone_ui(pen, area, y, (listed, explanation.as_ref()));
    y = provenance_ui(pen, area, y + size::PAD, listed);
    y + size::GAP
}

/// How the post was read, why, and how to correct it.
fn tone_ui(
    pen: &mut Pen<'_>,
    area: Rect,
    top: f32,
    (listed, explanation): (Listed<'_>, Option<&Explanation>),
) -> f32 {
    let item = listed.item();
    let tone = item.reading.tone;
    let title = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), 24.0));
    let bold = Style::line(size::HEAD, color::TEXT).bold();
    let said = pen.middle(title, Align2::LEFT_CENTER, (pen.say(Label::Tone), &bold));
    let score = pen.words.decimal(f64::from(tone.score), 2);
    let unsure =
        if tone.unsure { format!(" · {}", pen.say(Label::Unsure)) } else { String::new() };
    let figures = vigie_model::SENTIMENT_FIGURES;
    let measured = format!(
        "{} FR {} · EN {}",
        pen.say(Label::MeasuredF1),
        pen.words.decimal(f64::from(figures.french), 0),
        pen.words.decimal(f64::from(figures.english), 0)
    );
    let word = format!("{} {score}{unsure}", pen.say(label::attitude(tone.attitude)));
    let after = Rect::from_min_max(pos2(said.max.x + 10.0, title.min.y), title.max);
    let style = Style::line(size::SMALL, attitude_tone(tone.attitude)).bold();
    let said = pen.middle(after, Align2::LEFT_CENTER, (&word, &style));
    let quiet = Style::line(size::SMALL, color::QUIET);
    let rest = Rect::from_min_max(pos2(said.max.x + 12.0, title.min.y), title.max);
    pen.middle(rest, Align2::RIGHT_CENTER, (&measured, &quiet));
    pen.announce(title, &format!("{word} {measured}"));
    let row = Rect::from_min_size(pos2(area.min.x, title.max.y + 4.0), vec2(area.width(), 30.0));
    let width = ((row.width() - size::GAP * 3.0) / 4.0).max(1.0);
    let choices = [(Attitude::Negative, "−"), (Attitude::Neutral, "0"), (Attitude::Positive, "+")];
    for (idx, (attitude, key)) in (0_u8..).zip(choices) {
        let x = row.min.x + f32::from(idx) * (width + size::GAP);
        let rect = Rect::from_min_size(pos2(x, row.min.y), vec2(width, row.height()));
        let kind = Kind::on(tone.attitude == attitude && !tone.unsure);
        let label = pen.say(label::attitude(attitude));
        if pen.button(rect, Button { label, key, kind }) {
            pen.act(Act::Tone(attitude));
        }
    }
    let x = row.min.x + 3.0 * (width + size::GAP);
    let rect = Rect::from_min_size(pos2(x, row.min.y), vec2(width, row.height()));
    let kind = Kind::on(item.reading.question);
    if pen.button(rect, Button { label: pen.say(Label::IsQuestion), key: "U", kind }) {
        pen.act(Act::Question);
    }
    match explanation {
        Some(explanation) => reasons_ui(pen, area, row.max.y + 8.0, (&item.post, explanation)),
        None => row.max.y,
    }
}

const fn attitude_tone(attitude: Attitude) -> Color32 {
    match attitude {
        Attitude::Negative => color::BAD,
        Attitude::Neutral => color::QUIET,
        Attitude::Positive => color::GOOD,
    }
}

/// The words that moved the score, each with its weight.
fn reasons_ui(
    pen: &mut Pen<'_>,
    area: Rect,
    top: f32,
    (post, explanation): (&Post, &Explanation),
) -> f32 {
    let worth: Vec<_> = explanation
        .reasons
        .iter()
        .filter(|reason| reason.weight.is_finite() && reason.weight.abs() >= 0.005)
        .filter_map(|reason| Some((post.text.get(reason.range.clone())?.trim(), reason.weight)))
        .filter(|(word, _)| !word.is_empty())
        .take(MAX_REASONS)
        .collect();
    let mut corner = pos2(area.min.x, top);
    let quiet = Style::line(size::SMALL, color::QUIET);
    let why = if worth.is_empty() { pen.say(Label::NoWhy) } else { pen.say(Label::Why) };
    let lead = Rect::from_min_size(corner, vec2(area.width(), 24.0));
    let said = pen.middle(lead, Align2::LEFT_CENTER, (&format!("{why} "), &quiet));
    corner.x = said.max.x + 8.0;
    for (word, weight) in worth {
        let (sign, tone) = if weight < 0.0 { ("▼", color::BAD) } else { ("▲", color::GOOD) };
        let text = format!("{word} {sign} {}", pen.words.decimal(f64::from(weight), 2));
        let style = Style::line(size::SMALL, tone).bold();
        let width = pen.lay(&text, &style, area.width()).size.x + 16.0;
        if corner.x + width > area.max.x {
            corner = pos2(area.min.x, corner.y + 28.0);
        }
        corner.x = pen.chip(corner + vec2(0.0, 1.0), &text, tone, width).max.x + 6.0;
    }
    corner.y + 26.0
}

/// Where the post comes from and what happened to it here.
fn provenance_ui(pen: &mut Pen<'_>, area: Rect, top: f32, listed: Listed<'_>) -> f32 {
    let title = Rect::from_min_size(pos2(area.min.x, top), vec2(area.width(), 24.0));
    let bold = Style::line(size::HEAD, color::TEXT).bold();
    pen.middle(title, Align2::LEFT_CENTER, (pen.say(Label::Provenance), &bold));
    let facts = facts(pen, listed);
    let two = area.width() > 620.0;
    let n_rows = if two { facts.len().div_ceil(2) } else { facts.len() };
    let width = if two { (area.width() - size::PAD) / 2.0 } else { area.width() };
    for (idx, (name, value, tone)) in facts.iter().enumerate() {
        let (column, row) = if two { (idx / n_rows, idx % n_rows) } else { (0, idx) };
        let corner =
            pos2(area.min.x + column as f32 * (width + size::PAD), title.max.y + row as f32 * FACT);
        let rect = Rect::from_min_size(corner, vec2(width, FACT));
        pen.fact(rect, (pen.say(*name), value), *tone);
    }
    title.max.y + n_rows as f32 * FACT
}

/// All that is known of a post, in words.
fn facts(pen: &Pen<'_>, listed: Listed<'_>) -> Vec<(Label, String, Color32)> {
    let (post, words) = (&listed.item().post, pen.words);
    let reading = &listed.item().reading;
    let text = color::TEXT;
    let day = |at| format!("{}:{:02}", words.day_time(at), at.as_secs().rem_euclid(60));
    let lag = words.span(post.received.since(post.published));
    let mut facts = vec![
        (Label::Network, network_name(post.id.network.as_str()).to_owned(), text),
        (Label::AuthorId, post.author.id.native.to_string(), text),
        (Label::PostIdName, post.id.native.to_string(), text),
        (Label::Published, day(post.published), text),
        (
            Label::Received,
            format!("{} ({} {lag})", day(post.received), pen.say(Label::After)),
            text,
        ),
        (Label::Path, format!("{} → {}", post.source, pen.moment.room.name), text),
        (Label::LanguageName, words.language(reading.language.as_str()), text),
    ];
    if let Some(queued) = listed.queued() {
        let queries: Vec<_> = queued.queries.iter().map(|query| query.as_str()).collect();
        let edits = match queued.n_edits {
            0 => pen.say(Label::NeverEdited).to_owned(),
            n_edits => format!("{} {}", words.count(n_edits), pen.say(Label::Times)),
        };
        let held: Vec<_> = queued.held.iter().map(|hold| pen.say(label::hold(*hold))).collect();
        let (rules, tone) = if held.is_empty() {
            (pen.say(Label::AllPassed).to_owned(), color::GOOD)
        } else {
            (held.join(", "), color::WARN)
        };
        facts.push((Label::Entered, day(queued.entered), text));
        facts.push((Label::Edits, edits, text));
        facts.push((Label::Queries, queries.join(", "), text));
        facts.push((Label::PassedRules, rules, tone));
        facts.extend(decision_facts(pen, queued));
    } else {
        let edited = match post.edited {
            Some(at) => day(at),
            None => pen.say(Label::NeverEdited).to_owned(),
        };
        facts.push((Label::Edits, edited, text));
    }
    if let Some(link) = &post.link {
        facts.push((Label::Link, link.to_string(), color::LINK));
    }
    facts.push((Label::Existence, pen.say(Label::StillThere).to_owned(), text));
    facts
}

/// Who decided what of it.
fn decision_facts(pen: &Pen<'_>, queued: &vigie_model::QueueItem) -> Vec<(Label, String, Color32)> {
    let Some(decision) = &queued.decision else {
        return vec![(Label::DecidedBy, pen.say(Label::NoDecision).to_owned(), color::TEXT)];
    };
    let word = decision.verdict.map(|verdict| match verdict {
        Verdict::Approved => (Label::DoneApproved, color::GOOD),
        Verdict::Rejected => (Label::DoneRejected, color::BAD),
        Verdict::Stashed => (Label::DoneStashed, color::WARN),
    });
    let (word, tone) = word.unwrap_or((Label::NoDecision, color::TEXT));
    let by = format!(
        "{} {} {} · {}",
        pen.say(word),
        pen.say(Label::By),
        decision.by,
        pen.words.time_secs(decision.at)
    );
    let taken = decision.claimed.as_ref().filter(|_| decision.verdict.is_none());
    let by = taken.map_or(by, |name| format!("{} {name}", pen.say(Label::TakenBy)));
    let mut facts = vec![(Label::DecidedBy, by, tone)];
    if let Some(flag) = &decision.flag {
        let text = format!(
            "{}{}« {} » {} {}",
            flag.owner,
            label::colon(pen.words.locale),
            flag.reason,
            pen.say(Label::By),
            flag.by
        );
        facts.push((Label::FlaggedFor, text, color::ACCENT));
    }
    facts
}

/// What can be done with the post.
fn deeds_ui(pen: &mut Pen<'_>, desk: &Desk, area: Rect, listed: Listed<'_>) {
    let decision = listed.queued().and_then(|queued| queued.decision.as_ref());
    let verdict = decision.and_then(|decision| decision.verdict);
    let pinned = decision.is_some_and(|decision| decision.pinned);
    let flagged = decision.is_some_and(|decision| decision.flag.is_some());
    let claimed = listed.claimed().is_some();
    let decide =
        |label, key, it: Verdict| (label, key, Kind::on(verdict == Some(it)), Act::Decide(it));
    let pin = if pinned { Label::Unpin } else { Label::Pin };
    let flag = if flagged { Label::Resolve } else { Label::Flag };
    let claim = if claimed { Label::Release } else { Label::Claim };
    let rows = [
        vec![
            decide(Label::Approve, "A", Verdict::Approved),
            decide(Label::Reject, "X", Verdict::Rejected),
            decide(Label::Stash, "S", Verdict::Stashed),
        ],
        vec![
            (pin, "P", Kind::on(pinned), Act::Pin),
            (flag, "F", Kind::on(flagged), Act::Flag),
            (claim, "C", Kind::on(claimed), Act::Claim),
            (Label::BlockAuthor, "B", Kind::Bad, Act::Block),
        ],
    ];
    let mut top = area.min.y;
    for row in rows {
        let n_buttons = row.len() as f32;
        let width = (area.width() - size::GAP * (n_buttons - 1.0)) / n_buttons;
        for (idx, (label, key, kind, act)) in (0_u8..).zip(row) {
            let x = area.min.x + f32::from(idx) * (width + size::GAP);
            let rect = Rect::from_min_size(pos2(x, top), vec2(width, size::CONTROL));
            if pen.button(rect, Button { label: pen.say(label), key, kind }) {
                pen.act(act);
            }
        }
        top += size::CONTROL + size::GAP;
    }
    let rect = Rect::from_min_max(pos2(area.min.x, top), area.max);
    let screen = desk.target.and_then(|target| pen.moment.room.screens.get(target));
    let (label, key, kind) = match screen {
        Some(screen) => {
            (format!("{} · {}", pen.say(Label::Spotlight), screen.name), "⏎", Kind::Air)
        }
        None => {
            let label = pen.say(Label::Spotlight);
            (
                format!("{label} · {}", pen.say(Label::ChooseScreen).to_lowercase()),
                "F1–F10",
                Kind::Off,
            )
        }
    };
    if pen.button(rect, Button { label: &label, key, kind }) {
        pen.act(Act::Spotlight);
    }
}
