//! What a post is about: its hashtags, its long words, and pairs of these with at most a small word between.

use smol_str::{SmolStr, SmolStrBuilder};

use crate::{
    fold::{fold, is_unspaced, is_word},
    language::LanguageReader,
    token::{Token, TokenKind, tokens},
};

/// A post is about no more than this many things: what comes later in it is left out.
pub const MAX_TERMS: usize = 32;
/// Hashtags may fill no more of a post's terms than this, so that a heap of tags hides no words.
const MAX_TAGS: usize = 8;
/// Shorter words say nothing by themselves.
const MIN_LETTERS: usize = 4;
/// Phrases are shown up to so many words.
const MAX_PHRASE: usize = 4;
/// What fewer texts share may be chance.
const MIN_PHRASE_TEXTS: usize = 4;
/// Texts are read up to here.
const MAX_READ_BYTES: usize = 8 * 1_024;
/// What is left of links and of HTML that was cut.
const SCRAPS: [&str; 5] = ["http", "https", "quot", "nbsp", "apos"];
/// Longer runs of letters are no words.
const MAX_WORD_BYTES: usize = 40;

/// The terms of the text that was cut into `tokens`, each once, hashtags first.
pub(crate) fn terms(tokens: &[Token<'_>], languages: &LanguageReader) -> Vec<SmolStr> {
    let mut found: Vec<SmolStr> = Vec::new();
    let tags = tokens.iter().filter(|token| token.kind == TokenKind::Tag);
    for tag in tags.filter(|tag| tag.text.len() <= MAX_WORD_BYTES).take(MAX_TAGS) {
        let name = tag.text.trim_start_matches(['#', '＃']);
        push(&mut found, concatenated(["#", name]));
    }
    let mut before: Option<&str> = None;
    let mut between: Option<&str> = None;
    for token in tokens {
        if found.len() >= MAX_TERMS {
            break;
        }
        if token.kind != TokenKind::Word || token.text.len() > MAX_WORD_BYTES {
            (before, between) = (None, None);
        } else if is_significant(token.text, languages) {
            push(&mut found, token.text.into());
            if let Some(before) = before
                && found.len() < MAX_TERMS
            {
                push(&mut found, joined(before, between, token.text));
            }
            (before, between) = (Some(token.text), None);
        } else if between.is_none() && languages.is_stopword(token.text) {
            between = Some(token.text);
        } else {
            (before, between) = (None, None);
        }
    }
    found
}

/// Two words, with the small word between them where there is one: `panne de signalisation`.
fn joined(before: &str, between: Option<&str>, after: &str) -> SmolStr {
    match between {
        Some(between) => concatenated([before, " ", between, " ", after]),
        None => concatenated([before, " ", after]),
    }
}

/// One string of all parts, on the heap only where it is long.
fn concatenated<const N: usize>(parts: [&str; N]) -> SmolStr {
    let mut whole = SmolStrBuilder::new();
    for part in parts {
        whole.push_str(part);
    }
    whole.finish()
}

fn push(found: &mut Vec<SmolStr>, term: SmolStr) {
    if !found.contains(&term) {
        found.push(term);
    }
}

fn is_significant(word: &str, languages: &LanguageReader) -> bool {
    word.len() <= MAX_WORD_BYTES
        && word.chars().nth(MIN_LETTERS - 1).is_some()
        && (word.is_ascii() || !word.chars().any(is_unspaced))
        && word.chars().any(char::is_alphabetic)
        && !languages.is_stopword(word)
        && !SCRAPS.contains(&word)
}

/// Reads the terms of texts, and nothing else of them.
#[derive(Clone, Debug)]
pub struct TermReader(LanguageReader);

impl Default for TermReader {
    fn default() -> Self {
        Self::new()
    }
}

impl TermReader {
    /// A reader with the built-in word lists.
    #[must_use]
    pub fn new() -> Self {
        Self(LanguageReader::new())
    }

    /// The terms of `text`, folded, each once.
    #[must_use]
    pub fn terms(&self, text: &str) -> Vec<SmolStr> {
        let head = text.get(..text.floor_char_boundary(MAX_READ_BYTES)).unwrap_or_default();
        terms(&tokens(&fold(head)), &self.0)
    }
}

/// The term as most of `texts` write it; as it is folded where none does.
pub fn usual_spelling<'a>(texts: impl Iterator<Item = &'a str>, term: &SmolStr) -> SmolStr {
    let mut spellings: Vec<(SmolStr, usize)> = Vec::new();
    for text in texts {
        let Some(written) = spelling(text, term) else { continue };
        match spellings.iter_mut().find(|(known, _)| *known == written) {
            Some((_, n_times)) => *n_times += 1,
            None => spellings.push((written, 1)),
        }
    }
    // Of equals, the newest post's.
    spellings
        .into_iter()
        .rev()
        .max_by_key(|(_, n_times)| *n_times)
        .map_or_else(|| term.clone(), |(written, _)| written)
}

/// The best name for what `texts` share: of these folded `names` the one that most of them have, made longer by the
/// words that nearly all of them have around it, as most of them write it.
#[must_use]
pub fn usual_phrase(texts: &[&str], names: &[SmolStr]) -> SmolStr {
    let n_with =
        |name: &&SmolStr| texts.iter().filter(|text| spelling(text, name).is_some()).count();
    // Of equals, the first.
    let term = names.iter().rev().max_by_key(n_with).cloned().unwrap_or_default();
    let mut phrase = term.clone();
    if !term.starts_with('#') {
        while phrase.split(' ').count() < MAX_PHRASE
            && let Some(longer) = longer_phrase(texts, &phrase)
        {
            phrase = longer;
        }
    }
    usual_spelling(texts.iter().copied(), &phrase)
}

/// `phrase` with the word before or after it that most of the texts that have it share.
fn longer_phrase(texts: &[&str], phrase: &str) -> Option<SmolStr> {
    let mut n_with: usize = 0;
    let mut longer: Vec<(SmolStr, usize)> = Vec::new();
    for text in texts {
        let words: Vec<String> = words(text).map(fold).collect();
        let n_words = phrase.split(' ').count();
        let Some(at) = words.windows(n_words).position(|run| run.iter().eq(phrase.split(' ')))
        else {
            continue;
        };
        n_with += 1;
        let before = at.checked_sub(1).and_then(|place| words.get(place));
        let after = words.get(at + n_words);
        let before = before.map(|before| format!("{before} {phrase}"));
        let after = after.map(|after| format!("{phrase} {after}"));
        for grown in [before, after].into_iter().flatten() {
            match longer.iter_mut().find(|(known, _)| *known == grown) {
                Some((_, n_times)) => *n_times += 1,
                None => longer.push((grown.into(), 1)),
            }
        }
    }
    let (grown, n_times) = longer.into_iter().max_by_key(|(_, n_times)| *n_times)?;
    (n_with >= MIN_PHRASE_TEXTS && n_times * 10 >= n_with * 7).then_some(grown)
}

/// The words of a text; links, mentions and tags are none.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .filter(|piece| !piece.starts_with(['#', '@']) && !piece.contains("://"))
        .flat_map(|piece| piece.split(|character| !is_word(character)))
        .filter(|word| !word.is_empty())
}

/// How `text` writes `term`, which is folded: with its capitals and accents.
#[must_use]
pub fn spelling(text: &str, term: &str) -> Option<SmolStr> {
    let n_words = term.split(' ').count();
    let (sign, bare) = term.strip_prefix('#').map_or(("", term), |bare| ("#", bare));
    // The start and the end of each word.
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_word(character)) {
            (None, true) => start = Some(at),
            (Some(first), false) => {
                words.push((first, at));
                start = None;
            }
            _ => {}
        }
    }
    words.windows(n_words).find_map(|run| {
        let (first, last) = (run.first()?, run.last()?);
        let folded: Vec<String> = run
            .iter()
            .map(|(start, end)| fold(text.get(*start..*end).unwrap_or_default()))
            .collect();
        let written = text.get(first.0..last.1)?;
        (folded.join(" ") == bare).then(|| SmolStr::from(format!("{sign}{written}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let languages = LanguageReader::new();
        assert_eq!(terms(&tokens(&fold(text)), &languages), expected);
    }

    #[test]
    fn tags_words_and_pairs() {
        check(
            "Panne de signalisation à Marseille #RailAzur",
            &[
                "#railazur",
                "panne",
                "signalisation",
                "panne de signalisation",
                "marseille",
                "signalisation a marseille",
            ],
        );
        check(
            "gare Saint Charles bondée",
            &[
                "gare",
                "saint",
                "gare saint",
                "charles",
                "saint charles",
                "bondee",
                "charles bondee",
            ],
        );
        check("le la les et 2026 12h", &[]);
        check("@compte https://a.example/longue #x #x", &["#x"]);
        check("電車が遅れています #電車", &["#電車"]);
    }

    #[test]
    fn there_is_a_limit() {
        let text: String = (0..100).map(|idx| format!("mot{idx}abc ")).collect();
        let tags: String = (0..100).map(|idx| format!("#tag{idx} ")).collect();
        let languages = LanguageReader::new();
        let found = terms(&tokens(&format!("{tags}{text}")), &languages);
        assert_eq!(found.len(), MAX_TERMS);
        assert_eq!(found.iter().filter(|term| term.starts_with('#')).count(), MAX_TAGS);
        assert!(terms(&tokens(&"a".repeat(10_000)), &languages).is_empty());
    }

    #[test]
    fn terms_are_shown_as_people_write_them() {
        #[track_caller]
        fn check(text: &str, term: &str, expected: Option<&str>) {
            assert_eq!(spelling(text, term).as_deref(), expected);
        }
        check("Vive #DemandezAuCM !", "#demandezaucm", Some("#DemandezAuCM"));
        check("à Saint Étienne", "saint etienne", Some("Saint Étienne"));
        check("vers Juan-les-Pins !", "juan les pins", Some("Juan-les-Pins"));
        check("la Côte d'Azur", "cote d azur", Some("Côte d'Azur"));
        check("Œuvre", "oeuvre", Some("Œuvre"));
        check("rien de tel", "gare", None);
        check("", "", None);
    }
}
