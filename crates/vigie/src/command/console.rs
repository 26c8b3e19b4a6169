//! `vigie console`: opens the console of the wall that runs.

use crate::{
    cli::ConsoleArgs,
    room::{
        call::{Call, call},
        files::{RoomSource, socket_path},
    },
};

/// Asks the running wall to open its console, or to bring it to the front.
///
/// # Errors
/// Where no wall runs on this room, or it has no screens.
pub(crate) fn run(args: &ConsoleArgs) -> anyhow::Result<()> {
    let source = RoomSource::of(&args.room);
    call(&socket_path(&source, args.room.data.as_deref())?, Call::Console)?;
    Ok(())
}
