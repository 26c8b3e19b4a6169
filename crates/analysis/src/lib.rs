//! What posts mean: language, sentiment, topics, queries, figures; pure.
//!
//! Nothing here reads a clock, keeps a state between posts, or does I/O: the same input gives the same
//! answer on every machine, so that any number of workers can share one [`Analyzer`] and one [`Matcher`].
#![warn(missing_docs)]

mod burst;
pub mod features;
mod filter;
mod fold;
mod language;
mod likeness;
mod matcher;
mod measures;
mod query_set;
mod question;
mod reading;
mod sentiment;
mod share;
mod sieve;
mod simd;
mod table;
mod terms;
#[cfg(test)]
mod testing;
mod token;

pub use burst::{
    Burst, Evidence, MAX_KEYS, MAX_TRACKED, Past, Rise, STEP_SECS, Said, ShareWatch, Swing,
    TermKey, TermView, TermWatch, VolumeAlarm, VolumeWatch, rise,
};
pub use features::{Features, N_ROWS, ROW_BITS};
pub use filter::{Hit, TOXICITY_LANE, WordFilter, label_flags, toxicity_flags, toxicity_score};
pub use fold::fold;
pub use language::{LanguageReader, language_rows, side_of};
pub use matcher::{Matcher, MatcherError};
pub use measures::{MEASURES, Measure, Subject, Tally, measure};
pub use query_set::{MAX_QUERIES, QuerySet};
pub use reading::{Analyzer, Stage};
pub use sentiment::{LANES as SENTIMENT_LANES, is_unsure, sentiment_shares};
pub use share::share_of_voice;
pub use table::{Lane, MAX_LANES, Table, TableError, exp, logistic, softmax};
pub use terms::{MAX_TERMS, TermReader, spelling, usual_phrase, usual_spelling};
