//! Moods by topic and by language.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;
use vigie_analysis::usual_spelling;
use vigie_model::{Board, FeedItem, Language, MoodPoint, Topic};

use crate::{
    heard::Heard,
    posts::{Class, Posts, Record},
    terms::{TermNames, TermNo},
    windows::minutes,
};

/// Fewer posts with a class than this make no topic.
const MIN_POSTS: u64 = 3;
/// A smaller lead than this is chance.
const MIN_LEAD: u64 = 2;
/// What is in more than this part of all posts is what the query asked for, not a topic of its own.
const MAX_SHARE: (u64, u64) = (3, 5);
/// Posts that show what is meant.
const MAX_SAMPLES: usize = 3;
/// The newest posts of the room that are looked at.
const MAX_LOOKED_AT: usize = 1 << 15;

/// The newest posts of a topic that are compared with those of another.
const MAX_COMPARED: usize = 8;

/// A topic while it is counted.
#[derive(Default)]
struct Count<'a> {
    mood: MoodPoint,
    /// Its newest posts, counted from the newest of all, which is 1; 0 where there are fewer.
    newest: [u64; MAX_COMPARED],
    /// The newest posts of each side, negative ones first.
    samples: [Vec<&'a Arc<FeedItem>>; 2],
}

/// The moods of a query's posts in the `n_minutes` that end with the minute `now`; posts of this tick are left out.
pub(crate) fn board(
    posts: &Posts,
    names: &TermNames,
    languages: &[Language],
    (now, n_minutes): (i64, usize),
    belongs: impl Fn(&Record) -> bool,
) -> Board {
    let window = minutes(now, n_minutes);
    let mut counts: FxHashMap<TermNo, Count<'_>> = FxHashMap::default();
    let mut by_language: BTreeMap<u8, MoodPoint> = BTreeMap::new();
    let mut n_posts = 0;
    let mut heard = Heard::default();
    let newest = posts
        .newest()
        .take(MAX_LOOKED_AT)
        .filter(|record| record.merged && belongs(record) && window.contains(record.minute()))
        .take(Board::MAX_POSTS);
    for record in newest {
        n_posts += 1;
        heard.add(record.received);
        count(by_language.entry(record.language).or_default(), record.class);
        let side = match record.class {
            Class::Negative => Some(0),
            Class::Positive => Some(1),
            _ => None,
        };
        for term in &record.terms {
            let entry = counts.entry(*term).or_default();
            if let Ok(place) = usize::try_from(entry.mood.n_posts())
                && let Some(newest) = entry.newest.get_mut(place)
            {
                *newest = n_posts;
            }
            count(&mut entry.mood, record.class);
            if let Some(samples) = side.and_then(|side: usize| entry.samples.get_mut(side))
                && samples.len() < MAX_SAMPLES
                && record.is_public()
            {
                samples.extend(&record.item);
            }
        }
    }
    let mut languages: Vec<(Language, MoodPoint)> = by_language
        .into_iter()
        .map(|(place, mood)| (languages.get(usize::from(place)).cloned().unwrap_or_default(), mood))
        .collect();
    languages.sort_by(|(one_name, one), (other_name, other)| {
        other.n_posts().cmp(&one.n_posts()).then_with(|| one_name.cmp(other_name))
    });
    languages.truncate(Board::MAX_LANGUAGES);
    Board {
        window_mins: u32::try_from(n_minutes).unwrap_or(u32::MAX),
        topics: topics(&counts, names, n_posts),
        languages,
        n_posts,
        as_of: heard.last(),
    }
}

/// Whether two boards show the same; equal pointers save the look at the posts.
pub(crate) fn same_board(one: &Board, other: &Board) -> bool {
    let same = |one: &Topic, other: &Topic| {
        (&one.term, one.mood) == (&other.term, other.mood)
            && crate::feed::same_items(&one.samples, &other.samples)
    };
    (one.window_mins, one.n_posts, one.as_of, &one.languages)
        == (other.window_mins, other.n_posts, other.as_of, &other.languages)
        && one.topics.len() == other.topics.len()
        && one.topics.iter().zip(&other.topics).all(|(one, other)| same(one, other))
}

const fn count(mood: &mut MoodPoint, class: Class) {
    match class {
        Class::Negative => mood.n_negative += 1,
        Class::Neutral => mood.n_neutral += 1,
        Class::Positive => mood.n_positive += 1,
        Class::Unsure => mood.n_unsure += 1,
    }
}

/// The topics with a lead, strengths first and weaknesses last.
fn topics(counts: &FxHashMap<TermNo, Count<'_>>, names: &TermNames, n_all: u64) -> Vec<Topic> {
    let (few, many) = MAX_SHARE;
    let mut leading: Vec<(&str, &Count<'_>)> = counts
        .iter()
        .filter(|(_, count)| {
            let mood = &count.mood;
            mood.n_sure() >= MIN_POSTS
                && mood.lead().unsigned_abs() >= MIN_LEAD
                && mood.n_posts() * many <= n_all * few
        })
        .filter_map(|(term, count)| Some((names.text(*term)?.as_str(), count)))
        .collect();
    // Strongest leads first; of equals the one with more words, which says more.
    leading.sort_unstable_by_key(|(text, count)| {
        (Reverse(count.mood.lead().unsigned_abs()), Reverse(n_words(text)), *text)
    });
    let mut kept: Vec<(&str, &Count<'_>)> = Vec::new();
    let mut n_kept = [0_usize; 2];
    for (text, count) in leading {
        let side = usize::from(count.mood.lead() > 0);
        let Some(n_side) = n_kept.get_mut(side) else { continue };
        match kept.iter_mut().find(|(known, other)| are_doubles((known, other), (text, count))) {
            // A phrase says what happened; it stands for the word where it is in nearly as many posts.
            Some((known, other))
                if n_words(text) > n_words(known)
                    && 4 * count.mood.n_posts() >= 3 * other.mood.n_posts() =>
            {
                (*known, *other) = (text, count);
            }
            Some(_) => {}
            None if *n_side < Board::MAX_TOPICS => {
                *n_side += 1;
                kept.push((text, count));
            }
            None => {}
        }
    }
    kept.sort_by_key(|(_, count)| Reverse(count.mood.lead()));
    kept.into_iter().map(|(text, count)| topic(text, count)).collect()
}

fn topic(text: &str, count: &Count<'_>) -> Topic {
    let [negative, positive] = &count.samples;
    let samples: Vec<Arc<FeedItem>> =
        if count.mood.lead() > 0 { positive } else { negative }.iter().copied().cloned().collect();
    let texts = samples.iter().map(|item| &*item.post.text);
    Topic { term: usual_spelling(texts, &text.into()), mood: count.mood, samples }
}

fn n_words(text: &str) -> usize {
    text.split(' ').count()
}

/// Whether two terms lean the same way and share a word or nearly all of their newest posts: one stands for both.
fn are_doubles((one, first): (&str, &Count<'_>), (other, second): (&str, &Count<'_>)) -> bool {
    let same_side = (first.mood.lead() > 0) == (second.mood.lead() > 0);
    let (few, many) = (
        first.mood.n_posts().min(second.mood.n_posts()),
        first.mood.n_posts().max(second.mood.n_posts()),
    );
    let mut words = one.trim_start_matches('#').split(' ');
    same_side
        && 2 * few >= many
        && (words.any(|word| other.trim_start_matches('#').split(' ').any(|known| known == word))
            || share_posts(&first.newest, &second.newest))
}

/// Whether three in four of the newest posts are the same.
fn share_posts(one: &[u64; MAX_COMPARED], other: &[u64; MAX_COMPARED]) -> bool {
    let known = |posts: &[u64]| posts.iter().filter(|post| **post > 0).count();
    let shared = one.iter().filter(|post| **post > 0 && other.contains(post)).count();
    4 * shared >= 3 * known(one).max(known(other)) && shared >= MAX_COMPARED / 2
}
