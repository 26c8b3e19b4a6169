//! The shape of room files, for [`schemars`] alone: what the reader in `read` takes, key by key.
//!
//! A test compares the keys of both.
#![expect(dead_code, reason = "these types are described, never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// A room: what it is for, what it listens to, what its screens show.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct RoomFile {
    /// The room's name.
    name: String,
    /// Whether the room stays or ends.
    kind: Option<KindWord>,
    /// The first day of an ephemeral room, as in 2026-10-06.
    opens: Option<String>,
    /// The last day of an ephemeral room, as in 2026-10-06.
    closes: Option<String>,
    /// What the room works for.
    objective: Option<ObjectiveWord>,
    /// The language of everything that the wall itself says.
    locale: Option<LocaleWord>,
    /// Where the room's clocks stand, as in Europe/Paris.
    time_zone: Option<String>,
    /// What the room follows, if it follows one campaign.
    campaign: Option<CampaignTable>,
    /// Where posts come from, each source under a name of its own.
    source: Option<BTreeMap<String, serde_json::Value>>,
    /// What is asked of the posts: words, "phrases", #tag, @user, from:, lang:, network:, sentiment:, has:, is:, joined by AND, OR, NOT and parentheses.
    query: Option<BTreeMap<String, String>>,
    /// The screens; the first is number 1.
    screen: Vec<ScreenTable>,
    /// What all screens show at once, each scene under a name of its own.
    scene: Option<BTreeMap<String, SceneTable>>,
    /// Scenes in the order in which the presenter shows them.
    rundown: Option<Vec<String>>,
    /// What is shown only after a person has looked.
    moderation: Option<ModerationTable>,
    /// Theme tokens that differ from the built-in theme.
    theme: Option<serde_json::Value>,
    /// How long posts are kept.
    retention: Option<RetentionTable>,
    /// What may be loaded of pictures and avatars.
    media: Option<MediaTable>,
    /// The window in which people work.
    console: Option<ConsoleTable>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum KindWord {
    Permanent,
    Ephemeral,
}

#[derive(JsonSchema)]
enum ObjectiveWord {
    #[schemars(rename = "image")]
    Image,
    #[schemars(rename = "brand content")]
    BrandContent,
    #[schemars(rename = "launch")]
    Launch,
    #[schemars(rename = "buzz")]
    Buzz,
    #[schemars(rename = "customer relation")]
    CustomerRelation,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum LocaleWord {
    Fr,
    En,
}

/// One campaign: what is announced, who answers, when.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct CampaignTable {
    /// What people call it.
    title: String,
    /// Its hashtags.
    tags: Option<Vec<String>>,
    /// The brand's handles: a reply by one of them is an answer.
    accounts: Option<Vec<String>>,
    /// When the day begins, as in "07:00".
    opens: Option<String>,
    /// When the day ends, as in "22:00".
    closes: Option<String>,
    /// What is to be reached.
    target: Option<TargetTable>,
    /// What can be won.
    prize: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct TargetTable {
    /// Posts by the public.
    posts: Option<u64>,
    /// Answers by the brand.
    answers: Option<u64>,
}

/// What all screens show at once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SceneTable {
    /// What people call it.
    title: Option<String>,
    /// The level of a crisis that recalls it.
    level: Option<LevelWord>,
    /// Whether it is what panic shows.
    safe: Option<bool>,
    /// What the screens show that `screens` does not name: "own", the name of a screen, a widget, a grid.
    rest: Option<serde_json::Value>,
    /// What each screen shows: "own", the name of another screen, a widget, a grid.
    screens: Option<BTreeMap<String, serde_json::Value>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum LevelWord {
    Green,
    Orange,
    Red,
}

/// What is shown only after a person has looked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ModerationTable {
    /// The queries that show nothing before somebody approves it.
    guarded: Option<Vec<String>>,
    /// Whether posts whose text is flagged wait too: they do unless `show` is written.
    flagged: Option<FlaggedWord>,
    /// A query: its posts wait.
    hold: Option<String>,
    /// A query: its posts are never shown.
    block: Option<String>,
    /// A query: its posts never wait.
    allow: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum FlaggedWord {
    Hold,
    Show,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RetentionTable {
    /// Posts older than this are erased, as in "30 days".
    keep: Option<String>,
    /// On this day everything is erased, as in 2026-12-31.
    purge_on: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct MediaTable {
    /// Whether pictures are loaded at all.
    load: Option<bool>,
    /// Hosts that pictures may come from; every public host where there is none.
    hosts: Option<Vec<String>>,
    /// How much memory decoded pictures may take, as in "64 MB".
    cache: Option<String>,
    /// How large one picture may be, as in "8 MB".
    picture: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ConsoleTable {
    /// Whether it opens when the wall does.
    open: Option<bool>,
    /// The connector of the screen that is kept for it, as in "HDMI-1".
    connector: Option<String>,
}

/// One screen, with one table for each word of its grid.
#[derive(JsonSchema)]
struct ScreenTable {
    /// Its name, unique in the room.
    name: String,
    /// What the screen is for, in one sentence.
    purpose: Option<String>,
    /// A diagonal, "55 in", or a width and height, "1218 x 685 mm".
    size: Option<String>,
    /// From the nearest regular seat to the screen, as in "6 m".
    distance: Option<String>,
    /// Pixels of the panel, where no real screen says otherwise, as in "1920 x 1080".
    resolution: Option<String>,
    /// Whether the panel hangs on its side.
    portrait: Option<bool>,
    /// What the panel says of itself; `vigie screens` lists it.
    edid: Option<EdidTable>,
    /// The socket that the panel is plugged into, as in "DP-1".
    connector: Option<String>,
    /// Where it hangs, as counted by a person in front of the wall.
    position: Option<PositionTable>,
    /// Which screens stay when there are fewer panels: the higher numbers.
    #[schemars(range(min = 0, max = 100))]
    priority: Option<u8>,
    /// The room between cells and around them.
    gap: Option<GapWord>,
    /// One line a row, one word a field; the same word fills one rectangle, `.` stays empty.
    grid: String,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct EdidTable {
    /// The maker.
    make: Option<String>,
    /// The model.
    model: Option<String>,
    /// The serial number.
    serial: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PositionTable {
    /// From the top, 1 for the first.
    #[schemars(range(min = 1, max = 64))]
    row: u8,
    /// From the left, 1 for the first.
    #[schemars(range(min = 1, max = 64))]
    column: u8,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum GapWord {
    None,
    Thin,
    Normal,
    Wide,
}
