//! What stands around the campaign: what people say of two rivals, and figures that other programs keep.
//!
//! It has a generator of its own, so that the campaign's posts stay what they are.

use fastrand::Rng;
use jiff::{civil, tz::TimeZone};

use super::{
    campaign::Campaign,
    day::{self, CLOSES, FAILS, HOUR, MINUTE, MOVES, OPENS},
    people,
    post::{Press, Times},
};
use crate::model::{ExternalFigure, Micros, SourceEvent, SourceId, Timestamp};

/// Rivals, with how many posts of an ordinary day name them, and how many more while trains stand still.
const RIVALS: [(&str, usize, usize); 2] = [("CarLittoral", 2_300, 420), ("VéloBaie", 1_050, 60)];

/// Posts of rivals begin at this number, behind those of the campaign.
const FIRST_NUMBER: u64 = 60_000;

/// The end of a day's figures, with which the curves below agree.
const SALES: f64 = 41_500.0;
const REACHED: f64 = 182_000.0;
const ENGAGED: f64 = 5_900.0;
/// What yesterday sold by the end of the day.
const SALES_BEFORE: f64 = 33_200.0;

/// A figure may be so old before it is stale: it comes each half hour.
const MAX_AGE: Micros = 90 * MINUTE;

const SAID: [&str; 14] = [
    "{} était à l'heure ce matin, comme quoi c'est possible",
    "Quelqu'un a essayé {} pour aller à Nice ?",
    "{} augmente ses tarifs, dommage",
    "Trajet agréable avec {}, chauffeur adorable",
    "Encore un quart d'heure de retard chez {}",
    "{} ou le train, vous prenez quoi ?",
    "Le wifi de {} marche mieux que chez moi",
    "Abonnement {} renouvelé, on verra",
    "Pas de place assise dans {} à 8 h, classique",
    "Merci {} pour le sac retrouvé !",
    "{} annonce une nouvelle ligne vers Antibes",
    "Plus pratique que prévu, {}",
    "{} complet tout le week-end",
    "On a testé {} en famille : bien",
];

const SAID_IN_TROUBLE: [&str; 6] = [
    "Plus de train, je prends {}",
    "{} bondé à cause de la panne",
    "Heureusement qu'il y a {} ce soir",
    "File d'attente énorme pour {}",
    "{} ajoute des départs, merci",
    "40 € de taxi ou une heure de {} ?",
];

impl Campaign {
    /// The campaign with what stands around it: rivals, sales, reach.
    #[must_use]
    pub fn with_market(
        mut self,
        seed: u64,
        date: civil::Date,
        (time_zone, source): (&TimeZone, &SourceId),
    ) -> Self {
        let start = time_zone.to_timestamp(date.to_datetime(civil::Time::midnight()));
        let midnight = Timestamp::from_micros(start.map_or(0, |start| start.as_microsecond()));
        let day =
            i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day());
        let mut rng = Rng::with_seed(seed ^ day.unsigned_abs().wrapping_mul(0x517c_c1b7_2722_0a95));
        let campaign = day.unsigned_abs().wrapping_mul(1_000).wrapping_add(seed % 1_000);
        let mut press = Press { source: source.clone(), campaign, n_posts: FIRST_NUMBER };
        self.events.extend(rivals(midnight, &mut press, &mut rng));
        self.events.extend(figures(midnight));
        self.events.sort_by_key(|(at, _)| *at);
        self
    }
}

fn rivals(midnight: Timestamp, press: &mut Press, rng: &mut Rng) -> Vec<(Timestamp, SourceEvent)> {
    let people = people::cast(rng);
    let mut events = Vec::new();
    for (name, n_ordinary, n_more) in RIVALS {
        let ordinary = day::ordinary(n_ordinary, rng).into_iter().map(|at| (at, &SAID[..]));
        let more: Vec<Micros> = (0..n_more).map(|_| rng.i64(FAILS + 8 * MINUTE..MOVES)).collect();
        let more = more.into_iter().map(|at| (at, &SAID_IN_TROUBLE[..]));
        for (at, texts) in ordinary.chain(more) {
            let Some(person) = people::somebody(&people, rng) else { continue };
            let said = rng.choice(texts).copied().unwrap_or_default().replace("{}", name);
            let text = match rng.u32(0..4) {
                0 => format!("{said} #{name}"),
                1 => format!("{said} 🚌"),
                _ => said,
            };
            let published = midnight.plus(at);
            let received = published.plus(day::lag(person.network, rng));
            let times = Times { published, received };
            let post = press.print(&person.author, "fr", &text, times);
            events.push((received, SourceEvent::Upsert(Box::new(post))));
        }
    }
    events
}

/// Sales and reach, each half hour, as the programs of other teams would export them.
fn figures(midnight: Timestamp) -> Vec<(Timestamp, SourceEvent)> {
    let figure = |at: Micros, name: &str, value: f64, baseline: Option<f64>, unit: &str| {
        let milli = |value: f64| (value.round() * 1_000.0) as i64;
        let at = midnight.plus(at);
        let figure = ExternalFigure {
            name: name.into(),
            at,
            value_milli: milli(value),
            baseline_milli: baseline.map(milli),
            unit: unit.into(),
            origin: "ventes.csv".into(),
            max_age: Some(MAX_AGE),
        };
        (at.plus(20_000_000), SourceEvent::Figure(Box::new(figure)))
    };
    let mut events = Vec::new();
    let mut at = OPENS;
    while at <= CLOSES {
        // Half of the day's sum is there after somewhat more than half of the day.
        let share = ((at - OPENS) as f64 / (CLOSES - OPENS) as f64).powf(1.2);
        if share > 0.0 {
            // The incident costs some sales, for a while.
            let lost = if (FAILS..MOVES + 2 * HOUR).contains(&at) { 0.06 } else { 0.0 };
            let sales = SALES * share * (1.0 - lost);
            events.push(figure(at, "ventes", sales, Some(SALES_BEFORE * share), "€"));
            events.push(figure(at, "reached", REACHED * share, None, ""));
            events.push(figure(at, "engaged", ENGAGED * share, None, ""));
        }
        at += 30 * MINUTE;
    }
    events
}
