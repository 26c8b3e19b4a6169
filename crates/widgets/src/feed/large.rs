//! One post on all of a screen: as large as it can be with its whole text, or in pages where that would be too small.

use std::{sync::Arc, time::Duration};

use egui::{Rect, Ui};
use vigie_model::{FeedItem, Micros, Post};

use super::card::{Card, Limits};
use crate::{
    theme::Theme,
    widget::{Frame, Repaint},
};

/// Type gets smaller in these steps until the whole text fits.
const STEP: f32 = 0.9;
/// Type of a spotlight is at most this part of the shorter side.
const MAX_SHARE: f32 = 1.0 / 9.0;
/// How long a page of a long text stands.
const PAGE: Micros = 8_000_000;
/// Nobody waits for more pages than this.
const MAX_PAGES: usize = 64;

/// Draws `item` on all of `rect`. The text is never cut: long ones are shown in pages.
pub(crate) fn large_ui(
    ui: &Ui,
    frame: &mut Frame<'_>,
    item: &Arc<FeedItem>,
    rect: Rect,
) -> Repaint {
    let least = frame.theme.body;
    let accent = frame.theme.accent;
    let mut body = (rect.width().min(rect.height()) * MAX_SHARE).max(least);
    loop {
        let theme = Theme { accent, ..Theme::of_body(body) };
        let limits = Limits { room: rect.size(), n_lines: usize::MAX, first: true, media: true };
        let card = Card::new((frame.text, None), &theme, item, limits);
        if let Some(card) = card.filter(|card| card.is_whole() && card.height <= rect.height()) {
            frame.theme = theme;
            card.paint(ui, frame, rect);
            return Repaint::OnStamp;
        }
        if body <= least {
            return page_ui(ui, frame, item, rect);
        }
        body = (body * STEP).max(least);
    }
}

/// Draws the page of a long text whose turn it is.
fn page_ui(ui: &Ui, frame: &mut Frame<'_>, item: &Arc<FeedItem>, rect: Rect) -> Repaint {
    let limits = Limits { room: rect.size(), n_lines: usize::MAX, first: true, media: false };
    let theme = frame.theme;
    let mut pages: Vec<Card> = Vec::new();
    let mut rest = item.post.text.trim();
    while !rest.is_empty() && pages.len() < MAX_PAGES {
        let mut lay = |end: usize| {
            let text = rest.get(..end).unwrap_or(rest).trim_end();
            // Spans of the whole text say nothing about a part of it.
            let post = Post { text: text.into(), spans: Vec::new(), ..(*item.post).clone() };
            let part = FeedItem { post: Arc::new(post), ..FeedItem::clone(item) };
            Card::new((frame.text, None), &theme, &Arc::new(part), limits)
        };
        let ends: Vec<usize> = rest
            .match_indices(char::is_whitespace)
            .map(|(end, _)| end)
            .filter(|end| *end > 0)
            .chain([rest.len()])
            .collect();
        let n_fitting = ends.partition_point(|end| lay(*end).is_some_and(|card| card.is_whole()));
        let Some(end) = ends.get(n_fitting.saturating_sub(1)).copied() else { break };
        pages.extend(lay(end));
        rest = rest.get(end..).unwrap_or_default().trim_start();
    }
    let n_pages = i64::try_from(pages.len()).unwrap_or(1).max(1);
    let turn = frame.moment.now.as_micros().div_euclid(PAGE).rem_euclid(n_pages);
    if let Some(card) = usize::try_from(turn).ok().and_then(|turn| pages.get(turn)) {
        card.paint(ui, frame, rect);
    }
    Repaint::Within(Duration::from_secs(1))
}
