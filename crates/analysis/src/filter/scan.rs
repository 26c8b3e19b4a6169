//! From a folded text to the listed words in it: the close look.

use super::{
    lists::{Lists, Word, WordId},
    quick::is_address,
    signs::Signs,
    trie::Letters,
};

/// Words of a text that are looked at closely.
const MAX_WORDS: usize = 1_024;
/// Longer runs of signs hold no listed word; they are read up to here.
pub(super) const MAX_SIGNS: usize = 40;
/// Words of one letter each in a row that may be one word: `s a l o p e`.
pub(super) const MIN_SPACED: usize = 4;

/// A word of a text, as its number in the vocabulary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) word: Option<WordId>,
    /// Whether it was written so as not to be found, which nobody does with a harmless word.
    pub(super) disguised: bool,
}

/// What a close look finds.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// The words of the text in their order.
    pub(super) words: Vec<Seen>,
    /// Whether a word was left out behind stars, whatever it was.
    pub(super) starred: bool,
    /// Whether a raised finger stands in it.
    pub(super) finger: bool,
}

/// All words of a folded text.
pub(super) fn look(lists: &Lists, folded: &str) -> Sight {
    let mut sight = Sight { finger: folded.contains('\u{1f595}'), ..Sight::default() };
    let mut spaced: Vec<Letters> = Vec::new();
    for chunk in folded.split(' ') {
        if sight.words.len() >= MAX_WORDS {
            break;
        }
        if is_address(chunk.as_bytes()) {
            sight.words.push(Seen { word: None, disguised: false });
            continue;
        }
        if chunk.len() > 1 && chunk.bytes().all(|byte| byte.is_ascii_lowercase()) {
            end_spaced(lists, &mut spaced, &mut sight);
            let word = word(lists, chunk);
            sight.words.push(Seen { word, disguised: false });
            continue;
        }
        let signs = Signs::of(chunk);
        match signs.single() {
            Some(letter) if spaced.len() < MAX_SIGNS => spaced.push(letter),
            _ => end_spaced(lists, &mut spaced, &mut sight),
        }
        sight.look_at(lists, chunk, &signs);
    }
    end_spaced(lists, &mut spaced, &mut sight);
    sight
}

/// Looks for a word in letters that stand alone, one after the other.
fn end_spaced(lists: &Lists, spaced: &mut Vec<Letters>, sight: &mut Sight) {
    for start in 0..spaced.len().saturating_sub(MIN_SPACED - 1) {
        for end in (start + MIN_SPACED..=spaced.len()).rev() {
            let letters = spaced.get(start..end).unwrap_or_default();
            if let Some(word) = best(lists, letters, false) {
                sight.words.push(Seen { word: Some(word), disguised: true });
                spaced.clear();
                return;
            }
        }
    }
    spaced.clear();
}

impl Sight {
    /// Adds the words of a piece of text without spaces.
    fn look_at(&mut self, lists: &Lists, chunk: &str, signs: &Signs) {
        let before = self.words.len();
        let mut listed = 0;
        for part in chunk.split(|sign: char| !sign.is_ascii_lowercase()) {
            if part.is_empty() {
                continue;
            }
            let word = word(lists, part);
            let known = word.and_then(|word| lists.word(word));
            listed = listed.max(known.map_or(0, Word::weight));
            self.words.push(Seen { word, disguised: false });
        }
        if signs.is_plain() {
            return;
        }
        let weight = |word: &WordId| lists.word(*word).map_or(0, Word::weight);
        let disguised = signs.disguised(lists).filter(|word| listed == 0 || weight(word) > listed);
        if let Some(word) = disguised {
            self.words.truncate(before);
            self.words.push(Seen { word: Some(word), disguised: true });
        } else {
            self.starred |= listed == 0 && signs.is_starred();
        }
    }
}

/// The vocabulary's word for a word of plain letters, which may be drawn out.
fn word(lists: &Lists, text: &str) -> Option<WordId> {
    let word = lists.find(text);
    if word.is_some() || !has_run(text) {
        return word;
    }
    let letters: Vec<_> = text.bytes().take(MAX_SIGNS).map(super::trie::letter).collect();
    best(lists, &letters, true)
}

/// Whether a letter stands three times in a row, or twice where no language has it.
fn has_run(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.windows(3).any(|run| matches!(run, [a, b, c] if a == b && b == c))
        || bytes.windows(2).any(|run| matches!(run, b"uu" | b"ii" | b"aa" | b"kk"))
}

/// The gravest listed word that the signs can stand for; else any word of the vocabulary.
pub(super) fn best(lists: &Lists, signs: &[Letters], repeats: bool) -> Option<WordId> {
    let mut best: Option<(u8, WordId)> = None;
    lists.trie.search(signs, repeats, |word| {
        let weight = lists.word(word).map_or(0, Word::weight);
        if best.is_none_or(|(known, _)| known < weight) {
            best = Some((weight, word));
        }
    });
    best.map(|(_, word)| word)
}
