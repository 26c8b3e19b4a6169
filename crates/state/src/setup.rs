//! What the fold must know of the room file.

use std::sync::Arc;

use jiff::{civil, tz::TimeZone};
use smol_str::SmolStr;
use vigie_analysis::Matcher;
use vigie_model::{Need, QueryName, SourceId};

/// What the fold must know of the room file.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The room's queries; their order gives the bits of a [`QuerySet`](vigie_analysis::QuerySet).
    pub queries: Vec<QueryName>,
    /// What the room's widgets show; nothing else is kept up.
    /// A need that names no query or measure of the room is passed over: the room's check has told of it.
    pub needs: Vec<Need>,
    /// The brand's own accounts, as handles without `@` or as lasting ids, whatever the case.
    ///
    /// Posts of these are answers, not voices: moods, trends and the public's figures leave them out.
    /// Name an account by its id where its network sends posts without handles.
    pub accounts: Vec<SmolStr>,
    /// The room's sources, in the order in which the wall lists them.
    pub sources: Vec<SourceId>,
    /// Where the room stands: days begin and end there.
    pub time_zone: TimeZone,
    /// When the room's day starts: 00:00, or later where the night belongs to the day before.
    pub day_starts: civil::Time,
    /// Tells which queries a post answers once a person has corrected its reading.
    /// Without it, a corrected post stays in the queries that it was in.
    pub matcher: Option<Arc<Matcher>>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            queries: Vec::new(),
            needs: Vec::new(),
            accounts: Vec::new(),
            sources: Vec::new(),
            time_zone: TimeZone::UTC,
            day_starts: civil::Time::midnight(),
            matcher: None,
        }
    }
}
