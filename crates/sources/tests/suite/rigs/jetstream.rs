//! A Jetstream server: both wires, cursors, the floor, compression, profiles, and every fault.

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures_util::{SinkExt as _, StreamExt as _};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};
use url::Url;
use vigie_model::{Clock as _, Timestamp};

use super::{Fault, Rig};
use crate::room::TestClock;

pub(crate) const DID: &str = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";

/// One event: what it is on v1, from which v2 is made.
#[derive(Clone, Debug)]
struct Entry {
    seq: u64,
    v1: Value,
}

/// A zstd dictionary and its id.
#[derive(Clone, Debug)]
pub(crate) struct Dictionary {
    pub(crate) id: u32,
    pub(crate) bytes: Vec<u8>,
}

impl Dictionary {
    /// Trains a dictionary on made-up frames, as a server does on real ones.
    pub(crate) fn train(variant: u32) -> Self {
        let sample = |idx: u32| v2_frame(&Entry { seq: idx.into(), v1: post(idx * variant, "x") });
        let samples: Vec<String> = (0..500).map(|idx| sample(idx).to_string()).collect();
        let bytes = zstd::dict::from_samples(&samples, 4_096).unwrap();
        let id = u32::from_le_bytes(bytes[4..8].try_into().unwrap());
        Self { id, bytes }
    }
}

#[derive(Debug)]
struct State {
    log: Vec<Entry>,
    n_log: watch::Sender<usize>,
    faults: VecDeque<Fault>,
    always: Option<Fault>,
    requests: Vec<String>,
    floor: usize,
    dictionary: Option<Dictionary>,
    profiles: Value,
    n_profile_requests: usize,
}

/// The server.
#[derive(Clone, Debug)]
pub(crate) struct Jetstream {
    pub(crate) port: u16,
    path: &'static str,
    pub(crate) clock: TestClock,
    state: Arc<Mutex<State>>,
    n_connections: Arc<AtomicUsize>,
    n_bytes: Arc<AtomicUsize>,
    cut: watch::Sender<()>,
}

impl Jetstream {
    pub(crate) fn set_up_v2(clock: TestClock) -> Box<dyn Rig> {
        Box::new(Self::start(clock, ""))
    }

    pub(crate) fn set_up_v1(clock: TestClock) -> Box<dyn Rig> {
        Box::new(Self::start(clock, "/subscribe"))
    }

    /// Starts a server; it ends with the test's runtime. `path` chooses the wire in [`Rig::options`].
    pub(crate) fn start(clock: TestClock, path: &'static str) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let listener = TcpListener::from_std(listener).unwrap();
        let state = State {
            log: Vec::new(),
            n_log: watch::Sender::new(0),
            faults: VecDeque::new(),
            always: None,
            requests: Vec::new(),
            floor: 0,
            dictionary: None,
            profiles: json!([]),
            n_profile_requests: 0,
        };
        let (n_connections, n_bytes) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let state = Arc::new(Mutex::new(state));
        let cut = watch::Sender::new(());
        let server = Self { port, path, clock, state, n_connections, n_bytes, cut };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = accepting.clone();
                // A connection that breaks is what is tested.
                let mut cut = server.cut.subscribe();
                tokio::spawn(async move {
                    tokio::select! {
                        biased;
                        _ = cut.changed() => {}
                        outcome = Box::pin(server.serve(stream)) => drop(outcome),
                    }
                });
            }
        });
        server
    }

    /// Adds an event as v1 has it; `did` and `time_us` are set where they are missing.
    pub(crate) fn push(&self, mut v1: Value) {
        let mut state = self.state.lock();
        let seq = state.log.len() as u64 + 1;
        let micros = self.clock.now().as_micros();
        let event = v1.as_object_mut().unwrap();
        event.entry("did").or_insert_with(|| json!(DID));
        event.entry("time_us").or_insert_with(|| json!(micros));
        state.log.push(Entry { seq, v1 });
        let n_log = state.log.len();
        state.n_log.send_replace(n_log);
    }

    /// Forgets the oldest events: the first that is left is number `floor` + 1.
    pub(crate) fn forget(&self, floor: usize) {
        self.state.lock().floor = floor;
    }

    pub(crate) fn compress_with(&self, dictionary: Option<Dictionary>) {
        self.state.lock().dictionary = dictionary;
    }

    pub(crate) fn know(&self, profiles: Value) {
        self.state.lock().profiles = profiles;
    }

    pub(crate) fn n_profile_requests(&self) -> usize {
        self.state.lock().n_profile_requests
    }

    /// The addresses that were asked for.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state.lock().requests.clone()
    }

    async fn serve(self, mut stream: TcpStream) -> io::Result<()> {
        let mut head = vec![0; 8_192];
        let n_head = stream.peek(&mut head).await?;
        let head = String::from_utf8_lossy(&head[..n_head]).into_owned();
        let target = head.split(' ').nth(1).unwrap_or_default();
        let url = Url::parse(&format!("http://server{target}")).unwrap();
        if url.path().ends_with("getZstdDictionary") {
            let dictionary = self.state.lock().dictionary.clone();
            let body = dictionary.map(|dictionary| dictionary.bytes);
            return answer(
                &mut stream,
                if body.is_some() { 200 } else { 404 },
                None,
                &body.unwrap_or_default(),
            )
            .await;
        }
        if url.path().ends_with("getProfiles") {
            let profiles = {
                let mut state = self.state.lock();
                state.n_profile_requests += 1;
                json!({ "profiles": state.profiles }).to_string()
            };
            return answer(&mut stream, 200, None, profiles.as_bytes()).await;
        }
        self.n_connections.fetch_add(1, Ordering::Relaxed);
        let (fault, dictionary) = {
            let mut state = self.state.lock();
            state.requests.push(target.to_owned());
            let fault = state.faults.pop_front().or_else(|| state.always.clone());
            (fault, state.dictionary.clone())
        };
        match fault {
            Some(Fault::Status(status, header)) => {
                return answer(&mut stream, status, header, b"{}").await;
            }
            Some(Fault::Refuse { body, in_two }) => {
                return refuse(&mut stream, &body, in_two).await;
            }
            _ => {}
        }
        let param = |name: &str| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let wanted = param("zstdDictionary").map(|id| id.parse::<u32>().unwrap());
        let dictionary = dictionary.filter(|dictionary| wanted == Some(dictionary.id));
        if wanted.is_some() && dictionary.is_none() {
            let body =
                r#"{"error":"UnknownZstdDictionary","message":"current dictionary id is 7"}"#;
            return refuse(&mut stream, body, false).await;
        }
        let is_v1 = url.path() == "/subscribe";
        let start = match self.start_of(param("cursor").map(|text| text.parse().unwrap()), is_v1) {
            Ok(start) => start,
            Err(body) => return refuse(&mut stream, &body, false).await,
        };
        let limit = match fault {
            Some(Fault::CutAfter(limit)) => limit,
            _ => usize::MAX,
        };
        self.n_bytes.store(0, Ordering::Relaxed);
        let stream = Counted { stream, limit, n_written: Arc::clone(&self.n_bytes) };
        let accepting = Box::pin(tokio_tungstenite::accept_async(stream));
        let Ok(mut socket) = accepting.await else { return Ok(()) };
        match fault {
            Some(Fault::Close) => drop(socket.close(None).await),
            Some(Fault::Say(text)) => {
                socket.send(Message::text(text)).await.ok();
                socket.close(None).await.ok();
            }
            Some(Fault::Stall) => std::future::pending().await,
            _ => Box::pin(self.send(socket, start, is_v1, dictionary)).await,
        }
        Ok(())
    }

    /// The first event to send, or the body of a refusal.
    fn start_of(&self, cursor: Option<i64>, is_v1: bool) -> Result<usize, String> {
        let state = self.state.lock();
        let Some(cursor) = cursor else { return Ok(state.log.len()) };
        let is_time = cursor >= 1_000_000_000_000_000;
        assert!(is_time || !is_v1, "v1 cursors are times");
        let after = |entry: &Entry| {
            if is_time {
                entry.v1["time_us"].as_i64() >= Some(cursor)
            } else {
                entry.seq >= cursor as u64
            }
        };
        let start = state.log.iter().position(after).unwrap_or(state.log.len());
        if start < state.floor && !is_time {
            let floor = state.floor + 1;
            let message = format!("cursor {cursor} below lookback floor {floor}; re-backfill");
            return Err(json!({"error": "CursorTooOld", "message": message}).to_string());
        }
        Ok(start.max(state.floor))
    }

    async fn send(
        &self,
        mut socket: WebSocketStream<Counted>,
        start: usize,
        is_v1: bool,
        dictionary: Option<Dictionary>,
    ) {
        let mut n_log = self.state.lock().n_log.subscribe();
        let mut compressor = dictionary.map(|dictionary| {
            zstd::bulk::Compressor::with_dictionary(3, &dictionary.bytes).unwrap()
        });
        let mut next = start;
        loop {
            let entries: Vec<Entry> = self.state.lock().log.iter().skip(next).cloned().collect();
            next += entries.len();
            for entry in entries {
                let frame = match entry.v1.get("raw") {
                    Some(raw) => raw.as_str().unwrap().to_owned(),
                    None if is_v1 => entry.v1.to_string(),
                    None => v2_frame(&entry).to_string(),
                };
                let message = match &mut compressor {
                    Some(compressor) => {
                        Message::binary(compressor.compress(frame.as_bytes()).unwrap())
                    }
                    None => Message::text(frame),
                };
                if socket.feed(message).await.is_err() {
                    return;
                }
            }
            if socket.flush().await.is_err() {
                return;
            }
            tokio::select! {
                changed = n_log.changed() => if changed.is_err() { return },
                message = socket.next() => match message {
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    // A client that sends data is thrown out, as the real server does.
                    _ => return,
                },
            }
        }
    }
}

impl Rig for Jetstream {
    fn options(&self) -> toml::Table {
        let (port, path) = (self.port, self.path);
        format!("servers = ['ws://127.0.0.1:{port}{path}']\napp_view = 'http://127.0.0.1:{port}'")
            .parse()
            .unwrap()
    }

    fn publish(&self, number: u32) {
        self.push(post(number, &format!("post {number}")));
    }

    fn edit(&self, number: u32) -> bool {
        let mut event = post(number, &format!("edit {number}"));
        event["commit"]["operation"] = json!("update");
        self.push(event);
        true
    }

    fn delete(&self, number: u32) -> bool {
        let commit = json!({
            "operation": "delete", "collection": "app.bsky.feed.post", "rkey": format!("{number}")
        });
        self.push(json!({"kind": "commit", "commit": commit}));
        true
    }

    fn babble(&self) -> bool {
        self.push(json!({"kind": "poll", "poll": {}}));
        self.push(json!({"kind": "commit", "raw": "not json {"}));
        let mut broken = post(999, "x");
        broken["commit"]["record"] = json!({"text": 7});
        self.push(broken);
        true
    }

    fn next(&self, faults: &[Fault]) -> bool {
        self.state.lock().faults.extend(faults.iter().cloned());
        true
    }

    fn always(&self, fault: Option<Fault>) {
        self.state.lock().always = fault;
    }

    fn cut(&self) {
        self.cut.send_replace(());
    }

    fn n_connections(&self) -> usize {
        self.n_connections.load(Ordering::Relaxed)
    }

    fn n_bytes(&self) -> usize {
        self.n_bytes.load(Ordering::Relaxed)
    }
}

/// A post as v1 has it.
pub(crate) fn post(number: u32, text: &str) -> Value {
    let record = json!({
        "$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-23T12:00:00.000Z", "langs": ["fr"]
    });
    json!({"kind": "commit", "commit": {
        "rev": "3mptbypluud2a", "operation": "create", "collection": "app.bsky.feed.post",
        "rkey": format!("{number}"), "record": record, "cid": "bafyreia"
    }})
}

/// An event as v2 has it.
fn v2_frame(entry: &Entry) -> Value {
    let kind = entry.v1["kind"].as_str().unwrap();
    let mut payload = match kind {
        "commit" => entry.v1["commit"].clone(),
        kind => json!({ kind: entry.v1[kind] }),
    };
    payload["$type"] = json!(format!("network.bsky.jetstream.subscribeEvents#{kind}"));
    payload["seq"] = json!(entry.seq);
    payload["did"] = entry.v1["did"].clone();
    let micros = entry.v1["time_us"].as_i64().unwrap_or_default();
    payload["time"] = json!(Timestamp::from_micros(micros).to_string());
    json!({"$type": "message", "payload": payload})
}

/// Answers a request that is no WebSocket, or shall be none.
async fn answer(
    stream: &mut TcpStream,
    status: u16,
    header: Option<(&str, &str)>,
    body: &[u8],
) -> io::Result<()> {
    let mut request = vec![0; 8_192];
    let _n_read = stream.read(&mut request).await?;
    let header = header.map(|(name, value)| format!("{name}: {value}\r\n")).unwrap_or_default();
    let n_body = body.len();
    let mut bytes = format!(
        "HTTP/1.1 {status} Whatever\r\nContent-Length: {n_body}\r\nConnection: close\r\n{header}\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    stream.write_all(&bytes).await?;
    stream.shutdown().await
}

/// Refuses a stream with a 400; the body can come after its head.
async fn refuse(stream: &mut TcpStream, body: &str, in_two: bool) -> io::Result<()> {
    if !in_two {
        return answer(stream, 400, None, body.as_bytes()).await;
    }
    let mut request = vec![0; 8_192];
    let _n_read = stream.read(&mut request).await?;
    let head = format!("HTTP/1.1 400 Bad Request\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await?;
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    stream.write_all(body.as_bytes()).await
}

/// A stream that counts what it writes, and breaks after so many bytes.
#[derive(Debug)]
struct Counted {
    stream: TcpStream,
    limit: usize,
    n_written: Arc<AtomicUsize>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let room = self.limit - self.n_written.load(Ordering::Relaxed);
        if room == 0 {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let bytes = &bytes[..bytes.len().min(room)];
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(n_written)) = written {
            self.n_written.fetch_add(n_written, Ordering::Relaxed);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
