//! What one source needs to run in a test: a bus that commits, a clock that stands, secrets.

use std::{collections::BTreeMap, sync::Arc};

use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use vigie_bus::{Deliveries, ingest};

use crate::{
    AuthorInbox, AuthorRequests, Health, Outbox, SecretError, Secrets, SourceContext,
    model::{Clock, Cursor, ManualClock, SourceEvent, Timestamp},
    transport,
};

/// Secrets that a test made up.
#[derive(Debug, Default)]
struct FixedSecrets(BTreeMap<String, String>);

impl Secrets for FixedSecrets {
    fn get(&self, name: &str) -> Result<SecretString, SecretError> {
        match self.0.get(name) {
            Some(secret) => Ok(SecretString::from(secret.clone())),
            None => Err(SecretError::BadName(name.to_owned())),
        }
    }
}

/// A source's surroundings.
pub(crate) struct Rig {
    pub(crate) context: SourceContext,
    pub(crate) deliveries: Deliveries,
    pub(crate) clock: Arc<ManualClock>,
    _authors: AuthorRequests,
}

impl Rig {
    /// Surroundings at noon of 2026-11-23 with these secrets.
    pub(crate) fn new(secrets: &[(&str, &str)]) -> Self {
        let (ingest, deliveries) = ingest();
        let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-11-23T12:00:00Z").unwrap()));
        let shared = Arc::clone(&clock) as Arc<dyn Clock>;
        let secrets = secrets.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let (requests, authors) = AuthorInbox::pair();
        let context = SourceContext {
            source: "s".into(),
            out: Outbox::new("s".into(), ingest, Arc::clone(&shared), None),
            cursor: None,
            http: transport::http_client().unwrap(),
            secrets: Arc::new(FixedSecrets(secrets.collect())),
            clock: Arc::clone(&shared),
            health: Health::new(shared, 60),
            authors,
            shutdown: CancellationToken::new(),
        };
        Self { context, deliveries, clock, _authors: requests }
    }

    /// Makes ready for the next run, as the supervisor does.
    pub(crate) fn rerun(&mut self) {
        self.context.cursor = self.context.out.restart();
    }

    /// What came out and was committed since the last call, and the last cursor with it.
    pub(crate) fn take(&self) -> (Vec<SourceEvent>, Option<Cursor>) {
        let (mut events, mut cursor) = (Vec::new(), None);
        while let Some(delivered) = self.deliveries.try_recv() {
            events.extend(delivered.batch.events);
            cursor = delivered.batch.cursor.or(cursor);
            delivered.ack.committed();
        }
        (events, cursor)
    }
}
