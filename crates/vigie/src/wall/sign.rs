//! What the wall draws over a screen's content: its number, or a question about it.

use std::sync::Arc;

use egui::{
    Align2, Color32, FontData, FontDefinitions, FontFamily, FontId, LayerId, Order, Painter, Pos2,
    Rect, Vec2, pos2, vec2,
};

/// What is drawn over a screen's content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing.
    #[default]
    None,
    /// The screen's number and what it is, to identify it.
    Number { number: usize, caption: String },
    /// A question that only a person in the room can answer.
    Question { number: usize, question: String },
}

/// The font of signs: contents draw their text in a way of their own, and may not be there at all.
const FONT: &[u8] = include_bytes!("../../../../assets/fonts/InterDisplay.ttf");

/// Segments of a digit: top, upper left, upper right, middle, lower left, lower right, bottom.
const SEGMENTS: [[bool; 7]; 10] = [
    [true, true, true, false, true, true, true],
    [false, false, true, false, false, true, false],
    [true, false, true, true, true, false, true],
    [true, false, true, true, false, true, true],
    [false, true, true, true, false, true, false],
    [true, true, false, true, false, true, true],
    [true, true, false, true, true, true, true],
    [true, false, true, false, false, true, false],
    [true, true, true, true, true, true, true],
    [true, true, true, true, false, true, true],
];

impl Sign {
    /// Gives egui the font, where there is something to say. It is used from the next frame on.
    pub(super) fn install_font(&self, ctx: &egui::Context) {
        if *self == Self::None {
            return;
        }
        let mut fonts = FontDefinitions::empty();
        fonts.font_data.insert("sign".to_owned(), Arc::new(FontData::from_static(FONT)));
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            fonts.families.insert(family, vec!["sign".to_owned()]);
        }
        ctx.set_fonts(fonts);
    }

    /// Draws it in the middle of the screen, over everything else.
    pub(super) fn ui(&self, ui: &egui::Ui) {
        let (number, text, veil) = match self {
            Self::None => return,
            Self::Number { number, caption } => (*number, caption, 160),
            Self::Question { number, question } => (*number, question, 216),
        };
        let screen = ui.ctx().content_rect();
        let painter =
            ui.ctx().layer_painter(LayerId::new(Order::Foreground, egui::Id::unique("sign")));
        painter.rect_filled(screen, 0.0, Color32::from_black_alpha(veil));
        let height = screen.height().min(screen.width()) * 0.4;
        let center = screen.center() - vec2(0.0, height * 0.25);
        paint_number(
            &painter,
            Rect::from_center_size(center, vec2(screen.width(), height)),
            number,
            Color32::WHITE,
        );
        paint_text(&painter, screen, pos2(screen.center().x, center.y + height * 0.65), text);
    }
}

/// Lines of text under the number, broken where they are wider than the screen.
fn paint_text(painter: &Painter, screen: Rect, top: Pos2, text: &str) {
    let font = FontId::proportional((screen.height() * 0.045).max(9.0));
    let galley = painter.layout(text.to_owned(), font, Color32::WHITE, screen.width() * 0.8);
    let rect = Align2::CENTER_TOP.anchor_size(top, galley.size());
    painter.galley(rect.min, galley, Color32::WHITE);
}

/// Draws a number with seven-segment digits, which need no font, as large as `bounds` allows.
pub(crate) fn paint_number(painter: &Painter, bounds: Rect, number: usize, color: Color32) {
    let digits = number.to_string();
    let n_digits = digits.len() as f32;
    let height = bounds.height().min(bounds.width() / n_digits / 0.75);
    let size = vec2(height * 0.55, height);
    let step = height * 0.75;
    let mut center = bounds.center() - vec2(step * (n_digits - 1.0) * 0.5, 0.0);
    for digit in digits.bytes() {
        let segments = SEGMENTS.get(usize::from(digit.wrapping_sub(b'0')));
        for bar in
            segments.into_iter().flat_map(|lit| bars(Rect::from_center_size(center, size), lit))
        {
            painter.rect_filled(bar, 0.0, color);
        }
        center.x += step;
    }
}

/// The lit bars of one digit.
fn bars(digit: Rect, lit: &[bool; 7]) -> impl Iterator<Item = Rect> {
    let thick = digit.height() * 0.13;
    let flat = |y: f32| Rect::from_min_size(pos2(digit.left(), y), vec2(digit.width(), thick));
    let half = Vec2::new(thick, (digit.height() + thick) * 0.5);
    let upright = |x: f32, y: f32| Rect::from_min_size(pos2(x, y), half);
    let middle = digit.center().y - thick * 0.5;
    let right = digit.right() - thick;
    let all = [
        flat(digit.top()),
        upright(digit.left(), digit.top()),
        upright(right, digit.top()),
        flat(middle),
        upright(digit.left(), middle),
        upright(right, middle),
        flat(digit.bottom() - thick),
    ];
    all.into_iter().zip(*lit).filter_map(|(bar, is_lit)| is_lit.then_some(bar))
}
