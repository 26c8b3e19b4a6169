//! Scripts, and the languages that are written in each: most scripts tell the language by themselves.

/// How a script leads to a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Latin letters: the table of many lanes tells.
    Latin,
    /// A script of a few languages: these lanes of the small table tell.
    Few(&'static [&'static str]),
    /// A script of one language, among those that are told apart here.
    One(&'static str),
}

/// The scripts that are told apart, by the place of their counter.
pub(super) const SCRIPTS: [Script; 26] = [
    Script::Latin,
    Script::Few(&["ru", "uk", "bg", "sr", "mk", "be", "kk", "mn"]),
    Script::Few(&["ar", "fa", "ur"]),
    Script::Few(&["hi", "mr"]),
    Script::Few(&["zh", "ja"]),
    Script::One("ja"),
    Script::One("ko"),
    Script::One("el"),
    Script::One("he"),
    Script::One("th"),
    Script::One("hy"),
    Script::One("ka"),
    Script::One("bn"),
    Script::One("pa"),
    Script::One("gu"),
    Script::One("ta"),
    Script::One("te"),
    Script::One("kn"),
    Script::One("ml"),
    Script::One("or"),
    Script::One("si"),
    Script::One("km"),
    Script::One("lo"),
    Script::One("my"),
    Script::One("am"),
    Script::One("bo"),
];

const HAN: usize = 4;
const KANA: usize = 5;
/// So many letters of another script are as good as one Latin letter: names and slang are Latin everywhere.
const LATIN_PER_OTHER: u32 = 2;
/// One kana in so many characters is enough: Chinese has none.
const HAN_PER_KANA: u32 = 10;

/// The place of the script of a letter; none for what is no letter.
#[inline]
fn place(letter: char) -> Option<usize> {
    if letter.is_ascii() {
        return letter.is_ascii_lowercase().then_some(0);
    }
    Some(match letter {
        '\u{aa}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' => 0,
        '\u{400}'..='\u{52f}' => 1,
        '\u{600}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}'
        | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}' => 2,
        '\u{900}'..='\u{97f}' => 3,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => HAN,
        '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => KANA,
        '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' => 6,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => 7,
        '\u{590}'..='\u{5ff}' => 8,
        '\u{e00}'..='\u{e7f}' => 9,
        '\u{530}'..='\u{58f}' => 10,
        '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' => 11,
        '\u{980}'..='\u{9ff}' => 12,
        '\u{a00}'..='\u{a7f}' => 13,
        '\u{a80}'..='\u{aff}' => 14,
        '\u{b80}'..='\u{bff}' => 15,
        '\u{c00}'..='\u{c7f}' => 16,
        '\u{c80}'..='\u{cff}' => 17,
        '\u{d00}'..='\u{d7f}' => 18,
        '\u{b00}'..='\u{b7f}' => 19,
        '\u{d80}'..='\u{dff}' => 20,
        '\u{1780}'..='\u{17ff}' => 21,
        '\u{e80}'..='\u{eff}' => 22,
        '\u{1000}'..='\u{109f}' => 23,
        '\u{1200}'..='\u{137f}' => 24,
        '\u{f00}'..='\u{fff}' => 25,
        _ => return None,
    })
}

/// The script of most letters, and how many letters it has; none where there are no letters.
pub(super) fn script(letters: &[char]) -> Option<(Script, u32)> {
    // Most texts are Latin with a letter of another script here and there at the most: that is told without
    // knowing which scripts these are.
    let (mut n_latin, mut n_other) = (0_u32, 0_u32);
    for &letter in letters {
        let is_latin = is_latin(letter);
        n_latin = n_latin.wrapping_add(u32::from(is_latin));
        n_other = n_other.wrapping_add(u32::from(!is_latin & (letter as u32 >= 0x80)));
    }
    if n_other == 0 || n_other.saturating_mul(LATIN_PER_OTHER) < n_latin {
        return (n_latin > 0).then_some((Script::Latin, n_latin));
    }
    script_of_several(letters)
}

/// Whether a letter counts as Latin: as [`place`] has it, but without a branch.
#[inline]
const fn is_latin(letter: char) -> bool {
    let code = letter as u32;
    let is_plain = code.wrapping_sub('a' as u32) < 26;
    let is_accented = code.wrapping_sub(0xaa) < 0x2b0 - 0xaa;
    is_plain | is_accented | (code.wrapping_sub(0x1e00) < 0x100)
}

/// As [`script`], by counting the letters of each script.
fn script_of_several(letters: &[char]) -> Option<(Script, u32)> {
    let mut counts = [0_u32; SCRIPTS.len()];
    for &letter in letters {
        if let Some(count) = place(letter).and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    let [n_latin, others @ ..] = &counts;
    let n_other: u32 = others.iter().sum();
    if n_other == 0 || n_other * LATIN_PER_OTHER < *n_latin {
        return (*n_latin > 0).then_some((Script::Latin, *n_latin));
    }
    let [_, _, _, _, n_han, n_kana, ..] = counts;
    let mut best = 1;
    for (place, count) in counts.iter().enumerate().skip(2) {
        if counts.get(best).is_some_and(|most| count > most) {
            best = place;
        }
    }
    if best == HAN && n_kana * HAN_PER_KANA >= n_han {
        best = KANA;
    }
    let n_letters = if best == KANA { n_han + n_kana } else { counts.get(best).copied()? };
    SCRIPTS.get(best).map(|script| (*script, n_letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_letters_are_those_of_the_first_place() {
        for letter in ('\0'..=char::MAX).take(0x3000) {
            assert_eq!(is_latin(letter), place(letter) == Some(0), "{letter:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_short_cut_changes_nothing(text in "[a-zéßа-я0-9 'かな漢字α-ωا-ي]{0,40}") {
            let letters: Vec<char> = text.chars().collect();
            proptest::prop_assert_eq!(script(&letters), script_of_several(&letters));
        }
    }
}
