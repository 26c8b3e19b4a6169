//! One problem of a file, as a person can act on it.

use std::{fmt, ops::Range, sync::Arc};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file works, but somebody will not be happy.
    Warning,
    /// The file cannot be used.
    Error,
}

/// One problem, with its place; prints itself as `rustc` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in lower case without a full stop.
    pub message: String,
    /// The file, as the caller named it.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The character within the line, from 1.
    pub column: usize,
    /// How many characters of that line are meant, at least 1.
    pub n_columns: usize,
    /// The line itself.
    pub source_line: String,
    /// What to write instead: allowed values, the nearest name.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// The part of the source line that is shown around the caret.
    const MAX_LINE_CHARS: usize = 160;

    /// A problem at the bytes `span` of `text`.
    #[must_use]
    pub fn at(file: &Arc<str>, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = floor_boundary(text, span.start);
        let end = floor_boundary(text, span.end).max(start);
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_text =
            text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        let n_marked = text.get(start..end).unwrap_or_default().lines().next().unwrap_or_default();
        Self {
            severity: Severity::Error,
            message: message.into(),
            file: Arc::clone(file),
            line: before.matches('\n').count() + 1,
            column,
            n_columns: n_marked.chars().count().max(1),
            source_line: line_text.to_owned(),
            help: Vec::new(),
        }
    }

    /// The same problem with one more line of advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The same problem as something one can live with.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
}

/// The last character border at or before `byte`.
fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let number = self.line.to_string();
        let indent = " ".repeat(number.len());
        writeln!(formatter, "{kind}: {}", printable(&self.message))?;
        writeln!(formatter, "{indent}--> {}:{}:{}", self.file, self.line, self.column)?;
        writeln!(formatter, "{indent} |")?;
        // A long line is shown around the place that is meant.
        let n_skipped = self.column.saturating_sub(Self::MAX_LINE_CHARS / 2);
        let n_skipped =
            if self.source_line.chars().count() > Self::MAX_LINE_CHARS { n_skipped } else { 0 };
        let shown: String =
            self.source_line.chars().skip(n_skipped).take(Self::MAX_LINE_CHARS).collect();
        writeln!(formatter, "{number} | {}", printable(&shown))?;
        let n_before = self.column.saturating_sub(1).saturating_sub(n_skipped);
        let n_carets = self.n_columns.min(Self::MAX_LINE_CHARS.saturating_sub(n_before)).max(1);
        write!(formatter, "{indent} | {}{}", " ".repeat(n_before), "^".repeat(n_carets))?;
        for help in &self.help {
            write!(formatter, "\n{indent} = help: {}", printable(help))?;
        }
        Ok(())
    }
}

/// The text with a space for each character that could move the cursor.
fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// All problems of a file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.0))]
pub struct Problems(pub Vec<Diagnostic>);

fn list(diagnostics: &[Diagnostic]) -> String {
    let texts: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    texts.join("\n\n")
}
