//! What the fold must know of the room file.

use std::sync::Arc;

use jiff::{civil, tz::TimeZone};
use smol_str::SmolStr;
use vigie_analysis::Matcher;
use vigie_model::{Level, Need, QueryName, SceneName, ScreenName, SourceId};

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
    /// What is shown only after a person has looked.
    pub moderation: ModerationSetup,
    /// What can be put on air.
    pub show: ShowSetup,
}

/// What is shown only after a person has looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModerationSetup {
    /// The queries that show nothing before somebody approves it.
    pub guarded: Vec<QueryName>,
    /// Whether posts whose text is flagged wait too.
    pub flagged_wait: bool,
    /// Whether three more queries follow those of the room in every
    /// [`QuerySet`](vigie_analysis::QuerySet): which posts the rules hold, block and allow.
    pub with_rules: bool,
}

impl Default for ModerationSetup {
    fn default() -> Self {
        Self { guarded: Vec::new(), flagged_wait: true, with_rules: false }
    }
}

/// What can be put on air.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowSetup {
    /// The room's scenes.
    pub scenes: Vec<SceneSetup>,
    /// The room's screens.
    pub screens: Vec<ScreenName>,
    /// Scenes in the order in which the presenter shows them.
    pub rundown: Vec<SceneName>,
    /// How many times faster the room's time passes than that of its screens; 0 counts as 1.
    pub speed: u32,
}

/// A scene, as far as the fold must know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SceneSetup {
    /// Its name.
    pub name: SceneName,
    /// The level that recalls it.
    pub level: Option<Level>,
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
            moderation: ModerationSetup::default(),
            show: ShowSetup::default(),
        }
    }
}
