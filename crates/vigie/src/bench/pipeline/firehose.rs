//! Jetstream frames without end, and the connector that reads them: the road's own decoder, without a socket.
//!
//! A fixed number of different frames is sent again and again, each time with a record key and times of its own,
//! so that the road sees every one of them as a new post.

use std::{
    fmt::Write as _,
    io::Read as _,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Value, json};
use vigie_model::{Cursor, SourceSpec, Timestamp};
use vigie_sources::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun,
    bluesky::{Reader, Stamp, Wire},
};

use super::texts::Texts;
use crate::wall::pace;

/// Different frames. More would only measure how much of them fits the cache: 65,536 are 55 MB and do not.
pub(super) const N_FRAMES: usize = 1 << 16;

/// Accounts that write them; a few write most.
const N_AUTHORS: f64 = 200_000.0;

/// Digits of a record key here, and of the times in a frame.
const KEY_DIGITS: usize = 13;
const MICROS_DIGITS: usize = 16;
const CREATED_LEN: usize = 24;

/// The letters of ids.
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Frames that are read between two looks at the clock, as they would come out of one read of a socket.
const FRAMES_AT_ONCE: usize = 256;

/// The connector's name in the bench's room.
pub(super) const NAME: &str = "firehose";

/// What the connector sends, and what it has sent: one bench a process.
pub(super) static FIREHOSE: OnceLock<Firehose> = OnceLock::new();

/// The connector, which only the bench's engine knows.
pub(super) const CONNECTORS: &[ConnectorEntry] = &[ConnectorEntry {
    name: NAME,
    title: "Frames without end",
    check: |_| Ok(()),
    build: |_: &SourceSpec| Ok(Box::new(Sender)),
    schema: || json!({}),
}];

/// What is sent, for how long, and how much of it was.
#[derive(Debug)]
pub(super) struct Firehose {
    pub(super) frames: Vec<FrameText>,
    /// It sends for so long.
    pub(super) lasts: Duration,
    pub(super) n_sent: AtomicU64,
    pub(super) is_over: AtomicBool,
}

/// One frame and where its changing parts stand.
#[derive(Clone, Debug)]
pub(super) struct FrameText {
    pub(super) bytes: Vec<u8>,
    key_at: usize,
    micros_at: usize,
    created_at: usize,
}

impl FrameText {
    /// Makes the frame a new one: the post `post_idx`, written and seen now.
    pub(super) fn renew(&self, post_idx: u64, now: &Now, buffer: &mut Vec<u8>) {
        buffer.clear();
        buffer.extend_from_slice(&self.bytes);
        put(buffer, self.key_at, &key_digits(post_idx));
        put(buffer, self.micros_at, now.micros.as_bytes());
        put(buffer, self.created_at, now.created.as_bytes());
    }
}

fn put(buffer: &mut [u8], at: usize, text: &[u8]) {
    if let Some(place) = buffer.get_mut(at..at + text.len()) {
        place.copy_from_slice(text);
    }
}

/// The record key of a post, which says which one it is.
fn key_digits(mut post_idx: u64) -> [u8; KEY_DIGITS] {
    let mut digits = [b'0'; KEY_DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit += (post_idx % 10) as u8;
        post_idx /= 10;
    }
    digits
}

/// The present instant as frames write it.
pub(super) struct Now {
    micros: String,
    created: String,
}

impl Now {
    pub(super) fn new(now: Timestamp) -> Self {
        let created = now.to_jiff().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
        Self { micros: format!("{:0MICROS_DIGITS$}", now.as_micros()), created }
    }
}

impl Firehose {
    /// Different frames with texts from `folder`, else made-up ones.
    pub(super) fn new(folder: Option<&Path>, lasts: Duration) -> anyhow::Result<Self> {
        let texts = folder.map_or_else(|| Ok(Vec::new()), texts)?;
        let mut made_up = Texts::new(3);
        let mut rng = fastrand::Rng::with_seed(4);
        let frames = (0..N_FRAMES)
            .map(|idx| {
                let text = match texts.len() {
                    0 => made_up.text(),
                    n_texts => texts.get(idx % n_texts).cloned().unwrap_or_default(),
                };
                frame(&text, &mut rng)
            })
            .collect::<anyhow::Result<_>>()?;
        let (n_sent, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
        Ok(Self { frames, lasts, n_sent, is_over })
    }

    /// What the frames take of memory, in MB.
    pub(super) fn frames_mb(&self) -> f64 {
        self.frames.iter().map(|frame| frame.bytes.capacity() + 48).sum::<usize>() as f64 / 1e6
    }

    pub(super) fn mean_bytes(&self) -> f64 {
        self.frames.iter().map(|frame| frame.bytes.len()).sum::<usize>() as f64
            / self.frames.len().max(1) as f64
    }
}

/// The texts of all `.jsonl.gz` files in the folder `sentiment` of `data`, in an order that mixes them.
fn texts(data: &Path) -> anyhow::Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Row {
        text: String,
    }
    let folder = data.join("sentiment");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .with_context(|| format!("looking for texts in {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<anyhow::Result<_>>()?;
    paths.retain(|path| path.to_string_lossy().ends_with(".jsonl.gz"));
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        let mut text = String::new();
        GzDecoder::new(std::fs::File::open(&path)?)
            .read_to_string(&mut text)
            .with_context(|| format!("reading {}", path.display()))?;
        let rows = text.lines().filter_map(|line| serde_json::from_str::<Row>(line).ok());
        texts.extend(rows.map(|row| row.text));
    }
    fastrand::Rng::with_seed(5).shuffle(&mut texts);
    texts.truncate(N_FRAMES);
    Ok(texts)
}

/// A frame of the usual shape: nearly half are answers, a third have marks, a third a picture or a card.
fn frame(text: &str, rng: &mut fastrand::Rng) -> anyhow::Result<FrameText> {
    // The cube of an even number: one in ten posts is of the most active thousandth.
    let author = (rng.f64().powi(3) * N_AUTHORS) as u64;
    let mut record = serde_json::Map::new();
    let mut put = |name: &str, value: Value| record.insert(name.to_owned(), value);
    put("$type", json!("app.bsky.feed.post"));
    put("createdAt", json!("C".repeat(CREATED_LEN)));
    put("text", json!(text));
    if rng.u8(..100) < 85 {
        put("langs", json!([rng.choice(["en", "en", "en", "ja", "pt", "fr", "de", "es"])]));
    }
    if rng.u8(..100) < 45 {
        put("reply", json!({ "root": strong_ref(rng), "parent": strong_ref(rng) }));
    }
    let facets = facets(text);
    if !facets.is_empty() {
        put("facets", Value::Array(facets));
    }
    let embed = match rng.u8(..100) {
        0..25 => Some(picture(rng)),
        25..35 => Some(card(rng)),
        35..42 => Some(json!({ "$type": "app.bsky.embed.record", "record": strong_ref(rng) })),
        _ => None,
    };
    if let Some(embed) = embed {
        put("embed", embed);
    }
    let frame = json!({
        "did": did(author),
        "time_us": "MMMMMMMMMMMMMMMM",
        "kind": "commit",
        "commit": {
            "rev": format!("3m{:011}", rng.u64(..99_999_999_999)),
            "operation": "create",
            "collection": "app.bsky.feed.post",
            "rkey": "K".repeat(KEY_DIGITS),
            "record": record,
            "cid": cid(rng),
        },
    });
    // The time is a number, which a template cannot hold as one.
    let json = frame.to_string().replace("\"MMMMMMMMMMMMMMMM\"", "1000000000000000");
    // A text may look like a place, but it has no bare quotation marks.
    let after = |before: &str| -> anyhow::Result<usize> {
        Ok(json.find(before).context("the frame has lost a part")? + before.len())
    };
    Ok(FrameText {
        key_at: after("\"rkey\":\"")?,
        micros_at: after("\"time_us\":")?,
        created_at: after("\"createdAt\":\"")?,
        bytes: json.into_bytes(),
    })
}

/// An account's id: 24 letters of base32, as real ones have.
fn did(author: u64) -> String {
    let letters = (0..24).map(|letter_idx| {
        let bits = author.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(letter_idx * 5) & 31;
        char::from(BASE32.get(bits as usize).copied().unwrap_or(b'a'))
    });
    "did:plc:".chars().chain(letters).collect()
}

fn cid(rng: &mut fastrand::Rng) -> String {
    (0..52).fold("bafyrei".to_owned(), |mut cid, _| {
        cid.push(char::from(rng.choice(*BASE32).unwrap_or(b'a')));
        cid
    })
}

fn strong_ref(rng: &mut fastrand::Rng) -> Value {
    let uri = format!(
        "at://{}/app.bsky.feed.post/3m{:011}",
        did(rng.u64(..200_000)),
        rng.u64(..99_999_999_999)
    );
    json!({ "uri": uri, "cid": cid(rng) })
}

fn blob(rng: &mut fastrand::Rng) -> Value {
    json!({ "$type": "blob", "ref": { "$link": cid(rng) }, "mimeType": "image/jpeg", "size": rng.u32(9_999..999_999) })
}

fn picture(rng: &mut fastrand::Rng) -> Value {
    let image = json!({ "alt": "", "aspectRatio": { "height": 1_500, "width": 2_000 }, "image": blob(rng) });
    json!({ "$type": "app.bsky.embed.images", "images": [image] })
}

fn card(rng: &mut fastrand::Rng) -> Value {
    json!({
        "$type": "app.bsky.embed.external",
        "external": {
            "uri": format!("https://news.example/{}", rng.u64(..)),
            "title": "What the paper says of it",
            "description": "A sentence or two that the page brings along, as pages do.",
            "thumb": blob(rng),
        },
    })
}

/// Marks for the tags and links of a text.
fn facets(text: &str) -> Vec<Value> {
    let mut facets = Vec::new();
    for word in text.split_whitespace() {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        let feature = if let Some(tag) = word.strip_prefix('#').filter(|tag| !tag.is_empty()) {
            json!({ "$type": "app.bsky.richtext.facet#tag", "tag": tag })
        } else if word.starts_with("http") {
            json!({ "$type": "app.bsky.richtext.facet#link", "uri": word })
        } else {
            continue;
        };
        facets.push(json!({
            "index": { "byteStart": at, "byteEnd": at + word.len() },
            "features": [feature],
        }));
    }
    facets
}

/// The source: reads what the firehose sends, as fast as the road takes it.
#[derive(Debug)]
struct Sender;

impl Source for Sender {
    fn descriptor(&self) -> Descriptor {
        Descriptor { deadline_secs: 60, resumes: true, deletes: true, edits: true }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        Box::pin(send(context))
    }
}

async fn send(context: &mut SourceContext) -> Result<Ended, SourceError> {
    let firehose = FIREHOSE
        .get()
        .ok_or_else(|| SourceError::Config("the bench has not made its frames".to_owned()))?;
    context.health.live();
    let began = pace::now();
    let stamp = Stamp { source: context.source.clone(), received: context.clock.now() };
    let mut reader = Reader::new(Wire::V1, stamp);
    let mut buffer = Vec::with_capacity(4_096);
    let mut frames = firehose.frames.iter().cycle();
    let mut n_sent = 0;
    while pace::now() - began < firehose.lasts {
        if context.shutdown.is_cancelled() {
            return Ok(Ended::Closed);
        }
        let received = context.clock.now();
        let now = Now::new(received);
        for frame in frames.by_ref().take(FRAMES_AT_ONCE) {
            frame.renew(n_sent, &now, &mut buffer);
            n_sent += 1;
            match reader.read(&buffer, received) {
                Ok(Some(event)) => context.out.push(event).await?,
                Ok(None) | Err(_) => context.health.skipped(),
            }
        }
        let mut cursor = smol_str::SmolStrBuilder::new();
        write!(cursor, "{n_sent}").ok(); // Writing into memory cannot fail.
        context.out.set_cursor(Cursor(cursor.finish()));
        context.out.flush().await?;
        firehose.n_sent.store(n_sent, Ordering::Release);
    }
    context.out.finish().await?;
    firehose.is_over.store(true, Ordering::Release);
    Ok(Ended::Finished)
}

/// The id that the frame of this post would give it.
pub(super) fn native(did: &str, post_idx: u64) -> String {
    format!("at://{did}/app.bsky.feed.post/{post_idx:0KEY_DIGITS$}")
}

/// The number of the post with this id, if the firehose sent it.
pub(super) fn post_idx(native: &str) -> Option<u64> {
    native.rsplit('/').next()?.parse().ok()
}
