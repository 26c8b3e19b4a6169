//! The invented people of the campaign, and the brand's accounts.

use std::sync::Arc;

use fastrand::Rng;

use super::texts::Sections;
use crate::model::{Author, AuthorId};

/// People who take part. With the skew below, the busiest of them write some dozens of posts.
const N_PEOPLE: usize = 2_600;

/// Networks, with how many in a hundred people are there.
const NETWORKS: [(&str, u32); 5] =
    [("x", 46), ("facebook", 22), ("instagram", 12), ("bluesky", 12), ("mastodon", 8)];

/// Languages, with how many in a thousand people speak them.
const LANGUAGES: [(&str, u32); 13] = [
    ("fr", 800),
    ("en", 70),
    ("es", 35),
    ("de", 25),
    ("it", 30),
    ("pt", 6),
    ("ar", 10),
    ("he", 4),
    ("ja", 7),
    ("ko", 4),
    ("zh", 4),
    ("hi", 3),
    ("th", 2),
];

/// One of the public.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) author: Arc<Author>,
    pub(super) network: &'static str,
    pub(super) language: &'static str,
    /// What the brand calls them.
    pub(super) first_name: &'static str,
}

/// The people of a campaign. The first are the busiest.
pub(super) fn cast(rng: &mut Rng) -> Vec<Person> {
    let sections = Sections::parse(include_str!("texts/people.txt"));
    (0..N_PEOPLE).map(|number| person(number, &sections, rng)).collect()
}

fn person(number: usize, sections: &Sections, rng: &mut Rng) -> Person {
    let network = weighted(&NETWORKS, rng);
    let language = weighted(&LANGUAGES, rng);
    let mut word = |section: &str| {
        let words = sections.lines(section).iter().flat_map(|line| line.split(' '));
        rng.choice(words.collect::<Vec<_>>()).unwrap_or("Alex")
    };
    let (first_name, last_name, thing) = (word(language), word("fr.last"), word("handle"));
    // People of other scripts go by their first name here.
    let style = if first_name.is_ascii() || first_name.chars().any(|c| c < '\u{250}') {
        number % 5
    } else {
        2 + number % 2
    };
    let name = match style {
        0 => format!("{first_name} {last_name}"),
        1 => format!("{first_name} {}.", last_name.chars().next().unwrap_or('M')),
        2 => format!("{first_name} 🚆"),
        3 => first_name.to_owned(),
        _ => format!("{first_name} {last_name}-{thing}"),
    };
    let latin: String =
        first_name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    let handle = format!("{latin}{thing}{number}");
    let (handle, native) = match network {
        "bluesky" => (format!("{handle}.bsky.example"), format!("did:plc:demo{number:020}")),
        "mastodon" => {
            let native = format!("https://mastodon.example/users/{handle}");
            (format!("{handle}@mastodon.example"), native)
        }
        _ => (handle, format!("{}", 10_000_000 + number * 7_919)),
    };
    let author = Author {
        id: AuthorId::new(network, native),
        handle: handle.into(),
        name: name.into(),
        avatar: (number % 12 != 5).then(|| format!("demo:avatar/{number}").into()),
    };
    Person { author: Arc::new(author), network, language, first_name }
}

/// Somebody; the busy ones more often.
pub(super) fn somebody<'a>(people: &'a [Person], rng: &mut Rng) -> Option<&'a Person> {
    let place = rng.f64().powf(2.0) * people.len() as f64;
    people.get(place as usize)
}

/// The brand's account on a network.
pub(super) fn brand(network: &'static str) -> Arc<Author> {
    Arc::new(Author {
        id: AuthorId::new(network, "rail-azur"),
        handle: "RailAzur".into(),
        name: "Rail Azur".into(),
        avatar: Some("demo:avatar/rail-azur".into()),
    })
}

/// One of the names, each as often as its number says.
fn weighted(names: &[(&'static str, u32)], rng: &mut Rng) -> &'static str {
    let total: u32 = names.iter().map(|(_, weight)| weight).sum();
    let mut drawn = rng.u32(0..total.max(1));
    for (name, weight) in names {
        if drawn < *weight {
            return name;
        }
        drawn -= weight;
    }
    "x"
}
