//! `vigie bench`: what this machine reaches, as a table for people or as one JSON object a line.

pub(crate) mod report;

use crate::cli::BenchArgs;

/// Measures what `args` names.
pub(crate) fn run(args: &BenchArgs) -> anyhow::Result<()> {
    anyhow::bail!("{:?} is not wired yet", args.subject)
}
