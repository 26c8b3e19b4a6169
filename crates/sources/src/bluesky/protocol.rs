//! Jetstream's protocol without I/O: where to go on, what was seen already, what was missed, when we are up to date.

use std::hash::{BuildHasher as _, RandomState};

use smol_str::{SmolStr, format_smolstr};
use url::Url;

use super::wire::{Content, Event, Frame, Wire};
use crate::{
    SourceError,
    model::{Cursor, Micros, Timestamp},
};

/// The v2 endpoint on every host.
const V2_PATH: &str = "/xrpc/network.bsky.jetstream.subscribeEvents";

/// An event this young is live: the network itself takes about a second.
const LIVE_LAG: Micros = 30_000_000;

/// Times are not in order on the v1 wire, and differ between hosts: this much is read twice.
const REWIND: Micros = 2_000_000;

/// Events that are known again: four seconds of the whole network at ten times its rate of 2026, so that hardly a set
/// is full before two have passed.
const N_SETS: usize = 4_096;
const N_WAYS: usize = 8;

/// What of a v1 frame is looked at to know it again.
const FRAME_BEGIN: usize = 320;
const FRAME_END: usize = 64;

/// Hosts keep a day or more: a cursor younger than this is never clamped.
const SAFE_AGE: Micros = 3_600_000_000;

/// The network is never silent for so long.
const SILENT_FOR: Micros = 30_000_000;

/// One server and the wire that it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) url: Url,
    pub(super) wire: Wire,
}

impl Server {
    /// A server by its address: one that ends in `/subscribe` speaks v1, all others v2.
    pub(super) fn new(mut url: Url) -> Self {
        let wire = if url.path().trim_end_matches('/').ends_with("/subscribe") {
            Wire::V1
        } else {
            if url.path().trim_end_matches('/').is_empty() {
                url.set_path(V2_PATH);
            }
            Wire::V2
        };
        Self { url, wire }
    }

    /// The host with its port, which a v2 cursor belongs to.
    fn host(&self) -> SmolStr {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.into(), |port| format_smolstr!("{host}:{port}"))
    }

    /// The address of a stream of posts, accounts and identities from `resume` on.
    pub(super) fn stream(
        &self,
        resume: Option<&Position>,
        dids: &[String],
        dictionary: Option<u32>,
    ) -> Url {
        let mut url = self.url.clone();
        {
            let mut query = url.query_pairs_mut();
            let (collections, did) = match self.wire {
                Wire::V1 => ("wantedCollections", "wantedDids"),
                Wire::V2 => ("collections", "dids"),
            };
            if self.wire == Wire::V2 {
                // `kinds=commit` alone would lose the deletion of accounts.
                for kind in ["commit", "account", "identity"] {
                    query.append_pair("kinds", kind);
                }
            }
            query.append_pair(collections, super::record::POST_COLLECTION);
            query.extend_pairs(dids.iter().map(|value| (did, value)));
            if let Some(position) = resume {
                query.append_pair("cursor", &self.cursor(position).to_string());
            }
            if let Some(id) = dictionary {
                query.append_pair("zstdDictionary", &id.to_string());
            }
        }
        url
    }

    /// A seq for the host that gave it, else a time, which every host understands.
    fn cursor(&self, position: &Position) -> i64 {
        match position.seq {
            Some((ref host, seq)) if self.wire == Wire::V2 && *host == self.host() => {
                i64::try_from(seq).unwrap_or(i64::MAX)
            }
            _ => position.at.plus(-REWIND).as_micros(),
        }
    }

    /// Where v2 dictionaries are.
    pub(super) fn dictionary(&self) -> Option<Url> {
        let mut url = self.url.clone();
        let scheme = if url.scheme() == "wss" { "https" } else { "http" };
        url.set_scheme(scheme).ok()?;
        url.set_path("/xrpc/network.bsky.jetstream.getZstdDictionary");
        url.set_query(None);
        Some(url)
    }
}

/// A place in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// The latest time that Jetstream gave an event.
    pub(super) at: Timestamp,
    /// A v2 number, and the host that gave it.
    pub(super) seq: Option<(SmolStr, u64)>,
    /// Whether the event with that number was read: if so it comes again, and is left out.
    pub(super) has_read_seq: bool,
}

impl Position {
    /// Reads `MICROS`, `MICROS SEQ HOST` or `MICROS =SEQ HOST`; the last one where SEQ itself is still to come.
    pub(super) fn parse(cursor: &Cursor) -> Option<Self> {
        let mut words = cursor.0.split(' ');
        let at = Timestamp::from_micros(words.next()?.parse().ok()?);
        let (Some(seq), Some(host)) = (words.next(), words.next()) else {
            return Some(Self { at, seq: None, has_read_seq: false });
        };
        let (seq, has_read_seq) = seq.strip_prefix('=').map_or((seq, true), |seq| (seq, false));
        Some(Self { at, seq: Some((SmolStr::new(host), seq.parse().ok()?)), has_read_seq })
    }

    pub(super) fn cursor(&self) -> Cursor {
        let micros = self.at.as_micros();
        Cursor(match &self.seq {
            Some((host, seq)) if self.has_read_seq => format_smolstr!("{micros} {seq} {host}"),
            Some((host, seq)) => format_smolstr!("{micros} ={seq} {host}"),
            None => format_smolstr!("{micros}"),
        })
    }

    /// The oldest place that the host of the present number still has.
    pub(super) fn at_floor(&self, floor: u64) -> Option<Self> {
        let (host, _) = self.seq.as_ref()?;
        Some(Self { at: self.at, seq: Some((host.clone(), floor)), has_read_seq: false })
    }

    /// The same moment, without the number: what to ask where the number is refused.
    pub(super) fn without_seq(&self) -> Self {
        Self { at: self.at, seq: None, has_read_seq: false }
    }
}

/// Events of the v1 wire that came lately, to know them when they come again.
///
/// Each has its place in one of many sets, a cache line each; the oldest of a full set makes room.
#[derive(Debug, Default)]
pub(super) struct Seen {
    state: RandomState,
    /// None before the first event; 0 where a place is free.
    sets: Vec<[u64; N_WAYS]>,
}

impl Seen {
    /// Whether this frame is new. Its beginning names account, time, revision and record, its end the content.
    fn insert(&mut self, bytes: &[u8]) -> bool {
        let begin = bytes.get(..FRAME_BEGIN.min(bytes.len()));
        let end = bytes.get(bytes.len().saturating_sub(FRAME_END)..);
        let key = self.state.hash_one((begin, end, bytes.len())).max(1);
        self.sets.resize(N_SETS, [0; N_WAYS]);
        let set_idx = (key >> 32) as usize % N_SETS;
        let Some(set) = self.sets.get_mut(set_idx) else { return true };
        if set.contains(&key) {
            return false;
        }
        set.rotate_right(1);
        set[0] = key;
        true
    }

    pub(super) fn clear(&mut self) {
        self.sets.clear();
    }
}

/// What one frame means to the room.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    /// Something was missed before it.
    pub(super) gap: bool,
    /// What it brought.
    pub(super) content: Option<Content>,
    /// With it we are up to date.
    pub(super) caught_up: bool,
}

/// One connection's place in the stream.
#[derive(Debug)]
pub(super) struct Stream {
    wire: Wire,
    host: SmolStr,
    resume: Option<Position>,
    position: Option<Position>,
    n_events: u64,
    live: bool,
}

impl Stream {
    /// A connection that begins at `resume`, or live; if it breaks before anything came, the next goes on from `now`.
    pub(super) fn new(server: &Server, resume: Option<Position>, now: Timestamp) -> Self {
        let begin = Position { at: now, seq: None, has_read_seq: false };
        Self {
            wire: server.wire,
            host: server.host(),
            live: resume.is_none(),
            position: Some(resume.clone().unwrap_or(begin)),
            resume,
            n_events: 0,
        }
    }

    /// Frames that came without a connection, live from `now` on.
    pub(super) fn detached(wire: Wire, now: Timestamp) -> Self {
        let position = Some(Position { at: now, seq: None, has_read_seq: false });
        let host = SmolStr::default();
        Self { wire, host, live: true, position, resume: None, n_events: 0 }
    }

    /// The wire that its frames are read as.
    pub(super) const fn wire(&self) -> Wire {
        self.wire
    }

    /// Whether anything new came.
    pub(super) const fn has_events(&self) -> bool {
        self.n_events > 0
    }

    /// Whether everything that was missed has been read.
    pub(super) const fn is_live(&self) -> bool {
        self.live
    }

    /// Nothing more comes: if we were behind, we are not any more.
    pub(super) const fn ran_dry(&mut self) -> bool {
        !std::mem::replace(&mut self.live, true)
    }

    /// Where the next connection goes on.
    pub(super) const fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// Takes one frame. `bytes` are the frame as it came.
    pub(super) fn on_frame(
        &mut self,
        frame: Frame,
        bytes: &[u8],
        seen: &mut Seen,
        now: Timestamp,
    ) -> Result<Step, SourceError> {
        match frame {
            Frame::Event(event) => Ok(self.on_event(event, bytes, seen, now)),
            Frame::Advice(name) if name == "OutdatedCursor" => {
                Ok(Step { gap: true, ..Step::default() })
            }
            Frame::Advice(_) | Frame::Unknown => Ok(Step::default()),
            Frame::Fault(name) if name == "ConsumerTooSlow" => {
                Err(SourceError::Retry("the network cut us off: we read too slowly".to_owned()))
            }
            Frame::Fault(name) => Err(SourceError::Retry(format!(
                "the network ended the stream: {}",
                name.chars().filter(char::is_ascii_alphanumeric).take(40).collect::<String>()
            ))),
        }
    }

    fn on_event(&mut self, event: Event, bytes: &[u8], seen: &mut Seen, now: Timestamp) -> Step {
        let repeated = match self.wire {
            // The cursor is inclusive: what we have comes once more.
            Wire::V2 => self.last_seq().is_some_and(|last| event.seq <= last),
            Wire::V1 => !seen.insert(bytes),
        };
        if repeated {
            return Step::default();
        }
        let gap = self.wire == Wire::V1 && self.n_events == 0 && self.was_clamped(event.at, now);
        self.n_events += 1;
        let at = self.position.as_ref().map_or(event.at, |position| position.at.max(event.at));
        // A time from the future would skip what comes until then.
        let at = at.min(now);
        let seq = (self.wire == Wire::V2).then(|| (self.host.clone(), event.seq));
        let has_read_seq = seq.is_some();
        self.position = Some(Position { at, seq, has_read_seq });
        let caught_up = !self.live && now.since(event.at) <= LIVE_LAG;
        self.live |= caught_up;
        Step { gap, content: Some(event.content), caught_up }
    }

    /// The last number of this host, if the present place came from it.
    fn last_seq(&self) -> Option<u64> {
        let position = self.position.as_ref().filter(|position| position.has_read_seq)?;
        let (host, seq) = position.seq.as_ref()?;
        (*host == self.host).then_some(*seq)
    }

    /// A v1 host that no longer has what we ask for begins at its oldest event, and does not say so.
    fn was_clamped(&self, first: Timestamp, now: Timestamp) -> bool {
        self.resume.as_ref().is_some_and(|resume| {
            now.since(resume.at) > SAFE_AGE && first.since(resume.at) > SILENT_FOR
        })
    }
}

/// What a v2 host says when it does not open a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The number is below the host's floor.
    CursorTooOld { floor: Option<u64> },
    /// The dictionary is retired.
    UnknownDictionary,
    /// Anything else.
    Other,
}

/// Reads the body of a `400`.
pub(super) fn refusal(body: &[u8]) -> Refusal {
    #[derive(serde::Deserialize)]
    struct Envelope {
        error: String,
        #[serde(default)]
        message: String,
    }
    let Ok(envelope) = serde_json::from_slice::<Envelope>(body) else { return Refusal::Other };
    match envelope.error.as_str() {
        "CursorTooOld" => {
            let words = envelope.message.split(|char: char| !char.is_ascii_digit());
            Refusal::CursorTooOld { floor: words.filter_map(|word| word.parse().ok()).next_back() }
        }
        "UnknownZstdDictionary" => Refusal::UnknownDictionary,
        _ => Refusal::Other,
    }
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;
