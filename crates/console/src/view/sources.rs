//! The view of sources: how each is doing, what it has brought, what was lost.

use egui::{Align2, Color32, Rect, pos2, vec2};
use vigie_model::{SourceState, SourceView};
use vigie_widgets::{Health, Style, theme::color};

use super::alerts::tile_ui;
use crate::{
    desk::Desk,
    kit::{Pen, size},
    label::Label,
};

/// Height of a source.
const HEIGHT: f32 = 54.0;

/// The columns: their names and their parts of the width.
const COLUMNS: [(Label, f32); 10] = [
    (Label::SourceName, 0.15),
    (Label::State, 0.19),
    (Label::Rate, 0.08),
    (Label::Lag, 0.08),
    (Label::Age, 0.08),
    (Label::Kept, 0.09),
    (Label::Unasked, 0.10),
    (Label::Lost, 0.09),
    (Label::Skipped, 0.08),
    (Label::Bytes, 0.06),
];

/// Draws the view.
pub(crate) fn ui(pen: &mut Pen<'_>, desk: &mut Desk, area: Rect) {
    let sources = pen.moment.snapshot.sources.shared();
    let foot = 250.0_f32.min(area.height() * 0.42);
    let table = Rect::from_min_max(area.min, pos2(area.max.x, area.max.y - foot - size::GAP));
    let rest = Rect::from_min_max(pos2(area.min.x, table.max.y + size::GAP), area.max);
    let inner = pen.panel(table, pen.say(Label::Sources), &sources.len().to_string());
    if sources.is_empty() {
        let next = pen.say(Label::NoSourcesNext);
        pen.empty(inner, pen.say(Label::NoSources), next);
    } else {
        let head = Rect::from_min_size(inner.min, vec2(inner.width(), 26.0));
        let quiet = Style::line(size::SMALL, color::QUIET);
        for (rect, (name, _)) in cells(head).into_iter().zip(COLUMNS) {
            pen.middle(rect, Align2::LEFT_CENTER, (pen.say(name), &quiet));
        }
        let list = Rect::from_min_max(pos2(inner.min.x, head.max.y + 2.0), inner.max);
        let mut scroll = desk.scrolls.sources;
        let (room, offset) = pen.scroll(list, &mut scroll, sources.len() as f32 * HEIGHT);
        desk.scrolls.sources = scroll;
        pen.within(room, |pen| {
            for (idx, source) in sources.iter().enumerate() {
                let top = room.min.y + idx as f32 * HEIGHT - offset;
                let extent = vec2(inner.width(), HEIGHT - 6.0);
                let rect = Rect::from_min_size(pos2(room.min.x, top), extent);
                if rect.intersects(room) {
                    source_ui(pen, rect, source);
                }
            }
        });
    }
    let half = (rest.width() - size::GAP) / 2.0;
    counters_ui(pen, Rect::from_min_size(rest.min, vec2(half, rest.height())));
    let notices = Rect::from_min_max(pos2(rest.min.x + half + size::GAP, rest.min.y), rest.max);
    notices_ui(pen, notices);
}

/// The cells of a row.
fn cells(row: Rect) -> Vec<Rect> {
    let width = row.width() - 20.0;
    let mut x = row.min.x + 12.0;
    COLUMNS
        .iter()
        .map(|(_, share)| {
            let rect =
                Rect::from_min_size(pos2(x, row.min.y), vec2(width * share - 8.0, row.height()));
            x += width * share;
            rect
        })
        .collect()
}

/// How a source is doing, in words.
fn state(pen: &Pen<'_>, source: &SourceView) -> (String, Color32, String) {
    let (label, tone) = match Health::of(source, pen.moment.now) {
        Health::Live if source.report.state == SourceState::CatchingUp => {
            (Label::StateCatchingUp, color::ACCENT)
        }
        Health::Live => (Label::StateLive, color::GOOD),
        Health::Starting => (Label::StateStarting, color::QUIET),
        Health::Silent => (Label::StateSilent, color::WARN),
        Health::Stopped => (Label::StateStopped, color::BAD),
        Health::Finished => (Label::StateFinished, color::QUIET),
    };
    let why = match &source.report.state {
        SourceState::Waiting { until, why } => {
            format!("{} {} · {why}", pen.say(Label::Retries), pen.words.time_secs(*until))
        }
        SourceState::Stopped { why } => why.to_string(),
        _ => format!("{} {}\u{a0}s", pen.say(Label::SilentAfter), source.report.deadline_secs),
    };
    (pen.say(label).to_owned(), tone, why)
}

fn source_ui(pen: &mut Pen<'_>, rect: Rect, source: &SourceView) {
    pen.fill(rect, size::ROUND, color::CARD);
    let (said, tone, why) = state(pen, source);
    let words = pen.words;
    let lost = match source.n_lost {
        0 if source.n_gaps == 0 => "0".to_owned(),
        n_lost => format!(
            "{} · {} {}",
            words.count(n_lost),
            words.count(source.n_gaps),
            pen.say(Label::Gaps).to_lowercase()
        ),
    };
    let age = source
        .report
        .heard
        .map_or_else(|| "–".to_owned(), |at| words.span(pen.moment.now.since(at)));
    let lag = source.lag.map_or_else(|| "–".to_owned(), |lag| seconds(pen, lag));
    let values = [
        (source.id.to_string(), color::TEXT),
        (said.clone(), tone),
        (
            format!("{}\u{a0}{}", words.count(source.n_last_min), pen.say(Label::PerMin)),
            color::TEXT,
        ),
        (lag, color::TEXT),
        (age, if tone == color::WARN { tone } else { color::TEXT }),
        (words.count(source.n_posts), color::TEXT),
        (words.count(source.n_unasked), color::QUIET),
        (lost, if source.n_lost + source.n_gaps > 0 { color::WARN } else { color::QUIET }),
        (words.count(source.report.n_skipped), color::QUIET),
        (bytes(pen, source.report.n_bytes), color::QUIET),
    ];
    for (idx, (cell, (value, tone))) in cells(rect).into_iter().zip(values).enumerate() {
        let style = Style::line(size::BODY, tone);
        match idx {
            0 => {
                pen.middle(cell, Align2::LEFT_CENTER, (&value, &style.bold()));
            }
            1 => {
                let upper =
                    Rect::from_min_size(cell.min + vec2(0.0, 5.0), vec2(cell.width(), 20.0));
                let lower = Rect::from_min_max(
                    pos2(cell.min.x, upper.max.y - 1.0),
                    cell.max - vec2(0.0, 5.0),
                );
                pen.middle(upper, Align2::LEFT_CENTER, (&value, &style.bold()));
                let quiet = Style::line(size::SMALL - 1.0, color::QUIET);
                pen.middle(lower, Align2::LEFT_CENTER, (&why, &quiet));
            }
            _ => {
                let block = pen.text.fit(&value, &style, cell.width().max(1.0), size::SMALL - 2.0);
                pen.paint(pos2(cell.min.x, cell.center().y - block.middle), &block);
            }
        }
    }
    pen.announce(rect, &format!("{} {said} {why}", source.id));
}

/// A short time with its tenths.
fn seconds(pen: &Pen<'_>, span: i64) -> String {
    if span < 10_000_000 {
        format!("{}\u{a0}s", pen.words.decimal(span.max(0) as f64 / 1e6, 1))
    } else {
        pen.words.span(span)
    }
}

/// A number of bytes.
fn bytes(pen: &Pen<'_>, n_bytes: u64) -> String {
    let (unit, name) = match n_bytes {
        0..1_000_000 => (1e3, "kB"),
        1_000_000..1_000_000_000 => (1e6, "MB"),
        _ => (1e9, "GB"),
    };
    let name = match pen.words.locale {
        vigie_layout::Locale::Fr => name.replace('B', "o"),
        vigie_layout::Locale::En => name.to_owned(),
    };
    format!("{}\u{a0}{name}", pen.words.decimal(n_bytes as f64 / unit, 0))
}

fn counters_ui(pen: &mut Pen<'_>, area: Rect) {
    let inner = pen.panel(area, pen.say(Label::RoomCounts), "");
    let counters = *pen.moment.snapshot.counters;
    let warn = |count: u64| if count > 0 { color::WARN } else { color::TEXT };
    let tiles = [
        (Label::CountPosts, counters.n_posts, color::TEXT),
        (Label::Unasked, counters.n_unasked, color::TEXT),
        (Label::CountHeld, counters.n_held, color::TEXT),
        (Label::CountEdits, counters.n_edits, color::TEXT),
        (Label::CountDeleted, counters.n_deleted, color::TEXT),
        (Label::Lost, counters.n_lost, warn(counters.n_lost)),
    ];
    let extent = vec2((inner.width() - size::GAP * 2.0) / 3.0, (inner.height() - size::GAP) / 2.0);
    for (idx, (name, count, tone)) in (0_u8..).zip(tiles) {
        let (row, column) = (f32::from(idx / 3), f32::from(idx % 3));
        let corner = inner.min + vec2(column, row) * (extent + vec2(size::GAP, size::GAP));
        let figure = pen.words.count(count);
        tile_ui(pen, Rect::from_min_size(corner, extent), (pen.say(name), &figure), tone);
    }
}

fn notices_ui(pen: &mut Pen<'_>, area: Rect) {
    let inner = pen.panel(area, pen.say(Label::Notices), "");
    let notices = pen.moment.snapshot.notices.shared();
    if notices.is_empty() {
        let text = pen.say(Label::NoNotices);
        pen.middle(inner, Align2::CENTER_CENTER, (text, &Style::line(size::BODY, color::QUIET)));
        return;
    }
    let mut top = inner.min.y;
    for notice in notices.iter() {
        let text = format!("{} · {}", pen.words.time_secs(notice.at), notice.text);
        let style = Style { line_height: 1.3, ..Style::lines(size::BODY, color::WARN, 2) };
        let block = pen.lay(&text, &style, inner.width());
        if top + block.size.y > inner.max.y {
            break;
        }
        let rect = pen.paint(pos2(inner.min.x, top), &block);
        pen.announce(rect, &text);
        top += block.size.y + 6.0;
    }
}
