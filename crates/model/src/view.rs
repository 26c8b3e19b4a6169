//! What the room state shows of itself: the values that widgets draw.

use std::{collections::BTreeMap, sync::Arc};

use smol_str::SmolStr;

use crate::{Micros, Network, Post, Reading, SourceId, SourceReport, Timestamp};

/// A post with its reading, as feeds and samples show it.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedItem {
    /// The post.
    pub post: Arc<Post>,
    /// What the analysis made of it.
    pub reading: Reading,
}

/// The newest posts of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// Newest first, at most [`Feed::MAX_ITEMS`].
    pub items: Vec<Arc<FeedItem>>,
    /// Posts that belong and may be shown, beyond those in `items` too; deleted ones are subtracted.
    pub n_total: u64,
    /// Whether the view is held still.
    pub paused: bool,
    /// Posts that came since the view was held still.
    pub n_waiting: u64,
}

impl Feed {
    /// More posts than any screen shows at once.
    pub const MAX_ITEMS: usize = 100;
}

/// Terms that rise, strongest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trends {
    /// Length of the window in minutes.
    pub window_mins: u32,
    /// Strongest first, at most [`Trends::MAX_TERMS`].
    pub terms: Vec<Trend>,
    /// Posts in the window.
    pub n_posts: u64,
}

impl Trends {
    /// More terms than any screen shows at once.
    pub const MAX_TERMS: usize = 20;
}

/// One term that rises.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The term as most people write it; hashtags with `#`.
    pub term: SmolStr,
    /// Posts with it in the window.
    pub n_posts: u64,
    /// Posts with it that the term's own past leads to expect in such a window.
    pub baseline: f64,
    /// `n_posts` over `baseline`.
    pub ratio: f64,
    /// Distinct authors in the window.
    pub n_authors: u64,
    /// Posts in equal parts of the window, oldest first.
    pub spark: Vec<u32>,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Share of its posts that look machine-made, 0 to 1: the same text from many, or many posts from few.
    pub suspicion: f64,
    /// Other spellings that are counted in it, commonest first; at most [`Trend::MAX_MERGED`].
    pub merged: Vec<SmolStr>,
    /// At most three posts with it, newest first.
    pub samples: Vec<Arc<FeedItem>>,
}

impl Trend {
    /// Other spellings that are named.
    pub const MAX_MERGED: usize = 4;
}

/// The sentiment of a query's posts over a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mood {
    /// Length of the window in minutes.
    pub window_mins: u32,
    /// The whole window.
    pub now: MoodPoint,
    /// The window before it, for comparison.
    pub before: MoodPoint,
    /// The window in equal parts, oldest first.
    pub line: Vec<MoodPoint>,
}

/// Counts of posts by sentiment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MoodPoint {
    /// Posts that complain, mock, attack.
    pub n_negative: u64,
    /// Posts that do neither.
    pub n_neutral: u64,
    /// Posts that praise, thank, enjoy.
    pub n_positive: u64,
    /// Posts that the analysis would not put in a class.
    pub n_unsure: u64,
}

impl MoodPoint {
    /// Posts with a class.
    #[must_use]
    pub const fn n_sure(&self) -> u64 {
        self.n_negative + self.n_neutral + self.n_positive
    }

    /// All posts.
    #[must_use]
    pub const fn n_posts(&self) -> u64 {
        self.n_sure() + self.n_unsure
    }

    /// Share of negative posts among those with a class, 0 to 1; none without such posts.
    #[must_use]
    pub fn negative_share(&self) -> Option<f64> {
        share(self.n_negative, self.n_sure())
    }

    /// Share of positive posts among those with a class, 0 to 1; none without such posts.
    #[must_use]
    pub fn positive_share(&self) -> Option<f64> {
        share(self.n_positive, self.n_sure())
    }

    /// Share of posts without a class among all, 0 to 1; none without posts.
    #[must_use]
    pub fn unsure_share(&self) -> Option<f64> {
        share(self.n_unsure, self.n_posts())
    }

    /// Positive share less negative share, -1 to 1; none without posts that have a class.
    #[must_use]
    pub fn balance(&self) -> Option<f64> {
        Some(self.positive_share()? - self.negative_share()?)
    }
}

/// `part` of `whole`, or nothing where there is no whole.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// One figure of the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kpi {
    /// The figure for the period so far.
    pub value: KpiValue,
    /// The same figure for the period before, up to the same point of it.
    pub previous: Option<KpiValue>,
    /// The figure by network, where that makes sense.
    pub by_network: BTreeMap<Network, KpiValue>,
    /// When the last event that counts in it happened.
    pub as_of: Option<Timestamp>,
}

/// A figure, with the unit that it is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KpiValue {
    /// There is nothing to measure yet.
    Nothing,
    /// A number of things.
    Count(u64),
    /// A part of a whole: numerator and denominator.
    Share(u64, u64),
    /// A length of time.
    Duration(Micros),
}

/// Posts over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// Length of the window in minutes.
    pub window_mins: u32,
    /// Posts in each minute of the window, oldest first.
    pub per_min: Vec<u32>,
}

/// A source as the wall shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceView {
    /// Its name in the room file.
    pub id: SourceId,
    /// What it last said of itself.
    pub report: SourceReport,
    /// When its last post came.
    pub last_post: Option<Timestamp>,
    /// Posts that it brought and the room kept.
    pub n_posts: u64,
    /// Posts that it brought and no query asked for.
    pub n_unasked: u64,
    /// Posts that it brought in the last minute, asked for or not.
    pub n_last_min: u64,
    /// Gaps, and the events known to be lost in them.
    pub n_gaps: u64,
    /// Events known to be lost.
    pub n_lost: u64,
    /// Median time from publication to receipt over the last posts.
    pub lag: Option<Micros>,
}

/// What the room counts of itself. Nothing is ever lost in silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Posts kept.
    pub n_posts: u64,
    /// Posts that replaced an earlier text.
    pub n_edits: u64,
    /// Posts deleted or purged.
    pub n_deleted: u64,
    /// Posts that no query asked for.
    pub n_unasked: u64,
    /// Events known to be lost.
    pub n_lost: u64,
}

/// Something that the people in the room must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When it came up.
    pub at: Timestamp,
    /// What it is and what to do, in one line.
    pub text: SmolStr,
}
