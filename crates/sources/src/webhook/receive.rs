//! One request: checks it, puts its events on the bus, and answers once they are stored.

use std::{sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Body as _, Bytes, Incoming},
    header::{ALLOW, CONTENT_TYPE, RETRY_AFTER},
};
use parking_lot::Mutex;
use serde_json::{json, value::RawValue};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::debug;
use vigie_bus::Ingest;

use super::signature::{Ids, Key, Refusal, Signed};
use crate::{
    Health,
    model::{Batch, Clock, SourceEvent, SourceId, Timestamp},
    record::{Origin, Record},
};

/// Larger bodies are refused, as most receivers of webhooks do.
pub(super) const MAX_BODY_BYTES: usize = 1_024 * 1_024;

/// A body that drips longer than this is cut off.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request waits for the bus and the store; senders wait 15 to 30 s.
pub(super) const STORE_TIMEOUT: Duration = Duration::from_secs(8);

/// When a sender may come again while the bus is full.
const RETRY_SECS: &str = "5";

/// What all requests of a source share.
pub(super) struct Receiver {
    pub source: SourceId,
    pub network: String,
    pub path: String,
    pub keys: Vec<Key>,
    pub ids: Arc<Mutex<Ids>>,
    pub ingest: Ingest,
    pub clock: Arc<dyn Clock>,
    pub health: Health,
    /// Fires when the bus is closed: there is nobody to receive for.
    pub bus_closed: CancellationToken,
}

/// An answer other than success.
#[derive(Debug)]
struct Fault {
    status: StatusCode,
    error: String,
}

impl Fault {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into() }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, refusal.to_string())
    }
}

impl Receiver {
    /// Answers `request`.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        match self.receive(request).await {
            Ok(n_stored) => respond(StatusCode::OK, &json!({ "stored": n_stored })),
            Err(fault) => {
                debug!(source = %self.source, status = fault.status.as_u16(), fault.error, "webhook refused");
                if fault.status == StatusCode::BAD_REQUEST {
                    self.health.skipped();
                }
                respond(fault.status, &json!({ "error": fault.error }))
            }
        }
    }

    async fn receive(&self, request: Request<Incoming>) -> Result<usize, Fault> {
        if request.uri().path() != self.path {
            return Err(Fault::new(StatusCode::NOT_FOUND, "there is nothing at this path"));
        }
        if request.method() != Method::POST {
            return Err(Fault::new(StatusCode::METHOD_NOT_ALLOWED, "only POST is understood"));
        }
        let now = self.clock.now();
        let header = |name: &'static str| request.headers().get(name)?.to_str().ok();
        let signed = Signed::read(header, now).map_err(Fault::from)?;
        let body = read_body(request).await?;
        signed.verify(&body, &self.keys).map_err(Fault::from)?;
        self.health.heard(body.len());
        if self.ids.lock().contains(&signed.id) {
            return Ok(0);
        }
        let events = read_events(&body, &self.network, &self.source, now)
            .map_err(|error| Fault::new(StatusCode::BAD_REQUEST, error))?;
        let n_events = events.len();
        if n_events > 0 {
            self.store(events, now).await?;
        }
        // Only now: a request that failed must be taken when it comes again.
        self.ids.lock().note(signed.id, now);
        Ok(n_events)
    }

    async fn store(&self, events: Vec<SourceEvent>, received: Timestamp) -> Result<(), Fault> {
        let batch = Batch { source: self.source.clone(), events, cursor: None, received };
        let storing = async {
            let receipt = self.ingest.send(batch).await.map_err(|_closed| {
                self.bus_closed.cancel();
                Fault::new(StatusCode::SERVICE_UNAVAILABLE, "the room is closing")
            })?;
            receipt
                .await
                .map_err(|err| Fault::new(StatusCode::SERVICE_UNAVAILABLE, err.to_string()))
        };
        match timeout(STORE_TIMEOUT, storing).await {
            Ok(outcome) => outcome,
            Err(_elapsed) => Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "the room is busy")),
        }
    }
}

async fn read_body(request: Request<Incoming>) -> Result<Bytes, Fault> {
    let too_large = || {
        let error = format!("the body has more than {MAX_BODY_BYTES} bytes");
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, error)
    };
    if request.body().size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(too_large());
    }
    let body = Limited::new(request.into_body(), MAX_BODY_BYTES).collect();
    match timeout(BODY_TIMEOUT, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(err)) if err.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Fault::new(StatusCode::BAD_REQUEST, "the body broke off")),
        Err(_elapsed) => {
            Err(Fault::new(StatusCode::REQUEST_TIMEOUT, "the body did not come in time"))
        }
    }
}

/// Reads one record, or an array of them: all or nothing.
pub(super) fn read_events(
    body: &[u8],
    network: &str,
    source: &SourceId,
    received: Timestamp,
) -> Result<Vec<SourceEvent>, String> {
    let origin = Origin { network, source, received };
    let read = |bytes: &[u8]| Record::parse(bytes)?.into_event(&origin);
    if body.trim_ascii_start().first() != Some(&b'[') {
        return Ok(vec![read(body).map_err(|err| err.to_string())?]);
    }
    let records: Vec<&RawValue> = serde_json::from_slice(body).map_err(|err| err.to_string())?;
    records
        .iter()
        .enumerate()
        .map(|(idx, raw)| read(raw.get().as_bytes()).map_err(|err| format!("[{idx}] {err}")))
        .collect()
}

fn respond(status: StatusCode, body: &serde_json::Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(format!("{body}\n"))));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, hyper::header::HeaderValue::from_static(RETRY_SECS));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, hyper::header::HeaderValue::from_static("POST"));
    }
    response
}
