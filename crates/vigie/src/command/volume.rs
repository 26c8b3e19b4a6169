//! `vigie volume`: the alarms of a series of counts, as they stand in its file.

use std::io::{self, BufWriter, Write as _};

use crate::{
    bursts::{
        lines::{BadLines, for_each_line},
        series::{Series, sample},
    },
    cli::VolumeArgs,
};

/// Prints the time of each alarm of the file.
///
/// # Errors
/// Where the file cannot be read or nothing can be printed.
pub(crate) fn run(args: &VolumeArgs) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut series, mut bad) = (Series::new(), BadLines::default());
    for_each_line(&args.file, &mut bad, |number, line, bad| {
        match std::str::from_utf8(line).ok().and_then(sample) {
            Some(sample) => {
                if series.push(&sample).is_some() {
                    writeln!(out, "{}", sample.stamp)?;
                }
            }
            // The first line names the columns.
            None if number == 1 => {}
            None => bad.add(number, "expected TIMESTAMP,COUNT, such as 2015-02-26 21:42:53,104"),
        }
        Ok(())
    })?;
    out.flush()?;
    bad.tell();
    Ok(())
}
