//! A source that dies in the middle of its work, beside one that goes on: what the screens notice of it.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::ensure;
use vigie_bus::Latest;
use vigie_model::{Snapshot, SourceSpec, SourceState, SystemClock};
use vigie_sources::{
    ConnectorEntry, Descriptor, Ended, Source, SourceContext, SourceError, SourceRun,
    record::{Origin, Record},
};

use super::material::{Material, room};
use crate::{
    room::{
        engine::{Engine, Plan, runtime},
        files::{DataFolder, RoomSource},
    },
    wall::pace,
};

/// How long both sources work before one of them dies.
const LIVES_FOR: Duration = Duration::from_secs(2);

/// Between two posts of a source.
const POST_EVERY: Duration = Duration::from_millis(5);

/// How soon the room must know that a source is dead.
const TOLD_WITHIN: Duration = Duration::from_secs(10);

const LOOK_EVERY: Duration = Duration::from_millis(5);

const DYING: &str = "dying";
const STEADY: &str = "steady";

/// What the bench's sources are made by.
const CONNECTORS: &[ConnectorEntry] = &[entry(DYING), entry(STEADY)];

const fn entry(name: &'static str) -> ConnectorEntry {
    ConnectorEntry {
        name,
        title: "A source that may die",
        check: |_| Ok(()),
        build: |spec: &SourceSpec| Ok(Box::new(Mortal { dies: spec.connector == DYING })),
        schema: || serde_json::json!({}),
    }
}

/// Lets a source die beside another; seconds from its death until the room knows of it.
pub(super) fn run() -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("sources.toml");
    fs::write(&path, room(1, "connector = \"demo\""))?;
    let source = RoomSource::File(path);
    let room = source.load()?;
    let data = DataFolder::of(&source, Some(folder.path()))?;
    let runtime = runtime()?;
    let snapshots = Latest::<Snapshot>::default();
    let spec = |name: &str| SourceSpec {
        id: name.into(),
        connector: name.into(),
        options: toml::Table::new(),
    };
    let plan = Plan {
        room: &room,
        sources: &[spec(DYING), spec(STEADY)],
        connectors: CONNECTORS,
        speed: 1,
        log_path: &data.log_path(),
        clock: Arc::new(SystemClock),
        runtime: runtime.handle().clone(),
    };
    let began = pace::now();
    let engine = Engine::start(&plan, snapshots.clone())?;
    let told = wait_until_told(began + LIVES_FOR + TOLD_WITHIN, &snapshots);
    engine.stop();
    let told = told?;
    let n_steady = snapshots
        .read()
        .sources
        .iter()
        .find(|view| view.id.as_str() == STEADY)
        .map_or(0, |view| view.n_posts + view.n_unasked);
    ensure!(n_steady > 0, "the source that lives brought nothing");
    Ok((told - began).saturating_sub(LIVES_FOR).as_secs_f64())
}

/// Waits until the room says that the source has ended.
fn wait_until_told(give_up: Instant, snapshots: &Latest<Snapshot>) -> anyhow::Result<Instant> {
    loop {
        let snapshot = snapshots.read();
        let dying = snapshot.sources.iter().find(|view| view.id.as_str() == DYING);
        let is_told = dying.is_some_and(|view| {
            matches!(view.report.state, SourceState::Waiting { .. } | SourceState::Stopped { .. })
        });
        let now = pace::now();
        if is_told {
            return Ok(now);
        }
        ensure!(now < give_up, "the room does not say that its source is dead");
        std::thread::sleep(LOOK_EVERY);
    }
}

#[derive(Debug)]
struct Mortal {
    dies: bool,
}

impl Source for Mortal {
    fn descriptor(&self) -> Descriptor {
        Descriptor { deadline_secs: 60, resumes: false, deletes: false, edits: false }
    }

    fn run<'run>(&'run mut self, context: &'run mut SourceContext) -> SourceRun<'run> {
        Box::pin(live(self.dies, context))
    }
}

/// Sends posts until it is told to stop, or panics as a connector with a fault would.
async fn live(dies: bool, context: &mut SourceContext) -> Result<Ended, SourceError> {
    context.health.live();
    let mut material = Material::new(7);
    let began = pace::now();
    for post_idx in 0.. {
        if context.shutdown.is_cancelled() {
            return Ok(Ended::Closed);
        }
        assert!(!dies || pace::now() - began < LIVES_FOR, "a source that dies, as the bench wants");
        let line = material.record(post_idx, context.clock.now()).to_string();
        let received = context.clock.now();
        let origin = Origin { network: "bench", source: &context.source, received };
        if let Ok(event) =
            Record::parse(line.as_bytes()).and_then(|record| record.into_event(&origin))
        {
            context.out.push(event).await?;
        }
        context.out.flush().await?;
        tokio::time::sleep(POST_EVERY).await;
    }
    Ok(Ended::Finished)
}
