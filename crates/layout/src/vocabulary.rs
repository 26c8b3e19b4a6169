//! The words that other crates bring to room files: widgets, connectors, measures.

use vigie_model::OptionError;

/// One widget or connector, as a room file can name it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its word in a room file.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Whether a table of options is right.
    pub check: fn(&toml::Table) -> Result<(), OptionError>,
    /// The JSON Schema of its options.
    pub schema: fn() -> serde_json::Value,
}

/// Everything that room files can name and this crate does not know by itself.
///
/// Options are checked by their entry.
/// What options *refer to* is checked here, by the option's name: `query` and `queries` hold names
/// of queries, `measure` and `measures` hold names of measures.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The widgets.
    pub widgets: Vec<Entry>,
    /// The connectors of sources.
    pub connectors: Vec<Entry>,
    /// The theme, whose options stand under `[theme]`; without it any theme is right.
    pub theme: Option<Entry>,
    /// The measures; where there is none, any name is right.
    pub measures: Vec<&'static str>,
    /// The networks that a query can name; where there is none, any name is right.
    pub networks: Vec<&'static str>,
}

/// The name that `wanted` was most likely meant to be, if any is near.
pub(crate) fn nearest<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    /// Distances grow with the square of the length, and no real name is longer.
    const MAX_CHARS: usize = 64;
    if wanted.chars().count() > MAX_CHARS {
        return None;
    }
    let wanted = wanted.to_lowercase();
    let distance = |name: &str| {
        let name = name.to_lowercase();
        let longest = wanted.chars().count().max(name.chars().count()).max(1);
        let n_edits = strsim::damerau_levenshtein(&wanted, &name);
        // Up to a third may be wrong; one word may also be the other's beginning.
        let near = 3 * n_edits <= longest || (longest <= 4 && n_edits <= 1);
        let begins = wanted.chars().count() >= 3
            && (name.starts_with(&wanted)
                || (name.chars().count() >= 3 && wanted.starts_with(&name)));
        (near || begins).then_some(n_edits)
    };
    names
        .into_iter()
        .filter_map(|name| Some((distance(name)?, name)))
        .min_by_key(|(n_edits, _)| *n_edits)
        .map(|(_, name)| name)
}
