//! The quick look that clean posts pass: is there anything in this text that deserves a close one?

use super::{
    clean::n_clean_bytes,
    lists::{Hash, Lists},
    scan::MIN_SPACED,
};

/// What kind of a byte stands in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    /// Written for the one letter of [`written_for`].
    Leet,
    /// Written for more than one letter.
    Vague,
    Star,
    Gap,
    Other,
    High,
}

/// What kind each byte is.
static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        #[expect(clippy::indexing_slicing, reason = "the place is below the length")]
        {
            kinds[byte] = kind(byte as u8);
        }
        byte += 1;
    }
    kinds
};

const fn kind(byte: u8) -> Kind {
    match byte {
        b'a'..=b'z' => Kind::Letter,
        b'0' | b'3' | b'4' | b'@' | b'5' | b'$' | b'7' | b'+' | b'8' => Kind::Leet,
        b'1' | b'6' | b'9' | b'!' | b'|' | b'(' | b'<' => Kind::Vague,
        b'*' | b'#' => Kind::Star,
        b'.' | b'_' | b'/' | b'\\' | b'-' | b'~' | b'^' | b'=' => Kind::Gap,
        128..=255 => Kind::High,
        _ => Kind::Other,
    }
}

/// The letter that a byte stands for, if it stands for one.
const fn written_for(byte: u8) -> Option<u8> {
    match byte {
        b'a'..=b'z' => Some(byte),
        b'0' => Some(b'o'),
        b'3' => Some(b'e'),
        b'4' | b'@' => Some(b'a'),
        b'5' | b'$' => Some(b's'),
        b'7' | b'+' => Some(b't'),
        b'8' => Some(b'b'),
        _ => None,
    }
}

/// Whether a folded text may hold anything that is listed. Clean posts pass at less than a microsecond.
pub(super) fn is_odd(lists: &Lists, folded: &str) -> bool {
    let bytes = folded.as_bytes();
    let (mut at, mut n_single) = (0, 0);
    while let Some(rest) = bytes.get(at..) {
        if let Some(n_bytes) = n_clean_bytes(lists, rest) {
            n_single = if n_bytes == 1 { n_single + 1 } else { 0 };
            if n_single >= MIN_SPACED {
                return true;
            }
            at += n_bytes + 1;
            continue;
        }
        let n_bytes = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
        let chunk = rest.get(..n_bytes).unwrap_or_default();
        at += n_bytes + 1;
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
pub(super) fn is_address(chunk: &[u8]) -> bool {
    match chunk {
        [b'@', b'r' | b's', b's', ..] => false,
        [b'@', ..] => true,
        [b'h', b't', b't', b'p', rest @ ..] => {
            rest.starts_with(b"://") || rest.starts_with(b"s://")
        }
        [b'w', b'w', b'w', b'.', ..] => true,
        _ => false,
    }
}

/// Whether a piece of text without spaces has a listed word, or signs that could hide one.
fn is_odd_chunk(lists: &Lists, chunk: &[u8]) -> bool {
    let mut word = Hash::START;
    let mut last = [b' '; 2];
    for &byte in chunk {
        let is_long = byte == last[1] && (byte == last[0] || is_seldom_double(byte));
        if is_long || !byte.is_ascii_lowercase() {
            return is_odd_mixture(lists, chunk);
        }
        word = word.then(byte);
        last = [last[1], byte];
    }
    is_sign(lists, word, Some(chunk))
}

/// Whether no language has this letter twice in a row.
pub(super) const fn is_seldom_double(letter: u8) -> bool {
    matches!(letter, b'u' | b'i' | b'a' | b'k')
}

/// As [`is_odd_chunk`], for pieces that have more than small letters.
fn is_odd_mixture(lists: &Lists, chunk: &[u8]) -> bool {
    let (mut start, mut n_run, mut n_letters, mut n_joints) = (0, 0, 0, 0);
    let mut word = Hash::START;
    let mut last = b' ';
    let mut before = [Kind::Other; 2];
    let mut has_letters = None;
    for (at, &byte) in chunk.iter().enumerate() {
        let kind = KINDS.get(usize::from(byte)).copied().unwrap_or(Kind::Other);
        if kind == Kind::Letter {
            n_run = if byte == last { n_run + 1 } else { 1 };
            let is_long = n_run > 2 || n_run == 2 && is_seldom_double(byte);
            let is_vague = before[1] == Kind::Vague
                && n_letters > 0
                && !matches!(before[0], Kind::Other | Kind::Gap);
            if is_long || is_vague {
                return true;
            }
            n_letters += 1;
            word = word.then(byte);
        } else {
            let is_odd = match kind {
                Kind::Star => before[1] == Kind::Letter,
                Kind::High => {
                    let any = || chunk.iter().any(u8::is_ascii_lowercase);
                    is_high_odd(chunk, at, *has_letters.get_or_insert_with(any))
                }
                _ => false,
            };
            if is_odd || before[1] == Kind::Letter && is_sign(lists, word, chunk.get(start..at)) {
                return true;
            }
            let is_joint = kind == Kind::Leet || kind == Kind::Gap && before[1] == Kind::Letter;
            n_joints += u32::from(is_joint);
            start = at + 1;
            word = Hash::START;
        }
        last = byte;
        before = [before[1], kind];
    }
    before[1] == Kind::Letter && is_sign(lists, word, chunk.get(start..))
        || n_joints > 0 && n_letters > 1 && is_joined_sign(lists, chunk)
}

fn is_sign(lists: &Lists, hash: Hash, word: Option<&[u8]>) -> bool {
    let text = || word.and_then(|word| std::str::from_utf8(word).ok());
    lists.may_be_sign(hash) && text().is_some_and(|word| lists.is_sign(word))
}

/// Whether the letters of a piece make a listed word, those in digits' clothes too, without what stands between.
fn is_joined_sign(lists: &Lists, chunk: &[u8]) -> bool {
    let letters = chunk.iter().filter_map(|byte| written_for(*byte));
    lists.may_be_sign(letters.fold(Hash::START, Hash::then))
}

/// Whether the character that begins here looks like a letter in another dress, or is a raised finger.
fn is_high_odd(bytes: &[u8], at: usize, has_letters: bool) -> bool {
    let next = |n: usize| bytes.get(at + n).copied().unwrap_or_default();
    let lead = bytes.get(at).copied().unwrap_or_default();
    match lead {
        0xca | 0xcb | 0xd3 | 0xd4 | 0xe1 if next(1) >= 0xb4 || lead != 0xe1 => true,
        0xd1 if next(1) == 0x95 => true,
        0xea => next(1) == 0x9c,
        0xc4..=0xd4 | 0xe1 | 0xef => has_letters,
        0xc2 => matches!(next(1), 0xa2 | 0xa3 | 0xa5 | 0xa7 | 0xa9 | 0xb5 | 0xa1) && has_letters,
        0xe2 => match next(1) {
            0x81 | 0x92 | 0x93 => true,
            0x82..=0x85 | 0xa0 => has_letters,
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
