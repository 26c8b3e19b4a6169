//! The rules that every room has, in French and English: from what burns to what can wait.

use std::collections::BTreeMap;

use super::rule::Signals;
use crate::words::Locale;

/// One sentence, and who acts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Line {
    pub(super) say: String,
    pub(super) owner: String,
    /// Whether it cannot wait.
    pub(super) urgent: bool,
}

/// The roles that built-in rules name.
pub(super) const ROLES: [&str; 4] = ["crisis", "answers", "content", "technique"];

/// The measures that built-in rules look at.
pub(super) const MEASURES: [&str; 4] =
    ["questions", "question reply rate", "reply time p50", "posts"];

/// A larger share of complaints than this is for the crisis team.
const CRITICAL_SHARE: f64 = 0.4;
/// A larger one is for those who answer.
const TENSE_SHARE: f64 = 0.25;
/// Fewer posts than this say nothing of a mood.
const MIN_POSTS: u64 = 10;
/// Fewer questions answered than this wait for too many.
const MIN_ANSWERED: f64 = 0.1;
/// Fewer questions than this are no queue.
const MIN_QUESTIONS: f64 = 10.0;
/// A longer median than this is slow, in microseconds.
const SLOW: f64 = 20.0 * 60e6;

/// The sentence for the room as it is. The first case that holds speaks; the last one always does.
pub(super) fn line(signals: &Signals<'_>, owners: &BTreeMap<String, String>) -> Line {
    let locale = signals.moment.words.locale;
    let words = signals.moment.words;
    let say = |urgent: bool, role: &str, (fr, en): (String, String)| Line {
        say: match locale {
            Locale::Fr => fr,
            Locale::En => en,
        },
        owner: owners.get(role).cloned().unwrap_or_else(|| owner(role, locale).to_owned()),
        urgent,
    };
    let n_silent = signals.n_silent();
    if n_silent > 0 && n_silent == signals.moment.snapshot.sources.len() {
        let fr = "Plus aucune source : vérifier le réseau, ne rien conclure".to_owned();
        let en = "No source is heard: check the network, conclude nothing".to_owned();
        return say(true, "technique", (fr, en));
    }
    let mood = signals.mood().filter(|mood| mood.n_sure() >= MIN_POSTS);
    let negative = mood.and_then(|mood| mood.negative_share()).unwrap_or_default();
    if let Some(alert) = signals.alert() {
        let what = crate::incidents::what(alert, words);
        let fr = format!("« {what} » : lire les preuves, prendre l’alerte");
        let en = format!("“{what}”: read the evidence, take the alert");
        return say(true, "crisis", (fr, en));
    }
    if negative > CRITICAL_SHARE {
        let share = words.percent(negative);
        let (fr, en) = match signals.weakness() {
            Some(topic) => (
                format!("{share} de négatif : publier un point sur « {topic} »"),
                format!("{share} negative: publish a statement on “{topic}”"),
            ),
            None => (
                format!("{share} de négatif : publier un point de situation"),
                format!("{share} negative: publish a statement"),
            ),
        };
        return say(true, "crisis", (fr, en));
    }
    if negative > TENSE_SHARE
        && let Some(topic) = signals.weakness()
    {
        let fr = format!("Répondre d’abord à ceux qui parlent de « {topic} »");
        let en = format!("Answer first those who speak of “{topic}”");
        return say(true, "answers", (fr, en));
    }
    calm(signals).map_or_else(
        || {
            let fr = "Rien d’urgent : préparer la prochaine publication".to_owned();
            let en = "Nothing urgent: prepare the next post".to_owned();
            say(false, "content", (fr, en))
        },
        |(role, texts)| say(false, role, texts),
    )
}

/// What to do while nothing burns.
fn calm(signals: &Signals<'_>) -> Option<(&'static str, (String, String))> {
    let questions = signals.figure("questions").unwrap_or_default();
    let answered = signals.figure("question reply rate");
    if questions >= MIN_QUESTIONS && answered.is_some_and(|answered| answered < MIN_ANSWERED) {
        let share = signals.figure_text("question reply rate").unwrap_or_default();
        let fr = format!("{share} des questions ont une réponse : en prendre dix");
        let en = format!("{share} of questions are answered: take ten");
        return Some(("answers", (fr, en)));
    }
    if signals.figure("reply time p50").is_some_and(|wait| wait > SLOW) {
        let wait = signals.figure_text("reply time p50").unwrap_or_default();
        let fr = format!("{wait} d’attente médiane : renforcer les réponses");
        let en = format!("Median wait {wait}: put more people on answers");
        return Some(("answers", (fr, en)));
    }
    if let Some(trend) = signals.trend() {
        let fr = format!("« {trend} » monte : rebondir avant que ça retombe");
        let en = format!("“{trend}” is rising: ride it before it fades");
        return Some(("content", (fr, en)));
    }
    if let Some(topic) = signals.strength() {
        let fr = format!("On aime « {topic} » : remercier, relayer");
        let en = format!("People like “{topic}”: thank them, share it");
        return Some(("content", (fr, en)));
    }
    None
}

const fn owner(role: &str, locale: Locale) -> &'static str {
    match (role.as_bytes(), locale) {
        (b"crisis", Locale::Fr) => "responsable de crise",
        (b"crisis", Locale::En) => "crisis lead",
        (b"answers", _) => "community managers",
        (b"content", Locale::Fr) => "rédaction",
        (b"content", Locale::En) => "content team",
        (_, Locale::Fr) => "régie technique",
        (_, Locale::En) => "technical desk",
    }
}
