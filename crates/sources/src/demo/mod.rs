//! The built-in demonstration: a day of a campaign, played on the room's own clock. No network, no account.
//!
//! The connector knows no speed: a room whose clock runs sixty times as fast plays the day in a quarter of an hour.
//! Without `start`, the campaign takes place on the clock's own day, and what lies before the present is brought at once.
//! With `start = "17:40"`, the day is moved so that its 17:40 is the moment of the launch; where the clock shows late
//! evening then, the day runs past midnight, and figures that count days begin anew there.
//! `start = "22:00"` brings the whole day at once.
//!
//! Beside the campaign, people speak of two invented rivals, `CarLittoral` and `VéloBaie`, and the figures `ventes`,
//! `reached` and `engaged` come each half hour.
//!
//! To see 7,000 posts and 600 answers, ask for `#DemandezAuCM` and name `RailAzur` as the brand's account.

mod brand;
mod campaign;
mod day;
mod market;
mod people;
mod post;
#[cfg(test)]
mod tests;
mod texts;

use std::{time::Duration, vec};

use futures_util::FutureExt as _;
use jiff::{civil, tz::TimeZone};
use schemars::JsonSchema;
use serde::Deserialize;

pub use campaign::Campaign;

use crate::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun,
    model::{Cursor, Micros, OptionError, SourceEvent, SourceSpec, Timestamp, read_options},
};

/// The connector for the demonstration.
pub(crate) const ENTRY: ConnectorEntry = ConnectorEntry {
    name: "demo",
    title: "Demonstration campaign",
    check: |table| DemoSource::new(table).map(drop),
    build: |spec: &SourceSpec| Ok(Box::new(DemoSource::new(&spec.options)?)),
    schema: || schemars::schema_for!(DemoOptions).to_value(),
};

/// How often the clock is looked at. It may run faster than real time, so nothing is foreseen.
const TICK: Duration = Duration::from_millis(50);
/// At night a campaign is silent for hours, and that is no fault.
const DEADLINE_SECS: u32 = 900;

/// What a room file says of the demonstration.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DemoOptions {
    /// Another number makes another day.
    #[serde(default = "default_seed")]
    seed: u64,
    /// The campaign's date, such as `2026-11-23`; the clock's own day where it is left out.
    date: Option<String>,
    /// The time of the campaign's day that the launch stands for, such as `17:40`; the clock's own time where it is left out.
    start: Option<String>,
    /// Where the campaign takes place.
    #[serde(default = "default_time_zone")]
    time_zone: String,
}

const fn default_seed() -> u64 {
    1
}

fn default_time_zone() -> String {
    "Europe/Paris".to_owned()
}

/// One demonstration.
#[derive(Debug)]
struct DemoSource {
    seed: u64,
    date: Option<civil::Date>,
    start: Option<civil::Time>,
    time_zone: TimeZone,
}

/// A campaign with its place in time, and how far it was told.
#[derive(Debug)]
struct Player {
    seed: u64,
    date: civil::Date,
    /// What is added to all instants of the campaign.
    shift: Micros,
    n_told: usize,
    rest: vec::IntoIter<(Timestamp, SourceEvent)>,
}

impl DemoSource {
    fn new(table: &toml::Table) -> Result<Self, OptionError> {
        let options: DemoOptions = read_options(table)?;
        let date = options.date.as_deref().map(str::parse).transpose().map_err(|_not_a_date| {
            OptionError::new("date", "must be a date, such as `2026-11-23`")
        })?;
        let start =
            options.start.as_deref().map(str::parse).transpose().map_err(|_not_a_time| {
                OptionError::new("start", "must be a time of day, such as `17:40`")
            })?;
        let time_zone = TimeZone::get(&options.time_zone).map_err(|_unknown| {
            OptionError::new("time_zone", "must be a time zone, such as `Europe/Paris`")
        })?;
        Ok(Self { seed: options.seed, date, start, time_zone })
    }

    /// The campaign for a launch at `now`, or the one that `cursor` was in.
    fn player(&self, context: &SourceContext) -> Player {
        let now = context.clock.now();
        let today = self.time_zone.to_datetime(now.to_jiff()).date();
        let date = self.date.unwrap_or(today);
        let cursor = context.cursor.as_ref().and_then(read_cursor);
        let (shift, n_told) = match cursor {
            Some((seed, told_of, shift, n_told)) if (seed, told_of) == (self.seed, date) => {
                (shift, n_told)
            }
            _ => (self.shift(date, now), 0),
        };
        let around = (&self.time_zone, &context.source);
        let campaign = Campaign::generate(self.seed, date, &self.time_zone, &context.source)
            .with_market(self.seed, date, around);
        let mut rest = campaign.events.into_iter();
        if n_told > 0 {
            rest.nth(n_told - 1);
        }
        Player { seed: self.seed, date, shift, n_told, rest }
    }

    /// How far the day is moved.
    fn shift(&self, date: civil::Date, now: Timestamp) -> Micros {
        let start = self.start.map(|start| self.time_zone.to_timestamp(date.to_datetime(start)));
        match start {
            Some(Ok(start)) => now.since(Timestamp::from_micros(start.as_microsecond())),
            _ => 0,
        }
    }

    async fn play(&self, context: &mut SourceContext) -> Result<Ended, SourceError> {
        let mut player = self.player(context);
        context.health.catching_up();
        let mut caught_up = false;
        loop {
            let now = context.clock.now();
            while let Some(event) = player.next(now) {
                if let SourceEvent::Upsert(post) = &event {
                    context.health.heard(post.text.len());
                }
                context.out.push(event).await?;
                context.out.set_cursor(player.cursor());
            }
            if !caught_up {
                caught_up = true;
                context.out.push(SourceEvent::CaughtUp).await?;
                context.health.live();
            }
            if player.rest.as_slice().is_empty() {
                context.out.finish().await?;
                return Ok(Ended::Finished);
            }
            context.out.flush().await?;
            context.health.heard(0);
            tokio::select! {
                () = context.shutdown.cancelled() => {
                    context.out.finish().await?;
                    return Ok(Ended::Closed);
                }
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }
}

impl Source for DemoSource {
    fn descriptor(&self) -> Descriptor {
        Descriptor { deadline_secs: DEADLINE_SECS, resumes: true, deletes: true, edits: true }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        self.play(context).boxed()
    }
}

impl Player {
    /// The next event, where it has happened by `now`.
    fn next(&mut self, now: Timestamp) -> Option<SourceEvent> {
        let (at, _) = self.rest.as_slice().first()?;
        if at.plus(self.shift) > now {
            return None;
        }
        let (_, event) = self.rest.next()?;
        self.n_told += 1;
        Some(shifted(event, self.shift))
    }

    fn cursor(&self) -> Cursor {
        let Self { seed, date, shift, n_told, .. } = self;
        Cursor(format!("{seed} {date} {shift} {n_told}").into())
    }
}

fn read_cursor(cursor: &Cursor) -> Option<(u64, civil::Date, Micros, usize)> {
    let mut fields = cursor.0.split(' ');
    let mut field = || fields.next();
    Some((
        field()?.parse().ok()?,
        field()?.parse().ok()?,
        field()?.parse().ok()?,
        field()?.parse().ok()?,
    ))
}

/// The same event, so much later.
fn shifted(event: SourceEvent, shift: Micros) -> SourceEvent {
    match event {
        SourceEvent::Upsert(mut post) => {
            post.published = post.published.plus(shift);
            post.received = post.received.plus(shift);
            post.edited = post.edited.map(|at| at.plus(shift));
            SourceEvent::Upsert(post)
        }
        SourceEvent::Figure(mut figure) => {
            figure.at = figure.at.plus(shift);
            SourceEvent::Figure(figure)
        }
        other => other,
    }
}
