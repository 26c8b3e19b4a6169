//! The real program on its command line, as a person uses it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The program, with nothing of this machine's user in it.
fn vigie(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", folder)
        .env("XDG_DATA_HOME", folder.join("data"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command
}

fn run(arguments: &[&str]) -> (Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let output = vigie(folder.path()).args(arguments).output().expect("the program starts");
    (output, folder)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn layouts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../layouts");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("layouts")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 4, "{files:?}");
    files
}

#[test]
fn help_tells_a_newcomer_what_to_type() {
    let (output, _folder) = run(&["--help"]);
    let help = text(&output.stdout);
    assert!(output.status.success());
    for word in ["run", "check", "render", "screens", "bench", "--live", "Exit codes"] {
        assert!(help.contains(word), "{word} is missing in\n{help}");
    }
}

#[test]
fn every_layout_is_without_errors_and_warnings() {
    for layout in layouts() {
        let (output, _folder) = run(&["check", layout.to_str().expect("UTF-8")]);
        let said = text(&output.stdout);
        assert!(output.status.success(), "{}\n{said}{}", layout.display(), text(&output.stderr));
        assert!(said.contains("0 warnings"), "{}\n{said}", layout.display());
    }
}

#[test]
fn a_mistake_is_named_with_its_place_and_the_nearest_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("room.toml");
    let room = "name = \"R\"\n\n[query]\nall = 'lang:fr'\n\n[[screen]]\nname = \"a\"\n\
                grid = \"\"\"\nfeed\n\"\"\"\nfeed = { widget = \"fed\", query = \"all\" }\n";
    fs::write(&path, room).expect("written");
    let (output, _folder) = run(&["check", path.to_str().expect("UTF-8")]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for part in ["room.toml:11:", "`fed`", "`feed`", "^^"] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    #[track_caller]
    fn check(arguments: &[&str], code: i32, expected: &str) {
        let (output, _folder) = run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{said}");
        assert!(said.contains(expected), "{expected} is missing in\n{said}");
    }
    check(&["check", "no/such/room.toml"], 1, "no/such/room.toml");
    check(&["run"], 1, "no display");
    check(&["run", "--live", "(", "--data", "."], 1, "live");
    check(&["run", "--live", "rust", "--speed", "60"], 1, "live");
    check(&["render", "--out"], 2, "--out");
    check(&["erase", "layouts/lobby.toml", "nobody"], 1, "NETWORK:ID");
}

#[test]
fn the_schema_is_json_and_knows_every_widget() {
    let (output, _folder) = run(&["schema"]);
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = schema.to_string();
    for word in ["\"feed\"", "\"sentiment\"", "\"bluesky\"", "\"grid\""] {
        assert!(text.contains(word), "{word} is missing");
    }
}

/// The PNG files of a folder with their bytes, by name.
fn pictures(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut pictures: Vec<_> = fs::read_dir(folder)
        .expect("pictures")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("a picture"))
        })
        .collect();
    pictures.sort();
    pictures
}

#[test]
fn every_layout_can_be_drawn_without_a_display_and_a_network() {
    for layout in layouts() {
        let out = tempfile::tempdir().expect("a folder");
        let (layout, path) = (layout.to_str().expect("UTF-8"), out.path().to_str().expect("UTF-8"));
        let (output, _folder) = run(&["render", layout, "--out", path, "--at", "18:10"]);
        assert!(output.status.success(), "{layout}\n{}", text(&output.stderr));
        let drawn = pictures(out.path());
        assert!(drawn.len() >= 2, "{layout}: {} pictures", drawn.len());
        for (name, bytes) in &drawn {
            let n_colors = n_colors(bytes);
            assert!(n_colors > 32, "{layout}: only {n_colors} colors on {name}");
        }
    }
}

/// How many colors a PNG has.
fn n_colors(png: &[u8]) -> usize {
    let image = image::load_from_memory(png).expect("a PNG").to_rgb8();
    image.pixels().map(|pixel| pixel.0).collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn two_runs_of_the_demonstration_end_in_the_same_picture() {
    let render = || {
        let out = tempfile::tempdir().expect("a folder");
        let path = out.path().to_str().expect("UTF-8").to_owned();
        let arguments = ["render", "layouts/laptop.toml", "--out", &path, "--at", "22:05"];
        let (output, _folder) = run(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        pictures(out.path())
    };
    let (first, second) = (render(), render());
    assert_eq!(first.len(), 2, "one screen and the room");
    assert!(first == second, "the same events gave another picture");
    assert!(n_colors(&first[0].1) > 100, "the screen is empty");
}
