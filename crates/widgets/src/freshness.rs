//! Whether what the room shows is still true: which sources have been silent for longer than they may.

use vigie_model::{Micros, Need, Snapshot, SourceId, SourceState, SourceView, Timestamp};

use crate::words::{Word, Words};

/// A source that has never been heard of may take this long to start before it counts as silent.
const START_SECS: i64 = 30;

/// How one source is doing, seen from the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Health {
    /// Heard of within its deadline.
    Live,
    /// Not connected yet, but not for long.
    Starting,
    /// Silent for longer than it may be, or waiting to be connected again.
    Silent,
    /// Stopped until a person acts.
    Stopped,
    /// Came to its end, as a replay does.
    Finished,
}

impl Health {
    /// The health of `source` at `now`.
    #[must_use]
    pub fn of(source: &SourceView, now: Timestamp) -> Self {
        let report = &source.report;
        match report.state {
            SourceState::Stopped { .. } => Self::Stopped,
            SourceState::Finished => Self::Finished,
            SourceState::Starting if report.heard.is_none() => Self::Starting,
            _ => match report.heard {
                Some(heard) if now.since(heard) <= deadline(source) => Self::Live,
                Some(_) => Self::Silent,
                None if matches!(report.state, SourceState::Waiting { .. }) => Self::Silent,
                None => Self::Starting,
            },
        }
    }
}

fn deadline(source: &SourceView) -> Micros {
    let secs = i64::from(source.report.deadline_secs);
    (if secs == 0 { START_SECS } else { secs }).saturating_mul(1_000_000)
}

/// How far what the room shows can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Freshness {
    /// The room has no source.
    NoSource,
    /// Every source is as it should be.
    Fresh,
    /// Some sources are silent, so something may be missing.
    Partial {
        /// Sources that are silent or stopped.
        n_silent: usize,
        /// All sources.
        n_sources: usize,
    },
    /// No source has been heard of within its deadline.
    Stale {
        /// When a source was last heard of.
        since: Option<Timestamp>,
    },
}

impl Freshness {
    /// The freshness of `snapshot` at `now`.
    #[must_use]
    pub fn of(snapshot: &Snapshot, now: Timestamp) -> Self {
        Self::of_sources(snapshot.sources.iter(), now)
    }

    /// The freshness of what `needs` show: of the sources that have brought posts of their queries, and of all
    /// sources where nobody can know which ones would.
    #[must_use]
    pub fn of_needs(snapshot: &Snapshot, needs: &[Need], now: Timestamp) -> Self {
        let views = || needs.iter().filter_map(|need| snapshot.queries.get(&need.query));
        if needs.is_empty() || views().any(|view| view.sources.is_empty()) {
            return Self::of(snapshot, now);
        }
        let feeds = |source: &&SourceView| views().any(|view| view.sources.contains(&source.id));
        Self::of_sources(snapshot.sources.iter().filter(feeds), now)
    }

    /// The freshness of what one source brought; of all of them where the room does not know it.
    #[must_use]
    pub fn of_source(snapshot: &Snapshot, id: &SourceId, now: Timestamp) -> Self {
        let mut named = snapshot.sources.iter().filter(|source| source.id == *id).peekable();
        if named.peek().is_none() {
            return Self::of(snapshot, now);
        }
        Self::of_sources(named, now)
    }

    fn of_sources<'a>(sources: impl Iterator<Item = &'a SourceView>, now: Timestamp) -> Self {
        let sources: Vec<&SourceView> = sources.collect();
        if sources.is_empty() {
            return Self::NoSource;
        }
        let silent = |source: &&&SourceView| {
            matches!(Health::of(source, now), Health::Silent | Health::Stopped)
        };
        let n_silent = sources.iter().filter(silent).count();
        let n_sources = sources.len();
        if n_silent == 0 {
            Self::Fresh
        } else if n_silent < n_sources {
            Self::Partial { n_silent, n_sources }
        } else {
            Self::Stale { since: sources.iter().filter_map(|source| source.report.heard).max() }
        }
    }

    /// What the wall says of it; nothing where all is well.
    #[must_use]
    pub fn warning(&self, words: &Words, now: Timestamp) -> Option<String> {
        match *self {
            Self::NoSource | Self::Fresh => None,
            Self::Partial { n_silent, n_sources } => Some(format!(
                "{n_silent}\u{a0}{}\u{a0}{n_sources} {}",
                words.say(Word::Of),
                words.say(Word::SourcesSilent)
            )),
            Self::Stale { since: Some(since) } => {
                // In steps of a minute, so that a dead room is drawn once a minute and not once a second.
                let age = now.since(since);
                let age = if age < 60_000_000 { age / 10_000_000 * 10_000_000 } else { age };
                Some(format!("{} {}", words.say(Word::NoNewsFor), words.span(age)))
            }
            Self::Stale { since: None } => Some(words.say(Word::NoNews).to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use vigie_model::{Part, SourceReport};

    use super::*;
    use crate::words::Locale;

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    fn source(state: SourceState, heard_secs: Option<i64>) -> SourceView {
        let report = SourceReport {
            state,
            heard: heard_secs.map(|secs| NOW.plus(-secs * 1_000_000)),
            deadline_secs: 20,
            n_skipped: 0,
            n_bytes: 0,
        };
        SourceView {
            id: SourceId::new("a"),
            report,
            last_post: None,
            n_posts: 0,
            n_unasked: 0,
            n_last_min: 0,
            n_gaps: 0,
            n_lost: 0,
            lag: None,
        }
    }

    #[track_caller]
    fn check(sources: Vec<SourceView>, expected: Option<&str>) {
        let snapshot = Snapshot { sources: Part::new(1, sources), ..Snapshot::default() };
        let words = Words { locale: Locale::En, zone: TimeZone::UTC };
        let said = Freshness::of(&snapshot, NOW).warning(&words, NOW);
        assert_eq!(said.map(|text| text.replace('\u{a0}', " ")).as_deref(), expected);
    }

    #[test]
    fn silence_is_told_from_quiet() {
        let waiting = SourceState::Waiting { until: NOW, why: "cut".into() };
        let stopped = SourceState::Stopped { why: "no key".into() };
        check(vec![], None);
        check(vec![source(SourceState::Live, Some(20))], None);
        check(vec![source(SourceState::Live, Some(21))], Some("no news for 20 s"));
        check(vec![source(SourceState::Live, Some(200))], Some("no news for 3 min"));
        check(vec![source(SourceState::Starting, None)], None);
        check(vec![source(waiting.clone(), Some(2))], None);
        check(vec![source(waiting, None)], Some("no news"));
        check(vec![source(SourceState::Finished, Some(500))], None);
        check(
            vec![source(SourceState::Live, Some(1)), source(stopped, Some(1))],
            Some("1 of 2 sources silent"),
        );
    }
}
