//! The posts that moved a mood.

use std::sync::Arc;

use vigie_model::{Attitude, Movement, Mover, Movers};

use crate::{
    posts::{Class, Posts, Record},
    windows::minutes,
};

/// A gauge tells what moved it over so many minutes, or over its window where that is shorter.
pub(crate) const SPAN_MINS: usize = 15;
/// The newest posts of the room that are looked at.
const MAX_LOOKED_AT: usize = 1 << 11;

/// The posts of a query that moved its mood as `movement` tells, in the minutes before and with `now`.
pub(crate) fn movers(
    movement: Movement,
    (now, window_mins): (i64, u32),
    posts: &Posts,
    belongs: impl Fn(&Record) -> bool,
) -> Movers {
    let span = minutes(now, usize::try_from(movement.span_mins).unwrap_or(1).max(1));
    let mut found: Vec<(i64, &Record)> = posts
        .newest()
        .take(MAX_LOOKED_AT)
        .filter(|record| belongs(record) && !record.own && record.is_public())
        .filter(|record| span.contains(record.minute()))
        .filter_map(|record| Some((movement.part(attitude(record.class)?), record)))
        .filter(|(part, record)| *part != 0 && record.item.is_some())
        .collect();
    let whole = movement.whole();
    // First those that pushed the way it went; of equals those that say it most clearly, then the newest.
    let score =
        |record: &Record| record.item.as_ref().map_or(0.0, |item| item.reading.tone.score.abs());
    found.sort_unstable_by(|(one_part, one), (other_part, other)| {
        let with = |part: i64| part.signum() == whole.signum();
        with(*other_part)
            .cmp(&with(*one_part))
            .then_with(|| other_part.abs().cmp(&one_part.abs()))
            .then_with(|| score(other).total_cmp(&score(one)))
            .then_with(|| other.order.cmp(&one.order))
    });
    let posts: Vec<Mover> = found
        .into_iter()
        .take(Movers::MAX_POSTS)
        .filter_map(|(part, record)| Some(Mover { item: record.item.clone()?, part }))
        .collect();
    let listed: i64 = posts.iter().map(|mover| mover.part).sum();
    Movers { window_mins, movement, posts, others: whole.saturating_sub(listed) }
}

const fn attitude(class: Class) -> Option<Attitude> {
    match class {
        Class::Negative => Some(Attitude::Negative),
        Class::Neutral => Some(Attitude::Neutral),
        Class::Positive => Some(Attitude::Positive),
        Class::Unsure => None,
    }
}

/// Whether two lists show the same; equal pointers save the look at the posts.
pub(crate) fn same_movers(one: &Movers, other: &Movers) -> bool {
    let same = |one: &Mover, other: &Mover| {
        one.part == other.part && (Arc::ptr_eq(&one.item, &other.item) || one.item == other.item)
    };
    (one.window_mins, one.movement, one.others) == (other.window_mins, other.movement, other.others)
        && one.posts.len() == other.posts.len()
        && one.posts.iter().zip(&other.posts).all(|(one, other)| same(one, other))
}
