//! Jetstream's frames, version 1 and 2: from bytes to events. Pure; nothing here panics or knows the time.

use serde::Deserialize;
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::record::{NETWORK, POST_COLLECTION, Place, Record, Text, post, post_id};
use crate::model::{AuthorId, PurgeCause, SourceEvent, SourceId, Timestamp};

/// What the decoder cannot know by itself.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The source that brings the events.
    pub source: SourceId,
    /// When they reached this machine.
    pub received: Timestamp,
}

/// The two wires that Jetstream speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// `/subscribe`: frozen, and what self-hosted instances have.
    V1,
    /// `/xrpc/network.bsky.jetstream.subscribeEvents`, since August 2026.
    V2,
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Something happened on the network.
    Event(Event),
    /// A remark about the stream, such as `OutdatedCursor`.
    Advice(SmolStr),
    /// The server ends the stream and says why, such as `ConsumerTooSlow`.
    Fault(SmolStr),
    /// A frame that a later version of the network may know.
    Unknown,
}

/// Something that happened on the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number on its host (v2), or its time in microseconds (v1).
    pub seq: u64,
    /// When Jetstream saw it.
    pub at: Timestamp,
    /// What it was.
    pub content: Content,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Something that the room wants to know.
    Event(SourceEvent),
    /// An account has another handle, or may have.
    Renamed {
        /// Which account.
        did: SmolStr,
        /// Its handle, where the network says.
        handle: Option<SmolStr>,
    },
    /// A record that cannot be read: it is skipped and counted.
    Unreadable(DecodeError),
    /// Nothing that a wall shows.
    Other,
}

/// Why bytes are no frame, or a record is no post. It never repeats what was in them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not JSON, or not of the shape that it must have.
    #[error("unreadable json at column {column}")]
    Json {
        /// The byte at which it went wrong.
        column: usize,
    },
    /// A field that every frame of this kind has is missing or senseless.
    #[error("the field {0} is missing or senseless")]
    Field(&'static str),
}

impl From<serde_json::Error> for DecodeError {
    fn from(err: serde_json::Error) -> Self {
        Self::Json { column: err.column() }
    }
}

/// Reads one frame.
///
/// # Errors
/// Where the bytes are no frame of this wire. A frame with an unreadable record is a frame all the same.
pub fn decode(wire: Wire, bytes: &[u8], stamp: &Stamp) -> Result<Frame, DecodeError> {
    match wire {
        Wire::V1 => decode_v1(bytes, stamp),
        Wire::V2 => decode_v2(bytes, stamp),
    }
}

/// A frame with its record in it, read in one pass: nearly all frames of the v1 wire are posts that can be read.
#[derive(Deserialize)]
struct V1Post<'json> {
    #[serde(borrow)]
    did: Text<'json>,
    time_us: i64,
    #[serde(borrow)]
    kind: Text<'json>,
    #[serde(borrow)]
    commit: PostCommit<'json>,
}

#[derive(Deserialize)]
struct PostCommit<'json> {
    #[serde(borrow)]
    operation: Text<'json>,
    #[serde(borrow)]
    collection: Text<'json>,
    #[serde(borrow)]
    rkey: Text<'json>,
    #[serde(borrow)]
    record: Record<'json>,
}

#[derive(Deserialize)]
struct V1Frame<'json> {
    #[serde(borrow)]
    did: Text<'json>,
    time_us: i64,
    #[serde(borrow)]
    kind: Text<'json>,
    #[serde(borrow)]
    commit: Option<Commit<'json>>,
    #[serde(borrow)]
    identity: Option<Identity<'json>>,
    #[serde(borrow)]
    account: Option<Account<'json>>,
}

#[derive(Deserialize)]
struct V2Frame<'json> {
    #[serde(borrow, rename = "$type")]
    kind: Text<'json>,
    #[serde(borrow)]
    payload: Option<&'json RawValue>,
    #[serde(borrow)]
    error: Option<Text<'json>>,
}

#[derive(Deserialize)]
struct V2Payload<'json> {
    #[serde(borrow, rename = "$type")]
    kind: Text<'json>,
    #[serde(borrow)]
    name: Option<Text<'json>>,
    seq: Option<u64>,
    #[serde(borrow)]
    did: Option<Text<'json>>,
    #[serde(borrow)]
    time: Option<Text<'json>>,
    #[serde(borrow)]
    identity: Option<Identity<'json>>,
    #[serde(borrow)]
    account: Option<Account<'json>>,
}

/// A change of one record: on v1 an object of its own, on v2 part of the payload.
#[derive(Deserialize)]
struct Commit<'json> {
    #[serde(borrow)]
    operation: Text<'json>,
    #[serde(borrow)]
    collection: Text<'json>,
    #[serde(borrow)]
    rkey: Text<'json>,
    #[serde(borrow)]
    record: Option<&'json RawValue>,
}

#[derive(Deserialize)]
struct Identity<'json> {
    #[serde(borrow)]
    handle: Option<Text<'json>>,
}

#[derive(Deserialize)]
struct Account<'json> {
    active: bool,
    #[serde(borrow)]
    status: Option<Text<'json>>,
}

fn decode_v1(bytes: &[u8], stamp: &Stamp) -> Result<Frame, DecodeError> {
    // Once for the whole frame, which is faster than the parser's own check of each text.
    let json = simdutf8::compat::from_utf8(bytes)
        .map_err(|err| DecodeError::Json { column: err.valid_up_to() })?;
    if let Some(event) = decode_v1_post(json, stamp) {
        return Ok(Frame::Event(event));
    }
    let frame: V1Frame<'_> = serde_json::from_str(json)?;
    let seq = u64::try_from(frame.time_us).map_err(|_negative| DecodeError::Field("time_us"))?;
    let at = Timestamp::from_micros(frame.time_us);
    let did = did(&frame.did)?;
    let content = match frame.kind.0.as_ref() {
        "commit" => commit(did, at, &frame.commit.ok_or(DecodeError::Field("commit"))?, stamp),
        "identity" => identity(did, frame.identity),
        "account" => account(did, &frame.account.ok_or(DecodeError::Field("account"))?),
        _ => return Ok(Frame::Unknown),
    };
    Ok(Frame::Event(Event { seq, at, content }))
}

/// The event of a frame that is a new or changed post with nothing wrong in it.
///
/// What this does not understand is for [`decode_v1`], which says the same of such a frame in two passes.
fn decode_v1_post(json: &str, stamp: &Stamp) -> Option<Event> {
    // What the server was asked for is posts: a frame of another kind is rare, and is given up at its first field
    // that no post has, or at its end.
    let frame: V1Post<'_> = serde_json::from_str(json).ok()?;
    let PostCommit { operation, collection, rkey, record } = frame.commit;
    let (did, rkey) = (did(&frame.did).ok()?, rkey.0.as_ref());
    let is_update = match operation.0.as_ref() {
        "create" => false,
        "update" => true,
        _ => return None,
    };
    if frame.kind.0 != "commit" || collection.0 != POST_COLLECTION || !is_record_key(rkey) {
        return None;
    }
    let seq = u64::try_from(frame.time_us).ok()?;
    let at = Timestamp::from_micros(frame.time_us);
    let post = record.into_post(&Place { did, rkey, at, is_update }, stamp);
    Some(Event { seq, at, content: Content::Event(SourceEvent::Upsert(Box::new(post))) })
}

fn decode_v2(bytes: &[u8], stamp: &Stamp) -> Result<Frame, DecodeError> {
    let frame: V2Frame<'_> = serde_json::from_slice(bytes)?;
    let name = |text: Option<Text<'_>>| text.map(|text| SmolStr::new(text.0)).unwrap_or_default();
    match frame.kind.0.as_ref() {
        "message" => {}
        "error" => return Ok(Frame::Fault(name(frame.error))),
        _ => return Ok(Frame::Unknown),
    }
    let payload_json = frame.payload.ok_or(DecodeError::Field("payload"))?.get();
    let payload: V2Payload<'_> = serde_json::from_str(payload_json)?;
    let Some((_, kind)) = payload.kind.0.rsplit_once('#') else { return Ok(Frame::Unknown) };
    if kind == "info" {
        return Ok(Frame::Advice(name(payload.name)));
    }
    let (Some(seq), Some(payload_did), Some(time)) = (payload.seq, payload.did, payload.time)
    else {
        // Every kind that moves the cursor has these three: one that does not is of a later time.
        return Ok(Frame::Unknown);
    };
    let at = Timestamp::parse(&time.0).map_err(|_err| DecodeError::Field("time"))?;
    let did = did(&payload_did)?;
    let content = match kind {
        "commit" => commit(did, at, &serde_json::from_str(payload_json)?, stamp),
        "identity" => identity(did, payload.identity),
        "account" => account(did, &payload.account.ok_or(DecodeError::Field("account"))?),
        _ => Content::Other,
    };
    Ok(Frame::Event(Event { seq, at, content }))
}

fn commit(did: &str, at: Timestamp, commit: &Commit<'_>, stamp: &Stamp) -> Content {
    if commit.collection.0 != POST_COLLECTION {
        return Content::Other;
    }
    let rkey = commit.rkey.0.as_ref();
    if !is_record_key(rkey) {
        return Content::Unreadable(DecodeError::Field("rkey"));
    }
    let is_update = match commit.operation.0.as_ref() {
        "create" => false,
        "update" => true,
        "delete" => return Content::Event(SourceEvent::Delete(post_id(did, rkey))),
        _ => return Content::Other,
    };
    let Some(record) = commit.record else {
        return Content::Unreadable(DecodeError::Field("record"));
    };
    match post(record.get(), &Place { did, rkey, at, is_update }, stamp) {
        Ok(post) => Content::Event(SourceEvent::Upsert(Box::new(post))),
        Err(err) => Content::Unreadable(err.into()),
    }
}

fn identity(did: &str, identity: Option<Identity<'_>>) -> Content {
    let handle = identity.and_then(|identity| identity.handle);
    // This is what the network says of a handle that it could not confirm.
    let handle = handle.filter(|handle| handle.0 != "handle.invalid");
    Content::Renamed { did: SmolStr::new(did), handle: handle.map(|text| SmolStr::new(text.0)) }
}

/// An account that is gone takes its posts along. A server that is only behind (`desynchronized`, `throttled`) does not.
fn account(did: &str, account: &Account<'_>) -> Content {
    if account.active {
        return Content::Other;
    }
    let cause = match account.status.as_ref().map(|status| status.0.as_ref()) {
        Some("deleted") => PurgeCause::Deleted,
        Some("takendown" | "suspended") => PurgeCause::Suspended,
        Some("desynchronized" | "throttled") => return Content::Other,
        _ => PurgeCause::Deactivated,
    };
    Content::Event(SourceEvent::PurgeAuthor(AuthorId::new(NETWORK, did), cause))
}

fn did<'event>(text: &'event Text<'_>) -> Result<&'event str, DecodeError> {
    if is_did(&text.0) { Ok(&text.0) } else { Err(DecodeError::Field("did")) }
}

/// Whether this can be an account's id, and can stand in an address as it is.
pub(super) fn is_did(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._:%-".contains(&byte);
    text.len() <= 2_048
        && text.strip_prefix("did:").is_some_and(|rest| rest.contains(':'))
        && text.bytes().all(fits)
}

/// Whether this can be a record's key, and can stand in an address as it is.
pub(super) fn is_record_key(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._:~-".contains(&byte);
    (1..=512).contains(&text.len()) && text.bytes().all(fits) && text != "." && text != ".."
}
