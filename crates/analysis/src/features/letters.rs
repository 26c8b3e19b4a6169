//! What each character is to the feature pass: how it folds, how it is in lower case, which class it has.
//!
//! The alphabets and the signs stand in one table that is made once; pictographs and the great scripts are told by
//! range.

use std::sync::LazyLock;

use crate::fold::{fold_char, is_left_out, is_word};

/// The first part of the table ends here: every alphabet with cases lies before, but for a few of scholars, and
/// the signs and dashes of all, arrows and hearts, kana.
const LOW_END: usize = 0x3100;
/// The second part: selectors of variants, full-width letters and signs.
const HIGH: std::ops::Range<usize> = 0xfe00..0x1_0000;
const TABLE_LEN: usize = LOW_END + HIGH.end - HIGH.start;

/// What a character is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Part of a word.
    Letter,
    /// Part of a word, and a digit.
    Digit,
    /// White space.
    Space,
    /// Left out of folded text, and breaks no word: accents, joiners, direction marks.
    Unseen,
    /// An apostrophe, of any shape.
    Apostrophe,
    /// A pictograph.
    Emoji,
    /// Anything else.
    Sign,
}

/// A character as the feature pass sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter {
    /// The folded form: one or two characters, the second 0 where there is none.
    pub(crate) folded: [char; 2],
    /// The lower-case form, accents kept.
    pub(crate) lower: char,
    pub(crate) class: Class,
    pub(crate) is_upper: bool,
    pub(crate) is_lower: bool,
}

/// Stands for no character.
pub(crate) const NONE: char = '\0';

/// What many characters are.
pub(crate) type LetterTable = [Letter; TABLE_LEN];

static TABLE: LazyLock<Box<LetterTable>> = LazyLock::new(|| {
    let codes = (0..LOW_END).chain(HIGH);
    let letters = codes.map(|code| made(char::from_u32(code as u32).unwrap_or(NONE)));
    letters.collect::<Box<[_]>>().try_into().expect("as many letters as codes")
});

/// The table, to be fetched once a text.
#[inline]
pub(crate) fn table() -> &'static LetterTable {
    &TABLE
}

/// What `character` is.
#[inline]
pub(crate) fn letter(table: &LetterTable, character: char) -> Letter {
    let code = character as usize;
    let place = if code < LOW_END { code } else { code.wrapping_sub(HIGH.start - LOW_END) };
    if (code < LOW_END || HIGH.contains(&code))
        && let Some(letter) = table.get(place)
    {
        return *letter;
    }
    match character {
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => {
            same(character, Class::Letter)
        }
        '\u{1f000}'..='\u{1faff}' => same(character, Class::Emoji),
        _ => made(character),
    }
}

const fn same(character: char, class: Class) -> Letter {
    Letter { folded: [character, NONE], lower: character, class, is_upper: false, is_lower: false }
}

fn made(character: char) -> Letter {
    let mut text = String::new();
    fold_char(character, &mut text);
    let mut parts = text.chars();
    let folded = [parts.next().unwrap_or(NONE), parts.next().unwrap_or(NONE)];
    let mut lower = character.to_lowercase();
    Letter {
        folded,
        lower: lower.next().unwrap_or(character),
        class: class(character),
        is_upper: character.is_uppercase(),
        is_lower: character.is_lowercase(),
    }
}

fn class(character: char) -> Class {
    match character {
        '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{ff07}' => Class::Apostrophe,
        _ if is_left_out(character) => Class::Unseen,
        _ if character.is_whitespace() || character.is_control() => Class::Space,
        _ if character.is_numeric() => Class::Digit,
        _ if is_word(character) => Class::Letter,
        _ if is_emoji(character) => Class::Emoji,
        _ => Class::Sign,
    }
}

/// Pictographs and the signs that are used as such; the tones of skin are left to be unseen signs.
const fn is_emoji(character: char) -> bool {
    matches!(character,
        '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}
