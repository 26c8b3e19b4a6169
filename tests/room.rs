//! The real program in a virtual room: windows on every screen, keys, unplugging, and an orderly end.

use std::process::Command;

use crate::place::{has_rig, rig};

/// What a person in the room does: `$VIGIE` is the program, `$LAYOUT` its room, `$SHOTS` a folder for pictures.
///
/// Each step waits for what it brings about, and gives up after a while: nothing depends on how fast the machine is.
const VISIT: &str = r##"
set -eu
room=$RIG/room-x11
patiently() {   # until the command succeeds
  local tries=600
  until "$@"; do
    ((tries-- > 0)) || { echo "in vain: $*" >&2; exit 1; }
    kill -0 "$wall" || { echo "the wall has ended" >&2; exit 1; }
    read -rt 0.1 <> <(:) || true
  done
}
colors() { "$room" shot "$1" "$SHOTS/$1.png"; identify -format %k "$SHOTS/$1.png"; }
is_drawn() { (($(colors "$1") > 64)); }
is_bare() { (($(colors "$1") < 3)); }
differs() { "$room" shot "$1" "$SHOTS/now.png"; ! cmp -s <(convert "$SHOTS/now.png" rgb:-) <(convert "$2" rgb:-); }

"$VIGIE" run "$LAYOUT" --at 12:00 --data "$SHOTS" --log warn & wall=$!
patiently is_drawn DUMMY0
patiently is_drawn DUMMY1
cp "$SHOTS/DUMMY1.png" "$SHOTS/before.png"
"$room" key i
patiently differs DUMMY1 "$SHOTS/before.png"
"$room" key i
"$room" unplug DUMMY1
"$room" plug DUMMY1
patiently is_drawn DUMMY1
patiently is_drawn DUMMY0
xdotool key --clearmodifiers ctrl+q
wait "$wall"
"##;

/// Two screens that both show something of the demonstration.
const LAYOUT: &str = r#"
name = "Visit"
time_zone = "Europe/Paris"

[source.day]
connector = "demo"

[query]
all = '#DemandezAuCM'

[[screen]]
name = "left"
grid = "feed"
feed = { widget = "feed", query = "all" }

[[screen]]
name = "right"
grid = "trends mood"
trends = { widget = "trends", query = "all", window = "15 min" }
mood = { widget = "sentiment", query = "all", window = "15 min" }
"#;

#[test]
fn a_visit_in_the_room_goes_as_a_person_expects() {
    if !has_rig() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let layout = folder.path().join("visit.toml");
    std::fs::write(&layout, LAYOUT).expect("written");
    let output = Command::new(rig().join("room-x11"))
        .args(["--screens", "2", "--mode", "640x360", "--", "bash", "-c", VISIT])
        .env("VIGIE", env!("CARGO_BIN_EXE_vigie"))
        .env("RIG", rig())
        .env("LAYOUT", &layout)
        .env("SHOTS", folder.path())
        .env("HOME", folder.path())
        .output()
        .expect("the room starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{said}", output.status);
}
