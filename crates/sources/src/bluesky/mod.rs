//! Bluesky's public stream by Jetstream, version 2 and 1: every public post, changed and deleted ones too.
//!
//! The stream cannot be filtered by words, so a room that asks for the whole network gets it all,
//! some 50 posts a second in 2026, and its queries choose.
//! Compression needs a dictionary that v2 hosts hand out; v1 has none to fetch and stays plain.
//! Reposts and likes are not read.

use std::time::Duration;

use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;
use tracing::{debug, info};
use url::Url;

mod compression;
mod profiles;
mod protocol;
mod reader;
mod record;
mod wire;

pub use profiles::{Profile, decode_profiles};
pub use reader::Reader;
pub use wire::{Content, DecodeError, Event, Frame, Stamp, Wire, decode};

use compression::Compression;
use profiles::Profiles;
use protocol::{Position, Refusal, Seen, Server, Step, Stream};

use crate::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun, address,
    model::{Batch, GapCause, OptionError, SourceEvent, SourceSpec, read_options},
    transport::{
        refused,
        websocket::{OpenError, Payload, WebSocket},
    },
};

/// Bluesky in room files.
pub const ENTRY: ConnectorEntry = ConnectorEntry {
    name: "bluesky",
    title: "Bluesky: all public posts, live",
    check: |options| Bluesky::new(options).map(drop),
    build: |spec: &SourceSpec| Ok(Box::new(Bluesky::new(&spec.options)?)),
    schema: || schemars::schema_for!(Options).to_value(),
};

/// The whole network is never silent for a minute; a few accounts may be.
const DEADLINE_SECS: u32 = 60;
const DEADLINE_SECS_OF_SOME: u32 = 3_600;

/// Nothing for this long while reading what was missed: there is no more of it.
const DRY: Duration = Duration::from_secs(2);

/// A server that fails this often in a row is left for the next one.
const MAX_FAILURES: u32 = 2;

/// Jetstream's own limit is 10,000; an address cannot hold so many.
const MAX_ACCOUNTS: usize = 200;

/// Options of the `bluesky` connector.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// Jetstream servers, tried in turn. An address that ends in `/subscribe` is spoken to in version 1.
    servers: Vec<String>,
    /// Only these accounts, by DID, instead of the whole network; at most 200.
    accounts: Vec<String>,
    /// Whether to fetch names and pictures of the authors whose posts the room keeps.
    profiles: bool,
    /// The server that knows names and pictures.
    app_view: String,
    /// At most so many requests for names and pictures a day, 25 authors each.
    profile_requests_per_day: u64,
    /// Whether the stream is to be compressed, which saves more than half of it.
    compress: bool,
}

impl Default for Options {
    fn default() -> Self {
        let servers = [
            "wss://jetstream.us-east.bsky.network",
            "wss://jetstream.us-west.bsky.network",
            "wss://jetstream1.us-east.bsky.network/subscribe",
            "wss://jetstream2.us-west.bsky.network/subscribe",
        ];
        Self {
            servers: servers.map(str::to_owned).to_vec(),
            accounts: Vec::new(),
            profiles: true,
            app_view: "https://public.api.bsky.app".to_owned(),
            profile_requests_per_day: 20_000,
            compress: true,
        }
    }
}

/// One subscription to the stream.
#[derive(Debug)]
struct Bluesky {
    servers: Vec<Server>,
    server_idx: usize,
    n_failures: u32,
    accounts: Vec<String>,
    compression: Compression,
    profiles: Profiles,
    seen: Seen,
    /// The last place that was sent; a run that begins elsewhere forgets what it has seen.
    sent: Option<Position>,
    /// A number that was refused without a reason: the next run asks by time.
    seq_refused: bool,
}

impl Bluesky {
    fn new(options: &toml::Table) -> Result<Self, OptionError> {
        let options: Options = read_options(options)?;
        let mut servers = Vec::new();
        for (idx, text) in options.servers.iter().enumerate() {
            let url = address::parse(&format!("servers[{idx}]"), text, "wss")?;
            servers.push(Server::new(url));
        }
        if servers.is_empty() {
            return Err(OptionError::new("servers", "name at least one server"));
        }
        for (idx, did) in options.accounts.iter().enumerate() {
            if !wire::is_did(did) {
                let message =
                    format!("`{did}` is no DID, such as did:plc:z72i7hdynmk6r22z27h6tvur");
                return Err(OptionError::new(format!("accounts[{idx}]"), message));
            }
        }
        if options.accounts.len() > MAX_ACCOUNTS {
            let message = format!("at most {MAX_ACCOUNTS} accounts");
            return Err(OptionError::new("accounts", message));
        }
        let app_view = address::parse("app_view", &options.app_view, "https")?;
        let app_view: Option<&Url> = options.profiles.then_some(&app_view);
        Ok(Self {
            servers,
            server_idx: 0,
            n_failures: 0,
            accounts: options.accounts,
            compression: Compression::new(options.compress),
            profiles: Profiles::new(app_view, options.profile_requests_per_day),
            seen: Seen::default(),
            sent: None,
            seq_refused: false,
        })
    }

    fn server(&self) -> Result<Server, SourceError> {
        let server = self.servers.get(self.server_idx % self.servers.len().max(1));
        server.cloned().ok_or_else(|| SourceError::Config("name at least one server".to_owned()))
    }

    async fn live(&mut self, context: &mut SourceContext) -> Result<Ended, SourceError> {
        let mut resume = context.cursor.as_ref().and_then(Position::parse);
        if resume != self.sent {
            self.seen.clear();
        }
        if std::mem::take(&mut self.seq_refused) {
            resume = resume.map(|position| position.without_seq());
        }
        let server = self.server()?;
        let mut socket = match self.open(&server, resume.as_ref(), context).await {
            Ok(socket) => socket,
            Err(err) => {
                if !matches!(err, SourceError::CursorTooOld { .. }) {
                    self.count_failure();
                }
                return Err(err);
            }
        };
        let mut stream = Stream::new(&server, resume, context.clock.now());
        if stream.is_live() {
            context.health.live()
        } else {
            context.health.catching_up()
        }
        let outcome = self.read(&mut socket, &mut stream, context).await;
        socket.close().await;
        if stream.has_events() {
            self.n_failures = 0;
        } else {
            self.count_failure();
        }
        // What came before the end counts, whatever the end was.
        self.send(&stream, context);
        context.out.finish().await?;
        outcome
    }

    async fn open(
        &mut self,
        server: &Server,
        resume: Option<&Position>,
        context: &SourceContext,
    ) -> Result<WebSocket, SourceError> {
        let dictionary = self.compression.prepare(server, context).await;
        let url = server.stream(resume, &self.accounts, dictionary);
        // `xrpc.v1.json` is what v2 speaks by default: offering it as well could only fail.
        debug!(source = %context.source, server = %server.url, ?resume, "connecting");
        let (status, headers, body) =
            match WebSocket::open(&url, HeaderMap::new(), &context.health).await {
                Ok(socket) => return Ok(socket),
                Err(OpenError::Failed(err)) => return Err(err),
                Err(OpenError::Refused { status, headers, body }) => (status, headers, body),
            };
        let who = server.url.host_str().unwrap_or("jetstream");
        let refusal =
            if status.as_u16() == 400 { protocol::refusal(&body) } else { Refusal::Other };
        match refusal {
            Refusal::CursorTooOld { floor } => {
                let floor = floor.and_then(|floor| resume?.at_floor(floor));
                let why = format!("{who} no longer has what we missed");
                Err(SourceError::CursorTooOld { floor: floor.map(|floor| floor.cursor()), why })
            }
            Refusal::UnknownDictionary => {
                self.compression.forget();
                Err(SourceError::Retry(format!("{who} has another dictionary now")))
            }
            Refusal::Other => {
                // The reason may have been cut off; a time is never refused.
                self.seq_refused = status.as_u16() == 400;
                match refused(who, status, &headers, context.clock.now()) {
                    // There are no credentials here that a person could mend.
                    SourceError::AuthRevoked(_) if status.as_u16() == 403 => {
                        Err(SourceError::Retry(format!("{who} answered 403 forbidden")))
                    }
                    err => Err(err),
                }
            }
        }
    }

    async fn read(
        &mut self,
        socket: &mut WebSocket,
        stream: &mut Stream,
        context: &mut SourceContext,
    ) -> Result<Ended, SourceError> {
        loop {
            let now = context.clock.now();
            tokio::select! {
                () = context.shutdown.cancelled() => return Ok(Ended::Closed),
                payload = socket.next() => match payload? {
                    Some(payload) => self.on_payload(&payload, stream, context).await?,
                    None => return Ok(Ended::Closed),
                },
                author = context.authors.next() => {
                    if let Some(event) = self.profiles.want(&author, now) {
                        context.out.push(event).await?;
                    }
                }
                answer = self.profiles.next(&context.http, now) => {
                    for event in self.profiles.on_answer(answer, context.clock.now()) {
                        context.out.push(event).await?;
                    }
                }
                () = tokio::time::sleep(DRY), if !stream.is_live() => {
                    if stream.ran_dry() {
                        say_caught_up(context).await?;
                    }
                }
            }
            // Everything that is here already travels together; then it leaves at once.
            for _ in 0..Batch::MAX_EVENTS {
                let Some(payload) = socket.ready()? else { break };
                self.on_payload(&payload, stream, context).await?;
            }
            self.send(stream, context);
            context.out.flush().await?;
        }
    }

    async fn on_payload(
        &mut self,
        payload: &Payload,
        stream: &mut Stream,
        context: &mut SourceContext,
    ) -> Result<(), SourceError> {
        let plain: &[u8] = match payload {
            Payload::Text(text) => text.as_bytes(),
            Payload::Binary(bytes) => match self.compression.unpack(bytes) {
                Ok(plain) => plain,
                Err(err) => return Err(SourceError::Protocol(format!("jetstream: {err}"))),
            },
        };
        let now = context.clock.now();
        let stamp = Stamp { source: context.source.clone(), received: now };
        let wire = stream.wire();
        let Ok(frame) = decode(wire, plain, &stamp) else {
            context.health.skipped();
            return Ok(());
        };
        let Step { gap, content, caught_up } =
            stream.on_frame(frame, plain, &mut self.seen, now)?;
        if gap {
            context.out.push(SourceEvent::Gap(GapCause::CursorTooOld, 0)).await?;
        }
        if let Some(event) = content.and_then(|content| self.event(content, context)) {
            context.out.push(event).await?;
        }
        if caught_up {
            say_caught_up(context).await?;
        }
        Ok(())
    }

    /// The next batch says where to go on.
    fn send(&mut self, stream: &Stream, context: &mut SourceContext) {
        if let Some(position) = stream.position()
            && self.sent.as_ref() != Some(position)
        {
            context.out.set_cursor(position.cursor());
            self.sent = Some(position.clone());
        }
    }

    /// What the room is told of an event.
    fn event(&mut self, content: Content, context: &SourceContext) -> Option<SourceEvent> {
        match content {
            Content::Event(SourceEvent::Upsert(mut post)) => {
                // Who does not want to be shown is not even stored.
                post.author = self.profiles.author(&post.author)?;
                Some(SourceEvent::Upsert(post))
            }
            Content::Event(event) => Some(event),
            Content::Renamed { did, handle } => self.profiles.renamed(&did, handle),
            Content::Unreadable(err) => {
                debug!(source = %context.source, %err, "record skipped");
                context.health.skipped();
                None
            }
            Content::Other => None,
        }
    }

    /// Leaves a server that does not work for the next one.
    fn count_failure(&mut self) {
        self.n_failures += 1;
        if self.n_failures >= MAX_FAILURES {
            self.n_failures = 0;
            self.server_idx = (self.server_idx + 1) % self.servers.len().max(1);
        }
    }
}

async fn say_caught_up(context: &mut SourceContext) -> Result<(), SourceError> {
    info!(source = %context.source, "caught up");
    context.health.live();
    context.out.push(SourceEvent::CaughtUp).await
}

impl Source for Bluesky {
    fn descriptor(&self) -> Descriptor {
        let deadline_secs =
            if self.accounts.is_empty() { DEADLINE_SECS } else { DEADLINE_SECS_OF_SOME };
        Descriptor { deadline_secs, resumes: true, deletes: true, edits: true }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        Box::pin(self.live(context))
    }
}

#[cfg(test)]
mod tests;
