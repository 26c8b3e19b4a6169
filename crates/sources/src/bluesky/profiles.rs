//! Names and pictures of Bluesky authors. The stream has neither; the room asks for those whose posts it kept.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use futures_util::future::BoxFuture;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use smol_str::SmolStr;
use tokio::time::Instant;
use url::Url;

use super::{
    record::{NETWORK, bare_author, label},
    wire::{DecodeError, is_did},
};
use crate::{
    Budget, SourceError,
    model::{Author, AuthorId, Label, Micros, PurgeCause, SourceEvent, Timestamp},
    transport::poll,
};

/// What one request may ask for.
const MAX_PER_REQUEST: usize = 25;

/// A name that changes is wrong on the wall for a day at most.
const MAX_AGE: Micros = 86_400_000_000;

/// Authors kept in memory, some 300 bytes each.
const MAX_KNOWN: usize = 20_000;

/// Open questions; the author's next post asks again.
const MAX_WANTED: usize = 2_000;

/// Questions wait this long for others, so that they share a request.
const COLLECT: Duration = Duration::from_millis(300);

/// Not more than one request in this time, whatever the room asks for.
const PERIOD: Duration = Duration::from_secs(1);

/// After a failure without a hint.
const AFTER_FAILURE: Duration = Duration::from_secs(15);

/// 25 profiles have some 40 KiB.
const MAX_BODY_BYTES: usize = 1_048_576;

#[derive(Debug)]
struct Known {
    author: Arc<Author>,
    at: Timestamp,
    opted_out: bool,
}

/// What the network says of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who it is.
    pub author: Author,
    /// Whether the account does not want to be shown to people who are not logged in.
    pub opted_out: bool,
}

type Answer = Result<Vec<u8>, SourceError>;

/// Asks for profiles, a few at a time, and remembers the answers.
pub(super) struct Profiles {
    url: Option<Url>,
    budget: Budget,
    known: HashMap<SmolStr, Known>,
    order: VecDeque<SmolStr>,
    wanted: VecDeque<SmolStr>,
    next_at: Instant,
    asked: Vec<SmolStr>,
    in_flight: Option<BoxFuture<'static, Answer>>,
}

impl std::fmt::Debug for Profiles {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Profiles").field("n_known", &self.known.len()).finish()
    }
}

impl Profiles {
    /// Asks `app_view`, or nobody, at most so many times a day.
    pub(super) fn new(app_view: Option<&Url>, requests_per_day: u64) -> Self {
        let url = app_view.map(|app_view| {
            let mut url = app_view.clone();
            url.set_path("/xrpc/app.bsky.actor.getProfiles");
            url
        });
        Self {
            url,
            budget: Budget::new("profile requests", requests_per_day),
            known: HashMap::new(),
            order: VecDeque::new(),
            wanted: VecDeque::new(),
            next_at: Instant::now(),
            asked: Vec::new(),
            in_flight: None,
        }
    }

    /// The author as known now, or nothing where it does not want to be shown.
    pub(super) fn author(&self, author: &Arc<Author>) -> Option<Arc<Author>> {
        match self.known.get(&author.id.native) {
            Some(known) if known.opted_out => None,
            Some(known) => Some(Arc::clone(&known.author)),
            None => Some(Arc::clone(author)),
        }
    }

    /// The room wants to know who this is. Answers at once where it is known.
    pub(super) fn want(&mut self, author: &AuthorId, now: Timestamp) -> Option<SourceEvent> {
        let did = &author.native;
        if let Some(known) = self.known.get(did) {
            if now.since(known.at) < MAX_AGE {
                return Some(known.event());
            }
            self.forget(&did.clone());
        }
        let asked = self.wanted.contains(did) || self.asked.contains(did);
        if self.url.is_none() || asked || self.wanted.len() >= MAX_WANTED || !is_did(did) {
            return None;
        }
        if self.wanted.is_empty() {
            self.next_at = self.next_at.max(Instant::now() + COLLECT);
        }
        self.wanted.push_back(did.clone());
        None
    }

    /// An account has another handle: what was known of it is old.
    pub(super) fn renamed(&mut self, did: &str, handle: Option<SmolStr>) -> Option<SourceEvent> {
        let known = self.known.get_mut(did)?;
        let handle = handle?;
        if known.opted_out || known.author.handle == handle {
            return None;
        }
        let author = Author { handle, ..Author::clone(&known.author) };
        known.author = Arc::new(author);
        Some(known.event())
    }

    /// Waits until there is an answer, asking as is due. Dropping the future loses nothing.
    pub(super) async fn next(&mut self, http: &reqwest::Client, now: Timestamp) -> Answer {
        loop {
            if let Some(in_flight) = &mut self.in_flight {
                let answer = in_flight.await;
                self.in_flight = None;
                return answer;
            }
            if self.wanted.is_empty() {
                return std::future::pending().await;
            }
            tokio::time::sleep_until(self.next_at).await;
            if let Err(err) = self.budget.spend(1, now) {
                self.wanted.clear();
                tracing::warn!(%err, "no more names and pictures of authors today");
                continue;
            }
            self.ask(http.clone(), now);
        }
    }

    fn ask(&mut self, http: reqwest::Client, now: Timestamp) {
        let Some(mut url) = self.url.clone() else { return self.wanted.clear() };
        let n_asked = self.wanted.len().min(MAX_PER_REQUEST);
        self.asked = self.wanted.drain(..n_asked).collect();
        url.query_pairs_mut().extend_pairs(self.asked.iter().map(|did| ("actors", did)));
        self.next_at = Instant::now() + PERIOD;
        self.in_flight = Some(Box::pin(async move {
            Ok(poll::get(&http, &url, HeaderMap::new(), MAX_BODY_BYTES, now).await?.body)
        }));
    }

    /// Takes an answer and says what the room learns from it.
    pub(super) fn on_answer(&mut self, answer: Answer, now: Timestamp) -> Vec<SourceEvent> {
        let asked = std::mem::take(&mut self.asked);
        let profiles = answer.and_then(|body| {
            decode_profiles(&body).map_err(|err| SourceError::Protocol(format!("profiles: {err}")))
        });
        let profiles = match profiles {
            Ok(profiles) => profiles,
            Err(err) => {
                let wait = match err {
                    SourceError::RateLimited { wait, .. } => wait.min(Duration::from_secs(3_600)),
                    _ => AFTER_FAILURE,
                };
                tracing::warn!(%err, n_authors = asked.len(), "no profiles");
                // Not asked again by itself: the author's next post does that.
                self.next_at = Instant::now() + wait;
                return Vec::new();
            }
        };
        profiles.into_iter().map(|profile| self.learn(profile, now)).collect()
    }

    fn learn(&mut self, profile: Profile, now: Timestamp) -> SourceEvent {
        let did = profile.author.id.native.clone();
        let known =
            Known { author: Arc::new(profile.author), at: now, opted_out: profile.opted_out };
        let event = known.event();
        if self.known.insert(did.clone(), known).is_none() {
            self.order.push_back(did);
        }
        while self.order.len() > MAX_KNOWN {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
        event
    }

    fn forget(&mut self, did: &SmolStr) {
        self.known.remove(did);
        self.order.retain(|known| known != did);
    }
}

impl Known {
    fn event(&self) -> SourceEvent {
        if self.opted_out {
            SourceEvent::PurgeAuthor(self.author.id.clone(), PurgeCause::OptedOut)
        } else {
            SourceEvent::Author(Arc::clone(&self.author))
        }
    }
}

/// Reads the answer of `app.bsky.actor.getProfiles`. Pure.
///
/// # Errors
/// Where the bytes are no such answer. A profile that cannot be read is left out.
pub fn decode_profiles(bytes: &[u8]) -> Result<Vec<Profile>, DecodeError> {
    #[derive(Deserialize)]
    struct Envelope {
        profiles: Vec<serde_json::Value>,
    }
    let envelope: Envelope = serde_json::from_slice(bytes)?;
    Ok(envelope.profiles.into_iter().filter_map(profile).collect())
}

fn profile(value: serde_json::Value) -> Option<Profile> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct View {
        did: SmolStr,
        #[serde(default)]
        handle: SmolStr,
        #[serde(default)]
        display_name: SmolStr,
        avatar: Option<String>,
        #[serde(default)]
        labels: Vec<ViewLabel>,
    }
    #[derive(Deserialize)]
    struct ViewLabel {
        val: String,
        #[serde(default)]
        neg: bool,
    }
    let view: View = serde_json::from_value(value).ok()?;
    if !is_did(&view.did) {
        return None;
    }
    let opted_out = view
        .labels
        .iter()
        .any(|given| !given.neg && label(&given.val) == Some(Label::LoggedInOnly));
    let handle = if view.handle == "handle.invalid" { SmolStr::default() } else { view.handle };
    let avatar = view.avatar.filter(|url| url.starts_with("https://")).map(Into::into);
    let author = Author { handle, name: view.display_name, avatar, ..bare_author(&view.did) };
    debug_assert_eq!(author.id.network.as_str(), NETWORK);
    Some(Profile { author, opted_out })
}

#[cfg(test)]
#[path = "profiles_tests.rs"]
mod tests;
