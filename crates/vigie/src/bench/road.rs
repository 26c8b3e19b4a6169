//! `vigie bench road`: posts through the whole road onto ten screens, at a firehose's pace, and none lost.
//!
//! The posts are Jetstream frames that a server on this machine sends over a WebSocket to the real connector.
//! What is counted in the end is the event log on disk.

use std::{
    fs,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures_util::SinkExt as _;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use vigie_model::{Clock as _, Event, Snapshot, SystemClock, Timestamp};
use vigie_store::Reader;

use super::{
    live::Live,
    material::{Material, room},
    process::usage,
    report::Measure,
    rig::{self, Room, System},
};
use crate::{
    room::{
        files::{DataFolder, RoomSource},
        stage::OnPresent,
    },
    wall::pace,
};

const N_SCREENS: usize = 10;

/// The pace that the road must hold.
const POSTS_PER_SEC: u64 = 10_000;

/// For how long.
const DEFAULT_SECS: u64 = 60;

/// The server sends what is due this often.
const STEP: Duration = Duration::from_millis(2);

/// The road may take this long to bring the last post to the log, or the run has failed.
const DRAIN_WITHIN: Duration = Duration::from_secs(60);

/// Latencies that are kept; the oldest go first. Ten screens at 60 Hz for two minutes.
const MAX_LATENCIES: usize = 72_000;

/// What the run found.
#[derive(Debug, Serialize, Deserialize)]
struct Found {
    posts_per_s: f64,
    lost: u64,
    p95_millis: f64,
    peak_mb: f64,
}

/// Measures in the X11 room at 320 × 180.
pub(crate) fn measure(secs: Option<u64>) -> anyhow::Result<Vec<Measure>> {
    let place = Room {
        system: System::X11,
        n_screens: N_SCREENS,
        mode: "320x180@60".to_owned(),
        blocking_hz: None,
    };
    let found: Found = place.run("road", &secs.unwrap_or(DEFAULT_SECS).to_string())?;
    Ok(vec![
        Measure::new("road.posts_per_s", found.posts_per_s, "posts/s", "≥ 10,000"),
        Measure::new("road.lost", found.lost as f64, "posts", "0"),
        Measure::new("road.receipt_to_present_p95_ms", found.p95_millis, "ms", "≤ 100"),
        Measure::new("road.peak_mb", found.peak_mb, "MB", "bounded"),
    ])
}

/// Inside the room: server, road and wall in this process.
pub(crate) fn inside(part: &str) -> anyhow::Result<()> {
    let n_posts = POSTS_PER_SEC * part.parse::<u64>()?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(n_posts)?;
    let source = format!(
        "connector = \"bluesky\"\nservers = [\"ws://{}/subscribe\"]\nprofiles = false",
        server.address
    );
    let room_path = folder.path().join("bench.toml");
    fs::write(&room_path, room(N_SCREENS, &source))?;
    let source = RoomSource::File(room_path);
    let data = DataFolder::of(&source, Some(folder.path()))?;
    let log_path = data.log_path();
    let latencies = Arc::new(Latencies::default());
    let live = Live {
        source,
        folder: data,
        clock: Arc::new(SystemClock),
        on_present: Some(latencies.clone()),
        instead: None,
    };
    let took = live
        .run(move |_, snapshots| wait_for_posts(n_posts, || snapshots.read().counters.n_posts))?;
    let n_stored = count_posts(&log_path)?;
    rig::report(&Found {
        posts_per_s: n_posts as f64 / took.as_secs_f64(),
        lost: n_posts.saturating_sub(n_stored),
        p95_millis: latencies.p95_millis().context("nothing was presented")?,
        peak_mb: usage(std::process::id())?.peak_mb,
    })
}

/// Waits until the room holds `n_posts`; how long that took from the first of them.
fn wait_for_posts(n_posts: u64, n_now: impl Fn() -> u64) -> anyhow::Result<Duration> {
    let mut first = None;
    let mut last_change = (pace::now(), 0);
    loop {
        let (now, n) = (pace::now(), n_now());
        if n > 0 && first.is_none() {
            first = Some(now);
        }
        if n >= n_posts {
            return Ok(now - first.unwrap_or(now));
        }
        if n != last_change.1 {
            last_change = (now, n);
        }
        anyhow::ensure!(
            now - last_change.0 < DRAIN_WITHIN,
            "only {n} of {n_posts} posts arrived, and nothing more for {DRAIN_WITHIN:?}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

fn count_posts(log_path: &std::path::Path) -> anyhow::Result<u64> {
    let reader = Reader::open(log_path)?;
    let mut n_posts = 0;
    for logged in reader.replay(..) {
        n_posts += u64::from(matches!(logged?.event, Event::Post { .. }));
    }
    Ok(n_posts)
}

/// From receipt of the newest post to the present that first showed it, on every screen.
#[derive(Debug, Default)]
struct Latencies {
    newest: Mutex<Vec<f64>>,
    n_seen: AtomicU64,
}

impl OnPresent for Latencies {
    fn presented(&self, snapshot: &Snapshot, now: Timestamp) {
        let Some(feed) = snapshot.queries.values().map(|query| &query.feed).next() else { return };
        let Some(newest) = feed.items.first() else { return };
        let millis = now.since(newest.post.received) as f64 / 1e3;
        self.n_seen.fetch_add(1, Ordering::Relaxed);
        let mut latencies = self.newest.lock();
        if latencies.len() < MAX_LATENCIES {
            latencies.push(millis);
        }
    }
}

impl Latencies {
    fn p95_millis(&self) -> Option<f64> {
        let mut latencies = self.newest.lock().clone();
        latencies.sort_by(f64::total_cmp);
        latencies.get(latencies.len() * 95 / 100).copied()
    }
}

/// A Jetstream server that sends a fixed number of posts at an even pace to whoever connects.
pub(super) struct Server {
    pub(super) address: SocketAddr,
}

impl Server {
    pub(super) fn start(n_posts: u64) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        thread::Builder::new().name("jetstream".to_owned()).spawn(move || {
            if let Err(err) = runtime.block_on(serve(&listener, n_posts)) {
                tracing::error!("the bench's server failed: {err:#}");
            }
        })?;
        Ok(Self { address })
    }
}

async fn serve(listener: &TcpListener, n_posts: u64) -> anyhow::Result<()> {
    let (stream, _) = listener.accept().await?;
    send_all(stream, n_posts).await?;
    // The connector comes again and finds nothing new, as on a quiet network.
    std::future::pending().await
}

async fn send_all(stream: TcpStream, n_posts: u64) -> anyhow::Result<()> {
    let mut socket = tokio_tungstenite::accept_async(stream).await?;
    let mut material = Material::new(2);
    let began = pace::now();
    let mut n_sent = 0;
    while n_sent < n_posts {
        let n_due = due(began, n_posts);
        for post_idx in n_sent..n_due {
            socket.feed(Message::text(frame(&mut material, post_idx))).await?;
        }
        n_sent = n_due;
        socket.flush().await?;
        tokio::time::sleep(STEP).await;
    }
    std::future::pending().await
}

/// Posts that should have been sent by now.
fn due(began: Instant, n_posts: u64) -> u64 {
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    (micros.saturating_mul(POSTS_PER_SEC) / 1_000_000).min(n_posts)
}

/// One Jetstream v1 event: a post that was just written.
fn frame(material: &mut Material, post_idx: u64) -> String {
    let now = SystemClock.now();
    let text = material.text();
    serde_json::json!({
        "did": format!("did:plc:bench{:06}", material.author()),
        "time_us": now.as_micros(),
        "kind": "commit",
        "commit": {
            "rev": format!("{post_idx:013}"),
            "operation": "create",
            "collection": "app.bsky.feed.post",
            "rkey": format!("{post_idx:013}"),
            "cid": "bafyreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "record": {
                "$type": "app.bsky.feed.post",
                "createdAt": now.to_string(),
                "langs": ["fr"],
                "text": text,
            },
        },
    })
    .to_string()
}
