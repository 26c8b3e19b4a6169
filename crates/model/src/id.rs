//! Names of things: networks, posts, authors, sources, queries, screens.

use std::fmt;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// Wraps the name as it is.
            #[must_use]
            pub fn new(name: impl AsRef<str>) -> Self {
                Self(SmolStr::new(name))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{:?}", self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }
    )*};
}

names! {
    /// A social network, by its lower-case noun: `bluesky`, `mastodon`, `feed`.
    Network;
    /// One entry under `[source]` of the room file.
    SourceId;
    /// One entry under `[query]` of the room file.
    QueryName;
    /// One `[[screen]]` of the room file.
    ScreenName;
    /// One entry under `[scene]` of the room file.
    SceneName;
}

/// A post, as its network names it; unique over all networks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostId {
    /// The network that the post stands on.
    pub network: Network,
    /// The network's own id: an AT URI, a status URI, a feed item's guid.
    pub native: SmolStr,
}

impl PostId {
    /// Names the post `native` of `network`.
    #[must_use]
    pub fn new(network: impl AsRef<str>, native: impl AsRef<str>) -> Self {
        Self { network: Network::new(network), native: SmolStr::new(native) }
    }
}

/// An author, as its network names it; unique over all networks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AuthorId {
    /// The network that the account belongs to.
    pub network: Network,
    /// The network's own, lasting id: a DID, an account URI, a feed's address.
    pub native: SmolStr,
}

impl AuthorId {
    /// Names the account `native` of `network`.
    #[must_use]
    pub fn new(network: impl AsRef<str>, native: impl AsRef<str>) -> Self {
        Self { network: Network::new(network), native: SmolStr::new(native) }
    }
}

macro_rules! pair_text {
    ($($name:ident)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}:{}", self.network, self.native)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, formatter)
            }
        }
    )*};
}

pair_text! { PostId AuthorId }
