//! From a folded text to the listed words in it: a quick look that clean posts pass, then a close one.

use super::{
    lists::{Lists, Word, WordId},
    signs::Signs,
    trie::Letters,
};

/// Words of a text that are looked at closely.
const MAX_WORDS: usize = 1_024;
/// Longer runs of signs hold no listed word; they are read up to here.
pub(super) const MAX_SIGNS: usize = 40;
/// Words of one letter each in a row that may be one word: `s a l o p e`.
const MIN_SPACED: usize = 4;

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

/// What kind of a byte stands in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Leet,
    Star,
    Gap,
    Other,
    High,
}

/// What kind `byte` is.
const fn kind(byte: u8) -> Kind {
    match byte {
        b'a'..=b'z' => Kind::Letter,
        b'0' | b'1' | b'3'..=b'9' | b'!' | b'|' | b'$' | b'+' | b'@' | b'(' | b'<' => Kind::Leet,
        b'*' | b'#' => Kind::Star,
        b'.' | b'_' | b'/' | b'\\' | b'-' | b'~' | b'^' | b'=' => Kind::Gap,
        128..=255 => Kind::High,
        _ => Kind::Other,
    }
}

/// Whether a folded text may hold anything that is listed. Clean posts pass at less than a microsecond.
pub(super) fn is_odd(lists: &Lists, folded: &str) -> bool {
    let mut n_single = 0;
    for chunk in folded.split(' ') {
        if is_address(chunk) {
            n_single = 0;
            continue;
        }
        n_single = if chunk.len() == 1 { n_single + 1 } else { 0 };
        if n_single >= MIN_SPACED || is_odd_chunk(lists, chunk) {
            return true;
        }
    }
    false
}

/// Links and names of accounts, in which letters may stand as they like.
fn is_address(chunk: &str) -> bool {
    let name = chunk.strip_prefix('@');
    chunk.starts_with("http://")
        || chunk.starts_with("https://")
        || chunk.starts_with("www.")
        || name.is_some_and(|name| !name.starts_with("ss") && !name.starts_with("rs"))
}

fn is_odd_chunk(lists: &Lists, chunk: &str) -> bool {
    let bytes = chunk.as_bytes();
    let (mut start, mut n_run, mut n_gaps, mut n_disguises, mut n_letters) = (0, 0, 0, 0, 0);
    let (mut last, mut last_kind) = (b' ', Kind::Other);
    let mut has_high = false;
    for (at, &byte) in bytes.iter().enumerate() {
        let kind = kind(byte);
        if kind == Kind::Letter {
            n_run = if byte == last { n_run + 1 } else { 1 };
            n_letters += 1;
            if n_run >= 3 || n_run == 2 && matches!(byte, b'u' | b'i' | b'a' | b'k') {
                return true;
            }
            n_disguises += u32::from(last_kind == Kind::Leet);
        } else {
            if last_kind == Kind::Letter {
                if chunk.get(start..at).is_some_and(|word| lists.is_sign(word)) {
                    return true;
                }
                n_disguises += u32::from(kind == Kind::Star);
                n_gaps += u32::from(kind == Kind::Gap);
                n_disguises += u32::from(kind == Kind::Leet && byte.is_ascii_digit());
            }
            start = at + 1;
            has_high |= kind == Kind::High && is_high_odd(bytes, at);
        }
        (last, last_kind) = (byte, kind);
    }
    if last_kind == Kind::Letter && chunk.get(start..).is_some_and(|word| lists.is_sign(word)) {
        return true;
    }
    let is_gapped =
        n_gaps >= 1 && last_kind == Kind::Letter && (n_gaps < 2 || n_letters < 2 * n_gaps + 3);
    n_disguises > 0 && n_letters >= 1 && !is_ordinal(bytes) || is_gapped || has_high
}

/// `4eme`, `20h30`, `100km`: digits first, then letters.
fn is_ordinal(bytes: &[u8]) -> bool {
    let n_digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let n_letters =
        bytes.iter().skip(n_digits).take_while(|byte| byte.is_ascii_lowercase()).count();
    n_digits > 1 && n_letters + n_digits == bytes.len() || n_digits == 1 && n_letters < 3
}

/// Whether the character that begins here looks like a letter in another dress, or is a raised finger.
fn is_high_odd(bytes: &[u8], at: usize) -> bool {
    let next = |n: usize| bytes.get(at + n).copied().unwrap_or_default();
    let beside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
    let has_letters = || bytes.iter().any(|byte| beside(Some(byte)));
    let lead = bytes.get(at).copied().unwrap_or_default();
    match lead {
        0xca | 0xcb | 0xd3 | 0xd4 | 0xe1 if next(1) >= 0xb4 || lead != 0xe1 => true,
        0xd1 if next(1) == 0x95 => true,
        0xea => next(1) == 0x9c,
        0xc4..=0xd4 | 0xe1 | 0xef => has_letters(),
        0xc2 => matches!(next(1), 0xa2 | 0xa3 | 0xa5 | 0xa7 | 0xa9 | 0xb5 | 0xa1) && has_letters(),
        0xe2 => match next(1) {
            0x81 | 0x92 | 0x93 => true,
            0x80 | 0x82..=0x85 | 0xa0 => has_letters(),
            _ => false,
        },
        0xe3 => (next(1), next(2)) == (0x85, 0xa4),
        0xf0 => match (next(1), next(2)) {
            (0x9d, _) | (0x9f, 0x84 | 0x85) => true,
            (0x9f, 0x86) => next(3) < 0x8e,
            (0x9f, 0x96) => next(3) == 0x95,
            _ => false,
        },
        0xf3 => true,
        _ => false,
    }
}

/// All words of a folded text.
pub(super) fn look(lists: &Lists, folded: &str) -> Sight {
    let mut sight = Sight { finger: folded.contains('\u{1f595}'), ..Sight::default() };
    let mut spaced: Vec<Letters> = Vec::new();
    for chunk in folded.split(' ') {
        if sight.words.len() >= MAX_WORDS {
            break;
        }
        if is_address(chunk) {
            sight.words.push(Seen { word: None, disguised: false });
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
            let mut word = lists.find(part);
            if word.is_none() && has_run(part) {
                let letters: Vec<_> =
                    part.bytes().take(MAX_SIGNS).map(super::trie::letter).collect();
                word = best(lists, &letters, true);
            }
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
