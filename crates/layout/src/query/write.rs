//! A query's tree to text.

use vigie_model::{Condition, Feature, Query};

use super::{condition, lex::ends_word};

/// Writes a query so that [`super::parse`] gives it back.
///
/// That holds for all that `parse` gives, and for trees whose `And` and `Or` have two parts or more.
#[must_use]
pub fn to_text(query: &Query) -> String {
    let mut text = String::new();
    write(query, Around::Nothing, &mut text);
    text
}

/// What a part of a query stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    Or,
    And,
    Not,
}

fn write(query: &Query, around: Around, text: &mut String) {
    match query {
        Query::All => text.push('*'),
        Query::Is(condition) => write_condition(condition, text),
        Query::Not(inner) => {
            text.push('-');
            write(inner, Around::Not, text);
        }
        Query::And(parts) => {
            let is_bare = matches!(around, Around::Nothing | Around::Or);
            write_parts(parts, (" ", Around::And), is_bare, text);
        }
        Query::Or(parts) => {
            write_parts(parts, (" OR ", Around::Or), around == Around::Nothing, text);
        }
    }
}

fn write_parts(parts: &[Query], join: (&str, Around), is_bare: bool, text: &mut String) {
    if !is_bare {
        text.push('(');
    }
    for (part_idx, part) in parts.iter().enumerate() {
        if part_idx > 0 {
            text.push_str(join.0);
        }
        write(part, join.1, text);
    }
    if !is_bare {
        text.push(')');
    }
}

fn write_condition(condition: &Condition, text: &mut String) {
    let (field, value) = match condition {
        Condition::Phrase(phrase) => return write_phrase(phrase, text),
        Condition::Tag(tag) => ("#", tag.as_str()),
        Condition::Mention(user) => ("@", user.as_str()),
        Condition::From(user) => ("from:", user.as_str()),
        Condition::Lang(language) => ("lang:", language.as_str()),
        Condition::Network(network) => ("network:", network.as_str()),
        Condition::Sentiment(attitude) => {
            let name = condition::ATTITUDES.iter().find(|(_, other)| other == attitude);
            ("sentiment:", name.map_or("", |(name, _)| name))
        }
        Condition::Feature(feature) => {
            let name = Feature::ALL.iter().find(|(_, other)| other == feature);
            ("", name.map_or("", |(name, _)| name))
        }
    };
    text.push_str(field);
    text.push_str(value);
}

/// A word as it is where that reads back as the same word, else in quotes.
fn write_phrase(phrase: &str, text: &mut String) {
    let is_sign =
        matches!(phrase, "" | "AND" | "OR" | "NOT" | "*" | "&" | "&&" | "+" | "|" | "||" | "!");
    let is_word = !is_sign
        && !phrase.starts_with(['#', '@', '-'])
        && !phrase.contains(|letter| letter == ':' || ends_word(letter));
    if is_word {
        text.push_str(phrase);
        return;
    }
    text.push('"');
    for letter in phrase.chars() {
        if matches!(letter, '"' | '”' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text.push('"');
}
