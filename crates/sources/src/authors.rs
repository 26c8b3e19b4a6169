//! How the program asks a source for the names and pictures of authors whose posts it kept.

use tokio::sync::mpsc;

use crate::model::AuthorId;

/// More open questions than this are dropped: the author's next post asks again.
const MAX_OPEN: usize = 1_024;

/// The asking end. It never waits.
#[derive(Clone, Debug)]
pub struct AuthorRequests(mpsc::Sender<AuthorId>);

impl AuthorRequests {
    /// Asks who `author` is. The answer comes as an event of the source, or never.
    ///
    /// Returns whether the question was taken; it is not while too many are open.
    pub fn ask(&self, author: AuthorId) -> bool {
        self.0.try_send(author).is_ok()
    }
}

/// The answering end, in the source's context.
#[derive(Debug)]
pub struct AuthorInbox(mpsc::Receiver<AuthorId>);

impl AuthorInbox {
    /// A connected pair.
    #[must_use]
    pub fn pair() -> (AuthorRequests, Self) {
        let (sender, receiver) = mpsc::channel(MAX_OPEN);
        (AuthorRequests(sender), Self(receiver))
    }

    /// The next author to look up; waits for ever where nobody asks. Dropping the future loses nothing.
    pub async fn next(&mut self) -> AuthorId {
        match self.0.recv().await {
            Some(author) => author,
            None => std::future::pending().await,
        }
    }
}
