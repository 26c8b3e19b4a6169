//! From pieces to rows: hashes of words, of pairs, of letters in words, and of how a text is written.

use super::{
    Features, MAX_PIECES, MAX_ROWS, N_ROWS, Origin, PieceKind, ROW_BITS, RowKind, negation,
};

/// Only the first letters of a word are looked at; longer runs of letters are no words.
const MAX_WORD: usize = 32;
/// The shortest and the longest run of letters in a word that is a row.
const MIN_RUN: usize = 2;
const MAX_RUN: usize = 5;
/// The longest run of letters that is a row where words have no borders.
const MAX_UNSPACED_RUN: usize = 3;
/// Runs of one word.
const MAX_RUNS: usize = (MAX_WORD + 2) * MAX_RUN;
/// Stands before and after a word.
const BORDER: char = '\u{2}';
/// A shouted text is told by one row, single words in capitals by another: below this many pieces by none.
const MAX_LENGTH_CLASS: u32 = 6;

/// The beginnings of hashes, one for each kind of row.
mod seed {
    pub(super) const WORD: u64 = 0x9e37_79b9_7f4a_7c15;
    pub(super) const LETTERS: u64 = 0xc2b2_ae3d_27d4_eb4f;
    pub(super) const PAIR: u64 = 0x1656_67b1_9e37_79f9;
    pub(super) const NEGATED: u64 = 0x27d4_eb2f_1656_67c5;
    pub(super) const TAG: u64 = 0x8545_7e13_37b1_99a7;
    pub(super) const MARK: u64 = 0xd6e8_feb8_6659_fd93;
}

/// One step of the hash: multiplication carries each character into the high bits, which name the row.
#[inline]
const fn step(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// The row that a hash names.
#[inline]
const fn row(hash: u64) -> u32 {
    (hash >> (64 - ROW_BITS)) as u32
}

/// The hash of a word as a whole.
pub(super) fn word_hash(letters: impl Iterator<Item = char>) -> u64 {
    letters.fold(seed::WORD, |hash, letter| step(hash, letter as u64))
}

/// Rows, each once, in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct RowSet {
    bits: Box<[u64; N_ROWS / 64]>,
    rows: Box<[u32; MAX_ROWS]>,
    n_rows: usize,
    /// The hashes of the runs of one word, before they are looked up.
    runs: Box<[u64; MAX_RUNS]>,
}

impl RowSet {
    pub(super) fn new() -> Self {
        Self {
            bits: Box::new([0; N_ROWS / 64]),
            rows: Box::new([0; MAX_ROWS]),
            n_rows: 0,
            runs: Box::new([0; MAX_RUNS]),
        }
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        self.rows.get(..self.n_rows).unwrap_or_default()
    }

    fn clear(&mut self) {
        for row in self.rows.iter().take(self.n_rows) {
            if let Some(bits) = self.bits.get_mut((row >> 6) as usize) {
                *bits = 0;
            }
        }
        self.n_rows = 0;
    }

    /// Hashes all runs of letters from `SHORTEST` to `LONGEST`; how many there are.
    #[inline]
    fn hash_runs<const SHORTEST: usize, const LONGEST: usize>(
        &mut self,
        letters: &[char],
    ) -> usize {
        let runs = &mut *self.runs;
        let mut n_runs = 0;
        let mut rest = letters;
        while rest.len() >= SHORTEST {
            let mut hash = seed::LETTERS;
            for (before, &letter) in rest.iter().take(LONGEST).enumerate() {
                hash = step(hash, letter as u64);
                if before + 1 >= SHORTEST
                    && let Some(to) = runs.get_mut(n_runs)
                {
                    *to = hash;
                    n_runs += 1;
                }
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        n_runs
    }

    /// Adds the rows of the runs that were hashed, as far as there is room.
    #[inline]
    fn insert_runs(&mut self, n_runs: usize) {
        let (bits, rows, mut n_rows) = (&mut *self.bits, &mut *self.rows, self.n_rows);
        for &hash in self.runs.iter().take(n_runs) {
            let row = row(hash);
            let Some(bits) = bits.get_mut((row >> 6) as usize) else { continue };
            let Some(place) = rows.get_mut(n_rows) else { break };
            *place = row;
            n_rows += (!*bits >> (row & 63) & 1) as usize;
            *bits |= 1 << (row & 63);
        }
        self.n_rows = n_rows;
    }

    /// Adds a row where there is room; whether it is new.
    #[inline]
    fn insert(&mut self, row: u32) -> bool {
        let Some(bits) = self.bits.get_mut((row >> 6) as usize) else { return false };
        let Some(place) = self.rows.get_mut(self.n_rows) else { return false };
        // Written in any case and counted where it is new: no branch that the processor could guess wrong.
        *place = row;
        let is_new = *bits >> (row & 63) & 1 == 0;
        *bits |= 1 << (row & 63);
        self.n_rows += usize::from(is_new);
        is_new
    }
}

/// The letters of one word, between two borders.
struct Letters {
    letters: [char; MAX_WORD + 2],
    n_letters: usize,
    is_stretched: bool,
}

impl Letters {
    /// The letters of `word`, a letter that stands three times or more in a row twice.
    #[inline]
    fn of(word: &str) -> Self {
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

    fn bare(&self) -> &[char] {
        self.letters.get(1..=self.n_letters).unwrap_or_default()
    }

    fn bordered(&self) -> &[char] {
        self.letters.get(..self.n_letters + 2).unwrap_or_default()
    }
}

/// What the hashing remembers from piece to piece.
#[derive(Default)]
struct Walk {
    /// The hash of the piece before, and its place.
    before: Option<(u64, u16)>,
    /// How many more words the last negation reaches, and where it stands.
    negation: u8,
    negator: u16,
    n_capitals: u32,
    n_stretched: u32,
    n_words: u32,
}

impl Features {
    /// Makes the rows of the pieces, and their origins where `TRACE` is set.
    pub(super) fn hash<const TRACE: bool>(&mut self) {
        self.rows.clear();
        self.origins.clear();
        let mut walk = Walk::default();
        for place in 0..self.pieces.len().min(MAX_PIECES) {
            self.hash_piece::<TRACE>(place as u16, &mut walk);
        }
        self.hash_manner::<TRACE>(&walk);
    }

    #[inline]
    fn add<const TRACE: bool>(&mut self, hash: u64, kind: RowKind, pieces: (u16, u16)) {
        if self.rows.insert(row(hash)) && TRACE {
            self.origins.push(Origin { kind, pieces });
        }
    }

    fn hash_piece<const TRACE: bool>(&mut self, place: u16, walk: &mut Walk) {
        let Some(piece) = self.pieces.get(usize::from(place)).copied() else { return };
        let hash = match piece.kind {
            PieceKind::Word | PieceKind::TagPart => self.hash_word::<TRACE>(place, walk),
            PieceKind::Unspaced => return self.hash_unspaced::<TRACE>(place, walk),
            PieceKind::Emoji | PieceKind::Emoticon => {
                let n_signs = if piece.kind == PieceKind::Emoji { 1 } else { 3 };
                let hash = word_hash(self.spelling(&piece).chars().take(n_signs));
                if piece.run > 1 {
                    self.add::<TRACE>(step(hash, 2), RowKind::Manner, (place, place));
                }
                hash
            }
            PieceKind::Tag => {
                let name = self.spelling(&piece).chars().skip(1).take(MAX_WORD);
                let hash = name.fold(seed::TAG, |hash, letter| step(hash, letter as u64));
                self.add::<TRACE>(hash, RowKind::Piece, (place, place));
                return;
            }
            kind => {
                let sized = matches!(kind, PieceKind::Question | PieceKind::Exclamation);
                let size = if sized { piece.run.min(3) } else { 1 };
                let sign = self.spelling(&piece).chars().next().filter(|_| kind == PieceKind::Stop);
                let mark = step(seed::MARK, kind as u64 * 8 + u64::from(size));
                step(mark, sign.map_or(0, u64::from))
            }
        };
        self.add::<TRACE>(hash, RowKind::Piece, (place, place));
        if let Some((before, first)) = walk.before {
            let pair = step(step(seed::PAIR, before), hash);
            self.add::<TRACE>(pair, RowKind::Pair, (first, place));
        }
        walk.before = Some((hash, place));
        if matches!(piece.kind, PieceKind::Stop | PieceKind::Question | PieceKind::Exclamation) {
            walk.negation = 0;
        }
    }

    /// Adds what is special to a word, and gives its hash.
    #[inline]
    fn hash_word<const TRACE: bool>(&mut self, place: u16, walk: &mut Walk) -> u64 {
        let Some(piece) = self.pieces.get(usize::from(place)).copied() else { return 0 };
        let letters = Letters::of(self.spelling(&piece));
        let hash = word_hash(letters.bare().iter().copied());
        walk.n_words += 1;
        walk.n_capitals += u32::from(piece.capitals);
        if letters.is_stretched {
            walk.n_stretched += 1;
            let mut single = [BORDER; MAX_WORD];
            let mut n_single = 0_usize;
            for &letter in letters.bare() {
                let last = n_single.checked_sub(1).and_then(|last| single.get(last));
                if last != Some(&letter)
                    && let Some(to) = single.get_mut(n_single)
                {
                    *to = letter;
                    n_single += 1;
                }
            }
            let single = word_hash(single.into_iter().take(n_single));
            self.add::<TRACE>(single, RowKind::Piece, (place, place));
        }
        self.hash_runs::<TRACE, MIN_RUN, MAX_RUN>(letters.bordered(), place);
        if walk.negation > 0 {
            walk.negation -= 1;
            let negated = step(seed::NEGATED, hash);
            self.add::<TRACE>(negated, RowKind::Negated, (walk.negator, place));
        }
        let is_contracted = letters.bare().ends_with(&['n', '\'', 't']);
        if is_contracted || negation::is_negator(hash) {
            walk.negation = negation::REACH;
            walk.negator = place;
        }
        hash
    }

    /// Rows of all runs of letters from `SHORTEST` to `LONGEST`.
    #[inline]
    fn hash_runs<const TRACE: bool, const SHORTEST: usize, const LONGEST: usize>(
        &mut self,
        letters: &[char],
        place: u16,
    ) {
        // Hashed first and looked up then: the processor overlaps the steps of many hashes, and many look-ups.
        let n_runs = self.rows.hash_runs::<SHORTEST, LONGEST>(letters);
        if TRACE {
            for run in 0..n_runs {
                let hash = self.rows.runs.get(run).copied().unwrap_or_default();
                self.add::<TRACE>(hash, RowKind::Letters, (place, place));
            }
        } else {
            self.rows.insert_runs(n_runs);
        }
    }

    fn hash_unspaced<const TRACE: bool>(&mut self, place: u16, walk: &mut Walk) {
        let Some(piece) = self.pieces.get(usize::from(place)).copied() else { return };
        // The whole run in windows of a word's size that overlap by what a row can span.
        let mut window = [BORDER; MAX_WORD];
        let range = piece.folded.0 as usize..piece.folded.1 as usize;
        let mut at = range.start;
        while at < range.end && self.rows.n_rows < MAX_ROWS {
            let rest = self.folded.get(at..range.end).unwrap_or_default();
            let mut n_letters = 0;
            let mut next = range.end;
            for (offset, letter) in rest.char_indices() {
                let Some(to) = window.get_mut(n_letters) else { break };
                *to = letter;
                n_letters += 1;
                if n_letters + 2 <= MAX_WORD {
                    next = at + offset + letter.len_utf8();
                }
            }
            if at + rest.len() == range.end && n_letters < MAX_WORD {
                next = range.end;
            }
            let letters = window;
            let letters = letters.get(..n_letters).unwrap_or_default();
            self.hash_runs::<TRACE, 1, MAX_UNSPACED_RUN>(letters, place);
            at = next;
        }
        walk.n_words += 1;
        walk.before = None;
    }

    /// Rows for how the whole text is written.
    fn hash_manner<const TRACE: bool>(&mut self, walk: &Walk) {
        let mut mark = |value: u64| {
            let hash = step(step(seed::MARK, 1_000), value);
            self.add::<TRACE>(hash, RowKind::Manner, (0, 0));
        };
        if walk.n_stretched > 0 {
            mark(1);
        }
        if walk.n_capitals > 0 {
            mark(2);
        }
        if walk.n_capitals > 2 {
            mark(3);
        }
        let length_class = (walk.n_words + 1).ilog2().min(MAX_LENGTH_CLASS);
        mark(16 + u64::from(length_class));
        if self.is_shouted() {
            let hash = step(step(seed::MARK, 1_000), 4);
            self.add::<TRACE>(hash, RowKind::Manner, (0, 0));
        }
    }
}
