//! Jetstream without a socket: frames in, events out, with all that the connector remembers between them.

use super::{
    Content, DecodeError, Frame, Stamp, Wire, decode,
    protocol::{Seen, Stream},
};
use crate::model::{SourceEvent, Timestamp};

/// Reads the frames of one connection, for those who have them by another way than the connector: files, benches.
#[derive(Debug)]
pub struct Reader {
    wire: Wire,
    stream: Stream,
    seen: Seen,
    stamp: Stamp,
}

impl Reader {
    /// A connection that speaks `wire` and begins live at `stamp.received`.
    #[must_use]
    pub fn new(wire: Wire, stamp: Stamp) -> Self {
        let stream = Stream::detached(wire, stamp.received);
        Self { wire, stream, seen: Seen::default(), stamp }
    }

    /// What the room is told of one frame that came at `received`; nothing where it came before or says nothing.
    ///
    /// # Errors
    /// Where the frame, or the record in it, cannot be read.
    pub fn read(
        &mut self,
        bytes: &[u8],
        received: Timestamp,
    ) -> Result<Option<SourceEvent>, DecodeError> {
        self.stamp.received = received;
        let frame @ Frame::Event(_) = decode(self.wire, bytes, &self.stamp)? else {
            return Ok(None);
        };
        let step = self.stream.on_frame(frame, bytes, &mut self.seen, received);
        // Only frames that are no events end a stream.
        match step.ok().and_then(|step| step.content) {
            Some(Content::Event(event)) => Ok(Some(event)),
            Some(Content::Unreadable(err)) => Err(err),
            _ => Ok(None),
        }
    }
}
