//! What moderators see of their work: posts that wait, and what was decided of others.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::{FeedItem, Issued, QueryName, Seq, Timestamp};

/// The lanes in which posts lie for moderators.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queues {
    /// Posts that no query shows before somebody approves them, oldest first.
    pub waiting: Queue,
    /// Posts put aside, oldest first.
    pub stashed: Queue,
    /// Posts that somebody approved, the latest decision first.
    pub approved: Queue,
    /// Posts that somebody rejected and that can still be brought back, the latest decision first.
    pub rejected: Queue,
    /// Posts that somebody is asked to look after, the oldest flag first.
    pub flagged: Queue,
    /// Posts picked for the presenter, in the order of picking.
    pub pinned: Queue,
    /// Authors whose posts are hidden.
    pub n_blocked_authors: u64,
    /// Posts that a rule of the room hides for good; they count in figures.
    pub n_ruled_out: u64,
}

/// One lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// Its first posts, at most [`Queue::MAX_ITEMS`].
    pub items: Vec<Arc<QueueItem>>,
    /// All posts in it.
    pub n_total: u64,
}

impl Queue {
    /// More posts than a console shows at once.
    pub const MAX_ITEMS: usize = 100;
}

/// A post in a lane, with what is known of its way here.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueItem {
    /// The post with its reading.
    pub item: Arc<FeedItem>,
    /// When its first version entered the room's log.
    pub entered: Timestamp,
    /// Texts that it had before this one.
    pub n_edits: u64,
    /// The queries that it answers.
    pub queries: Vec<QueryName>,
    /// Why it waits, or would wait had nobody decided.
    pub held: Vec<Hold>,
    /// What was decided, if anything.
    pub decision: Option<Decision>,
}

/// Why a post waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// One of its queries is guarded.
    Guarded,
    /// Its text was flagged; the reading tells why.
    Flagged,
    /// The room's `hold` rule asks for it.
    Rule,
}

/// The verdict of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// To be shown.
    Approved,
    /// Not to be shown.
    Rejected,
    /// To be decided later.
    Stashed,
}

/// What people decided of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is to be shown; none where nobody has said.
    pub verdict: Option<Verdict>,
    /// Who decided last.
    pub by: SmolStr,
    /// When that was.
    pub at: Timestamp,
    /// The command that did it.
    pub seq: Seq,
    /// Who has taken it, if anyone.
    pub claimed: Option<SmolStr>,
    /// Whether the presenter is to have it.
    pub pinned: bool,
    /// Why somebody has to look after it, if so.
    pub flag: Option<PostFlag>,
}

/// Why somebody has to look after a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostFlag {
    /// The reason, in a few words.
    pub reason: SmolStr,
    /// The role or the person who is asked.
    pub owner: SmolStr,
    /// Who asks.
    pub by: SmolStr,
    /// Since when.
    pub since: Timestamp,
}

/// One line of who did what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its place in the log.
    pub seq: Seq,
    /// When it was done.
    pub at: Timestamp,
    /// Who did what.
    pub issued: Arc<Issued>,
    /// Why nothing came of it, where nothing did.
    pub refused: Option<Refusal>,
}

impl Action {
    /// Actions that are shown; the log itself has all of them.
    pub const MAX_ACTIONS: usize = 200;
}

/// Why a command changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The one before was too short a time ago.
    TooSoon,
    /// The room has no scene of that name, or no screen.
    Unknown,
    /// Somebody else has taken the post.
    Taken,
    /// There is nothing to take back, or another person has decided since.
    NothingToUndo,
    /// There is no vote, or the vote has no such entry.
    NoVote,
    /// Nothing of the kind can be done while the safe scene is on.
    Panic,
}
