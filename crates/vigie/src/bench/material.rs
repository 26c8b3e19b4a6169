//! Rooms and posts for the benches: synthetic, seeded, and the same on every machine.

use std::fmt::Write as _;

use vigie_model::Timestamp;

/// Words of the posts: several scripts, emoji, and words of every length.
const WORDS: [&str; 32] = [
    "bonjour",
    "le",
    "train",
    "de",
    "7h42",
    "est",
    "à",
    "l'heure",
    "merci",
    "encore",
    "une",
    "panne",
    "question",
    "pourquoi",
    "the",
    "service",
    "was",
    "great",
    "today",
    "😀",
    "👍🏽",
    "🚄",
    "🇫🇷",
    "مرحبا",
    "電車",
    "ありがとう",
    "снова",
    "опоздание",
    "incroyablement",
    "anticonstitutionnellement",
    "#bench",
    "@vigie",
];

/// Authors who take turns.
const N_AUTHORS: u32 = 5_000;

/// A stream of numbers that is the same for the same seed.
#[derive(Clone, Debug)]
pub(super) struct Material(fastrand::Rng);

impl Material {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A text of 40 to 240 bytes or so, with the tag that every bench's query asks for.
    pub(super) fn text(&mut self) -> String {
        let mut text = String::from("#bench");
        for _ in 0..self.0.usize(6..32) {
            let word = WORDS.get(self.0.usize(..WORDS.len())).copied().unwrap_or_default();
            text.push(' ');
            text.push_str(word);
        }
        text
    }

    /// The number of an author.
    pub(super) fn author(&mut self) -> u32 {
        self.0.u32(..N_AUTHORS)
    }

    /// One line of a recording: a post with the number `post_idx`, received at `at`.
    pub(super) fn record(&mut self, post_idx: u64, at: Timestamp) -> serde_json::Value {
        let author = self.author();
        serde_json::json!({
            "type": "post",
            "network": "bluesky",
            "id": format!("post-{post_idx}"),
            "author": { "id": format!("author-{author}"), "handle": format!("author{author}"), "name": format!("Author {author}") },
            "text": self.text(),
            "at": at.to_string(),
        })
    }
}

/// A room of `n_screens`, each with a feed, trends and a gauge of the query `bench`; `source` is one table of TOML.
pub(super) fn room(n_screens: usize, source: &str) -> String {
    let mut room =
        format!("name = \"Bench\"\n\n[source.bench]\n{source}\n\n[query]\nbench = '#bench'\n");
    for screen in 1..=n_screens {
        write!(
            room,
            "\n[[screen]]\nname = \"s{screen}\"\ngrid = \"\"\"\nfeed feed trends\nfeed feed mood\n\"\"\"\n\
             feed = {{ widget = \"feed\", query = \"bench\" }}\n\
             trends = {{ widget = \"trends\", query = \"bench\", window = \"15 min\" }}\n\
             mood = {{ widget = \"sentiment\", query = \"bench\", window = \"15 min\" }}\n"
        )
        .ok();
    }
    room
}
