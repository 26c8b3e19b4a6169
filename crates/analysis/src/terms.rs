//! What a post is about: its hashtags, its long words, and pairs of these with at most a small word between.

use smol_str::{SmolStr, SmolStrBuilder};

use crate::{
    features::word_hash,
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

/// What may become a term, by the places of its tokens: a word, two of them with a small one between, or a tag.
#[derive(Clone, Copy)]
struct Candidate {
    before: u16,
    between: u16,
    after: u16,
}

/// The place of no token.
const NONE: u16 = u16::MAX;

/// The terms found so far, each once.
struct Found<'a> {
    tokens: &'a [Token<'a>],
    /// A bit for each hash that is there, so that most new ones need not be looked for.
    bits: u64,
    hashes: [u64; MAX_TERMS],
    terms: [Candidate; MAX_TERMS],
    n_terms: usize,
}

impl<'a> Found<'a> {
    const fn new(tokens: &'a [Token<'a>]) -> Self {
        let terms = [Candidate { before: NONE, between: NONE, after: NONE }; MAX_TERMS];
        Self { tokens, bits: 0, hashes: [0; MAX_TERMS], terms, n_terms: 0 }
    }

    const fn is_full(&self) -> bool {
        self.n_terms >= MAX_TERMS
    }

    fn token(&self, place: u16) -> Option<&'a Token<'a>> {
        self.tokens.get(usize::from(place))
    }

    fn push(&mut self, hash: u64, term: Candidate) {
        let bit = 1 << (hash >> 58);
        if self.bits & bit != 0 && self.has(hash, &term) {
            return;
        }
        let places = (self.hashes.get_mut(self.n_terms), self.terms.get_mut(self.n_terms));
        if let (Some(hash_place), Some(place)) = places {
            (*hash_place, *place) = (hash, term);
            self.n_terms += 1;
            self.bits |= bit;
        }
    }

    /// Whether a term is there. Where its hash is, it most likely is too: then the words are compared.
    fn has(&self, hash: u64, term: &Candidate) -> bool {
        let text = |place| self.token(place).map_or("", |token| token.text);
        let words = |term: &Candidate| [term.before, term.between, term.after].map(text);
        let mut known = self.hashes.iter().zip(&self.terms).take(self.n_terms);
        known.any(|(known_hash, known)| *known_hash == hash && words(known) == words(term))
    }

    fn tag(&mut self, place: u16) {
        let name = self.token(place).map_or("", |tag| name_of(tag));
        // No word has the hash of a tag, but for the sign alone.
        self.push(!word_hash(name), Candidate { before: NONE, between: NONE, after: place });
    }

    fn word(&mut self, place: u16) {
        let hash = self.token(place).map_or(0, |word| word.hash);
        self.push(hash, Candidate { before: NONE, between: NONE, after: place });
    }

    fn pair(&mut self, before: u16, between: u16, after: u16) {
        let hash = |place| self.token(place).map_or(0, |token| token.hash);
        let mixed = hash(before).rotate_left(21) ^ hash(between).rotate_left(42) ^ hash(after);
        self.push(mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15), Candidate { before, between, after });
    }

    /// The terms, on the heap only where they are long.
    fn spelled(&self, folded: &str) -> Vec<SmolStr> {
        let terms = self.terms.iter().take(self.n_terms);
        terms.map(|term| self.spelling(term, folded).unwrap_or_default()).collect()
    }

    fn spelling(&self, term: &Candidate, folded: &str) -> Option<SmolStr> {
        let after = self.token(term.after)?;
        let Some(before) = self.token(term.before) else {
            if after.kind == TokenKind::Word {
                return Some(SmolStr::new(after.text));
            }
            let mut whole = SmolStrBuilder::new();
            whole.push('#');
            whole.push_str(name_of(after));
            return Some(whole.finish());
        };
        let between = self.token(term.between);
        // Mostly the words stand in the text with single blanks, as they are to be.
        let is_blank = |one: &Token<'_>, two: &Token<'_>| {
            one.end() + 1 == two.at && folded.as_bytes().get(one.end()) == Some(&b' ')
        };
        let is_spelled = match between {
            Some(between) => is_blank(before, between) && is_blank(between, after),
            None => is_blank(before, after),
        };
        if is_spelled {
            return folded.get(before.at..after.end()).map(SmolStr::new);
        }
        let mut whole = SmolStrBuilder::new();
        for part in [Some(before), between].into_iter().flatten() {
            whole.push_str(part.text);
            whole.push(' ');
        }
        whole.push_str(after.text);
        Some(whole.finish())
    }
}

/// The name of a tag.
fn name_of<'a>(tag: &Token<'a>) -> &'a str {
    tag.text.trim_start_matches(['#', '＃'])
}

/// The terms of the folded text that was cut into `tokens`, each once, hashtags first.
pub(crate) fn terms(
    folded: &str,
    tokens: &[Token<'_>],
    languages: &LanguageReader,
) -> Vec<SmolStr> {
    let mut found = Found::new(tokens);
    let numbered = || (0..NONE).zip(tokens);
    let tags = numbered().filter(|(_, token)| token.kind == TokenKind::Tag);
    for (place, _) in tags.filter(|(_, tag)| tag.text.len() <= MAX_WORD_BYTES).take(MAX_TAGS) {
        found.tag(place);
    }
    let (mut before, mut between) = (NONE, NONE);
    for (place, token) in numbered() {
        if found.is_full() {
            break;
        }
        if token.kind != TokenKind::Word || token.text.len() > MAX_WORD_BYTES {
            (before, between) = (NONE, NONE);
            continue;
        }
        let is_small = languages.is_stopword(token);
        if !is_small && is_significant(token.text) {
            found.word(place);
            if before != NONE {
                found.pair(before, between, place);
            }
            (before, between) = (place, NONE);
        } else if between == NONE && is_small {
            between = place;
        } else {
            (before, between) = (NONE, NONE);
        }
    }
    found.spelled(folded)
}

/// Whether a word, which is none of the small ones, says something by itself.
fn is_significant(word: &str) -> bool {
    if SCRAPS.contains(&word) || word.len() < MIN_LETTERS {
        return false;
    }
    if word.is_ascii() {
        return word.bytes().any(|byte| byte.is_ascii_alphabetic());
    }
    word.chars().nth(MIN_LETTERS - 1).is_some()
        && !word.chars().any(is_unspaced)
        && word.chars().any(char::is_alphabetic)
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
        let folded = fold(head);
        terms(&folded, &tokens(&folded), &self.0)
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
        assert_eq!(terms(&fold(text), &tokens(&fold(text)), &languages), expected);
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
        let text = format!("{tags}{text}");
        let found = terms(&text, &tokens(&text), &languages);
        assert_eq!(found.len(), MAX_TERMS);
        assert_eq!(found.iter().filter(|term| term.starts_with('#')).count(), MAX_TAGS);
        let long = "a".repeat(10_000);
        assert!(terms(&long, &tokens(&long), &languages).is_empty());
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
