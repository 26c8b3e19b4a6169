//! The quick look that clean posts pass: is there anything in this text that deserves a close one?

use super::{
    lists::{Hash, Lists},
    scan::MIN_SPACED,
};

/// What kind of a byte stands in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    /// Written for the one letter that it holds.
    Leet(u8),
    /// Written for more than one letter.
    Vague,
    Star,
    Gap,
    Other,
    High,
}

/// What kind `byte` is.
const fn kind(byte: u8) -> Kind {
    match byte {
        b'a'..=b'z' => Kind::Letter,
        b'0' => Kind::Leet(b'o'),
        b'3' => Kind::Leet(b'e'),
        b'4' | b'@' => Kind::Leet(b'a'),
        b'5' | b'$' => Kind::Leet(b's'),
        b'7' | b'+' => Kind::Leet(b't'),
        b'8' => Kind::Leet(b'b'),
        b'1' | b'6' | b'9' | b'!' | b'|' | b'(' | b'<' => Kind::Vague,
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
pub(super) fn is_address(chunk: &str) -> bool {
    let name = chunk.strip_prefix('@');
    chunk.starts_with("http://")
        || chunk.starts_with("https://")
        || chunk.starts_with("www.")
        || name.is_some_and(|name| !name.starts_with("ss") && !name.starts_with("rs"))
}

/// What was met of a piece of text without spaces.
struct Walk {
    /// Where the word began that is being read, and its hash.
    start: usize,
    word: Hash,
    /// The hash of all letters, those in digits' clothes too.
    joined: Hash,
    n_letters: u32,
    /// Gaps between letters, and digits for letters.
    n_joints: u32,
    n_run: u32,
    last: u8,
    /// The two kinds before.
    before: [Kind; 2],
}

fn is_odd_chunk(lists: &Lists, chunk: &str) -> bool {
    let mut walk = Walk {
        start: 0,
        word: Hash::START,
        joined: Hash::START,
        n_letters: 0,
        n_joints: 0,
        n_run: 0,
        last: b' ',
        before: [Kind::Other; 2],
    };
    let bytes = chunk.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let kind = kind(byte);
        let is_odd = match kind {
            Kind::Letter => walk.letter(byte),
            Kind::Star => walk.before[1] == Kind::Letter,
            Kind::High => is_high_odd(bytes, at),
            _ => false,
        };
        if is_odd || kind != Kind::Letter && walk.ends_sign(lists, chunk, at) {
            return true;
        }
        if let Kind::Leet(letter) = kind {
            walk.joined = walk.joined.then(letter);
            walk.n_joints += 1;
        } else if kind == Kind::Gap && walk.before[1] == Kind::Letter {
            walk.n_joints += 1;
        }
        walk.last = byte;
        walk.before = [walk.before[1], kind];
    }
    walk.ends_sign(lists, chunk, bytes.len())
        || walk.n_joints > 0 && walk.n_letters > 1 && lists.may_be_sign(walk.joined)
}

impl Walk {
    /// Reads a letter; whether that alone is odd: a letter for the third time, or after a sign for some letter.
    fn letter(&mut self, byte: u8) -> bool {
        self.n_run = if byte == self.last { self.n_run + 1 } else { 1 };
        let is_long =
            self.n_run > 2 || self.n_run == 2 && matches!(byte, b'u' | b'i' | b'a' | b'k');
        let is_vague = self.before[1] == Kind::Vague && self.n_letters > 0;
        self.n_letters += 1;
        self.word = self.word.then(byte);
        self.joined = self.joined.then(byte);
        is_long || is_vague && !matches!(self.before[0], Kind::Other | Kind::Gap)
    }

    /// Ends the word before `at`, if there is one; whether it is a sign.
    fn ends_sign(&mut self, lists: &Lists, chunk: &str, at: usize) -> bool {
        let is_word = self.before[1] == Kind::Letter && lists.may_be_sign(self.word);
        let is_sign = is_word && chunk.get(self.start..at).is_some_and(|word| lists.is_sign(word));
        self.start = at + 1;
        self.word = Hash::START;
        is_sign
    }
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
            0x82..=0x85 | 0xa0 => has_letters(),
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
