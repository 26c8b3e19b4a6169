//! Makes a post's text fit for drawing, and keeps its marked parts in place.

use std::ops::Range;

use egui::{Color32, epaint::text::has_emoji_presentation};
use unicode_segmentation::UnicodeSegmentation as _;

/// More combining marks than this on one letter are left out, so that no text paints over its neighbors.
const MAX_MARKS: usize = 4;

/// A text that is ready to be laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Clean {
    /// No control characters, no blank lines, single spaces.
    pub(crate) text: String,
    /// Parts in a color of their own, in order.
    pub(crate) colors: Vec<(Range<usize>, Color32)>,
    /// Whether not all of the text is here.
    pub(crate) cut: bool,
}

/// Cleans `text` and keeps at most `max_chars` characters of it.
pub(crate) fn clean(text: &str, marked: &[(Range<usize>, Color32)], max_chars: usize) -> Clean {
    let mut clean = Clean::default();
    let mut n_chars = 0;
    let mut n_marks = 0;
    let mut open = None;
    for (at, letter) in text.char_indices() {
        let color = marked.iter().find(|(range, _)| range.contains(&at)).map(|(_, color)| *color);
        if color != open.map(|(_, color)| color) {
            close(&mut clean, open);
            open = color.map(|color| (clean.text.len(), color));
        }
        n_marks = if is_mark(letter) { n_marks + 1 } else { 0 };
        if n_marks > MAX_MARKS {
            continue;
        }
        if n_chars >= max_chars {
            clean.cut = true;
            break;
        }
        if push(&mut clean.text, letter) {
            n_chars += 1;
        }
    }
    clean.text.truncate(clean.text.trim_end().len());
    close(&mut clean, open);
    clean
}

/// Adds `letter` unless the text has no need of it.
fn push(text: &mut String, letter: char) -> bool {
    let last = text.chars().next_back();
    match letter {
        '\n' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' | '\u{85}' => {
            text.truncate(text.trim_end_matches(' ').len());
            if text.is_empty() || text.ends_with('\n') {
                return false;
            }
            text.push('\n');
        }
        ' ' | '\t' | '\r' => {
            if matches!(last, None | Some(' ' | '\n')) {
                return false;
            }
            text.push(' ');
        }
        letter if letter.is_control() => return false,
        // What is left after a network has cut out an object, and the marks of byte order.
        '\u{fffc}' | '\u{feff}' => return false,
        letter => text.push(letter),
    }
    true
}

fn close(clean: &mut Clean, open: Option<(usize, Color32)>) {
    if let Some((start, color)) = open
        && start < clean.text.len()
    {
        clean.colors.push((start..clean.text.len(), color));
    }
}

/// Whether the character sits on the letter before it.
fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The parts of `text` that are to be drawn as emoji.
pub(crate) fn emoji_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    if text.is_ascii() {
        return ranges;
    }
    for (at, cluster) in text.grapheme_indices(true) {
        let emoji = !cluster.is_ascii()
            && (cluster.contains(['\u{fe0f}', '\u{20e3}']) || has_emoji_presentation(cluster));
        if !emoji {
            continue;
        }
        let end = at + cluster.len();
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end = end,
            _ => ranges.push(at..end),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(clean(text, &[], 1_000).text, expected);
    }

    #[test]
    fn white_space_is_squeezed() {
        check("  a \t b\r\n\r\n\n c  ", "a b\nc");
        check("\n\n\n", "");
        check("a\u{2028}b", "a\nb");
    }

    #[test]
    fn control_characters_go() {
        check("a\0b\u{7}c\u{fffc}d", "abcd");
        check("👨‍👩‍👧 ok", "👨‍👩‍👧 ok");
    }

    #[test]
    fn piles_of_marks_are_cut_down() {
        check(&format!("a{}b", "\u{301}".repeat(50)), "a\u{301}\u{301}\u{301}\u{301}b");
    }

    #[test]
    fn long_texts_are_cut_and_say_so() {
        let cut = clean(&"é".repeat(50), &[], 10);
        assert_eq!((cut.text.chars().count(), cut.cut), (10, true));
        assert!(!clean("é", &[], 10).cut);
    }

    #[test]
    fn colors_move_with_their_words() {
        let text = "a   #b c";
        let start = text.find('#').unwrap();
        let cleaned = clean(text, &[(start..start + 2, Color32::RED)], 100);
        assert_eq!(cleaned.text, "a #b c");
        assert_eq!(cleaned.colors, [(2..4, Color32::RED)]);
    }

    #[test]
    fn emoji_are_found_and_digits_are_not() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            let found: Vec<_> =
                emoji_ranges(text).into_iter().filter_map(|range| text.get(range)).collect();
            assert_eq!(found, expected);
        }
        check("a 1 b", &[]);
        check("1️⃣ go", &["1️⃣"]);
        check("x😀👍🏽y", &["😀👍🏽"]);
        check("© ©️", &["©️"]);
        check("🇸🇪 é", &["🇸🇪"]);
    }
}
