//! Which addresses pictures may come from: public ones, encrypted, and those of the demonstration.
//!
//! Posts are written by strangers, so an address in one must not make this machine ask its own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::synthetic::Subject;
use crate::address::is_loopback;

/// Longer addresses than this are refused.
const MAX_ADDRESS_BYTES: usize = 4_096;

/// Pictures are never larger than this on their longer side: a third of a 1080p screen's width.
pub(super) const MAX_SIDE_PX: u32 = 640;

/// Nor are they asked for smaller than this.
const MIN_SIDE_PX: u32 = 16;

/// What an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A picture that is drawn here.
    Synthetic(Subject, u64),
    /// A picture that is fetched, and its longer side in pixels at most.
    Remote(Url, u32),
}

/// Why nothing is fetched from an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Forbidden {
    /// It is no address, or too long.
    #[error("this is no address")]
    NoAddress,
    /// It is not encrypted.
    #[error("the address is not encrypted")]
    NotEncrypted,
    /// It leads into a private network or to this machine.
    #[error("the address leads into a private network")]
    Private,
    /// `demo:` is followed by something else than a kind and a seed.
    #[error("there is no such demonstration picture")]
    NoSuchDemo,
}

/// Reads an address; `loopback` also allows plain ones of this machine.
pub(super) fn parse(address: &str, loopback: bool) -> Result<Target, Forbidden> {
    if address.len() > MAX_ADDRESS_BYTES {
        return Err(Forbidden::NoAddress);
    }
    if let Some(demo) = address.strip_prefix("demo:") {
        let (kind, seed) = demo.split_once('/').ok_or(Forbidden::NoSuchDemo)?;
        let subject = Subject::named(kind).ok_or(Forbidden::NoSuchDemo)?;
        return Ok(Target::Synthetic(subject, hash(seed.as_bytes())));
    }
    let url = Url::parse(address).map_err(|_unreadable| Forbidden::NoAddress)?;
    check(&url, loopback)?;
    let hint = url.fragment().and_then(|fragment| fragment.strip_prefix("px="));
    let side_px = hint.and_then(|px| px.parse().ok()).unwrap_or(MAX_SIDE_PX);
    Ok(Target::Remote(url, side_px.clamp(MIN_SIDE_PX, MAX_SIDE_PX)))
}

/// Whether `url` may be asked, as far as it can be told without a name server; also used on redirections.
pub(super) fn check(url: &Url, loopback: bool) -> Result<(), Forbidden> {
    if loopback && url.scheme() == "http" && is_loopback(url) {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(Forbidden::NotEncrypted);
    }
    match url.host() {
        Some(Host::Domain(name)) if !is_local_name(name) => Ok(()),
        Some(Host::Ipv4(ip)) if may_ask(IpAddr::V4(ip), loopback) => Ok(()),
        Some(Host::Ipv6(ip)) if may_ask(IpAddr::V6(ip), loopback) => Ok(()),
        _ => Err(Forbidden::Private),
    }
}

/// Names that never stand for a public host.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.')
        || [".localhost", ".local", ".internal", ".home.arpa", ".lan"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Whether a connection to `ip` is allowed.
pub(super) fn may_ask(ip: IpAddr, loopback: bool) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip) || loopback && ip.is_loopback(),
        IpAddr::V6(ip) => is_public_v6(ip) || loopback && ip.is_loopback(),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = (a, b, c) == (192, 0, 0);
    let is_relay = (a, b, c) == (192, 88, 99);
    let is_benchmark = a == 198 && (18..20).contains(&b);
    !(a == 0
        || a >= 224
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || is_shared
        || is_protocol
        || is_relay
        || is_benchmark)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let [first, second, ..] = segments;
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // IPv4 in IPv6, by NAT64 and by 6to4: what counts is where it ends.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            embedded(high, low)
        }
        [0x2002, high, low, ..] => embedded(high, low),
        // Global unicast, but for documentation, benchmarks and tunnels.
        _ => {
            (0x2000..0x4000).contains(&first)
                && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
                && !(first == 0x3fff && second < 0x1000)
        }
    }
}

/// FNV-1a: the same on every machine.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_remote(address: &str, expected: &str) {
        let answer = match parse(address, false) {
            Ok(Target::Remote(url, side_px)) => format!("{} {side_px}", url.host_str().unwrap()),
            Ok(target) => format!("{target:?}"),
            Err(err) => err.to_string(),
        };
        assert_eq!(answer, expected, "{address}");
    }

    #[test]
    fn only_public_encrypted_addresses_are_asked() {
        check_remote("https://example.org/a.jpg", "example.org 640");
        check_remote("https://example.org/a.jpg#px=96", "example.org 96");
        check_remote("https://example.org/a.jpg#px=99999", "example.org 640");
        check_remote("https://example.org/a.jpg#px=x", "example.org 640");
        check_remote("https://93.184.216.34/a", "93.184.216.34 640");
        check_remote("http://example.org/a.jpg", "the address is not encrypted");
        check_remote("http://127.0.0.1/a", "the address is not encrypted");
        check_remote("file:///etc/passwd", "the address is not encrypted");
        check_remote("", "this is no address");
        check_remote(&format!("https://example.org/{}", "a".repeat(5_000)), "this is no address");
        for host in [
            "localhost",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "[::1]",
            "[::]",
            "[::ffff:10.0.0.1]",
            "[fe80::1]",
            "[fc00::1]",
            "[64:ff9b::a00:1]",
            "[2002:a00:1::]",
            "[2001:db8::1]",
            "[2001:0:1::]",
            "[ff02::1]",
            "printer",
            "printer.local",
            "a.localhost",
            "db.internal.",
            "router.lan",
        ] {
            check_remote(&format!("https://{host}/"), "the address leads into a private network");
        }
        check_remote(
            "https://[2606:2800:220:1:248:1893:25c8:1946]/",
            "[2606:2800:220:1:248:1893:25c8:1946] 640",
        );
    }

    #[test]
    fn tests_may_ask_this_machine() {
        assert!(parse("http://127.0.0.1:8080/a", true).is_ok());
        assert!(parse("http://[::1]:8080/a", true).is_ok());
        assert_eq!(parse("http://10.0.0.1/a", true), Err(Forbidden::NotEncrypted));
        assert_eq!(parse("https://10.0.0.1/a", true), Err(Forbidden::Private));
    }

    #[test]
    fn demonstration_pictures_have_a_kind_and_a_seed() {
        assert!(matches!(
            parse("demo:avatar/42", false),
            Ok(Target::Synthetic(Subject::Avatar, _))
        ));
        assert_ne!(parse("demo:photo/1", false), parse("demo:photo/2", false));
        assert_eq!(parse("demo:film/1", false), Err(Forbidden::NoSuchDemo));
        assert_eq!(parse("demo:photo", false), Err(Forbidden::NoSuchDemo));
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer(text in "(https?://|demo:|avatar/|\\PC){0,20}") {
            parse(&text, true).ok();
        }

        #[test]
        fn no_private_address_gets_through(ip in any::<u32>()) {
            let ip = Ipv4Addr::from(ip);
            let private = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast();
            let mapped = ip.to_ipv6_mapped();
            prop_assert!(!(private && (may_ask(IpAddr::V4(ip), false) || may_ask(IpAddr::V6(mapped), false))));
        }
    }
}
