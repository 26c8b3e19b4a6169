//! Reading the options of a widget or a source out of a room file.

use std::fmt;

use serde::de::DeserializeOwned;

/// What is wrong with the options of a widget or a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// The path to the option at fault, such as `measures[1]`; empty where it is the whole.
    pub path: String,
    /// What is wrong and what is allowed, in lower case without a full stop.
    pub message: String,
}

impl OptionError {
    /// An error at the option `path`.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            formatter.write_str(&self.message)
        } else {
            write!(formatter, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for OptionError {}

/// Reads a table of options into its type.
///
/// # Errors
/// Where an option is unknown (with `deny_unknown_fields`), missing, or of the wrong kind.
pub fn read_options<T: DeserializeOwned>(table: &toml::Table) -> Result<T, OptionError> {
    serde_path_to_error::deserialize(toml::Value::Table(table.clone())).map_err(|err| {
        let path = match err.path().to_string() {
            dot if dot == "." => String::new(),
            path => path,
        };
        OptionError::new(path, err.into_inner().message().trim())
    })
}
#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(rename = "query")]
        _query: String,
        #[serde(default, rename = "measures")]
        _measures: Vec<String>,
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let table = text.parse::<toml::Table>().unwrap();
        let answer = match read_options::<Sample>(&table) {
            Ok(_) => "fine".to_owned(),
            Err(err) => err.to_string(),
        };
        assert_eq!(answer, expected);
    }

    #[test]
    fn says_which_option_is_wrong() {
        check("query = 'a'", "fine");
        check("quer = 'a'", "quer: unknown field `quer`, expected `query` or `measures`");
        check(
            "query = 'a'\nmeasures = ['a', 3]",
            "measures[1]: invalid type: integer `3`, expected a string",
        );
        check("", "missing field `query`");
    }
}
