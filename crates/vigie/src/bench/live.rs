//! A real room on a real wall, measured from inside the process.

use std::{sync::Arc, thread};

use anyhow::Context as _;
use vigie_bus::Latest;
use vigie_model::{Clock, Snapshot, SourceSpec};
use vigie_sources::{CONNECTORS, ConnectorEntry};

use crate::{
    room::{
        engine::runtime,
        files::{DataFolder, RoomSource},
        running::{Run, Running},
        stage::OnPresent,
    },
    wall::{self, WallHandle, WallOptions},
};

/// What is measured.
pub(super) struct Live {
    pub(super) source: RoomSource,
    pub(super) folder: DataFolder,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) on_present: Option<Arc<dyn OnPresent>>,
    /// Sources in place of those of the room file, and what they can be.
    pub(super) instead: Option<(&'static [ConnectorEntry], Vec<SourceSpec>)>,
}

impl Live {
    /// Runs the room on this thread, and `measure` in another; the wall ends with it, and the log is closed.
    pub(super) fn run<T: Send + 'static>(
        self,
        measure: impl FnOnce(&WallHandle, &Latest<Snapshot>) -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let Self { source, folder, clock, on_present, instead } = self;
        let mut room = source.load()?;
        let connectors = match instead {
            Some((connectors, sources)) => {
                room.sources = sources;
                connectors
            }
            None => CONNECTORS,
        };
        let runtime = runtime()?;
        let run = Run {
            source,
            folder,
            connectors,
            clock: Arc::clone(&clock),
            speed: 1,
            runtime: runtime.handle().clone(),
            on_present,
            person: "bench".into(),
        };
        let handle = WallHandle::new();
        let running = Running::start(run, room, handle.clone())?;
        let (seen, snapshots) = (handle.clone(), running.stage().snapshots.clone());
        let measuring = thread::Builder::new().name("measure".to_owned()).spawn(move || {
            let measured = measure(&seen, &snapshots);
            seen.stop();
            measured
        })?;
        let options = WallOptions {
            clock,
            keeps_awake: false,
            is_traced: false,
            is_swapchain_only: false,
            on_key: Some(running.key_sink()),
            backstage: Some(running.backstage()),
        };
        wall::run(options, running.stage().clone(), &handle)?;
        let measured = measuring.join().ok().context("the measurement panicked")?;
        running.stop();
        measured
    }
}
