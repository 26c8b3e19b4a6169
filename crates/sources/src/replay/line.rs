//! One line of a recording: its time, and the event in it. Pure; no input makes it panic.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    bluesky::{Content, Frame, Stamp, Wire, decode},
    model::{Micros, SourceEvent, SourceId, Timestamp},
    record::{Origin, Record},
};

/// The forms of recordings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// Vigie's own, as webhooks bring it.
    #[default]
    Vigie,
    /// What Bluesky's Jetstream sends, version 1.
    Jetstream,
}

/// What a line becomes depends on these.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'reader> {
    /// The form of the line.
    pub(super) format: Format,
    /// The network of records that name none.
    pub(super) network: &'reader str,
    /// The source that brings it.
    pub(super) source: &'reader SourceId,
    /// Whether posts are as young as they were when they were recorded.
    pub(super) shifted: bool,
}

/// A line's event and its time, where it has them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// When it was received, as the recording says.
    pub(super) time: Option<Timestamp>,
    /// What happened; nothing where it is nothing that a wall shows.
    pub(super) event: Option<SourceEvent>,
}

#[derive(Deserialize)]
struct Times<'line> {
    #[serde(borrow)]
    at: Option<&'line str>,
    #[serde(borrow)]
    published: Option<&'line str>,
    time_us: Option<i64>,
}

impl Reader<'_> {
    /// The time of a line, without reading the rest of it.
    pub(super) fn time(&self, line: &[u8]) -> Option<Timestamp> {
        let times: Times<'_> = serde_json::from_slice(line).ok()?;
        match self.format {
            Format::Vigie => Timestamp::parse(times.at.or(times.published)?).ok(),
            Format::Jetstream => times.time_us.map(Timestamp::from_micros),
        }
    }

    /// Reads a line that is played at `now`. The error says what is wrong and repeats nothing.
    pub(super) fn read(&self, line: &[u8], now: Timestamp) -> Result<Line, String> {
        let mut read = match self.format {
            Format::Vigie => self.read_record(line, now),
            Format::Jetstream => self.read_frame(line, now),
        }?;
        if let (true, Some(SourceEvent::Upsert(post)), Some(time)) =
            (self.shifted, &mut read.event, read.time)
        {
            let shift = now.since(time);
            post.published = post.published.plus(shift).min(now);
            post.edited = post.edited.map(|edited| edited.plus(shift).min(now));
        }
        Ok(read)
    }

    fn read_record(&self, line: &[u8], now: Timestamp) -> Result<Line, String> {
        let record = Record::parse(line).map_err(|err| err.to_string())?;
        let time = record.time();
        let origin = Origin { network: self.network, source: self.source, received: now };
        let event = record.into_event(&origin).map_err(|err| err.to_string())?;
        Ok(Line { time, event: Some(event) })
    }

    fn read_frame(&self, line: &[u8], now: Timestamp) -> Result<Line, String> {
        let stamp = Stamp { source: self.source.clone(), received: now };
        match decode(Wire::V1, line, &stamp).map_err(|err| err.to_string())? {
            Frame::Event(event) => match event.content {
                Content::Event(happened) => {
                    Ok(Line { time: Some(event.at), event: Some(happened) })
                }
                Content::Unreadable(err) => Err(err.to_string()),
                _ => Ok(Line { time: Some(event.at), event: None }),
            },
            _ => Ok(Line::default()),
        }
    }
}

/// The longest wait before the clock is asked again.
pub(super) const LONGEST_NAP: Micros = 1_000_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_000_000);
    const POST: &str = r#"{"type":"post","id":"1","author":{"id":"a"},"text":"Salut",
        "published":"1970-01-01T00:01:00Z","at":"1970-01-01T00:01:40Z"}"#;

    fn read(format: Format, shifted: bool, line: &str) -> Result<Line, String> {
        let source = SourceId::new("s");
        let reader = Reader { format, network: "n", source: &source, shifted };
        let line = line.replace('\n', "");
        let read = reader.read(line.as_bytes(), NOW);
        if let Ok(read) = &read {
            assert_eq!(read.time, reader.time(line.as_bytes()), "both readings agree");
        }
        read
    }

    #[track_caller]
    fn published(line: Line) -> i64 {
        match line.event {
            Some(SourceEvent::Upsert(post)) => post.published.as_secs(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn posts_keep_their_time_or_their_age() {
        assert_eq!(published(read(Format::Vigie, false, POST).unwrap()), 60);
        assert_eq!(published(read(Format::Vigie, true, POST).unwrap()), 1_000_000 - 40);
    }

    #[test]
    fn jetstream_is_read_as_bluesky_reads_it() {
        let post = r#"{"did":"did:plc:aaaaaaaaaaaaaaaaaaaaaaaa","time_us":50000000,"kind":"commit","commit":{"rev":"3",
            "operation":"create","collection":"app.bsky.feed.post","rkey":"3mpst7axrxp2x","cid":"b",
            "record":{"$type":"app.bsky.feed.post","createdAt":"1970-01-01T00:00:49Z","text":"hi"}}}"#;
        let line = read(Format::Jetstream, false, post).unwrap();
        assert_eq!(line.time, Some(Timestamp::from_secs(50)));
        assert_eq!(published(line), 49);
        assert!(read(Format::Jetstream, false, "{").is_err());
    }

    #[test]
    fn bad_lines_say_what_is_wrong() {
        assert!(read(Format::Vigie, false, r#"{"type":"delete"}"#).unwrap_err().contains("`id`"));
        assert!(read(Format::Vigie, false, "#").is_err());
    }

    proptest! {
        #[test]
        fn any_line_is_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200), jetstream: bool) {
            let source = SourceId::new("s");
            let format = if jetstream { Format::Jetstream } else { Format::Vigie };
            let reader = Reader { format, network: "n", source: &source, shifted: true };
            reader.read(&bytes, NOW).ok();
            reader.time(&bytes);
        }
    }
}
