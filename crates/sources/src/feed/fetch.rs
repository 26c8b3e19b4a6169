//! The requests that feeds make: one at a time, with limits, redirections left to the poll to judge.

use std::time::Duration;

use reqwest::{
    Client, Response,
    header::{
        ACCEPT, CONTENT_TYPE, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
        LOCATION, RETRY_AFTER,
    },
    redirect::Policy,
};

use super::poll::{Head, Request};
use crate::{SourceError, transport};

/// The longest feeds have some megabytes; after decompression.
pub(super) const MAX_BODY_BYTES: usize = 8 * 1_024 * 1_024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Silence within an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A whole document, however slowly it drips.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(120);

const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
    application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1";

/// A client of the feed's own, made at its first poll: it follows no redirection, so that the poll sees which are
/// permanent.
pub(super) fn client(kept: &mut Option<Client>) -> Result<&Client, SourceError> {
    if kept.is_none() {
        let client = Client::builder()
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(Policy::none())
            .build()
            .map_err(|err| SourceError::Config(transport::http_reason(&err)))?;
        *kept = Some(client);
    }
    kept.as_ref().ok_or_else(|| SourceError::Config("no client".to_owned()))
}

/// Sends `request` and waits for the head of the answer. The error's text is for people.
pub(super) async fn send(client: &Client, request: &Request) -> Result<Response, String> {
    let mut asking = client.get(request.url.clone()).header(ACCEPT, ACCEPTED);
    if let Some(etag) = &request.etag {
        asking = asking.header(IF_NONE_MATCH, etag);
    }
    if let Some(modified) = &request.modified {
        asking = asking.header(IF_MODIFIED_SINCE, modified);
    }
    asking.send().await.map_err(|err| transport::http_reason(&err))
}

/// The whole body, or why not.
pub(super) async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|err| transport::http_reason(&err))? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(format!("the feed has more than {} MiB", MAX_BODY_BYTES / 1_048_576));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl Head {
    /// The parts of an answer's head that matter.
    pub(super) fn of(response: &Response) -> Self {
        let text = |name: HeaderName| {
            let value = response.headers().get(name)?;
            // A header that is not ASCII is as good as none.
            value.to_str().ok().map(str::to_owned)
        };
        Self {
            status: response.status().as_u16(),
            etag: text(ETAG),
            modified: text(LAST_MODIFIED),
            retry_after: text(RETRY_AFTER),
            location: text(LOCATION),
            content_type: text(CONTENT_TYPE),
        }
    }
}
