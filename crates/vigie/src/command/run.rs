//! `vigie run`: the wall.

use std::{path::Path, sync::Arc, thread::Builder, time::Duration};

use anyhow::Context as _;
use crossbeam_channel::bounded;
use jiff::civil;
use smol_str::SmolStr;
use tokio::runtime::Runtime;
use vigie_layout::Room;
use vigie_model::{Clock, SystemClock, Timestamp};
use vigie_sources::CONNECTORS;

use crate::{
    cli::{AtTime, RunArgs},
    room::{
        call::{Call, Calls},
        clock::ScaledClock,
        engine::{is_offline, runtime},
        files::{DataFolder, RoomSource, socket_path},
        running::{Run, Running},
    },
    wall::{self, Claim, WallHandle, WallOptions},
};

/// When the demonstration begins where nobody says: a quarter of an hour before its incident.
const DEMONSTRATION_STARTS: AtTime = AtTime::OfDay { hour: 17, minute: 45 };

/// Runs the wall until somebody stops it.
///
/// # Errors
/// Where the room cannot be used, another wall runs on the same data, or there is no display.
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<()> {
    let source = RoomSource::of(&args.room);
    let room = source.load()?;
    let clock = clock(args, &source, &room)?;
    let folder = DataFolder::of(&source, args.room.data.as_deref())?;
    let _claim = Claim::take(&folder.claim_path())?;
    let runtime = runtime().context("starting the sources' threads")?;
    let wall = WallHandle::new();
    let socket = socket_path(&source, args.room.data.as_deref())?;
    let opens_console = !args.headless && (args.console || room.console.open);
    let run = Run {
        source,
        folder,
        connectors: CONNECTORS,
        clock: Arc::clone(&clock),
        speed: args.speed,
        runtime: runtime.handle().clone(),
        on_present: None,
        person: person(args.person.as_deref()),
    };
    let running = Running::start(run, room, wall.clone())?;
    let _calls = answer_calls(&socket, &wall, args.headless);
    if opens_console {
        wall.open_console();
    }
    let (stop, stopped) = bounded(1);
    let handle = wall.clone();
    let stop = Arc::new(move || {
        handle.stop();
        // Full where it was stopped before.
        stop.try_send(()).ok();
    });
    stop_on_signal(&runtime, stop.clone());
    stop_after(args.stop_after, stop)?;
    let outcome = if args.headless {
        // An error would say that nobody is left to stop it, which the waiting signal task rules out.
        stopped.recv().ok();
        Ok(())
    } else {
        let options = WallOptions {
            clock,
            keeps_awake: true,
            is_traced: false,
            is_swapchain_only: false,
            on_key: Some(running.key_sink()),
            backstage: Some(running.backstage()),
        };
        wall::run(options, running.stage().clone(), &wall)
    };
    running.stop();
    Ok(outcome?)
}

/// Who works here where nobody says otherwise: the user of this machine.
fn person(given: Option<&str>) -> SmolStr {
    let user = || std::env::var("USER").or_else(|_| std::env::var("USERNAME"));
    let name = given.map_or_else(|| user().unwrap_or_default(), str::to_owned);
    if name.trim().is_empty() { "wall".into() } else { name.trim().into() }
}

/// Listens for other calls of this program, as long as what it gives is kept.
fn answer_calls(socket: &Path, wall: &WallHandle, is_headless: bool) -> Option<Calls> {
    let wall = wall.clone();
    let act = move |Call::Console: Call| {
        if is_headless {
            return Err("it has no windows".to_owned());
        }
        wall.open_console();
        Ok(())
    };
    Calls::listen(socket, act)
        .inspect_err(|err| {
            tracing::warn!(%err, socket = %socket.display(), "`vigie console` will not reach this wall");
        })
        .ok()
}

/// Ends the run, from any thread.
type Stop = Arc<dyn Fn() + Send + Sync>;

/// The room's clock: the machine's, or one that starts elsewhere and runs faster.
fn clock(args: &RunArgs, source: &RoomSource, room: &Room) -> anyhow::Result<Arc<dyn Clock>> {
    let at = match (args.at, source) {
        (None, RoomSource::Demonstration) => Some(DEMONSTRATION_STARTS),
        (at, _) => at,
    };
    if at.is_none() && args.speed == 1 {
        return Ok(Arc::new(SystemClock));
    }
    if let Some(live) = room.sources.iter().find(|source| !is_offline(source)) {
        anyhow::bail!(
            "--speed and --at are for demonstrations and replays, and the source `{}` is live",
            live.id
        );
    }
    let start = at.map_or_else(|| Ok(SystemClock.now()), |at| instant(at, room))?;
    Ok(Arc::new(ScaledClock::new(Arc::new(SystemClock), start, args.speed)))
}

/// The clock that the demonstration runs on where nobody says otherwise.
///
/// # Errors
/// Where the day has no such time.
pub(crate) fn demonstration_clock(room: &Room) -> anyhow::Result<Arc<dyn Clock>> {
    let start = instant(DEMONSTRATION_STARTS, room)?;
    Ok(Arc::new(ScaledClock::new(Arc::new(SystemClock), start, 1)))
}

/// The instant that `at` means in `room`: times of day are today's.
///
/// # Errors
/// Where the day has no such time, as when clocks are put forward.
pub(crate) fn instant(at: AtTime, room: &Room) -> anyhow::Result<Timestamp> {
    let (hour, minute) = match at {
        AtTime::Instant(instant) => return Ok(instant),
        AtTime::OfDay { hour, minute } => (hour, minute),
    };
    let today = room.time_zone.to_datetime(SystemClock.now().to_jiff()).date();
    let time = civil::Time::new(hour, minute, 0, 0)?;
    let instant = room.time_zone.to_timestamp(today.to_datetime(time))?;
    Ok(Timestamp::from_micros(instant.as_microsecond()))
}

/// Ends the wall in good order when the system or the terminal asks for it.
fn stop_on_signal(runtime: &Runtime, stop: Stop) {
    runtime.spawn(async move {
        signal().await;
        tracing::info!("asked to stop");
        stop();
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        // Without handlers the system ends the program by itself, which the log survives.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn stop_after(secs: Option<u64>, stop: Stop) -> anyhow::Result<()> {
    let Some(secs) = secs else { return Ok(()) };
    Builder::new().name("stop".to_owned()).spawn(move || {
        std::thread::sleep(Duration::from_secs(secs));
        stop();
    })?;
    Ok(())
}
