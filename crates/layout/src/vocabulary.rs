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
