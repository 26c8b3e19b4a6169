//! Why a mood is as it is: the posts that moved it, and the moods of its topics and languages.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::{Attitude, FeedItem, Language, MoodPoint, Timestamp};

/// How a mood came from what it was some minutes ago to what it is.
///
/// The balance is `lead / n_sure`. With `before` as the window was then, a post that entered it moved the balance by
/// `(s - balance before) / n_sure now`, where `s` is 1, 0 or -1 by its class, and one that left it by as much the
/// other way. These parts sum to the movement exactly, so they are kept as whole numbers over one denominator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Movement {
    /// How many minutes ago `before` was.
    pub span_mins: u32,
    /// The window as it was then.
    pub before: MoodPoint,
    /// The window as it is.
    pub now: MoodPoint,
    /// The posts that have entered it since.
    pub entered: MoodPoint,
    /// The posts that have left it since, by their age.
    pub left: MoodPoint,
}

impl Movement {
    /// What all parts are divided by; 0 where the window is empty and nothing can be told.
    #[must_use]
    pub const fn denominator(&self) -> i64 {
        self.now.n_sure().cast_signed().saturating_mul(self.n_before())
    }

    /// The movement, as a part.
    #[must_use]
    pub fn whole(&self) -> i64 {
        let now = self.now.lead().saturating_mul(self.n_before());
        now.saturating_sub(self.before.lead().saturating_mul(self.now.n_sure().cast_signed()))
    }

    /// What one post of this class moved by entering; by leaving it moves as much the other way.
    #[must_use]
    pub fn part(&self, attitude: Attitude) -> i64 {
        let side = match attitude {
            Attitude::Negative => -1,
            Attitude::Neutral => 0,
            Attitude::Positive => 1,
        };
        self.n_before().saturating_mul(side).saturating_sub(self.before.lead())
    }

    /// A part as a share of the balance's scale: 0.02 is two points.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a rounding error in the sixteenth digit is not seen"
    )]
    pub fn points(&self, part: i64) -> f64 {
        if self.denominator() == 0 { 0.0 } else { part as f64 / self.denominator() as f64 }
    }

    /// Where there was nothing before, the needle stood at zero.
    const fn n_before(&self) -> i64 {
        let n_sure = self.before.n_sure().cast_signed();
        if n_sure == 0 { 1 } else { n_sure }
    }
}

/// The posts that moved a mood, with what each of them did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Movers {
    /// Length of the mood's window in minutes.
    pub window_mins: u32,
    /// From where to where it moved.
    pub movement: Movement,
    /// Posts that entered the window, strongest first, at most [`Movers::MAX_POSTS`].
    pub posts: Vec<Mover>,
    /// What all others did together. With the posts' parts it sums to the movement.
    pub others: i64,
}

impl Movers {
    /// More posts than any screen shows in such a list.
    pub const MAX_POSTS: usize = 12;
}

/// A post that moved a mood.
#[derive(Clone, Debug, PartialEq)]
pub struct Mover {
    /// The post.
    pub item: Arc<FeedItem>,
    /// What it did, over the movement's denominator.
    pub part: i64,
}

/// Moods by topic and by language over a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Length of the window in minutes.
    pub window_mins: u32,
    /// Topics by their lead, strengths first and weaknesses last; topics without a lead are left out.
    pub topics: Vec<Topic>,
    /// Languages by their number of posts, at most [`Board::MAX_LANGUAGES`].
    pub languages: Vec<(Language, MoodPoint)>,
    /// Posts that this was made from: the newest of the window, at most [`Board::MAX_POSTS`].
    pub n_posts: u64,
    /// When the last of them came.
    pub as_of: Option<Timestamp>,
}

impl Board {
    /// Topics kept of each side.
    pub const MAX_TOPICS: usize = 12;
    /// Languages kept.
    pub const MAX_LANGUAGES: usize = 8;
    /// A crisis day; beyond, the newest stand for all.
    pub const MAX_POSTS: usize = 1 << 14;
}

/// A topic and how people speak of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// The topic as most people write it.
    pub term: SmolStr,
    /// How people speak of it. Its lead, positive posts less negative ones, is sentiment times volume.
    pub mood: MoodPoint,
    /// At most three posts of the side that leads, newest first.
    pub samples: Vec<Arc<FeedItem>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(n_negative: u64, n_neutral: u64, n_positive: u64) -> MoodPoint {
        MoodPoint { n_negative, n_neutral, n_positive, n_unsure: 3 }
    }

    /// The parts of all posts that came and went sum to the movement, to the last digit.
    #[track_caller]
    fn check(before: MoodPoint, entered: MoodPoint, left: MoodPoint, points: f64) {
        let now = MoodPoint {
            n_negative: before.n_negative + entered.n_negative - left.n_negative,
            n_neutral: before.n_neutral + entered.n_neutral - left.n_neutral,
            n_positive: before.n_positive + entered.n_positive - left.n_positive,
            n_unsure: 0,
        };
        let movement = Movement { span_mins: 15, before, now, entered, left };
        let sum = |point: &MoodPoint| {
            let of = |n_posts: u64, attitude| n_posts.cast_signed() * movement.part(attitude);
            of(point.n_negative, Attitude::Negative)
                + of(point.n_neutral, Attitude::Neutral)
                + of(point.n_positive, Attitude::Positive)
        };
        assert_eq!(sum(&entered) - sum(&left), movement.whole());
        assert!((movement.points(movement.whole()) - points).abs() < 1e-12);
    }

    #[test]
    fn parts_sum_to_the_movement() {
        // From (4 - 2) / 10 = 0.2 to (3 - 5) / 10 = -0.2.
        check(point(2, 4, 4), point(4, 1, 1), point(1, 3, 2), -0.4);
        check(point(0, 0, 0), point(1, 1, 2), point(0, 0, 0), 0.25);
        check(point(7, 3, 1), point(5, 0, 0), point(0, 3, 1), -1.0 + 6.0 / 11.0);
        check(point(1, 0, 0), point(0, 0, 0), point(1, 0, 0), 0.0);
    }
}
