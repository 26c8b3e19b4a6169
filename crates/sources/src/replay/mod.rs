//! Recordings: a file of JSON lines, played at its own pace or faster.
//!
//! A line is a record as [`crate::record`] describes it, with `at` for when it was received; or what Jetstream sends.
//! A line that cannot be read is skipped, counted, and named by its number in the log.
//! A restart goes on behind the last line that is stored.

use std::{path::PathBuf, time::Duration};

use schemars::JsonSchema;
use serde::Deserialize;
use smol_str::format_smolstr;
use tracing::{info, warn};

use crate::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun,
    model::{Cursor, Micros, OptionError, SourceEvent, SourceSpec, Timestamp, read_options},
    record::is_network,
    transport::file::Lines,
};

mod line;
mod pace;

use line::{Format, LONGEST_NAP, Reader};
use pace::{Pace, Speed};

/// Bad lines beyond this many are counted, but no longer named one by one.
const MAX_NAMED: u64 = 20;

/// The log tells of each further part of the file in percent.
const PROGRESS_PERCENT: u64 = 10;

/// A recording may be silent for a night.
const DEADLINE_SECS: u32 = 86_400;

/// The connector for recordings.
pub(crate) const ENTRY: ConnectorEntry = ConnectorEntry {
    name: "replay",
    title: "Recordings (JSON lines)",
    check: |table| ReplaySource::new(table).map(drop),
    build: |spec: &SourceSpec| Ok(Box::new(ReplaySource::new(&spec.options)?)),
    schema: || schemars::schema_for!(ReplayOptions).to_value(),
};

/// What a room file says of a recording.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReplayOptions {
    /// The file; a relative path starts where the program was started.
    path: PathBuf,
    /// The form of its lines.
    #[serde(default)]
    format: Format,
    /// How many times as fast as it happened, 1 to 600, or `"max"`.
    #[serde(default = "default_speed")]
    speed: Speed,
    /// Where to begin, in RFC 3339; lines before it are passed over.
    #[serde(default)]
    from: Option<String>,
    /// Whether it begins again at its end.
    #[serde(default)]
    repeat: bool,
    /// Whether posts are shown as young as they were when they were recorded, instead of with their own dates.
    #[serde(default)]
    shifted: bool,
    /// The network of records that name none.
    #[serde(default = "default_network")]
    network: String,
}

const fn default_speed() -> Speed {
    Speed::Times(1)
}

fn default_network() -> String {
    "replay".to_owned()
}

/// One recording.
#[derive(Debug)]
struct ReplaySource {
    options: ReplayOptions,
    from: Option<Timestamp>,
}

/// A place in a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    /// The byte after the last line that was played.
    offset: u64,
    /// The number of that line.
    line: u64,
    /// How often the recording was played to its end.
    round: u64,
}

impl Place {
    fn parse(cursor: &Cursor) -> Option<Self> {
        let mut numbers = cursor.0.split(' ').map(str::parse);
        let mut next = || numbers.next()?.ok();
        Some(Self { offset: next()?, line: next()?, round: next()? })
    }

    fn cursor(self) -> Cursor {
        Cursor(format_smolstr!("{} {} {}", self.offset, self.line, self.round))
    }
}

impl ReplaySource {
    fn new(table: &toml::Table) -> Result<Self, OptionError> {
        let options: ReplayOptions = read_options(table)?;
        if !options.speed.is_allowed() {
            return Err(OptionError::new("speed", "must be 1 to 600, or \"max\""));
        }
        if !is_network(&options.network) {
            return Err(OptionError::new("network", "must be a lower-case noun"));
        }
        let from = match options.from.as_deref().map(Timestamp::parse) {
            Some(Err(_)) => {
                let message = "must be a time such as `2026-07-04T14:38:08Z` (RFC 3339)";
                return Err(OptionError::new("from", message));
            }
            Some(Ok(from)) => Some(from),
            None => None,
        };
        Ok(Self { options, from })
    }

    async fn play(&self, context: &mut SourceContext) -> Result<Ended, SourceError> {
        let n_bytes = self.n_bytes().await?;
        let mut place = context.cursor.as_ref().and_then(Place::parse).unwrap_or_default();
        if place.offset > n_bytes {
            warn!(source = %context.source, "the recording is shorter than it was: it begins again");
            place = Place { round: place.round, ..Place::default() };
        }
        context.health.live();
        loop {
            let n_before = place.line;
            self.play_round(context, &mut place, n_bytes).await?;
            if !self.options.repeat {
                context.out.finish().await?;
                return Ok(Ended::Finished);
            }
            if place.line == 0 && n_before == 0 {
                return Err(SourceError::Config("the recording is empty".to_owned()));
            }
            place = Place { round: place.round + 1, ..Place::default() };
            context.out.set_cursor(place.cursor());
        }
    }

    /// Plays from `place` to the end of the file.
    async fn play_round(
        &self,
        context: &mut SourceContext,
        place: &mut Place,
        n_bytes: u64,
    ) -> Result<(), SourceError> {
        let source = context.source.clone();
        let reader = Reader {
            format: self.options.format,
            network: &self.options.network,
            source: &source,
            shifted: self.options.shifted,
        };
        let opened = Lines::open(&self.options.path, place.offset).await;
        let mut lines = opened.map_err(|err| self.unreadable(&err))?;
        let mut seeking = self.from.filter(|_| place.offset == 0);
        let mut pace = Pace::new(self.options.speed);
        let mut progress = Progress::new(n_bytes, place.offset);
        let mut n_oversized = 0;
        loop {
            let next = lines.next().await.map_err(|err| self.unreadable(&err))?;
            let Some(line) = next.map(<[u8]>::to_vec) else { break };
            place.line += 1 + (lines.n_oversized() - n_oversized);
            for _ in n_oversized..lines.n_oversized() {
                context.health.skipped();
            }
            n_oversized = lines.n_oversized();
            place.offset = lines.offset();
            context.health.heard(line.len());
            progress.tell(&source, *place);
            if line.trim_ascii().is_empty() {
                continue;
            }
            if let Some(from) = seeking {
                if reader.time(&line).is_none_or(|time| time < from) {
                    continue;
                }
                seeking = None;
            }
            let wait = pace.wait(reader.time(&line), context.clock.now());
            if wait > 0 {
                context.out.flush().await?;
                self.nap(context, wait).await;
            }
            match reader.read(&line, context.clock.now()) {
                Ok(read) => self.tell(context, read.event, *place).await?,
                Err(why) => {
                    context.health.skipped();
                    if context.health.report().n_skipped <= MAX_NAMED {
                        warn!(%source, line = place.line, why, "line of the recording skipped");
                    }
                }
            }
        }
        context.out.set_cursor(place.cursor());
        Ok(())
    }

    async fn tell(
        &self,
        context: &mut SourceContext,
        event: Option<SourceEvent>,
        place: Place,
    ) -> Result<(), SourceError> {
        if let Some(event) = event {
            context.out.push(event).await?;
        }
        context.out.set_cursor(place.cursor());
        Ok(())
    }

    /// Waits by the clock, which may be another than the machine's.
    async fn nap(&self, context: &SourceContext, wait: Micros) {
        let due = context.clock.now().plus(wait);
        loop {
            let rest = due.since(context.clock.now()).min(LONGEST_NAP);
            let Ok(micros @ 1..) = u64::try_from(rest) else { return };
            tokio::time::sleep(Duration::from_micros(micros)).await;
        }
    }

    async fn n_bytes(&self) -> Result<u64, SourceError> {
        match tokio::fs::metadata(&self.options.path).await {
            Ok(meta) => Ok(meta.len()),
            Err(err) => Err(self.unreadable(&err)),
        }
    }

    fn unreadable(&self, err: &std::io::Error) -> SourceError {
        let path = self.options.path.display();
        SourceError::Config(format!("cannot read the recording: {}: {path}", err.kind()))
    }
}

/// How far a recording is, told now and then.
struct Progress {
    n_bytes: u64,
    told_percent: u64,
}

impl Progress {
    fn new(n_bytes: u64, offset: u64) -> Self {
        let n_bytes = n_bytes.max(1);
        Self { n_bytes, told_percent: percent(offset, n_bytes) }
    }

    fn tell(&mut self, source: &crate::model::SourceId, place: Place) {
        let percent = percent(place.offset, self.n_bytes);
        if percent >= self.told_percent + PROGRESS_PERCENT
            || percent == 100 && self.told_percent < 100
        {
            self.told_percent = percent;
            info!(%source, percent, line = place.line, round = place.round, "replay");
        }
    }
}

fn percent(offset: u64, n_bytes: u64) -> u64 {
    (u128::from(offset) * 100 / u128::from(n_bytes.max(1))).min(100) as u64
}

impl Source for ReplaySource {
    fn descriptor(&self) -> Descriptor {
        Descriptor { deadline_secs: DEADLINE_SECS, resumes: true, deletes: true, edits: true }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        Box::pin(async move {
            let shutdown = context.shutdown.clone();
            match shutdown.run_until_cancelled(self.play(context)).await {
                Some(outcome) => outcome,
                None => Ok(Ended::Closed),
            }
        })
    }
}

#[cfg(test)]
mod tests;
