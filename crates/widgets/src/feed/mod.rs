//! The feed: the newest posts as cards, newest on top, only whole cards.

mod card;
mod large;
mod picture;
mod reasons;

pub use self::{card::says, reasons::Marked};
use std::sync::Arc;

use egui::{Align2, Rect, Ui, Vec2, pos2, vec2};
use schemars::JsonSchema;
use serde::Deserialize;
use vigie_model::{Explainer, Feed, FeedItem, Label, Need, NeedKind, OptionError, QueryName};

use self::card::{Card, Limits};
pub(crate) use self::large::large_ui;
use crate::{
    text::{Style, TextEngine},
    theme::{Theme, color},
    widget::{Frame, Moment, Repaint, Stamp, Widget, entry},
    words::Word,
};

entry!("feed", "The newest posts, as cards", FeedWidget, FeedOptions);

/// Lines of text that a card shows at most, where the options name no number.
const USUAL_LINES: usize = 5;

/// The same where there is room for more than the usual.
const MOST_LINES: usize = 12;

/// A column with more than this part of it empty tries to show one more card.
const LARGE_HOLE: f32 = 0.15;

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
    /// Whether the words that moved a post's sentiment carry a mark.
    #[serde(default)]
    reasons: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug)]
pub(crate) struct FeedWidget {
    query: QueryName,
    title: Option<String>,
    max_lines: Option<usize>,
    media: bool,
    reasons: bool,
    /// Cards in the last picture: the ages of these make the stamp.
    n_shown: usize,
}

impl FeedWidget {
    fn new(options: FeedOptions) -> Result<Self, OptionError> {
        let max_lines = options.max_lines;
        if max_lines.is_some_and(|max_lines| !(1..=20).contains(&max_lines)) {
            return Err(OptionError::new("max_lines", "a card shows 1 to 20 lines"));
        }
        let query = QueryName::new(options.query);
        let FeedOptions { title, media, reasons, .. } = options;
        Ok(Self { query, title, max_lines, media, reasons, n_shown: 0 })
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
        let between = gap(&theme);
        let n_columns = (area.width() / (theme.body * MAX_CARD)).ceil().max(1.0);
        let size = vec2((area.width() - between * (n_columns - 1.0)) / n_columns, area.height());
        let items: Vec<_> = shown(feed).cloned().collect();
        let mut n_cards = 0;
        for column in 0..n_columns as usize {
            let left = area.min.x + (size.x + between) * column as f32;
            let mut top = area.min.y;
            let items = items.get(n_cards..).unwrap_or_default();
            let explainer = frame.explainer.filter(|_| self.reasons);
            for card in self.column((frame.text, explainer), &theme, size, items) {
                let rect = Rect::from_min_size(pos2(left, top), vec2(size.x, card.height));
                card.paint(ui, frame, rect);
                top = rect.max.y + between;
                n_cards += 1;
            }
        }
        n_cards
    }

    /// The cards of one column, which fill it where more posts wait than it can show.
    fn column(
        &self,
        (text, explainer): (&mut TextEngine, Option<&dyn Explainer>),
        theme: &Theme,
        size: Vec2,
        items: &[Arc<FeedItem>],
    ) -> Vec<Card> {
        let usual = self.max_lines.unwrap_or(USUAL_LINES);
        let least = card::least_lines(theme, size.x).min(usual);
        // Shorter texts make room for one more card: the longest that leave no large hole.
        let mut best: Vec<Card> = Vec::new();
        for n_lines in (least..=usual).rev() {
            let cards = self.fitting((text, explainer), (theme, size), items, n_lines);
            if cards.len() > best.len() {
                best = cards;
            }
            let is_full = spare(theme, size, &best) < size.y * LARGE_HOLE;
            if is_full || best.len() == items.len() {
                break;
            }
        }
        self.share_out(text, (theme, size), &mut best, items.len());
        best
    }

    /// As many whole cards as fit, with texts of at most `n_lines`.
    fn fitting(
        &self,
        (text, explainer): (&mut TextEngine, Option<&dyn Explainer>),
        (theme, size): (&Theme, Vec2),
        items: &[Arc<FeedItem>],
        n_lines: usize,
    ) -> Vec<Card> {
        let mut cards: Vec<Card> = Vec::new();
        let mut top = 0.0;
        for item in items {
            let room = vec2(size.x, size.y - top);
            let limits = Limits { room, n_lines, first: cards.is_empty(), media: self.media };
            let Some(card) = Card::new((text, explainer), theme, item, limits) else { break };
            top += card.height + gap(theme);
            cards.push(card);
        }
        cards
    }

    /// Gives the room below the last card away: to texts that are cut, to pictures, then to all alike.
    fn share_out(
        &self,
        text: &mut TextEngine,
        (theme, size): (&Theme, Vec2),
        cards: &mut [Card],
        n_items: usize,
    ) {
        let most_lines = self.max_lines.unwrap_or(MOST_LINES);
        let mut left = spare(theme, size, cards);
        for card in &mut *cards {
            left -= card.lengthen(text, theme, (left, most_lines));
        }
        for card in &mut *cards {
            left -= card.enlarge(left);
        }
        if cards.len() < n_items && left > 0.0 {
            let share = left / cards.len().max(1) as f32;
            cards.iter_mut().for_each(|card| card.height += share);
        }
    }
}

/// The distance between cards.
fn gap(theme: &Theme) -> f32 {
    theme.gap * 0.75
}

/// What a column of `size` has left below its cards.
fn spare(theme: &Theme, size: Vec2, cards: &[Card]) -> f32 {
    let used: f32 = cards.iter().map(|card| card.height + gap(theme)).sum();
    (size.y + gap(theme) - used).max(0.0)
}

#[cfg(test)]
mod tests {
    use vigie_model::{Media, MediaKind};

    use super::*;
    use crate::testing::{item, post, setup};

    fn widget(max_lines: Option<usize>) -> FeedWidget {
        FeedWidget {
            query: QueryName::new("q"),
            title: None,
            max_lines,
            media: true,
            reasons: false,
            n_shown: 0,
        }
    }

    fn items(texts: &[&str], with_picture: bool) -> Vec<Arc<FeedItem>> {
        let posts = texts.iter().enumerate().map(|(idx, text)| {
            let mut post = post(idx, ("bluesky", "Camille", "camille.example"), text);
            let picture = Media {
                kind: MediaKind::Image,
                picture: Some("rail".into()),
                size_px: Some((320, 180)),
                description: "".into(),
            };
            post.media.extend(with_picture.then_some(picture));
            item(post)
        });
        posts.collect()
    }

    /// The cards of a column at six meters; they may never overlap, nor leave the column.
    #[track_caller]
    fn check(size: Vec2, items: &[Arc<FeedItem>], max_lines: Option<usize>) -> (usize, f32) {
        let theme = Theme::of_body(63.0);
        let mut text = TextEngine::new(&setup().fonts);
        text.begin_frame(1.0);
        let cards = widget(max_lines).column((&mut text, None), &theme, size, items);
        let used: f32 = cards.iter().map(|card| card.height + gap(&theme)).sum();
        assert!(used - gap(&theme) <= size.y + 1.0, "{used} in {size}");
        (cards.len(), spare(&theme, size, &cards))
    }

    const SHORT: &str = "Bloqué à Cagnes mais mon chat s'est fait douze amis. #DemandezAuCM";
    const LONG: &str = "Personne ne répond au téléphone, l'appli dit que le train de 10 h 26 est à \
        l'heure alors que nous attendons sur le quai depuis plus d'une heure, sans un mot, sous la \
        pluie, avec trois enfants et deux valises. Que faut-il faire pour avoir une réponse ?";

    #[test]
    fn a_full_screen_shows_two_cards_and_no_hole() {
        let screen = vec2(1_838.0, 935.0);
        for with_picture in [false, true] {
            for texts in [[SHORT; 5], [LONG; 5], [LONG, SHORT, LONG, SHORT, LONG]] {
                let (n_cards, spare) = check(screen, &items(&texts, with_picture), None);
                assert!(n_cards >= 2, "{n_cards} cards, {with_picture}");
                assert!(spare < 5.0, "{spare} of {screen} is empty");
            }
        }
    }

    #[test]
    fn narrow_columns_leave_no_hole() {
        for texts in [[SHORT; 5], [LONG; 5]] {
            for with_picture in [false, true] {
                let items = items(&texts, with_picture);
                let (_, spare) = check(vec2(560.0, 935.0), &items, None);
                assert!(spare < 5.0, "{spare} is empty");
            }
        }
    }

    #[test]
    fn few_posts_stay_at_the_top() {
        let (n_cards, spare) = check(vec2(1_838.0, 935.0), &items(&[SHORT], false), None);
        assert!(n_cards == 1 && spare > 300.0, "{spare}");
    }

    #[test]
    fn the_limit_of_lines_is_kept() {
        let theme = Theme::of_body(63.0);
        let mut text = TextEngine::new(&setup().fonts);
        text.begin_frame(1.0);
        let items = items(&[LONG; 4], false);
        let cards = widget(Some(2)).column((&mut text, None), &theme, vec2(900.0, 935.0), &items);
        assert!(cards.iter().all(|card| card.n_lines() <= 2));
    }
}
