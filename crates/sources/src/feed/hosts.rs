//! Whose turn it is: feeds of one host take turns, so that no host is asked more than once a minute by this program.

use std::{collections::BTreeMap, time::Duration};

use parking_lot::Mutex;
use url::Url;

use super::poll::MIN_INTERVAL;
use crate::{
    address::is_loopback,
    model::{Micros, Timestamp},
};

/// More hosts than a room has feeds; those whose minute is over are forgotten.
const MAX_HOSTS: usize = 1_024;

const INTERVAL: Micros = MIN_INTERVAL.as_micros() as Micros;

/// Politeness is the program's, not a source's, so there is one list for all.
static LAST_ASKED: Mutex<BTreeMap<String, Timestamp>> = Mutex::new(BTreeMap::new());

/// Takes the turn to ask the host of `url`, or says how long to wait for it. This machine may always be asked.
pub(super) fn turn(url: &Url, now: Timestamp) -> Option<Duration> {
    if is_loopback(url) {
        return None;
    }
    take(&mut LAST_ASKED.lock(), url.host_str().unwrap_or_default(), now)
}

fn take(
    last_asked: &mut BTreeMap<String, Timestamp>,
    host: &str,
    now: Timestamp,
) -> Option<Duration> {
    // A clock that was set back must not hold a feed up for longer than a minute.
    last_asked.retain(|_, asked_at| (0..INTERVAL).contains(&now.since(*asked_at)));
    match last_asked.get(host) {
        Some(asked_at) => {
            let wait = asked_at.plus(INTERVAL).since(now);
            Some(Duration::from_micros(u64::try_from(wait).unwrap_or_default()))
        }
        None if last_asked.len() >= MAX_HOSTS => Some(MIN_INTERVAL),
        None => {
            last_asked.insert(host.to_owned(), now);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_is_asked_once_a_minute() {
        let mut last_asked = BTreeMap::new();
        let mut check = |host: &str, secs: i64, expected: Option<u64>| {
            let wait = take(&mut last_asked, host, Timestamp::from_secs(secs));
            assert_eq!(wait, expected.map(Duration::from_secs), "{host} at {secs}");
        };
        check("a", 100, None);
        check("a", 110, Some(50));
        check("b", 110, None);
        check("a", 160, None);
        check("a", 100, None);
    }
}
