//! From pieces to rows: hashes of words, of pairs, of letters in words, and of how a text is written.

use super::{
    Features, MAX_PIECES, MAX_ROWS, Origin, Piece, PieceKind, RowKind, negation,
    rows::{BORDER, Letters, MAX_WORD, letters_hash, row, seed, step},
    spelled::MAX_SPELLED,
};

/// The number of words counts in powers of two, up to this one.
const MAX_LENGTH_CLASS: u32 = 6;
/// A text of no more folded bytes and pieces than this has at most as many rows as there is room for: four of each,
/// and a handful of its own.
const MAX_SHORT_BYTES: usize = 720;
const MAX_SHORT_PIECES: usize = 256;
const _: () = assert!(4 * (MAX_SHORT_BYTES + MAX_SHORT_PIECES) + 64 <= MAX_ROWS);
const _: () = assert!(MAX_SHORT_BYTES + MAX_SHORT_PIECES < MAX_SPELLED);

/// What the hashing remembers from piece to piece.
struct Walk {
    /// Whether the runs of letters of all words are hashed in one go.
    is_short: bool,
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
        let mut walk = Walk {
            is_short: !TRACE && self.is_short(),
            before: None,
            negation: 0,
            negator: 0,
            n_capitals: 0,
            n_stretched: 0,
            n_words: 0,
        };
        for place in 0..self.pieces.len().min(MAX_PIECES) {
            self.hash_piece::<TRACE>(place as u16, &mut walk);
        }
        self.hash_manner::<TRACE>(&walk);
        if walk.is_short
            && let Some((letters, n_letters)) = self.spelled.letters()
        {
            self.runs.of_words(letters, n_letters);
            self.rows.insert_all(self.runs.as_slice());
        }
    }

    /// Whether all rows of the text have room, so that it does not matter in which order they come.
    fn is_short(&self) -> bool {
        self.spelled.letters().is_some()
            && self.folded.len() <= MAX_SHORT_BYTES
            && self.pieces.len() <= MAX_SHORT_PIECES
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
            PieceKind::Word | PieceKind::TagPart => self.hash_word::<TRACE>((piece, place), walk),
            PieceKind::Unspaced => return self.hash_unspaced::<TRACE>(place, walk),
            PieceKind::Emoji | PieceKind::Emoticon => {
                let n_signs = if piece.kind == PieceKind::Emoji { 1 } else { 3 };
                let hash = letters_hash(self.spelling(&piece).chars().take(n_signs));
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
    fn hash_word<const TRACE: bool>(
        &mut self,
        (piece, place): (Piece, u16),
        walk: &mut Walk,
    ) -> u64 {
        let (hash, is_stretched, is_contracted) = if walk.is_short {
            (piece.hash, piece.is_stretched, piece.is_contracted)
        } else {
            let letters = Letters::of(self.spelling(&piece));
            let hash = letters_hash(letters.bare().iter().copied());
            (hash, letters.is_stretched, letters.is_contracted())
        };
        walk.n_words += 1;
        walk.n_capitals += u32::from(piece.capitals);
        if is_stretched {
            walk.n_stretched += 1;
            let single = Letters::of(self.spelling(&piece)).single_hash();
            self.add::<TRACE>(single, RowKind::Piece, (place, place));
        }
        if !walk.is_short {
            let letters = Letters::of(self.spelling(&piece));
            self.runs.of_word(letters.bordered());
            self.add_runs::<TRACE>(place);
        }
        if walk.negation > 0 {
            walk.negation -= 1;
            let negated = step(seed::NEGATED, hash);
            self.add::<TRACE>(negated, RowKind::Negated, (walk.negator, place));
        }
        if is_contracted || negation::is_negator(hash) {
            walk.negation = negation::REACH;
            walk.negator = place;
        }
        hash
    }

    /// Adds the rows of all runs of letters of the piece at `place`.
    #[inline]
    fn add_runs<const TRACE: bool>(&mut self, place: u16) {
        if !TRACE {
            return self.rows.insert_all(self.runs.as_slice());
        }
        for row in self.runs.as_slice() {
            if self.rows.insert(*row) {
                self.origins.push(Origin { kind: RowKind::Letters, pieces: (place, place) });
            }
        }
    }

    fn hash_unspaced<const TRACE: bool>(&mut self, place: u16, walk: &mut Walk) {
        let Some(piece) = self.pieces.get(usize::from(place)).copied() else { return };
        // The whole run in windows of a word's size that overlap by what a row can span.
        let mut window = [BORDER; MAX_WORD];
        let range = piece.folded.0 as usize..piece.folded.1 as usize;
        let mut at = range.start;
        while at < range.end && !self.rows.is_full() {
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
            self.runs.of_unspaced(window.get(..n_letters).unwrap_or_default());
            self.add_runs::<TRACE>(place);
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
