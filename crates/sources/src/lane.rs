//! The way into the bus, until the bus itself brings it.

use vigie_model::Batch;

/// The bus has been shut down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bus is closed")]
pub struct Closed;

/// Resolves once the store has committed a batch.
#[derive(Debug)]
pub struct Receipt;

/// The way into the bus.
#[derive(Clone, Debug)]
pub struct Ingest(pub tokio::sync::mpsc::Sender<Batch>);

impl Ingest {
    /// Hands over a batch; waits while the lane is full.
    ///
    /// # Errors
    /// Where the bus has been shut down.
    pub async fn send(&self, batch: Batch) -> Result<Receipt, Closed> {
        self.0.send(batch).await.map(|()| Receipt).map_err(|_closed| Closed)
    }
}
