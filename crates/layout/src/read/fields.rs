//! The known keys of one table, read one by one; what is left over is unknown.

use std::ops::Range;

use jiff::civil;
use smol_str::SmolStr;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::reader::Reader;
use crate::units::UnitError;

/// Texts that people read have at most this many bytes; longer ones are mistakes.
const MAX_TEXT_BYTES: usize = 1_000;
/// Lists in a room file have at most this many entries.
const MAX_LIST: usize = 256;

/// A value with its bytes in the file.
pub(super) type At<T> = (T, Range<usize>);

/// One table of a room file.
pub(super) struct Fields<'t> {
    table: &'t DeTable<'t>,
    /// What a message points at where a key is missing.
    pub(super) span: Range<usize>,
    /// The keys that were asked for.
    known: Vec<&'static str>,
}

impl<'t> Fields<'t> {
    pub(super) const fn new(table: &'t DeTable<'t>, span: Range<usize>) -> Self {
        Self { table, span, known: Vec::new() }
    }

    /// The value of `key`, which is a known key from now on.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.get(key)
    }

    /// The keys that nobody asked for, in the order of the file.
    pub(super) fn rest(
        &self,
    ) -> Vec<(&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>)> {
        let mut rest: Vec<_> = self
            .table
            .iter()
            .filter(|(key, _)| !self.known.contains(&key.get_ref().as_ref()))
            .collect();
        rest.sort_by_key(|(key, _)| key.span().start);
        rest
    }

    /// The keys that were asked for.
    pub(super) fn known(&self) -> &[&'static str] {
        &self.known
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, reader: &mut Reader<'_>) {
        for (key, _) in self.rest() {
            reader.unknown(key.span(), "key", key.get_ref(), self.known.iter().copied());
        }
    }

    /// Reports that `key` is missing.
    pub(super) fn missing(&self, reader: &mut Reader<'_>, key: &str, example: &str) {
        reader.missing(self.span.clone(), format!("`{key}` is missing: write `{key} = {example}`"));
    }

    pub(super) fn string(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
    ) -> Option<At<&'t str>> {
        let value = self.get(key)?;
        as_string(reader, value, &format!("`{key}`"))
    }

    pub(super) fn boolean(&mut self, reader: &mut Reader<'_>, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        let answer = value.get_ref().as_bool();
        if answer.is_none() {
            wrong_type(reader, value, &format!("`{key}`"), "true or false");
        }
        answer
    }

    /// A whole number between `least` and `most`, both included.
    pub(super) fn integer(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        (least, most): (i64, i64),
    ) -> Option<i64> {
        let value = self.get(key)?;
        let Some(number) = value.get_ref().as_integer() else {
            wrong_type(reader, value, &format!("`{key}`"), "a whole number");
            return None;
        };
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
        let answer = number.filter(|number| (least..=most).contains(number));
        if answer.is_none() {
            reader.error(value.span(), format!("`{key}` lies between {least} and {most}"));
        }
        answer
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let (word, span) = self.string(reader, key)?;
        let found = choices.iter().find(|(name, _)| *name == word);
        if found.is_none() {
            reader.unknown(span, key, word, choices.iter().map(|(name, _)| *name));
        }
        found.map(|(_, choice)| *choice)
    }

    pub(super) fn quantity<T>(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        read: fn(&str) -> Result<T, UnitError>,
    ) -> Option<At<T>> {
        let (text, span) = self.string(reader, key)?;
        match read(text) {
            Ok(value) => Some((value, span)),
            Err(err) => {
                reader.error(span, format!("`{key}`: {err}"));
                None
            }
        }
    }

    /// A list of texts, less the `mark` that people like to put before each.
    pub(super) fn names(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        mark: &str,
    ) -> Vec<SmolStr> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            wrong_type(reader, value, &format!("`{key}`"), "a list, as in [\"one\", \"two\"]");
            return Vec::new();
        };
        if list.len() > MAX_LIST {
            reader.error(value.span(), format!("`{key}` has at most {MAX_LIST} entries"));
        }
        let mut names: Vec<SmolStr> = Vec::new();
        for entry in list.iter().take(MAX_LIST) {
            let Some((text, span)) = as_string(reader, entry, &format!("each of `{key}`")) else {
                continue;
            };
            let name = text.trim().strip_prefix(mark).unwrap_or(text.trim());
            if name.is_empty() {
                reader.error(span, format!("`{key}` holds an empty name"));
            } else if !names.iter().any(|other| other == name) {
                names.push(SmolStr::new(name));
            }
        }
        names
    }

    /// A day, as in `2026-10-06`, with or without quotes.
    pub(super) fn date(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
    ) -> Option<At<civil::Date>> {
        let value = self.get(key)?;
        let date = match value.get_ref() {
            DeValue::Datetime(datetime) => {
                datetime.date.filter(|_| datetime.time.is_none()).and_then(|date| {
                    let number = |part: u8| i8::try_from(part).ok();
                    let year = i16::try_from(date.year).ok()?;
                    civil::Date::new(year, number(date.month)?, number(date.day)?).ok()
                })
            }
            DeValue::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if date.is_none() {
            wrong_type(reader, value, &format!("`{key}`"), "a day, as in 2026-10-06");
        }
        Some((date?, value.span()))
    }

    /// A time of day, as in `07:00`, with or without quotes.
    pub(super) fn time(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
    ) -> Option<At<civil::Time>> {
        let value = self.get(key)?;
        let time = match value.get_ref() {
            DeValue::Datetime(datetime) => {
                datetime.time.filter(|_| datetime.date.is_none()).and_then(|time| {
                    let number = |part: u8| i8::try_from(part).ok();
                    let second = number(time.second.unwrap_or(0))?;
                    civil::Time::new(number(time.hour)?, number(time.minute)?, second, 0).ok()
                })
            }
            DeValue::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if time.is_none() {
            wrong_type(reader, value, &format!("`{key}`"), "a time of day, as in \"07:00\"");
        }
        Some((time?, value.span()))
    }

    pub(super) fn table(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
    ) -> Option<At<&'t DeTable<'t>>> {
        let value = self.get(key)?;
        as_table(reader, value, &format!("`{key}`"))
    }
}

pub(super) fn as_table<'t>(
    reader: &mut Reader<'_>,
    value: &'t Spanned<DeValue<'t>>,
    what: &str,
) -> Option<At<&'t DeTable<'t>>> {
    let Some(table) = value.get_ref().as_table() else {
        wrong_type(reader, value, what, "a table");
        return None;
    };
    Some((table, value.span()))
}

pub(super) fn as_string<'t>(
    reader: &mut Reader<'_>,
    value: &'t Spanned<DeValue<'t>>,
    what: &str,
) -> Option<At<&'t str>> {
    let Some(text) = value.get_ref().as_str() else {
        wrong_type(reader, value, what, "a text in quotes");
        return None;
    };
    Some((text, value.span()))
}

/// Reports a text that is longer than people write, and keeps its beginning.
pub(super) fn sentence(reader: &mut Reader<'_>, (text, span): At<&str>, key: &str) -> String {
    if text.len() > MAX_TEXT_BYTES {
        reader.error(span, format!("`{key}` has at most {MAX_TEXT_BYTES} bytes"));
        return String::new();
    }
    text.trim().to_owned()
}

pub(super) fn wrong_type(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    what: &str,
    expected: &str,
) {
    let found = match value.get_ref() {
        DeValue::String(_) => "this text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    reader.error(value.span(), format!("{what} is {expected}, not {found}"));
}
