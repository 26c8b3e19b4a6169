//! `vigie bench`: what this machine reaches, as a table for people or as one JSON object a line.

mod console;
mod dead_source;
mod faults;
mod live;
mod material;
mod pattern;
mod pipeline;
mod process;
mod report;
mod rig;
mod road;
mod room;
mod start;
mod trends;
mod windows;

use crate::cli::{BenchArgs, BenchSubject};

/// Measures what `args` names, and prints it; or does the part of it that runs inside a virtual room.
///
/// # Errors
/// Where a virtual room or the program in it fails.
pub(crate) fn run(args: &BenchArgs) -> anyhow::Result<()> {
    if let Some(part) = &args.inside {
        return match args.subject {
            BenchSubject::Windows => windows::inside(part),
            BenchSubject::Start => start::inside(part),
            BenchSubject::Room => room::inside(part),
            BenchSubject::Road => road::inside(part),
            BenchSubject::Faults => faults::inside(part),
            BenchSubject::Trends => anyhow::bail!("this bench has no part inside a virtual room"),
            BenchSubject::Pipeline => pipeline::inside(part),
            BenchSubject::Console => console::inside(part),
        };
    }
    let measures = match args.subject {
        BenchSubject::Windows => windows::measure(args.seconds)?,
        BenchSubject::Start => start::measure()?,
        BenchSubject::Room => room::measure(args.seconds)?,
        BenchSubject::Road => road::measure(args.seconds)?,
        BenchSubject::Faults => faults::measure()?,
        BenchSubject::Trends => trends::measure(args.seconds)?,
        BenchSubject::Console => console::measure(args.seconds)?,
        BenchSubject::Pipeline => pipeline::measure(args.seconds, args.wall)?,
    };
    report::print(&measures, args.json)
}
