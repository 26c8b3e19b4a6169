//! The running road, from sources to published snapshots: started and stopped as one.

use std::{
    io::IsTerminal as _,
    num::NonZeroUsize,
    path::Path,
    sync::Arc,
    thread::{Builder, JoinHandle},
};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::{Handle, Runtime};
use vigie_analysis::Matcher;
use vigie_bus::{Commands, Ingest, Latest, Workers, ingest, lanes, ordered_map};
use vigie_layout::Room;
use vigie_model::{Clock, Event, Seq, Snapshot, SourceSpec, Timestamp};
use vigie_sources::{ConnectorEntry, Environment, SecretFolder, Secrets, Supervisor};
use vigie_state::{RoomState, Setup};
use vigie_store::{Options, Retention, Writer};
use vigie_widgets::ScreenView;

use super::{
    analysis::mapper,
    files,
    known::Known,
    rules,
    sequencer::{Parts, Sequencer},
};

/// Analysis never takes more threads than this: the sequencer could not keep up.
const MAX_WORKERS: usize = 8;

/// Sources wait more than they work.
const N_SOURCE_THREADS: usize = 2;

/// What an engine is started with.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'a> {
    /// The room.
    pub(crate) room: &'a Room,
    /// Which of its sources to start.
    pub(crate) sources: &'a [SourceSpec],
    /// What these can be.
    pub(crate) connectors: &'static [ConnectorEntry],
    /// The event log.
    pub(crate) log_path: &'a Path,
    /// The room's time.
    pub(crate) clock: Arc<dyn Clock>,
    /// How many times faster the room's time passes than the machine's.
    pub(crate) speed: u32,
    /// What sources run on; outlives the engine.
    pub(crate) runtime: Handle,
}

/// What sources and the picture service run on.
///
/// # Errors
/// Where the system gives no thread.
pub(crate) fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(N_SOURCE_THREADS)
        .thread_name("sources")
        .enable_all()
        .build()
}

/// The road while it runs. Dropped without [`Engine::stop`], it stops without waiting.
#[derive(Debug)]
pub(crate) struct Engine {
    runtime: Handle,
    supervisor: Supervisor,
    ingest: Ingest,
    commands: Commands,
    workers: Workers,
    sequencer: JoinHandle<()>,
}

impl Engine {
    /// Opens the log, folds it, and starts everything; snapshots appear in `snapshots`.
    ///
    /// # Errors
    /// Where the log cannot be opened, a query cannot be run, or a source's options are wrong.
    pub(crate) fn start(plan: &Plan<'_>, snapshots: Latest<Snapshot>) -> anyhow::Result<Self> {
        let Plan { room, clock, .. } = plan;
        let matcher =
            Arc::new(Matcher::new(&rules::questions(room)).context("reading the queries")?);
        let n_queries = room.queries.len();
        let options = Options {
            retention: Retention { all: retention_micros(room), ..Retention::default() },
            ..Options::default()
        };
        let writer = Writer::start(plan.log_path, options)?;
        let mut state =
            RoomState::new(&Setup { matcher: Some(Arc::clone(&matcher)), ..setup(plan) });
        let (known, last) = fold_log(&writer, &mut state, &matcher)?;
        let checkpoints = writer.reader()?.cursors()?;
        state.advance(clock.now().max(last.1));
        snapshots.publish(state.snapshot());

        let (ingest, deliveries) = ingest();
        let n_workers = std::thread::available_parallelism().map_or(1, usize::from);
        let n_workers = NonZeroUsize::new(n_workers.min(MAX_WORKERS)).unwrap_or(NonZeroUsize::MIN);
        let (batches, workers) = ordered_map("analysis", n_workers, deliveries, move || {
            mapper(Arc::clone(&matcher), n_queries)
        })?;
        let (commands, lanes) = lanes(batches);

        let runtime = plan.runtime.clone();
        let secrets: Arc<dyn Secrets> = Arc::new(SecretFolder::new(files::secret_folder()?));
        let environment = Environment {
            ingest: ingest.clone(),
            checkpoints: Arc::new(move |source| checkpoints.get(source).cloned()),
            secrets,
            clock: Arc::clone(clock),
            runtime: runtime.clone(),
        };
        let mut supervisor = Supervisor::new(plan.connectors, environment)?;
        supervisor.apply(plan.sources)?;
        let authors = plan
            .sources
            .iter()
            .filter_map(|spec| Some((spec.id.clone(), supervisor.authors(&spec.id)?)))
            .collect();
        let clock = Arc::clone(clock);
        let parts = Parts { lanes, state, writer, known, last, clock, snapshots, authors };
        let sequencer = Builder::new()
            .name("sequencer".to_owned())
            .spawn(move || Sequencer::new(parts).run())?;
        Ok(Self { runtime, supervisor, ingest, commands, workers, sequencer })
    }

    /// Where commands are given.
    pub(crate) const fn commands(&self) -> &Commands {
        &self.commands
    }

    /// Stops in order: sources, bus, analysis, sequencer, log. Everything accepted is on disk when it returns.
    pub(crate) fn stop(self) {
        self.stop_with(|| {});
    }

    /// As [`Engine::stop`], and calls `between` when the sources have stopped and the rest has not.
    pub(crate) fn stop_with(self, between: impl FnOnce()) {
        let Self { runtime, supervisor, ingest, commands, workers, sequencer } = self;
        runtime.block_on(supervisor.stop());
        between();
        ingest.close();
        drop(ingest);
        drop(commands);
        workers.join();
        if sequencer.join().is_err() {
            tracing::error!("the sequencer ended with a panic");
        }
    }
}

/// What the fold must know of the room.
pub(crate) fn setup(plan: &Plan<'_>) -> Setup {
    let room = plan.room;
    let accounts =
        room.campaign.as_ref().map(|campaign| campaign.accounts.clone()).unwrap_or_default();
    Setup {
        queries: room.queries.iter().map(|query| query.name.clone()).collect(),
        needs: ScreenView::needs(room.views()).into_iter().collect(),
        sources: plan.sources.iter().map(|source| source.id.clone()).collect(),
        accounts,
        time_zone: room.time_zone.clone(),
        moderation: rules::moderation(room),
        show: rules::show(room, plan.speed),
        ..Setup::default()
    }
}

fn retention_micros(room: &Room) -> i64 {
    i64::try_from(room.retention.keep.as_micros()).unwrap_or(i64::MAX)
}

/// Folds the whole log into `state`; gives what it holds and its last event's place and time.
fn fold_log(
    writer: &Writer,
    state: &mut RoomState,
    matcher: &Matcher,
) -> anyhow::Result<(Known, (Seq, Timestamp))> {
    let reader = writer.reader()?;
    let mut last = (reader.last_seq()?, Timestamp::EPOCH);
    let mut known = Known::default();
    let progress = progress(last.0.0);
    for logged in reader.replay(..) {
        match logged {
            Ok(logged) => {
                known.note(&logged.event);
                let matches = match &logged.event {
                    Event::Post { post, reading } => Some(matcher.matches(post, reading)),
                    _ => None,
                };
                state.apply(&logged, matches);
                last.1 = logged.at;
                progress.set_position(logged.seq.0);
            }
            // The row stays on disk for a newer program; the wall goes on without it, and says so in the log.
            Err(err) => tracing::error!(%err, "an event of the log cannot be read"),
        }
    }
    progress.finish_and_clear();
    Ok((known, last))
}

/// A bar for people who wait at a terminal.
fn progress(n_events: u64) -> ProgressBar {
    /// Fewer events are read before anybody has seen the bar.
    const MIN_EVENTS: u64 = 20_000;
    if n_events < MIN_EVENTS || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("reading the log {bar:40} {percent}% {eta}")
        .unwrap_or_else(|_invalid| ProgressStyle::default_bar());
    ProgressBar::new(n_events).with_style(style)
}

/// Networks whose sources need no connection: what they bring is the same at every start.
pub(crate) fn is_offline(source: &SourceSpec) -> bool {
    ["demo", "replay"].contains(&source.connector.as_str())
}
