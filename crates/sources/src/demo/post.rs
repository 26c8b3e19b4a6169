//! A text in its network's dress: id, spans, media, labels.

use std::sync::Arc;

use fastrand::Rng;

use super::people::Person;
use crate::{
    model::{Author, Label, Media, MediaKind, Post, PostId, SourceId, Timestamp},
    spans,
};

/// The tag of the campaign.
pub(super) const TAG: &str = "#DemandezAuCM";

/// Makes posts, each with an id of its own.
#[derive(Debug)]
pub(super) struct Press {
    pub(super) source: SourceId,
    /// Sets the ids of one campaign apart from those of another.
    pub(super) campaign: u64,
    pub(super) n_posts: u64,
}

/// When a post was written and when it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) published: Timestamp,
    pub(super) received: Timestamp,
}

impl Press {
    /// A post that says `text`, and nothing around it.
    pub(super) fn print(
        &mut self,
        author: &Arc<Author>,
        language: &str,
        text: &str,
        times: Times,
    ) -> Post {
        self.n_posts += 1;
        let network = author.id.network.as_str();
        let number = self.campaign.wrapping_mul(100_000).wrapping_add(self.n_posts);
        let native = match network {
            "bluesky" => format!("at://{}/app.bsky.feed.post/{number:013x}", author.id.native),
            "mastodon" => format!("{}/statuses/{number}", author.id.native),
            "facebook" => format!("{}_{number}", author.id.native),
            _ => number.to_string(),
        };
        Post {
            id: PostId::new(network, native),
            author: Arc::clone(author),
            text: text.into(),
            spans: spans::find(text, network),
            languages: if network == "facebook" { Vec::new() } else { vec![language.into()] },
            media: Vec::new(),
            labels: Vec::new(),
            reply_to: None,
            quote_of: None,
            repost_of: None,
            link: Some(format!("https://{network}.example/{}/{number}", author.handle).into()),
            published: times.published,
            received: times.received,
            edited: None,
            source: self.source.clone(),
        }
    }
}

/// The text with what people put around it: tag, mention, pictographs, now and then a link.
pub(super) fn dressed(text: &str, person: &Person, sign: &str, rng: &mut Rng) -> String {
    const TOPICS: [&str; 8] = [
        "#train",
        "#CôteDAzur",
        "#Nice",
        "#mobilité",
        "#vacances",
        "#Antibes",
        "#TER",
        "#question",
    ];
    let mut dressed = text.to_owned();
    if !sign.is_empty() && rng.f64() < 0.4 {
        dressed.push(' ');
        dressed.push_str(sign);
    }
    if !dressed.contains("@RailAzur") && rng.f64() < 0.12 {
        dressed.push_str(" @RailAzur");
    }
    if rng.f64() < 0.02 {
        dressed.push_str(&format!(" https://carnet.example/{}", rng.u32(1_000..99_999)));
    }
    let tag = if rng.f64() < 0.15 { "#demandezaucm" } else { TAG };
    dressed = match rng.u32(0..10) {
        0 => format!("{tag} {dressed}"),
        _ => format!("{dressed} {tag}"),
    };
    let is_tagger = matches!(person.network, "instagram" | "mastodon");
    if rng.f64() < if is_tagger { 0.4 } else { 0.08 } {
        dressed.push(' ');
        dressed.push_str(rng.choice(TOPICS).unwrap_or_default());
    }
    dressed
}

/// Puts pictures, films and cards on some posts, and a warning on a few.
pub(super) fn illustrate(post: &mut Post, rng: &mut Rng) {
    const SIZES: [(u32, u32); 5] =
        [(1_200, 800), (1_080, 1_080), (1_600, 900), (900, 1_200), (2_000, 1_000)];
    let is_visual = post.id.network.as_str() == "instagram";
    let seed = rng.u32(..);
    let size_px = rng.choice(SIZES);
    let media = |kind, folder: &str, description: &str| Media {
        kind,
        picture: Some(format!("demo:{folder}/{seed}").into()),
        size_px,
        description: description.into(),
    };
    match rng.f64() {
        _ if is_visual => {
            post.media.push(media(MediaKind::Image, "photo", "Vue depuis la fenêtre du train"));
        }
        share if share < 0.11 => {
            post.media.push(media(MediaKind::Image, "photo", "Photo prise en gare"));
        }
        share if share < 0.14 => post.media.push(media(MediaKind::Video, "poster", "Vidéo")),
        share if share < 0.16 => {
            post.media.push(media(MediaKind::Card, "photo", "Le carnet de la ligne d'Azur"));
        }
        _ => {}
    }
    if !post.media.is_empty() && rng.f64() < 0.012 {
        post.labels.push(Label::Sensitive);
    }
}

/// The text as it stood before its author saw the slip; none where it has no word to slip in.
pub(super) fn with_slip(text: &str, rng: &mut Rng) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let plain = |word: &&str| word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let places = words.iter().enumerate().filter(|(_, word)| plain(word)).map(|(place, _)| place);
    let place = rng.choice(places.collect::<Vec<_>>())?;
    let slipped = words.iter().enumerate().map(|(number, word)| {
        let letter = word.chars().nth(2).filter(|_| number == place);
        match letter.and_then(|letter| word.split_once(letter).map(|parts| (letter, parts))) {
            Some((letter, (before, after))) => format!("{before}{letter}{letter}{after}"),
            None => (*word).to_owned(),
        }
    });
    Some(slipped.collect::<Vec<_>>().join(" "))
}
