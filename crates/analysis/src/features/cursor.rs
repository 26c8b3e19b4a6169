//! Where the pass over a text stands, and what begins there.

use super::{
    MAX_READ_BYTES,
    letters::{Class, Letter, LetterTable, letter, table},
};

/// Where the pass stands in a text.
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// Up to here the text was folded; from here to where the pass stands it folds to itself but for its case.
    pub(super) folded_to: usize,
    pub(super) table: &'static LetterTable,
    /// Whether the text lies beside the post's, so that its pieces have no source.
    pub(super) is_beside: bool,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, is_beside: bool) -> Self {
        Self { text: head(text), at: 0, folded_to: 0, table: table(), is_beside }
    }

    #[inline(always)]
    pub(super) fn peek(&self) -> Option<(char, Letter)> {
        let character = self.rest().chars().next()?;
        Some((character, letter(self.table, character)))
    }

    #[inline]
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn next_byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What has not been folded yet.
    pub(super) fn pending(&self) -> &'t str {
        self.text.get(self.folded_to..self.at).unwrap_or_default()
    }

    /// Passes over bytes that are left out, or were folded to something else.
    pub(super) const fn skip(&mut self, n_bytes: usize) {
        self.at += n_bytes;
        self.folded_to = self.at;
    }

    /// Goes back to `at`; what stands from there on is taken out of the folded text before.
    pub(super) const fn go_back(&mut self, at: usize) {
        self.at = at;
        self.folded_to = at;
    }

    /// Passes over signs of ASCII that fold to themselves but for their case.
    #[inline]
    pub(super) fn pass_while(&mut self, belongs: impl Fn(u8) -> bool) {
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += bytes.iter().position(|byte| !belongs(*byte)).unwrap_or(bytes.len());
    }

    pub(super) fn source(&self, start: usize) -> (u32, u32) {
        if self.is_beside { (0, 0) } else { (start as u32, self.at as u32) }
    }
}

/// Whether a `t` that ends a word stands at `at`: after an `n` and an apostrophe it belongs to the word before.
pub(super) fn is_contraction(cursor: &Cursor<'_>, at: usize) -> bool {
    let mut next = cursor.text.get(at..).unwrap_or_default().chars();
    matches!(next.next(), Some('t' | 'T'))
        && next.next().is_none_or(|after| {
            !matches!(letter(cursor.table, after).class, Class::Letter | Class::Digit)
        })
}

pub(super) fn is_link(rest: &str) -> bool {
    matches!(rest.as_bytes(), [b'h' | b'H', b't' | b'T', ..] | [b'w' | b'W', b'w' | b'W', ..])
        && ["http://", "https://", "www."].iter().any(|start| {
            rest.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
        })
}

/// The first part of `text`, cut at a character's border.
pub(super) fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_READ_BYTES)).unwrap_or_default()
}
