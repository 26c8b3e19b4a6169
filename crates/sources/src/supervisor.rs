//! Keeps every source of the room running: starts, restarts, stops them, and says how they are doing.
//!
//! Nothing else in this crate waits in order to try again.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use tokio::{runtime::Handle, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use vigie_bus::Ingest;

use crate::{
    AuthorInbox, AuthorRequests, ConnectorEntry, Health, Outbox, Secrets, Source, SourceContext,
    model::{Clock, Cursor, OptionError, SourceId, SourceReport, SourceSpec},
    transport,
};

mod keeper;
mod reporter;

use keeper::Keeper;
use reporter::Reporter;

/// A source that is told to stop and does not is dropped after this long.
const GRACE: Duration = Duration::from_millis(500);

/// Where the store knows the cursors of sources.
pub type Checkpoints = Arc<dyn Fn(&SourceId) -> Option<Cursor> + Send + Sync>;

/// What all sources of a room are lent.
#[derive(Clone)]
pub struct Environment {
    /// Where batches go.
    pub ingest: Ingest,
    /// Where a source goes on after a restart of the program.
    pub checkpoints: Checkpoints,
    /// The secrets that the room file names.
    pub secrets: Arc<dyn Secrets>,
    /// The only way to the present instant.
    pub clock: Arc<dyn Clock>,
    /// The runtime that sources run on.
    pub runtime: Handle,
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Environment").finish_non_exhaustive()
    }
}

/// Why the sources of a room file cannot be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("source `{source_id}`: {error}")]
pub struct SpecError {
    /// Which source.
    pub source_id: SourceId,
    /// What is wrong with it.
    pub error: OptionError,
}

/// All sources of a room. Dropped, it stops them without waiting.
#[derive(Debug)]
pub struct Supervisor {
    connectors: &'static [ConnectorEntry],
    environment: Environment,
    http: reqwest::Client,
    sources: BTreeMap<SourceId, Running>,
    shutdown: CancellationToken,
}

#[derive(Debug)]
struct Running {
    spec: SourceSpec,
    authors: AuthorRequests,
    health: Health,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Supervisor {
    /// A supervisor without sources. `connectors` is [`crate::CONNECTORS`], but for tests.
    ///
    /// # Errors
    /// Where this machine's certificates cannot be loaded.
    pub fn new(
        connectors: &'static [ConnectorEntry],
        environment: Environment,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            connectors,
            http: transport::http_client()?,
            environment,
            sources: BTreeMap::new(),
            shutdown: CancellationToken::new(),
        })
    }

    /// Makes exactly these sources run: starts new ones, stops those that are gone, restarts those with other options.
    ///
    /// # Errors
    /// Where a source names no connector, or its options are wrong. Then nothing changes.
    pub fn apply(&mut self, specs: &[SourceSpec]) -> Result<(), SpecError> {
        let mut plans = Vec::new();
        for spec in specs {
            let entry = find(self.connectors, spec)?;
            let fail = |error| SpecError { source_id: spec.id.clone(), error };
            plans.push((entry, spec.clone(), (entry.build)(spec).map_err(fail)?));
        }
        self.sources.retain(|id, running| {
            let wanted = specs.iter().any(|spec| spec.id == *id);
            if !wanted {
                running.shutdown.cancel();
            }
            wanted
        });
        for (entry, spec, source) in plans {
            let before = match self.sources.remove(&spec.id) {
                Some(running) if running.spec == spec => {
                    self.sources.insert(spec.id, running);
                    continue;
                }
                before => before,
            };
            let id = spec.id.clone();
            let running = self.start(entry, spec, source, before);
            self.sources.insert(id, running);
        }
        Ok(())
    }

    fn start(
        &self,
        entry: &'static ConnectorEntry,
        spec: SourceSpec,
        source: Box<dyn Source>,
        before: Option<Running>,
    ) -> Running {
        let environment = &self.environment;
        let clock = Arc::clone(&environment.clock);
        let shutdown = self.shutdown.child_token();
        let health = Health::new(Arc::clone(&clock), source.descriptor().deadline_secs);
        let (requests, authors) = AuthorInbox::pair();
        if let Some(before) = &before {
            before.shutdown.cancel();
        }
        let reporter = Reporter {
            source: spec.id.clone(),
            ingest: environment.ingest.clone(),
            clock: Arc::clone(&clock),
            health: health.clone(),
            shutdown: shutdown.clone(),
        };
        let (http, health_shared) = (self.http.clone(), health.clone());
        let (env, keeper_spec) = (environment.clone(), spec.clone());
        let keeper_shutdown = shutdown.clone();
        let task = environment.runtime.spawn(async move {
            // The one before may hold what this one needs, such as a port; and its cursor moves until it ends.
            if let Some(before) = before {
                before.task.await.ok();
            }
            let stored = (env.checkpoints)(&keeper_spec.id);
            let id = keeper_spec.id.clone();
            let context = SourceContext {
                source: id.clone(),
                out: Outbox::new(id, env.ingest, Arc::clone(&env.clock), stored.clone()),
                cursor: stored,
                http,
                secrets: env.secrets,
                clock: env.clock,
                health: health_shared,
                authors,
                shutdown: keeper_shutdown,
            };
            let keeper = Keeper::new(entry, keeper_spec, context);
            tokio::join!(reporter.keep(), keeper.keep(source));
        });
        info!(source = %spec.id, connector = entry.name, "source started");
        Running { spec, authors: requests, health, shutdown, task }
    }

    /// Where to ask who an author is.
    #[must_use]
    pub fn authors(&self, source: &SourceId) -> Option<AuthorRequests> {
        self.sources.get(source).map(|running| running.authors.clone())
    }

    /// How a source is doing at this moment.
    #[must_use]
    pub fn report(&self, source: &SourceId) -> Option<SourceReport> {
        self.sources.get(source).map(|running| running.health.report())
    }

    /// Stops all sources and waits for them; within a second, however they behave.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        for (id, running) in std::mem::take(&mut self.sources) {
            if let Err(err) = running.task.await {
                warn!(source = %id, %err, "source did not end well");
            }
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

fn find(
    connectors: &'static [ConnectorEntry],
    spec: &SourceSpec,
) -> Result<&'static ConnectorEntry, SpecError> {
    connectors.iter().find(|entry| entry.name == spec.connector).ok_or_else(|| {
        let known: Vec<_> = connectors.iter().map(|entry| entry.name).collect();
        let message =
            format!("there is no connector `{}`, only {}", spec.connector, known.join(", "));
        SpecError { source_id: spec.id.clone(), error: OptionError::new("connector", message) }
    })
}

#[cfg(test)]
mod tests;
