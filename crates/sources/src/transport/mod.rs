//! What connectors share below their protocols: bytes in, with limits, timeouts and signs of life.

pub mod file;
pub mod poll;
pub mod sse;
pub mod websocket;

mod answer;

pub use answer::{refused, retry_after};
pub use poll::http_client;

/// The reason a request failed, without its address: addresses can hold secrets.
#[must_use]
pub fn http_reason(err: &reqwest::Error) -> String {
    let what = if err.is_timeout() {
        "no answer in time"
    } else if err.is_connect() {
        "cannot connect"
    } else if err.is_redirect() {
        "a redirection that is not followed"
    } else {
        "the connection broke"
    };
    let mut root: &dyn std::error::Error = err;
    while let Some(source) = root.source() {
        root = source;
    }
    let mut root = root.to_string();
    if root.contains("://") {
        return what.to_owned();
    }
    root.make_ascii_lowercase();
    format!("{what}: {root}")
}
