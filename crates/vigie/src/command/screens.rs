//! `vigie screens`: what is plugged in, and which layout it gets.

use std::io::{self, Write as _};

use anyhow::Context as _;
use vigie_layout::{Assignment, MatchedBy, Room, ScreenFacts, assign};

use crate::{
    cli::ScreensArgs,
    room::{
        files::{DataFolder, RoomSource},
        stage::Memory,
    },
    wall,
};

/// Lists the screens, or notes which layout is on one of them.
///
/// # Errors
/// Where the room cannot be used, or there is no display.
pub(crate) fn run(args: &ScreensArgs) -> anyhow::Result<()> {
    let source = RoomSource::of(&args.room);
    let room = source.load()?;
    let folder = DataFolder::of(&source, args.room.data.as_deref())?;
    let memory = Memory::open(&folder.assignments_path())?;
    let screens = wall::screens()?;
    for answer in &args.set {
        answer_question(answer, &room, &screens, &memory)?;
    }
    let assignment = assign(&room.screens, &screens, &memory.assignments());
    list(&screens, &assignment)
}

/// Remembers `NAME=CONNECTOR`: the layout NAME is on the screen at CONNECTOR.
fn answer_question(
    answer: &str,
    room: &Room,
    screens: &[ScreenFacts],
    memory: &Memory,
) -> anyhow::Result<()> {
    let (name, connector) = answer
        .split_once('=')
        .with_context(|| format!("expected NAME=CONNECTOR, such as left=DP-1, not {answer:?}"))?;
    let names: Vec<&str> = room.screens.iter().map(|screen| screen.name.as_str()).collect();
    let spec =
        room.screens.iter().find(|screen| screen.name.as_str() == name).with_context(|| {
            format!("the room has no screen {name:?}, only {}", names.join(", "))
        })?;
    let connectors: Vec<&str> = screens.iter().map(|facts| facts.connector.as_str()).collect();
    let facts = screens.iter().find(|facts| facts.connector == connector).with_context(|| {
        format!("nothing is plugged in at {connector:?}, only at {}", connectors.join(", "))
    })?;
    memory.replace(memory.assignments().answered(&spec.name, facts))
}

fn list(screens: &[ScreenFacts], assignment: &Assignment) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:<4} {:<12} {:<12} {:<12} {:<28} layout",
        "no", "connector", "pixels", "at", "panel"
    )?;
    for (facts_idx, facts) in screens.iter().enumerate() {
        let panel = facts.edid.as_ref().map_or_else(
            || "silent".to_owned(),
            |edid| format!("{} {} {}", edid.make, edid.model, edid.serial),
        );
        writeln!(
            out,
            "{:<4} {:<12} {:<12} {:<12} {:<28} {}",
            facts_idx + 1,
            facts.connector,
            format!("{}x{}", facts.size_px.0, facts.size_px.1),
            format!("{},{}", facts.position_px.0, facts.position_px.1),
            panel,
            layout_of(facts_idx, assignment),
        )?;
    }
    for hidden in &assignment.hidden {
        writeln!(out, "{hidden}: no screen is left for this layout")?;
    }
    Ok(())
}

/// Why a layout is where it is, in words.
const fn reason(by: MatchedBy) -> &'static str {
    match by {
        MatchedBy::Edid => "by its panel",
        MatchedBy::Connector => "by its connector",
        MatchedBy::Place => "by its place",
        MatchedBy::Remembered => "as before",
        MatchedBy::Order => "in reading order",
        MatchedBy::LastOne => "the one that was left",
        MatchedBy::AwayFromHome => "for now: no screen of this room is here",
    }
}

/// Which layout a screen gets, and why.
fn layout_of(facts_idx: usize, assignment: &Assignment) -> String {
    if let Some(placed) = assignment.placed.iter().find(|placed| placed.facts_idx == facts_idx) {
        return format!("{} ({})", placed.screen, reason(placed.by));
    }
    let ambiguity = assignment.ambiguous.iter().find(|group| group.facts_idxs.contains(&facts_idx));
    match ambiguity {
        Some(group) => {
            let names: Vec<&str> = group.screens.iter().map(|name| name.as_str()).collect();
            format!("one of {}: say which with --set NAME=CONNECTOR", names.join(", "))
        }
        None => "none".to_owned(),
    }
}
