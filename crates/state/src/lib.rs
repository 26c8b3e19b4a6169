//! The room as a fold over its event log.
//!
//! # What it promises
//! - **The same events give the same room**, whatever snapshots were taken and however time was told in between:
//!   [`RoomState`] reads no clock, and what it shows is a function of the events and of the latest instant it heard of.
//! - **A deleted post has never been.** Feeds, samples, counts, moods, trends and figures are what they would be had
//!   the post, or its author, never come. The one trace is [`Counters::n_deleted`](vigie_model::Counters::n_deleted).
//!   Alerts are the exception: what was raised has been heard in the room, and stays, without the post.
//! - **A rejected post is out of the room, and can come back.** What is decided of posts is kept by their ids, so
//!   that taking a decision back does not depend on what else happened; see the `moderation` module.
//! - **A part's version changes if, and only if, the part does**, and parts that did not change are shared.
//! - **Memory is bounded** by the limits below; a room that stays within them is exact.
//!
//! # Whose time
//! Posts are counted at their publication (never later than when they entered the log), so that what a source brings
//! late falls where it belongs. Feeds are in the order of arrival. Rates of sources are by arrival.
//!
//! # Limits, and what lies beyond them
//! | limit | beyond it |
//! |---|---|
//! | [`MAX_POSTS`] posts can still be subtracted | older ones stay counted, and their deletion changes no count |
//! | [`FEED_RESERVE`] posts behind a feed | a feed whose newest posts are nearly all deleted at once grows short |
//! | [`MAX_COPIES`] copies of one text have a place in a feed, the others are counted | where all of those are deleted at once, the text is gone from the feed until its next copy |
//! | [`MAX_SAMPLED`] posts can be samples of a trend | older ones are counted, not shown |
//! | [`MAX_TERMS`] terms with a text | those that came longest ago are forgotten |
//! | [`vigie_analysis::MAX_TRACKED`] terms of a query with trends | the rarest are sketched: their deletion changes nothing |
//! | [`MAX_GRAVES`] deletions remembered | the log's own tombstones remember the rest |
//! | [`MAX_CORRECTED`] posts corrected by people | older ones stay as they are, and are read anew when they come again |
//! | [`MAX_WINDOW_MINS`], [`MAX_TREND_MINS`] | longer windows are cut |
#![warn(missing_docs)]

mod alerts;
mod answers;
mod board;
mod calendar;
mod column;
mod commands;
mod correct;
mod digest;
mod feed;
mod fifo;
mod figures;
mod heard;
mod kpis;
mod ledger;
mod moderation;
mod movers;
mod needs;
mod notices;
mod people;
mod places;
mod posts;
mod query;
mod ring;
mod rising;
mod room;
mod setup;
mod show;
mod sources;
mod terms;
mod trends;
mod upsert;
mod windows;

#[cfg(test)]
mod tests;

pub use column::{MAX_COPIES, MIN_COPIES};
pub use correct::MAX_CORRECTED;
pub use feed::FEED_RESERVE;
pub use moderation::REJECTED_KEEP;
pub use needs::{MAX_TREND_MINS, MAX_WINDOW_MINS};
pub use posts::{MAX_POSTS, MAX_SAMPLED};
pub use room::{MAX_GRAVES, RoomState};
pub use setup::{ModerationSetup, SceneSetup, Setup, ShowSetup};
pub use terms::MAX_TERMS;
