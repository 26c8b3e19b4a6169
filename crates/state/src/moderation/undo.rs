//! What each person can take back.

use std::collections::{BTreeMap, VecDeque};

use smol_str::SmolStr;
use vigie_model::Seq;

use super::{Barred, Judged};
use crate::digest::{AuthorKey, PostKey};

/// Decisions that a person can take back.
const MAX_UNDO: usize = 256;
/// People whose decisions can be taken back; a room has a dozen.
const MAX_PEOPLE: usize = 64;

/// A decision as it can be taken back: what was there before.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Post { key: PostKey, before: Option<Box<Judged>>, left: Option<Seq> },
    Author { key: AuthorKey, before: Option<Barred>, left: Option<Seq> },
}

/// The decisions of one person.
#[derive(Debug, Default)]
struct Stack {
    done: VecDeque<Change>,
    undone: Vec<Change>,
}

/// The decisions of all people.
#[derive(Debug, Default)]
pub(crate) struct Undo(BTreeMap<SmolStr, Stack>);

/// Which way to go in a person's past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Back,
    Forth,
}

impl Undo {
    /// Notes a new decision: what was undone before cannot be done again.
    pub(crate) fn note(&mut self, by: &SmolStr, change: Change) {
        if !self.0.contains_key(by) && self.0.len() >= MAX_PEOPLE {
            return;
        }
        let stack = self.0.entry(by.clone()).or_default();
        stack.undone.clear();
        push(&mut stack.done, change);
    }

    /// The change to take back, or to do again.
    pub(crate) fn pop(&mut self, by: &SmolStr, direction: Direction) -> Option<Change> {
        let stack = self.0.get_mut(by)?;
        match direction {
            Direction::Back => stack.done.pop_back(),
            Direction::Forth => stack.undone.pop(),
        }
    }

    /// Notes what the change in `direction` replaced, so that it can be gone back.
    pub(crate) fn note_inverse(&mut self, by: &SmolStr, direction: Direction, change: Change) {
        let Some(stack) = self.0.get_mut(by) else { return };
        match direction {
            Direction::Back => stack.undone.push(change),
            Direction::Forth => push(&mut stack.done, change),
        }
    }
}

fn push(done: &mut VecDeque<Change>, change: Change) {
    done.push_back(change);
    if done.len() > MAX_UNDO {
        done.pop_front();
    }
}
