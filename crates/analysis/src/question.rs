//! Whether a text asks the room something, in French and English.
//!
//! A mark asks, but not inside a quotation, not at the end of what only sounds like a question ("Vraiment ?",
//! "non ?", "you know what?"), and not where nobody is meant to answer. Without a mark, the words ask that only a
//! question begins with, and the phrases by which people ask for help.
//! A language that is neither keeps the plain rule: a mark asks.

use std::{borrow::Cow, sync::LazyLock};

use rustc_hash::FxHashMap;

use crate::{
    features::word_hash,
    sieve::SmallSieve,
    token::{Token, TokenKind},
};

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
    // The bytes beside the ASCII one are those that the other marks begin with.
    let begins = |byte: u8| (byte == b'"') | (byte == 0xc2) | (byte == 0xe2);
    let may_quote = folded.bytes().fold(false, |may, byte| may | begins(byte));
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
    // Nothing asks without a mark or one of the words that questions begin with.
    let may_ask = |token: &Token<'_>| match token.kind {
        TokenKind::Question => true,
        TokenKind::Word => OPENS.may_begin(token) || ASKS.may_begin(token),
        _ => false,
    };
    if !tokens.iter().any(may_ask) {
        return false;
    }
    let mut words = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    for _ in 0..MAX_SENTENCES {
        let Some(sentence) = next_sentence(&mut rest, &mut words) else { return false };
        if asks(&sentence, &words) {
            return true;
        }
    }
    false
}

/// How words between two ends of sentences end.
struct Sentence {
    /// Whether a question mark ends it.
    marked: bool,
    /// Whether something other than words is in it: what another wrote, an emoji, a tag.
    has_more: bool,
}

/// Takes the next sentence of a text; a comma ends none, as "bonjour, est-ce que" is one question.
fn next_sentence<'t, 'a>(
    rest: &mut &'t [Token<'a>],
    words: &mut Vec<&'t Token<'a>>,
) -> Option<Sentence> {
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(ends_sentence).unwrap_or(rest.len());
    let (sentence, after) = rest.split_at(end);
    // Several marks in a row are one end.
    let n_marks = after.iter().take_while(|token| ends_sentence(token)).count();
    let (marks, after) = after.split_at(n_marks);
    *rest = after;
    words.clear();
    words.extend(sentence.iter().filter(|token| token.kind == TokenKind::Word));
    Some(Sentence {
        marked: marks.iter().any(|mark| mark.kind == TokenKind::Question),
        has_more: sentence.iter().any(|token| {
            matches!(token.kind, TokenKind::Number | TokenKind::Mention | TokenKind::Tag)
        }),
    })
}

fn ends_sentence(token: &Token<'_>) -> bool {
    match token.kind {
        TokenKind::Question | TokenKind::Exclamation => true,
        TokenKind::Stop => token.text != ",",
        _ => false,
    }
}

fn asks(sentence: &Sentence, all_words: &[&Token<'_>]) -> bool {
    let mut words = all_words;
    while let [first, rest @ ..] = words
        && GREETS.may_begin(first)
        && GREETINGS.contains(&first.text)
    {
        words = rest;
    }
    if sentence.marked {
        return is_marked_question(sentence, words);
    }
    let opens = OPENS.begin(words) && !STATES.begin(words);
    opens
        || (0..all_words.len())
            .any(|place| all_words.get(place..).is_some_and(|rest| ASKS.begin(rest)))
}

/// A mark asks, unless what it ends is a phrase that wants no answer.
fn is_marked_question(sentence: &Sentence, words: &[&Token<'_>]) -> bool {
    if words.is_empty() {
        // A mark alone after a number, a name or a tag asks; alone, it only wonders.
        return sentence.has_more;
    }
    let is_whole = words.len() <= MAX_RHETORICAL
        && RHETORICAL.iter().any(|phrase| phrase.len() == words.len() && starts(words, phrase));
    if is_whole && !sentence.has_more {
        return false;
    }
    // "C'est beau, non ?" tells; "y a-t-il un train ou non ?" asks.
    let is_end = |tag: &&Phrase| {
        let end = words.len().checked_sub(tag.len()).and_then(|start| words.get(start..));
        words.len() > tag.len() && end.is_some_and(|end| starts(end, tag))
    };
    let is_tagged = TAGS.iter().any(|tag| is_end(&tag));
    !is_tagged || OPENS.begin(words)
}

/// Words in a row.
type Phrase = &'static [&'static str];

/// Whether `words` begin with those of `phrase`.
fn starts(words: &[&Token<'_>], phrase: &[&str]) -> bool {
    words.len() >= phrase.len() && words.iter().zip(phrase).all(|(word, text)| word.text == *text)
}

/// Phrases by their first word: most words begin none, and a small filter says so.
struct Beginnings {
    sieve: SmallSieve,
    phrases: FxHashMap<&'static str, Vec<Phrase>>,
}

static OPENS: LazyLock<Beginnings> = LazyLock::new(|| OPENINGS.iter().copied().collect());
static STATES: LazyLock<Beginnings> = LazyLock::new(|| STATEMENTS.iter().copied().collect());
static ASKS: LazyLock<Beginnings> = LazyLock::new(|| ASKS_ANYWHERE.iter().copied().collect());
static GREETS: LazyLock<Beginnings> =
    LazyLock::new(|| GREETINGS.iter().map(std::slice::from_ref).collect());

impl FromIterator<Phrase> for Beginnings {
    fn from_iter<I: IntoIterator<Item = Phrase>>(all: I) -> Self {
        let mut phrases: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for phrase in all {
            if let Some(first) = phrase.first() {
                phrases.entry(*first).or_default().push(phrase);
            }
        }
        let hashes = phrases.keys().map(|first| word_hash(first));
        Self { sieve: hashes.collect(), phrases }
    }
}

impl Beginnings {
    /// Whether one of the phrases may begin with this word.
    #[inline]
    fn may_begin(&self, word: &Token<'_>) -> bool {
        self.sieve.may_have(word.hash)
    }

    /// Whether one of the phrases begins `words`.
    fn begin(&self, words: &[&Token<'_>]) -> bool {
        let Some(first) = words.first().filter(|first| self.may_begin(first)) else { return false };
        let phrases = self.phrases.get(first.text);
        phrases.is_some_and(|phrases| phrases.iter().any(|phrase| starts(words, phrase)))
    }
}
