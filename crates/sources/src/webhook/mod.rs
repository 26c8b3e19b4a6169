//! A signed webhook: any program that can send an HTTP request brings its posts to the wall.
//!
//! Requests follow [Standard Webhooks](https://www.standardwebhooks.com): `POST` with the headers `webhook-id`,
//! `webhook-timestamp` and `webhook-signature`.
//! The body is one record or an array of records, as [`crate::record`] describes them.
//!
//! | answer | means |
//! |---|---|
//! | 200 `{"stored": 2}` | the records are on disk; 0 where the same request was stored before |
//! | 400 | a record cannot be read; nothing of the request was taken |
//! | 401 | the signature is missing, stale or wrong |
//! | 404, 405 | another path, another method |
//! | 413 | the body has more than 1 MiB |
//! | 503 with `Retry-After` | the room is busy or closing: send it again |

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info};

use crate::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun,
    model::{OptionError, SourceSpec, read_options},
    record::is_network,
};

mod receive;
mod signature;

use receive::Receiver;
use signature::{Ids, Key};

/// More connections than this wait; relays and tools use one or two.
const MAX_CONNECTIONS: usize = 64;

/// A client that does not finish its headers in this time is cut off.
const HEADER_TIMEOUT: Duration = Duration::from_secs(5);

/// The buffer for the headers of one request.
const MAX_HEADER_BYTES: usize = 16 * 1_024;

/// More keys than this are not needed to change them without a pause.
const MAX_SECRETS: usize = 8;

const DEFAULT_BIND: &str = "127.0.0.1:8787";

/// The connector for signed webhooks.
pub(crate) const ENTRY: ConnectorEntry = ConnectorEntry {
    name: "webhook",
    title: "Signed webhook (Standard Webhooks)",
    check: |table| WebhookSource::new(table).map(drop),
    build: |spec: &SourceSpec| Ok(Box::new(WebhookSource::new(&spec.options)?)),
    schema: || schemars::schema_for!(WebhookOptions).to_value(),
};

/// What a room file says of a webhook.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WebhookOptions {
    /// The address and port to listen on; this machine only, unless it says otherwise.
    #[serde(default = "default_bind")]
    bind: String,
    /// The path that requests go to.
    #[serde(default = "default_path")]
    path: String,
    /// The names of the secrets that requests may be signed with; two while they change.
    secrets: Vec<String>,
    /// The network of records that name none.
    #[serde(default = "default_network")]
    network: String,
    /// After so many seconds of silence what came is stale.
    #[serde(default = "default_deadline_secs")]
    deadline_secs: u32,
}

fn default_bind() -> String {
    DEFAULT_BIND.to_owned()
}

fn default_path() -> String {
    "/".to_owned()
}

fn default_network() -> String {
    "webhook".to_owned()
}

const fn default_deadline_secs() -> u32 {
    86_400
}

/// One listening address.
#[derive(Debug)]
struct WebhookSource {
    options: WebhookOptions,
    bind: SocketAddr,
    /// Outlives a run, so that a request is not taken twice after a hiccup.
    ids: Arc<Mutex<Ids>>,
}

impl WebhookSource {
    fn new(table: &toml::Table) -> Result<Self, OptionError> {
        let options: WebhookOptions = read_options(table)?;
        let fail = |path: &str, message: &str| Err(OptionError::new(path, message));
        let Ok(bind) = options.bind.parse() else {
            return fail("bind", "must be an address and a port, such as `127.0.0.1:8787`");
        };
        if !options.path.starts_with('/') {
            return fail("path", "must begin with `/`");
        }
        if options.secrets.is_empty() || options.secrets.len() > MAX_SECRETS {
            return fail("secrets", "must name one to eight secrets");
        }
        if !is_network(&options.network) {
            return fail("network", "must be a lower-case noun");
        }
        Ok(Self { options, bind, ids: Arc::default() })
    }

    fn keys(&self, context: &SourceContext) -> Result<Vec<Key>, SourceError> {
        let key = |name: &String| {
            let secret =
                context.secrets.get(name).map_err(|err| SourceError::Config(err.to_string()))?;
            Key::parse(&secret)
                .map_err(|why| SourceError::Config(format!("the secret `{name}` {why}")))
        };
        self.options.secrets.iter().map(key).collect()
    }

    async fn listen(&self, context: &SourceContext) -> Result<Ended, SourceError> {
        let keys = self.keys(context)?;
        let listener =
            TcpListener::bind(self.bind).await.map_err(|err| self.cannot_listen(&err))?;
        info!(source = %context.source, address = %self.bind, "webhook listens");
        self.serve(&listener, keys, context).await
    }

    async fn serve(
        &self,
        listener: &TcpListener,
        keys: Vec<Key>,
        context: &SourceContext,
    ) -> Result<Ended, SourceError> {
        let receiver = Arc::new(Receiver {
            source: context.source.clone(),
            network: self.options.network.clone(),
            path: self.options.path.clone(),
            keys,
            ids: Arc::clone(&self.ids),
            ingest: context.out.ingest(),
            clock: Arc::clone(&context.clock),
            health: context.health.clone(),
            bus_closed: CancellationToken::new(),
        });
        context.health.live();
        let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut connections = JoinSet::new();
        loop {
            let place = tokio::select! {
                () = context.shutdown.cancelled() => return Ok(Ended::Closed),
                () = receiver.bus_closed.cancelled() => return Err(SourceError::BusClosed),
                Some(_ended) = connections.join_next() => continue,
                place = Arc::clone(&room).acquire_owned() => place,
            };
            let accepted = tokio::select! {
                () = context.shutdown.cancelled() => return Ok(Ended::Closed),
                () = receiver.bus_closed.cancelled() => return Err(SourceError::BusClosed),
                accepted = listener.accept() => accepted,
            };
            let (stream, _) = accepted.map_err(|err| {
                SourceError::Retry(format!("cannot accept connections: {}", err.kind()))
            })?;
            let receiver = Arc::clone(&receiver);
            connections.spawn(async move {
                talk(stream, receiver).await;
                drop(place);
            });
        }
    }

    fn cannot_listen(&self, err: &io::Error) -> SourceError {
        let why = format!("cannot listen on {}: {}", self.bind, err.kind());
        match err.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::AddrNotAvailable => {
                SourceError::Config(why)
            }
            _ => SourceError::Retry(why),
        }
    }
}

/// Serves one connection until either side closes it.
async fn talk(stream: TcpStream, receiver: Arc<Receiver>) {
    let service = service_fn(|request| {
        let receiver = Arc::clone(&receiver);
        async move { Ok::<_, Infallible>(receiver.answer(request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(err) = served {
        debug!(source = %receiver.source, %err, "webhook connection broke");
    }
}

impl Source for WebhookSource {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            deadline_secs: self.options.deadline_secs,
            // Who gets no 200 sends again.
            resumes: true,
            deletes: true,
            edits: true,
        }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        Box::pin(async move { self.listen(context).await })
    }
}

#[cfg(test)]
mod tests;
