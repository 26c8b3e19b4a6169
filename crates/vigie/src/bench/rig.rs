//! Starts this program again inside a virtual room, and reads what it found there.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::SystemTime,
};

use anyhow::{Context as _, bail};
use serde::{Serialize, de::DeserializeOwned};

/// The line on standard output that holds what a run inside a room found.
const FOUND: &str = "vigie-bench-found ";

/// The window systems that rooms exist for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    X11,
    Wayland,
}

impl System {
    pub(crate) const ALL: [Self; 2] = [Self::X11, Self::Wayland];

    /// As it is called in the names of measures.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::X11 => "x11",
            Self::Wayland => "wayland",
        }
    }

    fn script(self) -> &'static str {
        match self {
            Self::X11 => "room-x11",
            Self::Wayland => "room-wayland",
        }
    }

    /// The system of the room that this process runs in.
    pub(crate) fn around() -> Self {
        if env::var_os("WAYLAND_DISPLAY").is_some() { Self::Wayland } else { Self::X11 }
    }
}

/// A virtual room.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub(crate) system: System,
    pub(crate) n_screens: usize,
    /// Width, height and rate of each screen, as `320x180@10`.
    pub(crate) mode: String,
    /// The ticks per second that presents block for, where a hardware driver is imitated.
    pub(crate) blocking_hz: Option<u32>,
}

impl Room {
    /// Runs `vigie bench SUBJECT --inside PART` in the room, and gives what it reported.
    pub(crate) fn run<T: DeserializeOwned>(&self, subject: &str, part: &str) -> anyhow::Result<T> {
        let rig = folder()?;
        let program = env::current_exe().context("finding this program's own file")?;
        let mut command = Command::new(rig.join(self.system.script()));
        command
            .args([
                "--screens",
                &self.n_screens.to_string(),
                "--mode",
                &self.mode,
                "--grid",
                &grid(self.n_screens),
            ])
            .args([OsStr::new("--"), program.as_os_str()])
            .args(["bench", subject, "--inside", part])
            .env("VIGIE_RIG", &rig)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some(hz) = self.blocking_hz {
            let layer = build_layer(&rig)?;
            command
                .env("VK_LAYER_PATH", layer)
                .env("VK_INSTANCE_LAYERS", "VK_LAYER_room_vsync")
                .env("VSYNC_HZ", hz.to_string());
        }
        let output =
            command.output().with_context(|| format!("starting {}", self.system.script()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("the run inside {} failed ({}):\n{said}", self.system.script(), output.status);
        }
        found_in(&String::from_utf8_lossy(&output.stdout))
    }
}

/// Tells the process outside the room what was found.
#[expect(clippy::print_stdout, reason = "the process outside reads it there")]
pub(crate) fn report(found: &impl Serialize) -> anyhow::Result<()> {
    println!("{FOUND}{}", serde_json::to_string(found)?);
    Ok(())
}

/// Reads what [`report`] wrote.
pub(crate) fn found_in<T: DeserializeOwned>(text: &str) -> anyhow::Result<T> {
    let found = text.lines().find_map(|line| line.strip_prefix(FOUND));
    let found = found.context("the run inside the room reported nothing")?;
    serde_json::from_str(found).context("reading what the run inside the room found")
}

/// Does something to the room that this process runs in: `unplug NAME`, `plug NAME`, `shot DIR`.
pub(crate) fn ask(arguments: &[&OsStr]) -> anyhow::Result<()> {
    let script = folder()?.join(System::around().script());
    let output = Command::new(&script)
        .args(arguments)
        .output()
        .with_context(|| format!("starting {}", script.display()))?;
    if !output.status.success() {
        bail!("{arguments:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// Seconds since 1970, to compare between two processes of one machine.
#[expect(
    clippy::disallowed_methods,
    reason = "two processes share no other clock, and this one is not room time"
)]
pub(crate) fn wall_clock_secs() -> f64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

/// The folder with the rooms' scripts: `$VIGIE_RIG`, or `tests/rig` of the repository that this program was built in.
pub(crate) fn folder() -> anyhow::Result<PathBuf> {
    if let Some(rig) = env::var_os("VIGIE_RIG") {
        return Ok(rig.into());
    }
    let program = env::current_exe().context("finding this program's own file")?;
    let here = env::current_dir().context("finding the working folder")?;
    let is_rig = |folder: &Path| folder.join("room-x11").is_file();
    let found = program
        .ancestors()
        .chain(here.ancestors())
        .map(|above| above.join("tests/rig"))
        .find(|rig| is_rig(rig));
    found.context("the virtual rooms are in tests/rig of the repository: run this inside it, or name the folder in VIGIE_RIG")
}

/// Builds the layer that makes presents block, if it is not built yet.
fn build_layer(rig: &Path) -> anyhow::Result<PathBuf> {
    let output = Command::new(rig.join("blocking-present/build"))
        .output()
        .context("building the blocking-present layer")?;
    if !output.status.success() {
        bail!(
            "the blocking-present layer did not build:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().into())
}

/// At most five screens a row.
fn grid(n_screens: usize) -> String {
    let columns = n_screens.clamp(1, 5);
    format!("{columns}x{}", n_screens.div_ceil(columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_holds_every_screen() {
        assert_eq!(grid(1), "1x1");
        assert_eq!(grid(5), "5x1");
        assert_eq!(grid(10), "5x2");
        assert_eq!(grid(11), "5x3");
    }
}
