//! Options of widgets, sources and the theme: handed to their owner, whose complaints find their place.

use std::{collections::BTreeSet, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use vigie_model::OptionError;

use super::reader::Reader;
use crate::{Entry, vocabulary::nearest};

/// More errors than this in one table of options do not help.
const MAX_ERRORS: usize = 8;

/// The options in `table`, less `skipped`, as their owner `entry` has checked them.
///
/// `span` is what a message points at where it is about the whole.
pub(super) fn options(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    skipped: &str,
    (entry, span): (Option<&Entry>, Range<usize>),
) -> toml::Table {
    let mut options = toml::Table::new();
    for (key, value) in table {
        if key.get_ref() != skipped
            && let Some(value) = plain(reader, value)
        {
            options.insert(key.get_ref().clone().into_owned(), value);
        }
    }
    if let Some(entry) = entry {
        report_wrong(reader, table, &options, (entry, span));
    }
    options
}

/// Reports all that the owner finds wrong, by taking each wrong option away and asking again.
fn report_wrong(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    options: &toml::Table,
    (entry, span): (&Entry, Range<usize>),
) {
    let mut rest = options.clone();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for _ in 0..MAX_ERRORS {
        let Err(err) = (entry.check)(&rest) else { return };
        let OptionError { path, message } = &err;
        // An option that was taken away is not missing, by itself or for the whole.
        let is_follow_up = names_in(message).first().is_some_and(|name| taken.contains(*name))
            && message.starts_with("missing")
            || path.is_empty() && names_in(message).iter().any(|name| taken.contains(*name));
        if is_follow_up {
            return;
        }
        let place = find(table, path, message).unwrap_or_else(|| span.clone());
        let what = if path.is_empty() {
            format!("`{}`: {}", entry.name, humane(message))
        } else {
            format!("`{}`, option `{path}`: {}", entry.name, humane(message))
        };
        match nearest_of(message) {
            Some(near) => reader.error_with_help(place, what, format!("did you mean `{near}`?")),
            None => reader.error(place, what),
        }
        let first = path.split(['.', '[']).next().unwrap_or_default();
        if rest.remove(first).is_none() {
            return;
        }
        taken.insert(first.to_owned());
    }
}

/// Reports names of queries and measures in a widget's options that the room does not have.
pub(super) fn check_references(reader: &mut Reader<'_>, table: &DeTable<'_>) {
    let texts = |one: &str, many: &str| {
        let alone = table.get(one).into_iter();
        let listed = table.get(many).and_then(|value| value.get_ref().as_array());
        alone
            .chain(listed.into_iter().flat_map(|list| list.iter()))
            .filter_map(|value| Some((value.get_ref().as_str()?.to_owned(), value.span())))
            .collect::<Vec<_>>()
    };
    for (name, span) in texts("query", "queries") {
        if !reader.query_names.contains(&name) && !reader.file_is_broken {
            let names = reader.query_names.clone();
            reader.unknown(span, "query", &name, names.iter().map(String::as_str));
        }
        reader.used_queries.insert(name);
    }
    let measures = reader.vocabulary.measures.clone();
    if !measures.is_empty() {
        for (name, span) in texts("measure", "measures") {
            if !measures.contains(&name.as_str()) {
                reader.unknown(span, "measure", &name, measures.iter().copied());
            }
        }
    }
}

/// The value without its places; numbers that nobody can hold are reported.
fn plain(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Option<toml::Value> {
    let plain = match value.get_ref() {
        DeValue::String(text) => toml::Value::String(text.clone().into_owned()),
        DeValue::Boolean(answer) => toml::Value::Boolean(*answer),
        DeValue::Datetime(datetime) => toml::Value::Datetime(*datetime),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => toml::Value::Integer(number),
            Err(_) => return too_large(reader, value),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) => toml::Value::Float(number),
            Err(_) => return too_large(reader, value),
        },
        DeValue::Array(list) => {
            toml::Value::Array(list.iter().filter_map(|entry| plain(reader, entry)).collect())
        }
        DeValue::Table(table) => {
            let mut plain_table = toml::Table::new();
            for (key, value) in table {
                if let Some(value) = plain(reader, value) {
                    plain_table.insert(key.get_ref().clone().into_owned(), value);
                }
            }
            toml::Value::Table(plain_table)
        }
    };
    Some(plain)
}

fn too_large(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Option<toml::Value> {
    reader.error(value.span(), "this number is too large");
    None
}

/// The bytes that the option at `path` covers: its key where the key itself is wrong.
fn find(table: &DeTable<'_>, path: &str, message: &str) -> Option<Range<usize>> {
    let names_key = message.starts_with("unknown field");
    let mut steps = path.split('.').flat_map(|step| {
        let mut parts = step.split('[');
        let name = parts.next().unwrap_or_default();
        let indices = parts.filter_map(|part| part.strip_suffix(']')?.parse::<usize>().ok());
        std::iter::once(Step::Key(name)).chain(indices.map(Step::Index))
    });
    let Some(Step::Key(first)) = steps.next() else { return None };
    let (key, mut value) = table.get_key_value(first)?;
    let mut span = if names_key { key.span() } else { value.span() };
    for step in steps {
        let next = match (step, value.get_ref()) {
            (Step::Key(name), DeValue::Table(inner)) => inner.get_key_value(name),
            (Step::Index(entry_idx), DeValue::Array(list)) => {
                let Some(entry) = list.get(entry_idx) else { break };
                (value, span) = (entry, entry.span());
                continue;
            }
            _ => None,
        };
        let Some((key, inner)) = next else { break };
        (value, span) = (inner, if names_key { key.span() } else { inner.span() });
    }
    Some(span)
}

/// One step of an option's path.
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A message of serde in the words of people who do not write Rust.
fn humane(message: &str) -> String {
    const WORDS: [(&str, &str); 12] = [
        ("expected f64", "expected a number"),
        ("expected f32", "expected a number"),
        ("expected a sequence", "expected a list"),
        ("expected a map", "expected a table"),
        ("expected a boolean", "expected true or false"),
        ("expected u8", "expected a whole number up to 255"),
        ("expected u16", "expected a whole number up to 65535"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected usize", "expected a whole number, 0 or more"),
        ("expected i64", "expected a whole number"),
        ("expected i32", "expected a whole number"),
    ];
    let known = WORDS.iter().find(|(words, _)| message.ends_with(words));
    known.map_or_else(|| message.to_owned(), |(words, humane)| message.replace(words, humane))
}

/// The names that a message of serde holds between backticks.
fn names_in(message: &str) -> Vec<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

/// The nearest of the names that serde expected.
fn nearest_of(message: &str) -> Option<&str> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let names = names_in(message);
    let (wrong, expected) = names.split_first()?;
    nearest(wrong, expected.iter().copied())
}
