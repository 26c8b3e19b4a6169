//! Moods and volumes over the last minutes.

use vigie_model::{Mood, MoodPoint, Movement, Timestamp, Volume};

use crate::{posts::Class, ring::Ring};

/// Lines and sparks have at most this many points: more cannot be told apart across a room.
const MAX_POINTS: usize = 32;
/// Lines have at least this many points, where the window has as many minutes.
const MIN_POINTS: usize = 8;

/// What is counted of one minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Minute {
    /// All posts, the brand's too.
    pub(crate) n_posts: u32,
    /// The public's posts by class.
    n_negative: u32,
    n_neutral: u32,
    n_positive: u32,
    n_unsure: u32,
}

impl Minute {
    /// Counts a post, or takes it out; `class` is none for the brand's own.
    pub(crate) fn count(&mut self, class: Option<Class>, added: bool) {
        let step = |count: &mut u32| {
            debug_assert!(added || *count > 0, "only what was added is subtracted");
            *count = if added { count.saturating_add(1) } else { count.saturating_sub(1) };
        };
        step(&mut self.n_posts);
        match class {
            Some(Class::Negative) => step(&mut self.n_negative),
            Some(Class::Neutral) => step(&mut self.n_neutral),
            Some(Class::Positive) => step(&mut self.n_positive),
            Some(Class::Unsure) => step(&mut self.n_unsure),
            None => {}
        }
    }
}

/// The mood of the `n_minutes` that end with the minute `now`.
pub(crate) fn mood(
    ring: &Ring<Minute>,
    now: i64,
    n_minutes: usize,
    as_of: Option<Timestamp>,
) -> Mood {
    let window = minutes(now, n_minutes);
    let before = minutes(now.saturating_sub(window.len()), n_minutes);
    Mood {
        window_mins: window_mins(n_minutes),
        now: point(ring, &window),
        before: point(ring, &before),
        line: window.parts().map(|part| point(ring, &part)).collect(),
        as_of,
    }
}

/// How the mood of the `n_minutes` that end with the minute `now` came from what it was `span` minutes ago.
pub(crate) fn movement(ring: &Ring<Minute>, now: i64, n_minutes: usize, span: usize) -> Movement {
    let span = span.min(n_minutes);
    let back = i64::try_from(span).unwrap_or(i64::MAX);
    let then = now.saturating_sub(back);
    let window = minutes(now, n_minutes);
    Movement {
        span_mins: window_mins(span),
        before: point(ring, &minutes(then, n_minutes)),
        now: point(ring, &window),
        entered: point(ring, &minutes(now, span)),
        left: point(ring, &minutes(window.first.saturating_sub(1), span)),
    }
}

/// The volume of the `n_minutes` that end with the minute `now`.
pub(crate) fn volume(
    ring: &Ring<Minute>,
    now: i64,
    n_minutes: usize,
    as_of: Option<Timestamp>,
) -> Volume {
    let window = minutes(now, n_minutes);
    let per_min: Vec<u32> =
        ring.cells(window.first..=window.last).map(|minute| minute.n_posts).collect();
    let n_missing = n_minutes.saturating_sub(per_min.len());
    let per_min = std::iter::repeat_n(0, n_missing).chain(per_min).collect();
    Volume { window_mins: window_mins(n_minutes), per_min, as_of }
}

fn point(ring: &Ring<Minute>, window: &Minutes) -> MoodPoint {
    let mut sum = MoodPoint::default();
    for minute in ring.cells(window.first..=window.last) {
        sum.n_negative += u64::from(minute.n_negative);
        sum.n_neutral += u64::from(minute.n_neutral);
        sum.n_positive += u64::from(minute.n_positive);
        sum.n_unsure += u64::from(minute.n_unsure);
    }
    sum
}

fn window_mins(n_minutes: usize) -> u32 {
    u32::try_from(n_minutes).unwrap_or(u32::MAX)
}

/// A run of minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Minutes {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// The `n_minutes` that end with the minute `last`.
pub(crate) fn minutes(last: i64, n_minutes: usize) -> Minutes {
    let n_minutes = i64::try_from(n_minutes).unwrap_or(i64::MAX);
    Minutes { first: last.saturating_sub(n_minutes.saturating_sub(1)), last }
}

impl Minutes {
    pub(crate) const fn len(&self) -> i64 {
        self.last.saturating_sub(self.first).saturating_add(1)
    }

    pub(crate) const fn contains(&self, minute: i64) -> bool {
        self.first <= minute && minute <= self.last
    }

    /// The run in equal parts, oldest first; in nearly equal ones where its length has no fitting divisor.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Self> + use<> {
        let (first, len) = (self.first, self.len());
        let n_parts = i64::try_from(n_parts(usize::try_from(len).unwrap_or(1))).unwrap_or(1);
        let start =
            move |part_idx: i64| first.saturating_add(part_idx.saturating_mul(len) / n_parts);
        (0..n_parts).map(move |part_idx| Self {
            first: start(part_idx),
            last: start(part_idx + 1).saturating_sub(1),
        })
    }
}

fn n_parts(n_minutes: usize) -> usize {
    if n_minutes <= MAX_POINTS {
        return n_minutes.max(1);
    }
    let divides = |n_parts: &usize| n_minutes.is_multiple_of(*n_parts);
    (MIN_POINTS..=MAX_POINTS).rev().find(divides).unwrap_or(MAX_POINTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_fall_into_equal_parts() {
        #[track_caller]
        fn check(n_minutes: usize, n_expected: usize) {
            let window = minutes(1_000, n_minutes);
            let parts: Vec<_> = window.parts().collect();
            assert_eq!(parts.len(), n_expected);
            assert_eq!(parts.first().map(|part| part.first), Some(window.first));
            assert_eq!(parts.last().map(|part| part.last), Some(1_000));
            assert!(parts.windows(2).all(|pair| pair[0].last + 1 == pair[1].first));
        }
        check(1, 1);
        check(15, 15);
        check(60, 30);
        check(180, 30);
        check(61, 32);
        check(1_440, 32);
    }

    #[test]
    fn moods_compare_with_the_window_before() {
        let mut ring: Ring<Minute> = Ring::new(20);
        ring.advance(100);
        for (minute, class) in [
            (100, Class::Negative),
            (99, Class::Positive),
            (91, Class::Unsure),
            (90, Class::Neutral),
            (81, Class::Negative),
        ] {
            ring.cell(minute).unwrap().count(Some(class), true);
        }
        ring.cell(95).unwrap().count(None, true);
        let mood = mood(&ring, 100, 10, None);
        let expected = MoodPoint { n_negative: 1, n_neutral: 0, n_positive: 1, n_unsure: 1 };
        assert_eq!(mood.now, expected);
        assert_eq!((mood.before.n_negative, mood.before.n_neutral), (1, 1));
        assert_eq!(mood.line.len(), 10);
        assert_eq!(mood.line[9].n_negative, 1);
        assert_eq!(volume(&ring, 100, 10, None).per_min, [1, 0, 0, 0, 1, 0, 0, 0, 1, 1]);
        assert_eq!(volume(&Ring::new(3), 5, 3, None).per_min, [0, 0, 0]);
    }
}
