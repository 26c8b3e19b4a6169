//! From letters to rows: the hashes, the set of rows of a text, and the runs of letters of its words.

use super::{MAX_ROWS, N_ROWS, ROW_BITS};

/// Only the first letters of a word are looked at; longer runs of letters are no words.
pub(super) const MAX_WORD: usize = 32;
/// The longest run of letters in a word that is a row; the shortest is of three.
const MAX_RUN: usize = 5;
/// The longest run of letters that is a row where words have no borders; the shortest is of one.
const MAX_UNSPACED_RUN: usize = 3;
/// Runs of one word, or of all words of a short text.
const MAX_RUNS: usize = MAX_ROWS;
/// Stands before and after a word.
pub(super) const BORDER: char = '\u{2}';

/// The beginnings of hashes, one for each kind of row.
pub(super) mod seed {
    pub(in super::super) const WORD: u64 = 0x9e37_79b9_7f4a_7c15;
    pub(in super::super) const LETTERS: u64 = 0xc2b2_ae3d_27d4_eb4f;
    pub(in super::super) const PAIR: u64 = 0x1656_67b1_9e37_79f9;
    pub(in super::super) const NEGATED: u64 = 0x27d4_eb2f_1656_67c5;
    pub(in super::super) const TAG: u64 = 0x8545_7e13_37b1_99a7;
    pub(in super::super) const MARK: u64 = 0xd6e8_feb8_6659_fd93;
}

/// One step of the hash: multiplication carries each character into the high bits, which name the row.
#[inline]
pub(super) const fn step(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// The row that a hash names.
#[inline]
pub(super) const fn row(hash: u64) -> u32 {
    (hash >> (64 - ROW_BITS)) as u32
}

/// The hash of a word as a whole, from its letters.
#[inline]
pub(super) fn letters_hash(letters: impl Iterator<Item = char>) -> u64 {
    letters.fold(seed::WORD, |hash, letter| step(hash, letter as u64))
}

/// Rows, each once, in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct RowSet {
    bits: Box<[u64; N_ROWS / 64]>,
    rows: Box<[u32; MAX_ROWS]>,
    n_rows: usize,
}

/// The rows of the runs of letters of one word or all, before they are looked up: hashed first and looked up then,
/// the processor overlaps the steps of many hashes, and many look-ups.
#[derive(Clone, Debug)]
pub(super) struct Runs {
    rows: Box<[u32; MAX_RUNS]>,
    n_runs: usize,
}

impl RowSet {
    #[expect(clippy::large_stack_frames, reason = "80 kB for a moment, once a thread")]
    pub(super) fn new() -> Self {
        Self { bits: Box::new([0; N_ROWS / 64]), rows: Box::new([0; MAX_ROWS]), n_rows: 0 }
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        self.rows.get(..self.n_rows).unwrap_or_default()
    }

    pub(super) const fn is_full(&self) -> bool {
        self.n_rows >= MAX_ROWS
    }

    pub(super) fn clear(&mut self) {
        for row in self.rows.iter().take(self.n_rows) {
            *cell(&mut self.bits, *row) = 0;
        }
        self.n_rows = 0;
    }

    /// Adds a row where there is room; whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, row: u32) -> bool {
        let before = self.n_rows;
        self.insert_all(&[row]);
        self.n_rows > before
    }

    /// Adds rows as far as there is room.
    #[inline]
    pub(super) fn insert_all(&mut self, new: &[u32]) {
        let (bits, rows, mut n_rows) = (&mut *self.bits, &mut *self.rows, self.n_rows);
        for &row in new {
            let Some(place) = rows.get_mut(n_rows) else { break };
            // Written in any case and counted where it is new: no branch that the processor could guess wrong.
            *place = row;
            let bits = cell(bits, row);
            n_rows = n_rows.wrapping_add((!*bits >> (row & 63) & 1) as usize);
            *bits |= 1 << (row & 63);
        }
        self.n_rows = n_rows;
    }
}

/// The bits of a row and its neighbors.
#[inline]
#[expect(clippy::indexing_slicing, reason = "the remainder is below the length")]
const fn cell(bits: &mut [u64; N_ROWS / 64], row: u32) -> &mut u64 {
    &mut bits[(row >> 6) as usize % (N_ROWS / 64)]
}

impl Runs {
    pub(super) fn new() -> Self {
        Self { rows: Box::new([0; MAX_RUNS]), n_runs: 0 }
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        self.rows.get(..self.n_runs).unwrap_or_default()
    }

    /// All runs of three to five of these letters, the borders among them.
    #[inline]
    pub(super) fn of_word(&mut self, bordered: &[char]) {
        self.n_runs = 0;
        let (triples, _) = self.rows.as_chunks_mut();
        for (to, letters) in triples.iter_mut().zip(bordered.array_windows::<MAX_RUN>()) {
            let [_, _, three, four, five] = hashes(letters);
            *to = [row(three), row(four), row(five)];
            self.n_runs = self.n_runs.wrapping_add(3);
        }
        // The last letters begin shorter runs only.
        let last = bordered.get(bordered.len().saturating_sub(4)..).unwrap_or_default();
        if let &[a, b, c, d] = last {
            let [_, _, three, four] = hashes(&[a, b, c, d]);
            self.push([row(three), row(four)]);
        }
        if let &[.., b, c, d] = last {
            let [_, _, three] = hashes(&[b, c, d]);
            self.push([row(three)]);
        }
    }

    /// All runs of three to five of the letters of words between borders, of which there are `n_letters` with those;
    /// the borders between words count for both.
    #[inline]
    pub(super) fn of_words(&mut self, letters: &[char], n_letters: usize) {
        let (rows, mut n_runs) = (&mut *self.rows, 0_usize);
        // One loop over all words: where a word ends is no branch that the processor could guess wrong.
        for letters in letters.array_windows().take(n_letters.saturating_sub(1)) {
            let [_, _, three, four, five] = hashes(letters);
            let room = rows.get_mut(n_runs..).and_then(|rows| rows.first_chunk_mut());
            let Some(to) = room else { break };
            *to = [row(three), row(four), row(five)];
            let &[_, second, third, fourth, _] = letters;
            let has_three = second != BORDER;
            let has_four = has_three & (third != BORDER);
            let has_five = has_four & (fourth != BORDER);
            let n_new = usize::from(has_three) + usize::from(has_four) + usize::from(has_five);
            n_runs = n_runs.wrapping_add(n_new);
        }
        self.n_runs = n_runs;
    }

    /// All runs of one to three of these letters.
    pub(super) fn of_unspaced(&mut self, letters: &[char]) {
        self.n_runs = 0;
        let mut rest = letters;
        while !rest.is_empty() {
            let mut hash = seed::LETTERS;
            for &letter in rest.iter().take(MAX_UNSPACED_RUN) {
                hash = step(hash, letter as u64);
                self.push([row(hash)]);
            }
            rest = rest.get(1..).unwrap_or_default();
        }
    }

    #[inline]
    fn push<const N: usize>(&mut self, rows: [u32; N]) {
        if let Some(to) = self.rows.get_mut(self.n_runs..).and_then(|to| to.first_chunk_mut()) {
            *to = rows;
            self.n_runs = self.n_runs.wrapping_add(N);
        }
    }
}

/// The hashes of the runs that begin with the first of these letters, the shortest first.
#[inline(always)]
fn hashes<const N: usize>(letters: &[char; N]) -> [u64; N] {
    let mut hash = seed::LETTERS;
    letters.map(|letter| {
        hash = step(hash, letter as u64);
        hash
    })
}

/// The letters of one word, between two borders.
pub(super) struct Letters {
    letters: [char; MAX_WORD + 2],
    n_letters: usize,
    pub(super) is_stretched: bool,
}

impl Letters {
    /// The letters of `word`, a letter that stands three times or more in a row twice.
    #[inline]
    pub(super) fn of(word: &str) -> Self {
        let mut this = Self { letters: [BORDER; MAX_WORD + 2], n_letters: 0, is_stretched: false };
        let bytes = word.as_bytes();
        let head = bytes.get(..MAX_WORD).unwrap_or(bytes);
        let mut all = 0;
        let mut has_triple = false;
        let mut last = [0; 2];
        for (to, &byte) in this.letters.iter_mut().skip(1).zip(head) {
            *to = char::from(byte);
            all |= byte;
            has_triple |= (byte == last[0]) & (byte == last[1]);
            last = [last[1], byte];
        }
        this.n_letters = head.len();
        // Longer words may go on with the letter that they are cut at.
        if has_triple || !all.is_ascii() || bytes.len() > MAX_WORD {
            this = Self::of_any(word);
        }
        this
    }

    /// As [`Letters::of`], one character after the other.
    fn of_any(word: &str) -> Self {
        let mut this = Self { letters: [BORDER; MAX_WORD + 2], n_letters: 0, is_stretched: false };
        let mut last = [BORDER; 2];
        for letter in word.chars().take(4 * MAX_WORD) {
            if last == [letter; 2] && !letter.is_ascii_digit() {
                this.is_stretched = true;
                continue;
            }
            if this.n_letters == MAX_WORD {
                break;
            }
            if let Some(place) = this.letters.get_mut(this.n_letters + 1) {
                *place = letter;
            }
            this.n_letters += 1;
            last = [last[1], letter];
        }
        this
    }

    pub(super) fn bare(&self) -> &[char] {
        self.letters.get(1..=self.n_letters).unwrap_or_default()
    }

    pub(super) fn bordered(&self) -> &[char] {
        self.letters.get(..self.n_letters + 2).unwrap_or_default()
    }

    /// Whether the word ends with `n't`.
    pub(super) fn is_contracted(&self) -> bool {
        self.bare().ends_with(&['n', '\'', 't'])
    }

    /// The hash of the word with each letter once where it stands twice or more in a row.
    pub(super) fn single_hash(&self) -> u64 {
        let mut letters = self.bare().to_vec();
        letters.dedup();
        letters_hash(letters.into_iter())
    }
}
