//! What people do to the room. Every command is an event with its author and time.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{AlertId, Attitude, AuthorId, PostId, QueryName};

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
    /// Takes a post off the wall, for good.
    Reject(PostId),
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
    /// A new room file was tried; `notice` says what came of it.
    Reloaded {
        /// What was wrong with the file, or nothing.
        notice: Option<SmolStr>,
    },
}
