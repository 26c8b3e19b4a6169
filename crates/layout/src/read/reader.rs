//! What all parts of the reading share: the text, the words, and the list of problems.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use crate::{Diagnostic, Severity, Vocabulary, vocabulary::nearest};

/// A file with more problems than this is not a room file with mistakes.
const MAX_DIAGNOSTICS: usize = 100;

/// One file on its way to a room.
pub(super) struct Reader<'a> {
    text: &'a str,
    file: &'a Arc<str>,
    pub(super) vocabulary: &'a Vocabulary,
    diagnostics: Vec<(usize, Diagnostic)>,
    /// The file is no TOML: what seems missing may only be unread.
    pub(super) file_is_broken: bool,
    /// Names under `[query]`, right or wrong.
    pub(super) query_names: BTreeSet<String>,
    /// Those of them that some widget shows.
    pub(super) used_queries: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, file: &'a Arc<str>, vocabulary: &'a Vocabulary) -> Self {
        Self {
            text,
            file,
            vocabulary,
            diagnostics: Vec::new(),
            file_is_broken: false,
            query_names: BTreeSet::new(),
            used_queries: BTreeSet::new(),
        }
    }

    /// All problems, in the order of the file; nothing else about a line that is no TOML.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|(start, _)| *start);
        self.diagnostics.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }

    /// An error at the bytes `span`.
    pub(super) fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.report(Severity::Error, span, message.into(), Vec::new());
    }

    /// An error at the bytes `span`, with a line of advice.
    pub(super) fn error_with_help(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report(Severity::Error, span, message.into(), vec![help.into()]);
    }

    /// Something at the bytes `span` that one can live with.
    pub(super) fn warning(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.report(Severity::Warning, span, message.into(), vec![help.into()]);
    }

    /// An error about something that is not there.
    pub(super) fn missing(&mut self, span: Range<usize>, message: impl Into<String>) {
        if !self.file_is_broken {
            self.error(span, message);
        }
    }

    /// An error about a word that is none of `allowed`.
    pub(super) fn unknown<'n>(
        &mut self,
        span: Range<usize>,
        what: &str,
        word: &str,
        allowed: impl IntoIterator<Item = &'n str>,
    ) {
        if self.is_full() {
            return;
        }
        let allowed: Vec<&str> = allowed.into_iter().collect();
        let list = if allowed.is_empty() {
            format!("there is no {what}")
        } else {
            format!("allowed: {}", quoted(&allowed))
        };
        let mut help: Vec<String> = vec![list];
        help.extend(nearest(word, allowed).map(|near| format!("did you mean `{near}`?")));
        self.report(Severity::Error, span, format!("unknown {what} `{word}`"), help);
    }

    /// The bytes `inside` of a string's value as bytes of the file, where they can be told.
    pub(super) fn within(
        &self,
        value_span: &Range<usize>,
        value: &str,
        inside: &Range<usize>,
    ) -> Range<usize> {
        let raw = self.text.get(value_span.clone()).unwrap_or_default();
        // Escapes make the two differ; then the whole value is meant.
        raw.find(value).map_or_else(
            || value_span.clone(),
            |start| {
                let base = value_span.start + start;
                base + inside.start..base + inside.end
            },
        )
    }

    /// Whether more problems would not be listed: finding the place of each takes time.
    fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX_DIAGNOSTICS
    }

    fn report(
        &mut self,
        severity: Severity,
        span: Range<usize>,
        message: String,
        help: Vec<String>,
    ) {
        if self.is_full() {
            return;
        }
        let mut diagnostic = Diagnostic::at(self.file, self.text, span.clone(), message);
        diagnostic.severity = severity;
        diagnostic.help = help;
        let is_follow_up = self.file_is_broken
            && self.diagnostics.iter().any(|(_, earlier)| earlier.line == diagnostic.line);
        if !is_follow_up {
            self.diagnostics.push((span.start, diagnostic));
        }
    }
}

/// Names for a message: `` `a`, `b` ``.
fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
