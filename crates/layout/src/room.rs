//! One room: what it is for, what it listens to, what its screens show.

use std::time::Duration;

use jiff::{civil, tz::TimeZone};
use smol_str::SmolStr;
use vigie_model::{Level, NamedQuery, Query, QueryName, SceneName, SourceSpec, Timestamp};

use crate::ScreenSpec;

/// One room file, read and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// The room's name.
    pub name: String,
    /// Whether the room stays or ends.
    pub kind: Kind,
    /// What the room works for.
    pub objective: Objective,
    /// The language of everything that the wall itself says.
    pub locale: Locale,
    /// Where the room's clocks stand.
    pub time_zone: TimeZone,
    /// What the room follows, if it follows one campaign.
    pub campaign: Option<Campaign>,
    /// Where posts come from, in the file's order.
    pub sources: Vec<SourceSpec>,
    /// What is asked of the posts, in the file's order.
    pub queries: Vec<NamedQuery>,
    /// The screens, in the file's order; the first is number 1.
    pub screens: Vec<ScreenSpec>,
    /// What the screens can show instead of their own layouts, in the file's order.
    pub scenes: Vec<SceneSpec>,
    /// Scenes in the order in which the presenter shows them; those of the file where it names none.
    pub rundown: Vec<SceneName>,
    /// What is shown only after a person has looked.
    pub moderation: ModerationSpec,
    /// Theme tokens that differ from the built-in theme, as the theme reads them.
    pub theme: toml::Table,
    /// How long posts are kept.
    pub retention: Retention,
    /// What may be loaded of pictures and avatars.
    pub media: MediaSpec,
    /// The window in which people work.
    pub console: ConsoleSpec,
}

impl Room {
    /// The query of that name.
    #[must_use]
    pub fn query(&self, name: &QueryName) -> Option<&Query> {
        self.queries.iter().find(|query| query.name == *name).map(|query| &query.query)
    }

    /// Everything that any screen can show: its own layout, and that of each scene.
    pub fn views(&self) -> impl Iterator<Item = &ScreenSpec> {
        self.screens.iter().chain(self.scenes.iter().flat_map(|scene| &scene.screens))
    }

    /// When the campaign closes next, as seen at `now`; none without a campaign or hours.
    #[must_use]
    pub fn closes_at(&self, now: Timestamp) -> Option<Timestamp> {
        let hours = self.campaign.as_ref()?.hours_at(now, &self.time_zone)?;
        Some(hours.1)
    }
}

/// Whether a room stays or ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It has no end.
    #[default]
    Permanent,
    /// It is there for some days.
    Ephemeral {
        /// The first day.
        opens: civil::Date,
        /// The last day, which still belongs.
        closes: civil::Date,
    },
}

/// What a room works for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objective {
    /// How the brand is seen.
    #[default]
    Image,
    /// The brand's own publications.
    BrandContent,
    /// Something new on the market.
    Launch,
    /// Being talked about.
    Buzz,
    /// Service to customers.
    CustomerRelation,
}

impl Objective {
    /// Every objective with its word in a room file.
    pub const ALL: [(&'static str, Self); 5] = [
        ("image", Self::Image),
        ("brand content", Self::BrandContent),
        ("launch", Self::Launch),
        ("buzz", Self::Buzz),
        ("customer relation", Self::CustomerRelation),
    ];
}

/// The languages that the wall speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// French.
    Fr,
    /// English.
    #[default]
    En,
}

impl Locale {
    /// Every language with its word in a room file.
    pub const ALL: [(&'static str, Self); 2] = [("fr", Self::Fr), ("en", Self::En)];
}

/// One campaign: what is announced, who answers, when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Campaign {
    /// What people call it.
    pub title: String,
    /// Its hashtags, without `#`.
    pub tags: Vec<SmolStr>,
    /// The brand's handles, without `@`: a reply by one of them is an answer.
    pub accounts: Vec<SmolStr>,
    /// When the day begins, on the room's clock.
    pub opens: Option<civil::Time>,
    /// When the day ends, on the room's clock; earlier than `opens` where it ends after midnight.
    pub closes: Option<civil::Time>,
    /// What is to be reached.
    pub target: Target,
    /// What can be won.
    pub prize: Option<String>,
}

impl Campaign {
    /// The opening hours that `now` lies in, else the next ones: when they begin and end.
    ///
    /// None where the campaign has no hours.
    #[must_use]
    pub fn hours_at(&self, now: Timestamp, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let (opens, closes) = (self.opens?, self.closes?);
        let today = zone.to_datetime(now.to_jiff()).date();
        let instant = |date: civil::Date, time: civil::Time| {
            let instant = zone.to_timestamp(date.to_datetime(time)).ok()?;
            Some(Timestamp::from_micros(instant.as_microsecond()))
        };
        [today.yesterday().ok(), Some(today), today.tomorrow().ok()]
            .into_iter()
            .flatten()
            .filter_map(|day| {
                let last_day = if closes <= opens { day.tomorrow().ok()? } else { day };
                Some((instant(day, opens)?, instant(last_day, closes)?))
            })
            .find(|(_, end)| *end > now)
    }
}

/// What a campaign wants to reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Posts by the public.
    pub n_posts: Option<u64>,
    /// Answers by the brand.
    pub n_answers: Option<u64>,
}

/// How long posts are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Posts older than this are erased.
    pub keep: Duration,
    /// On this day everything is erased.
    pub purge_on: Option<civil::Date>,
}

impl Retention {
    /// A week: posts are personal data, and nobody has said that they are needed for longer.
    pub const DEFAULT_KEEP: Duration = Duration::from_hours(7 * 24);
}

impl Default for Retention {
    fn default() -> Self {
        Self { keep: Self::DEFAULT_KEEP, purge_on: None }
    }
}

/// What may be loaded of pictures and avatars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaSpec {
    /// Whether pictures are loaded at all.
    pub load: bool,
    /// Hosts that pictures may come from; every public host where there is none.
    pub hosts: Vec<SmolStr>,
    /// How many bytes of decoded pictures are kept in memory.
    pub cache_bytes: u64,
    /// How many bytes one picture may have on its way here.
    pub picture_bytes: u64,
}

impl Default for MediaSpec {
    fn default() -> Self {
        Self { load: true, hosts: Vec::new(), cache_bytes: 64 << 20, picture_bytes: 8 << 20 }
    }
}

/// The window in which people work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsoleSpec {
    /// Whether it opens when the wall does.
    pub open: bool,
    /// The connector of the screen that is kept for it, such as `HDMI-1`; no layout goes there.
    pub connector: Option<SmolStr>,
}

/// What all screens show at once. It is complete: nothing of what was there before is left.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneSpec {
    /// Its name under `[scene]`.
    pub name: SceneName,
    /// What people call it.
    pub title: String,
    /// The level of a crisis that recalls it.
    pub level: Option<Level>,
    /// Whether it is what panic shows.
    pub safe: bool,
    /// What each screen shows, in the order of the room's screens.
    pub screens: Vec<ScreenSpec>,
}

/// What is shown only after a person has looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModerationSpec {
    /// The queries that show nothing before somebody approves it.
    pub guarded: Vec<QueryName>,
    /// Whether posts whose text is flagged wait too.
    pub flagged_wait: bool,
    /// Posts that wait.
    pub hold: Option<Query>,
    /// Posts that are never shown.
    pub block: Option<Query>,
    /// Posts that never wait.
    pub allow: Option<Query>,
}

impl ModerationSpec {
    /// Whether there is any rule.
    #[must_use]
    pub const fn has_rules(&self) -> bool {
        self.hold.is_some() || self.block.is_some() || self.allow.is_some()
    }
}

impl Default for ModerationSpec {
    fn default() -> Self {
        Self { guarded: Vec::new(), flagged_wait: true, hold: None, block: None, allow: None }
    }
}
