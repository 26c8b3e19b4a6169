//! What the store's thread does: groups, chores, upkeep, and what it does when the disk says no.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;

use vigie_model::Seq;

use crate::{
    Group, Health, OpenError, Options, Tombstones, Trouble,
    file::{self, Hold},
    log::{Committed, Log},
    queue::{Chore, Queue, UpkeepTask, Work},
    retain::Step,
};

/// The least time between two transactions under load, so that many events share one: 20 syncs a second.
///
/// An event that comes alone is committed at once.
const COMMIT_PAUSE: Duration = Duration::from_millis(50);

/// The first pause after a failed transaction; it doubles up to [`RETRY_MAX`].
const RETRY_MIN: Duration = Duration::from_millis(50);

/// The longest pause between two tries.
const RETRY_MAX: Duration = Duration::from_secs(5);

/// Tries of a transaction while the log is being closed, before it is given up.
const CLOSING_TRIES: u32 = 3;

/// Transactions after which erased content leaves the write-ahead log even if the thread never idles: a second.
const SCRUB_COMMITS: u32 = 20;

/// After this an idle thread tries again to empty the write-ahead log.
const SCRUB_PAUSE: Duration = Duration::from_secs(1);

/// What the thread owns.
#[derive(Debug)]
pub(crate) struct Worker {
    path: PathBuf,
    options: Options,
    /// None between a damaged file and the next.
    log: Option<Log>,
    tombstones: Arc<Tombstones>,
    queue: Arc<Queue>,
    health: Arc<Mutex<Health>>,
    /// Transactions since content was erased that may still lie in the write-ahead log; 0 where there is none.
    n_unscrubbed: u32,
    /// Dropped last, after the log.
    _hold: Hold,
}

impl Worker {
    /// A worker for the log that is open.
    pub(crate) fn new(
        path: &Path,
        options: Options,
        log: Log,
        hold: Hold,
        shared: (&Arc<Queue>, &Arc<Mutex<Health>>),
    ) -> Self {
        let (queue, health) = shared;
        Self {
            path: path.to_owned(),
            options,
            tombstones: Arc::clone(&log.tombstones),
            log: Some(log),
            queue: Arc::clone(queue),
            health: Arc::clone(health),
            n_unscrubbed: 0,
            _hold: hold,
        }
    }

    pub(crate) fn run_to_the_end(self) {
        let queue = Arc::clone(&self.queue);
        if catch_unwind(AssertUnwindSafe(|| self.run())).is_err() {
            tracing::error!("the store's thread panicked: nothing more is written");
            queue.abandon();
        }
    }

    fn run(mut self) {
        loop {
            // A reader may have been in the way: its rows are not waited for by an idle thread alone.
            let patience = (self.n_unscrubbed > 0).then_some(SCRUB_PAUSE);
            match self.queue.take(patience) {
                Work::Commit(groups) => self.commit(groups),
                Work::Chore(chore) => self.chore(chore),
                Work::Upkeep => {}
                Work::Closed => break,
            }
            self.upkeep_step();
            self.scrub_if_due();
            self.queue.rest(COMMIT_PAUSE);
        }
        if let Some(log) = &self.log
            && let Err(trouble) = log.scrub()
        {
            tracing::warn!(%trouble, "the write-ahead log was left for the next start");
        }
    }

    /// Commits `groups`, however long it takes; gives up only while the log is being closed.
    ///
    /// After a failure it tries half as much at once: what is left of a disk may hold that.
    fn commit(&mut self, mut groups: Vec<Group>) {
        let mut n_at_once = groups.len();
        let mut pause = RETRY_MIN;
        let mut n_closing_tries = 0;
        while !groups.is_empty() {
            n_at_once = n_at_once.clamp(1, groups.len());
            let rest = groups.split_off(n_at_once);
            match self.try_commit(&groups) {
                Ok(committed) => {
                    self.committed(committed);
                    self.acknowledge(groups);
                    groups = rest;
                    continue;
                }
                Err(trouble) => self.failed(trouble),
            }
            groups.extend(rest);
            n_closing_tries += u32::from(self.queue.is_closing());
            if n_closing_tries >= CLOSING_TRIES {
                return self.give_up(&groups);
            }
            self.queue.back_off(pause);
            self.upkeep_step();
            pause = (pause * 2).min(RETRY_MAX);
            n_at_once /= 2;
        }
    }

    fn acknowledge(&self, groups: Vec<Group>) {
        self.queue.done(n_events(&groups));
        for ack in groups.into_iter().flat_map(|group| group.acks) {
            if catch_unwind(AssertUnwindSafe(ack)).is_err() {
                tracing::error!("one who waited for a commit panicked");
            }
        }
    }

    fn give_up(&self, groups: &[Group]) {
        let n_events = n_events(groups);
        tracing::error!(n_events, "events were not written: the log is being closed");
        self.health.lock().n_given_up += n_events as u64;
        self.queue.done(n_events);
    }

    fn try_commit(&mut self, groups: &[Group]) -> Result<Committed, Trouble> {
        let log = self.open_log()?;
        let committed = log.commit(groups)?;
        if let Err(trouble) = log.settle() {
            // The marks stay in memory and are written with the next ones.
            tracing::warn!(%trouble, "index segment not written yet");
        }
        Ok(committed)
    }

    /// The log; a new one in place of one that was found damaged.
    fn open_log(&mut self) -> Result<&mut Log, Trouble> {
        if self.log.is_none() {
            let renew = || {
                let mut log = Log::open(&self.path, self.options.max_bytes)?;
                log.inherit(Arc::clone(&self.tombstones))
                    .map_err(|trouble| OpenError::Database { trouble, path: self.path.clone() })?;
                Ok(log)
            };
            let log = renew().map_err(|err: OpenError| Trouble::Other(err.to_string()))?;
            self.log = Some(log);
        }
        self.log.as_mut().ok_or(Trouble::Closed)
    }

    fn committed(&mut self, committed: Committed) {
        let last = self.log.as_ref().map_or(Seq(0), |log| log.last);
        let mut health = self.health.lock();
        health.committed = last;
        health.n_commits += 1;
        health.n_rows += committed.n_rows;
        health.n_erased += committed.n_erased;
        health.n_blocked += committed.n_blocked;
        if health.trouble.take().is_some() {
            tracing::info!("the event log is written again");
        }
        drop(health);
        self.erased(committed.n_erased);
    }

    fn erased(&mut self, n_rows: u64) {
        if n_rows > 0 || self.n_unscrubbed > 0 {
            self.n_unscrubbed += 1;
        }
    }

    fn failed(&mut self, trouble: Trouble) {
        if trouble == Trouble::Damaged && self.log.take().is_some() {
            match set_aside(&self.path) {
                Ok(aside) => self.health.lock().set_aside.push(aside),
                Err(err) => tracing::error!(%err, "the damaged event log stays where it is"),
            }
        }
        let mut health = self.health.lock();
        health.n_failures += 1;
        if health.trouble.as_ref() != Some(&trouble) {
            tracing::warn!(%trouble, "the event log cannot be written, trying again");
            health.trouble = Some(trouble);
        }
    }

    fn chore(&mut self, chore: Chore) {
        let (reply, outcome) = match chore {
            Chore::Flush(reply) => (reply, Ok(0)),
            Chore::Erase(author, at, reply) => {
                let outcome = self.open_log().and_then(|log| log.erase_author(&author, at));
                (reply, self.counted(outcome))
            }
        };
        self.scrub();
        // Who asked may have gone.
        reply.try_send(outcome).ok();
    }

    /// Does a little of what keeps the file small, if something is to be done.
    fn upkeep_step(&mut self) {
        let Some(mut upkeep) = self.queue.next_upkeep() else { return };
        let retention = self.options.retention.clone();
        let step = self.open_log().and_then(|log| match upkeep.task {
            UpkeepTask::Purge(before) => log.purge_step(before),
            UpkeepTask::Sweep(now) => log.sweep_step(&retention, now),
        });
        match step {
            Ok(Step::More(n_rows)) => {
                upkeep.n_rows += n_rows;
                self.queue.resume_upkeep(upkeep);
                self.counted(Ok(n_rows)).ok(); // Counting cannot fail.
            }
            Ok(Step::Done) => {
                self.scrub();
                upkeep.reply.try_send(Ok(upkeep.n_rows)).ok(); // Who asked may have gone.
            }
            Err(trouble) => {
                upkeep.reply.try_send(Err(trouble)).ok(); // Who asked may have gone.
            }
        }
    }

    /// Notes rows that were erased outside a group.
    fn counted(&mut self, outcome: Result<u64, Trouble>) -> Result<u64, Trouble> {
        match &outcome {
            Ok(n_rows) => {
                self.health.lock().n_erased += n_rows;
                self.erased(*n_rows);
            }
            Err(trouble) => self.failed(trouble.clone()),
        }
        outcome
    }

    /// Takes erased content out of the write-ahead log when nothing waits, else from time to time.
    fn scrub_if_due(&mut self) {
        if self.n_unscrubbed >= SCRUB_COMMITS || self.queue.is_empty() {
            self.scrub();
        }
    }

    fn scrub(&mut self) {
        let Some(log) = self.log.as_ref().filter(|_| self.n_unscrubbed > 0) else { return };
        match log.scrub() {
            Ok(true) => self.n_unscrubbed = 0,
            Ok(false) => tracing::debug!("a reader holds the write-ahead log, trying again"),
            Err(trouble) => tracing::warn!(%trouble, "the write-ahead log was not emptied"),
        }
    }
}

fn n_events(groups: &[Group]) -> usize {
    groups.iter().map(|group| group.events.len()).sum()
}

/// Sets a damaged log aside and says so.
pub(crate) fn set_aside(path: &Path) -> Result<PathBuf, OpenError> {
    let aside = file::set_aside(path)?;
    tracing::error!(
        path = %path.display(), aside = %aside.display(),
        "the event log is damaged: it was set aside and a new one begins"
    );
    Ok(aside)
}
