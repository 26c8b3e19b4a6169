//! The words that room files can use: what the registries of the other crates hold.

use vigie_layout::{Entry, Vocabulary};

/// Everything that a room file can name in this program.
pub(crate) fn vocabulary() -> Vocabulary {
    let widgets = vigie_widgets::WIDGETS.iter().map(|entry| Entry {
        name: entry.name,
        title: entry.title,
        check: entry.check,
        schema: entry.schema,
    });
    let connectors = vigie_sources::CONNECTORS.iter().map(|entry| Entry {
        name: entry.name,
        title: entry.title,
        check: entry.check,
        schema: entry.schema,
    });
    Vocabulary {
        widgets: widgets.collect(),
        connectors: connectors.collect(),
        theme: Some(Entry {
            name: "theme",
            title: "colors of the wall",
            check: vigie_widgets::Theme::check,
            schema: vigie_widgets::Theme::schema,
        }),
        measures: vigie_analysis::MEASURES.iter().map(|measure| measure.name).collect(),
        networks: Vec::new(),
    }
}
