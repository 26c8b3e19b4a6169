//! Room files from text to [`Room`], with all problems in one go.

use std::sync::Arc;

use toml::de::DeTable;

use crate::{Diagnostic, Problems, Room, Severity, Vocabulary};

mod campaign;
mod fields;
mod options;
mod reader;
mod room;
mod scene;
mod screen;
mod screen_cells;

use reader::Reader;

/// A room file beyond this is no room file: the largest we know of has 20 kB.
pub const MAX_ROOM_BYTES: usize = 1 << 20;

/// More of them are one mistake, such as a quotation mark that is missing near the top.
const MAX_SYNTAX_ERRORS: usize = 20;

/// What reading a room file gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// The room; none where a diagnostic is an error.
    pub room: Option<Room>,
    /// Every problem found, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// The room, or what is wrong with its file; warnings are dropped.
    ///
    /// # Errors
    /// Where the file cannot be used.
    pub fn into_result(self) -> Result<Room, Problems> {
        let Self { room, mut diagnostics } = self;
        diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
        room.ok_or(Problems(diagnostics))
    }
}

/// Reads and checks the room file `text`; `file` is its name for the messages.
#[must_use]
pub fn check(text: &str, file: &str, vocabulary: &Vocabulary) -> Checked {
    let file: Arc<str> = file.into();
    if text.len() > MAX_ROOM_BYTES {
        let message =
            format!("a room file has at most {MAX_ROOM_BYTES} bytes, this has {}", text.len());
        return refused(Diagnostic::at(&file, "", 0..0, message));
    }
    let (document, syntax_errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader::new(text, &file, vocabulary);
    for err in syntax_errors.iter().take(MAX_SYNTAX_ERRORS) {
        reader.error(err.span().unwrap_or_default(), err.message());
    }
    reader.file_is_broken = !syntax_errors.is_empty();
    let room = room::room(&mut reader, document.get_ref());
    let diagnostics = reader.finish();
    let is_refused = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Checked { room: room.filter(|_| !is_refused), diagnostics }
}

/// Reads and checks the bytes of a room file, whatever they are.
#[must_use]
pub fn check_bytes(bytes: &[u8], file: &str, vocabulary: &Vocabulary) -> Checked {
    match std::str::from_utf8(bytes) {
        Ok(text) => check(text, file, vocabulary),
        Err(err) => {
            let (valid, _) = bytes.split_at(err.valid_up_to().min(bytes.len()));
            let valid = String::from_utf8_lossy(valid);
            let end = valid.len()..valid.len();
            refused(Diagnostic::at(&file.into(), &valid, end, "this is not UTF-8 text"))
        }
    }
}

fn refused(diagnostic: Diagnostic) -> Checked {
    Checked { room: None, diagnostics: vec![diagnostic] }
}

#[cfg(test)]
mod shipped;
#[cfg(test)]
mod tests;
