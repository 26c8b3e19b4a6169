//! Addresses in room files: encrypted, except to this machine.

use url::{Host, Url};

use crate::model::OptionError;

/// Reads the address in `option`. `encrypted` is `https` or `wss`; its plain twin is allowed to this machine only.
///
/// # Errors
/// Where it is no address, carries a password, or would send plain text over a network.
pub fn parse(option: &str, text: &str, encrypted: &str) -> Result<Url, OptionError> {
    let fail = |message: String| Err(OptionError::new(option, message));
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(err) => return fail(format!("`{text}` is no address: {err}")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return fail("an address must not carry a name or a password: name a secret".to_owned());
    }
    let plain = encrypted.strip_suffix('s').unwrap_or(encrypted);
    if url.scheme() == encrypted || (url.scheme() == plain && is_loopback(&url)) {
        return Ok(url);
    }
    fail(format!("`{text}` must begin with {encrypted}:// ({plain}:// is for this machine only)"))
}

/// Whether the address names this machine, without asking a name server.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let answer = match parse("url", text, "https") {
            Ok(url) => url.to_string(),
            Err(err) => err.to_string(),
        };
        assert!(answer.contains(expected), "{answer}");
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        check("https://example.org/feed", "https://example.org/feed");
        check("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x");
        check("http://[::1]:8080/x", "http://[::1]:8080/x");
        check("http://localhost/x", "http://localhost/x");
        check("http://example.org/feed", "url: `http://example.org/feed` must begin with https://");
        check("http://localhost.example.org/", "must begin with https://");
        check("file:///etc/passwd", "must begin with https://");
        check("not an address", "is no address");
        check("https://me:secret@example.org/", "name a secret");
    }

    #[test]
    fn a_password_is_not_repeated() {
        let err = parse("url", "https://me:hunter2@example.org/", "https").unwrap_err();
        assert!(!err.to_string().contains("hunter2"));
    }
}
