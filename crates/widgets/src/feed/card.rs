//! One post as a card: author, network, age, text, picture.

use std::{ops::Range, sync::Arc};

use egui::{Color32, Pos2, Rect, Ui, Vec2, pos2, vec2};
use vigie_model::{Explainer, FeedItem, Media, Post, SpanKind};

use super::{
    picture::{avatar_ui, media_ui},
    reasons::{self, Marked},
};
use crate::{
    marks,
    text::{Block, Style, TextEngine},
    theme::{Theme, color},
    widget::Frame,
    words::Word,
};

/// From this width on, in heights of type, a picture stands beside the text.
const WIDE: f32 = 18.0;

/// The picture's part of a wide card.
const PICTURE_SHARE: f32 = 0.37;

/// Heights of a picture in heights of type: the least that shows anything, and the most that a card
/// takes while other cards wait.
const PICTURE_HEIGHT: (f32, f32) = (2.4, 6.0);

/// Distance of a text's lines in heights of type.
const LINE: f32 = 1.34;

/// What a card may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The room that is left in its column.
    pub(super) room: Vec2,
    /// Lines of text.
    pub(super) n_lines: usize,
    /// Whether no card stands above it: it is drawn even where there is too little room.
    pub(super) first: bool,
    /// Whether pictures are shown.
    pub(super) media: bool,
}

/// The lines that a card must show at least, or all of its text, to be worth its place below another.
pub(super) fn least_lines(theme: &Theme, width: f32) -> usize {
    if width >= theme.body * WIDE { 2 } else { 3 }
}

/// A post that is laid out.
#[derive(Debug)]
pub(super) struct Card {
    item: Arc<FeedItem>,
    text: Option<Arc<Block>>,
    /// What the text says, with its marks and colors.
    says: Marked,
    text_width: f32,
    picture: Option<PicturePlace>,
    head: f32,
    pad: f32,
    /// How high it is.
    pub(super) height: f32,
}

/// Where the first picture of a post stands in its card.
#[derive(Clone, Copy, Debug)]
struct PicturePlace {
    beside: bool,
    size: Vec2,
    /// The height at which all of it shows.
    natural: f32,
}

impl Card {
    /// Lays a card out so that it fits into its room; nothing where it would say too little.
    pub(super) fn new(
        (text, explainer): (&mut TextEngine, Option<&dyn Explainer>),
        theme: &Theme,
        item: &Arc<FeedItem>,
        limits: Limits,
    ) -> Option<Self> {
        let Limits { room, first, .. } = limits;
        let pad = theme.gap * 0.8;
        let width = (room.x - pad * 2.0 - accent_width(theme)).max(1.0);
        let head = head_height(theme, room, first);
        let most = room.y - pad * 2.0;
        let post = &item.post;
        let media = limits.media.then(|| post.media.first()).flatten();
        let beside = media.is_some() && width >= theme.body * WIDE;
        let picture_width = if beside { width * PICTURE_SHARE } else { width };
        let text_width = if beside { width - picture_width - pad * 1.5 } else { width };
        let n_free = ((most - head - pad * 0.4) / (theme.body * LINE)).floor().max(0.0) as usize;
        let n_lines = limits.n_lines.min(n_free);
        let says = says(post, explainer);
        let block = (n_lines > 0).then(|| lay_text(text, theme, &says, (n_lines, text_width)));
        let least = least_lines(theme, room.x).min(limits.n_lines);
        let says_enough =
            first || block.as_ref().is_some_and(|block| !block.cut || block.n_lines >= least);
        if !says_enough || (!first && most < head) {
            return None;
        }
        let block = block.filter(|block| block.n_lines > 0);
        let mut card = Self {
            item: Arc::clone(item),
            says,
            text: block,
            text_width,
            picture: None,
            head,
            pad,
            height: 0.0,
        };
        let words = card.words_height();
        card.picture = media.and_then(|media| {
            let natural = picture_width * aspect(media);
            let (lowest, highest) = PICTURE_HEIGHT;
            let free = if beside { most } else { most - words - pad };
            let wanted = natural.min(theme.body * highest).min(free);
            let size = vec2(picture_width, wanted);
            (wanted >= theme.body * lowest).then_some(PicturePlace { beside, size, natural })
        });
        card.height = card.content_height() + pad * 2.0;
        if card.height > room.y + 0.5 && !first {
            return None;
        }
        card.height = card.height.min(room.y.max(0.0));
        Some(card)
    }

    /// Whether it shows all of the text.
    pub(super) fn is_whole(&self) -> bool {
        self.item.post.text.trim().is_empty() || self.text.as_ref().is_some_and(|text| !text.cut)
    }

    /// Lines of text that it shows.
    #[cfg(test)]
    pub(super) fn n_lines(&self) -> usize {
        self.text.as_ref().map_or(0, |text| text.n_lines)
    }

    /// Shows more of a text that is cut, and returns how much of the room `left` that took.
    pub(super) fn lengthen(
        &mut self,
        text: &mut TextEngine,
        theme: &Theme,
        (left, most_lines): (f32, usize),
    ) -> f32 {
        let Some(block) = self.text.clone().filter(|block| block.cut) else { return 0.0 };
        let line = theme.body * LINE;
        // Beside a picture there may be room already.
        let hidden = (self.height - self.pad * 2.0 - self.words_height()).max(0.0);
        let hidden = if self.picture.is_some_and(|picture| !picture.beside) { 0.0 } else { hidden };
        let n_more = ((left + hidden) / line).floor().max(0.0) as usize;
        let n_lines = (block.n_lines + n_more).min(most_lines);
        if n_lines <= block.n_lines {
            return 0.0;
        }
        self.text = Some(lay_text(text, theme, &self.says, (n_lines, self.text_width)));
        self.grown(left)
    }

    /// Shows more of a picture, and returns how much of the room `left` that took.
    pub(super) fn enlarge(&mut self, left: f32) -> f32 {
        let Some(picture) = &mut self.picture else { return 0.0 };
        picture.size.y = picture.natural.min(picture.size.y + left).max(picture.size.y);
        self.grown(left)
    }

    /// Takes what its content needs, at most `left` more.
    fn grown(&mut self, left: f32) -> f32 {
        let wanted = self.content_height() + self.pad * 2.0;
        let more = (wanted - self.height).clamp(0.0, left.max(0.0));
        self.height += more;
        more
    }

    /// The height of head and text.
    fn words_height(&self) -> f32 {
        self.head + self.text.as_ref().map_or(0.0, |text| text.size.y + self.pad * 0.4)
    }

    fn content_height(&self) -> f32 {
        match self.picture {
            None => self.words_height(),
            Some(picture) if picture.beside => self.words_height().max(picture.size.y),
            Some(picture) => self.words_height() + self.pad + picture.size.y,
        }
    }

    /// Draws the card.
    pub(super) fn paint(&self, ui: &Ui, frame: &mut Frame<'_>, rect: Rect) {
        let theme = frame.theme;
        let post = &self.item.post;
        let network = post.id.network.as_str();
        frame.painter.rect_filled(rect, theme.radius, color::CARD);
        let edge = accent_width(&theme);
        let mut bar = rect.shrink2(vec2(0.0, theme.radius));
        bar.max.x = bar.min.x + edge;
        frame.painter.rect_filled(bar, edge / 2.0, color::network(network));
        let mut inner = rect.shrink(self.pad);
        inner.min.x += edge;
        // What the card has too much of lies above and below its words alike.
        let beside = self.picture.is_some_and(|picture| picture.beside);
        let content = if beside { self.words_height() } else { self.content_height() };
        let centered = if beside { 0.0 } else { (inner.height() - content).max(0.0) / 2.0 };
        let corner = pos2(inner.min.x, inner.min.y + centered);
        self.head_ui(frame, Rect::from_min_size(corner, vec2(self.text_width, self.head)));
        let mut y = corner.y + self.head;
        if let Some(text) = &self.text {
            y += self.pad * 0.4;
            frame.text.paint(&frame.painter, pos2(inner.min.x, y), text);
            y += text.size.y;
        }
        if let (Some(media), Some(picture)) = (post.media.first(), self.picture) {
            let area = if picture.beside {
                Rect::from_min_max(pos2(inner.max.x - picture.size.x, inner.min.y), inner.max)
            } else {
                Rect::from_min_size(pos2(inner.min.x, y + self.pad), picture.size)
            };
            media_ui(frame, area, media, post.media.len());
        }
        let name = post.author.display_name();
        frame.announce(ui, rect, &format!("{name}, {}: {}", marks::name(network), post.text));
    }

    /// Author, network, age.
    fn head_ui(&self, frame: &mut Frame<'_>, area: Rect) {
        let theme = frame.theme;
        let post = &self.item.post;
        let author = &post.author;
        let two_lines = area.height() > theme.body * 2.0;
        let side = area.height() * if two_lines { 0.92 } else { 1.0 };
        let face = Rect::from_min_size(area.min, Vec2::splat(side));
        avatar_ui(frame, face, author.display_name(), author.avatar.as_deref());
        let left = face.max.x + theme.gap * 0.9;
        let age = frame.moment.words.age(frame.moment.now.since(post.published));
        // Many copies of one text are one card with their number.
        let age = match self.item.n_copies {
            0 | 1 => age,
            n_copies => {
                format!("×{} · {age}", frame.moment.words.count(u64::from(n_copies)))
            }
        };
        let row = Rect::from_min_max(pos2(left, area.min.y), area.max);
        let texts = (author.display_name(), age.as_str());
        let head = Head::new(frame.text, &theme, texts, (row.width(), two_lines));
        let second = area.min.y + theme.body * 1.22;
        let age_y = if head.age_below { second } else { area.min.y };
        frame.text.paint(&frame.painter, pos2(area.max.x - head.age.size.x, age_y), &head.age);
        // A smaller name stands on the same base line.
        let down = (head.age.baseline - head.name.baseline).max(0.0);
        frame.text.paint(&frame.painter, row.min + vec2(0.0, down), &head.name);
        if two_lines {
            let age = if head.age_below { head.age.size.x + theme.gap } else { 0.0 };
            self.origin_ui(frame, pos2(left, second), (row.width() - age, head.age_below));
        }
    }

    /// The network's mark and name, and what else is to be known of the post.
    fn origin_ui(&self, frame: &mut Frame<'_>, corner: Pos2, (width, tight): (f32, bool)) {
        let theme = frame.theme;
        let post = &self.item.post;
        let network = post.id.network.as_str();
        let size = theme.body * 0.86;
        frame.mark(corner + vec2(size / 2.0, theme.body * 0.62), size, network);
        // What fits is shown; what does not is left out from the end.
        let mut texts = vec![marks::name(network).to_owned()];
        let words = frame.moment.words;
        for (holds, word) in
            [(post.reply_to.is_some(), Word::Reply), (post.edited.is_some(), Word::Edited)]
        {
            if holds && let Some(before) = texts.last() {
                texts.push(format!("{before} · {}", words.say(word)));
            }
        }
        if !author_is_named_by_handle(post)
            && let Some(before) = texts.last()
        {
            texts.push(format!("{before} · @{}", post.author.handle));
        }
        texts.reverse();
        if tight {
            // The mark alone names the network too.
            texts.push(String::new());
        }
        let left = size + theme.gap * 0.6;
        let quiet = Style::line(theme.body, color::QUIET);
        let block = frame.text.fitting(&texts, &quiet, (width - left).max(1.0));
        frame.text.paint(&frame.painter, corner + vec2(left, 0.0), &block);
    }
}

/// The words at the head of a card: the name has the first right to the room.
struct Head {
    name: Arc<Block>,
    age: Arc<Block>,
    /// Whether the age stands beside the network, so that the name is whole.
    age_below: bool,
}

impl Head {
    fn new(
        text: &mut TextEngine,
        theme: &Theme,
        (name, age): (&str, &str),
        (width, two_lines): (f32, bool),
    ) -> Self {
        let style = Style::line(theme.body, color::TEXT).bold();
        let age = text.layout(age, &Style::line(theme.body, color::QUIET), width * 0.7);
        let beside = (width - age.size.x - theme.gap).max(1.0);
        let age_below = two_lines && text.width(name, &style) > beside;
        let room = if age_below { width.max(1.0) } else { beside };
        Self { name: text.fit(name, &style, room, theme.least), age, age_below }
    }
}

/// The text of a post with the colors of its parts, and with the reasons for its score where they are asked for.
#[must_use]
pub fn says(post: &Post, explainer: Option<&dyn Explainer>) -> Marked {
    let colors = marked(post);
    match explainer {
        Some(explainer) => reasons::marked(post, &explainer.explain(post), &colors),
        None => Marked { text: post.text.to_string(), colors },
    }
}

fn lay_text(
    text: &mut TextEngine,
    theme: &Theme,
    says: &Marked,
    (n_lines, width): (usize, f32),
) -> Arc<Block> {
    let style = Style::lines(theme.body, color::TEXT, n_lines);
    text.layout_marked(&says.text, &says.colors, &style, width)
}

/// The height of a picture to its width.
fn aspect(media: &Media) -> f32 {
    match media.size_px {
        Some((across, down)) if across > 0 => down as f32 / across as f32,
        _ => 0.5625,
    }
}

fn accent_width(theme: &Theme) -> f32 {
    theme.stroke * 1.6
}

/// The head of a card has two lines; the only card of a low cell has one.
fn head_height(theme: &Theme, room: Vec2, first: bool) -> f32 {
    if first && room.y < theme.body * 5.5 { theme.body * 1.35 } else { theme.body * 2.5 }
}

/// The parts of a post's text that have colors of their own.
fn marked(post: &Post) -> Vec<(Range<usize>, Color32)> {
    post.spans
        .iter()
        .filter(|span| post.text.get(span.range()).is_some())
        .map(|span| match &span.kind {
            SpanKind::Link(_) | SpanKind::Mention(_) | SpanKind::Tag(_) => {
                (span.range(), color::LINK)
            }
        })
        .collect()
}

/// Whether the handle would only repeat the name, or is not known.
fn author_is_named_by_handle(post: &Post) -> bool {
    let author = &post.author;
    author.handle.is_empty() || author.display_name() == author.handle.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::setup;

    #[track_caller]
    fn check(name: &str, width: f32, age_below: bool) {
        let mut text = TextEngine::new(&setup().fonts);
        text.begin_frame(1.0);
        let theme = Theme::of_body(57.0);
        let head = Head::new(&mut text, &theme, (name, "< 1 min"), (width, true));
        assert!(!head.name.cut, "{}", head.name.text);
        assert_eq!(head.age_below, age_below, "{name}");
        assert!(head.name.size.x <= width + 0.5);
    }

    #[test]
    fn names_are_whole_in_narrow_columns() {
        for name in ["Álvaro Ruiz", "Nuria Costa", "Pablo Sanz", "Arthur D."] {
            check(name, 376.0, true);
            check(name, 1_200.0, false);
        }
        check("Ana", 376.0, false);
    }
}
