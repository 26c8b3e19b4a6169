//! One pass over a post's text for everything that a linear model may want to know of it.
//!
//! [`Features::read`] cuts a text into [`Piece`]s (words, tags, mentions, links, emoji, emoticons, runs of
//! punctuation) and hashes them, their pairs and their letters into *rows*: numbers below [`N_ROWS`], each
//! once, that name the rows of a weight [`Table`](crate::Table). The letters of its words stay beside, for the
//! language. The same text gives the same rows on every machine.
//!
//! Keep one `Features` a thread and read every text with it: nothing is allocated once its buffers have grown.
//! Where reasons are asked for, [`Features::trace`] makes the same rows and tells for each the bytes it stands on.
//!
//! What is read is bounded: [`MAX_READ_BYTES`] of a text, [`MAX_PIECES`], [`MAX_ROWS`], 32 letters of a word.

mod cursor;
mod emoticon;
mod letters;
mod marks;
mod negation;
mod rows;
mod scan;
mod spelled;
mod walk;

use std::ops::Range;

use crate::token::{Token, TokenKind};

/// Texts are read up to here; a post that says more says it in the beginning too.
pub const MAX_READ_BYTES: usize = 8 * 1_024;
/// No more pieces than this are made of a text: the sense of a post does not change after so many.
pub const MAX_PIECES: usize = 1_024;
/// No more rows than this are made of a text: some ten times those of a long post.
pub const MAX_ROWS: usize = 4_096;
/// The binary logarithm of [`N_ROWS`].
pub const ROW_BITS: u32 = 19;
/// Rows are below this: as many as a table of four lanes has in two megabytes.
///
/// Sentiment gains 0.7 of macro-F1 over half as many, and would gain 0.2 by twice as many.
pub const N_ROWS: usize = 1 << ROW_BITS;
/// Changes whenever the same text gives other rows: tables of another revision are refused.
pub const REVISION: u16 = 2;
/// So many letters of a text are kept for its language.
pub const MAX_LETTERS: usize = 256;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PieceKind {
    /// Letters, or letters and digits.
    Word,
    /// Letters of a script that puts no spaces between its words.
    Unspaced,
    /// Digits only.
    Number,
    /// A hashtag, with its `#`.
    Tag,
    /// A word of a hashtag that is written `LikeThis`; it follows its tag.
    TagPart,
    /// An account's name, with its `@`.
    Mention,
    /// A web address.
    Link,
    /// One pictograph.
    Emoji,
    /// A face made of signs, such as `:-)`.
    Emoticon,
    /// Question marks.
    Question,
    /// Exclamation marks.
    Exclamation,
    /// What ends a sentence or a part of it.
    Stop,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// First byte and byte after in the folded text.
    folded: (u32, u32),
    /// First byte and byte after in the text that was read.
    source: (u32, u32),
    /// Whether it has two letters or more, and all are capitals.
    pub capitals: bool,
    /// How many signs it is made of, for runs of punctuation and emoji.
    pub run: u8,
    /// Of a word: whether it ends with `n't`, whether it has drawn-out letters, and its hash.
    is_contracted: bool,
    is_stretched: bool,
    hash: u64,
}

impl Piece {
    /// The bytes of the text that it stands on; empty for a tag that was sent beside the text.
    #[must_use]
    pub fn source(&self) -> Range<usize> {
        self.source.0 as usize..self.source.1 as usize
    }
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// A word, an emoji or another piece as a whole.
    Piece,
    /// Two pieces that follow each other.
    Pair,
    /// A few letters of a word.
    Letters,
    /// A word after a negation.
    Negated,
    /// How something is written: capitals, long vowels, the length of the text.
    Manner,
}

/// Where a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What the row stands for.
    pub kind: RowKind,
    /// The pieces that it was made of: first and last, by their places; both 0 for the whole text.
    pub pieces: (u16, u16),
}

/// The features of one text, and the buffers to read the next one with.
#[derive(Clone, Debug)]
pub struct Features {
    folded: String,
    pieces: Vec<Piece>,
    /// The letters of the words, lower case, accents kept, a space between words.
    letters: spelled::Kept,
    spelled: spelled::Spelled,
    /// Letters of either case in words.
    n_upper: u32,
    n_lower: u32,
    rows: rows::RowSet,
    runs: rows::Runs,
    origins: Vec<Origin>,
}

/// The hash of a folded word.
#[inline]
pub(crate) fn word_hash(word: &str) -> u64 {
    rows::letters_hash(word.chars())
}

impl Default for Features {
    fn default() -> Self {
        Self::new()
    }
}

impl Features {
    /// Buffers that have read nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            folded: String::with_capacity(1_024),
            pieces: Vec::with_capacity(128),
            letters: spelled::Kept::new(),
            spelled: spelled::Spelled::new(),
            n_upper: 0,
            n_lower: 0,
            rows: rows::RowSet::new(),
            runs: rows::Runs::new(),
            origins: Vec::new(),
        }
    }

    /// Reads `text` and the tags that came beside it, in place of what was read before.
    pub fn read<'t>(&mut self, text: &str, tags: impl IntoIterator<Item = &'t str>) {
        self.cut(text, tags);
        self.hash::<false>();
    }

    /// As [`Features::read`], and keeps where each row comes from.
    pub fn trace<'t>(&mut self, text: &str, tags: impl IntoIterator<Item = &'t str>) {
        self.cut(text, tags);
        self.hash::<true>();
    }

    /// The rows of the text, each once, below [`N_ROWS`]; their order means nothing.
    #[must_use]
    pub fn rows(&self) -> &[u32] {
        self.rows.as_slice()
    }

    /// The origin of each row, in the order of [`Features::rows`]; empty after [`Features::read`].
    #[must_use]
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// The pieces of the text, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The folded spelling of a piece of this text.
    #[must_use]
    pub fn spelling(&self, piece: &Piece) -> &str {
        self.folded.get(piece.folded.0 as usize..piece.folded.1 as usize).unwrap_or_default()
    }

    /// The bytes of the text that an origin stands on; empty for the whole text.
    #[must_use]
    pub fn source(&self, origin: &Origin) -> Range<usize> {
        let (first, last) = origin.pieces;
        match (self.pieces.get(usize::from(first)), self.pieces.get(usize::from(last))) {
            (Some(first), Some(last)) if origin.kind != RowKind::Manner || first != last => {
                first.source().start..last.source().end
            }
            _ => 0..0,
        }
    }

    /// The folded text, as [`fold`](crate::fold) would make it, with the tags beside it at its end.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The letters of the words, lower case with their accents, a space before, between and after words.
    #[must_use]
    pub fn letters(&self) -> &[char] {
        self.letters.as_slice()
    }

    /// The pieces as the readers of words see them.
    pub(crate) fn tokens(&self) -> Vec<Token<'_>> {
        let token = |piece: &Piece| {
            let kind = match piece.kind {
                PieceKind::Word | PieceKind::Unspaced => TokenKind::Word,
                PieceKind::Number => TokenKind::Number,
                PieceKind::Tag => TokenKind::Tag,
                PieceKind::Mention => TokenKind::Mention,
                PieceKind::Link => TokenKind::Link,
                PieceKind::Emoji => TokenKind::Emoji,
                PieceKind::Question => TokenKind::Question,
                PieceKind::Exclamation => TokenKind::Exclamation,
                PieceKind::Stop => TokenKind::Stop,
                PieceKind::TagPart | PieceKind::Emoticon => return None,
            };
            let mut text = self.spelling(piece);
            // A row of the same pictograph counts as one.
            if kind == TokenKind::Emoji && piece.run > 1 {
                let n_bytes = text.chars().next().map_or(0, char::len_utf8);
                text = text.get(..n_bytes).unwrap_or_default();
            }
            // Of a long or drawn-out word the hash is not that of all its letters.
            let is_whole = piece.kind == PieceKind::Word
                && !piece.is_stretched
                && text.len() <= rows::MAX_WORD;
            let hash = if is_whole { piece.hash } else { Token::hash_of(kind, text) };
            Some(Token { kind, text, at: piece.folded.0 as usize, hash })
        };
        let mut tokens = Vec::with_capacity(self.pieces.len());
        tokens.extend(self.pieces.iter().filter_map(token));
        tokens
    }

    /// Whether most letters of the text are capitals.
    #[must_use]
    pub const fn is_shouted(&self) -> bool {
        /// Texts with fewer capitals are not shouted.
        const MIN_CAPITALS: u32 = 10;
        self.n_upper >= MIN_CAPITALS && self.n_upper > 3 * self.n_lower
    }
}

#[cfg(test)]
mod tests;
