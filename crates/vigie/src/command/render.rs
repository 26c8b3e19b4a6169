//! `vigie render`: every screen of a room as a picture, without a display.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use image::{RgbaImage, imageops};
use tokio::runtime::Handle;
use vigie_bus::Latest;
use vigie_layout::{Refresh, Room, ScreenFacts, ScreenSpec};
use vigie_model::{Clock as _, ManualClock, Micros, Snapshot, SourceState, SystemClock, Timestamp};
use vigie_sources::{CONNECTORS, media::MediaService};
use vigie_widgets::Fonts;

use super::{portray::Portrayed, run::instant};
use crate::{
    cli::RenderArgs,
    room::{
        engine::{Engine, Plan, is_offline, runtime},
        files::{DataFolder, RoomSource},
        pictures::{RoomPictures, media_options},
        stage::{Memory, RoomStage, widgets},
    },
    wall::{Assignment, Easel, pace},
};

/// How long demonstrations and replays may take to reach the moment that is drawn.
const REACH_WITHIN: Duration = Duration::from_secs(120);

/// How long pictures may take to come, after which their places stay empty.
const PICTURES_WITHIN: Duration = Duration::from_secs(10);

/// Trends count a post some seconds after it came, so that is when all of them stand in the picture.
const SETTLED_AFTER: Micros = 30 * 1_000_000;

/// How often is looked whether they have.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The width of a screen in the picture of the whole room.
const OVERVIEW_WIDTH_PX: u32 = 480;

/// The ground between screens in that picture.
const OVERVIEW_GAP_PX: u32 = 12;

/// Draws the room into `args.out`.
///
/// # Errors
/// Where the room cannot be used, there is no GPU and no software rasterizer, or a picture cannot be written.
pub(crate) fn run(args: &RenderArgs) -> anyhow::Result<()> {
    let source = RoomSource::of(&args.room);
    let room = Arc::new(source.load()?);
    let now = match args.at {
        Some(at) => instant(at, &room)?,
        None => SystemClock.now(),
    };
    // Demonstrations and replays tell their day anew: of a log, they would also show what comes after the moment.
    let tells_anew = args.room.data.is_none() && room.sources.iter().all(is_offline);
    let folder = if tells_anew {
        DataFolder::passing()?
    } else {
        DataFolder::of(&source, args.room.data.as_deref())?
    };
    let clock = Arc::new(ManualClock::new(now));
    let snapshots = Latest::<Snapshot>::default();
    let runtime = runtime()?;
    let place = Place { room: &room, folder: &folder, clock: &clock, runtime: runtime.handle() };
    reach(&place, &snapshots, args.console.is_some())?;
    let media = MediaService::start(media_options(&room), clock, runtime.handle())?;
    let pictures = Arc::new(RoomPictures::new(media.clone(), &room.media));
    let stage = RoomStage {
        room: Arc::clone(&room),
        snapshots,
        widgets: widgets(&room, Fonts::bundled(), pictures)?,
        memory: Arc::new(Memory::default()),
        speed: 1,
        on_present: None,
    };
    fs::create_dir_all(&args.out).with_context(|| format!("making {}", args.out.display()))?;
    let chosen = room.screens.iter().filter(|screen| {
        args.screen.is_empty() || args.screen.iter().any(|name| *name == screen.name.as_str())
    });
    let easel = Easel::open()?;
    let mut drawn = Vec::new();
    for screen in chosen {
        let picture = draw(&easel, &stage, &media, screen, now)?;
        write(&picture, &args.out.join(format!("{}.png", screen.name)))?;
        drawn.push(picture);
    }
    anyhow::ensure!(!drawn.is_empty(), "the room has no screen of that name");
    if let Some(folder) = &args.console {
        super::portray::draw(&easel, &Portrayed { stage: &stage, screens: &drawn, now }, folder)?;
    }
    write(&overview(&drawn), &args.out.join("room.png"))
}

/// Where and when a room is drawn.
struct Place<'a> {
    room: &'a Room,
    folder: &'a DataFolder,
    clock: &'a Arc<ManualClock>,
    runtime: &'a Handle,
}

/// Runs the road, without live sources, until it has reached the clock's moment; people have done something
/// where there `are_people`.
fn reach(place: &Place<'_>, snapshots: &Latest<Snapshot>, are_people: bool) -> anyhow::Result<()> {
    let Place { room, folder, clock, runtime } = *place;
    let sources: Vec<_> =
        room.sources.iter().filter(|source| is_offline(source)).cloned().collect();
    let plan = Plan {
        room,
        sources: &sources,
        connectors: CONNECTORS,
        log_path: &folder.log_path(),
        clock: clock.clone(),
        speed: 1,
        runtime: runtime.clone(),
    };
    let engine = Engine::start(&plan, snapshots.clone())?;
    let began = pace::now();
    let has_reached = |snapshot: &Snapshot| {
        sources.iter().all(|spec| {
            snapshot.sources.iter().any(|view| {
                view.id == spec.id
                    && matches!(view.report.state, SourceState::Live | SourceState::Finished)
            })
        })
    };
    wait_until(began + REACH_WITHIN, || has_reached(&snapshots.read()))
        .context("the room's recordings did not reach that moment")?;
    if are_people {
        super::portray::act(room, &snapshots.read(), engine.commands());
    }
    // Stopping runs everything accepted through to the last snapshot. Terms are counted a moment after they came.
    engine.stop_with(|| clock.advance(SETTLED_AFTER));
    Ok(())
}

fn wait_until(give_up: Instant, is_so: impl Fn() -> bool) -> Option<()> {
    while !is_so() {
        if pace::now() >= give_up {
            return None;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Some(())
}

fn draw(
    easel: &Easel,
    stage: &RoomStage,
    media: &MediaService,
    screen: &ScreenSpec,
    now: Timestamp,
) -> anyhow::Result<RgbaImage> {
    let facts = ScreenFacts {
        connector: screen.name.as_str().into(),
        edid: None,
        position_px: (0, 0),
        size_px: screen.resolution_px,
        size_mm: None,
        scale: 1.0,
        refresh: Refresh::default(),
    };
    let assignment = Assignment { name: screen.name.to_string(), question: None };
    let mut canvas = easel.canvas(stage, &facts, &assignment);
    canvas.step(now);
    // Drawing has asked for the pictures; those that come in time are drawn too.
    if !media.wait_idle(PICTURES_WITHIN) {
        tracing::warn!(screen = %screen.name, "some pictures did not come in time; their places stay empty");
    }
    canvas.spoil();
    canvas.step(now);
    Ok(canvas.read()?)
}

/// All screens side by side, five in a row.
fn overview(screens: &[RgbaImage]) -> RgbaImage {
    const PER_ROW: usize = 5;
    let small: Vec<RgbaImage> = screens
        .iter()
        .map(|screen| {
            let height = screen.height() * OVERVIEW_WIDTH_PX / screen.width().max(1);
            imageops::resize(
                screen,
                OVERVIEW_WIDTH_PX,
                height.max(1),
                imageops::FilterType::Triangle,
            )
        })
        .collect();
    let rows: Vec<&[RgbaImage]> = small.chunks(PER_ROW).collect();
    let step = OVERVIEW_WIDTH_PX + OVERVIEW_GAP_PX;
    let n_columns = u32::try_from(small.len().min(PER_ROW)).unwrap_or(1);
    let row_height =
        |row: &[RgbaImage]| row.iter().map(RgbaImage::height).max().unwrap_or(0) + OVERVIEW_GAP_PX;
    let height = rows.iter().map(|row| row_height(row)).sum::<u32>() + OVERVIEW_GAP_PX;
    let mut whole = RgbaImage::from_pixel(
        n_columns * step + OVERVIEW_GAP_PX,
        height,
        image::Rgba([0, 0, 0, 255]),
    );
    let mut top = OVERVIEW_GAP_PX;
    for row in rows {
        let mut left = OVERVIEW_GAP_PX;
        for screen in row {
            imageops::replace(&mut whole, screen, i64::from(left), i64::from(top));
            left += step;
        }
        top += row_height(row);
    }
    whole
}

pub(super) fn write(picture: &RgbaImage, path: &Path) -> anyhow::Result<()> {
    picture.save(path).with_context(|| format!("writing {}", path.display()))
}
