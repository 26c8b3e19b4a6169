//! What all widgets draw alike: the cell with its heading, its warning and its empty state; small marks.

use std::sync::Arc;

use egui::{
    Align2, Color32, CornerRadius, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, Vec2,
    WidgetInfo, accesskit::Role, epaint::RectShape, pos2, vec2,
};

use crate::{
    freshness::Freshness,
    text::{Align, Block, Style, TextEngine},
    theme::{Theme, color},
    widget::Frame,
    words::Word,
};

/// A way that something moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Slope {
    /// More than before.
    Up,
    /// As before.
    Flat,
    /// Less than before.
    Down,
}

impl Slope {
    /// The slope from `before` to `now`; what differs by less than `margin` of `before` is flat.
    pub(crate) fn between(before: f64, now: f64, margin: f64) -> Self {
        let change = now - before;
        if change.abs() <= margin * before.abs().max(f64::MIN_POSITIVE) {
            Self::Flat
        } else if change > 0.0 {
            Self::Up
        } else {
            Self::Down
        }
    }
}

impl Frame<'_> {
    /// Paints the cell's ground, its heading with a note at the right, and what is to be warned of.
    /// Returns what is left for the widget.
    pub(crate) fn cell(&mut self, ui: &Ui, title: &str, note: &str) -> Rect {
        self.noted_cell(ui, title, &[note.to_owned()])
    }

    /// The same with a note in several forms, the longest first; the first that fits is shown.
    pub(crate) fn noted_cell(&mut self, ui: &Ui, title: &str, notes: &[String]) -> Rect {
        let Self { theme, rect, .. } = *self;
        self.painter.rect_filled(rect, 0.0, color::GROUND);
        self.painter.rect_filled(rect, theme.radius, color::PANEL);
        let mut inner = rect.shrink2(vec2(theme.gap * 1.1, theme.gap * 0.9));
        let heading = self.heading(inner, title, notes);
        inner.min.y = heading.max.y + theme.gap * 0.7;
        let note = notes.first().map(String::as_str).unwrap_or_default();
        self.announce(ui, heading, &format!("{title} {note}"));
        if let Some(strip) = self.warning(ui) {
            inner.max.y = inner.max.y.min(strip.min.y - theme.gap * 0.6);
        }
        inner.max = inner.max.max(inner.min);
        inner
    }

    fn heading(&mut self, inner: Rect, title: &str, notes: &[String]) -> Rect {
        let theme = self.theme;
        let mut right = inner.max.x;
        if let Freshness::Partial { n_silent, n_sources } = self.moment.freshness {
            let text = format!("{n_silent}/{n_sources}");
            let style = Style::line(theme.body, color::WARN).bold();
            let block = self.text.layout(&text, &style, f32::INFINITY);
            right -= block.size.x;
            self.text.paint(&self.painter, pos2(right, inner.min.y), &block);
            right -= theme.body * 1.1;
            let middle = pos2(right + theme.body * 0.5, inner.min.y + block.middle);
            self.alarm(middle, theme.body * 0.78, color::WARN);
            right -= theme.gap;
        }
        let (title, note) = heading_blocks(self.text, &theme, (title, notes), right - inner.min.x);
        let height = theme.body * 1.25;
        let base = title.baseline.max(note.baseline);
        let corner = pos2(right - note.size.x, inner.min.y + base - note.baseline);
        self.text.paint(&self.painter, corner, &note);
        let corner = pos2(inner.min.x, inner.min.y + base - title.baseline);
        self.text.paint(&self.painter, corner, &title);
        Rect::from_min_max(inner.min, pos2(inner.max.x, inner.min.y + height))
    }

    /// A strip at the foot of the cell where the data is stale.
    fn warning(&mut self, ui: &Ui) -> Option<Rect> {
        let Freshness::Stale { since } = self.moment.freshness else { return None };
        let text = self.moment.freshness.warning(self.moment.words, self.moment.now)?;
        let theme = self.theme;
        let height = theme.body * 1.5;
        let mut strip = self.rect;
        strip.min.y = strip.max.y - height;
        let round = theme.radius as u8;
        let corners = CornerRadius { nw: 0, ne: 0, sw: round, se: round };
        self.painter.rect_filled(strip, corners, color::WARN_GROUND);
        let edge = Rect::from_min_size(strip.min, vec2(strip.width(), theme.stroke));
        self.painter.rect_filled(edge, 0.0, color::WARN);
        let left = strip.min.x + theme.gap * 1.1;
        let middle = strip.center().y + theme.stroke / 2.0;
        self.alarm(pos2(left + theme.body * 0.45, middle), theme.body * 0.85, color::WARN);
        let style = Style::line(theme.body, color::WARN).bold();
        let left = left + theme.body * 1.2;
        // Where there is no room for the words, how long it is says enough.
        let age = since.map(|since| self.moment.now.since(since));
        let short = age.map(|age| format!("−{}", self.moment.words.span(age)));
        let texts: Vec<String> = [text.clone()].into_iter().chain(short).collect();
        let block = self.text.fitting(&texts, &style, (strip.max.x - theme.gap - left).max(1.0));
        self.text.paint(&self.painter, pos2(left, middle - block.middle), &block);
        self.announce(ui, strip, &text);
        Some(strip)
    }

    /// What stands in a cell that has nothing to show: a shape, what is the matter, what comes next.
    pub(crate) fn empty(&mut self, ui: &Ui, area: Rect, (what, next): (Word, Option<Word>)) {
        let theme = self.theme;
        let words = self.moment.words;
        let what = words.say(what);
        let style = Style::lines(theme.title, color::TEXT, 2).bold().aligned(Align::Center);
        let what_block = self.text.layout(what, &style, area.width());
        let style = Style::lines(theme.body, color::QUIET, 3).aligned(Align::Center);
        let next_block = next.map(|next| self.text.layout(words.say(next), &style, area.width()));
        let ring = theme.body * 1.1;
        let words_height = what_block.size.y + next_block.as_ref().map_or(0.0, |next| next.size.y);
        let with_ring = ring * 2.0 + theme.gap + words_height <= area.height();
        let height = words_height + if with_ring { ring * 2.0 + theme.gap } else { 0.0 };
        let mut y = area.min.y + ((area.height() - height) / 2.0).max(0.0);
        if with_ring {
            let center = pos2(area.center().x, y + ring);
            self.painter.circle_stroke(center, ring * 0.8, Stroke::new(theme.stroke, color::LINE));
            self.painter.circle_filled(center, ring * 0.18, color::QUIET);
            y += ring * 2.0 + theme.gap;
        }
        self.text.paint(&self.painter, pos2(area.min.x, y), &what_block);
        y += what_block.size.y;
        if let Some(next) = next_block.filter(|next| y + next.size.y <= area.max.y + 1.0) {
            self.text.paint(&self.painter, pos2(area.min.x, y), &next);
        }
        self.announce(ui, area, what);
    }

    /// Tells those who listen to the screen what stands in `rect`.
    pub(crate) fn announce(&self, ui: &Ui, rect: Rect, text: &str) -> Response {
        let id = ui.scope_id().with((rect.min.x as i32, rect.min.y as i32, rect.max.y as i32));
        let response = ui.interact(rect, id, Sense::empty());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
        response
    }

    /// A triangle with a stroke in it: something is wrong.
    pub(crate) fn alarm(&self, center: Pos2, size: f32, tone: Color32) {
        let half = size / 2.0;
        let corners = vec![
            center + vec2(0.0, -half),
            center + vec2(half * 1.08, half * 0.82),
            center + vec2(-half * 1.08, half * 0.82),
        ];
        self.painter.add(Shape::convex_polygon(corners, tone, Stroke::NONE));
        let stem =
            Rect::from_center_size(center + vec2(0.0, size * 0.04), vec2(size * 0.11, size * 0.34));
        self.painter.rect_filled(stem, 0.0, color::GROUND);
        let dot = Rect::from_center_size(center + vec2(0.0, size * 0.31), Vec2::splat(size * 0.12));
        self.painter.rect_filled(dot, 0.0, color::GROUND);
    }

    /// A triangle that points up or down, or a bar where nothing moves.
    pub(crate) fn slope(&self, center: Pos2, size: f32, slope: Slope, tone: Color32) {
        let half = size / 2.0;
        let way = match slope {
            Slope::Up => -1.0,
            Slope::Down => 1.0,
            // A bar would be read as a minus sign beside a figure.
            Slope::Flat => {
                let corners = vec![
                    center + vec2(half * 0.85, 0.0),
                    center + vec2(-half * 0.75, half),
                    center + vec2(-half * 0.75, -half),
                ];
                self.painter.add(Shape::convex_polygon(corners, tone, Stroke::NONE));
                return;
            }
        };
        let mut corners = vec![
            center + vec2(0.0, half * 0.85 * way),
            center + vec2(half, -half * 0.75 * way),
            center + vec2(-half, -half * 0.75 * way),
        ];
        if way > 0.0 {
            corners.reverse();
        }
        self.painter.add(Shape::convex_polygon(corners, tone, Stroke::NONE));
    }

    /// A line through `values`, from the bottom of `area` for `low` to its top for `high`, with a dot at its end.
    pub(crate) fn spark(&self, area: Rect, values: &[f64], (low, high): (f64, f64), tone: Color32) {
        let range = (high - low).max(f64::MIN_POSITIVE);
        let stroke = self.theme.stroke * 1.2;
        let area = area.shrink(stroke);
        let step = area.width() / (values.len().max(2) - 1) as f32;
        let points: Vec<Pos2> = values
            .iter()
            .enumerate()
            .map(|(idx, value)| {
                let share = ((value - low) / range).clamp(0.0, 1.0) as f32;
                pos2(area.min.x + step * idx as f32, area.max.y - share * area.height())
            })
            .collect();
        let Some(end) = points.last().copied() else { return };
        if points.len() > 1 {
            self.painter.line(points, Stroke::new(stroke, tone));
        }
        self.painter.circle_filled(end, stroke * 1.7, tone);
    }

    /// Bars from the bottom of `area`, the highest as high as `area`.
    pub(crate) fn bars(&self, area: Rect, values: &[u32], tone: Color32) {
        let high = values.iter().copied().max().unwrap_or(0).max(1) as f32;
        let step = area.width() / values.len().max(1) as f32;
        let width = (step * 0.78).max(1.0).min(step);
        for (idx, value) in values.iter().enumerate() {
            let x = area.min.x + step * idx as f32;
            let height = (*value as f32 / high * area.height()).max(self.theme.stroke * 0.5);
            let bar = Rect::from_min_max(pos2(x, area.max.y - height), pos2(x + width, area.max.y));
            self.painter.rect_filled(bar, (width * 0.25).min(self.theme.radius * 0.5), tone);
        }
    }

    /// A bar that is filled from the left to `share`, with a tick at `goal`.
    pub(crate) fn meter(&self, track: Rect, share: f32, goal: Option<f32>, tone: Color32) {
        let round = track.height() / 2.0;
        self.painter.rect_filled(track, round, color::LINE);
        let width = track.width() * share.clamp(0.0, 1.0);
        if width > 0.0 {
            let fill = Rect::from_min_size(
                track.min,
                vec2(width.max(track.height()).min(track.width()), track.height()),
            );
            self.painter.rect_filled(fill, round, tone);
        }
        if let Some(goal) = goal {
            let x = track.min.x + track.width() * goal.clamp(0.0, 1.0);
            let tick = Rect::from_center_size(
                pos2(x, track.center().y),
                vec2(self.theme.stroke * 1.4, track.height() * 2.0),
            );
            self.painter.rect_filled(tick, 0.0, color::TEXT);
        }
    }

    /// A picture that covers `area`, its middle in the middle; a quiet ground while it is missing.
    /// Returns whether the picture is there.
    pub(crate) fn picture(&mut self, area: Rect, address: Option<&str>, radius: f32) -> bool {
        let cover_px = area.size() * self.painter.pixels_per_point();
        let texture =
            address.and_then(|address| self.shelf.texture(self.painter.ctx(), address, cover_px));
        let Some((texture, size)) = texture else {
            self.painter.rect_filled(area, radius, color::LINE);
            return false;
        };
        let factor = (area.width() / size.x).max(area.height() / size.y);
        let shown = area.size() / (size * factor);
        let uv = Rect::from_center_size(pos2(0.5, 0.5), shown);
        let shape = RectShape::filled(area, radius, Color32::WHITE).with_texture(texture.id(), uv);
        self.painter.add(shape);
        true
    }

    /// A text in the middle of `area` or at one of its edges.
    pub(crate) fn placed(
        &mut self,
        area: Rect,
        anchor: Align2,
        (text, style): (&str, &Style),
    ) -> Rect {
        let block = self.text.layout(text, &style.aligned(Align::Left), area.width());
        let corner = anchor.align_size_within_rect(block.size, area).min;
        self.text.paint(&self.painter, corner, &block)
    }
}

/// The title of a cell and its note within `width`: the title shrinks before it is cut.
fn heading_blocks(
    text: &mut TextEngine,
    theme: &Theme,
    (title, notes): (&str, &[String]),
    width: f32,
) -> (Arc<Block>, Arc<Block>) {
    let title_style = Style::line(theme.body, color::TEXT).bold();
    let note_style = Style::line(theme.body, color::QUIET);
    let natural = text.width(title, &title_style);
    let shrunk = natural * theme.least / theme.body;
    // The longest note beside the whole title; else the longest beside the smallest title.
    let room = |title_width: f32| width - title_width * 1.03 - theme.gap;
    let fitting = [natural, shrunk].into_iter().find_map(|title_width| {
        notes.iter().find(|note| text.width(note, &note_style) <= room(title_width))
    });
    let least = width * 0.3;
    let note = match fitting {
        Some(note) => text.layout(note, &note_style, f32::INFINITY),
        None => {
            let note = notes.last().map(String::as_str).unwrap_or_default();
            text.fit(note, &note_style, room(shrunk).max(least), theme.least)
        }
    };
    let gap = if note.size.x > 0.0 { theme.gap } else { 0.0 };
    let left = (width - note.size.x - gap).max(1.0);
    (text.fit(title, &title_style, left, theme.least), note)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::setup;

    /// Headings at six meters, in a cell of a third of a screen.
    #[track_caller]
    fn check(title: &str, notes: &[&str], expected: &str) {
        let mut text = TextEngine::new(&setup().fonts);
        text.begin_frame(1.0);
        let notes: Vec<_> = notes.iter().map(|note| (*note).to_owned()).collect();
        let theme = Theme::of_body(57.0);
        let (title, note) = heading_blocks(&mut text, &theme, (title, &notes), 570.0);
        assert!(!title.cut, "{} is cut", title.text);
        assert_eq!(&*note.text, expected);
        assert!(title.size.x + note.size.x < 570.0);
    }

    #[test]
    fn titles_shrink_before_they_are_cut() {
        check("X", &["2 361 messages", "2 361"], "2 361 messages");
        check("Facebook", &["1 309 messages", "1 309"], "1 309");
        check("Bluesky, Mastodon", &["992 messages", "992"], "992");
        check("Sujets en hausse", &["15 min · il y a 2 min", "il y a 2 min", "−2 min"], "−2 min");
        check("Sur 15 minutes", &[], "");
    }
}
