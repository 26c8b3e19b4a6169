//! Fetching one picture: public hosts only, also behind a name or a redirection, within limits.

use std::{io, net::SocketAddr, time::Duration};

use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    header::CONTENT_TYPE,
    redirect::Policy,
};
use url::Url;

use super::address::{Forbidden, check, may_ask};

/// Networks serve pictures of some hundred kilobytes; photographs as taken have 3 to 8 MB.
pub(super) const MAX_BYTES: usize = 8 * 1_024 * 1_024;

const MAX_REDIRECTS: usize = 5;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A whole picture; whoever is slower is seen too late on a wall.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(20);

/// What is asked for, and what an answer may call itself; the bytes decide what it is.
const KINDS: [&str; 8] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/jpg",
    "image/pjpeg",
    "application/octet-stream",
    "binary/octet-stream",
];

/// Why a picture cannot be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// The server answers with something else than success.
    #[error("the server answered {0}")]
    Status(u16),
    /// It is not one of the formats that are shown.
    #[error("it is no picture that can be shown")]
    Kind,
    /// It is too long.
    #[error("it has more than {0} bytes")]
    TooLarge(usize),
    /// The name or a redirection leads where nobody should ask.
    #[error("{0}")]
    Forbidden(Forbidden),
    /// The connection failed or took too long.
    #[error("{0}")]
    Broken(String),
}

impl FetchError {
    /// Whether it may go well later.
    pub(super) const fn is_passing(&self) -> bool {
        match self {
            Self::Status(status) => matches!(status, 408 | 425 | 429 | 500..),
            Self::Broken(_) => true,
            Self::Kind | Self::TooLarge(_) | Self::Forbidden(_) => false,
        }
    }
}

/// A client that connects to public hosts only. It uses no proxy, since a proxy would look up names on its own.
pub(super) fn client(loopback: bool) -> Result<Client, reqwest::Error> {
    let redirects = Policy::custom(move |attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            return attempt.error("too many redirections");
        }
        match check(attempt.url(), loopback) {
            Ok(()) => attempt.follow(),
            Err(forbidden) => attempt.error(forbidden),
        }
    });
    Client::builder()
        .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TOTAL_TIMEOUT)
        .redirect(redirects)
        .dns_resolver(PublicHosts { loopback })
        .no_proxy()
        .referer(false)
        .build()
}

/// The bytes at `url`.
pub(super) async fn fetch(
    client: &Client,
    url: &Url,
    max_bytes: usize,
) -> Result<Vec<u8>, FetchError> {
    let accept = KINDS.get(..4).unwrap_or_default().join(", ");
    let asking = client.get(url.clone()).header(reqwest::header::ACCEPT, accept);
    let mut response = asking.send().await.map_err(|err| failure(&err))?;
    if !response.status().is_success() {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| !is_shown(kind)) {
        return Err(FetchError::Kind);
    }
    if response.content_length().is_some_and(|length| length > max_bytes as u64) {
        return Err(FetchError::TooLarge(max_bytes));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|err| failure(&err))? {
        if bytes.len() + chunk.len() > max_bytes {
            return Err(FetchError::TooLarge(max_bytes));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn is_shown(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.is_empty() || KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

/// What went wrong, without the address.
fn failure(err: &reqwest::Error) -> FetchError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(err);
    while let Some(err) = cause {
        if let Some(forbidden) = err.downcast_ref::<Forbidden>() {
            return FetchError::Forbidden(*forbidden);
        }
        // An I/O error hides what it was made of from `source`.
        if let Some(inner) = err.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && let Some(forbidden) = inner.downcast_ref::<Forbidden>()
        {
            return FetchError::Forbidden(*forbidden);
        }
        cause = err.source();
    }
    FetchError::Broken(crate::transport::http_reason(err))
}

/// Names of public hosts. A name with one private address among its addresses is no public host.
#[derive(Clone, Copy, Debug)]
struct PublicHosts {
    loopback: bool,
}

impl Resolve for PublicHosts {
    fn resolve(&self, name: Name) -> Resolving {
        let loopback = self.loopback;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses: Vec<SocketAddr> = found.collect();
            if addresses.iter().all(|address| may_ask(address.ip(), loopback)) {
                Ok(Box::new(addresses.into_iter()) as Addrs)
            } else {
                Err(Forbidden::Private.into())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_leniently() {
        for kind in ["image/jpeg", "IMAGE/PNG; charset=x", "", "binary/octet-stream"] {
            assert!(is_shown(kind), "{kind}");
        }
        for kind in ["text/html", "image/svg+xml", "image/avif", "video/mp4"] {
            assert!(!is_shown(kind), "{kind}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_asked() {
        let client = client(false).unwrap();
        // This machine's hosts file knows the name; no name server is asked.
        let url = Url::parse("https://localhost:1/").unwrap();
        let err = fetch(&client, &url, MAX_BYTES).await.unwrap_err();
        assert!(matches!(err, FetchError::Forbidden(Forbidden::Private)), "{err:?}");
        assert!(!err.is_passing());
    }
}
