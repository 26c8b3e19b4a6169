//! `vigie erase`: every post of an author off the disk, for good.

use std::io::{self, Write as _};

use anyhow::Context as _;
use vigie_model::{AuthorId, Clock as _, SystemClock};
use vigie_store::{Options, Writer};

use crate::{
    cli::EraseArgs,
    room::files::{DataFolder, RoomSource},
};

/// Erases the author from the room's log.
///
/// # Errors
/// Where a wall runs on the log, there is none, or it cannot be written.
pub(crate) fn run(args: &EraseArgs) -> anyhow::Result<()> {
    let (network, native) = args.author.split_once(':').with_context(|| {
        format!("expected NETWORK:ID, such as bluesky:did:plc:abc, not {:?}", args.author)
    })?;
    let source = RoomSource::File(args.room.clone());
    let folder = DataFolder::of(&source, args.data.as_deref())?;
    let path = folder.log_path();
    anyhow::ensure!(path.exists(), "this room has no log: {}", path.display());
    let writer = Writer::start(&path, Options::default())?;
    let n_erased = writer.erase_author(&AuthorId::new(network, native), SystemClock.now())?;
    writer.close()?;
    Ok(writeln!(io::stdout(), "{n_erased} events lost their content; {} stays away", args.author)?)
}
