//! The plain data that every part of Vigie shares: posts, events, queries, room state.
//!
//! Nothing here does I/O, waits, or draws.
//! Everything that crosses a crate border is one of these types, so that each border can be tested with data.
#![warn(missing_docs)]

mod alert;
mod clock;
mod command;
mod event;
mod explanation;
mod figure;
mod flag;
mod id;
mod insight;
mod mask;
mod moderation;
mod need;
mod options;
mod picture;
mod post;
mod query;
mod reading;
mod show;
mod snapshot;
mod source;
mod view;

pub use alert::{Acknowledgment, Alert, AlertId, AlertKind};
pub use clock::{Clock, ManualClock, Micros, SystemClock, Timestamp};
pub use command::{Command, CountdownStep, Issued, Nominee};
pub use event::{Event, GapCause, Logged, PurgeCause, Seq, SourceEvent};
pub use explanation::{Explainer, Explanation, Reason, SENTIMENT_FIGURES, SentimentFigures};
pub use figure::{ExternalFigure, FigureView};
pub use flag::{Flag, Flags, Severity};
pub use id::{AuthorId, Network, PostId, QueryName, SceneName, ScreenName, SourceId};
pub use insight::{Board, Movement, Mover, Movers, Topic};
pub use moderation::{
    Action, Decision, Hold, PostFlag, Queue, QueueItem, Queues, Refusal, Verdict,
};
pub use need::{Need, NeedKind};
pub use options::{OptionError, read_options};
pub use picture::{Picture, Pictures};
pub use post::{Author, Label, Media, MediaKind, Post, Span, SpanKind};
pub use query::{Condition, Feature, NamedQuery, Query};
pub use reading::{Attitude, Language, Reading, Tone};
pub use show::{Countdown, Level, Show, Vote, Winner};
pub use snapshot::{Part, QueryView, Snapshot};
pub use source::{Batch, Cursor, SourceReport, SourceSpec, SourceState};
pub use view::{
    Counters, Feed, FeedItem, Kpi, KpiValue, Mood, MoodPoint, Notice, SourceView, Trend, Trends,
    Volume,
};
