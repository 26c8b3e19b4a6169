//! Where posts and commands meet: commands always go first.

use std::{sync::Arc, time::Duration};

use crossbeam_channel::{Receiver, RecvError, Sender, TrySendError, bounded, select};

use vigie_model::Issued;

use crate::{Mapped, MappedBatches, QueueCounts, counts::Gauge, ordered::Slot};

/// Commands that may wait. People give a few a second; more is a stuck key or a stuck sequencer.
pub const COMMANDS_MAX: usize = 1_024;

/// Joins the posts' lane with a new lane for commands.
#[must_use]
pub fn lanes<U>(batches: MappedBatches<U>) -> (Commands, Lanes<U>) {
    let (queue_in, queue_out) = bounded(COMMANDS_MAX);
    let commands = Commands { queue: queue_in, gauge: Arc::new(Gauge::new(COMMANDS_MAX)) };
    let lanes = Lanes { commands: queue_out, issuer: commands.clone(), batches, slot: None };
    (commands, lanes)
}

/// Why a command was not taken. It comes back, so that it can be given again.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// Too many commands wait.
    #[error("too many commands wait")]
    Full(Box<Issued>),
    /// The room is closed.
    #[error("the room is closed")]
    Closed(Box<Issued>),
}

/// The end of the command lane that keys, console and rules hold.
#[derive(Clone, Debug)]
pub struct Commands {
    queue: Sender<Issued>,
    gauge: Arc<Gauge>,
}

impl Commands {
    /// Gives a command. Never waits.
    ///
    /// # Errors
    /// Where [`COMMANDS_MAX`] commands wait already, and after the room was closed.
    pub fn issue(&self, issued: Issued) -> Result<(), IssueError> {
        self.gauge.put(1);
        self.queue.try_send(issued).map_err(|err| {
            self.gauge.unput(1);
            match err {
                TrySendError::Full(issued) => {
                    self.gauge.wait();
                    IssueError::Full(Box::new(issued))
                }
                TrySendError::Disconnected(issued) => IssueError::Closed(Box::new(issued)),
            }
        })
    }

    /// What the lane counts; `n_waited` are the commands that were refused.
    #[must_use]
    pub fn counts(&self) -> QueueCounts {
        self.gauge.counts()
    }
}

/// What the sequencer is to number next.
#[derive(Debug)]
pub enum Next<U> {
    /// A command.
    Command(Issued),
    /// A batch of posts.
    Batch(Mapped<U>),
    /// Nothing came in time.
    Idle,
    /// There is nothing more, and there will not be.
    Closed,
}

/// The sequencer's end of both lanes.
#[derive(Debug)]
pub struct Lanes<U> {
    commands: Receiver<Issued>,
    /// Keeps the command lane open when nobody else does, and counts.
    issuer: Commands,
    batches: MappedBatches<U>,
    /// The place of the next batch, while a worker still reads it.
    slot: Option<Slot<U>>,
}

impl<U> Lanes<U> {
    /// Takes what comes next: a command if there is one, else a batch.
    ///
    /// Waits up to `patience`, or twice that where a batch is in work, then says [`Next::Idle`].
    /// A command is taken even while the next batch is in work.
    pub fn next(&mut self, patience: Duration) -> Next<U> {
        loop {
            if let Ok(issued) = self.commands.try_recv() {
                return self.command(issued);
            }
            if let Some(slot) = &self.slot {
                select! {
                    recv(self.commands) -> issued => if let Ok(issued) = issued {
                        return self.command(issued);
                    },
                    recv(slot) -> mapped => if let Some(next) = self.mapped(mapped) {
                        return next;
                    },
                    default(patience) => return Next::Idle,
                }
            } else {
                select! {
                    recv(self.commands) -> issued => if let Ok(issued) = issued {
                        return self.command(issued);
                    },
                    recv(self.batches.slots) -> slot => match slot {
                        Ok(slot) => self.slot = Some(slot),
                        Err(RecvError) => return self.last_command(),
                    },
                    default(patience) => return Next::Idle,
                }
            }
        }
    }

    /// Takes the next command only, waiting up to `patience`: for when nothing more can be stored.
    pub fn next_command(&mut self, patience: Duration) -> Option<Issued> {
        let issued = self.commands.recv_timeout(patience).ok()?;
        self.issuer.gauge.take(1);
        Some(issued)
    }

    fn command(&self, issued: Issued) -> Next<U> {
        self.issuer.gauge.take(1);
        Next::Command(issued)
    }

    fn mapped(&mut self, mapped: Result<Mapped<U>, RecvError>) -> Option<Next<U>> {
        self.slot = None;
        self.batches.gauge.take(1);
        if mapped.is_err() {
            tracing::error!("a worker died with a batch; its sender is told to send it again");
        }
        mapped.ok().map(Next::Batch)
    }

    /// There are no more batches: what commands are left, then the end.
    fn last_command(&self) -> Next<U> {
        self.commands.try_recv().map_or(Next::Closed, |issued| self.command(issued))
    }

    /// What waits for the sequencer, in batches.
    #[must_use]
    pub fn batch_counts(&self) -> QueueCounts {
        self.batches.counts()
    }

    /// What the command lane counts.
    #[must_use]
    pub fn command_counts(&self) -> QueueCounts {
        self.issuer.counts()
    }
}

#[cfg(test)]
mod tests;
