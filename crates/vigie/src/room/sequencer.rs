//! Gives every event its number and time, hands it to the log and to the fold, and publishes the room.
//!
//! It runs in one thread, so that there is one order.
//! Where the log takes no more, posts wait in front of it and commands do not.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use smol_str::SmolStr;
use vigie_analysis::QuerySet;
use vigie_bus::{Ack, Lanes, Latest, Mapped, Next};
use vigie_model::{
    AlertKind, Clock, Command, Event, GapCause, Issued, Logged, Micros, PurgeCause, Seq, Snapshot,
    SourceEvent, SourceId, Timestamp,
};
use vigie_sources::AuthorRequests;
use vigie_state::RoomState;
use vigie_store::{AppendError, Group, Writer};

use super::{
    analysis::Analyzed,
    known::{Hashes, Known},
};
use crate::wall::pace;

/// The least time between two published snapshots: faster than any screen shows them.
const PUBLISH_PAUSE: Duration = Duration::from_millis(8);

/// A snapshot may take one part in so many of this thread's time: where it takes long, fewer are made.
const PUBLISH_SHARE: u32 = 10;

/// But the wall never waits longer than this for a post that is folded.
const PUBLISH_PAUSE_MAX: Duration = Duration::from_millis(50);

/// How often time passes for the state when nothing happens.
const TICK: Duration = Duration::from_millis(500);

/// How long counts of posts that no query asked for, and cursors without events, wait for company.
const LINGER: Duration = Duration::from_secs(2);

/// How long to wait for room in the log before commands are looked at again.
const ROOM_PATIENCE: Duration = Duration::from_millis(5);

/// How often the log's retention is enforced, in room time.
const SWEEP_PERIOD: Micros = 3_600 * 1_000_000;

/// What the sequencer works with.
pub(crate) struct Parts {
    /// What is to be numbered.
    pub(crate) lanes: Lanes<Vec<Analyzed>>,
    /// The fold, already at the log's end.
    pub(crate) state: RoomState,
    /// The log.
    pub(crate) writer: Writer,
    /// Which posts and authors the log holds.
    pub(crate) known: Known,
    /// The last event's place and time.
    pub(crate) last: (Seq, Timestamp),
    /// The room's time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Where screens read.
    pub(crate) snapshots: Latest<Snapshot>,
    /// Where to ask who an author is, by source.
    pub(crate) authors: BTreeMap<SourceId, AuthorRequests>,
}

/// The one who numbers.
pub(crate) struct Sequencer {
    parts: Parts,
    /// What waits for the log: its events are folded already.
    pending: Group,
    pending_since: Option<Instant>,
    unasked: BTreeMap<SourceId, u64>,
    published_at: Instant,
    /// How long to wait after that.
    publish_pause: Duration,
    is_unpublished: bool,
    ticked_at: Instant,
    swept_at: Timestamp,
    /// Whether people were told that the log cannot be written.
    is_blocked_told: bool,
}

impl Sequencer {
    /// A sequencer that has not begun.
    pub(crate) fn new(parts: Parts) -> Self {
        let now = pace::now();
        let swept_at = parts.clock.now().plus(-SWEEP_PERIOD);
        Self {
            parts,
            pending: Group::default(),
            pending_since: None,
            unasked: BTreeMap::new(),
            published_at: now,
            publish_pause: PUBLISH_PAUSE,
            is_unpublished: true,
            ticked_at: now,
            swept_at,
            is_blocked_told: false,
        }
    }

    /// Works until both lanes are closed and empty, then closes the log.
    pub(crate) fn run(mut self) {
        loop {
            if !self.flush_due() {
                // The log takes no more: posts wait, commands do not.
                if let Some(issued) = self.parts.lanes.next_command(Duration::ZERO) {
                    self.take_command(issued);
                }
                self.tick();
                continue;
            }
            match self.parts.lanes.next(self.patience()) {
                Next::Command(issued) => self.take_command(issued),
                Next::Batch(mapped) => self.take_batch(mapped),
                Next::Idle => {}
                Next::Closed => break,
            }
            self.tick();
        }
        self.finish();
    }

    /// How long nothing needs to be done if nothing comes.
    fn patience(&self) -> Duration {
        let now = pace::now();
        let until_publish = self.publish_pause.saturating_sub(now - self.published_at);
        let until_tick = TICK.saturating_sub(now - self.ticked_at);
        if self.is_unpublished { until_publish.min(until_tick) } else { until_tick }
    }

    /// Lets time pass, publishes what has changed, keeps the log's rules.
    fn tick(&mut self) {
        let now = pace::now();
        if now - self.ticked_at >= TICK {
            self.ticked_at = now;
            let room_now = self.parts.clock.now().max(self.parts.last.1);
            self.parts.state.advance(room_now);
            self.is_unpublished = true;
            self.forget_rejected();
            self.tell_blocked();
            self.sweep(room_now);
        }
        if self.is_unpublished && now - self.published_at >= self.publish_pause {
            self.publish_now();
        }
    }

    /// Takes the text of posts off the disk whose rejection nobody can take back any more.
    fn forget_rejected(&mut self) {
        for post in self.parts.state.expired_rejections() {
            let issued = Issued { by: "vigie".into(), command: Command::Forget(post) };
            self.number(Event::Command(issued), QuerySet::EMPTY);
        }
    }

    /// Tells when the log cannot be written, as on a full disk, and when it can again.
    fn tell_blocked(&mut self) {
        let is_blocked = self.parts.writer.health().trouble.is_some();
        if is_blocked != self.is_blocked_told {
            self.is_blocked_told = is_blocked;
            let (kind, name) = (AlertKind::Store, SmolStr::default());
            let command = Command::Trouble { kind, name, over: !is_blocked };
            let issued = Issued { by: "vigie".into(), command };
            self.number(Event::Command(issued), QuerySet::EMPTY);
        }
    }

    fn sweep(&mut self, now: Timestamp) {
        if now.since(self.swept_at) >= SWEEP_PERIOD {
            self.swept_at = now;
            self.parts.writer.sweep_later(now);
        }
    }

    fn take_command(&mut self, issued: Issued) {
        tracing::info!(by = %issued.by, command = ?issued.command, "command");
        let erased = match &issued.command {
            Command::Erase(author) => Some(author.clone()),
            _ => None,
        };
        self.number(Event::Command(issued), QuerySet::EMPTY);
        if let Some(author) = erased {
            self.number(Event::AuthorPurged(author, PurgeCause::Erasure), QuerySet::EMPTY);
        }
        self.publish_now();
    }

    /// Commands are seen at once: the screens wait for nothing else.
    fn publish_now(&mut self) {
        let began = pace::now();
        self.parts.snapshots.publish(self.parts.state.snapshot());
        self.is_unpublished = false;
        self.published_at = pace::now();
        let took = self.published_at - began;
        self.publish_pause = (took * PUBLISH_SHARE).clamp(PUBLISH_PAUSE, PUBLISH_PAUSE_MAX);
    }

    fn take_batch(&mut self, mapped: Mapped<Vec<Analyzed>>) {
        let Mapped { delivered, output } = mapped;
        let batch = delivered.batch;
        match output {
            Ok(analyzed) => {
                let known = &self.parts.known;
                let touch = |analyzed: &Analyzed| known.touch(analyzed.hashes);
                std::hint::black_box(analyzed.iter().fold(0, |sum, post| sum ^ touch(post)));
                for (event, analyzed) in batch.events.into_iter().zip(analyzed) {
                    self.take_event(&batch.source, event, analyzed);
                }
            }
            Err(_panicked) => {
                // The bus has logged it. What could not be read is a number on the wall.
                let n_events = batch.events.len() as u64;
                let (source, cause) = (batch.source.clone(), GapCause::Unreadable);
                self.number(Event::Gap { source, cause, n_events }, QuerySet::EMPTY);
            }
        }
        self.pending.cursors.extend(batch.cursor.map(|cursor| (batch.source, cursor)));
        self.pending.acks.push(on_commit(delivered.ack));
        self.pending_since.get_or_insert_with(pace::now);
    }

    fn take_event(&mut self, source: &SourceId, event: SourceEvent, analyzed: Analyzed) {
        let event = match event {
            SourceEvent::Upsert(post) => {
                // A changed post that no query asks for any more takes the one before away.
                let is_asked = !analyzed.matches.is_empty() || self.parts.known.post(&post.id);
                if !is_asked {
                    *self.unasked.entry(source.clone()).or_default() += 1;
                    self.pending_since.get_or_insert_with(pace::now);
                    return;
                }
                self.ask_author(source, &post);
                Event::Post { post: Arc::from(post), reading: analyzed.reading }
            }
            // Networks tell of every delete; those of posts that never were here say nothing to us.
            SourceEvent::Delete(id) if !self.parts.known.post(&id) => return,
            SourceEvent::Delete(id) => Event::Deleted(id),
            SourceEvent::PurgeAuthor(id, _) if !self.parts.known.author(&id) => return,
            SourceEvent::PurgeAuthor(id, cause) => Event::AuthorPurged(id, cause),
            SourceEvent::Author(author) if !self.parts.known.author(&author.id) => return,
            SourceEvent::Author(author) => Event::Author(author),
            SourceEvent::Figure(figure) => Event::Figure { source: source.clone(), figure },
            SourceEvent::Gap(cause, n_events) => {
                tracing::warn!(%source, ?cause, n_events, "something was missed");
                Event::Gap { source: source.clone(), cause, n_events }
            }
            SourceEvent::CaughtUp => Event::CaughtUp(source.clone()),
            SourceEvent::Report(report) => Event::Source(source.clone(), report),
        };
        let hashes = matches!(event, Event::Post { .. }).then_some(analyzed.hashes);
        self.number_hashed(event, analyzed.matches, hashes);
    }

    /// Asks who the author is where the post does not say.
    fn ask_author(&self, source: &SourceId, post: &vigie_model::Post) {
        if post.author.handle.is_empty()
            && let Some(authors) = self.parts.authors.get(source)
            && !authors.ask(post.author.id.clone())
        {
            tracing::debug!(%source, "too many authors to ask for; the next post asks again");
        }
    }

    /// Gives `event` its place, folds it and queues it for the log.
    fn number(&mut self, event: Event, matches: QuerySet) {
        self.number_hashed(event, matches, None);
    }

    /// As [`Sequencer::number`]; `hashes` are the post's, where it is one.
    fn number_hashed(&mut self, event: Event, matches: QuerySet, hashes: Option<Hashes>) {
        let at = self.parts.clock.now().max(self.parts.last.1);
        if !self.parts.writer.tombstones().admits(&event, at) {
            tracing::debug!("an event came back that was deleted; it stays away");
            return;
        }
        let seq = self.parts.last.0.next();
        self.parts.last = (seq, at);
        match hashes {
            Some(hashes) => self.parts.known.note_hashes(hashes),
            None => self.parts.known.note(&event),
        }
        let logged = Logged { seq, at, event };
        self.parts.state.apply(&logged, Some(matches));
        self.pending.events.push(logged);
        self.pending_since.get_or_insert_with(pace::now);
        self.is_unpublished = true;
    }

    /// Hands what waits to the log where it is due; whether there is room for more.
    fn flush_due(&mut self) -> bool {
        let Some(since) = self.pending_since else { return true };
        let lingers = self.pending.events.is_empty() && pace::now() - since < LINGER;
        lingers || self.flush()
    }

    /// Hands what waits to the log; whether it took it.
    fn flush(&mut self) -> bool {
        for (source, n_posts) in std::mem::take(&mut self.unasked) {
            self.number(Event::Unasked { source, n_posts }, QuerySet::EMPTY);
        }
        let group = std::mem::take(&mut self.pending);
        let n_events = group.events.len();
        match self.parts.writer.append(group) {
            Ok(()) => {
                self.pending_since = None;
                true
            }
            Err(AppendError::Full(group)) => {
                self.pending = *group;
                // The answer is in the next try.
                let _has_room = self.parts.writer.wait_for_room(n_events, ROOM_PATIENCE);
                false
            }
            Err(err) => {
                // A fault of ours: the acks are dropped with the group, so sources send it again.
                tracing::error!(%err, "events were not logged");
                self.pending_since = None;
                true
            }
        }
    }

    /// Writes what is left, shows it, and closes the log.
    fn finish(mut self) {
        while !self.flush() {}
        self.parts.state.advance(self.parts.clock.now().max(self.parts.last.1));
        self.publish_now();
        if let Err(err) = self.parts.writer.close() {
            tracing::error!(%err, "the log was not closed in order");
        }
    }
}

fn on_commit(ack: Ack) -> vigie_store::OnCommit {
    Box::new(move || ack.committed())
}
