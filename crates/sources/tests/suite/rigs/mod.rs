//! What a connector brings for the conformance suite: a server of its kind on this machine, and that server's faults.

mod feed;
mod jetstream;
mod webhook;

pub(crate) use jetstream::{DID, Dictionary, Jetstream, post};

use crate::room::TestClock;
use feed::Feed;
use webhook::Webhook;

/// What goes wrong with one connection, or with all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection is cut after so many bytes from the server.
    CutAfter(usize),
    /// The connection is taken, and then nothing.
    Stall,
    /// The connection is taken and closed at once.
    Close,
    /// An HTTP status, with a header where there is one.
    Status(u16, Option<(&'static str, &'static str)>),
    /// The connection is taken, this is said, and it is closed.
    Say(&'static str),
    /// As a status 400 with this body, cut in two where the body begins if so told.
    Refuse { body: String, in_two: bool },
}

/// A server for one connector. Posts are told apart by number: the text of post 7 is `post 7`, of its edit `edit 7`.
pub(crate) trait Rig {
    /// The options of a source that connects to the server.
    fn options(&self) -> toml::Table;

    /// Whether the connector asks again and again, so that connections say nothing of its health.
    fn asks_from_time_to_time(&self) -> bool {
        false
    }

    /// Publishes a post.
    fn publish(&self, number: u32);

    /// Changes a post; false where the network has no such thing.
    fn edit(&self, number: u32) -> bool;

    /// Deletes a post; false where the network has no such thing.
    fn delete(&self, number: u32) -> bool;

    /// Sends something that no version of today knows, and something that is broken; false where that cannot be.
    fn babble(&self) -> bool;

    /// What is wrong with the next connections, in turn; false where the connector cannot meet that.
    fn next(&self, faults: &[Fault]) -> bool;

    /// What is wrong with all connections from now on.
    fn always(&self, fault: Option<Fault>);

    /// Cuts the connections that there are.
    fn cut(&self);

    /// Connections so far.
    fn n_connections(&self) -> usize;

    /// Bytes that the last connection carried from the server.
    fn n_bytes(&self) -> usize;
}

/// How to set up a rig for each connector that has a network at its other end.
pub(crate) const RIGS: &[(&str, SetUp)] = &[
    ("bluesky", Jetstream::set_up_v2),
    ("bluesky", Jetstream::set_up_v1),
    ("feed", Feed::set_up),
    ("webhook", Webhook::set_up),
];

/// Connectors that have none: a file cannot be cut off or refuse us. Their own tests say what they promise.
pub(crate) const WITHOUT_NETWORK: &[&str] = &["demo", "replay"];

/// Connectors that bring no posts, which is what the suite is about: they have a server of their own in the tests.
pub(crate) const WITHOUT_POSTS: &[&str] = &["figures"];

/// Sets a server up.
pub(crate) type SetUp = fn(TestClock) -> Box<dyn Rig>;
