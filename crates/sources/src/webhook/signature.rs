//! Whether a request is from whom it says: the Standard Webhooks signature, its age, and that it comes once.
//!
//! The signature is HMAC-SHA256 over `id.timestamp.body`, on the raw bytes, compared in constant time.

use std::collections::{BTreeMap, VecDeque};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use crate::model::{Micros, Timestamp};

/// A request whose time differs more than this from ours is refused, as Standard Webhooks wants it.
pub(super) const TOLERANCE: Micros = 5 * 60 * 1_000_000;

/// Shorter keys than this can be guessed; Standard Webhooks demands 24 bytes.
const MIN_KEY_BYTES: usize = 24;

/// More signatures than this are not looked at; a sender that changes its key sends two.
const MAX_SIGNATURES: usize = 8;

/// Longer ids than this are refused.
const MAX_ID_BYTES: usize = 256;

/// More ids than this are not remembered; that is 10 requests a second over the whole tolerance.
const MAX_IDS: usize = 6_144;

/// Why a request is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// A header is missing or is not of the form.
    #[error("the header `{0}` is missing or unreadable")]
    Header(&'static str),
    /// It is too old or from the future.
    #[error("the timestamp differs from this machine's clock by more than five minutes")]
    Stale,
    /// No signature fits any of our keys.
    #[error("no signature fits")]
    Signature,
}

/// A key that requests are signed with.
#[derive(Clone, Debug)]
pub(super) struct Key(SecretString);

impl Key {
    /// Reads `whsec_` and base64, as Standard Webhooks writes keys. The error says what is wrong, never the key.
    pub(super) fn parse(secret: &SecretString) -> Result<Self, String> {
        let text = secret.expose_secret().trim();
        let text = text.strip_prefix("whsec_").unwrap_or(text);
        let Ok(bytes) = STANDARD.decode(text) else {
            return Err("must be `whsec_` and base64".to_owned());
        };
        if bytes.len() < MIN_KEY_BYTES {
            return Err(format!("must stand for at least {MIN_KEY_BYTES} bytes"));
        }
        Ok(Self(SecretString::from(text.to_owned())))
    }

    fn fits(&self, signed: &[&[u8]], signature: &[u8]) -> bool {
        let Ok(key) = STANDARD.decode(self.0.expose_secret()) else { return false };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return false };
        for part in signed {
            mac.update(part);
        }
        mac.verify_slice(signature).is_ok()
    }
}

/// The three headers of a signed request, checked for form and age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed {
    /// The sender's id of the message; the same again when it tries again.
    pub id: String,
    timestamp: String,
    signatures: Vec<Vec<u8>>,
}

impl Signed {
    /// Reads the headers that `header` gives by their names.
    pub(super) fn read<'header>(
        header: impl Fn(&'static str) -> Option<&'header str>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let id = header("webhook-id").filter(|id| !id.is_empty() && id.len() <= MAX_ID_BYTES);
        let id = id.ok_or(Refusal::Header("webhook-id"))?;
        let timestamp = header("webhook-timestamp").unwrap_or_default();
        let secs =
            timestamp.parse::<i64>().map_err(|_no_number| Refusal::Header("webhook-timestamp"))?;
        let age = now.since(Timestamp::from_secs(secs));
        if !(-TOLERANCE..=TOLERANCE).contains(&age) {
            return Err(Refusal::Stale);
        }
        let signatures: Vec<Vec<u8>> = header("webhook-signature")
            .unwrap_or_default()
            .split(' ')
            .filter_map(|signature| signature.strip_prefix("v1,"))
            .filter_map(|signature| STANDARD.decode(signature).ok())
            .take(MAX_SIGNATURES)
            .collect();
        if signatures.is_empty() {
            return Err(Refusal::Header("webhook-signature"));
        }
        Ok(Self { id: id.to_owned(), timestamp: timestamp.to_owned(), signatures })
    }

    /// Checks that one of `keys` signed `body`.
    pub(super) fn verify(&self, body: &[u8], keys: &[Key]) -> Result<(), Refusal> {
        let signed = [self.id.as_bytes(), b".", self.timestamp.as_bytes(), b".", body];
        let fits = |key: &Key| self.signatures.iter().any(|signature| key.fits(&signed, signature));
        if keys.iter().any(fits) { Ok(()) } else { Err(Refusal::Signature) }
    }
}

/// The ids of the requests that were stored, for as long as their signatures are good.
#[derive(Debug, Default)]
pub(super) struct Ids {
    stored: BTreeMap<String, Timestamp>,
    by_age: VecDeque<String>,
}

impl Ids {
    /// Whether `id` was stored already.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.stored.contains_key(id)
    }

    /// Notes that `id` is stored, and forgets those that are too old to be sent again.
    pub(super) fn note(&mut self, id: String, now: Timestamp) {
        let is_old = |at: &Timestamp| now.since(*at) > 2 * TOLERANCE;
        while let Some(oldest) = self.by_age.front()
            && (self.by_age.len() >= MAX_IDS || self.stored.get(oldest).is_none_or(is_old))
        {
            self.stored.remove(oldest);
            self.by_age.pop_front();
        }
        if self.stored.insert(id.clone(), now).is_none() {
            self.by_age.push_back(id);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_614_265_330;

    /// Signs as a sender does.
    pub(crate) fn sign(key: &[u8], id: &str, secs: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(format!("{id}.{secs}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn key(text: &str) -> Key {
        Key::parse(&SecretString::from(text)).unwrap()
    }

    fn read(id: &str, timestamp: &str, signature: &str) -> Result<Signed, Refusal> {
        let header = |name: &'static str| match name {
            "webhook-id" => Some(id),
            "webhook-timestamp" => Some(timestamp),
            _ => Some(signature),
        };
        Signed::read(header, Timestamp::from_secs(NOW))
    }

    #[test]
    fn the_specifications_own_example_fits() {
        let signed = read(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        )
        .unwrap();
        let body = br#"{"test": 2432232314}"#;
        let keys = [key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
        assert_eq!(signed.verify(body, &keys), Ok(()));
        assert_eq!(signed.verify(br#"{"test": 2432232315}"#, &keys), Err(Refusal::Signature));
        assert_eq!(signed.verify(body, &[]), Err(Refusal::Signature));
    }

    #[test]
    fn old_and_new_keys_both_fit_while_they_change() {
        let (old, new) = ([1_u8; 32], [2_u8; 32]);
        let [old_key, new_key] = [old, new].map(|bytes| key(&STANDARD.encode(bytes)));
        let both = format!("{} v1a,xx {}", sign(&old, "m", NOW, b"b"), sign(&new, "m", NOW, b"b"));
        let signed = read("m", &NOW.to_string(), &both).unwrap();
        assert_eq!(signed.verify(b"b", std::slice::from_ref(&new_key)), Ok(()));
        let one = read("m", &NOW.to_string(), &sign(&old, "m", NOW, b"b")).unwrap();
        assert_eq!(one.verify(b"b", &[new_key.clone(), old_key]), Ok(()));
        assert_eq!(one.verify(b"b", &[new_key]), Err(Refusal::Signature));
    }

    #[test]
    fn age_and_form_are_checked() {
        let at = |secs: i64| read("m", &secs.to_string(), "v1,aGk=").map(|_| ());
        assert_eq!(at(NOW - 300), Ok(()));
        assert_eq!(at(NOW + 300), Ok(()));
        assert_eq!(at(NOW - 301), Err(Refusal::Stale));
        assert_eq!(at(NOW + 301), Err(Refusal::Stale));
        assert_eq!(at(i64::MIN), Err(Refusal::Stale));
        assert_eq!(read("", "1", "v1,aGk="), Err(Refusal::Header("webhook-id")));
        assert_eq!(read("m", "now", "v1,aGk="), Err(Refusal::Header("webhook-timestamp")));
        for signature in ["", "v1,", "v2,aGk=", "aGk=", "v1,***"] {
            let signed = read("m", &NOW.to_string(), signature);
            let refused = signed.and_then(|signed| signed.verify(b"", &[key(&"A".repeat(32))]));
            assert!(refused.is_err(), "{signature}");
        }
    }

    #[test]
    fn bad_keys_say_so_and_show_nothing() {
        let parse = |text: &str| Key::parse(&SecretString::from(text)).map(|_| ());
        assert_eq!(parse("hunter2!"), Err("must be `whsec_` and base64".to_owned()));
        assert_eq!(parse("aGk="), Err("must stand for at least 24 bytes".to_owned()));
        assert!(!format!("{:?}", key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).contains("MfKQ"));
    }

    #[test]
    fn ids_are_remembered_while_they_could_come_again() {
        let mut ids = Ids::default();
        ids.note("a".into(), Timestamp::from_secs(0));
        assert!(ids.contains("a"));
        ids.note("b".into(), Timestamp::from_secs(601));
        assert!(!ids.contains("a") && ids.contains("b"));
        for idx in 0..2 * MAX_IDS {
            ids.note(idx.to_string(), Timestamp::from_secs(602));
        }
        assert!(ids.stored.len() <= MAX_IDS && ids.stored.len() == ids.by_age.len());
    }

    proptest! {
        #[test]
        fn any_headers_are_an_answer(id in "\\PC{0,20}", time in "[-0-9]{0,25}", signature in "\\PC{0,60}") {
            if let Ok(signed) = read(&id, &time, &signature) {
                prop_assert!(signed.verify(b"x", &[key(&"A".repeat(32))]).is_err());
            }
        }

        #[test]
        fn one_changed_bit_is_noticed(body in prop::collection::vec(any::<u8>(), 1..50), at in any::<usize>()) {
            let signature = sign(&[7; 24], "m", NOW, &body);
            let signed = read("m", &NOW.to_string(), &signature).unwrap();
            let keys = [key(&STANDARD.encode([7; 24]))];
            prop_assert!(signed.verify(&body, &keys).is_ok());
            let mut changed = body;
            let at = at % changed.len();
            changed[at] ^= 1;
            prop_assert!(signed.verify(&changed, &keys).is_err());
        }
    }
}
