//! A sentence or a picture that the room file gives: a purpose, a hashtag, a logo.

use egui::{Rect, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Need, OptionError};

use crate::{
    text::{Align, Face, Style},
    theme::color,
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
};

entry!("text", "A sentence or a picture", TextWidget, TextOptions);

/// Longer texts are not for a wall.
const MAX_CHARS: usize = 600;

/// Lines of the largest text.
const MAX_LINES: usize = 8;

/// The options of a text.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextOptions {
    /// What is to be read, as large as the cell allows.
    text: String,
    /// What stands below it, smaller.
    #[serde(default)]
    caption: Option<String>,
    /// The address of a picture that stands beside it.
    #[serde(default)]
    picture: Option<String>,
}

#[derive(Debug)]
pub(crate) struct TextWidget {
    options: TextOptions,
}

impl TextWidget {
    fn new(options: TextOptions) -> Result<Self, OptionError> {
        if options.text.chars().count() > MAX_CHARS {
            return Err(OptionError::new("text", "a wall's text has at most 600 characters"));
        }
        if options.picture.as_deref().is_some_and(|address| !address.starts_with("https://")) {
            return Err(OptionError::new("picture", "a picture's address begins with `https://`"));
        }
        Ok(Self { options })
    }
}

impl Widget for TextWidget {
    fn needs(&self) -> Vec<Need> {
        vec![]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        let pictures = self.options.picture.is_some().then_some(moment.pictures_version);
        Stamp::default().with(pictures).finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let theme = frame.theme;
        frame.painter.rect_filled(frame.rect, 0.0, color::GROUND);
        frame.painter.rect_filled(frame.rect, theme.radius, color::PANEL);
        let mut area = frame.rect.shrink(theme.gap * 1.1);
        if let Some(address) = &self.options.picture {
            let side = area.height().min(area.width() * 0.3);
            let square = Rect::from_min_size(
                pos2(area.min.x, area.center().y - side / 2.0),
                vec2(side, side),
            );
            frame.picture(square, Some(address), theme.radius);
            area.min.x += side + theme.gap;
        }
        let caption = self.options.caption.as_deref().unwrap_or_default();
        let style = Style::lines(theme.body, color::QUIET, 2).aligned(Align::Center);
        let caption = frame.text.layout(caption, &style, area.width());
        let caption_height = if !caption.text.is_empty() && area.height() > theme.body * 3.5 {
            caption.size.y
        } else {
            0.0
        };
        let upper = vec2(area.width(), area.height() - caption_height);
        let block = largest(frame, &self.options.text, upper);
        let height = block.size.y + caption_height;
        let y = area.center().y - height / 2.0;
        frame.text.paint(&frame.painter, pos2(area.min.x, y), &block);
        if caption_height > 0.0 {
            frame.text.paint(&frame.painter, pos2(area.min.x, y + block.size.y), &caption);
        }
        frame.announce(ui, frame.rect, &self.options.text);
        Repaint::OnStamp
    }
}

/// The text in the largest size in which no line breaks within a word and all lines fit.
fn largest(frame: &mut Frame<'_>, text: &str, room: egui::Vec2) -> std::sync::Arc<crate::Block> {
    let body = frame.theme.body;
    let longest =
        text.split_whitespace().max_by_key(|word| word.chars().count()).unwrap_or_default();
    let styled = |size: f32| Style {
        face: Face::Display,
        line_height: 1.12,
        ..Style::lines(size, color::TEXT, MAX_LINES).bold().aligned(Align::Center)
    };
    let mut size = (room.y * 0.8).max(body);
    loop {
        let block = frame.text.layout(text, &styled(size), room.x);
        let fits = block.size.y <= room.y && !block.cut;
        if size <= body || (fits && frame.text.width(longest, &styled(size)) <= room.x) {
            let n_lines = ((room.y / (size * 1.12)) as usize).clamp(1, MAX_LINES);
            return frame.text.layout(text, &Style { max_lines: n_lines, ..styled(size) }, room.x);
        }
        size = (size * 0.86).max(body);
    }
}
