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

/// What may become a term: a word, two of them with a small one between, or the name of a tag.
#[derive(Clone, Copy, Default)]
struct Candidate<'a> {
    is_tag: bool,
    words: [&'a str; 3],
    /// Where it stands in the folded text.
    place: (usize, usize),
}

/// The terms found so far, each once.
struct Found<'a> {
    hashes: [u64; MAX_TERMS],
    terms: [Candidate<'a>; MAX_TERMS],
    n_terms: usize,
}

impl<'a> Found<'a> {
    const fn is_full(&self) -> bool {
        self.n_terms >= MAX_TERMS
    }

    fn push(&mut self, hash: u64, term: Candidate<'a>) {
        // A hash that is there says that the term most likely is too: then it is compared.
        let known = self.hashes.iter().zip(&self.terms).take(self.n_terms);
        let is_same =
            |known: &Candidate<'_>| (known.is_tag, known.words) == (term.is_tag, term.words);
        if known.filter(|(known, _)| **known == hash).any(|(_, known)| is_same(known)) {
            return;
        }
        let places = (self.hashes.get_mut(self.n_terms), self.terms.get_mut(self.n_terms));
        if let (Some(hash_place), Some(place)) = places {
            (*hash_place, *place) = (hash, term);
            self.n_terms += 1;
        }
    }

    fn tag(&mut self, tag: &Token<'a>) {
        let name = tag.text.trim_start_matches(['#', '＃']);
        let term = Candidate { is_tag: true, words: ["", "", name], place: (tag.at, tag.end()) };
        self.push(word_hash(name), term);
    }

    fn word(&mut self, word: &Token<'a>) {
        let words = ["", "", word.text];
        self.push(word.hash, Candidate { is_tag: false, words, place: (word.at, word.end()) });
    }

    fn pair(&mut self, before: &Token<'a>, between: Option<&Token<'a>>, after: &Token<'a>) {
        let small = between.map_or((0, ""), |between| (between.hash, between.text));
        let hash = before.hash.rotate_left(21) ^ small.0.rotate_left(42) ^ !after.hash;
        let words = [before.text, small.1, after.text];
        self.push(hash, Candidate { is_tag: false, words, place: (before.at, after.end()) });
    }
}

impl Candidate<'_> {
    /// The term, on the heap only where it is long.
    fn spelled(&self, folded: &str) -> SmolStr {
        let [before, between, after] = self.words;
        // Mostly it stands in the text as it is to be.
        if let Some(text) = folded.get(self.place.0..self.place.1)
            && self.is_spelling(text)
        {
            return SmolStr::new(text);
        }
        let mut whole = SmolStrBuilder::new();
        if self.is_tag {
            whole.push('#');
        }
        for part in [before, between].into_iter().filter(|part| !part.is_empty()) {
            whole.push_str(part);
            whole.push(' ');
        }
        whole.push_str(after);
        whole.finish()
    }

    /// Whether a text, which has the words of this term in it, has nothing but these and single blanks.
    fn is_spelling(&self, text: &str) -> bool {
        let [before, between, after] = self.words.map(str::len);
        let is_blank = |at: usize| text.as_bytes().get(at) == Some(&b' ');
        if self.is_tag {
            return text.len() == after + 1 && text.starts_with('#');
        }
        match (before, between) {
            (0, _) => true,
            (_, 0) => text.len() == before + 1 + after && is_blank(before),
            _ => {
                text.len() == before + between + after + 2
                    && is_blank(before)
                    && is_blank(before + 1 + between)
            }
        }
    }
}

/// The terms of the folded text that was cut into `tokens`, each once, hashtags first.
pub(crate) fn terms(
    folded: &str,
    tokens: &[Token<'_>],
    languages: &LanguageReader,
) -> Vec<SmolStr> {
    let terms = [Candidate::default(); MAX_TERMS];
    let mut found = Found { hashes: [0; MAX_TERMS], terms, n_terms: 0 };
    let tags = tokens.iter().filter(|token| token.kind == TokenKind::Tag);
    for tag in tags.filter(|tag| tag.text.len() <= MAX_WORD_BYTES).take(MAX_TAGS) {
        found.tag(tag);
    }
    let mut before: Option<&Token<'_>> = None;
    let mut between: Option<&Token<'_>> = None;
    for token in tokens {
        if found.is_full() {
            break;
        }
        if token.kind != TokenKind::Word || token.text.len() > MAX_WORD_BYTES {
            (before, between) = (None, None);
            continue;
        }
        let is_small = languages.is_stopword(token);
        if !is_small && is_significant(token.text) {
            found.word(token);
            if let Some(before) = before {
                found.pair(before, between, token);
            }
            (before, between) = (Some(token), None);
        } else if between.is_none() && is_small {
            between = Some(token);
        } else {
            (before, between) = (None, None);
        }
    }
    found.terms.iter().take(found.n_terms).map(|term| term.spelled(folded)).collect()
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
