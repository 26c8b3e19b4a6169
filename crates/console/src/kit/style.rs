//! egui's own look, where egui draws something itself: fields and their cursor.

use egui::{Context, CornerRadius, FontId, Stroke, TextStyle, Theme, Visuals};
use vigie_widgets::{Fonts, theme::color};

use super::size;

/// Gives egui our fonts and colors; they hold from the next frame on.
pub(crate) fn dress(ctx: &Context) {
    ctx.set_fonts(Fonts::for_fields());
    ctx.set_theme(Theme::Dark);
    ctx.all_styles_mut(|style| {
        style.visuals = visuals();
        style.animation_time = 0.0;
        for text_style in [TextStyle::Body, TextStyle::Button, TextStyle::Monospace] {
            style.text_styles.insert(text_style, FontId::proportional(size::BODY + 1.0));
        }
        // Text is chosen in fields only.
        style.interaction.selectable_labels = false;
    });
}

fn visuals() -> Visuals {
    let mut visuals = Visuals::dark();
    visuals.override_text_color = Some(color::TEXT);
    visuals.weak_text_color = Some(color::QUIET);
    visuals.panel_fill = color::GROUND;
    visuals.window_fill = color::PANEL;
    visuals.extreme_bg_color = color::GROUND;
    visuals.text_edit_bg_color = Some(color::GROUND);
    visuals.selection.bg_fill = color::CHOSEN;
    visuals.selection.stroke = Stroke::new(size::STROKE, color::ACCENT);
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(2.0, color::ACCENT);
    let widgets = &mut visuals.widgets;
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.bg_fill = color::CARD;
        widget.weak_bg_fill = color::CARD;
        widget.bg_stroke = Stroke::new(1.0, color::LINE);
        widget.fg_stroke = Stroke::new(1.0, color::TEXT);
        widget.corner_radius = CornerRadius::same(size::ROUND as u8);
        widget.expansion = 0.0;
    }
    visuals
}
