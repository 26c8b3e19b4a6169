//! What waits for the writer's thread.

use std::{collections::VecDeque, fmt, sync::mpsc::SyncSender, time::Duration};

use parking_lot::{Condvar, Mutex};

use vigie_model::{AuthorId, Cursor, Logged, Seq, SourceId, Timestamp};

use crate::{AppendError, Trouble};

/// Events that may wait to be written: six seconds at 10,000 a second, about 100 MB at most in practice.
pub const QUEUE_MAX_EVENTS: usize = 65_536;

/// Events that go into one transaction. More only makes the newest wait for the oldest.
pub(crate) const COMMIT_MAX_EVENTS: usize = 10_000;

/// So many events wait for no company: a commit is worth its price, and they are still in the processor's caches.
const PRESSING_EVENTS: usize = 4_096;

/// What the writer is called back with once a group is on disk.
pub type OnCommit = Box<dyn FnOnce() + Send>;

/// Events that are committed together, with the cursors that stand behind them.
#[derive(Default)]
pub struct Group {
    /// In order, each following on the one before; may be empty.
    pub events: Vec<Logged>,
    /// Where sources are to go on once these events are on disk. Of two for a source the later counts.
    pub cursors: Vec<(SourceId, Cursor)>,
    /// Called on the writer's thread after the commit; dropped uncalled if there will be none. Must not wait.
    pub acks: Vec<OnCommit>,
}

impl fmt::Debug for Group {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Group")
            .field("n_events", &self.events.len())
            .field("cursors", &self.cursors)
            .field("n_acks", &self.acks.len())
            .finish()
    }
}

/// Where the outcome of a chore goes: the number of rows concerned.
pub(crate) type Reply = SyncSender<Result<u64, Trouble>>;

/// Work that keeps its place among the groups.
#[derive(Debug)]
pub(crate) enum Chore {
    /// Everything before it is to be committed now.
    Flush(Reply),
    /// An author goes.
    Erase(AuthorId, Timestamp, Reply),
}

/// Work that is done bit by bit, between groups, and also while a full disk holds the groups up.
#[derive(Debug)]
pub(crate) struct Upkeep {
    pub(crate) task: UpkeepTask,
    pub(crate) n_rows: u64,
    pub(crate) reply: Reply,
}

/// What is to be kept up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UpkeepTask {
    /// Every event before this goes.
    Purge(Timestamp),
    /// The retention rules are enforced as of now.
    Sweep(Timestamp),
}

/// What the thread is to do next.
#[derive(Debug)]
pub(crate) enum Work {
    Commit(Vec<Group>),
    Chore(Chore),
    Upkeep,
    Closed,
}

enum Job {
    Append(Group),
    Chore(Chore),
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    upkeep: VecDeque<Upkeep>,
    /// Events in `jobs`, and in the transaction at work.
    n_events: usize,
    peak: usize,
    n_chores: usize,
    /// What the next event must be; anything where the log is empty.
    due: Option<Seq>,
    closing: bool,
}

impl Waiting {
    /// Whether the thread should not rest.
    fn presses(&self) -> bool {
        self.closing
            || self.n_chores > 0
            || !self.upkeep.is_empty()
            || self.n_events >= PRESSING_EVENTS
    }
}

/// The road between those who append and the thread that writes.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    /// There is something to do.
    work: Condvar,
    /// There is so much to do, or of such a kind, that resting must end.
    press: Condvar,
    /// There is room again.
    room: Condvar,
}

impl fmt::Debug for Queue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Queue").field("n_events", &self.depth().0).finish_non_exhaustive()
    }
}

impl Queue {
    pub(crate) fn new(last: Seq) -> Self {
        let queue = Self::default();
        queue.waiting.lock().due = (last > Seq(0)).then(|| last.next());
        queue
    }

    pub(crate) fn append(&self, group: Group) -> Result<(), AppendError> {
        let mut waiting = self.waiting.lock();
        if waiting.closing {
            return Err(AppendError::Closed(Box::new(group)));
        }
        let n_events = waiting.n_events + group.events.len();
        if waiting.n_events > 0 && n_events > QUEUE_MAX_EVENTS {
            return Err(AppendError::Full(Box::new(group)));
        }
        let mut due = waiting.due;
        for logged in &group.events {
            let expected = due.unwrap_or(logged.seq);
            if logged.seq != expected {
                return Err(AppendError::OutOfOrder { expected, found: logged.seq });
            }
            due = Some(expected.next());
        }
        waiting.due = due;
        waiting.n_events = n_events;
        waiting.peak = waiting.peak.max(n_events);
        waiting.jobs.push_back(Job::Append(group));
        self.signal(&waiting);
        Ok(())
    }

    pub(crate) fn add_chore(&self, chore: Chore) {
        let mut waiting = self.waiting.lock();
        // After closing nobody would answer: the chore is dropped here, and with it its reply.
        if !waiting.closing {
            waiting.n_chores += 1;
            waiting.jobs.push_back(Job::Chore(chore));
            self.signal(&waiting);
        }
    }

    pub(crate) fn add_upkeep(&self, upkeep: Upkeep) {
        let mut waiting = self.waiting.lock();
        if !waiting.closing {
            waiting.upkeep.push_back(upkeep);
            self.signal(&waiting);
        }
    }

    pub(crate) fn close(&self) {
        let mut waiting = self.waiting.lock();
        waiting.closing = true;
        waiting.upkeep.clear();
        self.signal(&waiting);
        self.room.notify_all();
    }

    fn signal(&self, waiting: &Waiting) {
        self.work.notify_one();
        if waiting.presses() {
            self.press.notify_one();
        }
    }

    /// Waits for something to do and takes it. Groups that wait together come out together.
    ///
    /// With a `patience` it comes back after that even if there is nothing to do.
    pub(crate) fn take(&self, patience: Option<Duration>) -> Work {
        let mut waiting = self.waiting.lock();
        let is_idle = |waiting: &mut Waiting| {
            waiting.jobs.is_empty() && waiting.upkeep.is_empty() && !waiting.closing
        };
        match patience {
            Some(patience) => {
                if self.work.wait_while_for(&mut waiting, is_idle, patience).timed_out() {
                    return Work::Upkeep;
                }
            }
            None => self.work.wait_while(&mut waiting, is_idle),
        }
        let (mut groups, mut n_events) = (Vec::new(), 0);
        while n_events < COMMIT_MAX_EVENTS {
            match waiting.jobs.pop_front() {
                Some(Job::Append(group)) => {
                    n_events += group.events.len();
                    groups.push(group);
                }
                Some(Job::Chore(chore)) if groups.is_empty() => {
                    waiting.n_chores -= 1;
                    return Work::Chore(chore);
                }
                Some(chore) => {
                    waiting.jobs.push_front(chore);
                    break;
                }
                None => break,
            }
        }
        if !groups.is_empty() {
            Work::Commit(groups)
        } else if waiting.closing {
            Work::Closed
        } else {
            Work::Upkeep
        }
    }

    /// The thread is gone: nobody is to wait for it any more.
    pub(crate) fn abandon(&self) {
        self.close();
        self.waiting.lock().jobs.clear();
    }

    /// The first upkeep to go on with. Put it back with [`Queue::resume_upkeep`] while it is not done.
    pub(crate) fn next_upkeep(&self) -> Option<Upkeep> {
        self.waiting.lock().upkeep.pop_front()
    }

    pub(crate) fn resume_upkeep(&self, upkeep: Upkeep) {
        let mut waiting = self.waiting.lock();
        if !waiting.closing {
            waiting.upkeep.push_front(upkeep);
        }
    }

    /// The groups that were taken are on disk, or given up.
    pub(crate) fn done(&self, n_events: usize) {
        self.waiting.lock().n_events -= n_events;
        self.room.notify_all();
    }

    /// Lets events gather for a while, so that they share a transaction; ends at once when something presses.
    pub(crate) fn rest(&self, pause: Duration) {
        let mut waiting = self.waiting.lock();
        if !waiting.presses() {
            self.press.wait_for(&mut waiting, pause);
        }
    }

    /// Waits before a failed commit is tried again; ends at once when upkeep may help, or on closing.
    pub(crate) fn back_off(&self, pause: Duration) {
        let mut waiting = self.waiting.lock();
        if waiting.upkeep.is_empty() && !waiting.closing {
            self.press.wait_for(&mut waiting, pause);
        }
    }

    /// Waits until `n_events` fit, for `patience` at most. Whether they do.
    pub(crate) fn wait_for_room(&self, n_events: usize, patience: Duration) -> bool {
        let mut waiting = self.waiting.lock();
        let is_full = |waiting: &mut Waiting| {
            !waiting.closing
                && waiting.n_events > 0
                && waiting.n_events + n_events > QUEUE_MAX_EVENTS
        };
        !self.room.wait_while_for(&mut waiting, is_full, patience).timed_out()
    }

    /// Events that wait, and the most that ever waited.
    pub(crate) fn depth(&self) -> (usize, usize) {
        let waiting = self.waiting.lock();
        (waiting.n_events, waiting.peak)
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.waiting.lock().closing
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.lock().jobs.is_empty()
    }
}
