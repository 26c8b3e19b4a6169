//! Fields in which people write.

use egui::{Id, Margin, Rect, Stroke, TextEdit, UiBuilder, vec2};
use vigie_widgets::theme::color;

use super::{Pen, size};

/// More letters than this nobody writes into a field of one line.
const MAX_CHARS: usize = 200;

impl Pen<'_> {
    /// A field of one line; returns whether its text has changed.
    pub(crate) fn field(
        &mut self,
        rect: Rect,
        (id, name): (Id, &str),
        text: &mut String,
        wants_focus: bool,
    ) -> bool {
        self.ui.painter().rect_filled(rect, size::ROUND, color::GROUND);
        let inner = rect.shrink2(vec2(10.0, 0.0));
        let mut child = self.ui.new_child(UiBuilder::new().max_rect(inner).id_salt(id));
        let edit = TextEdit::singleline(text)
            .id(id)
            .frame(egui::Frame::NONE)
            .margin(Margin::ZERO)
            .char_limit(MAX_CHARS)
            .align(egui::Align2::LEFT_CENTER)
            .min_size(inner.size())
            .desired_width(inner.width());
        let response = child.add(edit).labelled(name);
        if wants_focus {
            response.request_focus();
        }
        let (width, tone) =
            if response.has_focus() { (2.0, color::ACCENT) } else { (1.0, color::LINE) };
        self.ui.painter().rect_stroke(
            rect,
            size::ROUND,
            Stroke::new(width, tone),
            egui::StrokeKind::Inside,
        );
        response.changed()
    }
}

/// A response that says its name to those who listen.
trait Labelled {
    fn labelled(self, name: &str) -> Self;
}

impl Labelled for egui::Response {
    fn labelled(self, name: &str) -> Self {
        self.ctx.accesskit_node_builder(self.id, |node| node.set_label(name));
        self
    }
}
