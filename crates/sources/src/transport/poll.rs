//! Requests for whole documents, with limits. What to ask, and when again, is for the connector to say.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode, header::HeaderMap, redirect::Policy};
use url::Url;

use super::{http_reason, refused};
use crate::{SourceError, address::is_loopback, model::Timestamp};

/// Connecting takes a second round the world; ten cover a lost packet or two.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Silence within an answer. A limit for the whole answer would cut healthy streams.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Browsers follow twenty; feeds need two or three.
const MAX_REDIRECTS: usize = 5;

/// The client that all sources share: pooled, with timeouts, and never from an encrypted address to a plain one.
///
/// # Errors
/// Where this machine's certificates cannot be loaded.
pub fn http_client() -> Result<Client, reqwest::Error> {
    let redirects = Policy::custom(|attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            attempt.error("too many redirections")
        } else if attempt.url().scheme() == "https"
            || (is_loopback(attempt.url()) && attempt.previous().first().is_some_and(is_loopback))
        {
            attempt.follow()
        } else {
            attempt.error("a redirection to an address that is not encrypted")
        }
    });
    Client::builder()
        .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .redirect(redirects)
        .build()
}

/// An answer that was read to its end.
#[derive(Clone, Debug)]
pub struct Document {
    /// Success, or `304 Not Modified`.
    pub status: StatusCode,
    /// Where it was found after redirections.
    pub url: Url,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, not longer than was allowed.
    pub body: Vec<u8>,
}

/// Asks for a document. `who` names the other side in errors; `headers` are added to the request.
///
/// # Errors
/// Where it cannot be had, is longer than `max_bytes`, or the answer is neither success nor `304`.
pub async fn get(
    http: &Client,
    url: &Url,
    headers: HeaderMap,
    max_bytes: usize,
    now: Timestamp,
) -> Result<Document, SourceError> {
    let who = url.host_str().unwrap_or("the server").to_owned();
    let broken = |err: reqwest::Error| SourceError::Retry(format!("{who}: {}", http_reason(&err)));
    let response = http.get(url.clone()).headers(headers).send().await.map_err(broken)?;
    let status = response.status();
    if !status.is_success() && status != StatusCode::NOT_MODIFIED {
        return Err(refused(&who, status, response.headers(), now));
    }
    let (url, headers) = (response.url().clone(), response.headers().clone());
    let body = read(response, max_bytes, &who).await?;
    Ok(Document { status, url, headers, body })
}

/// Reads an answer's body to its end.
///
/// # Errors
/// Where the connection breaks, or there is more than `max_bytes`.
pub async fn read(
    mut response: Response,
    max_bytes: usize,
    who: &str,
) -> Result<Vec<u8>, SourceError> {
    let mut body = Vec::new();
    loop {
        let chunk = response
            .chunk()
            .await
            .map_err(|err| SourceError::Retry(format!("{who}: {}", http_reason(&err))))?;
        let Some(chunk) = chunk else { return Ok(body) };
        if body.len() + chunk.len() > max_bytes {
            let why = format!("{who}: the answer is longer than {max_bytes} bytes");
            return Err(SourceError::Protocol(why));
        }
        body.extend_from_slice(&chunk);
    }
}
