//! Boolean queries, from text and back.
//!
//! A query is words, `"quoted phrases"` and conditions, joined by `AND` (or nothing at all), `OR`
//! and `NOT` (or `-`), with parentheses.
//! `NOT` binds more than `AND`, `AND` more than `OR`.
//! Conditions are `#tag`, `@user`, `from:`, `lang:`, `network:`, `sentiment:`, `has:` and `is:`;
//! `*` is every post.

use std::{ops::Range, sync::Arc};

use vigie_model::Query;

use crate::Diagnostic;

mod condition;
mod lex;
mod parse;
mod write;

pub use write::to_text;

/// Longer queries are lists, which belong elsewhere; the largest listening tools stop at 4,096.
pub const MAX_QUERY_BYTES: usize = 8_192;
/// Nobody can read a deeper query, and each level takes stack.
pub const MAX_QUERY_DEPTH: usize = 32;
/// Each post is asked all of them.
pub const MAX_QUERY_TERMS: usize = 512;
/// More errors than this in one query do not help.
const MAX_ERRORS: usize = 16;

/// What is wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// The bytes of the query that are at fault.
    pub span: Range<usize>,
    /// What is wrong, in lower case without a full stop.
    pub message: String,
    /// What to write instead, where there is something near.
    pub help: Option<String>,
}

impl QueryError {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same problem with its line and column, for a query that stands alone, as on a command line.
    #[must_use]
    pub fn diagnostic(&self, file: &Arc<str>, query: &str) -> Diagnostic {
        let diagnostic = Diagnostic::at(file, query, self.span.clone(), &self.message);
        match &self.help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        }
    }
}

/// Reads a query; `networks` are the names that `network:` takes, any where there is none.
///
/// # Errors
/// All that is wrong with it, each with its place.
pub fn parse(text: &str, networks: &[&str]) -> Result<Query, Vec<QueryError>> {
    if text.len() > MAX_QUERY_BYTES {
        let message =
            format!("a query has at most {MAX_QUERY_BYTES} bytes, this has {}", text.len());
        return Err(vec![QueryError::new(0..text.len(), message)]);
    }
    let (tokens, mut errors) = lex::lex(text, networks);
    match parse::tree(&tokens, text.len()) {
        Ok(query) if errors.is_empty() => return Ok(query),
        Ok(_) => {}
        Err(err) => errors.push(err),
    }
    errors.sort_by_key(|err| err.span.start);
    errors.truncate(MAX_ERRORS);
    Err(errors)
}

/// The first word of `text` that looks like an operator and is none, and the operator meant.
///
/// Operators are in capitals, so that `or` can be looked for; few people mean that.
#[must_use]
pub fn doubtful_word(text: &str) -> Option<(Range<usize>, &'static str)> {
    let mut is_quoted = false;
    let mut start = 0;
    for (end, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        if !lex::ends_word(letter) {
            continue;
        }
        let operator = match text.get(start..end).unwrap_or_default() {
            "and" | "et" => Some("AND"),
            "or" | "ou" => Some("OR"),
            "not" | "sauf" => Some("NOT"),
            _ => None,
        };
        if let Some(operator) = operator.filter(|_| !is_quoted) {
            return Some((start..end, operator));
        }
        is_quoted ^= matches!(letter, '"' | '“' | '”');
        start = end + letter.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests;
