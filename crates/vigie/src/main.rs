//! `vigie`: the wall of a social room. This file only reads the command line and calls what does the work.

mod bench;
mod bursts;
mod cli;
mod command;
mod logging;
mod room;
mod wall;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Action, Cli};

/// Posts are allocated by one thread and freed by another, a hundred thousand a second.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads the answers has had enough, as `head` has.
        Err(err) if writes_answers(&cli.action) && is_closed_pipe(&err) => ExitCode::SUCCESS,
        Err(err) => {
            tell_failure(&err);
            ExitCode::FAILURE
        }
    }
}

/// Whether an action prints what another program may read.
const fn writes_answers(action: &Action) -> bool {
    matches!(
        action,
        Action::Trends(_)
            | Action::Volume(_)
            | Action::Analyze(_)
            | Action::Export(_)
            | Action::Schema
    )
}

fn is_closed_pipe(err: &anyhow::Error) -> bool {
    err.chain().any(|cause| {
        // serde_json hands errors of the output on as its own.
        let of_json =
            cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        let of_output = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        of_json.or(of_output) == Some(std::io::ErrorKind::BrokenPipe)
    })
}

fn start(cli: &Cli) -> anyhow::Result<()> {
    // A wall that runs for days needs its log in a file; what ends at once does not.
    let is_long = matches!(cli.action, Action::Run(_));
    let folder = if is_long { Some(room::files::log_folder()?) } else { None };
    let _log = logging::start(&cli.log, folder.as_deref())?;
    run(cli)
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    match &cli.action {
        Action::Run(args) => command::run::run(args),
        Action::Console(args) => command::console::run(args),
        Action::Check(args) => command::check::run(args),
        Action::Render(args) => command::render::run(args),
        Action::Screens(args) => command::screens::run(args),
        Action::Erase(args) => command::erase::run(args),
        Action::Export(args) => command::export::run(args),
        Action::Schema => command::schema::run(),
        Action::Train(args) => command::train::run(args),
        Action::Analyze(args) => command::analyze::run(args),
        Action::Trends(args) => command::trends::run(args),
        Action::Volume(args) => command::volume::run(args),
        Action::Bench(args) => bench::run(args),
    }
}

/// Says what failed and why, outermost first, on standard error.
#[expect(clippy::print_stderr, reason = "the person who started the program must see it")]
fn tell_failure(err: &anyhow::Error) {
    eprintln!("vigie: {err:#}");
}
