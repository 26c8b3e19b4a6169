//! What the analysis workers do with a batch.

use std::sync::Arc;

use vigie_analysis::{Analyzer, Matcher, QuerySet};
use vigie_model::{Batch, Reading, SourceEvent};

use super::known::Hashes;

/// What the analysis made of one event; nothing where it is no post.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analyzed {
    /// The reading of the post.
    pub(crate) reading: Arc<Reading>,
    /// The queries that it answers.
    pub(crate) matches: QuerySet,
    /// What the post and its author are known again by.
    pub(crate) hashes: Hashes,
}

/// A mapper for one worker: one answer an event, in order. The room has `n_queries`; what follows them are rules.
pub(crate) fn mapper(
    matcher: Arc<Matcher>,
    n_queries: usize,
) -> impl FnMut(&Batch) -> Vec<Analyzed> {
    let analyzer = Analyzer::new();
    move |batch| {
        let post_at = |place: usize| match batch.events.get(place) {
            Some(SourceEvent::Upsert(post)) => Some(&**post),
            _ => None,
        };
        let analyzed = batch.events.iter().enumerate().map(|(place, event)| {
            Analyzer::look_ahead(post_at(place + 1), post_at(place + 2));
            analyze(&analyzer, (&matcher, n_queries), event)
        });
        analyzed.collect()
    }
}

fn analyze(
    analyzer: &Analyzer,
    (matcher, n_queries): (&Matcher, usize),
    event: &SourceEvent,
) -> Analyzed {
    let SourceEvent::Upsert(post) = event else { return Analyzed::default() };
    let reading = analyzer.read(post);
    let matches = matcher.matches(post, &reading);
    // What only a rule asks for, nobody asks for.
    let is_asked = matches.iter().next().is_some_and(|lowest| lowest < n_queries);
    let matches = if is_asked { matches } else { QuerySet::EMPTY };
    Analyzed { reading: Arc::new(reading), matches, hashes: Hashes::of(post) }
}
