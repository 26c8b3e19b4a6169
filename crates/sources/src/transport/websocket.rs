//! WebSockets that are read only: messages in, pings out, and a watchdog for silence.

use std::{fmt, time::Duration};

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use reqwest::header::HeaderMap;
use tokio::{
    net::TcpStream,
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        Bytes, Error, Message, Utf8Bytes, client::IntoClientRequest as _, protocol::WebSocketConfig,
    },
};
use url::Url;

use crate::{Health, SourceError};

/// Connecting takes a second round the world; ten cover a lost packet or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Longer messages than this end the connection: a Bluesky post has some 3 KiB, its record at most 1 MiB.
pub const MAX_MESSAGE_BYTES: usize = 2 * 1_048_576;

/// Home routers forget a silent connection after a minute or less.
const PING_PERIOD: Duration = Duration::from_secs(30);

/// Not one byte, pongs included, for this long: the connection is dead.
pub const SILENCE: Duration = Duration::from_secs(65);

/// Why a WebSocket was not opened.
#[derive(Debug)]
pub enum OpenError {
    /// There is a server, and it answered something else.
    Refused {
        /// The HTTP status.
        status: reqwest::StatusCode,
        /// The headers of the answer.
        headers: Box<HeaderMap>,
        /// What came of the body together with the headers: often all, perhaps nothing.
        body: Vec<u8>,
    },
    /// There is no answer.
    Failed(SourceError),
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// A text message.
    Text(Utf8Bytes),
    /// A binary message.
    Binary(Bytes),
}

/// An open WebSocket.
pub struct WebSocket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    who: String,
    health: Health,
    heard_at: Instant,
    ping_at: Instant,
}

impl fmt::Debug for WebSocket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("WebSocket").field(&self.who).finish()
    }
}

impl WebSocket {
    /// Opens a WebSocket at `url`, with `headers` added. Every byte that comes is a sign of life for `health`.
    ///
    /// # Errors
    /// Where there is no answer in time, or another than was hoped for.
    pub async fn open(url: &Url, headers: HeaderMap, health: &Health) -> Result<Self, OpenError> {
        let who = url.host_str().unwrap_or("the server").to_owned();
        let fail = |what: &str| OpenError::Failed(SourceError::Retry(format!("{who}: {what}")));
        let mut http = url
            .as_str()
            .into_client_request()
            .map_err(|err| fail(&format!("cannot connect: {err}")))?;
        http.headers_mut().extend(headers);
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_MESSAGE_BYTES))
            .max_frame_size(Some(MAX_MESSAGE_BYTES));
        // Boxed: a handshake with its buffers is large.
        let connecting = Box::pin(connect_async_with_config(http, Some(config), true));
        let stream = match timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(Ok((stream, _response))) => stream,
            Ok(Err(Error::Http(response))) => {
                let (parts, body) = response.into_parts();
                return Err(OpenError::Refused {
                    status: parts.status,
                    headers: Box::new(parts.headers),
                    body: body.unwrap_or_default(),
                });
            }
            Ok(Err(err)) => return Err(fail(&reason(&err))),
            Err(_elapsed) => return Err(fail("no answer in time")),
        };
        health.heard(0);
        let now = Instant::now();
        let (health, ping_at) = (health.clone(), now + PING_PERIOD);
        Ok(Self { stream, who, health, heard_at: now, ping_at })
    }

    /// The next message, or nothing where the other side closed in good order. Dropping the future loses nothing.
    ///
    /// # Errors
    /// Where the connection breaks, or not one byte came for [`SILENCE`].
    pub async fn next(&mut self) -> Result<Option<Payload>, SourceError> {
        loop {
            tokio::select! {
                biased;
                message = self.stream.next() => match self.heard(message)? {
                    Heard::Payload(payload) => return Ok(Some(payload)),
                    Heard::Closed => return Ok(None),
                    Heard::Sign => {}
                },
                () = sleep_until(self.ping_at.min(self.heard_at + SILENCE)) => self.mind().await?,
            }
        }
    }

    /// The next message if it is here already.
    ///
    /// # Errors
    /// Where the connection breaks.
    pub fn ready(&mut self) -> Result<Option<Payload>, SourceError> {
        while let Some(message) = self.stream.next().now_or_never() {
            match self.heard(message)? {
                Heard::Payload(payload) => return Ok(Some(payload)),
                // The next call of `next` says it again.
                Heard::Closed => return Ok(None),
                Heard::Sign => {}
            }
        }
        Ok(None)
    }

    /// Says goodbye, without waiting for an answer.
    pub async fn close(mut self) {
        // The connection ends either way.
        timeout(Duration::from_millis(100), self.stream.close(None)).await.ok();
    }

    /// Pings, or gives up.
    async fn mind(&mut self) -> Result<(), SourceError> {
        let now = Instant::now();
        if now.duration_since(self.heard_at) >= SILENCE {
            let secs = SILENCE.as_secs();
            return Err(SourceError::Retry(format!("{}: not a byte for {secs} s", self.who)));
        }
        if now >= self.ping_at {
            self.ping_at = now + PING_PERIOD;
            let ping = self.stream.send(Message::Ping(Bytes::new()));
            // A ping that cannot be written is not a failure yet: the watchdog decides.
            if let Ok(Err(err)) = timeout(Duration::from_secs(1), ping).await {
                return Err(self.broken(&err));
            }
        }
        Ok(())
    }

    fn heard(&mut self, message: Option<Result<Message, Error>>) -> Result<Heard, SourceError> {
        let message = match message {
            None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) => {
                return Ok(Heard::Closed);
            }
            Some(Err(err)) => return Err(self.broken(&err)),
            Some(Ok(message)) => message,
        };
        self.heard_at = Instant::now();
        self.health.heard(message.len());
        Ok(match message {
            Message::Text(text) => Heard::Payload(Payload::Text(text)),
            Message::Binary(bytes) => Heard::Payload(Payload::Binary(bytes)),
            Message::Close(_) => Heard::Closed,
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Heard::Sign,
        })
    }

    fn broken(&self, err: &Error) -> SourceError {
        SourceError::Retry(format!("{}: {}", self.who, reason(err)))
    }
}

enum Heard {
    Payload(Payload),
    Sign,
    Closed,
}

/// What went wrong, without the address.
fn reason(err: &Error) -> String {
    match err {
        Error::Io(err) => format!("the connection broke: {err}"),
        Error::Tls(err) => format!("no trust in the other side: {err}"),
        Error::Capacity(_) => format!("a message is longer than {MAX_MESSAGE_BYTES} bytes"),
        Error::Protocol(err) => format!("the other side breaks the protocol: {err}"),
        Error::Utf8(_) => "a text message is not UTF-8".to_owned(),
        _ => "cannot connect".to_owned(),
    }
}
