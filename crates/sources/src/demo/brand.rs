//! What the brand says: answers to the public, a winner each hour, and what it owes people in the incident.

use crate::model::{Micros, SourceEvent, Timestamp};

use super::{
    campaign::{Campaign, Studio, Voice},
    day::{self, FAILS, HOUR, MINUTE, MOVES, OPENS, SECOND},
    people,
    post::{TAG, Times},
    texts::Sections,
};

/// Answers on X; the others are on Facebook.
const N_ANSWERS_ON_X: usize = 360;
/// The last answer goes out so long before the campaign closes.
const LAST_ANSWER: Micros = 90 * SECOND;
/// The statements on the incident, in time since midnight.
const STATEMENTS: [Micros; 5] =
    [FAILS + 7 * MINUTE, FAILS + 23 * MINUTE, FAILS + 48 * MINUTE, MOVES, 20 * HOUR + 5 * MINUTE];

type Events = Vec<(Timestamp, SourceEvent)>;

/// All posts of the brand.
pub(super) fn speak(studio: &mut Studio, voices: &[Voice]) -> Events {
    let texts = Sections::parse(include_str!("texts/brand.txt"));
    let mut events = answers(studio, &texts, voices);
    events.extend(winners(studio, &texts, voices));
    for (number, at) in STATEMENTS.into_iter().enumerate() {
        let line = texts.lines("statement").get(number).copied().unwrap_or_default();
        events.push(announce(studio, line, at));
    }
    for (section, at) in [("open", OPENS), ("close", day::CLOSES - 10 * SECOND)] {
        let line = studio.writer.write(&texts, section, &[]);
        events.push(announce(studio, &line, at));
    }
    for hour in OPENS / HOUR..day::CLOSES / HOUR {
        let at = hour * HOUR + 25 * MINUTE;
        // While trains stand still, nobody is asked to play.
        if !(FAILS..20 * HOUR).contains(&at) {
            let line = studio.writer.write(&texts, "call", &[]);
            events.push(announce(studio, &line, at));
        }
    }
    events
}

/// One answer to each of the posts that get one: questions first, on the two networks that the brand works on.
fn answers(studio: &mut Studio, texts: &Sections, voices: &[Voice]) -> Events {
    let latest = day::CLOSES - 20 * MINUTE;
    let mut events = Events::new();
    let n_on_facebook = Campaign::N_ANSWERED - N_ANSWERS_ON_X;
    for (network, n_answers) in [("x", N_ANSWERS_ON_X), ("facebook", n_on_facebook)] {
        let mut askers: Vec<(u32, &Voice)> = voices
            .iter()
            .filter(|voice| voice.post.id.network.as_str() == network && voice.at < latest)
            .map(|voice| (urgency(voice) + studio.rng.u32(0..100), voice))
            .collect();
        askers.sort_by_key(|(urgency, _)| std::cmp::Reverse(*urgency));
        for (_, voice) in askers.into_iter().take(n_answers) {
            events.push(answer(studio, texts, voice));
        }
    }
    events
}

/// How much a post asks for an answer.
fn urgency(voice: &Voice) -> u32 {
    match voice.topic.as_str() {
        "incident" => 22,
        "complaint" => 25,
        "praise" | "chat" => 0,
        _ => 40,
    }
}

fn answer(studio: &mut Studio, texts: &Sections, voice: &Voice) -> (Timestamp, SourceEvent) {
    let topic = voice.topic.trim_start_matches("question.");
    // Where nobody in the team writes the language, the answer is in English.
    let known = |language: &&str| !texts.lines(&format!("answer.{language}")).is_empty();
    let (language, section) = match voice.language {
        "fr" => ("fr", format!("answer.{topic}")),
        spoken => {
            let language = Some(spoken).filter(known).unwrap_or("en");
            (language, format!("answer.{language}"))
        }
    };
    let said = studio.writer.write(texts, &section, &[("prenom", voice.first_name)]);
    let signature = studio.writer.write(&Sections::parse("[s]\n{signature}"), "s", &[]);
    let text = format!("{said} ^{signature} {TAG}");
    let waited = day::reply_time(voice.at, &mut studio.rng);
    let at = (voice.at + waited).min(day::CLOSES - LAST_ANSWER);
    // Nobody answers what has not arrived yet.
    let published = studio.midnight.plus(at).max(voice.post.received.plus(20 * SECOND));
    let times = Times { published, received: published.plus(600_000) };
    let network = if voice.post.id.network.as_str() == "facebook" { "facebook" } else { "x" };
    let mut post = studio.press.print(&people::brand(network), language, &text, times);
    post.reply_to = Some(voice.post.id.clone());
    (times.received, SourceEvent::Upsert(Box::new(post)))
}

/// A winner at each full hour, from the questions of the hour before.
fn winners(studio: &mut Studio, texts: &Sections, voices: &[Voice]) -> Events {
    let mut events = Events::new();
    for hour in OPENS / HOUR + 1..=day::CLOSES / HOUR {
        let asked = (hour - 1) * HOUR..hour * HOUR - 5 * MINUTE;
        let questions: Vec<&Voice> = voices
            .iter()
            .filter(|voice| asked.contains(&voice.at) && voice.topic.starts_with("question."))
            .collect();
        let Some(winner) = studio.rng.choice(questions) else { continue };
        let given =
            [("heure", format!("{hour} h")), ("gagnant", winner.post.author.handle.to_string())];
        let given: Vec<(&str, &str)> =
            given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let text = studio.writer.write(texts, "winner", &given);
        // The last one is named just before the close.
        let at = (hour * HOUR).min(day::CLOSES - 50 * SECOND);
        let (received, mut event) = announce(studio, &text, at);
        if let SourceEvent::Upsert(post) = &mut event {
            post.quote_of = Some(winner.post.id.clone());
        }
        events.push((received, event));
    }
    events
}

fn announce(studio: &mut Studio, text: &str, at: Micros) -> (Timestamp, SourceEvent) {
    let published = studio.midnight.plus(at);
    let times = Times { published, received: published.plus(500_000) };
    let post = studio.press.print(&people::brand("x"), "fr", text, times);
    (times.received, SourceEvent::Upsert(Box::new(post)))
}
