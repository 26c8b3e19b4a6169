//! What a reader sees in a sign: letters in disguise, stars for letters, gaps, nothing at all.

use unicode_normalization::char::decompose_compatible;

use super::trie::{Letters, letter};

/// What a sign of a folded text can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    /// A small Latin letter.
    Plain(Letters),
    /// A letter of another alphabet that people write in, which looks like these.
    Foreign(Letters),
    /// A letter of a rare alphabet or in another dress, which nobody writes whole words with.
    Lookalike(Letters),
    /// A digit or a sign that is used for these letters.
    Leet(Letters),
    /// Stands for a letter that the author did not want to write.
    Mask,
    /// Put between letters.
    Gap,
    /// Not seen.
    Nothing,
    /// Anything else.
    Other,
}

/// What `character` can stand for.
pub(super) fn glyph(character: char) -> Glyph {
    match character {
        'a'..='z' => Glyph::Plain(letter(character as u8)),
        '*' | '#' | '\u{2217}' | '\u{fe61}' | '\u{25cf}' => Glyph::Mask,
        '.' | '-' | '_' | '/' | '\\' | '·' | '•' | '~' | '^' | '=' | '\'' | '`' | '"' | ','
        | '\u{2013}' | '\u{2014}' | '…' => Glyph::Gap,
        _ => leet(character)
            .or_else(|| lookalike(character))
            .or_else(|| is_unseen(character).then_some(Glyph::Nothing))
            .or_else(|| dressed(character))
            .unwrap_or(Glyph::Other),
    }
}

/// The digits and signs that are written for letters.
fn leet(character: char) -> Option<Glyph> {
    let letters = match character {
        '0' => "o",
        '1' | '!' | '|' | '¡' => "il",
        '3' | '€' => "e",
        '4' | '@' => "a",
        '5' | '$' | '§' => "s",
        '6' => "bg",
        '7' | '+' | '†' => "t",
        '8' => "b",
        '9' => "gq",
        '£' => "l",
        '(' | '¢' | '<' | '©' => "c",
        'µ' => "u",
        '¥' => "y",
        _ => return None,
    };
    Some(Glyph::Leet(set(letters)))
}

/// Letters of other alphabets that look like Latin ones.
fn lookalike(character: char) -> Option<Glyph> {
    let letters = match character {
        'а' | 'α' | 'ɑ' | 'ɐ' | 'ᴀ' | 'Λ' => "a",
        'в' | 'β' | 'ь' | 'ƅ' | 'ɓ' | 'ʙ' | 'ƃ' => "b",
        'с' | 'ϲ' | 'ƈ' | 'ᴄ' => "c",
        'ԁ' | 'ɖ' | 'ɗ' | 'ᴅ' | 'đ' | 'ð' | 'δ' => "d",
        'е' | 'ε' | 'ə' | 'ɛ' | 'ᴇ' | 'э' | 'є' | 'з' | 'ǝ' => "e",
        'ғ' | 'ƒ' | 'ꜰ' | 'ſ' => "f",
        'ɡ' | 'ɠ' | 'ɢ' => "g",
        'һ' | 'н' | 'ɦ' | 'ʜ' | 'ħ' => "h",
        'і' | 'ї' | 'ι' | 'ɪ' | 'ɩ' | 'ɨ' => "i",
        'ј' | 'ʝ' | 'ϳ' | 'ᴊ' => "j",
        'к' | 'κ' | 'ƙ' | 'ᴋ' => "k",
        'ӏ' | 'ʟ' | 'ɭ' | 'λ' => "l",
        'м' | 'ɱ' | 'ᴍ' => "m",
        'п' | 'η' | 'ɴ' | 'ɲ' | 'ŋ' | 'и' => "n",
        'о' | 'ο' | 'ɵ' | 'ᴏ' | 'θ' | 'σ' => "o",
        'р' | 'ρ' | 'ƥ' | 'ᴘ' => "p",
        'ԛ' | 'ʠ' | 'ǫ' => "q",
        'я' | 'г' | 'ʀ' | 'ɾ' | 'ɹ' => "r",
        'ѕ' | 'ʂ' | 'ʃ' | 'ꜱ' => "s",
        'т' | 'τ' | 'ƭ' | 'ʈ' | 'ᴛ' | 'ŧ' => "t",
        'ц' | 'υ' | 'ʊ' | 'ᴜ' | 'μ' => "u",
        'ѵ' | 'ʋ' | 'ʌ' | 'ᴠ' => "v",
        'ν' => "nv",
        'ԝ' | 'ω' | 'ш' | 'ʍ' | 'ᴡ' => "w",
        'х' | 'χ' => "x",
        'у' | 'γ' | 'ʏ' | 'ƴ' => "uy",
        'ζ' | 'ʐ' | 'ᴢ' => "z",
        _ => return None,
    };
    let is_everyday =
        matches!(character, '\u{3b1}'..='\u{3c9}' | '\u{430}'..='\u{44f}' | 'є' | 'і' | 'ї' | 'ј');
    let letters = set(letters);
    Some(if is_everyday { Glyph::Foreign(letters) } else { Glyph::Lookalike(letters) })
}

/// Letters in another dress: mathematical, circled, squared, raised.
fn dressed(character: char) -> Option<Glyph> {
    let plain = match u32::from(character) {
        0..0xaa => return None,
        code @ 0x1f150..=0x1f169 => char::from_u32(code - 0x1f150 + 0x61),
        code @ 0x1f170..=0x1f189 => char::from_u32(code - 0x1f170 + 0x61),
        _ => {
            let mut letters = None;
            decompose_compatible(character, |part| {
                if part.is_ascii_alphanumeric() {
                    letters = Some(part.to_ascii_lowercase());
                }
            });
            letters
        }
    };
    match plain.map(|plain| (plain, u8::try_from(plain).map_or(0, letter))) {
        Some((plain, 0)) => leet(plain),
        Some((_, letters)) => Some(Glyph::Lookalike(letters)),
        None => None,
    }
}

/// Marks over and under letters, fillers, blanks.
const fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{2028}'..='\u{202f}'
        | '\u{20d0}'..='\u{20ff}' | '\u{2800}' | '\u{3164}' | '\u{fe20}'..='\u{fe2f}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffc}' | '\u{e0000}'..='\u{e01ef}')
}

fn set(letters: &str) -> Letters {
    letters.bytes().map(letter).fold(0, |all, one| all | one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(disguised: &str, expected: &str) {
        let fits = |(sign, plain): (char, u8)| match glyph(sign) {
            Glyph::Plain(letters)
            | Glyph::Foreign(letters)
            | Glyph::Lookalike(letters)
            | Glyph::Leet(letters) => letters & letter(plain) != 0,
            _ => false,
        };
        assert_eq!(disguised.chars().count(), expected.len());
        assert!(disguised.chars().zip(expected.bytes()).all(fits), "{disguised}");
    }

    #[test]
    fn disguises_are_seen_through() {
        check("h4t3", "hate");
        check("$!€+", "slet");
        check("ѕаӏоре", "salope");
        check("𝓯𝓾𝓬𝓴", "fuck");
        check("ⓒⓞⓝ", "con");
        check("🅕🅤🅒🅚", "fuck");
        check("🄵🅄🄲🄺", "fuck");
        check("ᶠᵘᶜᵏ", "fuck");
        check("ꜰᴜᴄᴋ", "fuck");
        assert_eq!(glyph('\u{3164}'), Glyph::Nothing);
        assert_eq!(glyph('😀'), Glyph::Other);
        assert_eq!(glyph('中'), Glyph::Other);
    }
}
