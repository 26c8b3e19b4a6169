//! Cutting a folded text into what the analysis looks at: words, tags, mentions, links, emoji.

use crate::{features::word_hash, fold::is_word};

/// Longer texts are read up to here: sentiment and terms of a post do not gain from more.
const MAX_TOKENS: usize = 1_024;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters, or letters and digits.
    Word,
    /// Digits only.
    Number,
    /// A hashtag, with its `#`.
    Tag,
    /// An account's name, with its `@`.
    Mention,
    /// A web address.
    Link,
    /// One pictograph.
    Emoji,
    /// A question mark of any script.
    Question,
    /// An exclamation mark.
    Exclamation,
    /// The end of a sentence or of a part of it.
    Stop,
}

/// A piece of a folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    /// Where it begins in the folded text.
    pub(crate) at: usize,
    /// The hash of a word; 0 for other pieces.
    pub(crate) hash: u64,
}

impl Token<'_> {
    /// The hash of a piece of this kind.
    pub(crate) fn hash_of(kind: TokenKind, text: &str) -> u64 {
        if kind == TokenKind::Word { word_hash(text) } else { 0 }
    }

    /// The byte after it in the folded text.
    pub(crate) const fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// The pieces of `folded`, in order.
pub(crate) fn tokens(folded: &str) -> Vec<Token<'_>> {
    let mut found = Vec::with_capacity(32);
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let (kind, n_bytes) = next_token(rest, first);
        let (piece, after) = rest.split_at(n_bytes.max(first.len_utf8()).min(rest.len()));
        if let Some(kind) = kind {
            let at = folded.len() - rest.len();
            found.push(Token { kind, text: piece, at, hash: Token::hash_of(kind, piece) });
        }
        if found.len() == MAX_TOKENS {
            break;
        }
        rest = after;
    }
    found
}

/// The kind of the piece that `rest` begins with, none for what is passed over, and its length in bytes.
fn next_token(rest: &str, first: char) -> (Option<TokenKind>, usize) {
    if is_word(first) {
        if is_link(rest) {
            return (Some(TokenKind::Link), len_while(rest, |c| !c.is_whitespace()));
        }
        return word(rest);
    }
    let n_first = first.len_utf8();
    let kind = match first {
        '#' | '＃' => return marked(rest, TokenKind::Tag, is_word),
        '@' => {
            return marked(rest, TokenKind::Mention, |c| {
                is_word(c) || matches!(c, '.' | '-' | '@')
            });
        }
        '?' | '\u{37e}' | '؟' | '？' => Some(TokenKind::Question),
        '!' => Some(TokenKind::Exclamation),
        '.' | ',' | ';' | ':' | '…' | '\u{3002}' | '\u{3001}' | '(' | ')' => {
            Some(TokenKind::Stop)
        }
        _ if is_emoji(first) => Some(TokenKind::Emoji),
        _ => None,
    };
    (kind, n_first)
}

/// A word, up to the next apostrophe or hyphen; `don't` stays in one piece.
fn word(rest: &str) -> (Option<TokenKind>, usize) {
    let mut n_bytes = len_while(rest, is_word);
    let (head, tail) = rest.split_at(n_bytes);
    let after_t = tail.strip_prefix("'t").map(|after| after.chars().next().is_some_and(is_word));
    if head.ends_with('n') && after_t == Some(false) {
        n_bytes += 2;
    }
    let digits_only = head.chars().all(char::is_numeric);
    (Some(if digits_only { TokenKind::Number } else { TokenKind::Word }), n_bytes)
}

/// A piece that begins with a sign; a sign alone is passed over.
fn marked(
    rest: &str,
    kind: TokenKind,
    belongs: impl Fn(char) -> bool,
) -> (Option<TokenKind>, usize) {
    let n_sign = rest.chars().next().map_or(0, char::len_utf8);
    let (_, after) = rest.split_at(n_sign);
    let n_name = after
        .get(..len_while(after, belongs))
        .map_or(0, |name| name.trim_end_matches(['.', '-', '@']).len());
    if n_name == 0 { (None, n_sign) } else { (Some(kind), n_sign + n_name) }
}

fn is_link(rest: &str) -> bool {
    ["http://", "https://", "www."].iter().any(|start| rest.starts_with(start))
}

fn len_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character)).unwrap_or(text.len())
}

/// Pictographs and the signs that are used as such.
const fn is_emoji(character: char) -> bool {
    matches!(character,
        '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1f3fa}'
        | '\u{1f400}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(folded: &str, expected: &[(TokenKind, &str)]) {
        let found: Vec<_> = tokens(folded).iter().map(|token| (token.kind, token.text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn cuts_at_what_readers_see() {
        use TokenKind::{Emoji, Exclamation, Link, Mention, Number, Question, Stop, Tag, Word};
        check(
            "l'heure du #tgv_2 @rail.azur?",
            &[
                (Word, "l"),
                (Word, "heure"),
                (Word, "du"),
                (Tag, "#tgv_2"),
                (Mention, "@rail.azur"),
                (Question, "?"),
            ],
        );
        check("don't, 42!", &[(Word, "don't"), (Stop, ","), (Number, "42"), (Exclamation, "!")]);
        check(
            "voir https://a.example/b?c=d 🚆",
            &[(Word, "voir"), (Link, "https://a.example/b?c=d"), (Emoji, "🚆")],
        );
        check("# @ -", &[]);
        check("@nom. fin", &[(Mention, "@nom"), (Stop, "."), (Word, "fin")]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_into_pieces_of_itself(text in "\\PC*") {
            let mut rest = text.as_str();
            for token in tokens(&text) {
                let at = rest.find(token.text).expect("pieces come in order");
                rest = rest.get(at + token.text.len()..).expect("pieces end on borders");
            }
        }
    }
}
