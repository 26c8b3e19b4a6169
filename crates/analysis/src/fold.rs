//! One spelling for all spellings of a word: lower case, no accents, plain spaces.
//!
//! Queries, terms and word lists all go through [`fold`], so that `À QUAI`, `a quai` and `à  quai` are one.
//! Marks are taken off only where readers leave them out: in Latin, Greek, Arabic and Hebrew letters.
//! In Hindi, Thai or Japanese they are part of the word and stay.

use unicode_normalization::char::decompose_canonical;

/// The folded form of `text`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(&mut folded, text);
    folded
}

/// Adds the folded form of `text` to `folded`.
pub(crate) fn fold_onto(folded: &mut String, text: &str) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let n_plain = n_plain_bytes(rest, folded.ends_with(' '));
        if n_plain == 0 {
            fold_char(first, folded);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (plain, after) = rest.split_at(n_plain);
        let from = folded.len();
        folded.push_str(plain);
        if let Some(added) = folded.get_mut(from..) {
            added.make_ascii_lowercase();
        }
        rest = after;
    }
}

/// Whether folding changes nothing but the case of this text: ASCII with single blanks.
pub(crate) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let after = bytes.get(1..).unwrap_or_default();
    let is_odd = |byte: u8| !byte.is_ascii() | (byte.wrapping_sub(b'\t') < 5);
    // All bytes are looked at, since a loop without a way out is made of vectors.
    let any_odd = bytes.iter().fold(false, |any, byte| any | is_odd(*byte));
    let pairs = bytes.iter().zip(after);
    let any_two = pairs.fold(false, |any, (one, two)| any | ((*one == b' ') & (*two == b' ')));
    !(any_odd | any_two)
}

/// How many bytes `text` begins with of which only the case may have to change: ASCII with single blanks.
fn n_plain_bytes(text: &str, mut after_space: bool) -> usize {
    let mut is_plain = |byte: &u8| {
        let is_space = *byte == b' ';
        let is_plain = byte.is_ascii() && !byte.is_ascii_whitespace() || is_space && !after_space;
        after_space = is_space;
        is_plain
    };
    text.as_bytes().iter().position(|byte| !is_plain(byte)).unwrap_or(text.len())
}

/// Adds the folded form of one character; runs of white space become one space.
pub(crate) fn fold_char(character: char, folded: &mut String) {
    if character.is_ascii() {
        if !character.is_ascii_whitespace() {
            folded.push(character.to_ascii_lowercase());
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
        return;
    }
    match character {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{ff07}' => folded.push('\''),
        '\u{2010}'..='\u{2012}' => folded.push('-'),
        'ß' | 'ẞ' => folded.push_str("ss"),
        'œ' | 'Œ' => folded.push_str("oe"),
        'æ' | 'Æ' => folded.push_str("ae"),
        'ø' | 'Ø' => folded.push('o'),
        'ł' | 'Ł' => folded.push('l'),
        'ı' | 'İ' => folded.push('i'),
        'ё' | 'Ё' => folded.push('е'),
        'أ' | 'إ' | 'آ' => folded.push('ا'),
        _ if is_left_out(character) => {}
        _ if character.is_whitespace() => {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        '\u{ff01}'..='\u{ff5e}' => fold_full_width(character, folded),
        '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}' => {
            decompose_canonical(character, |part| {
                if part == character {
                    folded.extend(part.to_lowercase());
                } else {
                    fold_char(part, folded);
                }
            });
        }
        _ => {
            for lower in character.to_lowercase() {
                if lower == character {
                    folded.push(lower);
                } else {
                    fold_char(lower, folded);
                }
            }
        }
    }
}

/// Full-width Latin letters, digits and signs are plain ones in another dress.
fn fold_full_width(character: char, folded: &mut String) {
    let plain = u32::from(character) - 0xfee0;
    if let Some(plain) = char::from_u32(plain) {
        fold_char(plain, folded);
    }
}

/// Accents, vowel points, joiners, direction marks and variation selectors.
pub(crate) const fn is_left_out(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Whether words are made of this character.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || is_mark_of_word(character)
}

/// Vowel signs and the like, which belong to the word around them without being letters.
const fn is_mark_of_word(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{963}' | '\u{e31}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

/// Whether the script of this character is written without spaces between words, or glues endings to them.
pub(crate) const fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text), expected);
        assert_eq!(fold(&fold(text)), fold(text), "folding twice changes nothing");
    }

    #[test]
    fn case_accents_and_spaces_do_not_matter() {
        check("À  QUAI", "a quai");
        check("L’été\u{a0}!", "l'ete !");
        check("Œuvre, Straße, Ørsted, Ǽ, \u{212b}", "oeuvre, strasse, orsted, ae, a");
        check("e\u{301}te\u{301}", "ete");
        check("ＲＡＩＬ\u{3000}Ａ１", "rail a1");
        check("ΆΛΦΑ", "αλφα");
    }

    #[test]
    fn marks_stay_where_they_are_part_of_the_word() {
        check("हिन्दी", "हिन्दी");
        check("がんばれ", "がんばれ");
        check("й Ё", "й е");
        check("한국어", "한국어");
    }

    #[test]
    fn points_of_arabic_and_hebrew_are_left_out() {
        check("مَرْحَبًا", "مرحبا");
        check("شָלוֹם", "شלום");
        check("أهلا", "اهلا");
    }

    #[test]
    fn unseen_characters_are_left_out() {
        check("a\u{200b}b\u{ad}c\u{feff}", "abc");
        check("❤\u{fe0f}", "❤");
    }

    proptest::proptest! {
        #[test]
        fn a_plain_text_changes_its_case_at_most(text in "[ -~\\t\n\r\u{b}\u{c}é]{0,40}") {
            if is_plain(&text) {
                proptest::prop_assert_eq!(fold(&text), text.to_ascii_lowercase());
            }
        }

        #[test]
        fn any_text_folds_to_a_fixed_point(text in "\\PC*") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }
}
