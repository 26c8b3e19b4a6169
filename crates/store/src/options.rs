//! What the room may choose about its log.

use vigie_model::{Micros, Network, Timestamp};

const DAY: Micros = 86_400 * 1_000_000;

/// What the room may choose about its log.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How long content is kept; enforced by [`Writer::sweep`](crate::Writer::sweep).
    pub retention: Retention,
    /// The most that the file may grow to, in bytes; the disk's own limit where there is none.
    pub max_bytes: Option<u64>,
}

/// How long posts and authors are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// For every event. Older ones leave the log.
    pub all: Micros,
    /// For networks whose rules are stricter: their content goes earlier, the place in the log stays.
    pub by_network: Vec<(Network, Micros)>,
}

impl Default for Retention {
    /// A week, and what the networks' own rules ask for.
    fn default() -> Self {
        let by_network = vec![
            // Reddit: remove deleted content promptly, although ordinary clients are not told of it.
            (Network::new("reddit"), 2 * DAY),
            // LinkedIn: data of other members may be stored for a day.
            (Network::new("linkedin"), DAY),
        ];
        Self { all: 7 * DAY, by_network }
    }
}

impl Retention {
    /// Everything that happened before this may not be there at `now`.
    #[must_use]
    pub const fn horizon(&self, now: Timestamp) -> Timestamp {
        now.plus(self.all.saturating_neg())
    }
}
