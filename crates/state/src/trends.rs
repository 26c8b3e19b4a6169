//! The terms that rise in a window, strongest first.

use std::{cmp::Ordering, sync::Arc};

use smol_str::SmolStr;
use vigie_analysis::{TermView, TermWatch, usual_spelling};
use vigie_model::{FeedItem, Timestamp, Trend, Trends};

use crate::{
    feed::same_items,
    posts::{Posts, Record},
    windows::minutes,
};

/// Samples of a trend.
pub(crate) const MAX_SAMPLES: usize = 3;
/// A term's newest posts that are looked at for the way in which people write it.
const MAX_SPELLINGS: usize = 8;

/// The terms that rise in the `n_minutes` that end with the second `now`.
pub(crate) fn trends(terms: &mut TermWatch, posts: &Posts, now: i64, n_minutes: usize) -> Trends {
    let window = minutes(now.div_euclid(60), n_minutes);
    let parts: Vec<(i64, i64)> = window.parts().map(|part| (part.first, part.last)).collect();
    let views = terms.rising(now, window.len(), &parts);
    let terms_shown = without_doubles(views)
        .into_iter()
        .take(Trends::MAX_TERMS)
        .map(|(view, merged)| trend(&view, &merged, posts))
        .collect();
    Trends {
        window_mins: u32::try_from(n_minutes).unwrap_or(u32::MAX),
        terms: terms_shown,
        n_posts: terms.n_posts(now, window.len()),
        as_of: None,
    }
}

/// Whether two lists of trends show the same; equal pointers save the look at the samples.
pub(crate) fn same_trends(one: &Trends, other: &Trends) -> bool {
    let same = |one: &Trend, other: &Trend| {
        (&one.term, one.n_posts, one.n_authors, one.first_seen, &one.spark, &one.merged)
            == (
                &other.term,
                other.n_posts,
                other.n_authors,
                other.first_seen,
                &other.spark,
                &other.merged,
            )
            && one.baseline.total_cmp(&other.baseline) == Ordering::Equal
            && one.ratio.total_cmp(&other.ratio) == Ordering::Equal
            && one.suspicion.total_cmp(&other.suspicion) == Ordering::Equal
            && same_items(&one.samples, &other.samples)
    };
    (one.window_mins, one.n_posts, one.as_of, one.terms.len())
        == (other.window_mins, other.n_posts, other.as_of, other.terms.len())
        && one.terms.iter().zip(&other.terms).all(|(one, other)| same(one, other))
}

/// The same posts make a word, its pair and its hashtag rise: of these, the longest stays, in the strongest's place,
/// with the names of the others.
fn without_doubles(views: Vec<TermView>) -> Vec<(TermView, Vec<SmolStr>)> {
    let mut kept: Vec<(TermView, Vec<SmolStr>)> = Vec::new();
    for view in views {
        match kept.iter_mut().find(|(known, _)| are_doubles(known, &view)) {
            Some((known, merged)) if n_words(&view.name) > n_words(&known.name) => {
                merged.insert(0, known.name.clone());
                *known = view;
            }
            Some((_, merged)) => merged.push(view.name),
            None => kept.push((view, Vec::new())),
        }
    }
    // A longer name may be a double of what was kept apart before.
    let mut apart: Vec<(TermView, Vec<SmolStr>)> = Vec::new();
    for (view, merged) in kept {
        match apart.iter_mut().find(|(known, _)| are_doubles(known, &view)) {
            Some((_, names)) => {
                names.push(view.name);
                names.extend(merged);
            }
            None => apart.push((view, merged)),
        }
    }
    apart
}

fn n_words(text: &str) -> usize {
    text.split(' ').count()
}

/// Whether two terms are in about as many posts, and share a word or nearly all of their newest posts.
fn are_doubles(one: &TermView, other: &TermView) -> bool {
    let (few, many) = (one.n_posts.min(other.n_posts), one.n_posts.max(other.n_posts));
    if 4 * few < 3 * many {
        return false;
    }
    let words = |text: &'_ SmolStr| -> Vec<SmolStr> {
        text.trim_start_matches('#').split(' ').map(SmolStr::from).collect()
    };
    let theirs = words(&other.name);
    let shared = one.posts.iter().filter(|post| other.posts.contains(post)).count();
    words(&one.name).iter().any(|word| theirs.contains(word))
        || 4 * shared >= 3 * one.posts.len().max(other.posts.len())
}

fn trend(view: &TermView, merged: &[SmolStr], posts: &Posts) -> Trend {
    let records = || view.posts.iter().filter_map(|number| posts.get(*number));
    let texts: Vec<&str> = records().filter_map(text).take(MAX_SPELLINGS).collect();
    let mut names: Vec<SmolStr> = view.names.iter().chain(merged).cloned().collect();
    names.retain(|name| *name != view.name);
    names.truncate(Trend::MAX_MERGED);
    Trend {
        term: usual_spelling(texts.into_iter(), &view.name),
        n_posts: view.n_posts,
        baseline: view.rise.baseline,
        ratio: view.rise.ratio,
        n_authors: view.evidence.n_authors,
        spark: view.parts.iter().map(|part| u32::try_from(*part).unwrap_or(u32::MAX)).collect(),
        suspicion: view.evidence.suspicion,
        merged: names,
        first_seen: Timestamp::from_secs(view.first_minute.saturating_mul(60)),
        samples: samples(records()),
    }
}

fn text(record: &Record) -> Option<&str> {
    record.item.as_ref().map(|item| item.post.text.as_ref())
}

/// The newest posts that may be shown, newest first.
pub(crate) fn samples<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<Arc<FeedItem>> {
    let mut newest: Vec<&Record> = records.filter(|record| record.is_public()).collect();
    newest.sort_by_key(|record| std::cmp::Reverse((record.counted, record.order)));
    newest.iter().filter_map(|record| record.item.clone()).take(MAX_SAMPLES).collect()
}
