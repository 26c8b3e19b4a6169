//! A virtual X11 room in which a test is a person: real keys, real screens, and the log as the witness.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Child, Output, Stdio},
    time::Duration,
};

use vigie_model::{Command, Event, Issued, Logged, Seq};
use vigie_store::Reader;

/// Between two looks at what somebody waits for.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Looks before a wait is given up: half a minute and more, for machines that do ten things at once.
const MAX_LOOKS: u32 = 1_500;

/// Bytes of the program's own log that a failed test shows.
const MAX_SAID: usize = 4_000;

/// The folder of the virtual rooms.
pub(crate) fn rig() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rig").canonicalize().expect("the rig")
}

/// Whether this machine has what the virtual rooms need. `scripts/test` installs it.
#[expect(clippy::print_stderr, reason = "a test that is skipped must say so")]
pub(crate) fn has_rig() -> bool {
    let check = process::Command::new(rig().join("install"))
        .arg("--check")
        .output()
        .expect("the check runs");
    if !check.status.success() {
        eprintln!(
            "SKIPPED, a virtual room cannot be built here: {}",
            String::from_utf8_lossy(&check.stdout)
        );
    }
    check.status.success()
}

/// Waits until `look` gives something.
#[track_caller]
pub(crate) fn patiently<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..MAX_LOOKS {
        if let Some(found) = look() {
            return found;
        }
        // Nothing is to be awaited but what another process does.
        std::thread::park_timeout(LOOK_EVERY);
    }
    panic!("in vain: {what}")
}

/// A room of virtual screens; it is gone when it is dropped.
pub(crate) struct Place {
    room: Child,
    room_dir: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Place {
    /// Builds the room.
    pub(crate) fn open(n_screens: u32, mode: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let told = folder.path().join("room_dir");
        // It lasts until its standard input is closed.
        let hold =
            format!("echo \"$ROOM_DIR\" > {0}.new; mv {0}.new {0}; read -r _", told.display());
        let mut room = process::Command::new(rig().join("room-x11"))
            .args(["--screens", &n_screens.to_string(), "--mode", mode, "--", "bash", "-c", &hold])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("room.log")).expect("a file"))
            .spawn()
            .expect("the room starts");
        let room_dir = patiently("the room", || {
            assert!(room.try_wait().expect("asked").is_none(), "the room has ended");
            Some(fs::read_to_string(&told).ok()?.trim().to_owned())
        });
        Self { room, room_dir, folder }
    }

    /// A program in the room.
    pub(crate) fn program(&self, name: &str) -> process::Command {
        let mut command = process::Command::new("bash");
        command
            .args(["-c", ". \"$ROOM_DIR/env\"; exec \"$@\"", "bash", name])
            .env("ROOM_DIR", &self.room_dir)
            .env("HOME", self.folder.path())
            .env("USER", "nobody");
        command
    }

    fn done(&self, mut command: process::Command) -> Output {
        let output = command.output().expect("it starts");
        assert!(
            output.status.success(),
            "{command:?}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// Does something to the room: `unplug NAME`, `plug NAME`.
    pub(crate) fn ask(&self, arguments: &[&str]) {
        let mut command = self.program(rig().join("room-x11").to_str().expect("UTF-8"));
        command.args(arguments);
        self.done(command);
    }

    /// Puts another keyboard in front of the person: `fr`, `us`.
    pub(crate) fn set_keyboard(&self, layout: &str) {
        let mut command = self.program("setxkbmap");
        command.arg(layout);
        self.done(command);
    }

    /// Presses keys one after another, by their X names, with what is held: `ctrl+z`.
    pub(crate) fn keys(&self, names: &[&str]) {
        let mut command = self.program("xdotool");
        command.arg("key").arg("--clearmodifiers").args(names);
        self.done(command);
    }

    /// Presses keys by their numbers, with what is held already.
    pub(crate) fn keys_as_they_are(&self, names: &[&str]) {
        let mut command = self.program("xdotool");
        command.arg("key").args(names);
        self.done(command);
    }

    /// Writes a text.
    pub(crate) fn write(&self, text: &str) {
        let mut command = self.program("xdotool");
        command.args(["type", "--clearmodifiers", "--", text]);
        self.done(command);
    }

    /// Puts a key down, or lets it go.
    pub(crate) fn hold(&self, name: &str, is_down: bool) {
        let mut command = self.program("xdotool");
        command.args([if is_down { "keydown" } else { "keyup" }, name]);
        self.done(command);
    }

    /// The windows whose title holds `title`, that can be seen.
    pub(crate) fn windows(&self, title: &str) -> Vec<String> {
        let mut command = self.program("xdotool");
        command.args(["search", "--onlyvisible", "--name", title]);
        // It fails where it finds none.
        let output = command.output().expect("it starts");
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// Gives a window the keyboard.
    pub(crate) fn focus(&self, window: &str) {
        let mut command = self.program("xdotool");
        command.args(["windowfocus", "--sync", window]);
        self.done(command);
    }

    /// What a screen shows.
    pub(crate) fn shot(&self, screen: &str) -> image::RgbImage {
        let path = self.folder.path().join(format!("{screen}.png"));
        self.ask(&["shot", screen, path.to_str().expect("UTF-8")]);
        image::open(path).expect("a picture").to_rgb8()
    }

    /// Does something, and waits until a screen looks different.
    #[track_caller]
    pub(crate) fn wait_changed(&self, screen: &str, act: impl FnOnce()) {
        let before = self.shot(screen);
        act();
        patiently(screen, || (self.shot(screen) != before).then_some(()));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(self.room.stdin.take());
        // Gone already, or gone now.
        self.room.wait().ok();
    }
}

/// How many colors a picture has.
pub(crate) fn n_colors(picture: &image::RgbImage) -> usize {
    picture.pixels().map(|pixel| pixel.0).collect::<std::collections::BTreeSet<_>>().len()
}

/// The real program in a place, and its log.
pub(crate) struct Wall {
    program: Child,
    log: PathBuf,
    seen: Seq,
    pub(crate) commands: Vec<Issued>,
}

impl Wall {
    /// Starts it on `room`, with more arguments.
    pub(crate) fn start(place: &Place, room: &str, arguments: &[&str]) -> Self {
        let folder = place.folder.path();
        fs::write(folder.join("room.toml"), room).expect("written");
        let said = fs::File::create(folder.join("vigie.log")).expect("a file");
        let program = place
            .program(env!("CARGO_BIN_EXE_vigie"))
            .args(["run", "room.toml", "--data", "data", "--log", "info"])
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stderr(said)
            .spawn()
            .expect("the program starts");
        let log = folder.join("data/room.db");
        Self { program, log, seen: Seq(0), commands: Vec::new() }
    }

    fn assert_runs(&mut self) {
        let ended = self.program.try_wait().expect("asked");
        assert!(ended.is_none(), "the program has ended: {ended:?}");
    }

    /// Waits until a screen shows something of use.
    #[track_caller]
    pub(crate) fn wait_drawn(&mut self, place: &Place, screen: &str) {
        patiently(screen, || {
            self.assert_runs();
            (n_colors(&place.shot(screen)) > 64).then_some(())
        });
    }

    /// What the log holds that was not read before.
    pub(crate) fn news(&mut self) -> Vec<Logged> {
        self.assert_runs();
        // The file is made a moment after the program has started.
        let Ok(reader) = Reader::open(&self.log) else { return Vec::new() };
        let news: Vec<Logged> = reader.replay(self.seen.next()..).map_while(Result::ok).collect();
        self.seen = news.last().map_or(self.seen, |last| last.seq);
        let commands = news.iter().filter_map(|logged| match &logged.event {
            Event::Command(issued) => Some(issued.clone()),
            _ => None,
        });
        self.commands.extend(commands);
        news
    }

    /// Waits for the next command that `is` so, and forgets what people did before it.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, what: &str, is: impl Fn(&Command) -> bool) -> Issued {
        patiently(what, || {
            self.news();
            let found = self.commands.iter().position(|issued| is(&issued.command))?;
            let later = self.commands.split_off(found + 1);
            let found = self.commands.pop();
            self.commands.retain(|issued| matches!(issued.command, Command::Trouble { .. }));
            self.commands.extend(later);
            found
        })
    }

    /// Ends it as a person does, and waits for its end.
    #[track_caller]
    pub(crate) fn quit(mut self, place: &Place) {
        let walls = place.windows("^vigie ");
        place.focus(walls.first().expect("a wall"));
        place.keys(&["ctrl+q"]);
        let status = patiently("the end", || self.program.try_wait().expect("asked"));
        assert!(status.success(), "{status}");
    }
}

impl Drop for Wall {
    #[expect(clippy::print_stderr, reason = "a test that failed tells what the program said")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = self.log.with_file_name("../vigie.log");
            let said = fs::read_to_string(said).unwrap_or_default();
            let from = said.floor_char_boundary(said.len().saturating_sub(MAX_SAID));
            eprintln!("{}", said.get(from..).unwrap_or_default());
        }
        // After a failed test; ended otherwise.
        self.program.kill().ok();
        self.program.wait().ok();
    }
}
