//! What people do to the room. Every command is an event with its author and time.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    AlertId, AlertKind, Attitude, AuthorId, Level, PostId, QueryName, SceneName, ScreenName,
};

/// A command, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The person or the part of the program that gave it.
    pub by: SmolStr,
    /// What is to be done.
    pub command: Command,
}

/// What people can do to the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Shows a large number on every screen, or takes it away.
    Identify {
        /// Whether the numbers are to be seen.
        shown: bool,
    },
    /// Holds the feed of a query still, or lets it go on; posts are collected meanwhile.
    Pause {
        /// Whose feed; all feeds where there is none.
        query: Option<QueryName>,
        /// Whether it is to be still.
        paused: bool,
    },
    /// Shows a post that waits, or brings a rejected or stashed one back.
    Approve(PostId),
    /// Takes a post off the wall and out of every figure, until somebody brings it back or its text is forgotten.
    Reject(PostId),
    /// Puts a post aside, unseen, for a later decision.
    Stash(PostId),
    /// Takes a rejected post off the disk, for good: nobody can bring it back.
    Forget(PostId),
    /// Picks a post for the presenter, or puts it back.
    Pin {
        /// The post.
        post: PostId,
        /// Whether it is picked.
        pinned: bool,
    },
    /// Asks somebody to look after a post.
    Flag {
        /// The post.
        post: PostId,
        /// Why, in a few words.
        reason: SmolStr,
        /// The role or the person who is asked.
        owner: SmolStr,
    },
    /// What a post was flagged for is done.
    Resolve(PostId),
    /// Marks a post as taken by the one who gives the command, or as free again.
    Claim {
        /// The post.
        post: PostId,
        /// Whether it is taken.
        taken: bool,
    },
    /// Hides all posts of an author, those to come too, or shows them again.
    Block {
        /// The author.
        author: AuthorId,
        /// Whether they are hidden.
        blocked: bool,
    },
    /// Takes back the last decision of the one who gives the command.
    Undo,
    /// Takes back the last undo of the one who gives the command.
    Redo,
    /// Names the scene that the next take shows.
    Preview(Option<SceneName>),
    /// Goes along the rundown: names the scene so many steps further for the next take.
    Step(i8),
    /// Puts a scene on air, on all screens at once.
    Take(SceneName),
    /// Takes scene and spotlights off: every screen shows its own layout.
    Out,
    /// Shows a post large on one screen, or takes it off.
    Spotlight {
        /// The screen.
        screen: ScreenName,
        /// The post; the screen shows what it showed before where there is none.
        post: Option<PostId>,
    },
    /// Shows the safe scene on all screens whatever is on air, or exactly what was there before.
    Panic(bool),
    /// Masks names and private figures on all screens, or shows them again.
    Mask(bool),
    /// Raises or lowers the level of the crisis, which recalls its scene.
    Level(Level),
    /// Starts, moves, holds or ends the countdown.
    Countdown(CountdownStep),
    /// Names the posts that a vote chooses from; none ends the vote.
    Shortlist(Vec<Nominee>),
    /// Votes for one of the shortlist, counted from 1; a later vote of the same person replaces the earlier.
    Vote(u8),
    /// Ends the vote: the post with the most votes has won.
    Crown,
    /// Takes all posts of an author off the wall and off the disk, for good.
    Erase(AuthorId),
    /// A person has read the post and says how it feels; moods, figures and feeds follow.
    ///
    /// It holds for the text as it stands: an edit is read anew. Given again, the later one holds.
    Retone {
        /// The post.
        post: PostId,
        /// What the person says.
        attitude: Attitude,
    },
    /// A person has read the post and says whether it asks something.
    Requestion {
        /// The post.
        post: PostId,
        /// What the person says.
        question: bool,
    },
    /// Someone has seen an alert and looks after it.
    Acknowledge(AlertId),
    /// The room itself is in trouble, or no longer: a source, a screen or the log is lost or back.
    Trouble {
        /// What is lost; one of those that are [trouble](AlertKind::is_trouble).
        kind: AlertKind,
        /// The name of the source or of the screen; empty for the log.
        name: SmolStr,
        /// Whether it is over.
        over: bool,
    },
    /// A new room file was tried; `notice` says what came of it.
    Reloaded {
        /// What was wrong with the file, or nothing.
        notice: Option<SmolStr>,
    },
}

/// What is done to the countdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountdownStep {
    /// Starts anew from so many seconds.
    Start(u32),
    /// Adds seconds, or takes some away.
    Add(i32),
    /// Stands still, or goes on.
    Hold(bool),
    /// Ends it.
    Clear,
}

/// A post that a vote can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nominee {
    /// The post.
    pub post: PostId,
    /// Its author: nobody whose posts are hidden or purged can win.
    pub author: AuthorId,
}
