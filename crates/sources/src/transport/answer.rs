//! What an HTTP status means for a source, the same for all transports.

use std::time::Duration;

use reqwest::{StatusCode, header::HeaderMap};

use crate::{
    SourceError,
    model::{Micros, Timestamp},
};

/// Where a network limits us and does not say for how long.
const UNTOLD_WAIT: Duration = Duration::from_secs(60);

/// The error that an answer other than success is. `who` names the other side in the text that people see.
#[must_use]
pub fn refused(who: &str, status: StatusCode, headers: &HeaderMap, now: Timestamp) -> SourceError {
    let reason = status.canonical_reason().unwrap_or("unknown status").to_ascii_lowercase();
    let why = format!("{who} answered {} {reason}", status.as_u16());
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => SourceError::AuthRevoked(format!(
            "{why}: check the secret and what it is allowed to do, then start the source again"
        )),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            match retry_after(headers, now) {
                Some(wait) => SourceError::RateLimited { wait, why },
                None if status == StatusCode::TOO_MANY_REQUESTS => {
                    SourceError::RateLimited { wait: UNTOLD_WAIT, why }
                }
                None => SourceError::Retry(why),
            }
        }
        status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
            SourceError::Retry(why)
        }
        _ => SourceError::Protocol(why),
    }
}

/// How long an answer tells us to wait: `Retry-After` in seconds or as a date, else a reset in epoch seconds.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(text) = text("retry-after") {
        if let Ok(secs) = text.parse::<u64>() {
            return Some(Duration::from_secs(secs));
        }
        if let Ok(date) = jiff::fmt::rfc2822::parse(text) {
            let until = Timestamp::from_micros(date.timestamp().as_microsecond());
            return Some(micros(until.since(now)));
        }
    }
    ["x-rate-limit-reset", "ratelimit-reset", "x-ratelimit-reset"].iter().find_map(|name| {
        let reset = text(name)?.parse::<i64>().ok()?;
        // Small values are seconds from now, as the IETF's draft has them.
        let wait = if reset < 1_000_000_000 {
            reset.saturating_mul(1_000_000)
        } else {
            Timestamp::from_secs(reset).since(now)
        };
        Some(micros(wait))
    })
}

fn micros(micros: Micros) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, header: Option<(&'static str, &str)>, expected: &str) {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, value.parse().unwrap());
        }
        let now = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        let answer =
            match refused("example.org", StatusCode::from_u16(status).unwrap(), &headers, now) {
                SourceError::RateLimited { wait, .. } => format!("wait {} s", wait.as_secs()),
                SourceError::AuthRevoked(_) => "stop".to_owned(),
                err => err.to_string(),
            };
        assert_eq!(answer, expected);
    }

    #[test]
    fn says_what_to_do() {
        check(401, None, "stop");
        check(403, None, "stop");
        check(429, None, "wait 60 s");
        check(429, Some(("retry-after", "7")), "wait 7 s");
        check(429, Some(("retry-after", "Mon, 23 Nov 2026 12:02:00 GMT")), "wait 120 s");
        check(429, Some(("retry-after", "Mon, 23 Nov 2026 11:00:00 GMT")), "wait 0 s");
        check(429, Some(("retry-after", "soon")), "wait 60 s");
        check(429, Some(("x-rate-limit-reset", "1795435230")), "wait 30 s");
        check(429, Some(("ratelimit-reset", "9")), "wait 9 s");
        check(503, Some(("retry-after", "5")), "wait 5 s");
        check(503, None, "example.org answered 503 service unavailable");
        check(500, None, "example.org answered 500 internal server error");
        check(404, None, "example.org answered 404 not found");
    }
}
