//! Which posts the brand has replied to, and when first.

use vigie_model::Timestamp;

use crate::{digest::PostKey, fifo::Fifo};

/// Posts with replies that are remembered: a hundred days of a busy room.
const MAX_ANSWERED: usize = 1 << 16;
/// Replies to one post that are remembered; with more of them, only the first ones matter.
const MAX_REPLIES: usize = 64;

/// The brand's replies, by the post that they answer; it need not be in the room, or not yet.
#[derive(Debug)]
pub(crate) struct Answers {
    replies: Fifo<PostKey, Vec<(Timestamp, PostKey)>>,
}

impl Answers {
    pub(crate) fn new() -> Self {
        Self { replies: Fifo::new(MAX_ANSWERED) }
    }

    /// When `target` was first replied to.
    pub(crate) fn first(&self, target: PostKey) -> Option<Timestamp> {
        self.replies.get(target)?.iter().map(|(at, _)| *at).min()
    }

    pub(crate) fn add(&mut self, target: PostKey, reply: PostKey, at: Timestamp) {
        let replies = self.replies.entry(target);
        if replies.len() < MAX_REPLIES {
            replies.push((at, reply));
        }
    }

    pub(crate) fn remove(&mut self, target: PostKey, reply: PostKey) {
        let Some(replies) = self.replies.get_mut(target) else { return };
        replies.retain(|(_, known)| *known != reply);
        if replies.is_empty() {
            self.replies.remove(target);
        }
    }
}
