//! The console of a room: what its window draws, and what becomes of what people want.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use crossbeam_channel::Sender;
use egui::{ColorImage, Rect, TextureHandle, TextureId, TextureOptions, Ui, Vec2, pos2, vec2};
use parking_lot::RwLock;
use smol_str::SmolStr;
use vigie_console::{Console, Moment, Request, ScreenStatus, View};
use vigie_model::{Clock, ScreenName, Snapshot, Timestamp};

use super::{running::Order, stage::RoomStage};
use crate::wall::{Backstage, Panel, ScreenView, WallHandle, pace};

/// What the console and the room's thread share.
pub(super) struct Bench {
    /// The room as it is now; the room's thread puts another here when the file changes.
    pub(super) stage: RwLock<Arc<RoomStage>>,
    pub(super) orders: Sender<Order>,
    pub(super) person: SmolStr,
    pub(super) wall: WallHandle,
    pub(super) clock: Arc<dyn Clock>,
}

/// Makes the console of a running room.
pub(crate) struct RoomBackstage(pub(super) Arc<Bench>);

impl Backstage for RoomBackstage {
    fn panel(&self) -> Box<dyn Panel> {
        let stage = self.0.stage.read().clone();
        Box::new(ConsolePanel {
            console: Console::new(&stage.widgets),
            stage,
            bench: self.0.clone(),
            drawn: None,
            rates: Rates::default(),
            plan: Plan::default(),
        })
    }

    fn connector(&self) -> Option<String> {
        Some(self.0.stage.read().room.console.connector.as_ref()?.to_string())
    }

    fn title(&self) -> String {
        format!("{} — Vigie", self.0.stage.read().room.name)
    }
}

/// The console in its window.
struct ConsolePanel {
    console: Console,
    stage: Arc<RoomStage>,
    bench: Arc<Bench>,
    /// What the last frame was drawn from.
    drawn: Option<Drawn>,
    rates: Rates,
    plan: Plan,
}

/// What makes a frame worth drawing: at once what people wait for, and all the rest once a second.
#[derive(Debug, PartialEq, Eq)]
struct Drawn {
    second: i64,
    versions: [u64; 5],
    identify: bool,
}

impl Drawn {
    fn of(snapshot: &Snapshot, machine_secs: i64) -> Self {
        let versions = [
            snapshot.moderation.version(),
            snapshot.show.version(),
            snapshot.alerts.version(),
            snapshot.log.version(),
            snapshot.notices.version(),
        ];
        Self { second: machine_secs, versions, identify: snapshot.identify }
    }
}

impl Panel for ConsolePanel {
    fn begin(&mut self, _ctx: &egui::Context) {
        self.console.forget_uploads();
        self.plan = Plan::default();
    }

    fn look(&mut self, now: Timestamp) -> bool {
        let current = self.bench.stage.read().clone();
        let is_changed = !Arc::ptr_eq(&current, &self.stage);
        self.stage = current;
        let drawn = Drawn::of(&self.stage.snapshots.read(), now.as_secs());
        let is_news = is_changed || self.drawn.as_ref() != Some(&drawn);
        self.drawn = Some(drawn);
        is_news
    }

    fn ui(&mut self, ui: &mut Ui) {
        let snapshot = self.stage.snapshots.read();
        let room_now = self.bench.clock.now();
        let views = self.bench.wall.screens();
        let mut screens = self.rates.statuses(&views, (pace::now(), room_now));
        let is_seen = self.console.view() == View::Room;
        self.plan.draw(ui.ctx(), &views, is_seen);
        for status in &mut screens {
            status.miniature = self.plan.picture(&status.name);
        }
        let moment = Moment {
            room: &self.stage.room,
            snapshot: &snapshot,
            now: room_now,
            person: &self.bench.person,
            screens: &screens,
        };
        for request in self.console.ui(ui, &moment) {
            self.carry_out(request);
        }
    }
}

impl ConsolePanel {
    fn carry_out(&self, request: Request) {
        let order = match request {
            Request::Command(command) => Order::Command(command),
            Request::Language(locale) => Order::Language(locale),
            Request::Close => return self.bench.wall.close_console(),
        };
        if self.bench.orders.try_send(order).is_err() {
            tracing::warn!("the room is busy: what was asked at the console was not done");
        }
    }
}

impl Drop for ConsolePanel {
    fn drop(&mut self) {
        for screen in self.bench.wall.screens() {
            screen.want_miniature(false);
        }
    }
}

/// The screens made small, as textures of the console.
#[derive(Default)]
struct Plan(BTreeMap<String, Picture>);

/// One screen's, by the version and the time of its last upload.
struct Picture {
    texture: TextureHandle,
    version: u64,
    at: Instant,
}

/// Between two pictures of one screen.
const PICTURE_EVERY: Duration = Duration::from_millis(900);

impl Plan {
    /// Fetches what is new on the screens, where anybody sees it.
    fn draw(&mut self, ctx: &egui::Context, screens: &[ScreenView], is_seen: bool) {
        let now = pace::now();
        for screen in screens.iter().filter(|screen| !screen.layout.is_empty()) {
            screen.want_miniature(is_seen);
            let known = self.0.get_mut(&screen.layout);
            if !is_seen || known.as_ref().is_some_and(|known| now < known.at + PICTURE_EVERY) {
                continue;
            }
            let version = known.as_ref().map_or(0, |known| known.version);
            let Some(small) = screen.miniature(version) else { continue };
            let size = small.size_px.map(|side| side as usize);
            let image = ColorImage::from_rgba_premultiplied(size, &small.pixels);
            match known {
                Some(known) => {
                    known.texture.set(image, TextureOptions::LINEAR);
                    (known.version, known.at) = (small.version, now);
                }
                None => {
                    let texture = ctx.load_texture(&screen.layout, image, TextureOptions::LINEAR);
                    let picture = Picture { texture, version: small.version, at: now };
                    self.0.insert(screen.layout.clone(), picture);
                }
            }
        }
    }

    fn picture(&self, screen: &ScreenName) -> Option<(TextureId, Vec2)> {
        let texture = &self.0.get(screen.as_str())?.texture;
        Some((texture.id(), texture.size_vec2()))
    }
}

/// Frames a second, from counters that only go up.
#[derive(Debug, Default)]
struct Rates(BTreeMap<SmolStr, Rate>);

/// One screen's.
#[derive(Clone, Copy, Debug)]
struct Rate {
    since: Instant,
    presented: u64,
    per_sec: f32,
}

/// A rate is worked out over at least this long.
const RATE_SECS: f32 = 1.0;

/// A screen that was started again within this long is in trouble.
const TROUBLE_SECS: f64 = 60.0;

impl Rates {
    /// What is to be said of the screens that have a layout.
    fn statuses(&mut self, screens: &[ScreenView], now: (Instant, Timestamp)) -> Vec<ScreenStatus> {
        self.0.retain(|connector, _| screens.iter().any(|it| it.facts.connector == *connector));
        let with_layout = screens.iter().filter(|screen| !screen.layout.is_empty());
        with_layout.map(|screen| self.status(screen, now)).collect()
    }

    fn status(
        &mut self,
        screen: &ScreenView,
        (now, room_now): (Instant, Timestamp),
    ) -> ScreenStatus {
        let (facts, counts) = (&screen.facts, screen.counts());
        let fresh = Rate { since: now, presented: counts.presented, per_sec: 0.0 };
        let rate = self.0.entry(facts.connector.clone()).or_insert(fresh);
        let secs = now.saturating_duration_since(rate.since).as_secs_f32();
        if secs >= RATE_SECS {
            let n_frames = counts.presented.saturating_sub(rate.presented);
            *rate = Rate { per_sec: n_frames as f32 / secs, ..fresh };
        }
        let (x, y) = facts.position_px;
        let (width, height) = facts.size_px;
        let corner = pos2(x as f32, y as f32);
        let is_troubled =
            counts.restarts > 0 && counts.last_restart_secs.is_some_and(|secs| secs < TROUBLE_SECS);
        ScreenStatus {
            rect_px: Some(Rect::from_min_size(corner, vec2(width as f32, height as f32))),
            present: true,
            frames_per_sec: rate.per_sec,
            n_late: counts.missed_ticks,
            looked: counts.last_look_secs.map(|secs| room_now.plus(-(secs * 1e6) as i64)),
            trouble: is_troubled.then(|| counts.last_failure.into()),
            ..ScreenStatus::missing(ScreenName::new(&screen.layout))
        }
    }
}
