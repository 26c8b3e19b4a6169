//! The feed: the newest posts as cards, newest on top, only whole cards.

use std::{ops::Range, sync::Arc};

use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{
    Feed, FeedItem, Label, Media, MediaKind, Need, NeedKind, OptionError, Post, QueryName, SpanKind,
};

use crate::{
    marks,
    text::{Block, Style},
    theme::{Theme, color},
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::Word,
};

entry!("feed", "The newest posts, as cards", FeedWidget, FeedOptions);

/// Lines of text that a card shows at most, where the options name no number.
const USUAL_LINES: usize = 5;

/// Cards are at most this wide, in heights of type: longer lines are hard to follow from afar.
const MAX_CARD: f32 = 30.0;

/// Posts that are looked at for one picture of the feed.
const MAX_CARDS: usize = 40;

/// The options of a feed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedOptions {
    /// Whose posts: the name of a query.
    query: String,
    /// What stands above them.
    #[serde(default)]
    title: Option<String>,
    /// Lines of text that a card shows at most, 1 to 20.
    #[serde(default)]
    max_lines: Option<usize>,
    /// Whether pictures are shown.
    #[serde(default = "yes")]
    media: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug)]
pub(crate) struct FeedWidget {
    query: QueryName,
    title: Option<String>,
    max_lines: usize,
    media: bool,
    /// Cards in the last picture: the ages of these make the stamp.
    n_shown: usize,
}

impl FeedWidget {
    fn new(options: FeedOptions) -> Result<Self, OptionError> {
        let max_lines = options.max_lines.unwrap_or(USUAL_LINES);
        if !(1..=20).contains(&max_lines) {
            return Err(OptionError::new("max_lines", "a card shows 1 to 20 lines"));
        }
        let query = QueryName::new(options.query);
        Ok(Self { query, title: options.title, max_lines, media: options.media, n_shown: 0 })
    }
}

impl Widget for FeedWidget {
    fn needs(&self) -> Vec<Need> {
        vec![Need { query: self.query.clone(), kind: NeedKind::Feed }]
    }

    fn stamp(&self, moment: &Moment<'_>) -> u64 {
        let mut stamp =
            Stamp::default().needs(moment.snapshot, &self.needs()).with(moment.pictures_version);
        if let Some(feed) = moment.snapshot.feed(&self.query) {
            for item in shown(feed).take(self.n_shown.max(1)) {
                stamp = stamp.with(moment.words.age(moment.now.since(item.post.published)));
            }
        }
        stamp.finish()
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Repaint {
        let Moment { snapshot, words, .. } = frame.moment;
        let title = self.title.as_deref().unwrap_or(words.say(Word::Feed));
        let Some(feed) = snapshot.feed(&self.query) else {
            let area = frame.cell(ui, title, "");
            frame.empty(ui, area, (Word::NoQuery, None));
            return Repaint::OnStamp;
        };
        // A number of posts can do without its word.
        let notes = match feed.n_total {
            0 => vec![],
            n_total => {
                vec![words.count_of(n_total, Word::Post, Word::Posts), words.count(n_total)]
            }
        };
        let mut area = frame.noted_cell(ui, title, &notes);
        if feed.paused {
            area.min.y = paused_ui(ui, frame, area, feed.n_waiting) + frame.theme.gap * 0.8;
        }
        if shown(feed).next().is_none() {
            frame.empty(ui, area, (Word::NoPosts, Some(Word::NoPostsNext)));
            return Repaint::OnStamp;
        }
        self.n_shown = self.cards_ui(ui, frame, area, feed);
        Repaint::OnStamp
    }
}

/// The posts that a public wall may show, newest first.
fn shown(feed: &Feed) -> impl Iterator<Item = &Arc<FeedItem>> {
    let open = |item: &&Arc<FeedItem>| !item.post.labels.iter().any(Label::hides);
    feed.items.iter().filter(open).take(MAX_CARDS)
}

/// A strip that says that the view is held still, and how many posts wait. Returns where it ends.
fn paused_ui(ui: &Ui, frame: &mut Frame<'_>, area: Rect, n_waiting: u64) -> f32 {
    let theme = frame.theme;
    let words = frame.moment.words;
    let strip = Rect::from_min_size(area.min, vec2(area.width(), theme.body * 1.55));
    frame.painter.rect_filled(strip, theme.radius, color::WARN_GROUND);
    let bar = vec2(theme.body * 0.2, theme.body * 0.75);
    for x in [0.55, 0.92] {
        let center = pos2(strip.min.x + theme.body * x, strip.center().y);
        frame.painter.rect_filled(Rect::from_center_size(center, bar), bar.x * 0.3, color::WARN);
    }
    let text = format!(
        "{} · {} {}",
        words.say(Word::Paused),
        words.count(n_waiting),
        words.say(Word::Waiting)
    );
    let style = Style::line(theme.body, color::WARN).bold();
    let mut within = strip;
    within.min.x += theme.body * 1.4;
    within.max.x -= theme.gap * 0.5;
    frame.placed(within, Align2::LEFT_CENTER, (&text, &style));
    frame.announce(ui, strip, &text);
    strip.max.y
}

impl FeedWidget {
    /// Draws as many whole cards as fit, column by column, and returns how many.
    fn cards_ui(&self, ui: &Ui, frame: &mut Frame<'_>, area: Rect, feed: &Feed) -> usize {
        let theme = frame.theme;
        let between = theme.gap * 0.75;
        let n_columns = (area.width() / (theme.body * MAX_CARD)).ceil().max(1.0);
        let width = (area.width() - between * (n_columns - 1.0)) / n_columns;
        let mut items = shown(feed).peekable();
        let mut n_cards = 0;
        for column in 0..n_columns as usize {
            let left = area.min.x + (width + between) * column as f32;
            let mut top = area.min.y;
            while let Some(item) = items.peek() {
                let room = vec2(width, area.max.y - top);
                let Some(card) = self.card(frame, item, room, top == area.min.y) else { break };
                let rect = Rect::from_min_size(pos2(left, top), vec2(width, card.height));
                card.paint(ui, frame, rect);
                top = rect.max.y + between;
                n_cards += 1;
                items.next();
            }
        }
        n_cards
    }

    /// Lays a card out so that it fits into `room`; nothing where it would say too little.
    fn card(
        &self,
        frame: &mut Frame<'_>,
        item: &Arc<FeedItem>,
        room: egui::Vec2,
        first: bool,
    ) -> Option<Card> {
        let theme = frame.theme;
        let pad = theme.gap * 0.8;
        let width = room.x - pad * 2.0 - accent_width(&theme);
        let head = head_height(&theme, room, first);
        let fixed = pad * 2.0 + head;
        let line = theme.body * 1.34;
        let n_free = ((room.y - fixed - pad * 0.4) / line).floor().max(0.0) as usize;
        // What stands below another card must say at least three lines, or all of its text.
        let n_lines = self.max_lines.min(n_free);
        let post = &item.post;
        let text = (n_lines > 0).then(|| {
            let style = Style::lines(theme.body, color::TEXT, n_lines);
            frame.text.layout_marked(&post.text, &marked(post), &style, width)
        });
        let says_enough = first
            || text.as_ref().is_some_and(|text| !text.cut || text.n_lines >= 3.min(self.max_lines));
        if !says_enough || (!first && room.y < fixed) {
            return None;
        }
        let text = text.filter(|text| text.n_lines > 0);
        let mut height = fixed + text.as_ref().map_or(0.0, |text| text.size.y + pad * 0.4);
        let media = self.media.then(|| post.media.first().cloned()).flatten();
        let media_height = media.as_ref().and_then(|media| {
            let wanted = match media.size_px {
                Some((across, down)) if across > 0 => width * down as f32 / across as f32,
                _ => width * 0.5625,
            };
            let left = room.y - height - pad;
            let wanted = wanted.min(theme.body * 6.0).min(left.max(0.0));
            (wanted >= theme.body * 2.4).then_some(wanted)
        });
        if let Some(media_height) = media_height {
            height += media_height + pad;
        }
        (height <= room.y + 0.5 || first).then(|| Card {
            item: Arc::clone(item),
            text,
            media: media.zip(media_height),
            head,
            pad,
            height: height.min(room.y.max(0.0)),
        })
    }
}

fn accent_width(theme: &Theme) -> f32 {
    theme.stroke * 1.6
}

/// The head of a card has two lines; the only card of a low cell has one.
fn head_height(theme: &Theme, room: egui::Vec2, first: bool) -> f32 {
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

/// A post that is laid out.
struct Card {
    item: Arc<FeedItem>,
    text: Option<Arc<Block>>,
    media: Option<(Media, f32)>,
    head: f32,
    pad: f32,
    height: f32,
}

impl Card {
    fn paint(&self, ui: &Ui, frame: &mut Frame<'_>, rect: Rect) {
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
        self.head_ui(frame, Rect::from_min_size(inner.min, vec2(inner.width(), self.head)));
        let mut y = inner.min.y + self.head;
        if let Some(text) = &self.text {
            y += self.pad * 0.4;
            frame.text.paint(&frame.painter, pos2(inner.min.x, y), text);
            y += text.size.y;
        }
        if let Some((media, height)) = &self.media {
            let area =
                Rect::from_min_size(pos2(inner.min.x, y + self.pad), vec2(inner.width(), *height));
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
        let face = Rect::from_min_size(area.min, egui::Vec2::splat(side));
        avatar_ui(frame, face, author.display_name(), author.avatar.as_deref());
        let left = face.max.x + theme.gap * 0.9;
        let age = frame.moment.words.age(frame.moment.now.since(post.published));
        let quiet = Style::line(theme.body, color::QUIET);
        let age = frame.text.layout(&age, &quiet, area.width() * 0.4);
        let row = Rect::from_min_max(pos2(left, area.min.y), area.max);
        frame.text.paint(&frame.painter, pos2(area.max.x - age.size.x, area.min.y), &age);
        let name = Style::line(theme.body, color::TEXT).bold();
        let width = (row.width() - age.size.x - theme.gap).max(1.0);
        frame.text.line(&frame.painter.clone(), row.min, (author.display_name(), &name), width);
        if two_lines {
            self.origin_ui(frame, pos2(left, area.min.y + theme.body * 1.22), row.width());
        }
    }

    /// The network's mark and name, and what else is to be known of the post.
    fn origin_ui(&self, frame: &mut Frame<'_>, corner: Pos2, width: f32) {
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
        let left = size + theme.gap * 0.6;
        let quiet = Style::line(theme.body, color::QUIET);
        let block = frame.text.fitting(&texts, &quiet, (width - left).max(1.0));
        frame.text.paint(&frame.painter, corner + vec2(left, 0.0), &block);
    }
}

/// Whether the handle would only repeat the name, or is not known.
fn author_is_named_by_handle(post: &Post) -> bool {
    let author = &post.author;
    author.handle.is_empty() || author.display_name() == author.handle.as_str()
}

/// A round picture of the author, or the first letter of the name.
fn avatar_ui(frame: &mut Frame<'_>, square: Rect, name: &str, address: Option<&str>) {
    let radius = square.width() / 2.0;
    if frame.picture(square, address, radius) {
        return;
    }
    let style = Style::line(square.height() * 0.5, color::TEXT).bold();
    let block = frame.text.layout(&marks::initial(name), &style, f32::INFINITY);
    frame.text.centered(&frame.painter, square.center(), &block);
}

/// A poster with what it is and how many more there are; words while it is missing.
fn media_ui(frame: &mut Frame<'_>, area: Rect, media: &Media, n_media: usize) {
    let theme = frame.theme;
    let there = frame.picture(area, media.picture.as_deref(), theme.radius);
    let words = frame.moment.words;
    let kind = words.say(match media.kind {
        MediaKind::Image => Word::Picture,
        MediaKind::Video => Word::Video,
        MediaKind::Card => Word::Link,
    });
    if media.kind == MediaKind::Video {
        let radius = (area.height() * 0.3).min(theme.body * 1.2);
        let center =
            if there { area.center() } else { area.center() - vec2(0.0, theme.body * 0.8) };
        frame.painter.circle_filled(center, radius, color::GROUND);
        let play = [vec2(-0.3, -0.45), vec2(0.5, 0.0), vec2(-0.3, 0.45)];
        let play = play.iter().map(|corner| center + *corner * radius).collect();
        frame.painter.add(Shape::convex_polygon(play, color::TEXT, Stroke::NONE));
    }
    if !there {
        let says =
            if media.description.trim().is_empty() { kind } else { media.description.trim() };
        let style = Style::line(theme.body, color::TEXT);
        let anchor = if media.kind == MediaKind::Video {
            Align2::CENTER_BOTTOM
        } else {
            Align2::CENTER_CENTER
        };
        frame.placed(area.shrink(theme.gap), anchor, (says, &style));
    }
    if n_media > 1 {
        let text = format!("+{}", n_media - 1);
        let style = Style::line(theme.body, color::TEXT).bold();
        let block = frame.text.layout(&text, &style, f32::INFINITY);
        let size = block.size + vec2(theme.gap * 1.2, 0.0);
        let badge = Align2::RIGHT_BOTTOM.align_size_within_rect(size, area.shrink(theme.gap * 0.5));
        frame.painter.rect_filled(badge, theme.radius, color::GROUND);
        frame.text.centered(&frame.painter, badge.center(), &block);
    }
}
