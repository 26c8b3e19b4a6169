//! The whole day, from its seed and its date alone.

use std::{collections::BTreeSet, sync::Arc};

use fastrand::Rng;
use jiff::{civil, tz::TimeZone};

use super::{
    brand,
    day::{self, FAILS, MINUTE, MOVES, SECOND},
    people::{self, Person},
    post::{Press, Times, dressed, illustrate, with_slip},
    texts::{Sections, Writer},
};
use crate::{
    model::{Author, Micros, Post, PostId, SourceEvent, SourceId, Timestamp},
    spans,
};

/// Posts of the incident among those of the public.
const N_INCIDENT_POSTS: usize = 1_050;
/// Posts that their authors take back.
const N_DELETED: usize = 64;
/// Posts that their authors correct.
const N_EDITED: usize = 90;
/// People who change their name during the day.
const N_RENAMED: usize = 12;
/// A text that was written before is written again so often before it is changed by force.
const MAX_TRIES: usize = 24;

/// A synthetic day on which the public asks an invented railway: a campaign with an incident in the evening.
///
/// All of it is a function of seed and date: the same give the same events, on every machine.
#[derive(Debug)]
pub struct Campaign {
    /// What happens, with the instant at which it reaches the room; earliest first.
    pub events: Vec<(Timestamp, SourceEvent)>,
}

/// A post of the public, and what its author felt.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) post: Post,
    /// The section of the texts that it comes from, without the language.
    pub(super) topic: String,
    pub(super) language: &'static str,
    pub(super) first_name: &'static str,
    /// When it was published, in time since midnight.
    pub(super) at: Micros,
}

/// Turns time since midnight into instants.
#[derive(Clone, Copy, Debug)]
pub(super) struct Midnight(Timestamp);

impl Midnight {
    pub(super) const fn plus(self, since: Micros) -> Timestamp {
        self.0.plus(since)
    }
}

impl Campaign {
    /// Posts of the public that are there in the end.
    pub const N_POSTS: usize = 7_000;
    /// Posts of the public that the brand has answered in the end.
    pub const N_ANSWERED: usize = 600;

    /// The campaign of `date` in `time_zone`, as `source` brings it.
    #[must_use]
    pub fn generate(seed: u64, date: civil::Date, time_zone: &TimeZone, source: &SourceId) -> Self {
        // A day of the calendar that no zone knows begins when 1970 did.
        let start = time_zone.to_timestamp(date.to_datetime(civil::Time::midnight()));
        let start = start.map_or(0, |start| start.as_microsecond());
        let midnight = Midnight(Timestamp::from_micros(start));
        let day =
            i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day());
        let campaign = day.unsigned_abs().wrapping_mul(1_000).wrapping_add(seed % 1_000);
        let mut rng = Rng::with_seed(seed ^ day.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let people = people::cast(&mut rng);
        let press = Press { source: source.clone(), campaign, n_posts: 0 };
        let writer = Writer::new(rng.fork());
        let mut studio = Studio { rng, press, writer, midnight, seen: BTreeSet::new() };
        let mut voices = studio.voices(&people);
        let mut events = brand::speak(&mut studio, &voices);
        studio.change(&mut voices, &mut events);
        events.extend(studio.renames(&people));
        events.extend(
            voices
                .into_iter()
                .map(|voice| (voice.post.received, SourceEvent::Upsert(Box::new(voice.post)))),
        );
        events.sort_by_key(|(at, _)| *at);
        Self { events }
    }
}

/// What a campaign is made with.
#[derive(Debug)]
pub(super) struct Studio {
    pub(super) rng: Rng,
    pub(super) press: Press,
    pub(super) writer: Writer,
    pub(super) midnight: Midnight,
    /// Texts that were written, so that none is written twice.
    seen: BTreeSet<String>,
}

/// The sections of all texts of the public.
struct Scripts {
    french: Sections,
    incident: Sections,
    world: Sections,
    signs: Sections,
}

impl Studio {
    /// All posts of the public, those that will be taken back too.
    fn voices(&mut self, people: &[Person]) -> Vec<Voice> {
        let scripts = Scripts {
            french: Sections::parse(include_str!("texts/fr.txt")),
            incident: Sections::parse(include_str!("texts/incident.txt")),
            world: Sections::parse(include_str!("texts/world.txt")),
            signs: Sections::parse(include_str!("texts/signs.txt")),
        };
        let n_ordinary = Campaign::N_POSTS + N_DELETED - N_INCIDENT_POSTS;
        let ordinary = day::ordinary(n_ordinary, &mut self.rng);
        let incident = day::incident(N_INCIDENT_POSTS, &mut self.rng);
        let mut voices = Vec::with_capacity(n_ordinary + incident.len());
        for (times, is_incident) in [(ordinary, false), (incident, true)] {
            for at in times {
                let Some(person) = people::somebody(people, &mut self.rng) else { continue };
                voices.push(self.voice(&scripts, person, at, is_incident));
            }
        }
        voices.sort_by_key(|voice| voice.at);
        voices
    }

    fn voice(
        &mut self,
        scripts: &Scripts,
        person: &Person,
        at: Micros,
        is_incident: bool,
    ) -> Voice {
        let topic = if is_incident { self.phase(at) } else { self.mood() };
        let (text, topic) = self.words(scripts, person, &topic, is_incident);
        let published = self.midnight.plus(at);
        let received = published.plus(day::lag(person.network, &mut self.rng));
        let times = Times { published, received };
        let mut post = self.press.print(&person.author, person.language, &text, times);
        illustrate(&mut post, &mut self.rng);
        let (language, first_name) = (person.language, person.first_name);
        Voice { post, topic, language, first_name, at }
    }

    /// What somebody feels like on an ordinary day.
    fn mood(&mut self) -> String {
        const QUESTIONS: [&str; 9] =
            ["velo", "tarif", "horaire", "bagage", "animal", "wifi", "metier", "vert", "divers"];
        match self.rng.u32(0..100) {
            0..50 => format!("question.{}", self.rng.choice(QUESTIONS).unwrap_or("divers")),
            50..68 => "praise".to_owned(),
            68..79 => "complaint".to_owned(),
            _ => "chat".to_owned(),
        }
    }

    /// What somebody feels like at this point of the incident.
    fn phase(&mut self, at: Micros) -> String {
        let drawn = self.rng.u32(0..100);
        let phase = if at < FAILS + 10 * MINUTE {
            match drawn {
                0..60 => "start",
                60..75 => "question",
                _ => "anger",
            }
        } else if at < MOVES {
            match drawn {
                0..64 => "anger",
                64..80 => "question",
                80..88 => "humor",
                _ => "start",
            }
        } else {
            match drawn {
                0..42 => "relief",
                42..80 => "aftermath",
                _ => "anger",
            }
        };
        phase.to_owned()
    }

    /// A text that nobody wrote before, and the topic that it is about in the end.
    fn words(
        &mut self,
        scripts: &Scripts,
        person: &Person,
        topic: &str,
        is_incident: bool,
    ) -> (String, String) {
        let mut text = String::new();
        for _ in 0..MAX_TRIES {
            let (said, feeling) = self.said(scripts, person, topic, is_incident);
            let sign = self.rng.choice(scripts.signs.lines(feeling)).copied().unwrap_or_default();
            text = dressed(&said, person, sign, &mut self.rng);
            if self.seen.insert(text.clone()) {
                break;
            }
            text.push_str(&format!(" {sign}{}", self.seen.len()));
        }
        (text, if is_incident { "incident".to_owned() } else { topic.to_owned() })
    }

    /// What somebody says, in their own language, and the signs that go with it.
    fn said(
        &mut self,
        scripts: &Scripts,
        person: &Person,
        topic: &str,
        is_incident: bool,
    ) -> (String, &'static str) {
        let feeling = match topic {
            "relief" => "relief",
            "praise" => "praise",
            "chat" => "chat",
            "complaint" => "complaint",
            _ if is_incident => "incident",
            _ => "question",
        };
        if person.language == "fr" {
            let sections = if is_incident { &scripts.incident } else { &scripts.french };
            let said = self.writer.write(sections, topic, &[]);
            let said = if is_incident { said } else { self.with_courtesy(&scripts.french, &said) };
            return (said, feeling);
        }
        let kind = match topic {
            "relief" => "praise",
            _ if is_incident => "complaint",
            _ => topic.split('.').next().unwrap_or(topic),
        };
        let said = self.writer.write(&scripts.world, &format!("{}.{kind}", person.language), &[]);
        if said.is_empty() {
            let section = format!("{}.question", person.language);
            return (self.writer.write(&scripts.world, &section, &[]), "question");
        }
        (said, feeling)
    }

    /// A French text with a greeting before it or a good-bye after it, as often as people do.
    fn with_courtesy(&mut self, french: &Sections, said: &str) -> String {
        let mut text = said.to_owned();
        if self.rng.f64() < 0.3 {
            let opener = self.writer.write(french, "opener", &[]);
            let goes_on = opener.ends_with([',', ':']) || opener.starts_with('@');
            text = format!("{opener} {}", if goes_on { lowered(&text) } else { text });
        }
        if self.rng.f64() < 0.22 {
            text = format!("{text} {}", self.writer.write(french, "closer", &[]));
        }
        text
    }

    /// Corrections and posts that are taken back: the answered ones stay.
    fn change(&mut self, voices: &mut [Voice], events: &mut Vec<(Timestamp, SourceEvent)>) {
        let answered: BTreeSet<PostId> = events
            .iter()
            .filter_map(|(_, event)| match event {
                SourceEvent::Upsert(post) => post.reply_to.clone().or(post.quote_of.clone()),
                _ => None,
            })
            .collect();
        let mut free: Vec<&mut Voice> =
            voices.iter_mut().filter(|voice| !answered.contains(&voice.post.id)).collect();
        self.rng.shuffle(&mut free);
        let last = self.midnight.plus(day::CLOSES - 20 * SECOND);
        let mut n_edited = 0;
        for (place, voice) in free.into_iter().enumerate() {
            let at = voice.post.received.plus(self.rng.i64(MINUTE..25 * MINUTE)).min(last);
            if place < N_DELETED {
                events.push((at, SourceEvent::Delete(voice.post.id.clone())));
                continue;
            }
            let Some(slip) = with_slip(&voice.post.text, &mut self.rng) else { continue };
            let mut edited = voice.post.clone();
            edited.edited = Some(at);
            edited.received = at;
            voice.post.spans = spans::find(&slip, voice.post.id.network.as_str());
            voice.post.text = slip.into();
            events.push((at, SourceEvent::Upsert(Box::new(edited))));
            n_edited += 1;
            if n_edited == N_EDITED {
                break;
            }
        }
    }

    /// Some people change their name.
    fn renames(&mut self, people: &[Person]) -> Vec<(Timestamp, SourceEvent)> {
        let stride = people.len() / N_RENAMED;
        let renamed = people.iter().step_by(stride.max(1)).take(N_RENAMED);
        renamed
            .map(|person| {
                let at = self.midnight.plus(self.rng.i64(day::OPENS..day::CLOSES));
                let name = format!("{} #TeamTrain", person.author.name).into();
                let author = Author { name, ..(*person.author).clone() };
                (at, SourceEvent::Author(Arc::new(author)))
            })
            .collect()
    }
}

/// The text with its first letter small, unless it begins a word in capitals or a name.
fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    match (first, letters.clone().next()) {
        (Some(first), Some(second))
            if (second.is_lowercase() || second == '\'') && !text.starts_with("Azur") =>
        {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}
