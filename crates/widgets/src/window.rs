//! What a heading says of a window of time: how long it is, and how old its newest data is.

use vigie_model::Micros;

use crate::widget::Moment;

const MINUTE: Micros = 60_000_000;

/// What to write beside the heading of a window of `window_mins`, the longest form first.
/// `filled` tells for equal parts of the window, newest first, whether something counts in them.
///
/// An age is named only from a minute on, and it is the least that it can be:
/// the newest part is not over, and the part with data may have got it at its end.
pub(crate) fn notes(
    moment: &Moment<'_>,
    window_mins: u32,
    filled: impl IntoIterator<Item = bool>,
) -> Vec<String> {
    let length = i64::from(window_mins) * MINUTE;
    let window = moment.words.span(length);
    let (mut n_empty, mut n_parts, mut seen) = (0_i64, 0_i64, false);
    for is_filled in filled {
        seen |= is_filled;
        n_parts += 1;
        n_empty += i64::from(!seen);
    }
    if !seen {
        return vec![window];
    }
    let still = moment.now.since(moment.snapshot.at).max(0);
    let quiet = (n_empty - 1).max(0) * (length / n_parts);
    let age = quiet.saturating_add(still);
    match moment.words.ago(age) {
        None => vec![window],
        // Where there is no room for both, the age is what people must not miss.
        Some(ago) => {
            vec![format!("{window} · {ago}"), ago, format!("−{}", moment.words.span(age))]
        }
    }
}

#[cfg(test)]
mod tests {
    use vigie_model::Snapshot;

    use super::*;
    use crate::{
        Freshness, Locale,
        testing::{NOW, words},
    };

    #[track_caller]
    fn check(filled: &str, still_mins: i64, expected: &str) {
        let words = words(Locale::Fr);
        let snapshot = Snapshot { at: NOW, ..Snapshot::default() };
        let now = NOW.plus(still_mins * MINUTE);
        let freshness = Freshness::Fresh;
        let moment =
            Moment { snapshot: &snapshot, now, words: &words, freshness, pictures_version: 0 };
        let notes = notes(&moment, 15, filled.chars().rev().map(|part| part == '#'));
        assert_eq!(notes[0].replace('\u{a0}', " "), expected, "{filled}");
    }

    #[test]
    fn windows_tell_the_age_of_their_data() {
        check("###############", 0, "15 min");
        check("#.............#", 0, "15 min");
        check("#############..", 0, "15 min · il y a 1 min");
        check("##########.....", 0, "15 min · il y a 4 min");
        check("###############", 2, "15 min · il y a 2 min");
        check("##########.....", 2, "15 min · il y a 6 min");
        check("###..", 0, "15 min · il y a 3 min");
    }

    #[test]
    fn windows_without_data_have_no_age() {
        check("...............", 7, "15 min");
        check("", 7, "15 min");
    }
}
