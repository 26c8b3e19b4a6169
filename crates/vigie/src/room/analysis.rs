//! What the analysis workers do with a batch.

use std::sync::Arc;

use vigie_analysis::{Analyzer, Matcher, QuerySet};
use vigie_model::{Batch, Reading, SourceEvent};

/// What the analysis made of one event; nothing where it is no post.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analyzed {
    /// The reading of the post.
    pub(crate) reading: Reading,
    /// The queries that it answers.
    pub(crate) matches: QuerySet,
}

/// A mapper for one worker: one answer an event, in order.
pub(crate) fn mapper(matcher: Arc<Matcher>) -> impl FnMut(&Batch) -> Vec<Analyzed> {
    let analyzer = Analyzer::new();
    move |batch| batch.events.iter().map(|event| analyze(&analyzer, &matcher, event)).collect()
}

fn analyze(analyzer: &Analyzer, matcher: &Matcher, event: &SourceEvent) -> Analyzed {
    let SourceEvent::Upsert(post) = event else { return Analyzed::default() };
    let reading = analyzer.read(post);
    let matches = matcher.matches(post, &reading);
    Analyzed { reading, matches }
}
