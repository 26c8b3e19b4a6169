//! The letters of a text's words in a row, and those that are kept for its language.

use super::{
    MAX_LETTERS,
    rows::{BORDER, MAX_WORD, seed, step},
};

/// So many letters of a text are spelled in a row; a longer text is hashed word by word.
pub(super) const MAX_SPELLED: usize = 1_024;
/// Room for one more word, with its borders, and for runs to reach beyond the last.
const MORE: usize = MAX_WORD + 8;
/// How long a plain word can be, and a byte more to see that it is longer.
const MAX_LOOK: usize = MAX_WORD + 1;
/// What letters of a text's language may go beyond their limit by: a word, and `'t`.
const MORE_KEPT: usize = 2 * MORE;

/// The small letter, the digit or the underscore that a byte of a word folds to; 0 for what is no part of one.
static FOLDED: [u8; 256] = {
    let mut folded = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let sign = byte as u8;
        if sign.is_ascii_alphanumeric() || sign == b'_' {
            #[expect(clippy::indexing_slicing, reason = "the place is below the length")]
            {
                folded[byte] = sign.to_ascii_lowercase();
            }
        }
        byte += 1;
    }
    folded
};

/// The letters of all words of a text, a border before, between and after them.
#[derive(Clone, Debug)]
pub(super) struct Spelled {
    letters: Box<[char; MAX_SPELLED + MORE]>,
    /// How many there are, with the last border.
    n_letters: usize,
    is_full: bool,
}

/// A short word of ASCII without drawn-out letters.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// How many letters and digits it has, and bytes.
    pub(super) n_letters: usize,
    pub(super) n_upper: u32,
    pub(super) n_digits: u32,
    pub(super) n_underscores: u32,
    /// Whether it ends with `n't`.
    pub(super) is_contracted: bool,
    pub(super) last: u8,
    pub(super) hash: u64,
}

impl Spelled {
    pub(super) fn new() -> Self {
        Self { letters: Box::new([BORDER; MAX_SPELLED + MORE]), n_letters: 1, is_full: false }
    }

    pub(super) const fn clear(&mut self) {
        // The first border stays for ever.
        self.n_letters = 1;
        self.is_full = false;
    }

    /// The letters, with those behind them that runs may reach into; none where there were too many.
    pub(super) fn letters(&self) -> Option<(&[char], usize)> {
        (!self.is_full).then_some((self.letters.as_slice(), self.n_letters))
    }

    /// Looks at the plain word that `bytes` begin with, if they do with one; its letters go to `kept` as well.
    #[inline]
    pub(super) fn plain_word(
        &mut self,
        bytes: &[u8],
        kept: &mut [char; MAX_LOOK],
    ) -> Option<Plain> {
        let room = self.letters.get_mut(self.n_letters..)?.first_chunk_mut::<MAX_LOOK>()?;
        let (mut n_letters, mut n_upper, mut n_others) = (0_usize, 0_u32, 0_u32);
        let mut hash = seed::WORD;
        let mut has_triple = false;
        let mut last = [0; 2];
        for ((&byte, to), kept) in bytes.iter().zip(room).zip(kept) {
            let folded = FOLDED.get(usize::from(byte)).copied().unwrap_or_default();
            if folded == 0 {
                break;
            }
            *to = char::from(folded);
            *kept = char::from(folded);
            hash = step(hash, folded.into());
            n_letters = n_letters.wrapping_add(1);
            n_upper = n_upper.wrapping_add(u32::from(folded != byte));
            n_others = n_others.wrapping_add(u32::from(folded < b'a'));
            has_triple |= (folded == last[0]) & (folded == last[1]);
            last = [last[1], folded];
        }
        if has_triple || n_letters > MAX_WORD || n_letters == 0 {
            return None;
        }
        let mut plain = Plain { n_letters, n_upper, hash, last: last[1], ..Plain::default() };
        if n_others > 0 {
            let word = bytes.get(..n_letters).unwrap_or_default();
            plain.n_underscores = word.iter().filter(|byte| **byte == b'_').count() as u32;
            plain.n_digits = n_others - plain.n_underscores;
        }
        Some(plain)
    }

    /// Adds `'t` to the plain word that was just looked at; nothing where it gets too long.
    pub(super) fn contract(&mut self, plain: &mut Plain) -> Option<()> {
        let room = self.letters.get_mut(self.n_letters + plain.n_letters..)?;
        *room.first_chunk_mut()? = ['\'', 't'];
        plain.hash = step(step(plain.hash, '\''.into()), 't'.into());
        plain.n_letters += 2;
        plain.is_contracted = true;
        (plain.n_letters <= MAX_WORD).then_some(())
    }

    /// Keeps the plain word that was just looked at.
    #[inline]
    pub(super) fn keep(&mut self, plain: &Plain) {
        self.end(self.n_letters.wrapping_add(plain.n_letters));
    }

    /// Adds another word.
    pub(super) fn push(&mut self, letters: &[char]) {
        let end = self.n_letters + letters.len();
        if let Some(to) = self.letters.get_mut(self.n_letters..end) {
            to.copy_from_slice(letters);
        }
        self.end(end);
    }

    #[inline]
    fn end(&mut self, end: usize) {
        match self.letters.get_mut(end) {
            Some(to) if end < MAX_SPELLED => {
                *to = BORDER;
                self.n_letters = end.wrapping_add(1);
            }
            _ => self.is_full = true,
        }
    }
}

/// The letters of a text that tell its language.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    letters: Box<[char; MAX_LETTERS + MORE_KEPT]>,
    n_letters: usize,
}

impl Kept {
    pub(super) fn new() -> Self {
        Self { letters: Box::new([' '; MAX_LETTERS + MORE_KEPT]), n_letters: 0 }
    }

    pub(super) fn as_slice(&self) -> &[char] {
        self.letters.get(..self.n_letters).unwrap_or_default()
    }

    pub(super) const fn len(&self) -> usize {
        self.n_letters
    }

    pub(super) const fn clear(&mut self) {
        self.n_letters = 0;
    }

    pub(super) fn truncate(&mut self, n_letters: usize) {
        self.n_letters = self.n_letters.min(n_letters);
    }

    #[inline]
    pub(super) fn last(&self) -> Option<&char> {
        self.n_letters.checked_sub(1).and_then(|last| self.letters.get(last))
    }

    /// Adds a letter; beyond all limits there is no room, and nothing that the letter would tell.
    #[inline]
    pub(super) fn push(&mut self, letter: char) {
        if let Some(to) = self.letters.get_mut(self.n_letters) {
            *to = letter;
            self.n_letters = self.n_letters.wrapping_add(1);
        }
    }

    /// Where the letters of the next word may be written, to be kept or not.
    #[inline]
    pub(super) fn room(&mut self) -> Option<&mut [char; MAX_LOOK]> {
        self.letters.get_mut(self.n_letters..)?.first_chunk_mut()
    }

    /// Keeps the `n_written` letters that were written into that room, but for `n_others` that are no letters.
    #[inline]
    pub(super) fn keep(&mut self, n_written: usize, n_others: u32) {
        let from = self.n_letters;
        if n_others == 0 {
            self.n_letters = from.wrapping_add(n_written).min(MAX_LETTERS);
            return;
        }
        for place in from..from + n_written {
            let letter = self.letters.get(place).copied().unwrap_or(' ');
            if letter.is_ascii_alphabetic() && self.n_letters < MAX_LETTERS {
                self.push(letter);
            }
        }
    }
}
