//! The thread that writes: groups, chores, upkeep, and what it does when the disk says no.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, mpsc::sync_channel},
    thread::{Builder, JoinHandle},
    time::Duration,
};

use parking_lot::Mutex;

use vigie_model::{AuthorId, Seq, Timestamp};

use crate::{
    AppendError, Group, OpenError, Options, QUEUE_MAX_EVENTS, Reader, Tombstones, Trouble,
    file::{self, Hold},
    log::{Committed, Log},
    queue::{Chore, Queue, Reply, Upkeep, UpkeepTask, Work},
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

/// How the log is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The last event that is on disk.
    pub committed: Seq,
    /// Events that wait to be written, at most about [`Health::queue_limit`].
    pub n_queued: usize,
    /// The most that ever waited.
    pub queue_peak: usize,
    /// The limit of what may wait.
    pub queue_limit: usize,
    /// Transactions since the start.
    pub n_commits: u64,
    /// Rows appended since the start.
    pub n_rows: u64,
    /// Rows that lost their content since the start, to deletes, purges and retention.
    pub n_erased: u64,
    /// Posts that came although they were deleted before.
    pub n_blocked: u64,
    /// Failed tries since the start.
    pub n_failures: u64,
    /// Events that could not be written before the log was closed; their senders were told.
    pub n_given_up: u64,
    /// What keeps the log from being written now.
    pub trouble: Option<Trouble>,
    /// Damaged files that were set aside, under their new names.
    pub set_aside: Vec<PathBuf>,
}

/// The log, open for writing: appends are queued, and committed in groups by a thread of its own.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    queue: Arc<Queue>,
    health: Arc<Mutex<Health>>,
    tombstones: Arc<Tombstones>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Opens the log, made where it is missing, and starts the thread.
    ///
    /// A damaged file is set aside under a new name and told in [`Health::set_aside`]; the log then begins anew.
    ///
    /// # Errors
    /// Where another program writes to it, a newer one has written it, it is no event log, or the system says no.
    pub fn start(path: &Path, options: Options) -> Result<Self, OpenError> {
        let hold = file::hold(path)?;
        let mut health = Health { queue_limit: QUEUE_MAX_EVENTS, ..Health::default() };
        let log = match Log::open(path, options.max_bytes) {
            Err(OpenError::Database { trouble: Trouble::Damaged, .. }) => {
                health.set_aside.push(set_aside(path)?);
                Log::open(path, options.max_bytes)?
            }
            log => log?,
        };
        health.committed = log.last;
        let queue = Arc::new(Queue::new(log.last));
        let tombstones = Arc::clone(&log.tombstones);
        let health = Arc::new(Mutex::new(health));
        let worker = Worker {
            path: path.to_owned(),
            options,
            log: Some(log),
            tombstones: Arc::clone(&tombstones),
            queue: Arc::clone(&queue),
            health: Arc::clone(&health),
            n_unscrubbed: 0,
            _hold: hold,
        };
        let thread = Builder::new()
            .name("store".into())
            .spawn(move || worker.run_to_the_end())
            .map_err(|err| OpenError::Io { err, path: path.to_owned() })?;
        Ok(Self { path: path.to_owned(), queue, health, tombstones, thread: Some(thread) })
    }

    /// Queues a group. Never waits; the group's acks are called once it is on disk.
    ///
    /// # Errors
    /// Where the queue is full, the events do not follow on the last ones, or the log is closed.
    pub fn append(&self, group: Group) -> Result<(), AppendError> {
        self.queue.append(group)
    }

    /// Waits until the queue takes `n_events` more, for `patience` at most. Whether it does.
    #[must_use]
    pub fn wait_for_room(&self, n_events: usize, patience: Duration) -> bool {
        self.queue.wait_for_room(n_events, patience)
    }

    /// What was deleted: ask it before an event is numbered.
    #[must_use]
    pub const fn tombstones(&self) -> &Arc<Tombstones> {
        &self.tombstones
    }

    /// How the log is doing.
    #[must_use]
    pub fn health(&self) -> Health {
        let (n_queued, queue_peak) = self.queue.depth();
        Health { n_queued, queue_peak, ..self.health.lock().clone() }
    }

    /// Opens a reader of the same file.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn reader(&self) -> Result<Reader, OpenError> {
        Reader::open(&self.path)
    }

    /// Waits until all that was appended before is on disk, and what it deletes is off it.
    ///
    /// # Errors
    /// Where the log is closed first.
    pub fn flush(&self) -> Result<(), Trouble> {
        self.ask(|reply| self.queue.add_chore(Chore::Flush(reply))).map(|_| ())
    }

    /// Takes all content of an author off the disk and blocks the author for all time; waits for it.
    ///
    /// Returns the number of events that lost their content.
    ///
    /// # Errors
    /// Where the file could not be written.
    pub fn erase_author(&self, author: &AuthorId, at: Timestamp) -> Result<u64, Trouble> {
        self.ask(|reply| self.queue.add_chore(Chore::Erase(author.clone(), at, reply)))
    }

    /// Removes every event that happened before `before`; waits for it, while appends go on in between.
    ///
    /// Returns the number of events removed.
    ///
    /// # Errors
    /// Where the file could not be written.
    pub fn purge(&self, before: Timestamp) -> Result<u64, Trouble> {
        self.upkeep(UpkeepTask::Purge(before))
    }

    /// Enforces the retention rules as of `now`; to be called from time to time, also when no source is on.
    ///
    /// Returns the number of events that lost their content.
    ///
    /// # Errors
    /// Where the file could not be written.
    pub fn sweep(&self, now: Timestamp) -> Result<u64, Trouble> {
        self.upkeep(UpkeepTask::Sweep(now))
    }

    /// Writes what waits, empties the write-ahead log and ends the thread.
    ///
    /// # Errors
    /// What kept the last events from being written, after some tries; their acks are dropped.
    pub fn close(mut self) -> Result<(), Trouble> {
        self.end();
        let health = self.health.lock();
        match &health.trouble {
            Some(trouble) if health.n_given_up > 0 => Err(trouble.clone()),
            _ => Ok(()),
        }
    }

    fn upkeep(&self, task: UpkeepTask) -> Result<u64, Trouble> {
        self.ask(|reply| self.queue.add_upkeep(Upkeep { task, n_rows: 0, reply }))
    }

    fn ask(&self, give: impl FnOnce(Reply)) -> Result<u64, Trouble> {
        let (reply, answer) = sync_channel(1);
        give(reply);
        answer.recv().unwrap_or(Err(Trouble::Closed))
    }

    fn end(&mut self) {
        self.queue.close();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the store's thread ended with a panic");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.end();
    }
}

fn set_aside(path: &Path) -> Result<PathBuf, OpenError> {
    let aside = file::set_aside(path)?;
    tracing::error!(
        path = %path.display(), aside = %aside.display(),
        "the event log is damaged: it was set aside and a new one begins"
    );
    Ok(aside)
}

fn n_events(groups: &[Group]) -> usize {
    groups.iter().map(|group| group.events.len()).sum()
}

/// What the thread owns.
#[derive(Debug)]
struct Worker {
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
    fn run_to_the_end(self) {
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
