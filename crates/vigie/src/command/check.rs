//! `vigie check`: everything that is wrong with a room file, in one go.

use std::io::{self, Write as _};

use vigie_layout::Severity;

use crate::{cli::CheckArgs, room::files::RoomSource};

/// Prints what is wrong with the file, or what the room is.
///
/// # Errors
/// Where the file cannot be read, or something in it is wrong and not only unwise.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let checked = RoomSource::File(args.room.clone()).check()?;
    let mut out = io::stdout().lock();
    for diagnostic in &checked.diagnostics {
        writeln!(out, "{diagnostic}\n")?;
    }
    let n_errors = checked
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    let n_warnings = checked.diagnostics.len() - n_errors;
    match &checked.room {
        Some(room) => {
            let counts = [
                counted(room.screens.len(), "screen"),
                counted(room.sources.len(), "source"),
                counted(room.queries.len(), "query"),
                counted(n_warnings, "warning"),
            ];
            writeln!(out, "{}: {}", room.name, counts.join(", "))?;
            Ok(())
        }
        None => anyhow::bail!("{} in {}", counted(n_errors, "error"), args.room.display()),
    }
}

/// `1 query`, `2 queries`.
fn counted(n: usize, noun: &str) -> String {
    match (n, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{n} {stem}ies"),
        _ => format!("{n} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn counts_are_english() {
        assert_eq!(counted(1, "query"), "1 query");
        assert_eq!(counted(0, "query"), "0 queries");
        assert_eq!(counted(2, "screen"), "2 screens");
    }
}
