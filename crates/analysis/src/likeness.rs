//! What copies of a text have in common, and what spam looks like.
//!
//! Copies differ in their links, mentions, tags, digits, pictographs, case and accents: all of that is left out.

use vigie_model::{Flag, Flags, Severity};

use crate::{Features, features::PieceKind};

/// Texts with fewer words are alike by chance: "bonjour à tous".
const MIN_WORDS: usize = 5;
/// Longer copies may differ after so many words.
const MAX_WORDS: usize = 24;
/// Shorter words come and go in copies.
const MIN_LETTERS: usize = 3;
/// A post of links and nothing to say about them.
const MANY_LINKS: usize = 3;
/// Tags beyond this, and more than words, are there to be found by strangers.
const MANY_TAGS: usize = 10;
/// Accounts beyond this, and more than words, are called to be seen by them.
const MANY_MENTIONS: usize = 10;

/// A number that copies of a text share; 0 where the text is too short to tell.
pub(crate) fn likeness(features: &Features) -> u64 {
    let words = features.pieces().iter().filter(|piece| piece.kind == PieceKind::Word);
    let words = words.map(|piece| features.spelling(piece));
    let mut n_words = 0;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for word in words.filter(|word| word.len() >= MIN_LETTERS).take(MAX_WORDS) {
        n_words += 1;
        let letters = word.bytes().filter(|byte| !byte.is_ascii_digit());
        hash = letters
            .chain([b' '])
            .fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    }
    if n_words < MIN_WORDS { 0 } else { hash.max(1) }
}

/// The flags of a text that is made to be found, not read.
pub(crate) fn spam_flags(features: &Features) -> Flags {
    let mut counts = [0_usize; PieceKind::Stop as usize + 1];
    for piece in features.pieces() {
        if let Some(count) = counts.get_mut(piece.kind as usize) {
            *count += 1;
        }
    }
    let count = |kind: PieceKind| counts.get(kind as usize).copied().unwrap_or_default();
    let n_words = count(PieceKind::Word) + count(PieceKind::Unspaced);
    let is_linked = count(PieceKind::Link) >= MANY_LINKS && n_words < 2 * count(PieceKind::Link);
    let is_stuffed = |kind, many| count(kind) >= many && n_words < count(kind);
    if is_linked {
        Flags::one(Flag::Spam, Severity::Strong)
    } else if is_stuffed(PieceKind::Tag, MANY_TAGS) || is_stuffed(PieceKind::Mention, MANY_MENTIONS)
    {
        Flags::one(Flag::Spam, Severity::Mild)
    } else {
        Flags::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str) -> Features {
        let mut features = Features::new();
        features.read(text, []);
        features
    }

    #[track_caller]
    fn check(one: &str, other: &str, alike: bool) {
        let (one, other) = (likeness(&features(one)), likeness(&features(other)));
        assert_eq!(one == other && one != 0, alike);
    }

    #[test]
    fn copies_are_alike_whatever_is_put_around_them() {
        let text = "Gagnez un voyage gratuit en participant à notre grand jeu";
        check(
            text,
            "@lea GAGNEZ un voyage gratuit en participant a notre grand jeu !!! 🎁 https://a.example/42",
            true,
        );
        check(text, "Gagnez 2 voyages gratuits en participant à notre grand concours", false);
        check("Bonjour à tous", "Bonjour à tous", false);
        check(
            &format!("{text} {text} {text} {text} fin"),
            &format!("{text} {text} {text} {text} suite"),
            true,
        );
        check("", "", false);
    }

    #[track_caller]
    fn check_spam(text: &str, expected: Option<Severity>) {
        assert_eq!(spam_flags(&features(text)).severity(Flag::Spam), expected, "{text}");
    }

    #[test]
    fn what_is_made_to_be_found_is_spam() {
        check_spam(
            "https://a.example https://b.example https://c.example now",
            Some(Severity::Strong),
        );
        check_spam("deux liens : https://a.example https://b.example", None);
        let tags: String = (0..12).map(|n| format!("#tag{n} ")).collect();
        check_spam(&tags, Some(Severity::Mild));
        let told = "une belle journée au bord de la mer avec toute la famille réunie";
        check_spam(&format!("{told} {tags}"), None);
        check_spam("", None);
    }
}
