//! The words of a post that moved its score, told by a triangle behind each and by color.

use std::ops::Range;

use egui::Color32;
use vigie_model::{Explanation, Post, Reason};

use crate::theme::color;

/// Words that are marked; more of them would tell nothing.
const MAX_REASONS: usize = 4;
/// Parts smaller than this, of the largest, are not worth a mark.
const LEAST_PART: f32 = 0.4;

/// A text with its marks, and the colors of its parts.
#[derive(Debug)]
pub struct Marked {
    /// The text.
    pub text: String,
    /// The colors of its parts, in order, without overlap.
    pub colors: Vec<(Range<usize>, Color32)>,
}

/// The post's text with a triangle behind each word that counts most.
pub(super) fn marked(
    post: &Post,
    explanation: &Explanation,
    colors: &[(Range<usize>, Color32)],
) -> Marked {
    let mut chosen = chosen(post, explanation);
    chosen.sort_by_key(|reason| reason.range.end);
    let mut marked =
        Marked { text: String::with_capacity(post.text.len() + 16), colors: Vec::new() };
    // What stands behind a mark has moved by so much.
    let mut moved: Vec<(usize, usize)> = vec![(0, 0)];
    let mut from = 0;
    for reason in &chosen {
        marked.text.push_str(post.text.get(from..reason.range.end).unwrap_or_default());
        from = reason.range.end;
        marked.text.push(if reason.weight < 0.0 { '▼' } else { '▲' });
        moved.push((from, marked.text.len() - from));
    }
    marked.text.push_str(post.text.get(from..).unwrap_or_default());
    let place = |at: usize| {
        let known = moved.partition_point(|(start, _)| *start < at).saturating_sub(1);
        at + moved.get(known).map_or(0, |(_, by)| *by)
    };
    let is_free = |range: &Range<usize>| {
        !chosen
            .iter()
            .any(|reason| reason.range.start < range.end && range.start < reason.range.end)
    };
    marked.colors.extend(
        colors
            .iter()
            .filter(|(range, _)| is_free(range))
            .map(|(range, color)| (place(range.start + 1) - 1..place(range.end), *color)),
    );
    for reason in &chosen {
        let tone = if reason.weight < 0.0 { color::BAD } else { color::GOOD };
        let start = place(reason.range.start + 1) - 1;
        marked.colors.push((start..place(reason.range.end) + '▼'.len_utf8(), tone));
    }
    marked.colors.sort_by_key(|(range, _)| range.start);
    marked
}

/// The weightiest parts that stand for themselves, without overlap.
fn chosen<'a>(post: &Post, explanation: &'a Explanation) -> Vec<&'a Reason> {
    let mut chosen: Vec<&Reason> = Vec::new();
    let largest = explanation.reasons.iter().map(|reason| reason.weight.abs()).fold(0.0, f32::max);
    for reason in &explanation.reasons {
        let says = post.text.get(reason.range.clone()).is_some_and(|part| !part.trim().is_empty());
        // Tags, mentions and links are what the query asked for, not what people say.
        let is_linked = post.spans.iter().any(|span| {
            span.range().start < reason.range.end && reason.range.start < span.range().end
        });
        let overlaps = |known: &&Reason| {
            known.range.start < reason.range.end && reason.range.start < known.range.end
        };
        if says
            && !is_linked
            && reason.weight.abs() >= largest * LEAST_PART
            && reason.weight.is_finite()
            && !chosen.iter().any(overlaps)
        {
            chosen.push(reason);
        }
        if chosen.len() == MAX_REASONS {
            break;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::post;

    #[track_caller]
    fn check(text: &str, reasons: &[(&str, f32)], expected: &str, parts: &[&str]) {
        let post = post(0, ("x", "a", "a"), text);
        let reasons = reasons.iter().map(|(word, weight)| {
            let start = text.find(word).unwrap();
            Reason { range: start..start + word.len(), weight: *weight }
        });
        let explanation = Explanation { reasons: reasons.collect(), base: 0.0 };
        let tags: Vec<_> =
            text.find('#').map(|at| (at..text.len(), color::LINK)).into_iter().collect();
        let marked = marked(&post, &explanation, &tags);
        assert_eq!(marked.text, expected);
        let found: Vec<_> =
            marked.colors.iter().filter_map(|(range, _)| marked.text.get(range.clone())).collect();
        assert_eq!(found, parts);
    }

    #[test]
    fn words_carry_their_triangle() {
        check(
            "Bravo, mais quel retard #TER",
            &[("retard", -0.5), ("Bravo", 0.4), ("mais", -0.01)],
            "Bravo▲, mais quel retard▼ #TER",
            &["Bravo▲", "retard▼", "#TER"],
        );
        check("rien", &[], "rien", &[]);
        check("😡", &[("😡", -1.0)], "😡▼", &["😡▼"]);
    }
}
