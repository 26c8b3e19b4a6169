//! What a view draws with, and what it tells of the person's doing.

use std::sync::Arc;

use egui::{
    Align2, Color32, Id, Pos2, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo,
    accesskit::Role, pos2, vec2,
};
use vigie_model::Explainer;
use vigie_widgets::{Align, Block, Shelf, Style, TextEngine, Words, theme::color};

use super::size;
use crate::{act::Act, label::Label, moment::Moment};

/// What a view draws with.
pub(crate) struct Pen<'a> {
    pub(crate) ui: &'a mut Ui,
    pub(crate) text: &'a mut TextEngine,
    pub(crate) shelf: &'a mut Shelf,
    pub(crate) explainer: Option<&'a dyn Explainer>,
    pub(crate) words: &'a Words,
    pub(crate) moment: Moment<'a>,
    /// What the person has done in this frame.
    pub(crate) acts: &'a mut Vec<Act>,
    /// Rows of lists that were laid out in this frame.
    pub(crate) n_rows: usize,
    /// Whether something lies over what is drawn now, and takes its clicks.
    pub(crate) is_covered: bool,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As all others.
    #[default]
    Plain,
    /// What is chosen, or switched on.
    On,
    /// What takes something away.
    Bad,
    /// What goes on air.
    Air,
    /// What warns.
    Warn,
    /// What cannot be done now.
    Off,
}

impl Kind {
    /// On, or as all others.
    pub(crate) const fn on(is_on: bool) -> Self {
        if is_on { Self::On } else { Self::Plain }
    }

    const fn colors(self) -> (Color32, Color32, Color32) {
        match self {
            Self::Plain => (color::CARD, color::LINE, color::TEXT),
            Self::On => (color::CHOSEN, color::ACCENT, color::TEXT),
            Self::Bad => (color::CARD, color::BAD, color::BAD),
            Self::Air => (color::ON_AIR, color::ON_AIR, color::TEXT),
            Self::Warn => (color::WARN_GROUND, color::WARN, color::WARN),
            Self::Off => (color::PANEL, color::LINE, color::NEUTRAL),
        }
    }
}

/// A button with its key.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Button<'a> {
    pub(crate) label: &'a str,
    /// The key that does the same; may be empty.
    pub(crate) key: &'a str,
    pub(crate) kind: Kind,
}

impl Pen<'_> {
    /// A word in the console's language.
    pub(crate) const fn say(&self, label: Label) -> &'static str {
        label.text(self.words.locale)
    }

    /// Notes what the person has done.
    pub(crate) fn act(&mut self, act: Act) {
        self.acts.push(act);
    }

    pub(crate) fn fill(&self, rect: Rect, round: f32, tone: Color32) {
        self.ui.painter().rect_filled(rect, round, tone);
    }

    pub(crate) fn outline(&self, rect: Rect, round: f32, (width, tone): (f32, Color32)) {
        let stroke = Stroke::new(width, tone);
        self.ui.painter().rect_stroke(rect, round, stroke, StrokeKind::Inside);
    }

    pub(crate) fn lay(&mut self, text: &str, style: &Style, width: f32) -> Arc<Block> {
        self.text.layout(text, style, width.max(1.0))
    }

    pub(crate) fn paint(&mut self, corner: Pos2, block: &Block) -> Rect {
        self.text.paint(self.ui.painter(), corner, block)
    }

    /// One line in the middle of `rect`'s height, at its left, middle or right.
    pub(crate) fn middle(
        &mut self,
        rect: Rect,
        anchor: Align2,
        (text, style): (&str, &Style),
    ) -> Rect {
        let block = self.lay(text, &style.aligned(Align::Left), rect.width());
        let x = anchor.align_size_within_rect(block.size, rect).min.x;
        self.paint(pos2(x, rect.center().y - block.middle), &block)
    }

    /// The ground of a part of a view, with its heading and a note at the right; returns what is left.
    pub(crate) fn panel(&mut self, rect: Rect, title: &str, note: &str) -> Rect {
        self.fill(rect, size::GAP, color::PANEL);
        let inner = rect.shrink2(vec2(size::PAD, size::PAD - 2.0));
        let head = Rect::from_min_size(inner.min, vec2(inner.width(), size::LINE));
        let style = Style::line(size::HEAD, color::TEXT).bold();
        let note_rect = self.middle(
            head,
            Align2::RIGHT_CENTER,
            (note, &Style::line(size::SMALL, color::QUIET)),
        );
        let left = (note_rect.min.x - size::GAP - head.min.x).max(1.0);
        let place = Rect::from_min_size(head.min, vec2(left, head.height()));
        self.middle(place, Align2::LEFT_CENTER, (title, &style));
        self.announce(head, &format!("{title} {note}"));
        let top = head.max.y + size::GAP;
        Rect::from_min_max(pos2(inner.min.x, top), inner.max.max(pos2(inner.min.x, top)))
    }

    /// Tells those who listen what stands in `rect`.
    pub(crate) fn announce(&self, rect: Rect, text: &str) {
        let id = Id::unique(("said", rect.min.x as i32, rect.min.y as i32, rect.max.y as i32));
        let response = self.ui.interact(rect, id, Sense::empty());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    }

    /// A button that fills `rect`.
    pub(crate) fn button(&mut self, rect: Rect, button: Button<'_>) -> bool {
        let response = self.control(rect, button.label, button.kind);
        let inner = rect.shrink2(vec2(10.0, 0.0));
        let (_, _, words) = button.kind.colors();
        // Where there is no room for both, the words go first: the sheet of keys has the key too.
        let key = if self.has_room(inner.width(), button) { button.key } else { "" };
        let cap = self.key(inner, key);
        let right = if key.is_empty() { inner.max.x } else { cap.min.x - 6.0 };
        let room = Rect::from_min_max(inner.min, pos2(right, inner.max.y));
        let anchor = if key.is_empty() { Align2::CENTER_CENTER } else { Align2::LEFT_CENTER };
        let style = Style::line(size::BODY, words);
        let block = self.text.fit(button.label, &style, room.width().max(1.0), size::SMALL - 1.0);
        let x = anchor.align_size_within_rect(block.size, room).min.x;
        self.paint(pos2(x.max(room.min.x), rect.center().y - block.middle), &block);
        response.clicked() && button.kind != Kind::Off
    }

    /// Whether a button's words and its key stand beside each other in `width`.
    fn has_room(&mut self, width: f32, button: Button<'_>) -> bool {
        let words = self.text.width(button.label, &Style::line(size::SMALL, color::TEXT));
        let key = self.text.width(button.key, &Style::line(size::SMALL - 1.0, color::TEXT).bold());
        words + (key + 10.0).max(20.0) + 6.0 <= width
    }

    /// The ground of a button, and what is done to it.
    pub(crate) fn control(&self, rect: Rect, name: &str, kind: Kind) -> Response {
        let id = Id::unique(("control", name, rect.min.x as i32, rect.min.y as i32));
        let response = self.ui.interact(rect, id, Sense::click());
        let is_on = kind == Kind::On;
        let enabled = kind != Kind::Off;
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, enabled, name);
            info.selected = is_on.then_some(true);
            info
        });
        let (ground, edge, _) = kind.colors();
        let lit = response.hovered() && enabled && matches!(kind, Kind::Plain | Kind::Bad);
        self.fill(rect, size::ROUND, if lit { color::HOVER } else { ground });
        self.outline(rect, size::ROUND, (1.0, edge));
        self.focus_ring(&response);
        response
    }

    /// The ring around what has the keyboard.
    pub(crate) fn focus_ring(&self, response: &Response) {
        if response.has_focus() {
            let stroke = Stroke::new(2.0, color::TEXT);
            self.ui.painter().rect_stroke(
                response.rect.expand(1.0),
                size::ROUND + 1.0,
                stroke,
                StrokeKind::Outside,
            );
        }
    }

    /// The cap of a key at the right of `rect`; returns where it lies.
    pub(crate) fn key(&mut self, rect: Rect, key: &str) -> Rect {
        if key.is_empty() {
            return Rect::from_min_max(rect.right_top(), rect.right_top());
        }
        let style = Style::line(size::SMALL - 1.0, color::QUIET).bold();
        let block = self.lay(key, &style, f32::INFINITY);
        let width = (block.size.x + 10.0).max(20.0);
        let cap = Rect::from_center_size(
            pos2(rect.max.x - width / 2.0, rect.center().y),
            vec2(width, 20.0),
        );
        self.fill(cap, 4.0, color::GROUND);
        self.outline(cap, 4.0, (1.0, color::LINE));
        self.text.centered(self.ui.painter(), cap.center(), &block);
        cap
    }

    /// A word in a colored frame at `corner`; returns where it lies.
    pub(crate) fn chip(&mut self, corner: Pos2, text: &str, tone: Color32, width: f32) -> Rect {
        let style = Style::line(size::SMALL, tone).bold();
        let block = self.lay(text, &style, width - 14.0);
        let rect = Rect::from_min_size(corner, vec2(block.size.x + 14.0, 22.0));
        self.fill(rect, 4.0, color::GROUND);
        self.outline(rect, 4.0, (1.0, tone));
        self.paint(pos2(rect.min.x + 7.0, rect.center().y - block.middle), &block);
        rect
    }

    /// Chips beside each other from `corner` on, as many as fit; returns where the next one would begin.
    pub(crate) fn chips(&mut self, corner: Pos2, chips: &[(String, Color32)], right: f32) -> f32 {
        let mut x = corner.x;
        for (text, tone) in chips {
            let width = self.text.width(text, &Style::line(size::SMALL, *tone).bold()) + 14.0;
            if x + width > right {
                break;
            }
            x = self.chip(pos2(x, corner.y), text, *tone, width + 1.0).max.x + 6.0;
        }
        x
    }

    /// A row of a list; clicks choose it.
    pub(crate) fn row(&mut self, rect: Rect, (id, name): (Id, &str), chosen: bool) -> Response {
        self.n_rows += 1;
        let seen = rect.intersect(self.ui.clip_rect());
        let response = self.ui.interact(seen, id, Sense::CLICK);
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, name));
        let ground = if chosen {
            color::CHOSEN
        } else if response.hovered() {
            color::HOVER
        } else {
            color::CARD
        };
        self.fill(rect, size::ROUND, ground);
        if chosen {
            let edge = Rect::from_min_size(rect.min, vec2(4.0, rect.height()));
            self.fill(edge, 2.0, color::ACCENT);
            self.outline(rect, size::ROUND, (1.0, color::ACCENT));
        }
        response
    }

    /// What stands where there is nothing.
    pub(crate) fn empty(&mut self, area: Rect, what: &str, next: &str) {
        let center = area.center();
        let style = Style::lines(size::BODY + 2.0, color::TEXT, 2).bold().aligned(Align::Center);
        let what_block = self.lay(what, &style, area.width());
        let style = Style::lines(size::BODY, color::QUIET, 3).aligned(Align::Center);
        let next_block = self.lay(next, &style, area.width());
        let ring = pos2(center.x, center.y - 46.0);
        self.ui.painter().circle_stroke(ring, 16.0, Stroke::new(2.0, color::LINE));
        self.ui.painter().circle_filled(ring, 4.0, color::QUIET);
        self.paint(pos2(area.min.x, center.y - 16.0), &what_block);
        self.paint(pos2(area.min.x, center.y - 10.0 + what_block.size.y), &next_block);
        self.announce(area, &format!("{what} {next}"));
    }

    /// A triangle with a stroke in it: something is wrong.
    pub(crate) fn alarm(&self, center: Pos2, side: f32, tone: Color32) {
        let half = side / 2.0;
        let corners = vec![
            center + vec2(0.0, -half),
            center + vec2(half * 1.1, half * 0.85),
            center + vec2(-half * 1.1, half * 0.85),
        ];
        let painter = self.ui.painter();
        painter.add(Shape::convex_polygon(corners, tone, Stroke::NONE));
        let stem = Rect::from_center_size(center + vec2(0.0, side * 0.04), vec2(2.0, side * 0.34));
        painter.rect_filled(stem, 0.0, color::GROUND);
        let dot = Rect::from_center_size(center + vec2(0.0, side * 0.31), vec2(2.0, 2.0));
        painter.rect_filled(dot, 0.0, color::GROUND);
    }

    /// Draws what lies in `area` only.
    pub(crate) fn within<T>(&mut self, area: Rect, draw: impl FnOnce(&mut Pen<'_>) -> T) -> T {
        let before = self.ui.clip_rect();
        self.ui.set_clip_rect(before.intersect(area));
        let drawn = draw(self);
        self.ui.set_clip_rect(before);
        drawn
    }

    /// A name of a thing, and the thing, on one line.
    pub(crate) fn fact(&mut self, rect: Rect, (name, value): (&str, &str), tone: Color32) {
        let share = (rect.width() * 0.4).min(150.0);
        let left = Rect::from_min_size(rect.min, vec2(share, rect.height()));
        let right = Rect::from_min_max(pos2(rect.min.x + share, rect.min.y), rect.max);
        self.middle(left, Align2::LEFT_CENTER, (name, &Style::line(size::SMALL, color::QUIET)));
        self.middle(right, Align2::LEFT_CENTER, (value, &Style::line(size::SMALL, tone)));
        self.announce(rect, &format!("{name}: {value}"));
    }
}
