//! `vigie render --console`: every view of the console as a picture, in every language, at two sizes.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context as _;
use egui::{ColorImage, TextureHandle, TextureOptions, Ui, Vec2};
use image::{RgbaImage, imageops};
use vigie_bus::Commands;
use vigie_console::{Console, Moment, ScreenStatus, View};
use vigie_layout::{Locale, Room};
use vigie_model::{Command, Issued, ScreenName, Snapshot, Timestamp};
use vigie_widgets::Setup;

use super::render::write;
use crate::{
    room::stage::RoomStage,
    wall::{Easel, Panel},
};

/// Usual screens of desks, the smallest first.
const SIZES_PX: [[u32; 2]; 2] = [[1_366, 768], [1_920, 1_080]];

/// egui knows how large things are only once it has drawn them.
const N_FRAMES: usize = 3;

/// The width of a screen on the plan.
const SMALL_PX: u32 = 320;

/// Who works in pictures.
const PEOPLE: [&str; 2] = ["Nadia", "Karim"];

/// What is drawn.
pub(super) struct Portrayed<'a> {
    pub(super) stage: &'a RoomStage,
    /// The pictures of the room's screens, in its order.
    pub(super) screens: &'a [RgbaImage],
    pub(super) now: Timestamp,
}

/// Lets people do something, so that there is something to see.
pub(super) fn act(room: &Room, snapshot: &Snapshot, commands: &Commands) {
    let mut scenes = room.scenes.iter().map(|scene| scene.name.clone());
    let posts = || snapshot.queries.values().flat_map(|query| query.feed.items.iter());
    let post = |number: usize| posts().nth(number).map(|item| item.post.id.clone());
    let waiting = snapshot.moderation.waiting.items.first().map(|it| it.item.post.id.clone());
    let done = [
        scenes.next().map(Command::Take),
        scenes.next().map(|scene| Command::Preview(Some(scene))),
        post(0).map(|post| Command::Pin { post, pinned: true }),
        post(1).map(|post| Command::Flag {
            post,
            reason: "Correspondance manquée".into(),
            owner: "Réponses".into(),
        }),
        post(2).map(Command::Approve),
        post(3).map(Command::Reject),
        waiting.map(|post| Command::Claim { post, taken: true }),
        snapshot.alerts.iter().rev().map(|alert| Command::Acknowledge(alert.id)).next(),
    ];
    for (command, by) in done.into_iter().flatten().zip(PEOPLE.into_iter().cycle()) {
        // A full lane would be seen in the picture.
        commands.issue(Issued { by: by.into(), command }).ok();
    }
}

/// Draws all pictures into `folder`.
pub(super) fn draw(easel: &Easel, portrayed: &Portrayed<'_>, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let screens: Arc<[(ScreenName, RgbaImage)]> = portrayed
        .stage
        .room
        .screens
        .iter()
        .zip(portrayed.screens)
        .map(|(screen, picture)| (screen.name.clone(), small(picture)))
        .collect();
    for (code, locale) in Locale::ALL {
        for size_px in SIZES_PX {
            for view in View::ALL {
                let setup = Setup {
                    words: vigie_widgets::Words { locale, ..portrayed.stage.widgets.words.clone() },
                    ..portrayed.stage.widgets.clone()
                };
                let mut console = Console::new(&setup);
                console.show(view);
                let panel = Portrait {
                    console,
                    room: portrayed.stage.room.clone(),
                    snapshot: portrayed.stage.snapshots.read(),
                    now: portrayed.now,
                    screens: screens.clone(),
                    textures: Vec::new(),
                };
                let mut canvas = easel.panel(Box::new(panel), size_px);
                for _ in 0..N_FRAMES {
                    canvas.step(portrayed.now);
                }
                let name = format!("{view:?}-{code}-{}.png", size_px[1]).to_lowercase();
                write(&canvas.read()?, &folder.join(name))?;
            }
        }
    }
    Ok(())
}

fn small(picture: &RgbaImage) -> RgbaImage {
    let height = picture.height() * SMALL_PX / picture.width().max(1);
    imageops::resize(picture, SMALL_PX, height.max(1), imageops::FilterType::Triangle)
}

/// The console at one moment.
struct Portrait {
    console: Console,
    room: Arc<Room>,
    snapshot: Arc<Snapshot>,
    now: Timestamp,
    screens: Arc<[(ScreenName, RgbaImage)]>,
    textures: Vec<TextureHandle>,
}

impl Panel for Portrait {
    fn begin(&mut self, ctx: &egui::Context) {
        let upload = |(name, picture): &(ScreenName, RgbaImage)| {
            let size = [picture.width() as usize, picture.height() as usize];
            let image = ColorImage::from_rgba_premultiplied(size, picture.as_raw());
            ctx.load_texture(name.as_str(), image, TextureOptions::LINEAR)
        };
        self.textures = self.screens.iter().map(upload).collect();
    }

    fn look(&mut self, _now: Timestamp) -> bool {
        true
    }

    fn ui(&mut self, ui: &mut Ui) {
        let screens: Vec<ScreenStatus> = self
            .screens
            .iter()
            .zip(&self.textures)
            .map(|((name, _), texture)| {
                let size: Vec2 = texture.size_vec2();
                ScreenStatus {
                    present: true,
                    looked: Some(self.now),
                    miniature: Some((texture.id(), size)),
                    ..ScreenStatus::missing(name.clone())
                }
            })
            .collect();
        let [person, _] = PEOPLE;
        let moment = Moment {
            room: &self.room,
            snapshot: &self.snapshot,
            now: self.now,
            person,
            screens: &screens,
        };
        // Nobody asks for anything in a picture.
        self.console.ui(ui, &moment);
    }
}
