//! What a feed already brought, in few bytes: a digest of each item's id and of its content.
//!
//! It goes into the cursor, so that after a restart only new and changed items come again.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use sha2::{Digest as _, Sha256};

/// More items than twice the longest document that is read; the cursor stays below 20 kB.
pub(super) const MAX_SEEN: usize = 1_024;

const ID_BYTES: usize = 8;
const CONTENT_BYTES: usize = 4;
const ENTRY_BYTES: usize = ID_BYTES + CONTENT_BYTES;

/// How an item compares with what the feed brought before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Novelty {
    /// It was never there.
    New,
    /// It was there with another content.
    Changed,
    /// It was there as it is.
    Known,
}

/// The items that a feed brought, the oldest forgotten first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Content and age by id.
    items: BTreeMap<[u8; ID_BYTES], ([u8; CONTENT_BYTES], u64)>,
    /// Ids by age, the oldest first.
    ages: BTreeMap<u64, [u8; ID_BYTES]>,
    next_age: u64,
}

impl Seen {
    /// Notes the item `id` with this `content` as the newest, and says how it compares.
    pub(super) fn note(&mut self, id: &str, content: &[u8]) -> Novelty {
        let digest = digest(content);
        let before = self.put(short(id.as_bytes()), digest);
        match before {
            None => Novelty::New,
            Some(before) if before == digest => Novelty::Known,
            Some(_) => Novelty::Changed,
        }
    }

    /// Forgets the item `id`; says whether it was there.
    pub(super) fn forget(&mut self, id: &str) -> bool {
        match self.items.remove(&short(id.as_bytes())) {
            Some((_, age)) => self.ages.remove(&age).is_some(),
            None => false,
        }
    }

    /// The oldest first, as text.
    pub(super) fn to_text(&self) -> String {
        let mut bytes = Vec::with_capacity(self.ages.len() * ENTRY_BYTES);
        for id in self.ages.values() {
            if let Some((content, _)) = self.items.get(id) {
                bytes.extend_from_slice(id);
                bytes.extend_from_slice(content);
            }
        }
        STANDARD_NO_PAD.encode(bytes)
    }

    /// What [`Self::to_text`] wrote; nothing where it is something else.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let bytes = STANDARD_NO_PAD.decode(text).ok()?;
        let mut seen = Self::default();
        for entry in bytes.chunks_exact(ENTRY_BYTES) {
            let (id, content) = entry.split_at(ID_BYTES);
            seen.put(id.try_into().ok()?, content.try_into().ok()?);
        }
        Some(seen)
    }

    fn put(
        &mut self,
        id: [u8; ID_BYTES],
        content: [u8; CONTENT_BYTES],
    ) -> Option<[u8; CONTENT_BYTES]> {
        let age = self.next_age;
        self.next_age += 1;
        let before = self.items.insert(id, (content, age));
        if let Some((_, age)) = before {
            self.ages.remove(&age);
        }
        self.ages.insert(age, id);
        if self.ages.len() > MAX_SEEN
            && let Some((_, oldest)) = self.ages.pop_first()
        {
            self.items.remove(&oldest);
        }
        before.map(|(content, _)| content)
    }
}

/// Hexadecimal digits that stand for `parts`, the same on every machine.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

fn short(bytes: &[u8]) -> [u8; ID_BYTES] {
    first(Sha256::digest(bytes).as_slice())
}

fn digest(bytes: &[u8]) -> [u8; CONTENT_BYTES] {
    first(Sha256::digest(bytes).as_slice())
}

fn first<const N: usize>(digest: &[u8]) -> [u8; N] {
    digest.first_chunk().copied().unwrap_or([0; N])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_new_and_changed_items_are_news() {
        let mut seen = Seen::default();
        assert_eq!(seen.note("a", b"1"), Novelty::New);
        assert_eq!(seen.note("a", b"1"), Novelty::Known);
        assert_eq!(seen.note("a", b"2"), Novelty::Changed);
        assert!(seen.forget("a"));
        assert!(!seen.forget("a"));
        assert_eq!(seen.note("a", b"2"), Novelty::New);
    }

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut seen = Seen::default();
        seen.note("first", b"");
        for idx in 0..MAX_SEEN - 1 {
            seen.note(&idx.to_string(), b"");
        }
        assert_eq!(seen.note("first", b""), Novelty::Known, "and is the newest now");
        seen.note("one more", b"");
        assert_eq!(seen.note("0", b""), Novelty::New);
        assert_eq!(seen.note("first", b""), Novelty::Known);
        assert!(seen.to_text().len() < 20_000);
    }

    #[test]
    fn fingerprints_do_not_run_together() {
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_eq!(fingerprint(&["a"]).len(), 24);
    }

    proptest! {
        #[test]
        fn text_brings_it_back(ids in prop::collection::vec("[a-c]{0,2}", 0..40)) {
            let mut seen = Seen::default();
            for id in &ids {
                seen.note(id, id.as_bytes());
            }
            let mut again = Seen::from_text(&seen.to_text()).unwrap();
            prop_assert_eq!(again.to_text(), seen.to_text());
            for id in &ids {
                prop_assert_eq!(again.note(id, id.as_bytes()), Novelty::Known);
            }
        }

        #[test]
        fn any_text_is_an_answer(text in "\\PC{0,40}") {
            Seen::from_text(&text);
        }
    }
}
