//! What widgets over a window of time share: their options, and what their headings say of it.

use vigie_model::{Micros, QueryName, Timestamp};

use crate::widget::Moment;

const MINUTE: Micros = 60_000_000;

/// A query over a window of time.
#[derive(Debug)]
pub(crate) struct Windowed {
    /// Whose posts.
    pub(crate) query: QueryName,
    /// Length of the window in minutes.
    pub(crate) window_mins: u32,
    /// What stands above it, where the room file says.
    pub(crate) title: Option<String>,
}

/// The options of a widget over a window: `query`, `window`, `title`, and its own.
macro_rules! window_options {
    ($(#[$meta:meta])* $name:ident, $minutes:literal, { $($own:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            /// Whose posts: the name of a query.
            query: String,
            /// Over which time, such as `15 min`.
            #[serde(
                default = "usual_window",
                deserialize_with = "vigie_layout::units::deserialize_minutes"
            )]
            #[schemars(with = "String")]
            window: u32,
            /// What stands above it.
            #[serde(default)]
            title: Option<String>,
            $($own)*
        }

        impl $name {
            fn windowed(&self) -> $crate::window::Windowed {
                $crate::window::Windowed {
                    query: vigie_model::QueryName::new(self.query.as_str()),
                    window_mins: self.window,
                    title: self.title.clone(),
                }
            }
        }

        fn usual_window() -> u32 {
            $minutes
        }
    };
}
pub(crate) use window_options;

/// What to write beside the heading of a window of `window_mins` whose newest post came at `as_of`, the longest form
/// first. An age is named only from a minute on.
pub(crate) fn notes(
    moment: &Moment<'_>,
    window_mins: u32,
    as_of: Option<Timestamp>,
) -> Vec<String> {
    let window = moment.words.span(i64::from(window_mins) * MINUTE);
    let age = as_of.map(|as_of| moment.now.since(as_of));
    match age.and_then(|age| Some((age, moment.words.ago(age)?))) {
        None => vec![window],
        // Where there is no room for both, the age is what people must not miss.
        Some((age, ago)) => {
            vec![format!("{window} · {ago}"), ago, format!(">\u{a0}{}", moment.words.span(age))]
        }
    }
}

#[cfg(test)]
mod tests {
    use vigie_model::Snapshot;

    use super::*;
    use crate::{
        Freshness, Locale,
        testing::{NOW, words},
    };

    #[track_caller]
    fn check(age_secs: Option<i64>, expected: &str) {
        let words = words(Locale::Fr);
        let snapshot = Snapshot { at: NOW, ..Snapshot::default() };
        let freshness = Freshness::Fresh;
        let moment =
            Moment { snapshot: &snapshot, now: NOW, words: &words, freshness, pictures_version: 0 };
        let as_of = age_secs.map(|secs| NOW.plus(-secs * 1_000_000));
        assert_eq!(notes(&moment, 15, as_of)[0].replace('\u{a0}', " "), expected);
    }

    #[test]
    fn windows_tell_the_age_of_their_data() {
        check(None, "15 min");
        check(Some(59), "15 min");
        check(Some(-5), "15 min");
        check(Some(60), "15 min · il y a 1 min");
        check(Some(7_300), "15 min · il y a 2 h");
    }
}
