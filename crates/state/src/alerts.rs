//! What calls the people in the room: few alerts, each with its evidence.
//!
//! Who is called all the time no longer listens (EEMUA 191: about six an hour is what one person can heed).
//! So what comes close together is one incident, and an hour has a budget: what goes beyond it joins what is there.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;
use smol_str::SmolStr;
use vigie_analysis::{TermKey, usual_phrase};
use vigie_model::{
    Acknowledgment, Alert, AlertId, AlertKind, FeedItem, Micros, QueryName, Timestamp,
};

use crate::{
    posts::{Posts, Record},
    rising::Found,
    trends::samples,
};

/// Alerts of one query that come this close together are one incident.
const INCIDENT: Micros = 300 * 1_000_000;
/// New alerts that an hour may bring.
const MAX_PER_HOUR: usize = 6;
const HOUR: Micros = 3_600 * 1_000_000;
/// An alert is active for so long after it was last true.
const ACTIVE: Micros = 180 * 1_000_000;
/// An alert is kept for so long.
const KEPT: Micros = 12 * HOUR;

/// The alerts of a room, newest first.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    alerts: Vec<Raised>,
}

#[derive(Debug)]
struct Raised {
    alert: Alert,
    /// The terms of its incident, to see whether they go on.
    keys: Vec<TermKey>,
    /// What else than terms belongs to its incident.
    kinds: Vec<AlertKind>,
    /// Trouble of the room itself that is not over.
    stands: bool,
}

impl Alerts {
    /// Raises what was found in a query, or counts it to an incident that is there.
    pub(crate) fn raise(&mut self, query: &QueryName, found: &Found, posts: &Posts) {
        let alert = alert(query, found, posts);
        let key = match found {
            Found::Term { burst, .. } => Some(burst.key),
            _ => None,
        };
        if let Some(known) = self.incident(&alert, key) {
            known.join(&alert, key);
            return;
        }
        let kinds = vec![alert.kind];
        self.alerts
            .insert(0, Raised { alert, keys: key.into_iter().collect(), kinds, stands: false });
        self.alerts.truncate(Alert::MAX_ALERTS);
    }

    /// The room itself is in trouble, or no longer.
    ///
    /// What fails again within a few minutes is the same alert, and whoever has seen it is not called again.
    pub(crate) fn trouble(&mut self, kind: AlertKind, name: &SmolStr, over: bool, at: Timestamp) {
        let term = Some(name.clone()).filter(|name| !name.is_empty());
        let known = self.alerts.iter_mut().find(|raised| {
            let alert = &raised.alert;
            let is_near = raised.stands || at.since(alert.last) <= INCIDENT;
            alert.kind == kind && alert.term == term && is_near
        });
        if let Some(raised) = known {
            raised.stands = !over;
            raised.alert.last = at;
        } else if !over && kind.is_trouble() {
            let mut alert = blank(kind, at);
            alert.term = term;
            let mut hasher = FxHasher::default();
            (kind, at.as_micros(), alert.term.as_deref()).hash(&mut hasher);
            alert.id = AlertId(hasher.finish());
            self.alerts
                .insert(0, Raised { alert, keys: Vec::new(), kinds: vec![kind], stands: true });
            self.alerts.truncate(Alert::MAX_ALERTS);
        }
    }

    /// The incident that an alert belongs to.
    fn incident(&mut self, alert: &Alert, key: Option<TermKey>) -> Option<&mut Raised> {
        let is_talk = |known: &Raised| !known.alert.kind.is_trouble();
        let near = |known: &Raised| is_talk(known) && alert.at.since(known.alert.last) <= INCIDENT;
        let same_term =
            |known: &Raised| near(known) && key.is_some_and(|key| known.keys.contains(&key));
        let same_query = |known: &Raised| near(known) && known.alert.query == alert.query;
        let is_recent = |known: &Raised| is_talk(known) && alert.at.since(known.alert.at) < HOUR;
        let n_lately = self.alerts.iter().filter(|known| is_recent(known)).count();
        let place = self.alerts.iter().position(same_term);
        let place = place.or_else(|| self.alerts.iter().position(same_query));
        let newest = self.alerts.iter().position(is_talk);
        let place = place.or_else(|| newest.filter(|_| n_lately >= MAX_PER_HOUR));
        self.alerts.get_mut(place?)
    }

    /// A term's burst goes on at that moment.
    pub(crate) fn go_on(&mut self, query: &QueryName, last_seen: impl Fn(TermKey) -> Option<i64>) {
        for raised in
            self.alerts.iter_mut().filter(|raised| raised.alert.query.as_ref() == Some(query))
        {
            let last = raised.keys.iter().filter_map(|key| last_seen(*key)).max();
            if let Some(last) = last {
                raised.alert.last = raised.alert.last.max(Timestamp::from_secs(last));
            }
        }
    }

    /// Someone has seen an alert.
    pub(crate) fn acknowledge(&mut self, id: AlertId, by: &SmolStr, at: Timestamp) {
        let known = self.alerts.iter_mut().find(|raised| raised.alert.id == id);
        if let Some(raised) = known
            && raised.alert.acknowledged.is_none()
        {
            raised.alert.acknowledged = Some(Acknowledgment { by: by.clone(), at });
        }
    }

    /// A post is gone: no alert shows it any more.
    pub(crate) fn forget_posts(&mut self, is: impl Fn(&FeedItem) -> bool) {
        for raised in &mut self.alerts {
            raised.alert.samples.retain(|item| !is(item));
        }
    }

    /// The alerts as they stand at `now`, newest first.
    pub(crate) fn view(&self, now: Timestamp) -> Vec<Alert> {
        let is_kept = |raised: &&Raised| {
            let alert = &raised.alert;
            // Trouble may have lasted longer than that when it ends.
            let from = if alert.kind.is_trouble() { alert.last } else { alert.at };
            raised.stands || now.since(from) <= KEPT
        };
        self.alerts
            .iter()
            .filter(is_kept)
            .map(|raised| {
                let is_talk = !raised.alert.kind.is_trouble();
                let active = raised.stands || is_talk && now.since(raised.alert.last) <= ACTIVE;
                Alert { active, ..raised.alert.clone() }
            })
            .collect()
    }
}

impl Raised {
    fn join(&mut self, other: &Alert, key: Option<TermKey>) {
        self.alert.last = self.alert.last.max(other.last);
        let is_same = match key {
            Some(key) => self.keys.contains(&key) || self.alert.term == other.term,
            None => self.kinds.contains(&other.kind),
        };
        if is_same {
            return;
        }
        self.keys.extend(key);
        self.kinds.push(other.kind);
        self.alert.n_joined += 1;
        let mut term = other.term.clone();
        if says_more(other, &self.alert) {
            term = self.alert.term.take();
            let Alert { kind, value, baseline, ratio, n_authors, suspicion, .. } = *other;
            self.alert = Alert {
                term: other.term.clone(),
                samples: other.samples.clone(),
                kind,
                value,
                baseline,
                ratio,
                n_authors,
                suspicion,
                ..self.alert.clone()
            };
        }
        if self.alert.joined.len() < Alert::MAX_JOINED {
            self.alert.joined.extend(term);
        }
    }
}

/// Whether a term names an incident better than the one it is named by: a phrase tells what happened, a word hardly
/// more than where.
fn says_more(other: &Alert, known: &Alert) -> bool {
    let n_words = |alert: &Alert| alert.term.as_deref().map(|term| term.split(' ').count());
    known.acknowledged.is_none()
        && n_words(other) > Some(1)
        && n_words(known) == Some(1)
        && other.n_authors.saturating_mul(2) >= known.n_authors
}

/// An alert that says nothing yet.
const fn blank(kind: AlertKind, at: Timestamp) -> Alert {
    Alert {
        id: AlertId(0),
        kind,
        at,
        last: at,
        active: true,
        query: None,
        term: None,
        value: 0.0,
        baseline: 0.0,
        ratio: 0.0,
        n_authors: 0,
        suspicion: 0.0,
        n_joined: 0,
        joined: Vec::new(),
        samples: Vec::new(),
        acknowledged: None,
    }
}

/// The alert for what was found in a query.
fn alert(query: &QueryName, found: &Found, posts: &Posts) -> Alert {
    let secs = found.at();
    let (kind, last) = match found {
        Found::Term { last, .. } => (AlertKind::Term, *last),
        Found::Volume { at, .. } => (AlertKind::Volume, *at),
        Found::Mood { at, .. } => (AlertKind::Mood, *at),
    };
    let mut alert = Alert {
        last: Timestamp::from_secs(last),
        query: Some(query.clone()),
        ..blank(kind, Timestamp::from_secs(secs))
    };
    match found {
        Found::Term { burst, .. } => {
            let records = || burst.posts.iter().filter_map(|number| posts.get(*number));
            let text = |record: &'_ Record| record.item.as_ref().map(|item| item.post.text.clone());
            let texts: Vec<_> = records().filter_map(text).collect();
            let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
            alert.term = Some(usual_phrase(&texts, &burst.names));
            alert.value = burst.rise.baseline * burst.rise.ratio;
            (alert.baseline, alert.ratio) = (burst.rise.baseline, burst.rise.ratio);
            (alert.n_authors, alert.suspicion) =
                (burst.evidence.n_authors, burst.evidence.suspicion);
            alert.samples = samples(records());
        }
        Found::Volume { alarm, .. } => {
            (alert.value, alert.baseline, alert.ratio) = (alarm.value, alarm.baseline, alarm.ratio);
        }
        Found::Mood { swing, n_posts, .. } => {
            (alert.value, alert.baseline) = (swing.share, swing.baseline);
            alert.ratio = swing.share / swing.baseline.max(0.01);
            alert.n_authors = u64::from(*n_posts);
        }
    }
    let mut hasher = FxHasher::default();
    (kind, secs, query.as_str(), alert.term.as_deref()).hash(&mut hasher);
    alert.id = AlertId(hasher.finish());
    alert
}
