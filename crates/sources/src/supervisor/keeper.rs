//! Keeps one source running, life after life.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use tracing::{error, info, warn};

use super::GRACE;
use crate::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError,
    backoff::Backoff,
    model::{GapCause, SourceEvent, SourceSpec, SourceState},
};

/// What to do after a run.
enum Next {
    Wait(Duration),
    Stop(SourceState),
}

pub(super) struct Keeper {
    entry: &'static ConnectorEntry,
    spec: SourceSpec,
    context: SourceContext,
    backoff: Backoff,
}

impl Keeper {
    pub(super) fn new(
        entry: &'static ConnectorEntry,
        spec: SourceSpec,
        context: SourceContext,
    ) -> Self {
        Self { entry, spec, context, backoff: Backoff::default() }
    }

    /// Runs the source until it is told to stop, has come to its end, or a person must act.
    pub(super) async fn keep(mut self, mut source: Box<dyn Source>) {
        let last = loop {
            let Some(outcome) = self.live(&mut source).await else { break None };
            if self.context.shutdown.is_cancelled() {
                break None;
            }
            match self.judge(source.descriptor(), outcome).await {
                Next::Stop(state) => break Some(state),
                Next::Wait(wait) => {
                    let shutdown = &self.context.shutdown;
                    if shutdown.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                        break None;
                    }
                }
            }
        };
        if let Some(state) = last {
            self.context.health.set(state);
        }
    }

    /// One run, whose panics and whose stubbornness at the end stay here. Nothing where it was cut off.
    async fn live(&mut self, source: &mut Box<dyn Source>) -> Option<Result<Ended, SourceError>> {
        self.context.cursor = self.context.out.restart();
        let shutdown = self.context.shutdown.clone();
        let run = AssertUnwindSafe(async { source.run(&mut self.context).await }).catch_unwind();
        let patience = async {
            shutdown.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        let outcome = tokio::select! {
            outcome = run => outcome,
            () = patience => {
                warn!(source = %self.spec.id, "source did not stop in time and was cut off");
                return None;
            }
        };
        match outcome {
            Ok(outcome) => Some(outcome),
            Err(_panic) => {
                error!(source = %self.spec.id, "connector panicked");
                match (self.entry.build)(&self.spec) {
                    Ok(fresh) => {
                        *source = fresh;
                        Some(Err(SourceError::Protocol("the connector failed".to_owned())))
                    }
                    Err(err) => Some(Err(SourceError::Config(err.to_string()))),
                }
            }
        }
    }

    /// What a run's end means.
    async fn judge(&mut self, descriptor: Descriptor, outcome: Result<Ended, SourceError>) -> Next {
        let streamed = self.context.health.disconnected();
        let roll = fastrand::f64();
        let (wait, why) = match outcome {
            Ok(Ended::Finished) => {
                info!(source = %self.spec.id, "source has come to its end");
                return Next::Stop(SourceState::Finished);
            }
            Ok(Ended::Later(wait)) => {
                self.backoff.reset();
                return Next::Wait(wait);
            }
            Ok(Ended::Closed) => {
                let wait = self.backoff.after_failure(streamed.unwrap_or_default(), roll);
                (wait, "the connection was closed".to_owned())
            }
            Err(SourceError::BusClosed) => return Next::Stop(SourceState::Finished),
            Err(err) if !err.is_passing() => {
                error!(source = %self.spec.id, %err, "source stopped: a person must act");
                return Next::Stop(SourceState::Stopped { why: err.to_string().into() });
            }
            Err(SourceError::RateLimited { wait, why }) => {
                (self.backoff.after_limit(wait, roll), why)
            }
            Err(err) => {
                if let SourceError::CursorTooOld { floor, .. } = &err {
                    self.context.out.jump(floor.clone());
                    self.gap(GapCause::CursorTooOld).await;
                }
                (self.backoff.after_failure(streamed.unwrap_or_default(), roll), err.to_string())
            }
        };
        if streamed.is_some() && !descriptor.resumes {
            self.gap(GapCause::NoReplay).await;
        }
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        warn!(source = %self.spec.id, why, wait_millis = millis, "source disconnected");
        let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
        let until = self.context.clock.now().plus(micros);
        self.context.health.set(SourceState::Waiting { until, why: why.into() });
        Next::Wait(wait)
    }

    /// Says that something was missed. It does not wait for a bus that is full while the program ends.
    async fn gap(&self, cause: GapCause) {
        let batch = self.context.out.batch(vec![SourceEvent::Gap(cause, 0)], None);
        let ingest = self.context.out.ingest();
        let sending = ingest.send(batch);
        if self.context.shutdown.run_until_cancelled(sending).await.is_none() {
            warn!(source = %self.spec.id, "a gap could not be recorded");
        }
    }
}
