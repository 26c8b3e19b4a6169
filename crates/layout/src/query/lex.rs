//! A query's text to tokens. A bad term becomes an error and a stand-in, so that the rest is read too.

use std::ops::Range;

use smol_str::SmolStr;
use vigie_model::{Condition, Query};

use super::{QueryError, condition};

/// A piece of a query with its bytes in the text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// The kinds of pieces.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    Term(Query),
}

/// The tokens of `text`, and what is wrong with its terms.
pub(super) fn lex(text: &str, networks: &[&str]) -> (Vec<Token>, Vec<QueryError>) {
    let mut lexer = Lexer { text, networks, at: 0, tokens: Vec::new(), errors: Vec::new() };
    while let Some(letter) = lexer.peek() {
        lexer.step(letter);
    }
    (lexer.tokens, lexer.errors)
}

/// Whether a word ends before `letter`.
pub(super) fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '(' | ')' | '"' | '“' | '”')
}

struct Lexer<'a> {
    text: &'a str,
    networks: &'a [&'a str],
    /// The next byte to read; on a character's border.
    at: usize,
    tokens: Vec<Token>,
    errors: Vec<QueryError>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn step(&mut self, letter: char) {
        let start = self.at;
        let next_is_open = |letter: Option<char>| letter.is_some_and(|next| !next.is_whitespace());
        match letter {
            _ if letter.is_whitespace() => self.at += letter.len_utf8(),
            '(' => self.sign(Kind::Open),
            ')' => self.sign(Kind::Close),
            '-' if next_is_open(self.rest().chars().nth(1)) => self.sign(Kind::Not),
            '"' | '“' | '”' => {
                let phrase = self.quoted(letter);
                self.phrase(phrase, start);
            }
            _ => self.word(),
        }
    }

    fn sign(&mut self, kind: Kind) {
        self.tokens.push(Token { kind, span: self.at..self.at + 1 });
        self.at += 1;
    }

    /// Reads from one quotation mark to the next; `\` lets the letter after it stand for itself.
    fn quoted(&mut self, mark: char) -> String {
        let start = self.at;
        self.at += mark.len_utf8();
        let mut phrase = String::new();
        let mut letters = self.rest().char_indices();
        while let Some((byte, letter)) = letters.next() {
            match letter {
                '"' | '”' => {
                    self.at += byte + letter.len_utf8();
                    return phrase;
                }
                '\\' => phrase.extend(letters.next().map(|(_, letter)| letter)),
                _ => phrase.push(letter),
            }
        }
        self.at = self.text.len();
        self.errors.push(QueryError::new(
            start..start + mark.len_utf8(),
            "this quotation mark is never closed",
        ));
        phrase
    }

    fn phrase(&mut self, phrase: String, start: usize) {
        if phrase.trim().is_empty() {
            self.errors.push(QueryError::new(start..self.at, "an empty phrase matches nothing"));
        }
        self.term(Query::Is(Condition::Phrase(SmolStr::from(phrase))), start);
    }

    fn term(&mut self, query: Query, start: usize) {
        self.tokens.push(Token { kind: Kind::Term(query), span: start..self.at });
    }

    fn word(&mut self) {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find(ends_word).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        self.at += length;
        let kind = match word {
            "AND" => Kind::And,
            "OR" => Kind::Or,
            "NOT" => Kind::Not,
            "*" => Kind::Term(Query::All),
            _ => return self.condition(word, start),
        };
        self.tokens.push(Token { kind, span: start..self.at });
    }

    fn condition(&mut self, word: &str, start: usize) {
        let quoted_value = match self.peek() {
            Some(mark @ ('"' | '“')) if word.ends_with(':') => Some(self.quoted(mark)),
            _ => None,
        };
        let read = match (quoted_value, word.split_once(':')) {
            (Some(value), Some((field, ""))) => condition::field(field, &value, self.networks),
            (_, Some((field, value))) if !word.starts_with(['#', '@']) => {
                condition::field(field, value, self.networks)
            }
            _ => condition::word(word),
        };
        let condition = match read {
            Ok(condition) => condition,
            Err((message, help)) => {
                let err = QueryError::new(start..self.at, message);
                self.errors.push(QueryError { help, ..err });
                Condition::Phrase(SmolStr::new(word))
            }
        };
        self.term(Query::Is(condition), start);
    }
}
