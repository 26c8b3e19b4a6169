//! Several terms of the same posts are one topic, told of once.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{
    key::TermKey,
    tracked::Tracked,
    watch::{Burst, Found, float, silent_from},
};

/// Topics that are remembered at once; the oldest go first.
const MAX_TOPICS: usize = 64;
/// A term belongs to a topic where the topic has so large a part of its posts.
const SAME_POSTS: f64 = 0.6;
/// A longer term stands for a shorter one that has little more posts.
const NEARLY_ALL: f64 = 0.7;
/// Posts of the last minutes are compared.
const COMPARED_SECS: i64 = 180;
/// Where there are that many in the last minute, these alone: they tell what rises from what was there.
const ENOUGH_POSTS: usize = 20;
const SOON_SECS: i64 = 60;
/// Posts of a burst that are named.
const MAX_POSTS: usize = 48;
/// Other names of a topic.
const MAX_NAMES: usize = 8;

/// The bursts that go on, or ended not long ago.
#[derive(Clone, Debug, Default)]
pub(super) struct Topics {
    topics: Vec<Topic>,
}

#[derive(Clone, Debug)]
struct Topic {
    key: TermKey,
    last: i64,
}

impl Topics {
    pub(super) fn holds(&self, key: u32) -> bool {
        self.topics.iter().any(|topic| topic.key.bits() == key)
    }

    pub(super) fn last_seen(&self, key: TermKey) -> Option<i64> {
        self.topics.iter().find(|topic| topic.key == key).map(|topic| topic.last)
    }

    /// Forgets the topics that have been over for long.
    pub(super) fn forget(&mut self, now: i64) {
        self.topics.retain(|topic| silent_from(topic.last) > now);
    }

    fn goes_on(&mut self, key: u32, now: i64) {
        for topic in self.topics.iter_mut().filter(|topic| topic.key.bits() == key) {
            topic.last = now;
        }
    }

    fn add(&mut self, key: TermKey, now: i64) {
        if self.topics.len() >= MAX_TOPICS {
            self.topics.remove(0);
        }
        self.topics.push(Topic { key, last: now });
    }
}

/// The posts of the strongest of some terms, and all of these.
type Group = (FxHashSet<u32>, Vec<(u32, Found)>);

/// Makes bursts of what was found: one for each topic, and none for topics that are known.
pub(super) fn raise(
    tracked: &mut [Tracked],
    places: &FxHashMap<u32, u32>,
    topics: &mut Topics,
    mut found: Vec<(u32, Found)>,
    now: i64,
) -> Vec<Burst> {
    found.retain(|(place, found)| {
        let Some(term) = tracked.get_mut(*place as usize) else { return false };
        let is_silent = term.silent_until > now;
        if is_silent {
            term.silent_until = silent_from(now);
            topics.goes_on(term.key, now);
        }
        found.begins && !is_silent
    });
    if found.is_empty() {
        return Vec::new();
    }
    found.sort_by(|(one_place, one), (other_place, other)| {
        let by_surprise = other.rise.surprise.total_cmp(&one.rise.surprise);
        by_surprise.then_with(|| name(tracked, *one_place).cmp(&name(tracked, *other_place)))
    });
    let known: Vec<u32> =
        topics.topics.iter().filter_map(|topic| places.get(&topic.key.bits()).copied()).collect();
    let known_posts: Vec<_> = known.iter().map(|place| all_posts(tracked, *place, now)).collect();
    let mut groups: Vec<Group> = Vec::new();
    for (place, found) in found {
        let own = posts(tracked, place, now);
        if known_posts.iter().any(|theirs| part_in(&own, theirs) >= SAME_POSTS) {
            silence(tracked, place, now);
            continue;
        }
        let group = groups.iter_mut().find(|(theirs, _)| part_in(&own, theirs) >= SAME_POSTS);
        silence(tracked, place, now);
        match group {
            Some((_, members)) => members.push((place, found)),
            None => groups.push((own, vec![(place, found)])),
        }
    }
    let bursts = groups.into_iter().filter_map(|(_, members)| burst(tracked, &members, now));
    bursts.inspect(|burst| topics.add(burst.key, now)).collect()
}

fn name(tracked: &[Tracked], place: u32) -> SmolStr {
    tracked.get(place as usize).map(Tracked::name).unwrap_or_default()
}

fn silence(tracked: &mut [Tracked], place: u32, now: i64) {
    if let Some(term) = tracked.get_mut(place as usize) {
        term.silent_until = silent_from(now);
    }
}

fn posts(tracked: &[Tracked], place: u32, now: i64) -> FxHashSet<u32> {
    let Some(term) = tracked.get(place as usize) else { return FxHashSet::default() };
    let since = |secs: i64| term.posts.since(now.saturating_sub(secs)).map(|seen| seen.post);
    let newest: FxHashSet<u32> = since(SOON_SECS).collect();
    if newest.len() >= ENOUGH_POSTS { newest } else { since(COMPARED_SECS).collect() }
}

fn all_posts(tracked: &[Tracked], place: u32, now: i64) -> FxHashSet<u32> {
    let newest = tracked.get(place as usize).map(|term| term.posts.since(now - COMPARED_SECS));
    newest.into_iter().flatten().map(|seen| seen.post).collect()
}

/// The part of `own` that lies in `theirs`.
fn part_in(own: &FxHashSet<u32>, theirs: &FxHashSet<u32>) -> f64 {
    let n_shared = own.intersection(theirs).count();
    let float = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if own.is_empty() { 0.0 } else { float(n_shared) / float(own.len()) }
}

/// One burst for terms of the same posts: the strongest, or a longer one that it is part of.
fn burst(tracked: &[Tracked], members: &[(u32, Found)], now: i64) -> Option<Burst> {
    let (first_place, first) = members.first()?;
    let strongest = name(tracked, *first_place);
    let says_more = |(place, found): &&(u32, Found)| {
        let other = name(tracked, *place);
        contains_words(&other, &strongest)
            && float(found.n_posts) >= NEARLY_ALL * float(first.n_posts)
    };
    let longest = members.iter().skip(1).filter(says_more);
    let longest = longest.max_by_key(|(place, _)| name(tracked, *place).split(' ').count());
    let (place, found) = longest.or_else(|| members.first())?;
    let term = tracked.get(*place as usize)?;
    let names = term.names();
    let newest = term.posts.since(now - COMPARED_SECS).take(MAX_POSTS);
    Some(Burst {
        key: TermKey::from_bits(term.key),
        at: now + 1,
        term: term.name(),
        names,
        joined: members
            .iter()
            .filter(|(other, _)| other != place)
            .map(|(other, _)| name(tracked, *other))
            .take(MAX_NAMES)
            .collect(),
        n_posts: found.n_posts,
        rise: found.rise,
        evidence: found.evidence,
        posts: newest.map(|seen| seen.post).collect(),
    })
}

/// Whether `long` has all words of `short`, and more.
fn contains_words(long: &str, short: &str) -> bool {
    let short = short.trim_start_matches('#');
    long.contains(' ')
        && long.len() > short.len()
        && short.split(' ').all(|word| long.split(' ').any(|other| other == word))
}
