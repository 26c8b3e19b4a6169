//! The one sign that the room is to close.

use tokio_util::sync::CancellationToken;

/// Tells every part of the program that the room closes. Copies tell the same.
#[derive(Clone, Debug, Default)]
pub struct Shutdown(CancellationToken);

impl Shutdown {
    /// A sign that was not given yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the sign. Giving it again changes nothing.
    pub fn begin(&self) {
        self.0.cancel();
    }

    /// Whether the sign was given.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits for the sign.
    pub async fn begun(&self) {
        self.0.cancelled().await;
    }

    /// A sign that is given with this one, and can be given alone: to stop one source.
    #[must_use]
    pub fn child(&self) -> Self {
        Self(self.0.child_token())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_stops_alone_and_with_its_parent() {
        let parent = Shutdown::new();
        let (first, second) = (parent.child(), parent.child());
        first.begin();
        assert!(first.has_begun() && !second.has_begun() && !parent.has_begun());
        parent.begin();
        assert!(second.has_begun());
    }

    #[tokio::test]
    async fn waiting_ends_with_the_sign() {
        let shutdown = Shutdown::new();
        let waiting = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { shutdown.begun().await }
        });
        shutdown.begin();
        waiting.await.unwrap();
    }
}
