//! A file, line by line: with a progress bar where someone looks on, and with what could not be read counted and named.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, IsTerminal as _, Read, stderr, stdin},
    path::Path,
};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

/// Longer lines are passed over: no post is that long.
const MAX_LINE_BYTES: u64 = 1 << 20;
/// Bad lines that are named; the others are only counted.
const MAX_NAMED: usize = 5;
/// The bar moves on after so many bytes.
const BAR_STEP_BYTES: u64 = 1 << 20;

/// What could not be read of a file.
#[derive(Debug, Default)]
pub(crate) struct BadLines {
    n_lines: u64,
    named: Vec<String>,
}

impl BadLines {
    pub(crate) fn add(&mut self, number: u64, why: impl std::fmt::Display) {
        self.n_lines += 1;
        if self.named.len() < MAX_NAMED {
            self.named.push(format!("line {number}: {why}"));
        }
    }

    /// Says on standard error what was passed over, if anything was.
    #[expect(clippy::print_stderr, reason = "the person who started the program must see it")]
    pub(crate) fn tell(&self) {
        if self.n_lines > 0 {
            let lines = if self.n_lines == 1 { "line" } else { "lines" };
            eprintln!("vigie: passed over {} {lines} that could not be read", self.n_lines);
            for line in &self.named {
                eprintln!("  {line}");
            }
        }
    }
}

/// Calls `each` with the number, from 1, and the bytes of every line of the file that is not blank; `-` is standard
/// input.
///
/// # Errors
/// Where the file cannot be read, or `each` fails.
pub(crate) fn for_each_line(
    path: &Path,
    bad: &mut BadLines,
    mut each: impl FnMut(u64, &[u8], &mut BadLines) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    // What has no known length, such as a pipe, gets no bar.
    let (input, n_bytes): (Box<dyn Read>, u64) = if path.as_os_str() == "-" {
        (Box::new(stdin()), 0)
    } else {
        let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
        let n_bytes = file.metadata().map_or(0, |metadata| metadata.len());
        (Box::new(file), n_bytes)
    };
    let bar = bar(n_bytes);
    let mut reader = BufReader::with_capacity(1 << 18, input);
    let mut line = Vec::new();
    let (mut number, mut n_read, mut n_told) = (0, 0, 0);
    loop {
        line.clear();
        let reading = || format!("reading {}", path.display());
        let mut piece = (&mut reader).take(MAX_LINE_BYTES);
        let n_line = piece.read_until(b'\n', &mut line).with_context(reading)?;
        if n_line == 0 {
            break;
        }
        number += 1;
        n_read += n_line as u64;
        if n_read - n_told > BAR_STEP_BYTES {
            bar.set_position(n_read);
            n_told = n_read;
        }
        if n_line as u64 == MAX_LINE_BYTES && !line.ends_with(b"\n") {
            n_read += skip_line(&mut reader).with_context(reading)?;
            bad.add(number, "longer than a mebibyte");
            continue;
        }
        let trimmed = line.trim_ascii();
        if !trimmed.is_empty() {
            each(number, trimmed, bad)?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn skip_line(reader: &mut BufReader<impl Read>) -> std::io::Result<u64> {
    let mut n_skipped = 0;
    loop {
        let held = reader.fill_buf()?;
        if held.is_empty() {
            return Ok(n_skipped);
        }
        let end = held.iter().position(|byte| *byte == b'\n').map(|place| place + 1);
        let n_taken = end.unwrap_or(held.len());
        reader.consume(n_taken);
        n_skipped += n_taken as u64;
        if end.is_some() {
            return Ok(n_skipped);
        }
    }
}

fn bar(n_bytes: u64) -> ProgressBar {
    if n_bytes == 0 || !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    let bar = ProgressBar::new(n_bytes);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_blank_lines_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        let long = "x".repeat(usize::try_from(MAX_LINE_BYTES).unwrap() * 2);
        std::fs::write(&path, format!("one\n\r\n{long}\nfour\nlast")).unwrap();
        let (mut seen, mut bad) = (Vec::new(), BadLines::default());
        for_each_line(&path, &mut bad, |number, line, _| {
            seen.push((number, String::from_utf8_lossy(line).into_owned()));
            Ok(())
        })
        .unwrap();
        let seen: Vec<_> = seen.iter().map(|(number, line)| (*number, line.as_str())).collect();
        assert_eq!(seen, [(1, "one"), (4, "four"), (5, "last")]);
        assert_eq!((bad.n_lines, bad.named.len()), (1, 1));
    }
}
