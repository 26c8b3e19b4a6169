//! A vocabulary for the tests of this crate: two widgets and one connector.

use serde::Deserialize;
use vigie_model::{OptionError, read_options};

use crate::{Entry, Vocabulary, units};

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct FeedOptions {
    /// Whose posts.
    #[serde(rename = "query")]
    _query: String,
    /// What stands above them.
    #[serde(default, rename = "title")]
    _title: Option<String>,
    #[serde(default, rename = "order")]
    _order: Order,
}

/// Which posts come first.
#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    Newest,
    Oldest,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct KpiOptions {
    #[serde(rename = "query")]
    _query: String,
    #[serde(rename = "measures")]
    _measures: Vec<String>,
    #[serde(default, rename = "window", deserialize_with = "units::deserialize_minutes")]
    _window: u32,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct DemoOptions {
    #[serde(default, rename = "speed")]
    _speed: Option<f64>,
}

fn check_as<T: serde::de::DeserializeOwned>(table: &toml::Table) -> Result<(), OptionError> {
    read_options::<T>(table).map(drop)
}

fn schema_of<T: schemars::JsonSchema>() -> serde_json::Value {
    schemars::schema_for!(T).to_value()
}

/// Two widgets, one connector, two measures, three networks.
pub(crate) fn vocabulary() -> Vocabulary {
    Vocabulary {
        widgets: vec![
            Entry {
                name: "feed",
                title: "Newest posts",
                check: check_as::<FeedOptions>,
                schema: schema_of::<FeedOptions>,
            },
            Entry {
                name: "kpi",
                title: "Figures",
                check: check_as::<KpiOptions>,
                schema: schema_of::<KpiOptions>,
            },
        ],
        connectors: vec![Entry {
            name: "demo",
            title: "A day that never was",
            check: check_as::<DemoOptions>,
            schema: schema_of::<DemoOptions>,
        }],
        theme: None,
        measures: vec!["posts", "answered"],
        networks: vec!["bluesky", "mastodon", "feed"],
    }
}
