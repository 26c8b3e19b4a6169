//! The log, open for writing: what others call, while a thread of its own does the work.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc::sync_channel},
    thread::{Builder, JoinHandle},
    time::Duration,
};

use parking_lot::Mutex;

use vigie_model::{AuthorId, Seq, Timestamp};

use crate::{
    AppendError, Group, OpenError, Options, QUEUE_MAX_EVENTS, Reader, Tombstones, Trouble, file,
    log::Log,
    queue::{Chore, Queue, Reply, Upkeep, UpkeepTask},
    worker::{Worker, set_aside},
};

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
        let worker = Worker::new(path, options, log, hold, (&queue, &health));
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

    /// As [`Writer::sweep`], without waiting: for those who must not. What goes wrong is told by [`Writer::health`].
    pub fn sweep_later(&self, now: Timestamp) {
        let (reply, _nobody_listens) = sync_channel(1);
        self.queue.add_upkeep(Upkeep { task: UpkeepTask::Sweep(now), n_rows: 0, reply });
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
