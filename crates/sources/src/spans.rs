//! Finds links, hashtags and mentions in plain text, for senders that do not mark them.
//!
//! Pure and linear; the spans are in order, do not overlap and lie on characters' borders.

use smol_str::SmolStr;

use crate::model::{AuthorId, Span, SpanKind};

/// A text with more marks than this is a list, not a message; the rest stays plain text.
pub(crate) const MAX_SPANS: usize = 200;

/// Longer tags and handles than this are not meant as such.
const MAX_NAME_CHARS: usize = 100;

/// Longer addresses than this are cut off by most servers.
const MAX_LINK_BYTES: usize = 2_048;

/// The links, hashtags and mentions in `text`; accounts belong to `network`.
pub(crate) fn find(text: &str, network: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut before = None;
    let mut rest_from = 0;
    for (start, letter) in text.char_indices() {
        let fresh = start >= rest_from && !before.is_some_and(is_name_char);
        before = Some(letter);
        if !fresh {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        let Some((n_bytes, kind)) = mark(letter, rest, network) else { continue };
        rest_from = start + n_bytes;
        if let Some(span) = span(start, rest_from, kind) {
            spans.push(span);
        }
        if spans.len() >= MAX_SPANS {
            break;
        }
    }
    spans
}

/// Adds those of `found` that lie beside all of `spans`, and puts all in order.
pub(crate) fn merge(spans: &mut Vec<Span>, found: Vec<Span>) {
    let n_given = spans.len();
    for span in found {
        let given = spans.iter().take(n_given);
        if given.into_iter().all(|other| span.end <= other.start || other.end <= span.start) {
            spans.push(span);
        }
    }
    spans.sort_by_key(|span| span.start);
    spans.truncate(MAX_SPANS);
}

/// A span over these bytes, or nothing where a text is that long that no span can point into it.
pub(crate) fn span(start: usize, end: usize, kind: SpanKind) -> Option<Span> {
    Some(Span { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()?, kind })
}

/// The address, without what a sentence puts behind it, where `rest` begins with one.
pub(crate) fn leading_link(rest: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| {
        rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    })?;
    let ends = |letter: char| {
        letter.is_whitespace() || letter.is_control() || matches!(letter, '<' | '>' | '"' | '`')
    };
    let end = rest.find(ends).unwrap_or(rest.len());
    let mut link = rest.get(..end)?;
    while let Some(last) = link.chars().next_back() {
        let closes = last == ')' && link.matches(')').count() > link.matches('(').count();
        if !closes && !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '»' | '”')
        {
            break;
        }
        link = link.get(..link.len() - last.len_utf8())?;
    }
    (link.len() > scheme.len() && link.len() <= MAX_LINK_BYTES).then_some(link)
}

/// What begins at the front of `rest`, whose first character is `letter`.
fn mark(letter: char, rest: &str, network: &str) -> Option<(usize, SpanKind)> {
    match letter {
        '#' | '＃' => {
            let name = name(rest, letter, is_name_char)?;
            let is_number = name.chars().all(char::is_numeric);
            (!is_number)
                .then(|| (letter.len_utf8() + name.len(), SpanKind::Tag(SmolStr::new(name))))
        }
        '@' => {
            let fits = |letter: char| is_name_char(letter) || matches!(letter, '.' | '-' | '@');
            let name = name(rest, letter, fits)?.trim_end_matches(['.', '-', '@']);
            let starts_well = name.chars().next().is_some_and(is_name_char);
            starts_well.then(|| (1 + name.len(), SpanKind::Mention(AuthorId::new(network, name))))
        }
        'h' | 'H' => {
            let link = leading_link(rest)?;
            Some((link.len(), SpanKind::Link(link.into())))
        }
        _ => None,
    }
}

/// The characters after the `first` one that fit, where they are a name.
fn name(rest: &str, first: char, fits: impl Fn(char) -> bool) -> Option<&str> {
    let rest = rest.get(first.len_utf8()..)?;
    let end = rest.find(|letter| !fits(letter)).unwrap_or(rest.len());
    let name = rest.get(..end)?;
    (!name.is_empty() && name.chars().take(MAX_NAME_CHARS + 1).count() <= MAX_NAME_CHARS)
        .then_some(name)
}

/// Letters, digits, `_`, and the signs that many scripts write words with.
fn is_name_char(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || is_word_sign(letter)
}

/// Joiners, accents, and the vowel killers of the Indic scripts: parts of words, yet not letters.
const fn is_word_sign(letter: char) -> bool {
    matches!(
        letter,
        '\u{200c}' | '\u{200d}' | '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{94d}'
            | '\u{9bc}' | '\u{9cd}' | '\u{a3c}' | '\u{a4d}' | '\u{abc}' | '\u{acd}' | '\u{b4d}'
            | '\u{bcd}' | '\u{c4d}' | '\u{ccd}' | '\u{d4d}' | '\u{dca}' | '\u{e47}'..='\u{e4e}'
            | '\u{f84}' | '\u{1039}' | '\u{103a}' | '\u{17d2}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let words: Vec<&str> =
            find(text, "n").iter().filter_map(|span| text.get(span.range())).collect();
        assert_eq!(words, expected);
    }

    #[test]
    fn finds_what_people_write() {
        check("#SNCF en retard, @sncf !", &["#SNCF", "@sncf"]);
        check("voir https://example.org/a?b=1#c.", &["https://example.org/a?b=1#c"]);
        check("(https://example.org/a_(b))", &["https://example.org/a_(b)"]);
        check("#été＃夏 ＃夏祭り", &["#été", "＃夏祭り"]);
        check("#हिन्दी #مرحبا", &["#हिन्दी", "#مرحبا"]);
        check("ask @ada@example.social.", &["@ada@example.social"]);
        check("a#b me@example.org #1 # @ @. http:// https://", &[]);
        check("@a-b- #x-y", &["@a-b", "#x"]);
    }

    #[test]
    fn merged_spans_stand_beside_given_ones() {
        let text = "#a #b";
        let mut spans = vec![span(0, 2, SpanKind::Link("x".into())).unwrap()];
        merge(&mut spans, find(text, "n"));
        assert_eq!(spans.len(), 2);
        assert_eq!(spans[1].kind, SpanKind::Tag("b".into()));
    }

    proptest! {
        #[test]
        fn spans_lie_on_borders_in_order(text in "[#@h\\.:/ aé夏✊🏽\u{200d}tps]{0,60}") {
            let mut end = 0;
            for span in find(&text, "n") {
                prop_assert!(span.start >= end && span.end > span.start);
                prop_assert!(text.get(span.range()).is_some());
                end = span.end;
            }
        }
    }
}
