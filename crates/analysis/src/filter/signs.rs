//! The signs of a piece of text without spaces, and the word that they may be a disguise of.

use vigie_model::Severity;

use super::{
    glyph::{Glyph, glyph},
    lists::{Lists, WordId},
    scan::{MAX_SIGNS, best},
    trie::{ANY, Letters},
};

/// Letters that a word in pieces of several letters has: `con.nard`.
const MIN_PIECED: u32 = 5;
/// Stars that may stand after a first letter alone: `f***`.
const STARS_ALONE: std::ops::RangeInclusive<u32> = 2..=6;

/// What the signs of one piece can stand for, edges trimmed, unseen ones left out; and whether there were none.
pub(super) struct Signs(Vec<Glyph>, bool);

impl Signs {
    pub(super) fn of(chunk: &str) -> Self {
        let glyphs = chunk.chars().take(4 * MAX_SIGNS).map(glyph);
        let mut glyphs: Vec<_> = glyphs.collect();
        let n_seen = glyphs.len();
        glyphs.retain(|glyph| *glyph != Glyph::Nothing);
        let is_whole = glyphs.len() == n_seen;
        let is_edge = |glyph: &Glyph| matches!(glyph, Glyph::Gap | Glyph::Other);
        while glyphs.last().is_some_and(is_edge) {
            glyphs.pop();
        }
        let n_edge =
            glyphs.iter().take_while(|glyph| is_edge(glyph) || **glyph == Glyph::Mask).count();
        glyphs.drain(..n_edge);
        glyphs.truncate(MAX_SIGNS);
        Self(glyphs, is_whole)
    }

    /// The letter, where there is no other sign.
    pub(super) fn single(&self) -> Option<Letters> {
        match self.0.as_slice() {
            [
                Glyph::Plain(letters)
                | Glyph::Foreign(letters)
                | Glyph::Lookalike(letters)
                | Glyph::Leet(letters),
            ] => Some(*letters),
            _ => None,
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        self.1 && self.0.iter().all(|glyph| matches!(glyph, Glyph::Plain(_)))
    }

    fn count(&self, is: impl Fn(&Glyph) -> bool) -> u32 {
        self.0.iter().filter(|glyph| is(glyph)).count() as u32
    }

    /// Whether all but the first letter is stars.
    pub(super) fn is_starred(&self) -> bool {
        let [Glyph::Plain(_), stars @ ..] = self.0.as_slice() else { return false };
        stars.iter().all(|glyph| *glyph == Glyph::Mask)
            && STARS_ALONE.contains(&(stars.len() as u32))
    }

    /// The listed word that this is a disguise of.
    pub(super) fn disguised(&self, lists: &Lists) -> Option<WordId> {
        let n_sure = self.count(|glyph| matches!(glyph, Glyph::Plain(_) | Glyph::Lookalike(_)));
        let n_letters = n_sure + self.count(|glyph| matches!(glyph, Glyph::Foreign(_)));
        let n_leet = self.count(|glyph| matches!(glyph, Glyph::Leet(_)));
        let n_masks = self.count(|glyph| *glyph == Glyph::Mask);
        let n_other = self.count(|glyph| *glyph == Glyph::Other);
        if n_letters < 2 || n_sure == 0 || n_leet > n_letters || n_other > 0 {
            return None;
        }
        let whole =
            (n_masks > 0 && n_masks <= n_letters + 1).then(|| self.read(lists, true, self.0.len()));
        let gapped = || self.read_gapped(lists, n_letters + n_leet);
        // `fuck1`, `merde!!`: what hangs on at the end is no letter.
        let is_tail = |glyph: &&Glyph| matches!(glyph, Glyph::Leet(_) | Glyph::Mask | Glyph::Gap);
        let n_tail = self.0.iter().rev().take_while(is_tail).count();
        whole.flatten().or_else(gapped).or_else(|| {
            let is_cut = n_tail > 0 && n_leet + n_masks > n_tail as u32 || self.has_lookalike();
            is_cut.then(|| self.read(lists, true, self.0.len() - n_tail)).flatten()
        })
    }

    fn has_lookalike(&self) -> bool {
        self.0.iter().any(|glyph| matches!(glyph, Glyph::Lookalike(_) | Glyph::Foreign(_)))
    }

    /// Reads without gaps and stars: `f.u.c.k`, `sal.ope`, `f*u*c*k`.
    fn read_gapped(&self, lists: &Lists, n_letters: u32) -> Option<WordId> {
        let is_gap = |glyph: &Glyph| matches!(glyph, Glyph::Gap | Glyph::Mask);
        let word = self.read(lists, false, self.0.len())?;
        let pieces = self.0.split(is_gap).filter(|piece| !piece.is_empty());
        let n_long = pieces.clone().filter(|piece| piece.len() > 1).count();
        let n_pieces = pieces.count();
        let is_strong = lists.word(word).is_some_and(|word| {
            word.senses.iter().any(|sense| !sense.weak && sense.severity > Severity::Mild)
        });
        let fits = n_pieces == 1 || n_long == 0 && n_pieces > 2;
        (fits || is_strong && n_letters >= MIN_PIECED && n_pieces < 4).then_some(word)
    }

    /// The listed word that the first `n_signs` can stand for; stars are letters or nothing.
    fn read(&self, lists: &Lists, with_masks: bool, n_signs: usize) -> Option<WordId> {
        let letters = |glyph: &Glyph| match glyph {
            Glyph::Plain(letters)
            | Glyph::Foreign(letters)
            | Glyph::Lookalike(letters)
            | Glyph::Leet(letters) => Some(*letters),
            Glyph::Mask if with_masks => Some(ANY),
            _ => None,
        };
        let signs: Vec<_> = self.0.iter().take(n_signs).filter_map(letters).collect();
        let repeats =
            signs.windows(3).any(|run| matches!(run, [a, b, c] if a == b && b == c && *a != ANY));
        best(lists, &signs, repeats)
    }
}
