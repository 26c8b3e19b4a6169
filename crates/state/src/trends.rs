//! The terms that rise in a window, strongest first.

use std::{cmp::Ordering, sync::Arc};

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use vigie_analysis::{Sighting, TrendScore, spelling, trend_score};
use vigie_model::{FeedItem, Timestamp, Trend, Trends};

use crate::{
    feed::same_items,
    posts::{Posts, Record},
    terms::{PAST_WINDOWS, TermCount, TermNames, TermTable},
    windows::{Minutes, minutes},
};

/// Terms that are looked at closely: enough that twenty remain when near doubles are left out.
const MAX_CANDIDATES: usize = 48;
/// A term's newest posts that are looked at for authors; beyond, the number of authors is a lower bound.
const MAX_AUTHOR_POSTS: usize = 1_024;
/// A term's newest posts that are looked at for the way in which people write it.
const MAX_SPELLINGS: usize = 8;
/// Fewer posts than this are no trend.
const MIN_POSTS: u64 = 4;
/// Weaker rises than this are noise.
const MIN_STRENGTH: f64 = 1.5;
/// Samples of a trend.
const MAX_SAMPLES: usize = 3;

/// A term that may be shown.
struct Candidate<'a> {
    text: &'a SmolStr,
    count: &'a TermCount,
    sighting: Sighting,
    score: TrendScore,
}

/// The terms of `table` that rise in the `n_minutes` that end with the minute `now`.
pub(crate) fn trends(
    table: &TermTable,
    names: &TermNames,
    posts: &Posts,
    now: i64,
    n_minutes: usize,
) -> Trends {
    let window = minutes(now, n_minutes);
    let n_posts = table.total(&window);
    let mut candidates = candidates(table, names, &window, n_posts);
    for candidate in &mut candidates {
        candidate.sighting.n_authors = n_authors(candidate.count, posts, &window);
        candidate.score = trend_score(&candidate.sighting);
    }
    candidates.retain(|candidate| candidate.score.strength >= MIN_STRENGTH);
    candidates.sort_unstable_by(by_strength);
    let terms = without_doubles(candidates)
        .iter()
        .take(Trends::MAX_TERMS)
        .map(|candidate| trend(candidate, posts, &window))
        .collect();
    Trends {
        window_mins: u32::try_from(n_minutes).unwrap_or(u32::MAX),
        terms,
        n_posts,
        as_of: None,
    }
}

/// Whether two lists of trends show the same; equal pointers save the look at the samples.
pub(crate) fn same_trends(one: &Trends, other: &Trends) -> bool {
    let same = |one: &Trend, other: &Trend| {
        (&one.term, one.n_posts, one.n_authors, one.first_seen, &one.spark)
            == (&other.term, other.n_posts, other.n_authors, other.first_seen, &other.spark)
            && one.baseline.total_cmp(&other.baseline) == Ordering::Equal
            && one.ratio.total_cmp(&other.ratio) == Ordering::Equal
            && same_items(&one.samples, &other.samples)
    };
    (one.window_mins, one.n_posts, one.as_of, one.terms.len())
        == (other.window_mins, other.n_posts, other.as_of, other.terms.len())
        && one.terms.iter().zip(&other.terms).all(|(one, other)| same(one, other))
}

/// The strongest terms, if each post had an author of its own.
fn candidates<'a>(
    table: &'a TermTable,
    names: &'a TermNames,
    window: &Minutes,
    n_all: u64,
) -> Vec<Candidate<'a>> {
    let past = Minutes {
        first: window.first.saturating_sub(window.len().saturating_mul(n_past_windows())),
        last: window.first.saturating_sub(1),
    };
    let n_past_all = table.total(&past);
    let mut candidates: Vec<_> = table
        .terms(MIN_POSTS)
        .filter_map(|(number, count)| {
            let n_posts = count.n_posts(window);
            if n_posts < MIN_POSTS {
                return None;
            }
            let n_past_posts = count.n_posts(&past);
            let sighting =
                Sighting { n_posts, n_authors: n_posts, n_all, n_past_posts, n_past_all };
            let score = trend_score(&sighting);
            let text = names.text(number)?;
            (score.strength >= MIN_STRENGTH).then_some(Candidate { text, count, sighting, score })
        })
        .collect();
    if candidates.len() > MAX_CANDIDATES {
        candidates.select_nth_unstable_by(MAX_CANDIDATES, by_strength);
        candidates.truncate(MAX_CANDIDATES);
    }
    candidates
}

fn n_past_windows() -> i64 {
    i64::try_from(PAST_WINDOWS).unwrap_or(1)
}

/// Strongest first; equals by the alphabet, so that the order is always the same.
fn by_strength(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    other.score.strength.total_cmp(&one.score.strength).then_with(|| one.text.cmp(other.text))
}

fn in_window<'a>(
    count: &'a TermCount,
    posts: &'a Posts,
    window: &Minutes,
) -> impl Iterator<Item = &'a Record> {
    let window = window.clone();
    count.newest(posts).filter(move |record| window.contains(record.minute()))
}

fn n_authors(count: &TermCount, posts: &Posts, window: &Minutes) -> u64 {
    let newest = in_window(count, posts, window).take(MAX_AUTHOR_POSTS);
    let authors: FxHashSet<_> = newest.map(|record| record.author).collect();
    authors.len() as u64
}

/// The same posts make a word, its pair and its hashtag rise: of these, the longest stays, in the strongest's place.
fn without_doubles(candidates: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    let mut kept: Vec<Candidate<'_>> = Vec::new();
    for candidate in candidates {
        match kept.iter().position(|known| are_doubles(known, &candidate)) {
            Some(place) if kept.iter().all(|known| !says_more(known, &candidate)) => {
                let mut later = kept.split_off(place);
                later.retain(|known| !are_doubles(known, &candidate));
                kept.push(candidate);
                kept.append(&mut later);
            }
            Some(_) => {}
            None => kept.push(candidate),
        }
    }
    kept
}

/// Whether `one` is a double of `other` and has as many words, or more.
fn says_more(one: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    n_words(one.text) >= n_words(other.text) && are_doubles(one, other)
}

fn n_words(text: &str) -> usize {
    text.split(' ').count()
}

/// Whether two terms share a word and are in about as many posts.
fn are_doubles(one: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    let (few, many) = (
        one.sighting.n_posts.min(other.sighting.n_posts),
        one.sighting.n_posts.max(other.sighting.n_posts),
    );
    let words = |text: &'_ SmolStr| -> Vec<SmolStr> {
        text.trim_start_matches('#').split(' ').map(SmolStr::from).collect()
    };
    let theirs = words(other.text);
    4 * few >= 3 * many && words(one.text).iter().any(|word| theirs.contains(word))
}

fn trend(candidate: &Candidate<'_>, posts: &Posts, window: &Minutes) -> Trend {
    let count = candidate.count;
    let shown = |record: &'_ &Record| !record.hidden;
    let mut newest: Vec<_> = in_window(count, posts, window)
        .filter(shown)
        .filter_map(|record| Some((record.order, record.item.as_ref()?)))
        .take(MAX_SPELLINGS)
        .collect();
    newest.sort_unstable_by_key(|(order, _)| std::cmp::Reverse(*order));
    let samples: Vec<Arc<FeedItem>> =
        newest.iter().take(MAX_SAMPLES).map(|(_, item)| Arc::clone(item)).collect();
    let texts = newest.iter().map(|(_, item)| &*item.post.text);
    Trend {
        term: usual_spelling(texts, candidate.text),
        n_posts: candidate.sighting.n_posts,
        baseline: candidate.score.baseline,
        ratio: candidate.score.ratio,
        n_authors: candidate.sighting.n_authors,
        spark: window
            .parts()
            .map(|part| u32::try_from(count.n_posts(&part)).unwrap_or(u32::MAX))
            .collect(),
        suspicion: 0.0,
        merged: Vec::new(),
        first_seen: Timestamp::from_secs(count.first_minute().saturating_mul(60)),
        samples,
    }
}

/// The term as most of `texts` write it; as it is folded where none does.
pub(crate) fn usual_spelling<'a>(texts: impl Iterator<Item = &'a str>, term: &SmolStr) -> SmolStr {
    let mut spellings: Vec<(SmolStr, usize)> = Vec::new();
    for text in texts {
        let Some(written) = spelling(text, term) else { continue };
        match spellings.iter_mut().find(|(known, _)| *known == written) {
            Some((_, n_times)) => *n_times += 1,
            None => spellings.push((written, 1)),
        }
    }
    // Of equals, the newest post's.
    spellings
        .into_iter()
        .rev()
        .max_by_key(|(_, n_times)| *n_times)
        .map_or_else(|| term.clone(), |(written, _)| written)
}
