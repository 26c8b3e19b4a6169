//! `vigie schema`: the JSON Schema of room files.

use std::io::{self, Write as _};

use crate::room::vocabulary::vocabulary;

/// Prints the schema to standard output.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &vigie_layout::schema(&vocabulary()))?;
    Ok(writeln!(out)?)
}
