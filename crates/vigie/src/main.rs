//! `vigie`: the wall of a social room. This file only reads the command line and calls what does the work.

mod bench;
mod cli;
mod command;
mod logging;
mod room;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Action, Cli};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            tell_failure(&err);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    match &cli.action {
        Action::Bench(args) => bench::run(args),
        action => anyhow::bail!("{action:?} is not wired yet"),
    }
}

/// Says what failed and why, outermost first, on standard error.
#[expect(clippy::print_stderr, reason = "the person who started the program must see it")]
fn tell_failure(err: &anyhow::Error) {
    eprintln!("vigie: {err:#}");
}
