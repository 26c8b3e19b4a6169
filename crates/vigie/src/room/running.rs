//! A running room: follows its file, its keys and its screens until it is stopped.

use std::{
    fs,
    path::Path,
    sync::Arc,
    thread::{Builder, JoinHandle},
    time::{Duration, SystemTime},
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use parking_lot::RwLock;
use smol_str::SmolStr;
use tokio::runtime::Handle;
use vigie_bus::{Latest, Subscription};
use vigie_layout::{Problems, Room};
use vigie_model::{Clock, Command, Issued, Snapshot};
use vigie_sources::{ConnectorEntry, media::MediaService};
use vigie_widgets::{Fonts, Locale, ScreenView, Setup};

use super::{
    console::{Bench, RoomBackstage},
    engine::{Engine, Plan},
    files::{DataFolder, RoomSource},
    keys,
    pictures::{RoomPictures, media_options},
    rules,
    stage::{Memory, OnPresent, RoomStage, widgets},
    trouble::Watch,
};
use crate::wall::{WallHandle, pace};

/// How often the room file is looked at.
const WATCH_PERIOD: Duration = Duration::from_secs(1);

/// Keys and commands of people that may wait. A person gives a few a second.
const MAX_ORDERS: usize = 64;

/// What a room is run with.
#[derive(Debug)]
pub(crate) struct Run {
    /// Where the room comes from.
    pub(crate) source: RoomSource,
    /// Where it keeps its things.
    pub(crate) folder: DataFolder,
    /// What its sources can be.
    pub(crate) connectors: &'static [ConnectorEntry],
    /// Its time.
    pub(crate) clock: Arc<dyn Clock>,
    /// How many times faster its time passes than the machine's.
    pub(crate) speed: u32,
    /// What sources and the picture service run on.
    pub(crate) runtime: Handle,
    /// What presented frames are told to.
    pub(crate) on_present: Option<Arc<dyn OnPresent>>,
    /// Who works here: the author of what keys and the console do.
    pub(crate) person: SmolStr,
}

/// What the room's thread is told.
pub(super) enum Order {
    Key(String),
    Command(Command),
    Language(Locale),
    Stop,
}

/// A room with its road running and its screens fed.
pub(crate) struct Running {
    stage: Arc<RoomStage>,
    bench: Arc<Bench>,
    orders: Sender<Order>,
    thread: JoinHandle<()>,
    _wakes_screens: Subscription,
}

impl Running {
    /// Starts the road of `room` and the thread that follows its file; `wall` is woken and reloaded.
    ///
    /// # Errors
    /// Where the road cannot be started.
    pub(crate) fn start(run: Run, room: Room, wall: WallHandle) -> anyhow::Result<Self> {
        let snapshots = Latest::<Snapshot>::default();
        let waker = wall.clone();
        let wakes_screens = snapshots.subscribe(Box::new(move || waker.wake()));
        let media =
            MediaService::start(media_options(&room), Arc::clone(&run.clock), &run.runtime)?;
        let waker = wall.clone();
        media.subscribe(move || waker.wake());
        let pictures = RoomPictures::new(media.clone(), &room.media);
        let widgets = widgets(&room, Fonts::with_system(), Arc::new(pictures))?;
        let stage = Arc::new(RoomStage {
            room: Arc::new(room),
            snapshots: snapshots.clone(),
            widgets,
            memory: Arc::new(Memory::open(&run.folder.assignments_path())?),
            speed: run.speed,
            on_present: run.on_present.clone(),
        });
        let engine = start_engine(&run, &stage.room, &snapshots)?;
        let (orders, inbox) = bounded(MAX_ORDERS);
        let bench = Arc::new(Bench {
            stage: RwLock::new(Arc::clone(&stage)),
            orders: orders.clone(),
            person: run.person.clone(),
            wall: wall.clone(),
            clock: Arc::clone(&run.clock),
        });
        let follower = Follower {
            run,
            wall,
            media,
            stage: Arc::clone(&stage),
            bench: Arc::clone(&bench),
            engine: Some(engine),
            seen: None,
            watch: Watch::default(),
        };
        let thread = Builder::new()
            .name("room".to_owned())
            .spawn(move || follower.run_until_stopped(&inbox))?;
        Ok(Self { stage, bench, orders, thread, _wakes_screens: wakes_screens })
    }

    /// What makes the console.
    pub(crate) fn backstage(&self) -> Arc<RoomBackstage> {
        Arc::new(RoomBackstage(Arc::clone(&self.bench)))
    }

    /// What the screens show.
    pub(crate) const fn stage(&self) -> &Arc<RoomStage> {
        &self.stage
    }

    /// What keys are given to.
    pub(crate) fn key_sink(&self) -> Box<dyn Fn(&str) + Send> {
        let orders = self.orders.clone();
        Box::new(move |key| {
            // A key too many is a stuck key: the room does what it was told before.
            orders.try_send(Order::Key(key.to_owned())).ok();
        })
    }

    /// Stops the road in order; everything accepted is on disk when it returns.
    pub(crate) fn stop(self) {
        // It fails only where the thread has ended already.
        self.orders.send(Order::Stop).ok();
        if self.thread.join().is_err() {
            tracing::error!("the room's thread ended with a panic");
        }
    }
}

fn start_engine(run: &Run, room: &Room, snapshots: &Latest<Snapshot>) -> anyhow::Result<Engine> {
    let plan = Plan {
        room,
        sources: &room.sources,
        connectors: run.connectors,
        log_path: &run.folder.log_path(),
        clock: Arc::clone(&run.clock),
        speed: run.speed,
        runtime: run.runtime.clone(),
    };
    Engine::start(&plan, snapshots.clone())
}

/// What a room file looked like when it was last read.
type Seen = (SystemTime, u64);

struct Follower {
    run: Run,
    wall: WallHandle,
    media: MediaService,
    stage: Arc<RoomStage>,
    bench: Arc<Bench>,
    engine: Option<Engine>,
    seen: Option<Seen>,
    watch: Watch,
}

impl Follower {
    fn run_until_stopped(mut self, inbox: &Receiver<Order>) {
        self.seen = self.look_at_file();
        let mut look_at = pace::now() + WATCH_PERIOD;
        loop {
            if pace::now() >= look_at {
                look_at = pace::now() + WATCH_PERIOD;
                self.follow_file();
                self.watch();
            }
            match inbox.recv_deadline(look_at) {
                Ok(Order::Key(key)) => self.key(&key),
                Ok(Order::Command(command)) => self.issue_as_person(command),
                Ok(Order::Language(locale)) => self.speak(locale),
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Some(engine) = self.engine.take() {
            engine.stop();
        }
    }

    fn key(&self, key: &str) {
        let snapshot = self.stage.snapshots.read();
        if let Some(command) = keys::command(key, &self.stage.room, &snapshot) {
            self.issue_as_person(command);
        }
    }

    fn issue_as_person(&self, command: Command) {
        self.issue_by(self.run.person.clone(), command);
    }

    fn issue(&self, command: Command) {
        self.issue_by("wall".into(), command);
    }

    fn issue_by(&self, by: SmolStr, command: Command) {
        let issued = Issued { by, command };
        if let Some(engine) = &self.engine
            && let Err(err) = engine.commands().issue(issued)
        {
            tracing::warn!(%err, "a command was not taken");
        }
    }

    /// Tells of sources and screens that are lost, and of those that are back.
    fn watch(&mut self) {
        let screens = self.wall.screens().into_iter().map(|screen| screen.layout.into());
        let screens = screens.filter(|layout: &SmolStr| !layout.is_empty()).collect();
        for command in self.watch.look(&self.stage.snapshots.read(), &screens) {
            self.issue(command);
        }
    }

    fn look_at_file(&self) -> Option<Seen> {
        let RoomSource::File(path) = &self.run.source else { return None };
        seen(path)
    }

    /// Reads the room file again where it has changed. A file with an error changes nothing but the notice.
    fn follow_file(&mut self) {
        let now = self.look_at_file();
        if now.is_none() || now == self.seen {
            return;
        }
        self.seen = now;
        match self.run.source.load() {
            Ok(room) => self.change_to(room),
            Err(err) => self.refuse(&err),
        }
    }

    /// Says that the changed file cannot be used, in the log and on the wall.
    fn refuse(&self, err: &anyhow::Error) {
        tracing::error!(
            "the room file was changed and cannot be used; the wall stays as it is\n{err:#}"
        );
        self.issue(Command::Reloaded { notice: Some(notice(err).into()) });
    }

    fn change_to(&mut self, room: Room) {
        let before = Arc::clone(&self.stage.room);
        let is_same_road = road(&before) == road(&room);
        let pictures = RoomPictures::new(self.media.clone(), &room.media);
        let fonts = self.stage.widgets.fonts.clone();
        let widgets = match widgets(&room, fonts, Arc::new(pictures)) {
            Ok(widgets) => widgets,
            Err(err) => return self.refuse(&err),
        };
        let room = Arc::new(room);
        if !is_same_road {
            if let Some(engine) = self.engine.take() {
                engine.stop();
            }
            match start_engine(&self.run, &room, &self.stage.snapshots) {
                Ok(engine) => self.engine = Some(engine),
                Err(err) => return self.go_back(&before, &err),
            }
        }
        self.show(room, widgets);
        self.issue(Command::Reloaded { notice: None });
        tracing::info!(room = %self.stage.room.name, "the room file was changed, and so was the wall");
    }

    /// The wall and the console speak `locale` from now on, until the room file says otherwise.
    fn speak(&mut self, locale: Locale) {
        let mut widgets = self.stage.widgets.clone();
        if widgets.words.locale != locale {
            widgets.words.locale = locale;
            self.show(Arc::clone(&self.stage.room), widgets);
        }
    }

    /// Puts `room` on the wall and before the console.
    fn show(&mut self, room: Arc<Room>, widgets: Setup) {
        self.stage = Arc::new(RoomStage {
            room,
            snapshots: self.stage.snapshots.clone(),
            widgets,
            memory: Arc::clone(&self.stage.memory),
            speed: self.stage.speed,
            on_present: self.stage.on_present.clone(),
        });
        *self.bench.stage.write() = Arc::clone(&self.stage);
        let screens = self.stage.room.screens.iter();
        self.watch.keep(&screens.map(|screen| screen.name.as_str().into()).collect());
        self.wall.reload(Arc::<RoomStage>::clone(&self.stage));
    }

    /// The new room did not start: the old one runs again.
    fn go_back(&mut self, before: &Room, err: &anyhow::Error) {
        tracing::error!("the changed room did not start; the wall stays as it was: {err:#}");
        match start_engine(&self.run, before, &self.stage.snapshots) {
            Ok(engine) => self.engine = Some(engine),
            Err(err) => tracing::error!("the old room did not start again: {err:#}"),
        }
        // The road began its versions anew, so no screen may trust what it has drawn.
        self.wall.reload(Arc::<RoomStage>::clone(&self.stage));
        self.issue(Command::Reloaded { notice: Some(notice(err).into()) });
    }
}

/// What the road depends on; screens and theme change without it.
fn road(room: &Room) -> impl PartialEq + use<'_> {
    let accounts = room.campaign.as_ref().map(|campaign| &campaign.accounts);
    (
        &room.sources,
        &room.queries,
        &room.time_zone,
        room.retention,
        accounts,
        ScreenView::needs(room.views()),
        (rules::moderation(room), rules::show(room, 1)),
        &room.moderation,
    )
}

fn seen(path: &Path) -> Option<Seen> {
    // A file that is away for a moment, as while an editor saves, is looked at again a second later.
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// The first thing that is wrong, in one line for the wall.
fn notice(err: &anyhow::Error) -> String {
    match err.downcast_ref::<Problems>().and_then(|problems| problems.0.first()) {
        Some(first) => format!("{}:{}:{}: {}", first.file, first.line, first.column, first.message),
        None => format!("{err:#}"),
    }
}
