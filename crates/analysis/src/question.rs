//! Whether a text asks the room something, in French and English.
//!
//! A mark asks, but not inside a quotation, not at the end of what only sounds like a question ("Vraiment ?",
//! "non ?", "you know what?"), and not where nobody is meant to answer. Without a mark, the words ask that only a
//! question begins with, and the phrases by which people ask for help.
//! A language that is neither keeps the plain rule: a mark asks.

use std::{borrow::Cow, sync::LazyLock};

use rustc_hash::FxHashMap;

use crate::token::{Token, TokenKind};

mod phrases;
#[cfg(test)]
mod tests;

use phrases::{ASKS_ANYWHERE, GREETINGS, OPENINGS, RHETORICAL, STATEMENTS, TAGS};

/// Sentences of a post that are looked at; a post that asks does so before.
const MAX_SENTENCES: usize = 64;
/// Words before the mark that are looked at for what only sounds like a question.
const MAX_RHETORICAL: usize = 6;

/// Longer quotations are no asides: what stands in them is what the post says.
const MAX_QUOTED_BYTES: usize = 240;

/// The folded text without what another said: parts between two quotation marks.
pub(crate) fn without_quotations(folded: &str) -> Cow<'_, str> {
    // All bytes are looked at, since a loop without a way out is made of vectors.
    let may_quote = folded.bytes().fold(false, |may, byte| may | (byte == b'"') | !byte.is_ascii());
    if !may_quote || !folded.contains(['"', '«', '“', '„']) {
        return Cow::Borrowed(folded);
    }
    let mut kept = String::with_capacity(folded.len());
    let mut rest = folded;
    while let Some(at) = rest.find(['"', '«', '“', '„']) {
        let (before, quoted) = rest.split_at(at);
        kept.push_str(before);
        let mut inner = quoted.chars();
        let open = inner.next().unwrap_or('"');
        let closes: &[char] = match open {
            '«' => &['»'],
            '“' | '„' => &['”', '“'],
            _ => &['"'],
        };
        let inner = inner.as_str();
        match inner.find(closes).filter(|end| *end <= MAX_QUOTED_BYTES) {
            Some(end) => {
                let (_, after) = inner.split_at(end);
                let mut after = after.chars();
                after.next();
                rest = after.as_str();
            }
            // A mark without its other half is no quotation.
            None => rest = inner,
        }
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// Whether the text that was cut into `tokens` asks something.
pub(crate) fn is_question(tokens: &[Token<'_>]) -> bool {
    sentences(tokens).take(MAX_SENTENCES).any(|sentence| asks(&sentence))
}

/// Words between two ends, and how they end.
struct Sentence<'a> {
    words: Vec<&'a str>,
    /// Whether a question mark ends it.
    marked: bool,
    /// Whether something other than words is in it: what another wrote, an emoji, a tag.
    has_more: bool,
}

/// The sentences of a text; a comma ends none, as "bonjour, est-ce que" is one question.
fn sentences<'a>(tokens: &'a [Token<'a>]) -> impl Iterator<Item = Sentence<'a>> {
    let mut rest = tokens;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(ends_sentence).unwrap_or(rest.len());
        let (sentence, after) = rest.split_at(end);
        // Several marks in a row are one end.
        let n_marks = after.iter().take_while(|token| ends_sentence(token)).count();
        let (marks, after) = after.split_at(n_marks);
        rest = after;
        let is_word = |token: &&Token<'_>| token.kind == TokenKind::Word;
        Some(Sentence {
            words: sentence.iter().filter(is_word).map(|token| token.text).collect(),
            marked: marks.iter().any(|mark| mark.kind == TokenKind::Question),
            has_more: sentence.iter().any(|token| {
                matches!(token.kind, TokenKind::Number | TokenKind::Mention | TokenKind::Tag)
            }),
        })
    })
}

fn ends_sentence(token: &Token<'_>) -> bool {
    match token.kind {
        TokenKind::Question | TokenKind::Exclamation => true,
        TokenKind::Stop => token.text != ",",
        _ => false,
    }
}

fn asks(sentence: &Sentence<'_>) -> bool {
    let mut words = sentence.words.as_slice();
    while let [first, rest @ ..] = words
        && GREETINGS.contains(first)
    {
        words = rest;
    }
    if sentence.marked {
        return is_marked_question(sentence, words);
    }
    let opens = OPENS.begin(words) && !STATES.begin(words);
    opens
        || (0..sentence.words.len())
            .any(|place| sentence.words.get(place..).is_some_and(|rest| ASKS.begin(rest)))
}

/// A mark asks, unless what it ends is a phrase that wants no answer.
fn is_marked_question(sentence: &Sentence<'_>, words: &[&str]) -> bool {
    if words.is_empty() {
        // A mark alone after a number, a name or a tag asks; alone, it only wonders.
        return sentence.has_more;
    }
    let is_whole = words.len() <= MAX_RHETORICAL
        && RHETORICAL.iter().any(|phrase| phrase.iter().eq(words.iter()));
    if is_whole && !sentence.has_more {
        return false;
    }
    // "C'est beau, non ?" tells; "y a-t-il un train ou non ?" asks.
    let is_tagged = TAGS.iter().any(|tag| words.ends_with(tag) && words.len() > tag.len());
    !is_tagged || OPENS.begin(words)
}

/// Words in a row.
type Phrase = &'static [&'static str];

/// Phrases by their first word: most words begin none, and one look-up says so.
struct Beginnings(FxHashMap<&'static str, Vec<Phrase>>);

static OPENS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(OPENINGS));
static STATES: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(STATEMENTS));
static ASKS: LazyLock<Beginnings> = LazyLock::new(|| Beginnings::of(ASKS_ANYWHERE));

impl Beginnings {
    fn of(phrases: &'static [Phrase]) -> Self {
        let mut by_first: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for phrase in phrases {
            if let Some(first) = phrase.first() {
                by_first.entry(*first).or_default().push(*phrase);
            }
        }
        Self(by_first)
    }

    /// Whether one of the phrases begins `words`.
    fn begin(&self, words: &[&str]) -> bool {
        let phrases = words.first().and_then(|first| self.0.get(first));
        phrases.is_some_and(|phrases| phrases.iter().any(|phrase| words.starts_with(phrase)))
    }
}
