//! From a text to its pieces, in one pass over its characters.
//!
//! Most of a text folds to itself but for its capitals: such stretches are not copied character by character, but
//! all at once when something else comes.

use super::{
    Features, MAX_LETTERS, MAX_PIECES, Piece, PieceKind,
    cursor::{Cursor, head, is_contraction, is_link},
    emoticon::emoticon,
    letters::{Class, Letter, NONE, letter, table},
    rows::{Letters, letters_hash},
    spelled::Plain,
};
use crate::fold::is_unspaced;

/// What a run of letters was made of.
#[derive(Default)]
struct Run {
    n_upper: u32,
    n_lower: u32,
    n_letters: u32,
    n_unspaced: u32,
}

/// With fewer letters and borders, the words of a text do not tell its language.
const MIN_LETTERS: usize = 4;

impl Features {
    /// Cuts `text` and the tags beside it into pieces.
    pub(super) fn cut<'t>(&mut self, text: &str, tags: impl IntoIterator<Item = &'t str>) {
        self.folded.clear();
        self.pieces.clear();
        self.letters.clear();
        self.spelled.clear();
        (self.n_upper, self.n_lower) = (0, 0);
        let mut cursor = Cursor::new(text, false);
        self.cut_text(&mut cursor);
        self.flush(&mut cursor);
        for tag in tags {
            if !self.folded.ends_with(' ') {
                self.folded.push(' ');
            }
            self.folded.push('#');
            let from = self.folded.len() - 1;
            let mut cursor = Cursor::new(tag, true);
            self.cut_tag(&mut cursor, 0, from);
            self.flush(&mut cursor);
        }
        if self.letters.len() < MIN_LETTERS {
            self.take_letters_of_tags(head(text));
        }
    }

    /// Where a text says nothing but tags, they tell its language.
    fn take_letters_of_tags(&mut self, text: &str) {
        for piece in self.pieces.iter().filter(|piece| piece.kind == PieceKind::TagPart) {
            let part = text.get(piece.source()).unwrap_or_default();
            for character in part.chars().take(MAX_LETTERS - self.letters.len().min(MAX_LETTERS)) {
                self.letters.push(letter(table(), character).lower);
            }
            self.letters.push(' ');
        }
    }

    fn cut_text(&mut self, cursor: &mut Cursor<'_>) {
        while self.pieces.len() < MAX_PIECES {
            let Some(first) = cursor.next_byte() else { break };
            if first.is_ascii_alphanumeric() {
                self.cut_word(cursor, char::from(first));
                continue;
            }
            if first == b' ' {
                self.space(cursor, first.into());
                continue;
            }
            let Some((character, letter)) = cursor.peek() else { break };
            match letter.class {
                Class::Space => self.space(cursor, character),
                Class::Letter | Class::Digit => self.cut_word(cursor, character),
                _ => self.cut_sign(cursor, character, letter),
            }
        }
    }

    /// How long the folded text is, with what is pending.
    #[inline]
    pub(super) const fn folded_len(&self, cursor: &Cursor<'_>) -> usize {
        self.folded.len() + (cursor.at - cursor.folded_to)
    }

    /// Whether the folded text, with what is pending, ends with this small letter or blank.
    #[inline]
    fn ends_with(&self, cursor: &Cursor<'_>, end: u8) -> bool {
        let last = match cursor.pending().as_bytes().last() {
            Some(last) => last.to_ascii_lowercase(),
            None => self.folded.as_bytes().last().copied().unwrap_or_default(),
        };
        last == end
    }

    /// Folds what is pending.
    pub(super) fn flush(&mut self, cursor: &mut Cursor<'_>) {
        let from = self.folded.len();
        self.folded.push_str(cursor.pending());
        if let Some(folded) = self.folded.get_mut(from..) {
            folded.make_ascii_lowercase();
        }
        cursor.folded_to = cursor.at;
    }

    /// Passes over white space: a run of it is one space.
    #[inline]
    fn space(&mut self, cursor: &mut Cursor<'_>, character: char) {
        let is_after_space = self.ends_with(cursor, b' ');
        if character == ' ' && !is_after_space {
            cursor.at += 1;
            return;
        }
        self.flush(cursor);
        if !is_after_space {
            self.folded.push(' ');
        }
        cursor.skip(character.len_utf8());
    }

    /// Passes over a character that is no space, and folds it.
    #[inline]
    pub(super) fn take(&mut self, cursor: &mut Cursor<'_>, character: char, letter: &Letter) {
        if character.is_ascii() {
            cursor.at += 1;
            return;
        }
        self.flush(cursor);
        let [first, second] = letter.folded;
        if first != NONE {
            self.folded.push(first);
            if second != NONE {
                self.folded.push(second);
            }
        }
        cursor.skip(character.len_utf8());
    }

    /// Passes over a character that folds to `folded`.
    pub(super) fn take_as(&mut self, cursor: &mut Cursor<'_>, character: char, folded: char) {
        if character == folded {
            cursor.at += folded.len_utf8();
        } else {
            self.flush(cursor);
            self.folded.push(folded);
            cursor.skip(character.len_utf8());
        }
    }

    /// Adds the piece between `from` in the folded text, `start` in the text, and where the pass stands.
    #[inline]
    pub(super) fn push_piece(
        &mut self,
        kind: PieceKind,
        from: usize,
        cursor: &Cursor<'_>,
        start: usize,
    ) {
        let folded = (from as u32, self.folded_len(cursor) as u32);
        let source = cursor.source(start);
        self.pieces.push(Piece {
            kind,
            folded,
            source,
            capitals: false,
            run: 1,
            is_contracted: false,
            is_stretched: false,
            hash: 0,
        });
    }

    /// A word, a number or a link.
    fn cut_word(&mut self, cursor: &mut Cursor<'_>, first: char) {
        if matches!(first, 'h' | 'H' | 'w' | 'W') && is_link(cursor.rest()) {
            return self.cut_link(cursor);
        }
        if matches!(first, 'x' | 'X' | 'T' | 'o' | 'O')
            && let Some((n_bytes, name)) = emoticon(cursor.rest().as_bytes())
        {
            return self.push_emoticon(cursor, n_bytes, name);
        }
        let may_be_address = matches!(first, 'h' | 'H') || !first.is_ascii();
        let (start, from) = (cursor.at, self.folded_len(cursor));
        let n_kept = self.letters.len();
        let keeps_letters = n_kept < MAX_LETTERS;
        self.border_letters(keeps_letters);
        let (run, plain) = match self.pass_plain_word(cursor, keeps_letters) {
            Some((run, plain)) => (run, Some(plain)),
            None => (self.pass_word(cursor, keeps_letters), None),
        };
        self.border_letters(keeps_letters);
        self.n_upper += run.n_upper;
        self.n_lower += run.n_lower;
        let kind = if run.n_letters == 0 {
            PieceKind::Number
        } else if may_be_address && self.is_address(cursor, from) {
            self.letters.truncate(n_kept);
            PieceKind::Link
        } else if run.n_unspaced > 0 {
            PieceKind::Unspaced
        } else {
            PieceKind::Word
        };
        self.push_piece(kind, from, cursor, start);
        if let Some(piece) = self.pieces.last_mut() {
            piece.capitals = run.n_upper >= 2 && run.n_lower == 0;
            if let Some(plain) = &plain {
                piece.hash = plain.hash;
                piece.is_contracted = plain.is_contracted;
            }
        }
        match plain {
            _ if kind != PieceKind::Word => {}
            Some(plain) => self.spelled.keep(&plain),
            None => {
                self.flush(cursor);
                self.spell_out();
            }
        }
    }

    /// Spells the last piece, a word that is not plain.
    pub(super) fn spell_out(&mut self) {
        let Some(piece) = self.pieces.last() else { return };
        let letters = Letters::of(self.spelling(piece));
        self.spelled.push(letters.bare());
        if let Some(piece) = self.pieces.last_mut() {
            piece.hash = letters_hash(letters.bare().iter().copied());
            piece.is_contracted = letters.is_contracted();
            piece.is_stretched = letters.is_stretched;
        }
    }

    /// Puts a blank between words.
    #[inline]
    fn border_letters(&mut self, keeps_letters: bool) {
        if keeps_letters && self.letters.last() != Some(&' ') {
            self.letters.push(' ');
        }
    }

    /// A bare `http` is what is left of an address in texts that were cleaned for research.
    #[inline]
    fn is_address(&mut self, cursor: &mut Cursor<'_>, from: usize) -> bool {
        if !matches!(self.folded_len(cursor) - from, 4 | 5) {
            return false;
        }
        let is_address =
            |word: &str| word.eq_ignore_ascii_case("http") || word.eq_ignore_ascii_case("https");
        match from.checked_sub(self.folded.len()) {
            Some(from) => cursor.pending().get(from..).is_some_and(is_address),
            None => {
                self.flush(cursor);
                self.folded.get(from..).is_some_and(is_address)
            }
        }
    }

    /// Passes over a short word of ASCII without drawn-out letters, as nearly all are. Nothing is done where it is
    /// something else.
    #[inline]
    fn pass_plain_word(
        &mut self,
        cursor: &mut Cursor<'_>,
        keeps_letters: bool,
    ) -> Option<(Run, Plain)> {
        let bytes = cursor.text.as_bytes().get(cursor.at..)?;
        let mut plain = self.spelled.plain_word(bytes, self.letters.room()?)?;
        let n_bytes = plain.n_letters;
        match bytes.get(n_bytes..).unwrap_or_default() {
            [b'\'', ..]
                if plain.last == b'n' && is_contraction(cursor, cursor.at + n_bytes + 1) =>
            {
                self.spelled.contract(&mut plain)?;
            }
            // What follows a word here mostly ends it, but a letter or an accent does not.
            [first, ..] if !first.is_ascii() => {
                let after = cursor.text.get(cursor.at + n_bytes..)?.chars().next()?;
                let is_end = match letter(cursor.table, after).class {
                    Class::Space | Class::Sign | Class::Emoji => true,
                    Class::Apostrophe => plain.last != b'n',
                    Class::Letter | Class::Digit | Class::Unseen => false,
                };
                if !is_end {
                    return None;
                }
            }
            _ => {}
        }
        cursor.at += plain.n_letters;
        if keeps_letters {
            self.letters.keep(n_bytes, plain.n_digits + plain.n_underscores);
            if plain.is_contracted {
                self.letters.push('\'');
                self.letters.push('t');
            }
        }
        let n_letters = n_bytes as u32 - plain.n_digits;
        let n_lower = n_letters - plain.n_underscores - plain.n_upper;
        Some((Run { n_upper: plain.n_upper, n_lower, n_letters, n_unspaced: 0 }, plain))
    }

    /// Passes over the characters of a word, up to one of another class; `don't` stays in one piece.
    fn pass_word(&mut self, cursor: &mut Cursor<'_>, keeps_letters: bool) -> Run {
        let mut run = Run::default();
        while let Some((character, letter)) = cursor.peek() {
            match letter.class {
                Class::Letter => {
                    run.n_letters += 1;
                    run.n_upper += u32::from(letter.is_upper);
                    run.n_lower += u32::from(letter.is_lower);
                    run.n_unspaced += u32::from(!character.is_ascii() && is_unspaced(character));
                    if keeps_letters && character != '_' && self.letters.len() < MAX_LETTERS {
                        self.letters.push(letter.lower);
                    }
                }
                Class::Digit => {}
                Class::Unseen if character != '\u{200b}' => {}
                Class::Apostrophe
                    if self.ends_with(cursor, b'n')
                        && is_contraction(cursor, cursor.at + character.len_utf8()) =>
                {
                    self.take_as(cursor, character, '\'');
                    cursor.at += 1;
                    if keeps_letters {
                        self.letters.push('\'');
                        self.letters.push('t');
                    }
                    break;
                }
                _ => break,
            }
            self.take(cursor, character, &letter);
        }
        run
    }
}
