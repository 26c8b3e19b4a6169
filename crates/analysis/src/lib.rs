//! What posts mean: language, sentiment, topics, queries, figures; pure.
//!
//! Nothing here reads a clock, keeps a state between posts, or does I/O: the same input gives the same
//! answer on every machine, so that any number of workers can share one [`Analyzer`] and one [`Matcher`].
#![warn(missing_docs)]

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
mod table;
mod terms;
#[cfg(test)]
mod testing;
mod token;
mod trend;

pub use features::{Features, N_ROWS, ROW_BITS};
pub use filter::{Hit, TOXICITY_LANE, WordFilter, label_flags, toxicity_flags, toxicity_score};
pub use fold::fold;
pub use language::{LanguageReader, language_rows, side_of};
pub use matcher::{Matcher, MatcherError};
pub use measures::{MEASURES, Measure, Subject, Tally, measure};
pub use query_set::{MAX_QUERIES, QuerySet};
pub use reading::Analyzer;
pub use sentiment::{LANES as SENTIMENT_LANES, is_unsure, sentiment_shares};
pub use share::share_of_voice;
pub use table::{Lane, MAX_LANES, Table, TableError, exp, logistic, softmax};
pub use terms::{MAX_TERMS, spelling};
pub use trend::{Sighting, TrendScore, trend_score};
